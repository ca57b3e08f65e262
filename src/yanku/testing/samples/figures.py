"""The figures a report quotes: one span beside the same span of earlier years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.company import Company
from yanku.testing.samples.paper import Row, money, percent
from yanku.testing.samples.statements import (
    Span,
    balance_sheet,
    cash_flow,
    growth,
    income_statement,
)

Years = tuple[dict[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Statements of the group, the newest span first, then the same span of earlier years."""

    company: Company
    span: Span
    income: Years
    cash: Years
    balance: Years

    @classmethod
    def of(cls, company: Company, span: Span, years: int = 2) -> Figures:
        """Collect a span and its predecessors; balance sheets stand at the span's end."""
        spans = [span.earlier(age) for age in range(years)]
        shares, books = company.firm.group.shares, company.group
        return cls(
            company,
            span,
            tuple(income_statement(books, each, shares) for each in spans),
            tuple(cash_flow(books, each) for each in spans),
            tuple(balance_sheet(books, each.year, each.last) for each in spans),
        )


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """Return a share in percent, two decimals."""
    return (part * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def moved(points: Decimal) -> str:
    """Print a change of percentage points in words."""
    return f"{'增加' if points >= 0 else '减少'} {abs(points)} 个百分点"


def two_years(label: str, key: str, years: Years) -> Row:
    """Return a row of this year, last year and the change in percent."""
    now, before = years[0][key], years[1][key]
    return Row(label, (money(now), money(before), percent(growth(now, before))), key)


def nonrecurring_rows(years: Years) -> list[Row]:
    """Return the table of non-recurring items; its last row is the sum of those above."""
    items = [
        ("非流动性资产处置损益", "disposal_gain", 1),
        ("计入当期损益的政府补助", "grants", 1),
        ("委托他人投资或管理资产的损益", "investment_income", 1),
        ("金融资产公允价值变动损益", "fair_value", 1),
        ("除上述各项之外的其他营业外收入", "nonoperating_income", 1),
        ("除上述各项之外的其他营业外支出", "nonoperating_expense", -1),
        ("减：所得税影响额", "nonrecurring_tax", 1),
        ("少数股东权益影响额（税后）", "nonrecurring_minority", 1),
        ("合计", "nonrecurring", 1),
    ]
    return [
        Row(label, tuple(money(sign * year[key]) for year in years), f"nr:{key}")
        for label, key, sign in items
    ]
