"""The nouns of financial statements: company, period, metric, fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yanku.model.amount import Amount
from yanku.model.place import Place


@dataclass(frozen=True, slots=True)
class Company:
    """A company: ``code`` is its securities code ("300760") or, without one, its full name."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, or with ``start`` None an instant (the end of ``end``)."""

    end: date
    start: date | None = None

    @property
    def is_instant(self) -> bool:
        """Tell a balance-sheet date from a stretch of time."""
        return self.start is None


class ReportKind(StrEnum):
    """What kind of document it is, as far as its own words say."""

    ANNUAL = "annual"
    HALF_YEAR = "half_year"
    FIRST_QUARTER = "q1"
    THIRD_QUARTER = "q3"
    OTHER = "other"


class Statement(StrEnum):
    """The statement or section a fact stands in."""

    BALANCE_SHEET = "balance_sheet"
    INCOME = "income"
    CASH_FLOW = "cash_flow"
    EQUITY = "equity"
    KEY_INDICATORS = "key_indicators"
    OTHER = "other"


class Consolidation(StrEnum):
    """合并 or 母公司."""

    CONSOLIDATED = "consolidated"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a document says about itself: who, what kind, which period, published when."""

    title: str = ""
    company: Company | None = None
    report: ReportKind = ReportKind.OTHER
    abstract: bool = False
    period: Period | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A test a fact took part in: ``name`` is stable ("assets=liabilities+equity")."""

    name: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of one statement: what it is, for whom, for when, and where it stands.

    ``metric`` is the canonical identifier of the ontology ("operating_revenue"), ``label`` the
    printed row label, ``column`` the printed column header, ``context`` what more the place says
    (statement title, heading). ``restated`` marks figures printed as 调整后 of an earlier period.
    """

    company: Company
    metric: str
    label: str
    period: Period
    consolidation: Consolidation
    statement: Statement
    amount: Amount
    place: Place
    column: str = ""
    restated: bool = False
    checks: tuple[Check, ...] = field(default=())
