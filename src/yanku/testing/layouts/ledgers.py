"""The lines of English statements of companies, banks and insurers, with figures that add up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement: a heading without figures, a figure, or a total.

    ``metric`` is what the product calls it, empty where it knows no such thing; ``cost`` is
    printed in brackets and known as a positive figure.
    """

    label: str
    key: str = ""
    metric: str = ""
    indent: int = 0
    total: bool = False
    cost: bool = False
    share: bool = False
    instant: bool = False

    @property
    def heading(self) -> bool:
        """Tell a heading, which has no figures."""
        return not self.key

    @property
    def note(self) -> bool:
        """Tell lines to which a note may belong."""
        return not self.total and not self.share


@dataclass(frozen=True, slots=True)
class Book:
    """The lines of each statement, and one year's figure of each line."""

    lines: Mapping[str, tuple[Line, ...]]
    values: dict[str, dict[str, Decimal]]


_INCOME = (
    Line("Revenue", "revenue", "operating_revenue"),
    Line("Cost of sales", "cost", "operating_cost", cost=True),
    Line("Gross profit", "gross", "", total=True),
    Line("Other income and gains", "other", ""),
    Line("Selling and distribution expenses", "selling", "selling_expenses", cost=True),
    Line("Administrative expenses", "admin", "administrative_expenses", cost=True),
    Line("Research and development expenses", "rd", "rd_expenses", cost=True),
    Line("Profit before tax", "before", "profit_before_tax", total=True),
    Line("Income tax expense", "tax", "income_tax", cost=True),
    Line("Profit for the year", "net", "net_profit", total=True),
    Line("Attributable to:"),
    Line("Owners of the parent", "parent", "net_profit_attributable", indent=1),
    Line("Non-controlling interests", "minority", "minority_profit", indent=1),
)
_BALANCE = (
    Line("NON-CURRENT ASSETS"),
    Line("Property, plant and equipment", "ppe", "fixed_assets"),
    Line("Right-of-use assets", "rou", "right_of_use_assets"),
    Line("Goodwill", "goodwill", "goodwill"),
    Line("Total non-current assets", "noncurrent", "total_non_current_assets", total=True),
    Line("CURRENT ASSETS"),
    Line("Inventories", "inventories", "inventories"),
    Line("Trade receivables", "receivables", "accounts_receivable"),
    Line("Cash and cash equivalents", "cash", ""),
    Line("Total current assets", "current", "total_current_assets", total=True),
    Line("CURRENT LIABILITIES"),
    Line("Trade payables", "payables", "accounts_payable"),
    Line("Contract liabilities", "contract", "contract_liabilities"),
    Line("Total current liabilities", "currentdebt", "total_current_liabilities", total=True),
    Line("NET CURRENT ASSETS", "netcurrent", "net_current_assets", total=True),
    Line("NON-CURRENT LIABILITIES"),
    Line("Lease liabilities", "lease", "lease_liabilities"),
    Line("Total non-current liabilities", "longdebt", "total_non_current_liabilities", total=True),
    Line("Net assets", "equity", "", total=True),
)
_CASH = (
    Line("CASH FLOWS FROM OPERATING ACTIVITIES"),
    Line("Profit before tax", "before", ""),
    Line("Depreciation", "depreciation", ""),
    Line("Net cash flows from operating activities", "operating", "net_cash_operating", total=True),
    Line("CASH FLOWS FROM INVESTING ACTIVITIES"),
    Line("Purchases of items of property, plant and equipment", "capex", ""),
    Line("Net cash flows used in investing activities", "investing", "net_cash_investing",
         total=True),
    Line("CASH FLOWS FROM FINANCING ACTIVITIES"),
    Line("Dividends paid", "dividends", ""),
    Line("Net cash flows used in financing activities", "financing", "net_cash_financing",
         total=True),
    Line("NET INCREASE IN CASH AND CASH EQUIVALENTS", "increase", "net_increase_in_cash",
         total=True),
)  # fmt: skip
_BANK_INCOME = (
    Line("Interest income", "interest", "interest_income"),
    Line("Interest expense", "paid", "interest_expense", cost=True),
    Line("Net interest income", "nii", "net_interest_income", total=True),
    Line("Net fee and commission income", "fees", "net_fee_income"),
    Line("Net trading gain", "trading", ""),
    Line("Operating income", "revenue", "operating_revenue", total=True),
    Line("Operating expenses", "costs", "", cost=True),
    Line("Impairment losses on assets", "losses", "", cost=True),
    Line("Profit before tax", "before", "profit_before_tax", total=True),
    Line("Income tax expense", "tax", "income_tax", cost=True),
    Line("Net profit", "net", "net_profit", total=True),
)
_BANK_BALANCE = (
    Line("Assets"),
    Line("Cash and balances with central bank", "reserve", "cash_and_central_bank", indent=1),
    Line("Loans and advances to customers", "loans", "loans_and_advances", indent=1),
    Line("Financial investments", "securities", "financial_investments", indent=1),
    Line("Total assets", "assets", "total_assets", total=True),
    Line("Liabilities"),
    Line("Deposits from customers", "deposits", "deposits_taken", indent=1),
    Line("Debt securities issued", "bonds", "", indent=1),
    Line("Total liabilities", "debt", "total_liabilities", total=True),
    Line("Total equity", "equity", "total_equity", total=True),
    Line("Total liabilities and equity", "both", "total_liabilities_and_equity", total=True),
)
_INSURER_INCOME = (
    Line("Insurance revenue", "revenue", "insurance_revenue"),
    Line("Insurance service expenses", "service", "insurance_service_expenses", cost=True),
    Line("Net expenses from reinsurance contracts held", "ceded", "", cost=True),
    Line("Insurance service result", "result", "", total=True),
    Line("Net investment income", "invested", ""),
    Line("Other operating expenses", "costs", "", cost=True),
    Line("Profit before tax", "before", "profit_before_tax", total=True),
    Line("Income tax expense", "tax", "income_tax", cost=True),
    Line("Profit for the year", "net", "net_profit", total=True),
)


def _share(dice: random.Random, size: int, low: float, high: float) -> Decimal:
    return Decimal(int(size * dice.uniform(low, high)))


def _sum(parts: Iterable[Decimal]) -> Decimal:
    return sum(parts, Decimal(0))


def industry(dice: random.Random, size: int) -> Book:
    """Return a year of a company that makes things."""

    def part(low: float, high: float) -> Decimal:
        return _share(dice, size, low, high)

    income = {
        "revenue": part(0.8, 1.2), "cost": -part(0.3, 0.5), "other": part(0.01, 0.03),
        "selling": -part(0.03, 0.09), "admin": -part(0.03, 0.08), "rd": -part(0.01, 0.09),
    }  # fmt: skip
    income["gross"] = income["revenue"] + income["cost"]
    income["before"] = _sum(income[k] for k in ("gross", "other", "selling", "admin", "rd"))
    income["tax"] = -(income["before"] // 5)
    income["net"] = income["before"] + income["tax"]
    income["minority"] = part(0.001, 0.01)
    income["parent"] = income["net"] - income["minority"]
    balance = {
        "ppe": part(0.2, 0.6), "rou": part(0.01, 0.06), "goodwill": part(0.01, 0.2),
        "inventories": part(0.05, 0.2), "receivables": part(0.1, 0.2), "cash": part(0.1, 0.4),
        "payables": part(0.05, 0.2), "contract": part(0.01, 0.09), "lease": part(0.01, 0.05),
    }  # fmt: skip
    balance["noncurrent"] = _sum(balance[k] for k in ("ppe", "rou", "goodwill"))
    balance["current"] = _sum(balance[k] for k in ("inventories", "receivables", "cash"))
    balance["currentdebt"] = balance["payables"] + balance["contract"]
    balance["netcurrent"] = balance["current"] - balance["currentdebt"]
    balance["longdebt"] = balance["lease"]
    balance["equity"] = balance["noncurrent"] + balance["netcurrent"] - balance["longdebt"]
    lines = {"income": _INCOME, "balance": _BALANCE, "cash": _CASH}
    return Book(lines, {"income": income, "balance": balance, "cash": _flows(dice, size, income)})


def _flows(dice: random.Random, size: int, income: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return a year's flows of cash."""
    flows = {
        "before": income["before"], "depreciation": _share(dice, size, 0.02, 0.06),
        "capex": -_share(dice, size, 0.03, 0.1), "dividends": -_share(dice, size, 0.01, 0.05),
    }  # fmt: skip
    flows["operating"] = flows["before"] + flows["depreciation"]
    flows["investing"], flows["financing"] = flows["capex"], flows["dividends"]
    flows["increase"] = flows["operating"] + flows["investing"] + flows["financing"]
    return flows


def bank(dice: random.Random, size: int) -> Book:
    """Return a year of a bank."""

    def part(low: float, high: float) -> Decimal:
        return _share(dice, size, low, high)

    income = {
        "interest": part(0.5, 0.9), "paid": -part(0.2, 0.4), "fees": part(0.05, 0.15),
        "trading": part(-0.02, 0.05), "costs": -part(0.1, 0.2), "losses": -part(0.02, 0.08),
    }  # fmt: skip
    income["nii"] = income["interest"] + income["paid"]
    income["revenue"] = income["nii"] + income["fees"] + income["trading"]
    income["before"] = income["revenue"] + income["costs"] + income["losses"]
    income["tax"] = -(income["before"] // 6)
    income["net"] = income["before"] + income["tax"]
    balance = {
        "reserve": part(1, 2), "loans": part(8, 12), "securities": part(3, 6),
        "deposits": part(7, 10), "bonds": part(0.5, 1.5),
    }  # fmt: skip
    balance["assets"] = balance["reserve"] + balance["loans"] + balance["securities"]
    balance["debt"] = balance["deposits"] + balance["bonds"]
    balance["equity"] = balance["assets"] - balance["debt"]
    balance["both"] = balance["assets"]
    lines = {"income": _BANK_INCOME, "balance": _BANK_BALANCE, "cash": _CASH}
    return Book(lines, {"income": income, "balance": balance, "cash": _flows(dice, size, income)})


def insurer(dice: random.Random, size: int) -> Book:
    """Return a year of an insurer."""

    def part(low: float, high: float) -> Decimal:
        return _share(dice, size, low, high)

    income = {
        "revenue": part(0.8, 1.1), "service": -part(0.5, 0.7), "ceded": -part(0.01, 0.04),
        "invested": part(0.05, 0.2), "costs": -part(0.02, 0.08),
    }  # fmt: skip
    income["result"] = income["revenue"] + income["service"] + income["ceded"]
    income["before"] = income["result"] + income["invested"] + income["costs"]
    income["tax"] = -(income["before"] // 6)
    income["net"] = income["before"] + income["tax"]
    made = industry(dice, size)
    lines = {"income": _INSURER_INCOME, "balance": _BALANCE, "cash": _CASH}
    return Book(lines, {**made.values, "income": income, "cash": _flows(dice, size, income)})


KINDS: dict[str, Callable[[random.Random, int], Book]] = {
    "industry": industry, "bank": bank, "insurer": insurer,
}  # fmt: skip
