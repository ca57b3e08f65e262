"""Real filings: every statement figure is read with its value, unit and page."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yanku.model.document import Cell, Table
from yanku.model.place import OnPage
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Content, Limits

DATA = Path(__file__).parents[3] / "shared" / "data"
_FILES = 6
"""How many of the files one run reads; the benchmark reads all."""

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not on this machine"),
]


def _facts(set_name: str) -> dict[str, list[dict[str, Any]]]:
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    path = DATA / set_name / "facts.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        fact = json.loads(line)
        by_file[fact["file"]].append(fact)
    return by_file


def _rows(content: Content) -> dict[int, list[list[Cell]]]:
    """Return the rows of all tables by the page they stand on."""
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    for table in (b for b in content.blocks if isinstance(b, Table)):
        rows: dict[int, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            rows[cell.row].append(cell)
        for row in rows.values():
            for page in {c.place.page for c in row if isinstance(c.place, OnPage)}:
                found[page].append(row)
    return found


def _is_printed(fact: dict[str, Any], rows: list[list[Cell]]) -> bool:
    """Tell whether one row holds both figures, in the fact's unit, to the last digit.

    Losses are compared by size: the lists name some of them without their sign.
    """
    wanted = {abs(Decimal(fact[key])) for key in ("value", "previous") if fact.get(key)}
    return any(
        wanted <= {abs(c.amount.value) for c in row if c.amount and c.amount.unit == fact["unit"]}
        for row in rows
    )


@pytest.mark.parametrize("file", sorted(_facts("filings"), key=lambda f: f[::-1])[:_FILES])
def test_every_figure_of_a_filing_is_read(file: str) -> None:
    facts = _facts("filings")[file]
    content = read_pdf(DATA / "filings" / "documents" / file, file, Limits(), lambda *_: None)
    rows = _rows(content)
    missing = [f["line"] for f in facts if not _is_printed(f, rows[f["page"]])]
    assert not missing
    assert not content.flaws


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(_facts("scans")))
def test_every_figure_of_a_scan_is_read(file: str) -> None:
    facts = _facts("scans")[file]
    content = read_pdf(DATA / "scans" / "documents" / file, file, Limits(), lambda *_: None)
    rows = _rows(content)
    missing = [f["line"] for f in facts if not _is_printed(f, rows[f["page"]])]
    assert not missing
