"""American reports say what their lines are in their own way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.american import BALANCE, FLOWS, INCOME, MILLIONS, TOWEN, YEAR, found
from tests.statements_read import GROUP, note, read, spanning, table, title, values

from yanku.finance.ontology import Ontology
from yanku.model.amount import read_amount
from yanku.model.document import Block, Paragraph, Role, Table
from yanku.model.finance import Period, Profile, ReportKind
from yanku.model.place import OnPage

# ── lines ───────────────────────────────────────────────────────────────────────────────────────


def statement(*rows: tuple[str, str, str], name: str = INCOME) -> tuple[Block, Table]:
    return title(name), table([["", "2023", "2022"], *map(list, rows)], MILLIONS)


def test_operating_income_below_sales_is_a_profit_and_alone_it_is_a_revenue(
    ontology: Ontology,
) -> None:
    below = statement(("Net sales", "900", "800"), ("Operating income", "90", "80"))
    assert found(read(ontology, YEAR, *below))["operating_profit"] == Decimal(90_000_000)
    alone = statement(("Operating income", "90", "80"), ("Operating expenses", "50", "40"))
    facts = found(read(ontology, YEAR, *alone))
    assert "operating_profit" not in facts
    assert facts["operating_revenue"] == Decimal(90_000_000)


def test_numbers_of_shares_are_no_earnings_per_share(ontology: Ontology) -> None:
    blocks = statement(
        ("Earnings per share:", "", ""),
        ("Basic", "$1.29", "$0.44"),
        ("Diluted", "$1.25", "$0.43"),
        ("Weighted-average common shares outstanding:", "", ""),
        ("Basic", "431", "428"),
        ("Diluted", "446", "438"),
    )
    facts = read(ontology, YEAR, *blocks)
    assert sorted({f.amount.value for f in facts}) == [
        Decimal("0.43"), Decimal("0.44"), Decimal("1.25"), Decimal("1.29"),
    ]  # fmt: skip
    assert {f.amount.unit for f in facts} == {"USD/share"}


def test_a_profit_under_a_heading_of_earnings_per_share_is_one_per_share(
    ontology: Ontology,
) -> None:
    rows = [["", "2023", "2022"], ["Net income attributable to Towen", "2,327", "2,106"],
            ["Diluted Earnings Per Common Share", "", ""],
            ["Net income attributable to Towen", "$5.06", "$5.32"]]  # fmt: skip
    blocks = title(INCOME), table(rows, MILLIONS)
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["net_profit_attributable"] == Decimal(2_327_000_000)
    assert "diluted_eps" in facts


def test_the_companys_own_name_in_a_label_stands_for_the_company(ontology: Ontology) -> None:
    blocks = statement(
        ("Total assets", "900", "800"),
        ("Total Towen Materials, Inc. shareholders’ equity", "300", "280"),
        ("Noncontrolling interests", "20", "20"),
        ("Total equity", "320", "300"),
        name=BALANCE,
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["equity_attributable"] == Decimal(300_000_000)
    assert facts["total_equity"] == Decimal(320_000_000)


def test_the_cost_of_one_kind_of_sales_is_not_the_cost_of_all(ontology: Ontology) -> None:
    blocks = statement(
        ("Total revenues", "900", "800"), ("Cost of products", "500", "400"),
        ("Cost of services", "100", "90"), ("Operating income", "200", "180"),
    )  # fmt: skip
    assert "operating_cost" not in found(read(ontology, YEAR, *blocks))


def test_what_is_left_after_depreciation_is_the_fixed_assets(ontology: Ontology) -> None:
    blocks = statement(
        ("Property, plant and equipment", "24,873", "24,914"),
        ("Less: Accumulated depreciation", "(16,135)", "(16,048)"),
        ("Property, plant and equipment — net", "8,738", "8,866"),
        ("Trade receivables, net of allowance for credit losses of $21 and $25", "1,875", "1,9"),
        name=BALANCE,
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["fixed_assets"] == Decimal(8_738_000_000)
    assert facts["accounts_receivable"] == Decimal(1_875_000_000)


def test_a_printed_total_of_revenues_is_the_revenue_and_none_of_its_parts(
    ontology: Ontology,
) -> None:
    blocks = statement(
        ("Net sales", "900", "800"), ("Membership fees", "100", "90"),
        ("Total revenues", "1,000", "890"),
        ("Cost of products", "300", "250"), ("Total cost of revenue", "400", "350"),
    )  # fmt: skip
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["operating_revenue"] == Decimal(1_000_000_000)
    assert facts["operating_cost"] == Decimal(400_000_000)


@pytest.mark.parametrize(("printed", "tax"), [("(30)", 30), ("30", 30)])
def test_a_tax_in_brackets_is_a_tax_where_it_is_taken_away(
    printed: str, tax: int, ontology: Ontology
) -> None:
    blocks = statement(
        ("Revenues", "900", "800"), ("Cost of revenues", "600", "500"),
        ("General and administrative", "100", "90"), ("Interest expense", "(20)", "(10)"),
        ("Income before income taxes", "180", "200"), ("Provision for income taxes", printed, "40"),
        ("Net income", "150", "160"),
    )  # fmt: skip
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["income_tax"] == tax * 1_000_000
    assert facts["interest_expense"] == Decimal(20_000_000)


def test_a_benefit_from_taxes_stays_one(ontology: Ontology) -> None:
    blocks = statement(
        ("Income before income taxes", "485", "260"),
        ("Provision for (benefit from) income taxes", "(73)", "74"),
        ("Net income", "558", "186"),
    )
    assert found(read(ontology, YEAR, *blocks))["income_tax"] == Decimal(-73_000_000)


def test_a_single_payment_in_a_statement_of_cash_flows_is_a_positive_amount(
    ontology: Ontology,
) -> None:
    blocks = statement(
        ("Net cash provided by (used in) operating activities", "6,439", "6,240"),
        ("Purchases of property, plant and equipment (PP&E)", "(1,577)", "(1,373)"),
        name=FLOWS,
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["capital_expenditure"] == Decimal(1_577_000_000)
    assert facts["net_cash_operating"] == Decimal(6_439_000_000)


def test_restricted_cash_is_not_the_cash_and_cash_equivalents(ontology: Ontology) -> None:
    sheet = statement(("Cash and cash equivalents", "40", "30"), ("Total assets", "9", "8"),
                      name=BALANCE)  # fmt: skip
    flows = statement(
        ("Cash, cash equivalents and restricted cash at end of period", "55", "45"), name=FLOWS
    )
    facts = found(read(ontology, YEAR, *sheet, *flows))
    assert facts["closing_cash"] == Decimal(40_000_000)
    assert facts["closing_cash_with_restricted"] == Decimal(55_000_000)


# ── what is no statement, and on what scale it is ───────────────────────────────────────────────


def test_a_sentence_about_a_statement_titles_none(ontology: Ontology) -> None:
    lead = note("The following amounts were recorded in the consolidated balance sheets:")
    rows = [["", "2023", "2022"], ["Other current assets", "16", "3"]]
    assert read(ontology, YEAR, lead, table(rows, MILLIONS)) == ()


def test_statements_under_a_running_title_of_a_guarantee_are_not_the_companys(
    ontology: Ontology,
) -> None:
    head = Paragraph("Deed of Cross Guarantee", OnPage(1), Role.HEADER)
    assert read(ontology, YEAR, head, *statement(("Net sales", "377", "391"))) == ()


def test_figures_that_say_no_scale_are_none_in_a_report_that_counts_in_millions(
    ontology: Ontology,
) -> None:
    rows = [["", "2023", "2022"], ["Total assets", "$13,952", "$15,051"]]
    income = statement(("Net sales", "377", "391"))
    facts = read(ontology, YEAR, *income, title(BALANCE), table(rows, ""))
    assert "total_assets" not in found(facts)
    alone = read(ontology, YEAR, title(BALANCE), table(rows, ""))
    assert found(alone)["total_assets"] == Decimal(13_952)


def test_a_balance_sheet_goes_on_after_lines_without_figures(ontology: Ontology) -> None:
    first = statement(("Total assets", "900", "800"), ("Total liabilities", "580", "500"),
                      name=BALANCE)  # fmt: skip
    rest = [["Retained earnings", "$65", "$34"], ["Total equity", "$320", "$300"]]
    facts = read(
        ontology, YEAR, *first, note("Commitments and contingencies (See Note 20)"),
        title("Shareholders' Equity"), table(rest, ""),
    )  # fmt: skip
    assert found(facts)["total_equity"] == Decimal(320_000_000)
    assert {f.consolidation for f in facts} == {GROUP}


def test_a_banks_operating_income_below_interest_expense_is_its_revenue(
    ontology: Ontology,
) -> None:
    blocks = statement(
        ("Interest income", "90", "80"), ("Interest expense", "(40)", "(30)"),
        ("Net interest income", "50", "50"), ("Operating income", "70", "60"),
        ("Operating expenses", "(30)", "(20)"),
    )  # fmt: skip
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["operating_revenue"] == Decimal(70_000_000)
    assert "operating_profit" not in facts


def test_a_line_that_calls_itself_revenue_is_it_beside_a_total_with_other_income(
    ontology: Ontology,
) -> None:
    blocks = statement(
        ("Revenue", "900", "800"), ("Other income", "50", "40"), ("Total revenue", "950", "840")
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["operating_revenue"] == Decimal(900_000_000)
    assert facts["total_operating_revenue"] == Decimal(950_000_000)


def test_a_statement_in_yuan_is_read_beside_a_list_in_ten_thousands(ontology: Ontology) -> None:
    listed = table([["项目", "2023年"], ["营业收入", "60.50"]], "万元")
    sheet = table([["项目", "2023年12月31日"], ["资产总计", "100.50"]], "元")
    facts = read(
        ontology, YEAR, title("主要会计数据和财务指标"), listed, title("合并资产负债表"), sheet
    )
    assert found(facts)["total_assets"] == Decimal("100.5")


def test_a_statement_over_so_many_weeks_is_titled_by_what_stands_above(ontology: Ontology) -> None:
    rows = [["", "52 Weeks Ended", ""], ["", "January 28, 2023", "January 29, 2022"],
            ["Capital expenditures", "(312)", "(172)"]]  # fmt: skip
    profile = Profile("", TOWEN, ReportKind.ANNUAL, False,
                      Period(date(2023, 1, 28), date(2022, 2, 1)))  # fmt: skip
    facts = read(
        ontology, profile, title(FLOWS), note("(In thousands)"),
        spanning(rows, {(0, 1): 2}, "$ in thousands"),
    )  # fmt: skip
    assert values(facts, "capital_expenditure") == {
        Period(date(2023, 1, 28), date(2022, 2, 1)): Decimal(312_000),
        Period(date(2022, 1, 29), date(2021, 2, 1)): Decimal(172_000),
    }


def test_shares_bought_back_are_not_those_kept_for_taxes(ontology: Ontology) -> None:
    blocks = statement(
        ("Share buyback/cancellations", "(432)", "(601)"),
        ("Purchase of treasury shares", "(221)", "(143)"),
        name=FLOWS,
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["share_repurchases"] == Decimal(432_000_000)


def test_a_tax_stays_a_tax_where_profits_of_affiliates_stand_between(ontology: Ontology) -> None:
    blocks = statement(
        ("Earnings before income taxes", "2,135.6", "2,082.0"), ("Income taxes", "57.3", "367.8"),
        ("After-tax earnings from joint ventures", "84.7", "72.0"),
        ("Net earnings", "2,163.0", "1,786.2"),
    )  # fmt: skip
    facts = read(ontology, YEAR, *blocks)
    assert found(facts)["income_tax"] == Decimal(57_300_000)
    assert all(check.passed for fact in facts for check in fact.checks)


def test_a_profit_in_a_note_on_earnings_per_share_is_no_profit_on_another_scale(
    ontology: Ontology,
) -> None:
    rows = [["", "2023", "2022"], ["Basic earnings per share:", "", ""],
            ["Net income", "558,929", "186,678"], ["Basic", "$1.29", "$0.44"],
            ["Shares used in computation:", "", ""], ["Diluted", "752", "790"]]  # fmt: skip
    facts = read(ontology, YEAR, title("Selected financial data"), table(rows, ""))
    assert {(f.metric, f.amount.value) for f in facts} == {
        ("basic_eps", Decimal("1.29")),
        ("basic_eps", Decimal("0.44")),
    }


def test_money_left_as_printed_among_millions_is_on_no_known_scale(ontology: Ontology) -> None:
    blocks = statement(("Cash and cash equivalents", "$40", "$30"), name=BALANCE)
    sheet = blocks[1]
    plain = tuple(
        replace(c, amount=read_amount(c.text)) if c.text.startswith("$") else c for c in sheet.cells
    )
    left = replace(sheet, cells=plain)
    assert read(ontology, YEAR, blocks[0], left) == ()


def test_consolidated_net_income_attributable_to_the_company_is_its_own(
    ontology: Ontology,
) -> None:
    blocks = statement(
        ("Consolidated net income", "105", "142"),
        ("Consolidated net income attributable to noncontrolling interest", "(7)", "(6)"),
        ("Consolidated net income attributable to Towen", "98", "136"),
    )
    facts = found(read(ontology, YEAR, *blocks))
    assert facts["net_profit"] == Decimal(105_000_000)
    assert facts["net_profit_attributable"] == Decimal(98_000_000)
    assert facts["minority_profit"] == Decimal(7_000_000)
