"""The nouns of financial statements: company, period, metric, fact."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yanku.model.amount import Amount
from yanku.model.place import Place

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Company:
    """A company: ``code`` is its securities code ("300760") or, without one, its full name."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()

    def called(self, question: str) -> str:
        """Return the name an answer to a question gives it: one in the letters of the question."""
        latin = [name for name in self.aliases if name.isascii() and not name.isdigit()]
        if question.isascii() and latin and not self.name.isascii():
            return max(latin, key=len)
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, or with ``start`` None an instant (the end of ``end``)."""

    end: date
    start: date | None = None

    @property
    def is_instant(self) -> bool:
        """Tell a balance-sheet date from a stretch of time."""
        return self.start is None

    @property
    def is_twelve_months(self) -> bool:
        """Tell a year, whatever month it ends in; one of 52 or 53 weeks ends near a month's end."""
        return self.start is not None and 357 <= (self.end - self.start).days <= 372

    def years_back(self, count: int) -> Period:
        """Return the same period some years earlier; the end of a month stays one.

        It is later where ``count`` is below zero.
        """
        start = _moved(self.start, -count) if self.start is not None else None
        return Period(_moved(self.end, -count), start)

    @property
    def months_by_weeks(self) -> int:
        """Return how many months a stretch of whole weeks stands for; 0 for any other stretch.

        Years of 52 or 53 weeks and their quarters end near the end of a month. Their first day is
        not printed: ``start`` is then the first of its month, and no day to be shown.
        """
        last = calendar.monthrange(self.end.year, self.end.month)[1]
        if self.start is None or self.start.day != 1 or self.end.day == last:
            return 0
        early = self.end.day <= _WEEK
        if not early and self.end.day < last - _WEEK:
            return 0
        count = 12 * (self.end.year - self.start.year) + self.end.month - self.start.month
        count += 0 if early else 1
        return count if count in {3, 6, 9, 12} else 0


def _moved(day: date, years: int) -> date:
    year = day.year + years
    last = calendar.monthrange(day.year, day.month)[1]
    if day.day == last:
        return date(year, day.month, calendar.monthrange(year, day.month)[1])
    return day.replace(year=year)


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


STATEMENTS = frozenset({Statement.BALANCE_SHEET, Statement.INCOME, Statement.CASH_FLOW})
"""The three that have laws of their own."""


class Consolidation(StrEnum):
    """合并 or 母公司."""

    CONSOLIDATED = "consolidated"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a document says about itself: who, what kind, which period, published when.

    ``behind`` tells how many years the company's own name for its year is behind the one that it
    ends in ("fiscal 2022" until January 2023); None is not said.
    """

    title: str = ""
    company: Company | None = None
    report: ReportKind = ReportKind.OTHER
    abstract: bool = False
    period: Period | None = None
    published: date | None = None
    behind: int | None = None


SECOND_READING = "agrees_with_text_lines"
"""A check: the lines of the page, read without the grid, say the same figures in the same order."""
REPEATED = "agrees_within_document"
"""A check: another statement or list of the same document says the same."""
CONFIRMED = "agrees_with_other_documents"
"""A check: another document says the same of the same company, period and scope."""

LEGIBLE = "read_with_trust"
"""A check, only ever failed: a digit of the figure was hard to read in the picture of its page."""


@dataclass(frozen=True, slots=True)
class Check:
    """A test a fact took part in: ``name`` is stable ("assets=liabilities+equity")."""

    name: str
    passed: bool

    @property
    def kind(self) -> str:
        """Return what kind of test it is: its own name for agreements, ``identity`` for laws."""
        return self.name if self.name.startswith(("agrees_", "read_")) else "identity"


class Confidence(StrEnum):
    """How sure a fact is, from the checks it took part in, the surest first.

    A passed check more never makes a fact less sure, and a failed one never surer.
    """

    CERTAIN = "certain"
    """No check failed, and checks of two kinds or more passed."""
    CHECKED = "checked"
    """No check failed, and checks of one kind passed."""
    SINGLE_WITNESS = "single_witness"
    """Nothing tested it: the cell alone says so."""
    DOUBTFUL = "doubtful"
    """A check failed: this figure, or one it is held against, was misread or misprinted."""

    @property
    def rank(self) -> int:
        """Return 0 for the surest, 3 for the least sure."""
        return list(Confidence).index(self)


def confidence_of(checks: Iterable[Check]) -> Confidence:
    """Return how sure a fact with these checks is."""
    tests = tuple(checks)
    if not all(check.passed for check in tests):
        return Confidence.DOUBTFUL
    match len({check.kind for check in tests}):
        case 0:
            return Confidence.SINGLE_WITNESS
        case 1:
            return Confidence.CHECKED
        case _:
            return Confidence.CERTAIN


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of one statement: what it is, for whom, for when, and where it stands.

    ``metric`` is the canonical identifier of the ontology ("operating_revenue"), ``label`` the
    printed row label, ``column`` the printed column header. ``restated`` marks figures printed as
    调整后 of an earlier period.
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

    @property
    def confidence(self) -> Confidence:
        """Return how sure the fact is."""
        return confidence_of(self.checks)
