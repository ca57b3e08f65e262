"""Tells which section of a report answers a question, by the words it asks with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yanku.finance.labels import plain
from yanku.finance.names import find_companies
from yanku.finance.page import BLANK
from yanku.model.finance import Company
from yanku.model.topic import Topic, Way

_PART = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True, slots=True)
class _Known:
    asked: re.Pattern[str]
    topic: Topic


def topic_of(question: str, companies: Sequence[Company]) -> Topic | None:
    """Return the topic of a question, with the stretches that ask for it; None if it has none.

    The first of topics.toml that fits counts.
    """
    text = masked(plain(question), companies)
    for known in _topics():
        if said := tuple(span for m in known.asked.finditer(text) for span in _asking(m)):
            return replace(known.topic, said=said)
    return None


def _asking(m: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a match that ask for the topic: not what stands in its groups."""
    start = m.start()
    for first, last in sorted(m.span(n) for n in range(1, len(m.groups()) + 1)):
        if first >= start:
            yield start, first
            start = last
    yield start, m.end()


def masked(text: str, companies: Sequence[Company]) -> str:
    """Return a text (in the form of ``plain``) with each company's name blanked out, as long as it
    was.
    """
    for one in find_companies(text, companies):
        text = text[: one.start] + BLANK * (one.end - one.start) + text[one.end :]
    return text


@lru_cache(maxsize=1)
def _topics() -> tuple[_Known, ...]:
    """Return the topics shipped with the package, in their order."""
    text = files("yanku.finance").joinpath("topics.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    parts: dict[str, str] = data["parts"]

    def whole(pattern: str) -> str:
        return _PART.sub(lambda m: whole(parts[m[1]]), pattern)

    def any_of(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
        options = [whole(one) for one in entry.get(key, ())]
        return re.compile("|".join(f"(?:{one})" for one in options)) if options else None

    known = []
    for name, entry in data["topics"].items():
        asked = any_of(entry, "asked")
        if asked is None:
            raise ValueError(f"topics.toml: {name} is asked for by no words")
        topic = Topic(
            name=name,
            headings=tuple(entry["headings"]),
            way=Way(entry["way"]),
            tells=tuple(re.compile(whole(one)) for one in entry.get("tells", ())),
            denies=any_of(entry, "denies"),
            skips=any_of(entry, "skips"),
            most=entry.get("most", 2),
            short=entry.get("short", False),
        )
        known.append(_Known(asked, topic))
    return tuple(known)
