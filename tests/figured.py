"""Figures of invented companies, and the reports they stand in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from yanku.model.amount import Amount
from yanku.model.document import Digest
from yanku.model.finance import (
    Check,
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    ReportKind,
    Statement,
)
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import UserId
from yanku.model.place import OnPage

WATER = Company("600123", "东海水务")
TOOLS = Company("300456", "北岭机床")
TODAY = date(2025, 5, 20)


def entry(
    name: str, period: Period, company: Company = WATER, *, abstract: bool = False,
    published: date | None = None,
) -> Entry:  # fmt: skip
    profile = Profile("", company, ReportKind.ANNUAL, abstract, period, published)
    return Entry(
        DocumentId(name), name, 1, name, Digest("0" * 64), 1, "application/pdf", UserId("u"),
        State.LIVE, datetime(2025, 1, 1, tzinfo=UTC), profile=profile,
    )  # fmt: skip


def fact(
    metric: str,
    value: str,
    period: Period,
    *,
    company: Company = WATER,
    unit: str = "CNY",
    statement: Statement = Statement.INCOME,
    restated: bool = False,
    checks: tuple[Check, ...] = (),
    consolidation: Consolidation = Consolidation.CONSOLIDATED,
    page: int = 1,
) -> Fact:
    return Fact(
        company, metric, metric, period, consolidation, statement, Amount(Decimal(value), unit),
        OnPage(page), restated=restated, checks=checks,
    )  # fmt: skip
