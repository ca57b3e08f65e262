"""What stands beside the company's own figures is kept apart from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements_read import (
    ANNUAL,
    GROUP,
    Q3,
    note,
    read,
    table,
    title,
    values,
)

from yanku.finance.ontology import Ontology
from yanku.model.document import (
    Heading,
)
from yanku.model.finance import (
    Period,
)
from yanku.model.place import OnPage


def test_a_subsidiarys_figures_are_not_the_companys_however_its_table_is_titled(
    ontology: Ontology,
) -> None:
    rows = [
        ["项目", "2023.12.31/2023年1-12月", "2022.12.31/2022年1-12月"],
        ["总资产", "231.21", "150.41"],
        ["营业收入", "154.17", "98.82"],
    ]
    blocks = (
        Heading("（七）主要控股参股公司分析", 3, OnPage(1)),
        Heading("1、基本情况", 4, OnPage(1)),
        table([["公司名称", "东海再生水有限公司"]]),
        Heading("2、业绩情况", 4, OnPage(1)),
        note("报告期内，东海再生水主要财务数据如下："),
        table(rows),
    )
    assert read(ontology, ANNUAL, *blocks) == ()
    after = (*blocks, Heading("六、主要会计数据", 2, OnPage(1)), table(rows))
    assert values(read(ontology, ANNUAL, *after), "total_assets")


def test_the_columns_of_an_equity_statement_are_parts_and_not_the_companys_figures(
    ontology: Ontology,
) -> None:
    rows = [
        ["项目", "2023年度", "", ""],
        ["", "股本", "资本公积", "股东权益合计"],
        ["综合收益总额", "", "4.96", "396.51"],
    ]
    assert read(ontology, ANNUAL, title("合并股东权益变动表"), table(rows)) == ()


def test_interest_under_the_finance_expenses_is_a_part_of_them(ontology: Ontology) -> None:
    rows = [
        ["项目", "2023年度", "2022年度"],
        ["财务费用", "-7.46", "-8.56"],
        ["其中：利息费用", "1.82", "2.42"],
        ["利息收入", "8.25", "9.83"],
    ]
    facts = read(ontology, ANNUAL, title("合并利润表"), table(rows))
    assert {fact.metric for fact in facts} == {
        "finance_expenses",
        "finance_interest_expense",
        "finance_interest_income",
    }


def test_a_second_amount_without_a_year_of_its_own_is_not_guessed(ontology: Ontology) -> None:
    rows = [
        ["项目", "2023年末 金额", "占总资产比例", "金额", "2023年初"],
        ["货币资金", "109.50", "16.05%", "51.40", ""],
    ]
    facts = read(ontology, ANNUAL, title("1、资产构成重大变动情况"), table(rows))
    assert values(facts, "monetary_funds") == {Period(date(2023, 12, 31)): Decimal("109.5")}


def test_purchases_and_disposals_of_the_period_are_not_balances(ontology: Ontology) -> None:
    rows = [
        ["项目", "期初数", "本期购买金额", "本期出售金额", "期末数"],
        ["交易性金融资产", "20.50", "10.25", "21.75", "9.00"],
    ]
    facts = read(ontology, ANNUAL, title("2、资产及负债状况"), table(rows))
    assert values(facts, "trading_financial_assets") == {
        Period(date(2022, 12, 31)): Decimal("20.5"),
        Period(date(2023, 12, 31)): Decimal(9),
    }


@pytest.mark.parametrize(
    "printed", ["简明综合财务状况表", "综合财务状况表", "中期简明综合财务状况表", "综合资产负债表"]
)
def test_a_combined_statement_is_the_groups(printed: str, ontology: Ontology) -> None:
    own = table([["项目", "2024年9月30日"], ["资产总计", "1,000.00"]])
    other = table([["", "2024年9月30日"], ["资产总计", "1,000.00"]])
    facts = read(ontology, Q3, title("合并资产负债表"), own, title(printed), other)
    assert {f.consolidation for f in facts} == {GROUP}


def test_statements_by_the_standards_of_another_place_are_not_read_beside_the_companys_own(
    ontology: Ontology,
) -> None:
    own = table([["项目", "2024年9月30日"], ["存货", "5,843.00"], ["资产总计", "9,000.00"]])
    share = table([["", "2024年9月30日"], ["– 基本", "0.74"], ["– 摊薄", "0.72"]])
    again = table([["", "2024年9月30日"], ["存货", "4,096.00"], ["资产总计", "9,000.00"]])
    by_others = (
        Heading("（四）按照《国际财务报告准则》编制之简明季度合并财务报表", 3, OnPage(1)),
        Heading("每股盈利 (以人民币元列示)", 3, OnPage(1)),
        share,
        Heading("简明综合财务状况表", 4, OnPage(1)),
        again,
    )
    found = read(ontology, Q3, title("合并资产负债表"), own, *by_others)
    assert {f.amount.value for f in found if f.metric == "inventories"} == {Decimal(5843)}
    alone = read(ontology, Q3, *by_others)
    assert {f.amount.value for f in alone if f.metric == "inventories"} == {Decimal(4096)}


@pytest.mark.parametrize("head", ["附注四", "附注七、", "附注", "注释", "Note IV", ""])
def test_a_column_of_note_numbers_names_no_line(head: str, ontology: Ontology) -> None:
    rows = [
        ["", head, "本集团", ""],
        ["", "", "2023年12月31日", "2022年12月31日"],
        ["存放同业款项", "2", "143,705", "132,090"],
        ["贵金属", "", "30,850", "12,620"],
        ["拆出资金", "七、3", "273,791", "267,252"],
        ["其他资产", "十九、12", "20,412", "18,962"],
    ]
    facts = read(ontology, ANNUAL, title("合并资产负债表"), table(rows, "百万元"))
    assert {(f.label, f.period.end.year) for f in facts} == {
        (label, year)
        for label in ("存放同业款项", "贵金属", "拆出资金", "其他资产")
        for year in (2022, 2023)
    }


def test_what_the_largest_customers_and_suppliers_make_up_is_read(ontology: Ontology) -> None:
    customers = [
        ["前五名客户合计销售金额（元）", "316,190,080.76"],
        ["前五名客户合计销售金额占年度销售总额比例", "31.08%"],
        ["前五名客户销售额中关联方销售额占年度销售总额比例", "0.00%"],
    ]
    suppliers = [["前五名供应商合计采购金额（元）", "196,001,061.49"]]
    found = read(
        ontology, ANNUAL, note("公司主要销售客户情况"), table(customers, ""),
        note("公司主要供应商情况"), table(suppliers, ""),
    )  # fmt: skip
    assert {(f.metric, f.amount.value, f.amount.unit) for f in found} == {
        ("top_customers_sales", Decimal("316190080.76"), "CNY"),
        ("top_customers_share", Decimal("31.08"), "%"),
        ("top_suppliers_purchases", Decimal("196001061.49"), "CNY"),
    }
