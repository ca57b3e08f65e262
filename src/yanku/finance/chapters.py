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
_MOST = 2
_JOINT = re.compile(r"[和与及、,]|\band\b")


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
    other = entry.get("otherwise")
    return Chapter(
        name=entry["name"],
        shape=Shape(entry["shape"]),
        headings=tuple(re.compile(option.replace("~", around)) for option in entry["headings"]),
        says=_any(entry.get("says")),
        rows=_any(entry.get("rows")),
        heads=_any(entry.get("heads")),
        names=_any(entry.get("names")),
        about=_any(entry.get("about")),
        titled=_any(entry.get("titled")),
        prefers=_any(entry.get("prefers")),
        otherwise=_chapter({"name": entry["name"], **other}, around) if other else None,
        strict=bool(entry.get("strict", False)),
        by_others=bool(entry.get("by_others", False)),
        dated=bool(entry.get("dated", False)),
    )


def _any(options: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{one})" for one in options)) if options else None


def chapters_of(matter: Matter) -> tuple[Chapter, ...]:
    """Return the parts of a report that answer a question as a whole, in its order; or none.

    Two are asked for where their words stand apart: 前五大客户和供应商.
    """
    whether = Asks.WHETHER in matter.asks and not matter.asks & {Asks.WHAT, Asks.LISTED}
    if whether or matter.asks & _OTHERWISE:
        return ()
    text = plain(matter.question)
    found: list[tuple[int, int, Chapter]] = []
    for asked, unless, chapter in _chapters():
        if unless is not None and unless.search(text):
            continue
        m = asked.search(text)
        if m is not None and all(m.end() <= start or end <= m.start() for start, end, _ in found):
            found.append((m.start(), m.end(), chapter))
    first = sorted(found[:_MOST], key=lambda one: one[0])
    joined = len(first) < _MOST or _JOINT.search(text[first[0][1] : first[1][0]])
    return tuple(chapter for _, _, chapter in (first if joined else found[:1]))
