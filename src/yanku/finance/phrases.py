"""The words in which questions are asked, compiled from data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yanku.finance.labels import has_han


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns over text in the form of ``plain``; phrases.toml tells what each is for."""

    polite: re.Pattern[str]
    aside: re.Pattern[str]
    advice: re.Pattern[str]
    prediction: re.Pattern[str]
    planned: re.Pattern[str]
    chat: re.Pattern[str]
    text: re.Pattern[str]
    soft: re.Pattern[str]
    growth: re.Pattern[str]
    amount_of_change: re.Pattern[str]
    quarter_on_quarter: re.Pattern[str]
    compare: re.Pattern[str]
    which_year: re.Pattern[str]
    most: re.Pattern[str]
    least: re.Pattern[str]
    share: re.Pattern[str]
    total: re.Pattern[str]
    apart: re.Pattern[str]
    multiple: re.Pattern[str]
    mean: re.Pattern[str]
    median: re.Pattern[str]
    falling: re.Pattern[str]
    rank: re.Pattern[str]
    series: re.Pattern[str]
    compound: re.Pattern[str]
    exchange: re.Pattern[str]
    everyone: re.Pattern[str]
    loss: re.Pattern[str]
    gain: re.Pattern[str]
    falls_most: re.Pattern[str]
    narrows: re.Pattern[str]
    whether: re.Pattern[str]
    which_companies: re.Pattern[str]
    parent: re.Pattern[str]
    consolidated: re.Pattern[str]
    filler: frozenset[str]
    everyday: frozenset[str]
    shouted: frozenset[str]
    company_endings: tuple[str, ...]
    misspelt: tuple[str, ...]
    idioms: tuple[tuple[re.Pattern[str], str], ...]
    holding: tuple[tuple[re.Pattern[str], str], ...]
    western: tuple[tuple[re.Pattern[str], str], ...]
    unclear: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    judged: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


def load_phrases() -> Phrases:
    """Return the phrases shipped with the package."""
    text = files("yanku.finance").joinpath("phrases.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    words: dict[str, Any] = {
        key: data.pop(key)
        for key in ("filler", "everyday", "shouted", "company_endings", "misspelt")
    }
    idioms: dict[str, list[str]] = data.pop("idioms")
    holding: dict[str, list[str]] = data.pop("holding")
    western: dict[str, list[str]] = data.pop("western")
    unclear: dict[str, list[str]] = data.pop("unclear")
    judged: dict[str, list[str]] = data.pop("judged")
    patterns = {key: any_of(options) for key, options in data.items()}
    return Phrases(
        **patterns,
        filler=frozenset(words["filler"]),
        everyday=frozenset(words["everyday"].split()),
        shouted=frozenset(words["shouted"].casefold().split()),
        company_endings=tuple(words["company_endings"]),
        misspelt=tuple(words["misspelt"]),
        idioms=tuple((any_of(said), measure) for measure, said in idioms.items()),
        holding=tuple((any_of(said), measure) for measure, said in holding.items()),
        western=tuple((any_of(said), measure) for measure, said in western.items()),
        unclear=tuple((re.compile(said), tuple(options)) for said, options in unclear.items()),
        judged=tuple((re.compile(said), tuple(names)) for said, names in judged.items()),
    )


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Return everyday English, of which no company's name consists."""
    return load_phrases().everyday


_EDGE = r"(?:(?<![a-z0-9])(?=[a-z0-9])|(?<=[a-z0-9])(?![a-z0-9]))"
"""Where an English word begins or ends; beside Chinese characters too, unlike ``\\b``."""


def any_of(options: list[str]) -> re.Pattern[str]:
    """Return one pattern; English words end where they end."""
    parts = [
        rf"\b(?:{option})\b"
        if not has_han(option) and option.isascii() and option[0].isalpha()
        else f"(?:{option})"
        for option in options
    ]
    return re.compile("|".join(parts).replace(r"\b", _EDGE))
