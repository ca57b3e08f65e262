"""What the compared pages say: rows with their figures, and the tables that the rows are of."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from yanku.finance.ontology import load_ontology
from yanku.model.amount import read_amount
from yanku.model.finance import Statement
from yanku.testing.tables.press import Style
from yanku.testing.tables.suite import print_pdf
from yanku.testing.tables.truth import TrueTable

GENERATED = tuple((style, seed) for seed in (11, 12) for style in Style)
"""The same invented tables every time: each style of rules twice."""
_TABLES_EACH = 6


@dataclass(frozen=True, slots=True)
class WantedRow:
    """A printed row: its label, its figures as printed, and their values in base units.

    Page 0 is any page.
    """

    page: int
    label: str
    figures: tuple[str, ...]
    values: tuple[tuple[Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class WantedTable:
    """Rows that stand in one table; ``size`` is how many of its rows have figures, if known."""

    rows: tuple[WantedRow, ...]
    size: int | None = None


Truth = tuple[Path, tuple[WantedRow, ...], tuple[WantedTable, ...]]


def generated_truth(folder: Path) -> Iterator[Truth]:
    """Print invented tables, a third of them over two pages or more, and yield what they say."""
    folder.mkdir()
    for style, seed in GENERATED:
        printed = print_pdf(folder, seed, style, count=_TABLES_EACH)
        tables = tuple(filter(None, (_invented(table) for table in printed.tables)))
        yield printed.path, tuple(row for table in tables for row in table.rows), tables


def _invented(table: TrueTable) -> WantedTable | None:
    rows = []
    for number in range(table.header_rows, table.rows):
        cells = [cell for cell in table.cells if cell.row == number]
        label = "".join(cell.text for cell in cells if cell.column == 0)
        figured = [cell for cell in cells if cell.column and cell.amount is not None]
        if label and figured:
            figures = tuple(cell.text for cell in figured)
            values = tuple((c.amount.value, c.amount.unit) for c in figured if c.amount)
            rows.append(WantedRow(0, label, figures, values))
    size = sum(
        any(c.row == n and c.column and read_amount(c.text) is not None for c in table.cells)
        for n in range(table.header_rows, table.rows)
    )
    return WantedTable(tuple(rows), size) if rows else None


def filing_truth(set_: Path) -> list[Truth]:
    """Return the documents of a set that have facts, by name, with the rows the facts are of."""
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (set_ / "facts.jsonl").read_text("utf-8").splitlines():
        fact = json.loads(line)
        by_file[fact["file"]].append(fact)
    ontology = load_ontology()
    truths: list[Truth] = []
    for file, facts in sorted(by_file.items()):
        groups: dict[Statement, list[WantedRow]] = defaultdict(list)
        for fact in facts:
            row = _printed(fact)
            for statement in (Statement.INCOME, Statement.BALANCE_SHEET, Statement.CASH_FLOW):
                if row and ontology.metric_of(fact["metric"], statement, "") is not None:
                    groups[statement].append(row)
                    break
        tables = tuple(WantedTable(tuple(rows)) for rows in groups.values() if len(rows) > 1)
        rows = tuple(row for group in groups.values() for row in group)
        truths.append((set_ / "documents" / file, rows, tables))
    return truths


def _printed(fact: dict[str, Any]) -> WantedRow | None:
    """Return the row of a fact, with the last two figures of its line."""
    words = fact["line"].split()
    figures = [word for word in words if re.fullmatch(r"[-(（−]?[\d,，]+(?:\.\d+)?[)）]?", word)][
        -2:
    ]
    if len(figures) < 2 or not fact.get("previous"):
        return None
    label = fact["line"].split(figures[0])[0]
    label = re.sub(r"[一二三四五六七八九十]+、\s*\(?\d+\)?\s*$", "", label.strip())
    values = tuple((Decimal(fact[name]), fact["unit"]) for name in ("value", "previous"))
    return WantedRow(int(fact["page"]), label.strip(), tuple(figures), values)
