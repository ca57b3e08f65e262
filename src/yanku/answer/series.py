"""The figures of tables as series: cells that differ only in their year, and what they are of.

label      | 2024: 120 | 2023: 100       the question's words must choose exactly one series,
2024 | label: 120                        and every word must be explained by what stands there
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.answer.evidence import Line
from yanku.answer.stated import (
    SEPARATOR,
    Stated,
    Words,
    headers_of,
    stated_in,
    undated,
    without_days,
    years_in,
)
from yanku.answer.workings import content
from yanku.model.amount import Amount

_LABEL_SHARE = 0.6
_BRACKETED = re.compile(r"[(（].*[)）]")
_IN_PLACE = frozenset({"per"})
"""A word that the row or the column must say itself: income per share is not income."""
_OPTIONAL = frozenset({"total", "expense", "inventory"})
"""Words that tell one row from another, and that are said of rows that do not say them."""
_APART = frozenset([
    "budget", "forecast", "guidance", "target", "estimate", "estimated", "plan", "pro", "forma",
    "adjusted", "adjustment", "change", "increase", "decrease", "variance", "growth", "effect",
])  # fmt: skip
"""What a column of a year says that holds other figures than the columns beside it."""
_Key = tuple[str, frozenset[str], frozenset[str], frozenset[str]]
"""Document, and the words of row, column and section."""
_NOTED = re.compile(r"(?<=[a-z]{3})\d{1,2}$")
"""The number of a footnote at the end of a word."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount of a table, the line it stands on, and its year.

    Where row and column name no year it is that of what stands around them, or 0, and not
    ``dated``.
    """

    line: Line
    stated: Stated
    year: int
    dated: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Cells that differ only in their year, with the words that say what they are."""

    label: frozenset[str]
    header: frozenset[str]
    section: frozenset[str]
    """What the row stands under, in its table or its document."""
    around: frozenset[str]
    cells: tuple[Cell, ...]
    whole: frozenset[int]
    """Every year that stands on the lines of the cells, whatever else their headers say."""

    def of(self, year: int) -> Cell | None:
        """Return the cell of a year; None if there is none, or two that differ."""
        found = [cell for cell in self.cells if cell.year == year]
        same = len({cell.stated.amount for cell in found}) == 1
        return found[0] if same else None

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the cells, the earliest first."""
        return tuple(sorted({cell.year for cell in self.cells}))


def alike(found: Sequence[Series], topics: Sequence[frozenset[str]]) -> bool:
    """Tell whether what two topics leave unsaid of their columns is the same: the one in a column
    of fair values and the other in one of costs are not to be set against each other.
    """
    said = _stems(tuple(word for topic in topics for word in topic))
    return len({one.header - said for one in found}) == 1


def series_of(lines: Sequence[Line], words: Words) -> list[Series]:
    """Return every series of the tables that the lines are rows of."""
    groups: dict[_Key, list[Cell]] = {}
    around: dict[_Key, frozenset[str]] = {}
    beside = {line.hit: _beside(line) for line in lines}
    near = {hit: _stems(words(text)) for hit, text in beside.items()}
    for line, under in zip(lines, _sections(lines), strict=True):
        dated = years_in(beside[line.hit])
        over = _heads(line, words)
        for stated in line.stated():
            years = years_in(stated.header) or years_in(stated.label)
            if len(years) > 1 or not (stated.label and stated.header):
                continue
            year = years[0] if years else dated[0] if len(dated) == 1 else 0
            label = _stems(content(words(undated(_outside(stated.label)))))
            header = over.get(stated.header, frozenset())
            rows_are_years = not years_in(stated.header)
            section = frozenset() if rows_are_years else _stems(content(words(under)))
            key = (line.source.chunk.document, label, header, section)
            groups.setdefault(key, []).append(Cell(line, stated, year, bool(years)))
            around[key] = (
                around.get(key, frozenset()) | near[line.hit] | _stems(words(stated.label))
            )
    return [
        Series(k[1], k[2], k[3], around[k], tuple(cells), _years_on(cells))
        for k, cells in groups.items()
    ]


def _sections(lines: Sequence[Line]) -> list[str]:
    """Return what each row stands under: the last text alone in its passage, or its heading."""
    found: list[str] = []
    last: Line | None = None
    for line in lines:
        if SEPARATOR not in line.text:
            last = line
        heading = line.source.chunk.context.split(" > ")[-1]
        found.append(last.text if last is not None and last.hit == line.hit else heading)
    return found


def _heads(line: Line, words: Words) -> dict[str, frozenset[str]]:
    """Return the words of each column's header but its year.

    Where every year stands over one column only, what one of the headers says beside its year
    stands over all of them, printed once: "Consolidated 2031 | 2030".
    """
    heads = {
        head: _stems(content(words(without_days(undated(_outside(head))))))
        for head in headers_of(line.text)
    }
    dated = {head: years[0] for head in heads if len(years := years_in(head)) == 1}
    apart = any(heads[head] & _APART for head in dated)
    if apart or len(set(dated.values())) != len(dated) or len(dated) < 2:
        return heads
    common = frozenset.intersection(*(heads[head] for head in dated))
    return heads | dict.fromkeys(dated, common)


def _beside(line: Line) -> str:
    """Return what stands over and between the rows with figures of a line's passage."""
    chunk = line.source.chunk
    rows = (text for text in chunk.text.split("\n") if SEPARATOR not in text or not stated_in(text))
    return "\n".join((chunk.context, *rows))


def _outside(label: str) -> str:
    """Return a label without what it says in brackets, unless that is all it says."""
    return _BRACKETED.sub(" ", label).strip() or label


def _years_on(cells: Sequence[Cell]) -> frozenset[int]:
    """Return the years of every cell on the lines, also of those in which no amount is read."""
    return frozenset(
        year
        for cell in cells
        for header in headers_of(cell.line.text)
        for year in years_in(header) or years_in(cell.stated.label)
    )


def _stems(found: Sequence[str]) -> frozenset[str]:
    """Return words without the s of a plural: a question says them either way."""
    return frozenset(
        word[:-1] if word.isascii() and len(word) > 3 and word.endswith("s") else word
        for word in (_NOTED.sub("", one) for one in found)
    )


def chosen(topic: frozenset[str], series: Sequence[Series]) -> Series | None:
    """Return the one series a topic names: the fewest words too many, and none unexplained."""
    said = _stems(tuple(topic))
    ranked: list[tuple[tuple[int, int, int], Series]] = []
    for one in series:
        here = one.label | one.header
        if not said & here or not said - _OPTIONAL <= here | one.around:
            continue
        if said & _IN_PLACE - here:
            continue
        if len(one.label & said) < _LABEL_SHARE * len(one.label):
            continue
        # What a section says of all its rows tells none of them from the others.
        rank = (len(said - here - one.section), len(here - said), len(said - here))
        ranked.append((rank, one))
    if not ranked:
        return None
    best = min(rank for rank, _ in ranked)
    found = [one for rank, one in ranked if rank == best]
    found = [one for one in found if not _in_percent(one)] or found
    if len({_values(one) for one in found}) != 1:
        return None
    rivals = [
        one
        for one in series
        if (one.label, one.header) == (found[0].label, found[0].header)
        and _in_percent(one) is _in_percent(found[0])
    ]
    # Of rows of one name only what stands right over them tells which is meant.
    told_apart = found[0].section and found[0].section <= said
    return found[0] if told_apart or len({_values(one) for one in rivals}) == 1 else None


def is_said(topic: frozenset[str], one: Series) -> bool:
    """Tell whether row, column and section say every word of a topic themselves."""
    return _stems(tuple(topic)) - _OPTIONAL <= one.label | one.header | one.section


def _in_percent(one: Series) -> bool:
    """Tell a column of rates of change from one of the figures that changed."""
    return all(cell.stated.amount.unit == "%" for cell in one.cells)


def _values(one: Series) -> tuple[tuple[int, Amount], ...]:
    return tuple((cell.year, cell.stated.amount) for cell in one.cells)
