"""Picks out the rows that are the parts of a line whose sum a statement does not print."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yanku.finance.labels import bare, has_han
from yanku.finance.ontology import Ontology
from yanku.finance.rows import Row
from yanku.model.finance import Statement

_ASSETS = re.compile(r"receivables?|securities|investments?|issuance costs?|discount")
"""What is owed to the company, or no debt at all, though its name speaks of one."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """How a line is given in parts; gathered.toml tells what each field is for."""

    metric: str
    statement: Statement
    parts: tuple[str, ...]
    rows: re.Pattern[str]
    under: re.Pattern[str] | None
    after: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    until: re.Pattern[str] | None
    least: int


@lru_cache(maxsize=1)
def gathered_lines() -> dict[str, Gathered]:
    """Return the lines given in parts, by the metric that their sum is."""
    text = files("yanku.finance").joinpath("gathered.toml").read_text(encoding="utf-8")
    data: dict[str, dict[str, Any]] = tomllib.loads(text)
    return {
        metric: Gathered(
            metric,
            Statement(entry["statement"]),
            tuple(entry["parts"]),
            re.compile(entry["rows"]),
            _pattern(entry, "under"),
            _pattern(entry, "after"),
            _pattern(entry, "from"),
            _pattern(entry, "until"),
            entry["least"],
        )
        for metric, entry in data.items()
    }


def parts_of(metric: str) -> tuple[str, ...]:
    """Return the metrics under which the parts of a line are known; none for most lines."""
    line = gathered_lines().get(metric)
    return line.parts if line is not None else ()


def _pattern(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(entry[key]) if key in entry else None


def parts_in(line: Gathered, rows: Sequence[Row], ontology: Ontology) -> tuple[Row, ...]:
    """Return the rows of a statement that are all the parts of a line; none where it is unsure.

    Of rows in Chinese there are none: Chinese statements print their sums.
    """
    found: list[Row] = []
    ended = line.until is None
    open_ = line.under is None and line.behind is None
    for row in rows:
        label = bare(row.cells[0].text)
        if row.header or has_han(label):
            continue
        if not open_:
            opens = line.under or line.behind
            heads = opens is not None and opens.search(label) is not None
            open_ = heads and (line.under is None or not row.has_amounts)
        elif not row.has_amounts:
            continue
        elif line.until is not None and line.until.search(label):
            ended = True
        elif line.rows.search(label) and not _ASSETS.search(label):
            found.append(row)
        elif line.behind is None and found:
            # What comes right after the parts: if nobody knows it, it may be a part.
            known = ontology.metric_of(label, line.statement) is not None
            ends = line.under is None or known or (line.after and line.after.search(label))
            return _all(line, found) if ends else ()
    return _all(line, found) if line.under is None and ended else ()


def _all(line: Gathered, found: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(found) if line.least <= len(found) <= len(line.parts) else ()
