"""Reads headers that stand above a table without rulings and were read as lines of text.

    Heading     Consolidated statement of profit or loss
    Paragraph   2024 2023
    Paragraph   Notes RMB'000 RMB'000
    Table       Revenue │ 5 │ 9,512,304 │ 8,120,455

Nothing is guessed: the lines must say exactly as much as there are columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.model.amount import read_unit
from yanku.model.document import Table
from yanku.model.stretch import is_stretch

_LINES = 3
_NOTES = re.compile(r"^(?:(?:notes?|附注|注释)\b\.?|项目)\s*", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?:\s|notes?|项目|附注|\(?(?:un)?audited\)?|\(?restated\)?|as at|as of|at|for the|截至|度"
    r"|[,.:|])*"
)
_NOTE_NUMBER = re.compile(r"\d{1,3}(?:\([a-z]{1,3}\))?")


@dataclass(frozen=True, slots=True)
class Above:
    """The period over each column of figures, as printed, and the one unit over all of them."""

    periods: dict[int, str]
    unit: str = ""


def headers_above(texts: Sequence[str], table: Table) -> Above | None:
    """Return what the lines right above a table say of its columns; None if they do not fit.

    They fit if one line is nothing but as many periods as there are columns of figures. A column
    of note numbers before them has none.
    """
    lines = [plain(text) for text in texts[-_LINES:]]
    columns = _figured(table)
    for line in reversed(lines):
        stated = find_periods(line)
        bare = line
        for one in reversed(stated):
            bare = bare[: one.start] + bare[one.end :]
        if len(stated) >= 2 and len(stated) == len(columns) and _BETWEEN.fullmatch(bare):
            said = [line[one.start : one.end] for one in stated]
            unit = _unit(texts[-_LINES:], len(columns))
            return Above(dict(zip(columns, said, strict=True)), unit)
    return None


def stretch_above(texts: Sequence[str], table: Table) -> str:
    """Return "years ended" where it stands over all columns, whose headers are days; else ""."""
    lines = [plain(text) for text in (table.caption, *texts[-_LINES:])]
    return next((line.rstrip(":") for line in lines if is_stretch(line)), "")


def over_days(headers: Mapping[int, Sequence[str]], stretch: str) -> Mapping[int, Sequence[str]]:
    """Return headers with the stretch that ends on each day that one names and nothing else."""
    if not stretch:
        return headers
    return {column: [_ended(text, stretch) for text in texts] for column, texts in headers.items()}


def _ended(text: str, stretch: str) -> str:
    written = plain(text)
    said = find_periods(written)
    alone = len(said) == 1 and said[0].period.is_instant and said[0].start == 0
    return f"{stretch} {written}" if alone and said[0].end == len(written) else text


def _figured(table: Table) -> list[int]:
    """Return the columns of figures from left to right, without one of note numbers before them."""
    texts: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.amount is not None and cell.column > 0:
            texts.setdefault(cell.column, []).append(cell.text.strip())
    columns = sorted(texts)
    if len(columns) > 2 and all(_NOTE_NUMBER.fullmatch(text) for text in texts[columns[0]]):
        return columns[1:]
    return columns


def _unit(lines: Sequence[str], count: int) -> str:
    """Return the unit that a line repeats over every column, or nothing."""
    for line in reversed(lines):
        words = _NOTES.sub("", line.strip()).split()
        size, rest = divmod(len(words), count)
        parts = {" ".join(words[n * size : (n + 1) * size]) for n in range(count)}
        if not rest and len(parts) == 1 and read_unit(unit := parts.pop()) is not None:
            return unit
    return ""
