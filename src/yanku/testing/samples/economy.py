"""Twelve quarters of a fictional business, posted to a ledger from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from yanku.testing.samples.ledger import CREDIT_ACCOUNTS, ZERO, Books, Ledger, Quarter

FIRST_YEAR = 2022
TAX_RATE = Decimal("0.15")

OPENING: Mapping[str, Decimal] = {
    account: Decimal(share)
    for account, share in (
        line.split()
        for line in """cash 1.86
        restricted 0.094
        trading_assets 0.62
        notes_receivable 0.11
        receivables 0.74
        receivables_financing 0.043
        prepayments 0.058
        other_receivables 0.021
        inventory 0.52
        other_current_assets 0.037
        fixed_assets 2.31
        construction 0.29
        right_of_use 0.083
        intangibles 0.34
        goodwill 0.061
        long_prepaid 0.027
        deferred_tax_assets 0.049
        other_noncurrent 0.033
        short_loans 0.41
        notes_payable 0.14
        payables 0.36
        contract_liabilities 0.072
        payroll_payable 0.13
        taxes_payable 0.051
        other_payables 0.044
        due_within_year 0.12
        other_current_liabilities 0.009
        long_loans 0.55
        lease_liabilities 0.062
        deferred_income 0.17
        deferred_tax_liabilities 0.022""".splitlines()
    )
}


@dataclass(frozen=True, slots=True)
class Economy:
    """How a business behaves: money in 元, ratios as shares of the quarter's revenue.

    ``growth``, ``margin`` and ``research`` have one entry per year, ``season`` one per quarter.
    ``dividends`` are paid in the second quarter of each year, in 元 per ten shares. ``opening``
    overrides OPENING, both as shares of the first ``revenue``; retained earnings are the rest.
    """

    revenue: Decimal
    growth: tuple[Decimal, ...]
    season: tuple[Decimal, ...]
    margin: tuple[Decimal, ...]
    research: tuple[Decimal, ...]
    dividends: tuple[Decimal, ...]
    selling: Decimal
    admin: Decimal
    capex: Decimal
    minority: Decimal
    shares: int
    capital_reserve: Decimal
    surplus_reserve: Decimal
    treasury: Decimal = ZERO
    opening: Mapping[str, Decimal] = field(default_factory=dict)
    quantum: Decimal = Decimal("0.01")


def simulate(
    economy: Economy, seed: int, appropriations: Mapping[int, Decimal] | None = None
) -> Books:
    """Run the business from the start of FIRST_YEAR, one year per entry of ``growth``.

    ``appropriations`` fixes what goes into the surplus reserve each year, because a group's
    reserve is its parent's; without it, a tenth of the year's net profit does.
    """
    business = _Business(economy, random.Random(seed), appropriations)  # noqa: S311 repeatable
    years = range(FIRST_YEAR, FIRST_YEAR + len(economy.growth))
    return Books(tuple(business.quarter(year, number) for year in years for number in (1, 2, 3, 4)))


class _Business:
    """The moving parts of one simulation."""

    def __init__(
        self, economy: Economy, dice: random.Random, appropriations: Mapping[int, Decimal] | None
    ) -> None:
        self._economy = economy
        self._dice = dice
        self._appropriations = appropriations
        self._year_profit = ZERO
        self._payroll = ZERO
        self._ledger = Ledger(economy.quantum)
        self._scale = economy.revenue
        self._open()

    def quarter(self, year: int, number: int) -> Quarter:
        """Play one quarter and return its books."""
        revenue = self._revenue(year, number)
        self._payroll = ZERO
        self._sell(revenue)
        self._produce(revenue, self._economy.margin[year - FIRST_YEAR])
        self._run(revenue, self._economy.research[year - FIRST_YEAR])
        self._earn_besides(revenue)
        self._invest(revenue)
        self._borrow(revenue)
        self._tax(revenue)
        self._close(year, number)
        return self._ledger.end_quarter(year, number)

    def _about(self, amount: Decimal, spread: int = 6) -> Decimal:
        """Return the amount, a few percent up or down, in whole quanta."""
        percent = Decimal(self._dice.randint(-spread * 10_000, spread * 10_000)) / 1_000_000
        return self._ledger.round(amount * (1 + percent))

    def _open(self) -> None:
        ledger, economy = self._ledger, self._economy
        for account, share in {**OPENING, **economy.opening}.items():
            amount = self._about(share * self._scale)
            if account in CREDIT_ACCOUNTS:
                ledger.post("retained", account, amount)
            else:
                ledger.post(account, "retained", amount)
        ledger.post("retained", "share_capital", ledger.round(Decimal(economy.shares)))
        ledger.post("retained", "capital_reserve", economy.capital_reserve)
        ledger.post("retained", "surplus_reserve", economy.surplus_reserve)
        ledger.post("treasury", "retained", economy.treasury)
        ledger.post("retained", "oci", self._about(self._scale * Decimal("0.011")))
        ledger.post(
            "retained", "minority", ledger.round(economy.minority * self._scale * Decimal(5))
        )

    def _revenue(self, year: int, number: int) -> Decimal:
        level = self._scale
        for growth in self._economy.growth[: year - FIRST_YEAR + 1]:
            level *= 1 + growth
        return self._about(level * self._economy.season[number - 1], 2)

    def _sell(self, revenue: Decimal) -> None:
        ledger = self._ledger
        ledger.gain("revenue", "receivables", revenue)
        ledger.spend("surcharges", "taxes_payable", self._about(revenue * Decimal("0.0083")))
        ledger.gain("credit_loss", "receivables", -self._about(revenue * Decimal("0.0041")))
        for account, share in (("notes_receivable", "0.104"), ("receivables_financing", "0.046")):
            # A customer settles part of an invoice by a bill: no cash moves.
            change = self._about(revenue * Decimal(share)) - ledger.balance(account)
            ledger.post(account, "receivables", change)
        prepaid = self._about(revenue * Decimal("0.078")) - ledger.balance("contract_liabilities")
        ledger.receive("sales_received", "contract_liabilities", prepaid)
        collected = ledger.balance("receivables") - self._about(revenue * Decimal("0.71"))
        ledger.receive("sales_received", "receivables", collected)

    def _produce(self, revenue: Decimal, margin: Decimal) -> None:
        ledger = self._ledger
        cost = self._about(revenue * (1 - margin), 2)
        stock = self._about(cost * Decimal("0.88"))
        output = cost + stock - ledger.balance("inventory")
        wages = ledger.round(output * Decimal("0.21"))
        wear = ledger.round(output * Decimal("0.09"))
        ledger.post("inventory", "payroll_payable", wages)
        ledger.post("inventory", "fixed_assets", wear)
        ledger.post("inventory", "payables", output - wages - wear)
        self._payroll += wages
        ledger.spend("cost", "inventory", cost)
        ledger.gain("asset_loss", "inventory", -self._about(revenue * Decimal("0.0057")))
        # A supplier takes a bill instead of money: no cash moves.
        billed = self._about(cost * Decimal("0.21")) - ledger.balance("notes_payable")
        ledger.post("payables", "notes_payable", billed)
        prepaid = self._about(cost * Decimal("0.067")) - ledger.balance("prepayments")
        ledger.pay("purchases_paid", "prepayments", prepaid)
        paid = ledger.balance("payables") - self._about(cost * Decimal("0.58"))
        ledger.pay("purchases_paid", "payables", paid)

    def _run(self, revenue: Decimal, research: Decimal) -> None:
        economy = self._economy
        self._department("selling", revenue * economy.selling, Decimal("0.57"), Decimal("0.02"))
        self._department("admin", revenue * economy.admin, Decimal("0.52"), Decimal("0.19"))
        self._department("research", revenue * research, Decimal("0.61"), Decimal("0.13"))
        ledger, target = self._ledger, self._about(self._payroll * Decimal("0.48"))
        ledger.pay("staff_paid", "payroll_payable", ledger.balance("payroll_payable") - target)
        for account, share in (("other_payables", "0.047"), ("other_current_liabilities", "0.01")):
            change = ledger.balance(account) - self._about(revenue * Decimal(share))
            ledger.pay("other_operating_paid", account, change)
        for account, share in (("other_receivables", "0.019"), ("other_current_assets", "0.035")):
            change = self._about(revenue * Decimal(share)) - ledger.balance(account)
            ledger.pay("other_operating_paid", account, change)

    def _department(self, line: str, budget: Decimal, staff: Decimal, wear: Decimal) -> None:
        ledger, cost = self._ledger, self._about(budget, 4)
        wages, worn = ledger.round(cost * staff), ledger.round(cost * wear)
        ledger.spend(line, "payroll_payable", wages)
        ledger.spend(line, "fixed_assets", worn)
        rest = cost - wages - worn
        ledger.spend(line, "other_payables", rest)
        ledger.pay("other_operating_paid", "other_payables", rest)
        self._payroll += wages

    def _earn_besides(self, revenue: Decimal) -> None:
        ledger = self._ledger

        def part(share: str) -> Decimal:
            return self._about(revenue * Decimal(share), 25)

        grant = part("0.006")
        ledger.receive("other_operating_received", "deferred_income", grant)
        released = part("0.0071")
        ledger.gain("other_income", "deferred_income", released)
        ledger.income["grants"] += released
        refund = part("0.0044")
        ledger.gain("other_income", "other_receivables", refund)
        ledger.receive("tax_refunds", "other_receivables", refund)
        yielded = part("0.0039")
        ledger.gain("investment_income", "trading_assets", yielded)
        ledger.receive("investment_yield_received", "trading_assets", yielded)
        ledger.gain("fair_value", "trading_assets", part("0.0012") - part("0.0008"))
        windfall, forfeit = part("0.0009"), part("0.0013")
        ledger.gain("nonoperating_income", "other_receivables", windfall)
        ledger.receive("other_operating_received", "other_receivables", windfall)
        ledger.spend("nonoperating_expense", "other_payables", forfeit)
        ledger.pay("other_operating_paid", "other_payables", forfeit)

    def _invest(self, revenue: Decimal) -> None:
        ledger = self._ledger
        sold = self._about(revenue * Decimal("0.0034"), 20)
        ledger.gain("disposal_gain", "fixed_assets", self._about(sold * Decimal("0.14"), 80))
        ledger.receive("disposals_received", "fixed_assets", sold)
        spent = self._about(revenue * self._economy.capex, 18)
        ledger.pay("capex_paid", "construction", spent)
        ready = self._about(ledger.balance("construction") * Decimal("0.61"))
        ledger.post("fixed_assets", "construction", ready)
        ledger.post("intangibles", "construction", self._about(spent * Decimal("0.08")))
        ledger.spend("admin", "intangibles", self._about(revenue * Decimal("0.0061")))
        ledger.spend("admin", "long_prepaid", self._about(ledger.balance("long_prepaid") / 25))
        ledger.receive("investments_recovered", "trading_assets", self._about(revenue / 2, 30))
        ledger.pay("investments_paid", "trading_assets", self._about(revenue * Decimal("0.51"), 30))

    def _borrow(self, revenue: Decimal) -> None:
        ledger = self._ledger
        debt = ledger.balance("short_loans") + ledger.balance("long_loans")
        interest = self._about(debt * Decimal("0.0087"))
        ledger.income["interest_expense"] += interest
        ledger.spend("finance", "other_payables", interest)
        ledger.pay("dividends_interest_paid", "other_payables", interest)
        earned = self._about(ledger.balance("cash") * Decimal("0.0031"))
        ledger.income["interest_income"] += earned
        ledger.spend("finance", "other_receivables", -earned)
        ledger.receive("other_operating_received", "other_receivables", earned)
        fees = self._about(revenue * Decimal("0.0007"))
        ledger.spend("finance", "other_payables", fees)
        ledger.pay("other_operating_paid", "other_payables", fees)
        due = self._about(ledger.balance("short_loans") * Decimal("0.23"))
        ledger.receive("loans_received", "short_loans", self._about(due, 40))
        ledger.pay("debt_repaid", "short_loans", due)
        ledger.pay("debt_repaid", "due_within_year", ledger.balance("due_within_year"))
        ledger.receive("loans_received", "long_loans", self._about(revenue * Decimal("0.05"), 40))
        ledger.post("long_loans", "due_within_year", self._about(debt * Decimal("0.06")))
        self._rent(revenue)

    def _rent(self, revenue: Decimal) -> None:
        ledger = self._ledger
        ledger.post("right_of_use", "lease_liabilities", self._about(revenue * Decimal("0.008")))
        ledger.spend("admin", "right_of_use", self._about(revenue * Decimal("0.007")))
        ledger.pay(
            "other_financing_paid", "lease_liabilities", self._about(revenue * Decimal("0.0075"))
        )
        moved = self._about(revenue * Decimal("0.0021"), 90) - self._about(
            revenue * Decimal("0.0018"), 90
        )
        ledger.receive("exchange_effect", "oci", moved)

    def _tax(self, revenue: Decimal) -> None:
        ledger = self._ledger
        current = self._about(ledger.result() * TAX_RATE * Decimal("0.94"))
        ledger.spend("tax", "taxes_payable", current)
        deferred = self._about(revenue * Decimal("0.0014"), 60)
        ledger.spend("tax", "deferred_tax_assets", -deferred)
        ledger.spend("tax", "deferred_tax_liabilities", self._about(deferred / 4))
        target = self._about(revenue * Decimal("0.026"), 20)
        ledger.pay("taxes_paid", "taxes_payable", ledger.balance("taxes_payable") - target)

    def _close(self, year: int, number: int) -> None:
        ledger, economy = self._ledger, self._economy
        self._note_nonrecurring()
        profit = ledger.result()
        outside = ledger.round(profit * economy.minority)
        ledger.post("result", "minority", outside)
        ledger.post("result", "retained", profit - outside)
        ledger.income["minority_profit"] = outside
        self._year_profit = profit + (ZERO if number == 1 else self._year_profit)
        if number == 2:
            paid = ledger.round(economy.dividends[year - FIRST_YEAR] / 10 * economy.shares)
            ledger.pay("dividends_interest_paid", "retained", paid)
        if number == 4:
            ledger.post("retained", "surplus_reserve", self._appropriation(year))

    def _appropriation(self, year: int) -> Decimal:
        if self._appropriations is not None:
            return self._appropriations[year]
        return self._ledger.round(self._year_profit / 10)

    def _note_nonrecurring(self) -> None:
        """Keep the tax and the minority's share of non-recurring items, per quarter."""
        ledger, income = self._ledger, self._ledger.income
        before_tax = nonrecurring_before_tax(income)
        tax = ledger.round(before_tax * TAX_RATE)
        income["nonrecurring_tax"] = tax
        income["nonrecurring_minority"] = ledger.round((before_tax - tax) * self._economy.minority)


def nonrecurring_before_tax(income: Mapping[str, Decimal]) -> Decimal:
    """Return the sum of the items that A-share rules call 非经常性损益, before tax."""
    return (
        income["disposal_gain"]
        + income["grants"]
        + income["investment_income"]
        + income["fair_value"]
        + income["nonoperating_income"]
        - income["nonoperating_expense"]
    )
