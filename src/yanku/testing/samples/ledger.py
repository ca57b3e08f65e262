"""A small double-entry ledger, so that a fictional company's statements agree by construction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Quarter:
    """What one quarter did: ``income`` and ``cash`` are flows, ``closing`` the balances after it.

    Income holds revenues and gains as positive, costs as positive and impairments as negative
    gains, the way they are printed. ``closing`` is in natural sign: a liability is positive.
    """

    year: int
    number: int
    income: Mapping[str, Decimal]
    cash: Mapping[str, Decimal]
    closing: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Books:
    """The quarters of one reporting entity, oldest first."""

    quarters: tuple[Quarter, ...]

    def income(self, year: int, first: int, last: int) -> dict[str, Decimal]:
        """Return the income of the quarters ``first`` to ``last`` of a year."""
        return _sum(q.income for q in self._between(year, first, last))

    def cash(self, year: int, first: int, last: int) -> dict[str, Decimal]:
        """Return the cash flows of the quarters ``first`` to ``last`` of a year."""
        return _sum(q.cash for q in self._between(year, first, last))

    def closing(self, year: int, number: int) -> Mapping[str, Decimal]:
        """Return the balances at the end of a quarter."""
        return self._between(year, number, number)[0].closing

    def _between(self, year: int, first: int, last: int) -> list[Quarter]:
        return [q for q in self.quarters if q.year == year and first <= q.number <= last]


def _sum(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        for key, value in part.items():
            total[key] += value
    return dict(total)


CURRENT_LIABILITIES = [
    "short_loans",
    "notes_payable",
    "payables",
    "contract_liabilities",
    "payroll_payable",
    "taxes_payable",
    "other_payables",
    "due_within_year",
    "other_current_liabilities",
]
NONCURRENT_LIABILITIES = [
    "long_loans",
    "lease_liabilities",
    "deferred_income",
    "deferred_tax_liabilities",
]
OWN_EQUITY = ["share_capital", "capital_reserve", "oci", "surplus_reserve", "retained"]
CREDIT_ACCOUNTS = frozenset(
    [*CURRENT_LIABILITIES, *NONCURRENT_LIABILITIES, *OWN_EQUITY, "minority"]
)
"""Accounts whose natural balance is a credit; ``treasury`` is a debit within equity."""


@dataclass(slots=True)
class Ledger:
    """Balances that only ever change by equal debits and credits.

    ``quantum`` is the smallest amount that is ever posted: 0.01 for a company that reports in
    元, 1000 for one that reports in thousands, so that printed sums agree without rounding.
    """

    quantum: Decimal
    balances: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    income: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    flows: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def round(self, amount: Decimal) -> Decimal:
        """Return an amount in whole quanta, halves away from zero."""
        return (amount / self.quantum).quantize(Decimal(1), ROUND_HALF_UP) * self.quantum

    def balance(self, account: str) -> Decimal:
        """Return a balance in its natural sign."""
        signed = self.balances[account]
        return -signed if account in CREDIT_ACCOUNTS else signed

    def post(self, debit: str, credit: str, amount: Decimal) -> None:
        """Move a whole number of quanta from one balance-sheet account to another."""
        self.balances[debit] += amount
        self.balances[credit] -= amount

    def receive(self, line: str, account: str, amount: Decimal) -> None:
        """Take cash in, under a line of the cash flow statement."""
        self.flows[line] += amount
        self.post("cash", account, amount)

    def pay(self, line: str, account: str, amount: Decimal) -> None:
        """Pay cash out, under a line of the cash flow statement."""
        self.flows[line] += amount
        self.post(account, "cash", amount)

    def gain(self, line: str, account: str, amount: Decimal) -> None:
        """Earn: the account is debited, the line of the income statement grows."""
        self.income[line] += amount
        self.post(account, "result", amount)

    def spend(self, line: str, account: str, amount: Decimal) -> None:
        """Incur a cost: the account is credited, the line of the income statement grows."""
        self.income[line] += amount
        self.post("result", account, amount)

    def result(self) -> Decimal:
        """Return the profit that is not distributed to its owners yet."""
        return -self.balances["result"]

    def end_quarter(self, year: int, number: int) -> Quarter:
        """Return what happened since the last call, and start afresh."""
        quarter = Quarter(
            year,
            number,
            dict(self.income),
            dict(self.flows),
            {account: self.balance(account) for account in self.balances},
        )
        self.income.clear()
        self.flows.clear()
        return quarter
