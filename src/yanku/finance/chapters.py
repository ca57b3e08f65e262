"""Tells which part of a report a question is for: business, risks, employees, the auditor."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from yanku.finance.labels import plain
from yanku.finance.phrases import any_of
from yanku.model.chapter import Chapter, Shape
from yanku.model.matter import Asks, Matter

_OTHERWISE = frozenset({Asks.REASON, Asks.RESPONSE, Asks.WHEN, Asks.METHOD, Asks.SUMMARY})
"""Kinds of answers that no section gives as a whole."""


@cache
def _chapters() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Chapter], ...]:
    text = files("yanku.finance").joinpath("chapters.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    around = f"(?:{'|'.join(map(re.escape, data['around']))})*"
    return tuple(
        (
            any_of(entry["asked"]),
            any_of(entry["unless"]) if "unless" in entry else None,
            _chapter(entry, around),
        )
        for entry in data["chapters"]
    )


def _chapter(entry: dict[str, Any], around: str) -> Chapter:
    return Chapter(
        name=entry["name"],
        shape=Shape(entry["shape"]),
        headings=tuple(re.compile(option.replace("~", around)) for option in entry["headings"]),
        says=_any(entry.get("says")),
        rows=_any(entry.get("rows")),
        heads=_any(entry.get("heads")),
        strict=bool(entry.get("strict", False)),
        by_others=bool(entry.get("by_others", False)),
    )


def _any(options: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{one})" for one in options)) if options else None


def chapter_of(matter: Matter) -> Chapter | None:
    """Return the part of a report that answers a question as a whole, or None."""
    if matter.asks & _OTHERWISE:
        return None
    text = plain(matter.question)
    for asked, unless, chapter in _chapters():
        if asked.search(text) and not (unless is not None and unless.search(text)):
            return chapter
    return None
