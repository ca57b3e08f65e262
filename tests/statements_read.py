"""Small statements in memory, and what is read in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months
from yanku.model.amount import read_amount
from yanku.model.document import (
    Block,
    Cell,
    Digest,
    Document,
    Heading,
    Paragraph,
    Table,
)
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    ReportKind,
)
from yanku.model.place import OnPage

COMPANY = Company("600123", "东海水务")
PARENT, GROUP = Consolidation.PARENT, Consolidation.CONSOLIDATED
Q3 = Profile("", COMPANY, ReportKind.THIRD_QUARTER, False, months(2024, 1, 9))
ANNUAL = Profile("", COMPANY, ReportKind.ANNUAL, False, full_year(2023))


def table(rows: Sequence[Sequence[str]], unit: str = "元", page: int = 1) -> Table:
    """Return a table as a parser gives it: amounts in base units, the unit of the table bound."""
    cells = tuple(
        Cell(r, c, text, OnPage(page), amount=read_amount(text, unit) if c else None)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    )
    return Table(cells, (OnPage(page),), len(rows), max(map(len, rows)), unit=unit)


def title(text: str) -> Heading:
    return Heading(text, 2, OnPage(1))


def note(text: str) -> Paragraph:
    return Paragraph(text, OnPage(1))


def read(ontology: Ontology, profile: Profile, *blocks: Block) -> tuple[Fact, ...]:
    document = Document(Digest("0" * 64), "x.pdf", "application/pdf", (), blocks)
    return facts_of(document, profile, ontology)


def values(facts: Sequence[Fact], metric: str) -> dict[Period, Decimal]:
    return {fact.period: fact.amount.value for fact in facts if fact.metric == metric}


BALANCE = [
    ["项目", "期末余额", "期初余额"],
    ["流动资产：", "", ""],
    ["货币资金", "40.00", "30.00"],
    ["流动资产合计", "60.00", "50.00"],
    ["非流动资产合计", "40.00", "40.00"],
    ["资产总计", "100.00", "90.00"],
    ["负债合计", "30.00", "25.00"],
    ["所有者权益合计", "70.00", "65.00"],
    ["负债和所有者权益总计", "100.00", "90.00"],
]


def spanning(rows: Sequence[Sequence[str]], spans: dict[tuple[int, int], int], unit: str) -> Table:
    found = table(rows, unit)
    cells = tuple(
        replace(cell, column_span=spans.get((cell.row, cell.column), 1)) for cell in found.cells
    )
    return replace(found, cells=cells)


HALF = Profile("", COMPANY, ReportKind.HALF_YEAR, False, months(2024, 1, 6))
