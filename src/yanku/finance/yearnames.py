"""Reads by which year a company names its own: its "fiscal 2022" may end in January 2023."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.periods import month_end, nominal_end
from yanku.model.document import Block, Table
from yanku.model.finance import Period

_NAME = r"(?:fiscal(?: years?)?|fy) ?(?P<year>20\d\d)(?!\d|[-/–]\d)"
_MARKS = r"[\s,(\[\"'“”‘’]*"
_FILLING = (
    r"(?:[\s,(\"'“”‘’]|(?:which|that|was|is|are|the|a|our|year|period|consisted|consists|comprised"
    r"|comprises|included|includes|contained|contains|refers?|referred|relates?|means|represents"
    r"|covers|to|of|and|fiscal year|(?:5[23]|fifty-(?:two|three))[ -]?weeks?)\b)*"
)
_NAMED_FIRST = re.compile(rf"\b{_NAME}{_FILLING}(?:end(?:ed|ing|s)?(?: on)?:?)? *$")
_NAMED_AFTER = re.compile(
    rf"{_MARKS}(?:(?:referred to|known|called|collectively|herein\w*|as|or|is|our|the) *)*"
    rf"{_MARKS}{_NAME}"
)
_ENDED = re.compile(r"\bend(?:ed|ing|s)\b")
_HEADLINE = re.compile(rf"(?=.*\bresults\b)(?:.*\b(?:quarter|year),?(?: of| and)?|.*) {_NAME}")
_OTHER_NAME = re.compile(r"\b(?:fiscal(?: years?)?|fy) ?20\d\d")
_HEADLINES, _LONGEST_HEADLINE, _BEFORE = 12, 160, 120
_ANNUAL = re.compile(r"^(?P<year>20\d\d) annual report\b|\bannual report (?P<late>20\d\d)$")


def year_end(reported: Period) -> date:
    """Return the day near which the year ends that a report, of a part of it or all, is on."""
    start = reported.start or reported.end
    first = start.month - 1
    return month_end(start.year + (1 if first else 0), first or 12)


def years_behind(
    period: Period | None, cover: Iterable[str], blocks: Iterable[Block]
) -> int | None:
    """Return how many years a company's name for its year is behind the year that it ends in.

    Only what the document itself says counts, and only where it never says otherwise: None is
    not known. ``cover`` are the texts of its first pages in the form of ``plain``.
    """
    if period is None or period.start is None or (close := year_end(period)).month == 12:
        return None
    found = {close.year - year for year in _on_cover(cover)}
    found |= set(_said(_named(blocks), close.month))
    return found.pop() if len(found) == 1 and found <= {0, 1} else None


def _on_cover(cover: Iterable[str]) -> Iterator[int]:
    """Yield the years by which headlines of a cover name the one that the report is on."""
    for text in list(cover)[:_HEADLINES]:
        names = {m[0] for m in _OTHER_NAME.finditer(text)}
        if len(text) > _LONGEST_HEADLINE or len(names) > 1:
            continue
        if (m := _HEADLINE.match(text)) is not None:
            yield int(m["year"])
        elif (m := _ANNUAL.search(text)) is not None:
            yield int(m["year"] or m["late"])


def _said(texts: Iterable[str], month: int) -> Iterator[int]:
    """Yield how far behind each name is of a year that a text says the end of."""
    for text in texts:
        for stated in find_periods(text):
            end = nominal_end(stated.period.end)
            if end.month != month:
                continue
            words = text[stated.start : stated.end]
            before = text[max(0, stated.start - _BEFORE) : stated.start]
            ended = _ENDED.search(words) or re.search(r"\bend(?:ed|ing|s)(?: on)? *$", before)
            first, after = _NAMED_FIRST.search(before), _NAMED_AFTER.match(text, stated.end)
            # A name alone before a date is a column's title; elsewhere it may be another's.
            first = first if ended or (first and not before[: first.start()].strip()) else None
            names = [m for m in (first, after if ended else None) if m is not None]
            yield from (end.year - int(m["year"]) for m in names)


def _named(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts that name a fiscal year, the titles of a column as one."""
    for block in blocks:
        texts = _titles(block) if isinstance(block, Table) else (block.text,)
        for text in texts:
            if "iscal" in text or "ISCAL" in text or "FY" in text:
                yield plain(text)


def _titles(table: Table) -> Iterator[str]:
    """Yield what stands over each column, and every cell by itself that holds a sentence."""
    heads: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.row < max(table.header_rows, 1):
            heads.setdefault(cell.column, []).append(cell.text)
        elif cell.amount is None:
            yield cell.text
    yield from (" ".join(texts) for texts in heads.values())
