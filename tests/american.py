"""An American company, its reports and its statements; shared by the tests of how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from yanku.finance.periods import full_year
from yanku.model.document import Block, Digest, Document, Heading
from yanku.model.finance import Company, Fact, Period, Profile, ReportKind
from yanku.model.place import OnPage

MILLIONS = "$ in millions"
TOWEN = Company("Towen Materials, Inc.", "Towen Materials, Inc.")
YEAR = Profile("", TOWEN, ReportKind.ANNUAL, False, full_year(2023))
JUNE = Profile(
    "", TOWEN, ReportKind.ANNUAL, False, Period(date(2023, 6, 30), date(2022, 7, 1))
)  # fmt: skip
INCOME, BALANCE = "CONSOLIDATED STATEMENTS OF INCOME", "CONSOLIDATED BALANCE SHEETS"
FLOWS = "CONSOLIDATED STATEMENTS OF CASH FLOWS"


def cover(*lines: str) -> Document:
    blocks: list[Block] = [Heading(line, 1, OnPage(1)) for line in lines]
    return Document(Digest("0" * 64), "a.pdf", "application/pdf", (), tuple(blocks))


def found(facts: Sequence[Fact], year: int = 2023) -> dict[str, Decimal]:
    return {f.metric: f.amount.value for f in facts if f.period.end.year == year}
