"""Reads the notation in which questions.toml says what a question should be understood as.

A plan is ``task companies measures periods [more]``: companies by the letters of WORLD (``*`` is
the whole library), measures by the short names of MEASURES (``rev+g`` in percent, ``+d`` in its own
unit, ``+q`` on the quarter before, ``+c`` compound), periods as ``2024``, ``2024H1``, ``2024M9``
(nine months), ``2024Q3``, ``2024-10`` (a month), ``@2024`` (its last day), ``-`` (none is named).
``2:bound>20%`` is a bound on the second measure, ``run=3y`` asks for three years in a row,
``paired`` gives each company the period beside it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from yanku.finance.measures import COMPOUND
from yanku.finance.periods import closing, full_year, months, quarter, year_before
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Inquiry, Step, Task

TODAY = date(2025, 5, 20)
"""The day on which the questions are asked."""

WORLD = {
    "W": Company("600123", "东海水务", ("东海水务股份有限公司", "Donghai Water Co., Ltd.")),
    "T": Company("300456", "北岭机床", ("辽宁北岭机床集团股份有限公司", "Beiling Machine Tools")),
    "B": Company("601999", "江南银行", ("江南银行股份有限公司", "Jiangnan Bank")),
    "L": Company("688555", "澜桥精密", ("澜桥精密科技股份有限公司", "Lanqiao Precision")),
    "J": Company("002888", "霁川生物", ("霁川生物技术股份有限公司", "Jichuan Biotech")),
    "Y": Company("000777", "宜川酒业", ("宜川酒业股份有限公司", "Yichuan Liquor Co., Ltd.")),
    "S": Company("601111", "远望证券", ("远望证券股份有限公司", "Yuanwang Securities")),
    "H": Company("603333", "和泰电器", ("和泰电器股份有限公司", "Hetai Electric Co., Ltd.")),
    "D": Company("300999", "比德科技", ("比德科技股份有限公司", "Bide Technology Co., Ltd.")),
    "X": Company("02345", "拓纹新材", ("Towen Advanced Materials Limited", "Towen")),
    "N": Company("600811", "华宁医药", ("华宁医药股份有限公司",)),
    "M": Company("300811", "华宁科技", ("华宁科技股份有限公司",)),
}

MEASURES = {
    "rev": "operating_revenue",
    "trev": "total_operating_revenue",
    "tcost": "total_operating_cost",
    "cost": "operating_cost",
    "op": "operating_profit",
    "pbt": "profit_before_tax",
    "tax": "income_tax",
    "np": "net_profit",
    "npa": "net_profit_attributable",
    "npx": "net_profit_excluding_non_recurring",
    "mi": "minority_profit",
    "rd": "rd_expenses",
    "rdi": "rd_investment_to_revenue",
    "sell": "selling_expenses",
    "adm": "administrative_expenses",
    "fin": "finance_expenses",
    "ail": "asset_impairment_losses",
    "eps": "basic_eps",
    "roe": "weighted_roe",
    "nii": "net_interest_income",
    "brok": "brokerage_fee_income",
    "npl": "non_performing_loan_ratio",
    "nim": "net_interest_margin",
    "netcap": "net_capital",
    "ta": "total_assets",
    "tl": "total_liabilities",
    "eq": "total_equity",
    "eqa": "equity_attributable",
    "cash": "monetary_funds",
    "ar": "accounts_receivable",
    "inv": "inventories",
    "gw": "goodwill",
    "stb": "short_term_borrowings",
    "ltb": "long_term_borrowings",
    "cl": "contract_liabilities",
    "ap": "accounts_payable",
    "car": "capital_adequacy_ratio",
    "cip": "construction_in_progress",
    "shares": "total_shares",
    "holders": "shareholders_count",
    "emp": "employees",
    "div": "cash_dividends",
    "bvps": "net_assets_per_share",
    "cfps": "operating_cash_flow_per_share",
    "ocf": "net_cash_operating",
    "icf": "net_cash_investing",
    "fcfl": "net_cash_financing",
    "capex": "capital_expenditure",
    "gm": "gross_margin",
    "gp": "gross_profit",
    "nm": "net_margin",
    "dar": "debt_to_assets",
    "cr": "current_ratio",
    "qr": "quick_ratio",
    "selr": "selling_expense_ratio",
    "rdr": "rd_expense_ratio",
    "per": "period_expense_ratio",
    "at": "asset_turnover",
    "invt": "inventory_turnover",
    "art": "receivables_turnover",
    "invd": "inventory_days",
    "ard": "receivables_days",
    "roa": "return_on_assets",
    "droe": "diluted_roe",
    "fcf": "free_cash_flow",
    "ebitda": "ebitda",
    "ibd": "interest_bearing_debt",
    "ibr": "interest_bearing_debt_ratio",
    "nd": "net_debt",
    "ndr": "net_debt_to_equity",
    "ebit": "ebit",
    "ebm": "ebitda_margin",
    "rpe": "revenue_per_employee",
    "cust5": "top_customers_sales",
    "pex": "period_expenses",
    "wc": "working_capital",
}

_ENDINGS = {"g": ".growth", "d": ".change", "q": ".qoq", "c": ".cagr"}
_BOUND = re.compile(r"bound(?P<sign>>=|<=|>|<)(?P<value>[\d.]+)(?P<unit>%?)")
OPEN = frozenset({"text", "unknown", "ambiguous", "advice", "prediction", "chat"})
"""What is not to be answered from facts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question should be understood as, in a form that can be compared."""

    task: str
    companies: frozenset[str] = frozenset()
    measures: tuple[str, ...] = ()
    periods: frozenset[Period] = frozenset()
    more: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the style it is put in, and its plan."""

    question: str
    style: str
    plan: Plan


def asked() -> Iterator[Asked]:
    """Yield the questions of questions.toml."""
    text = files("yanku.testing.asked").joinpath("questions.toml").read_text(encoding="utf-8")
    for style, lines in tomllib.loads(text).items():
        for line in lines:
            question, _, plan = line.partition(" => ")
            yield Asked(question, style, plan_of(plan))


def plan_of(text: str) -> Plan:
    """Read the notation; the module tells what it is."""
    task, *rest = text.split()
    if not rest:
        return Plan(task)
    companies, measures, periods, *more = rest
    names = tuple(_measure(name) for name in measures.split(","))
    whole = companies == "*"
    return Plan(
        "lookup" if task == "ratio" and len(names) == 1 else task,
        frozenset({"*"} if whole else companies),
        names,
        _compared(names, frozenset() if periods == "-" else _periods(periods)),
        frozenset(more),
    )


def _measure(name: str) -> str:
    base, _, ending = name.partition("+")
    return MEASURES[base] + (_ENDINGS[ending] if ending else "")


def _periods(text: str) -> frozenset[Period]:
    return frozenset(_period(part) for part in text.split(","))


def _period(text: str) -> Period:
    year = int(text.lstrip("@")[:4])
    part = text.lstrip("@")[4:]
    if part.startswith("-"):
        month = int(part[1:])
        found = months(year, month, month)
    elif part.startswith("Q"):
        found = quarter(year, int(part[1:]))
    else:
        found = {"": full_year(year), "H1": months(year, 1, 6), "H2": months(year, 7, 12),
                 "M9": months(year, 1, 9)}[part]  # fmt: skip
    return closing(found) if text.startswith("@") else found


def _compared(measures: tuple[str, ...], periods: frozenset[Period]) -> frozenset[Period]:
    """Return the periods that matter: of a growth a year its ends, of a change the later one."""
    if not periods:
        return periods
    ordered = sorted(periods, key=lambda p: p.end)
    if measures[0].endswith(COMPOUND):
        return frozenset({ordered[0], ordered[-1]})
    if measures[0].endswith((".growth", ".change")) and len(ordered) == 2:
        now, before = ordered[-1], ordered[0]
        return frozenset({now}) if before == year_before(now) else periods
    return periods


def understood(inquiry: Inquiry) -> Plan:
    """Return what a question was understood as, in the form of a Plan."""
    if inquiry.unknown:
        return Plan("unknown")
    if inquiry.beyond is not None:
        return Plan(inquiry.beyond.value)
    if inquiry.unclear:
        return Plan("ambiguous")
    if inquiry.task is Task.TEXT:
        return Plan("text")
    letters = {company.code: letter for letter, company in WORLD.items()}
    every = len(inquiry.companies) == len(WORLD)
    single = len(inquiry.metrics) == 1 or inquiry.task is not Task.RATIO
    merged = inquiry.task in {Task.RATIO, Task.SERIES} and single and inquiry.span is None
    return Plan(
        "lookup" if merged else inquiry.task.value,
        frozenset({"*"} if every else (letters[c.code] for c in inquiry.companies)),
        inquiry.metrics,
        _compared(inquiry.metrics, frozenset(inquiry.periods)),
        frozenset(_more(inquiry)),
    )


def _more(inquiry: Inquiry) -> Iterator[str]:
    if inquiry.unit:
        yield f"unit={inquiry.unit}"
    if inquiry.span is not None:
        yield f"span={inquiry.span.count}{'q' if inquiry.span.step is Step.QUARTER else 'y'}"
    if inquiry.fold is not None and inquiry.task is Task.TOTAL:
        yield inquiry.fold.value
    if inquiry.top and inquiry.task in {Task.RANK, Task.TOTAL}:
        yield f"top={inquiry.top}"
    if inquiry.lowest:
        yield "lowest"
    if inquiry.pairs:
        yield "paired"
    if inquiry.consolidation is Consolidation.PARENT:
        yield "parent"
    if inquiry.counted:
        yield "counted"
    for bound in inquiry.bounds:
        sign = ("<" if bound.below else ">") + ("=" if bound.or_equal else "")
        unit = "%" if bound.unit == "%" else ""
        of = f"{bound.measure + 1}:" if bound.measure else ""
        yield f"{of}bound{sign}{Decimal(bound.value):f}{unit}"
    if inquiry.place:
        yield f"place={inquiry.place}"
    if inquiry.run is not None:
        yield f"run={inquiry.run.count}{'q' if inquiry.run.step is Step.QUARTER else 'y'}"
    if inquiry.turn is not None:
        yield inquiry.turn.value
