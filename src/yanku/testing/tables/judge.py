"""Compares what was read with what was printed: texts, spans, headers and amounts, in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yanku.model.document import Cell, Table
from yanku.model.unit import fold
from yanku.testing.counts import Counts
from yanku.testing.tables.truth import TrueCell, TrueTable

_MARK = re.compile(r"(?<=[\d)])\s?(?:\*|¹|②|\[注1\])$")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


@dataclass(slots=True)
class Score(Counts):
    """Counts of what was printed and of what was read exactly; ``misses`` say what was not."""

    tables: int = 0
    whole: int = 0
    headers: int = 0
    cells: int = 0
    exact: int = 0
    spans: int = 0
    amounts: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)


def judged(truth: Sequence[TrueTable], read: Sequence[Table]) -> list[Score]:
    """Return a score for each printed table, compared with the table that is most like it.

    A cell counts as exact only at its own row and column, so that a table cut in two, or one with
    a row too many, loses every cell behind the cut.
    """
    rest = list(read)
    scores = []
    for table in truth:
        best = max(rest, key=lambda each: _common(table, each), default=None)
        if best is None or _common(table, best) == 0:
            scores.append(_missing(table))
            continue
        rest.remove(best)
        scores.append(_score(table, best))
    return scores


def plain(text: str) -> str:
    """Return a text without what a reader may leave out.

    That is the spaces a layout leaves between Han characters, the width of digits and signs, and
    the mark of a footnote behind a figure.
    """
    bare = _BETWEEN_HAN.sub("", " ".join(text.split()))
    return _MARK.sub("", fold(bare))


def _common(truth: TrueTable, table: Table) -> int:
    """Count texts both have, wherever they stand."""
    mine = {plain(c.text) for c in truth.cells}
    return len(mine & {plain(c.text) for c in table.cells})


def _missing(table: TrueTable) -> Score:
    amounts = sum(c.amount is not None for c in table.cells)
    score = Score(1, 0, 0, len(table.cells), 0, 0, amounts, 0)
    score.misses.append(f"{table.title!r}: no table was read")
    return score


def _score(truth: TrueTable, table: Table) -> Score:
    score = Score(tables=1)
    score.whole = (truth.rows, truth.columns) == (table.rows, table.columns)
    score.headers = truth.header_rows == table.header_rows
    if not score.whole:
        score.misses.append(
            f"{truth.title!r}: {truth.rows}×{truth.columns} read as {table.rows}×{table.columns}"
        )
    if not score.headers:
        score.misses.append(
            f"{truth.title!r}: {truth.header_rows} header rows read as {table.header_rows}"
        )
    at = {(c.row, c.column): c for c in table.cells}
    for cell in truth.cells:
        _judge_cell(score, truth, cell, at.pop((cell.row, cell.column), None))
    for extra in at.values():
        score.misses.append(f"{truth.title!r} ({extra.row},{extra.column}): extra {extra.text!r}")
        score.cells += 1
        score.amounts += extra.amount is not None
    return score


def _judge_cell(score: Score, truth: TrueTable, cell: TrueCell, read: Cell | None) -> None:
    exact = read is not None and plain(read.text) == plain(cell.text)
    score.cells += 1
    score.exact += exact
    score.spans += read is not None and (read.row_span, read.column_span) == (
        cell.row_span,
        cell.column_span,
    )
    where = f"{truth.title!r} ({cell.row},{cell.column})"
    if not exact:
        score.misses.append(f"{where}: {cell.text!r} read as {read.text if read else None!r}")
    mine, its = cell.amount, read.amount if read else None
    if mine is None and its is None:
        return
    score.amounts += 1
    score.right += mine == its
    if mine != its and exact:
        score.misses.append(f"{where}: {cell.text!r} is {mine}, read as {its}")
