"""A short annual report in English, in thousands of RMB, by 拓纹新材 (Towen)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from yanku.testing.samples.company import Company
from yanku.testing.samples.figures import Figures, ratio
from yanku.testing.samples.paper import Paper, Row
from yanku.testing.samples.statements import (
    BALANCE_LINES,
    CASH_LINES,
    INCOME_LINES,
    Line,
    Span,
    growth,
)

YEAR = 2024
COLUMNS = ["", "2024", "2023"]
DEDUCTED = frozenset(
    {
        "total_cost",
        "cost",
        "surcharges",
        "selling",
        "admin",
        "research",
        "finance",
        "nonoperating_expense",
        "tax",
        "operating_out",
        "purchases_paid",
        "staff_paid",
        "taxes_paid",
        "other_operating_paid",
        "investing_out",
        "capex_paid",
        "investments_paid",
        "financing_out",
        "debt_repaid",
        "dividends_interest_paid",
        "other_financing_paid",
    }
)
"""Lines that this company prints in parentheses because they are taken off."""

LEFT_OUT = frozenset({"total_revenue", "continuing_profit", "long_term_equity", "treasury"})


def thousands(value: Decimal) -> str:
    """Print an amount in thousands, negative ones in parentheses."""
    if not value:
        return "–"
    whole = value / 1000
    return f"({-whole:,.0f})" if whole < 0 else f"{whole:,.0f}"


def write_english_report(paper: Paper, company: Company) -> None:
    """Write the whole report."""
    figures = Figures.of(company, Span(YEAR, 4))
    _cover(paper, company)
    _information(paper, company)
    _summary(paper, figures)
    _discussion(paper, figures)
    paper.heading("Consolidated Financial Statements", 1)
    _statement(paper, "income", INCOME_LINES, figures.income, "Consolidated income statement")
    position = "Consolidated statement of financial position"
    _statement(paper, "balance", BALANCE_LINES, figures.balance, position)
    _statement(paper, "cash", CASH_LINES, figures.cash, "Consolidated statement of cash flows")
    _notes(paper, figures)


def _cover(paper: Paper, company: Company) -> None:
    paper.space(190)
    paper.title(company.firm.english, 22)
    paper.title(company.firm.full, 15)
    paper.title("Annual Report 2024", 26, space_before=14)
    paper.space(16)
    paper.title(f"Stock code: {company.firm.code}", 12)
    paper.new_page()


def _information(paper: Paper, company: Company) -> None:
    firm = company.firm
    paper.heading("Corporate information")
    facts = [
        ("Company name", firm.english),
        ("Chinese name", f"{firm.full}（{firm.short}）"),
        ("Stock code", firm.code),
        ("Registered office", firm.address),
        ("Legal representative", firm.representative),
        ("Chief financial officer", firm.accountant),
        ("Company secretary", firm.secretary),
        ("Auditor", firm.auditor),
        ("Shares in issue", f"{firm.group.shares:,}"),
    ]
    rows = [Row(name, (value,), f"profile:{name}") for name, value in facts]
    paper.table("profile", [], rows, [34, 66], amounts_right=False)


def _summary(paper: Paper, figures: Figures) -> None:
    paper.heading("Financial highlights")
    paper.note("RMB'000 unless otherwise stated", right=True)
    lines = [
        ("Revenue", figures.income, "revenue"),
        ("Profit before tax", figures.income, "profit_before_tax"),
        ("Profit attributable to owners of the Company", figures.income, "parent_profit"),
        ("Net cash from operating activities", figures.cash, "operating_net"),
        ("Total assets", figures.balance, "assets"),
        ("Equity attributable to owners of the Company", figures.balance, "parent_equity"),
    ]
    rows = []
    for label, years, key in lines:
        now, before = years[0][key], years[1][key]
        columns = (thousands(now), thousands(before), f"{growth(now, before)}%")
        rows.append(Row(label, columns, key))
    eps = [year["eps"] for year in figures.income]
    columns = (str(eps[0]), str(eps[1]), f"{growth(eps[0], eps[1])}%")
    rows.append(Row("Basic earnings per share (RMB)", columns, "eps"))
    paper.table("key", [*COLUMNS, "Change"], rows, [50, 18, 18, 14])


def _discussion(paper: Paper, figures: Figures) -> None:
    now, before = figures.income
    rise = growth(now["revenue"], before["revenue"])
    margins = [ratio(year["revenue"] - year["cost"], year["revenue"]) for year in figures.income]
    paper.heading("Management discussion and analysis")
    paper.text(
        "Towen develops and manufactures optical films, battery separators and coated fabrics at "
        "two sites in Wuhu and Chuzhou. Its customers are makers of display panels, power "
        "batteries and protective clothing.",
        "business",
    )
    paper.text(
        f"Revenue for the year was RMB{now['revenue'] / 1_000_000:,.1f} million, an increase of "
        f"{rise}% from 2023, driven mainly by the ramp-up of the second coating line at Chuzhou "
        f"and by higher orders for ultra-thin separators. The gross margin was "
        f"{margins[0]}%, compared with {margins[1]}% in 2023, as resin prices fell and the "
        "yield of wide-format optical film improved.",
        "revenue_reason",
    )
    paper.text(
        "Research and development expenses rose as the Group hired 94 engineers and started pilot "
        "production of solid electrolyte films. At the year end the Group employed 3,206 people, "
        "of whom 638 worked in research and development, and held 412 patents.",
        "research_reason",
    )
    paper.text(
        "The Board recommends a final dividend of RMB0.18 per share (2023: RMB0.15), subject to "
        "approval at the annual general meeting on 20 June 2025.",
        "dividend",
    )
    paper.text(
        "Principal risks. Prices of polyethylene resin follow crude oil and cannot always "
        "be passed on to customers. The largest customer accounted for 17.3% of revenue. Export "
        "licences for coated fabrics are renewed every two years.",
        "risk",
    )
    paper.text(
        "Outlook. Capital expenditure of about RMB650 million is planned for 2025, most of it for "
        "a third separator line with an annual capacity of 180 million square metres.",
        "plan",
    )
    paper.new_page()


def _statement(
    paper: Paper,
    name: str,
    lines: Sequence[Line],
    years: Sequence[Mapping[str, Decimal]],
    title: str,
) -> None:
    paper.heading(title)
    date = "As at 31 December 2024" if name == "balance" else "For the year ended 31 December 2024"
    paper.note(date)
    paper.note("RMB'000", right=True)
    rows = []
    for line in lines:
        if not line.en or line.key in LEFT_OUT:
            continue
        columns = tuple(_cell(line.key, year) for year in years)
        rows.append(
            Row(line.en, columns, line.key, line.indent, bool(line.key) and not line.indent)
        )
    paper.table(name, COLUMNS, rows, [60, 20, 20])


def _cell(key: str, values: Mapping[str, Decimal]) -> str:
    if not key:
        return ""
    if key in ("eps", "diluted_eps"):
        return str(values[key])
    return thousands(-values[key] if key in DEDUCTED else values[key])


def _notes(paper: Paper, figures: Figures) -> None:
    firm, (now, before) = figures.company.firm, figures.income
    paper.heading("Note 5. Revenue by product")
    paper.note("RMB'000", right=True)
    rest = [now["revenue"], before["revenue"]]
    rows = []
    for product, share in zip(firm.products, firm.product_shares, strict=True):
        parts = [_thousand(year["revenue"] * share) for year in (now, before)]
        rest = [left - part for left, part in zip(rest, parts, strict=True)]
        rows.append(Row(product, tuple(map(thousands, parts)), f"segment:{product}"))
    rows.append(Row("Other", tuple(map(thousands, rest)), "segment:Other"))
    totals = (thousands(now["revenue"]), thousands(before["revenue"]))
    rows.append(Row("Total", totals, "revenue", strong=True))
    paper.table("segments", COLUMNS, rows, [60, 20, 20])


def _thousand(amount: Decimal) -> Decimal:
    return (amount / 1000).quantize(Decimal(1), ROUND_HALF_UP) * 1000
