"""Facts are what the company's own statements print, and nothing else is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements_read import (
    ANNUAL,
    BALANCE,
    GROUP,
    PARENT,
    Q3,
    note,
    read,
    table,
    title,
    values,
)

from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.model.finance import (
    Period,
    Profile,
    Statement,
)
from yanku.model.place import OnPage


def test_a_quarterly_balance_sheet_opens_at_the_last_year_end(ontology: Ontology) -> None:
    facts = read(ontology, Q3, title("合并资产负债表"), note("单位：元"), table(BALANCE))
    assert values(facts, "total_assets") == {
        Period(date(2024, 9, 30)): Decimal(100),
        Period(date(2023, 12, 31)): Decimal(90),
    }
    assert {fact.statement for fact in facts} == {Statement.BALANCE_SHEET}


def test_the_parent_company_is_kept_apart(ontology: Ontology) -> None:
    parent = [list(row) for row in BALANCE]
    parent[2][1] = "11.00"
    blocks = (
        title("1、合并资产负债表"),
        table(BALANCE),
        title("2、母公司资产负债表"),
        table(parent),
    )
    facts = read(ontology, Q3, *blocks)
    cash = {
        fact.consolidation: fact.amount.value
        for fact in facts
        if fact.metric == "monetary_funds" and fact.period.end == date(2024, 9, 30)
    }
    assert cash == {GROUP: Decimal(40), PARENT: Decimal(11)}


def test_a_statement_of_no_named_owner_beside_a_consolidated_one_is_the_parents(
    ontology: Ontology,
) -> None:
    blocks = (title("合并资产负债表"), table(BALANCE), title("资产负债表"), table(BALANCE))
    facts = read(ontology, Q3, *blocks)
    assert {fact.consolidation for fact in facts} == {GROUP, PARENT}
    alone = read(ontology, Q3, title("资产负债表"), table(BALANCE))
    assert {fact.consolidation for fact in alone} == {GROUP}


def test_columns_for_group_and_company_are_told_apart(ontology: Ontology) -> None:
    rows = [
        ["项目", "2023年12月31日 合并", "2023年12月31日 公司"],
        ["资产总计", "100.00", "80.00"],
    ]
    facts = read(ontology, ANNUAL, title("合并及公司资产负债表"), table(rows))
    assert {fact.consolidation: fact.amount.value for fact in facts} == {
        GROUP: Decimal(100),
        PARENT: Decimal(80),
    }


def test_a_statement_goes_on_over_a_page_without_its_empty_notes_column(
    ontology: Ontology,
) -> None:
    first = table(
        [["项目", "附注", "2023年度", "2022年度"], ["一、营业收入", "5", "10.50", "9.50"]]
    )
    second = table([["四、净利润（净亏损以“－”号填列）", "3.25", "2.75"]], page=2)
    facts = read(ontology, ANNUAL, title("合并利润表"), first, second)
    assert values(facts, "operating_revenue")[full_year(2023)] == Decimal("10.5")
    assert values(facts, "net_profit") == {
        full_year(2023): Decimal("3.25"),
        full_year(2022): Decimal("2.75"),
    }


def test_a_table_that_contradicts_the_one_it_seems_to_continue_is_dropped(
    ontology: Ontology,
) -> None:
    other = [list(row) for row in BALANCE]
    other[2][1] = "11.00"
    facts = read(ontology, Q3, title("合并资产负债表"), table(BALANCE), table(other))
    assert values(facts, "monetary_funds")[Period(date(2024, 9, 30))] == Decimal(40)
    assert len([f for f in facts if f.metric == "monetary_funds"]) == 2


def test_the_quarter_alone_and_the_year_so_far_are_told_apart(ontology: Ontology) -> None:
    rows = [
        [
            "项目",
            "本报告期",
            "本报告期比上年同期增减(%)",
            "年初至报告期末",
            "年初至报告期末比上年同期增减(%)",
        ],
        ["营业收入", "33.10", "-15.51", "99.20", "-15.87"],
        ["", "本报告期末", "上年度末", "本报告期末比上年度末增减(%)", ""],
        ["总资产", "400.50", "390.50", "2.56", ""],
    ]
    facts = read(ontology, Q3, title("（一）主要会计数据和财务指标"), table(rows))
    assert values(facts, "operating_revenue") == {
        quarter(2024, 3): Decimal("33.1"),
        months(2024, 1, 9): Decimal("99.2"),
    }
    assert values(facts, "total_assets") == {
        Period(date(2024, 9, 30)): Decimal("400.5"),
        Period(date(2023, 12, 31)): Decimal("390.5"),
    }


def test_a_quarterly_income_statement_is_the_year_so_far(ontology: Ontology) -> None:
    rows = [["项目", "本期发生额", "上期发生额"], ["一、营业总收入", "99.20", "88.10"]]
    facts = read(ontology, Q3, title("2、合并年初到报告期末利润表"), table(rows))
    assert values(facts, "total_operating_revenue") == {
        months(2024, 1, 9): Decimal("99.2"),
        months(2023, 1, 9): Decimal("88.1"),
    }


def test_restated_and_first_reported_comparatives_are_told_apart(ontology: Ontology) -> None:
    rows = [
        ["", "2023年", "2022年", "", "本年比上年增减"],
        ["", "", "调整前", "调整后", "调整后"],
        ["营业收入", "12.10", "11.10", "11.30", "7.08%"],
        ["加权平均净资产收益率", "6.63%", "6.08%", "6.09%", "0.54%"],
    ]
    facts = read(ontology, ANNUAL, title("主要会计数据和财务指标"), table(rows))
    of_2022 = {f.restated: f.amount.value for f in facts if f.period == full_year(2022)
               and f.metric == "operating_revenue"}  # fmt: skip
    assert of_2022 == {False: Decimal("11.1"), True: Decimal("11.3")}
    assert {f.amount.unit for f in facts if f.metric == "weighted_roe"} == {"%"}
    assert not [f for f in facts if f.amount.value == Decimal("7.08")]


def test_per_share_values_do_not_take_the_scale_of_the_table(ontology: Ontology) -> None:
    rows = [
        ["项目", "2023年", "2022年"],
        ["营业收入", "12", "11"],
        ["基本每股收益（元/股）", "4.93", "4.34"],
    ]
    facts = read(ontology, ANNUAL, title("主要会计数据"), table(rows, "千元"))
    assert values(facts, "operating_revenue")[full_year(2023)] == Decimal(12_000)
    eps = next(f for f in facts if f.metric == "basic_eps" and f.period == full_year(2023))
    assert (eps.amount.value, eps.amount.unit) == (Decimal("4.93"), "CNY/share")


def test_a_label_on_several_lines_is_one_label(ontology: Ontology) -> None:
    rows = [
        ["", "2023年", "2022年"],
        ["归属于上市公司股东", "9.10", "7.10"],
        ["的扣除非经常性损益", "", ""],
        ["的净利润（元）", "", ""],
        ["归属于上市公司股东的", "", ""],
        ["净利润", "9.90", "7.90"],
    ]
    facts = read(ontology, ANNUAL, title("主要会计数据"), table(rows))
    assert values(facts, "net_profit_excluding_non_recurring")[full_year(2023)] == Decimal("9.1")
    assert values(facts, "net_profit_attributable")[full_year(2023)] == Decimal("9.9")
    assert values(facts, "net_profit") == {}


def test_two_statements_side_by_side_have_two_labels_in_a_row(ontology: Ontology) -> None:
    cells = [
        ["资产", "期末余额", "年初余额", "负债和股东权益", "期末余额", "年初余额"],
        ["货币资金", "5.50", "4.50", "短期借款", "2.50", "1.50"],
    ]
    facts = read(ontology, ANNUAL, title("合并资产负债表"), table(cells))
    assert values(facts, "short_term_borrowings")[Period(date(2023, 12, 31))] == Decimal("2.5")
    assert values(facts, "monetary_funds")[Period(date(2022, 12, 31))] == Decimal("4.5")


@pytest.mark.parametrize(
    "heading",
    [
        "主要控股参股公司分析：重要子公司的主要财务数据",
        "重要联营企业的主要财务信息",
        "分部信息",
        "七、合并财务报表项目注释 1、货币资金",
        "现金流量表补充资料",
        "同行业可比公司主要财务数据",
        "（二）非经常性损益项目和金额",
        "境内外会计准则下会计数据差异",
        "有关数据详见本报告主要会计数据和财务指标",
    ],
)
def test_figures_under_another_title_are_not_the_companys(heading: str, ontology: Ontology) -> None:
    rows = [
        ["项目", "2023年度", "2022年度"],
        ["营业收入", "7.70", "6.60"],
        ["净利润", "1.10", "1.00"],
    ]
    assert read(ontology, ANNUAL, title(heading), table(rows)) == ()


def test_a_heading_in_between_ends_what_a_title_covers(ontology: Ontology) -> None:
    rows = [["项目", "2023年度", "2022年度"], ["净利润", "1.10", "1.00"]]
    blocks = (title("合并利润表"), note("三、重要子公司情况"), table(rows))
    assert read(ontology, ANNUAL, *blocks) == ()


def test_money_without_any_unit_is_not_guessed(ontology: Ontology) -> None:
    rows = [["项目", "2023年度", "2022年度"], ["营业收入", "1,234", "1,111"]]
    assert read(ontology, ANNUAL, title("合并利润表"), table(rows, "")) == ()


def test_an_outflow_in_words_and_positive_in_figures_is_left_out(ontology: Ontology) -> None:
    rows = [["项目", "2023年度", "2022年度"], ["投资活动使用的现金流量净额", "-7.70", "6.60"]]
    facts = read(ontology, ANNUAL, title("合并现金流量表"), table(rows))
    assert values(facts, "net_cash_investing") == {full_year(2023): Decimal("-7.7")}


def test_an_english_statement_is_read(ontology: Ontology) -> None:
    rows = [
        ["Item", "Notes", "2023", "2022"],
        ["Revenue", "4", "1,200.50", "1,100.25"],
        ["Less: Cost of sales", "4", "(800.10)", "(700.10)"],
        ["Profit attributable to owners of the Company", "", "99.50", "88.50"],
    ]
    blocks = (title("Consolidated Income Statement"), note("for the year ended 31 December 2023"))
    facts = read(ontology, ANNUAL, *blocks, table(rows, "RMB'000"))
    assert values(facts, "operating_revenue") == {
        full_year(2023): Decimal(1_200_500),
        full_year(2022): Decimal(1_100_250),
    }
    assert values(facts, "net_profit_attributable")[full_year(2023)] == Decimal(99_500)


def test_without_a_company_there_are_no_facts(ontology: Ontology) -> None:
    assert read(ontology, Profile(), title("合并资产负债表"), table(BALANCE)) == ()


def test_owners_of_the_company_under_the_profit_is_their_share_of_it(ontology: Ontology) -> None:
    rows = [
        ["", "2023", "2022"],
        ["Profit for the year", "110.50", "90.50"],
        ["Attributable to:", "", ""],
        ["Owners of the Company", "100.50", "80.50"],
        ["Non-controlling interests", "10.00", "10.00"],
        ["Total comprehensive income", "115.50", "95.50"],
        ["Owners of the Company", "105.50", "85.50"],
    ]
    facts = read(ontology, ANNUAL, title("Consolidated income statement"), table(rows, "RMB'000"))
    assert values(facts, "net_profit_attributable")[full_year(2023)] == Decimal(100_500)
    assert values(facts, "minority_profit")[full_year(2023)] == Decimal(10_000)
    assert values(facts, "comprehensive_income_attributable")[full_year(2023)] == Decimal(105_500)


def test_a_list_without_headers_is_of_the_reports_own_period(ontology: Ontology) -> None:
    rows = [["研发投入合计", "148.20"], ["公司研发人员的数量（人）", "412"]]
    facts = read(ontology, ANNUAL, title("研发投入情况表"), table(rows, "万元"))
    assert values(facts, "rd_investment") == {full_year(2023): Decimal(1_482_000)}
    assert values(facts, "rd_staff") == {Period(date(2023, 12, 31)): Decimal(412)}


def test_quarters_under_their_year_are_each_alone(ontology: Ontology) -> None:
    rows = [
        ["", "第一季度", "第二季度", "第三季度", "第四季度"],
        ["营业收入", "1.10", "2.20", "3.30", "4.40"],
    ]
    facts = read(ontology, ANNUAL, title("分季度主要财务指标"), table(rows))
    assert values(facts, "operating_revenue") == {
        quarter(2023, number): Decimal(number) * Decimal("1.1") for number in (1, 2, 3, 4)
    }


def test_indicators_only_a_listed_group_prints_need_no_title(ontology: Ontology) -> None:
    rows = [
        ["", "2023年", "2022年"],
        ["营业收入", "12.10", "11.10"],
        ["归属于上市公司股东的净利润", "2.10", "1.10"],
        ["基本每股收益（元/股）", "0.21", "0.11"],
    ]
    facts = read(ontology, ANNUAL, note("□是 √否"), table(rows))
    assert values(facts, "operating_revenue")[full_year(2023)] == Decimal("12.1")


def test_costs_in_brackets_are_costs_and_a_negative_cost_stays_negative(ontology: Ontology) -> None:
    bracketed = [
        ["", "2023", "2022"],
        ["Revenue", "1,200.50", "1,100.25"],
        ["Cost of sales", "(800.10)", "(700.10)"],
        ["Research and development expenses", "(40.00)", "(30.00)"],
        ["Finance costs, net", "5.00", "(6.00)"],
    ]
    name = title("Consolidated income statement")
    facts = read(ontology, ANNUAL, name, table(bracketed, "RMB'000"))
    assert values(facts, "rd_expenses")[full_year(2023)] == Decimal(40_000)
    assert values(facts, "finance_expenses") == {
        full_year(2023): Decimal(-5_000),
        full_year(2022): Decimal(6_000),
    }
    plain = [
        ["项目", "2023年度", "2022年度"],
        ["营业成本", "800.10", "700.10"],
        ["财务费用", "-5.00", "6.00"],
    ]
    facts = read(ontology, ANNUAL, title("合并利润表"), table(plain))
    assert values(facts, "finance_expenses")[full_year(2023)] == Decimal(-5)


def test_of_lists_of_indicators_that_agree_the_first_is_cited_however_short(
    ontology: Ontology,
) -> None:
    first = [["主要会计数据", "2023年", "2022年"], ["营业收入", "120.00", "100.00"]]
    longer = [
        ["科目", "本期数", "上年同期数"],
        ["营业收入", "120.00", "100.00"],
        ["营业成本", "70.00", "60.00"],
        ["销售费用", "5.00", "4.00"],
        ["研发费用", "6.00", "5.00"],
    ]
    blocks = (
        title("（一）主要会计数据"),
        table(first, page=6),
        title("（一）主营业务分析 利润表及现金流量表相关科目变动分析表"),
        table(longer, page=53),
    )
    facts = [f for f in read(ontology, ANNUAL, *blocks) if f.metric == "operating_revenue"]
    assert facts
    assert {fact.place.page for fact in facts if isinstance(fact.place, OnPage)} == {6}
