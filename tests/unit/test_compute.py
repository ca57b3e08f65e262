"""Findings are exact, cited, and chosen as an analyst would choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.finance.choose import Sourced
from yanku.finance.compute import settle, wanted
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import closing, full_year, months, quarter
from yanku.model.amount import Amount
from yanku.model.finance import (
    Check,
    Consolidation,
    Statement,
)
from yanku.model.inquiry import Finding, Missing
from yanku.model.place import OnPage


def ask(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    inquiry = understand(question, [WATER, TOOLS], ontology, TODAY)
    query = wanted(inquiry, ontology)
    given = [
        (f, e)
        for f, e in facts
        if f.company.code in query.companies
        and f.metric in query.metrics
        and (not query.period_ends or f.period.end in query.period_ends)
        and f.consolidation.value == query.consolidation
    ]
    return settle(inquiry, given, ontology)


def amount(found: Finding | Missing) -> Decimal:
    assert isinstance(found, Finding), found
    assert found.amount is not None
    return found.amount.value


Y23, Y22, Y21 = full_year(2023), full_year(2022), full_year(2021)
R23, R22 = entry("2023年报", Y23), entry("2022年报", Y22)


def test_a_value_is_the_fact_itself(ontology: Ontology) -> None:
    found = ask(
        "东海水务2023年营业收入", [(fact("operating_revenue", "12.34", Y23), R23)], ontology
    )
    assert amount(found) == Decimal("12.34")
    assert isinstance(found, Finding)
    assert found.formula == ""
    assert [operand.entry.id for operand in found.operands] == ["2023年报"]


def test_the_report_on_the_period_itself_comes_before_later_comparatives(
    ontology: Ontology,
) -> None:
    facts = [
        (fact("operating_revenue", "111", Y22, restated=True), R23),
        (fact("operating_revenue", "100", Y22), R22),
    ]
    found = ask("东海水务2022年营业收入", facts, ontology)
    assert amount(found) == Decimal(100)
    assert isinstance(found, Finding)
    assert any("111" in text for text in found.assumptions)


def test_without_its_own_report_the_comparative_is_used_and_said(ontology: Ontology) -> None:
    found = ask("东海水务2022年营业收入", [(fact("operating_revenue", "100", Y22), R23)], ontology)
    assert amount(found) == Decimal(100)
    assert isinstance(found, Finding)
    assert any("2023年" in text for text in found.assumptions)


def test_a_statement_is_cited_before_key_indicators(ontology: Ontology) -> None:
    key = fact("operating_revenue", "100", Y23, statement=Statement.KEY_INDICATORS)
    found = ask("东海水务2023年营业收入",
                [(key, R23), (fact("operating_revenue", "100", Y23), R23)], ontology)  # fmt: skip
    assert isinstance(found, Finding)
    assert found.operands[0].fact.statement is Statement.INCOME


def test_a_rounded_indicator_agrees_with_its_exact_statement(ontology: Ontology) -> None:
    key = fact("operating_revenue", "123450000", Y23, statement=Statement.KEY_INDICATORS)
    exact = fact("operating_revenue", "123454321.12", Y23)
    found = ask("东海水务2023年营业收入", [(key, R23), (exact, R23)], ontology)
    assert amount(found) == Decimal("123454321.12")


def test_two_equally_good_figures_that_differ_settle_nothing(ontology: Ontology) -> None:
    facts = [
        (fact("operating_revenue", "100", Y23), R23),
        (fact("operating_revenue", "999", Y23, statement=Statement.KEY_INDICATORS), R23),
    ]
    assert isinstance(ask("东海水务2023年营业收入", facts, ontology), Missing)


def test_a_figure_that_passed_its_identity_beats_one_that_was_never_tested(
    ontology: Ontology,
) -> None:
    passed = (Check("net_profit=before_tax-tax", passed=True),)
    facts = [
        (fact("net_profit", "100", Y23, checks=passed), R23),
        (fact("net_profit", "999", Y23, statement=Statement.KEY_INDICATORS), R23),
    ]
    assert amount(ask("东海水务2023年净利润", facts, ontology)) == Decimal(100)


def test_a_figure_that_failed_its_identity_is_not_used(ontology: Ontology) -> None:
    failed = (Check("net_profit=before_tax-tax", passed=False),)
    bad = (fact("net_profit", "100", Y23, checks=failed), R23)
    assert isinstance(ask("东海水务2023年净利润", [bad], ontology), Missing)


def test_a_corrected_report_replaces_the_first_one(ontology: Ontology) -> None:
    first = entry("年报", Y23, published=date(2024, 3, 30))
    corrected = entry("年报（更正后）", Y23, published=date(2024, 6, 30))
    facts = [
        (fact("operating_revenue", "100", Y23), first),
        (fact("operating_revenue", "101", Y23), corrected),
    ]
    assert amount(ask("东海水务2023年营业收入", facts, ontology)) == Decimal(101)


def test_the_parents_figure_is_never_the_groups(ontology: Ontology) -> None:
    parent = fact("operating_revenue", "7", Y23, consolidation=Consolidation.PARENT)
    assert isinstance(ask("东海水务2023年营业收入", [(parent, R23)], ontology), Missing)
    assert amount(ask("东海水务母公司2023年营业收入", [(parent, R23)], ontology)) == Decimal(7)


def test_growth_uses_the_comparative_of_the_same_document(ontology: Ontology) -> None:
    facts = [
        (fact("operating_revenue", "120", Y23), R23),
        (fact("operating_revenue", "80", Y22, restated=True), R23),
        (fact("operating_revenue", "100", Y22), R22),
    ]
    found = ask("东海水务2023年营业收入同比增长百分之多少", facts, ontology)
    assert amount(found) == Decimal(50)
    assert isinstance(found, Finding)
    assert [o.entry.id for o in found.operands] == ["2023年报", "2023年报"]


def test_growth_falls_back_to_the_report_of_the_year_before(ontology: Ontology) -> None:
    facts = [
        (fact("operating_revenue", "120", Y23), R23),
        (fact("operating_revenue", "100", Y22), R22),
    ]
    assert amount(ask("东海水务2023年营业收入同比增长多少", facts, ontology)) == Decimal(20)


def test_two_named_years_are_each_as_first_reported_and_the_other_basis_is_told(
    ontology: Ontology,
) -> None:
    facts = [
        (fact("operating_revenue", "120", Y23), R23),
        (fact("operating_revenue", "80", Y22, restated=True), R23),
        (fact("operating_revenue", "100", Y22), R22),
    ]
    found = ask("东海水务2023年营业收入相比2022年变动了百分之多少", facts, ontology)
    assert amount(found) == Decimal(20)
    assert isinstance(found, Finding)
    assert any("50" in text for text in found.assumptions)


def test_growth_from_a_loss_is_measured_against_its_size(ontology: Ontology) -> None:
    facts = [(fact("net_profit", "50", Y23), R23), (fact("net_profit", "-100", Y22), R23)]
    assert amount(ask("东海水务2023年净利润同比增长率", facts, ontology)) == Decimal(150)


def test_growth_from_nothing_is_missing_and_not_an_error(ontology: Ontology) -> None:
    facts = [(fact("net_profit", "50", Y23), R23), (fact("net_profit", "0", Y22), R23)]
    assert isinstance(ask("东海水务2023年净利润同比增长率", facts, ontology), Missing)


def test_a_change_in_money_is_a_difference(ontology: Ontology) -> None:
    facts = [(fact("net_profit", "50.5", Y23), R23), (fact("net_profit", "20.25", Y22), R23)]
    found = ask("东海水务2023年净利润增加了多少元", facts, ontology)
    assert amount(found) == Decimal("30.25")


def test_a_ratio_is_calculated_by_its_formula(ontology: Ontology) -> None:
    at = closing(Y23)
    balance = Statement.BALANCE_SHEET
    facts = [
        (fact("total_liabilities", "30", at, statement=balance), R23),
        (fact("total_assets", "90", at, statement=balance), R23),
    ]
    found = ask("东海水务2023年末资产负债率", facts, ontology)
    assert round(amount(found), 6) == Decimal("33.333333")
    assert isinstance(found, Finding)
    assert found.amount is not None
    assert found.amount.unit == "%"
    assert len(found.operands) == 2


def test_a_ratio_is_calculated_by_other_lines_where_a_line_lacks(ontology: Ontology) -> None:
    facts = [
        (fact("profit_before_tax", "80", Y23), R23),
        (fact("interest_expense", "20", Y23), R23),
    ]
    found = ask("东海水务2023年利息保障倍数", facts, ontology)
    assert amount(found) == Decimal(5)
    assert isinstance(found, Finding)
    assert found.formula == "(利润总额 + 利息支出) ÷ 利息支出"
    own = [*facts, (fact("finance_interest_expense", "10", Y23), R23)]
    assert amount(ask("东海水务2023年利息保障倍数", own, ontology)) == Decimal(9)


def test_a_ratio_that_a_report_prints_is_looked_up(ontology: Ontology) -> None:
    printed = fact("printed_gross_margin", "41.2", Y23, unit="%", statement=Statement.OTHER)
    found = ask("东海水务2023年毛利率", [(printed, R23)], ontology)
    assert amount(found) == Decimal("41.2")


def test_a_ratio_over_averages_takes_opening_and_closing(ontology: Ontology) -> None:
    balance = Statement.BALANCE_SHEET
    facts = [
        (fact("operating_revenue", "300", Y23), R23),
        (fact("total_assets", "200", closing(Y23), statement=balance), R23),
        (fact("total_assets", "100", closing(Y22), statement=balance), R23),
    ]
    assert amount(ask("东海水务2023年总资产周转率", facts, ontology)) == Decimal(2)


def test_a_change_of_a_ratio_is_in_percentage_points(ontology: Ontology) -> None:
    facts = [
        (fact(metric, value, period), R23)
        for metric, value, period in (
            ("operating_revenue", "200", Y23), ("operating_cost", "100", Y23),
            ("operating_revenue", "100", Y22), ("operating_cost", "60", Y22),
        )
    ]  # fmt: skip
    found = ask("东海水务2023年毛利率比上年提高了多少", facts, ontology)
    assert isinstance(found, Finding)
    assert found.amount == Amount(Decimal(10), "pp")


def test_a_share_of_one_figure_in_another(ontology: Ontology) -> None:
    facts = [
        (fact("rd_expenses", "5", Y23), R23),
        (fact("operating_revenue", "40", Y23), R23),
    ]
    found = ask("东海水务2023年研发费用占营业收入的比例", facts, ontology)
    assert amount(found) == Decimal("12.5")


def test_a_quarter_that_is_not_printed_is_the_difference_of_two_that_are(
    ontology: Ontology,
) -> None:
    nine, six = months(2024, 1, 9), months(2024, 1, 6)
    facts = [
        (fact("rd_expenses", "90", nine), entry("三季报", nine)),
        (fact("rd_expenses", "55", six), entry("半年报", six)),
    ]
    found = ask("东海水务2024年第三季度研发费用", facts, ontology)
    assert amount(found) == Decimal(35)
    printed = (fact("rd_expenses", "36", quarter(2024, 3)), entry("三季报", nine))
    assert amount(ask("东海水务2024年第三季度研发费用", [*facts, printed], ontology)) == Decimal(36)


def test_a_comparison_chooses_the_company_as_the_question_names_it(ontology: Ontology) -> None:
    facts = [
        (fact("net_profit", "5", Y23), R23),
        (fact("net_profit", "-7", Y23, company=TOOLS), entry("b", Y23, TOOLS)),
    ]
    high = ask("东海水务和北岭机床2023年净利润谁更高", facts, ontology)
    low = ask("东海水务和北岭机床2023年净利润谁更低", facts, ontology)
    assert isinstance(high, Finding)
    assert isinstance(low, Finding)
    assert (high.choice, low.choice) == ("东海水务", "北岭机床")
    assert len(high.operands) == 2


def test_a_comparison_with_one_side_missing_is_missing(ontology: Ontology) -> None:
    found = ask(
        "东海水务和北岭机床2023年净利润谁更高", [(fact("net_profit", "5", Y23), R23)], ontology
    )
    assert isinstance(found, Missing)
    assert "北岭机床" in found.what


def test_equal_sides_share_the_first_place(ontology: Ontology) -> None:
    facts = [
        (fact("net_profit", "5", Y23), R23),
        (fact("net_profit", "5", Y23, company=TOOLS), entry("b", Y23, TOOLS)),
    ]
    found = ask("东海水务和北岭机床2023年净利润谁更高", facts, ontology)
    assert isinstance(found, Finding)
    assert (found.choice, found.tied) == ("东海水务、北岭机床", True)


def test_amounts_in_different_currencies_are_not_compared(ontology: Ontology) -> None:
    facts = [
        (fact("net_profit", "5", Y23), R23),
        (fact("net_profit", "4", Y23, company=TOOLS, unit="USD"), entry("b", Y23, TOOLS)),
    ]
    assert isinstance(ask("东海水务和北岭机床2023年净利润谁更高", facts, ontology), Missing)


def test_the_best_year_of_one_company(ontology: Ontology) -> None:
    facts = [(fact("net_profit", v, p), R23) for v, p in (("5", Y23), ("9", Y22), ("3", Y21))]
    found = ask("东海水务2021-2023年哪一年净利润最高", facts, ontology)
    assert isinstance(found, Finding)
    assert found.choice == "2022年"


def test_several_figures_at_once_have_no_single_amount(ontology: Ontology) -> None:
    facts = [
        (fact("net_profit", "5", Y23), R23),
        (fact("operating_revenue", "50", Y23), R23),
    ]
    found = ask("东海水务2023年营业收入和净利润分别是多少", facts, ontology)
    assert isinstance(found, Finding)
    assert found.amount is None
    assert [o.name for o in found.operands] == ["营业收入", "净利润"]


def test_without_a_period_the_latest_is_taken_and_said(ontology: Ontology) -> None:
    facts = [(fact("net_profit", "5", Y23), R23), (fact("net_profit", "4", Y22), R22)]
    found = ask("东海水务的净利润是多少", facts, ontology)
    assert amount(found) == Decimal(5)
    assert isinstance(found, Finding)
    assert any("2023年" in text for text in found.assumptions)


def test_a_year_that_is_not_there_is_missing(ontology: Ontology) -> None:
    facts = [(fact("net_profit", "5", Y23), R23)]
    for question in ("东海水务2012年净利润", "东海水务2031年净利润同比增长多少"):
        assert isinstance(ask(question, facts, ontology), Missing)


def test_an_unknown_company_is_missing_whatever_facts_there_are(ontology: Ontology) -> None:
    found = ask("比邻星科2023年净利润是多少", [(fact("net_profit", "5", Y23), R23)], ontology)
    assert found == Missing("比邻星科")


def test_missing_tells_whether_the_report_itself_is_here(ontology: Ontology) -> None:
    at = closing(Y23)
    here = [(fact("total_assets", "90", at, statement=Statement.BALANCE_SHEET), R23)]
    found = ask("东海水务2023年研发费用", here, ontology)
    assert isinstance(found, Missing)
    assert found.documents_exist
    assert "研发费用" in found.what
    elsewhere = ask("东海水务2021年研发费用", here, ontology)
    assert isinstance(elsewhere, Missing)
    assert not elsewhere.documents_exist


def test_the_same_figure_elsewhere_is_named_beside_it(ontology: Ontology) -> None:
    other = entry("2024年报", full_year(2024))
    facts = [
        (fact("operating_revenue", "12.34", Y23), R23),
        (fact("operating_revenue", "12.34", Y23, page=9), R23),
        (fact("operating_revenue", "12.34", Y23, page=7), other),
        (fact("operating_revenue", "12.35", Y23, page=8), other),
    ]
    found = ask("东海水务2023年营业收入", facts[:3], ontology)
    assert isinstance(found, Finding)
    assert [(o.entry.id, o.fact.place) for o in found.also] == [
        ("2023年报", OnPage(9)),
        ("2024年报", OnPage(7)),
    ]
    alone = ask("东海水务2023年营业收入", [facts[0], facts[3]], ontology)
    assert isinstance(alone, Finding)
    assert alone.also == ()
