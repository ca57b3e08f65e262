"""Whose the columns of a statement are, and of when, however their headers stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements_read import (
    ANNUAL,
    GROUP,
    HALF,
    PARENT,
    note,
    read,
    spanning,
    table,
    title,
    values,
)

from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months
from yanku.model.finance import (
    Confidence,
    Period,
    Statement,
)


def test_headers_over_headers_say_whose_the_columns_are(ontology: Ontology) -> None:
    rows = [
        ["项目", "本集团", "", "本公司", ""],
        ["", "2023年12月31日", "2022年12月31日", "2023年12月31日", "2022年12月31日"],
        ["资产总计", "100.50", "90.50", "60.50", "50.50"],
    ]
    both = spanning(rows, {(0, 1): 2, (0, 3): 2}, "千元")
    facts = read(ontology, ANNUAL, title("合并及公司资产负债表"), both)
    found = {(f.consolidation, f.period.end.year): f.amount.value for f in facts}
    assert found == {
        (GROUP, 2023): Decimal(100_500),
        (GROUP, 2022): Decimal(90_500),
        (PARENT, 2023): Decimal(60_500),
        (PARENT, 2022): Decimal(50_500),
    }


def test_a_year_alone_over_an_interim_report_is_its_part_and_not_the_year(
    ontology: Ontology,
) -> None:
    rows = [
        ["", "Notes", "Six months ended 30 June", ""],
        ["", "", "2024 (Unaudited)", "2023 (Unaudited)"],
        ["Revenue", "4", "1,200", "1,100"],
    ]
    name = title("Interim condensed consolidated statement of profit or loss")
    for form in (spanning(rows, {(0, 2): 2}, "RMB'000"), table(rows[1:], "RMB'000")):
        facts = read(ontology, HALF, name, form)
        assert values(facts, "operating_revenue") == {
            months(2024, 1, 6): Decimal(1_200_000),
            months(2023, 1, 6): Decimal(1_100_000),
        }
    assets = [["", "2024", "2023"], ["Total assets", "5,200", "5,100"]]
    facts = read(ontology, HALF, title("Consolidated balance sheet"), table(assets, "RMB'000"))
    assert {period.end for period in values(facts, "total_assets")} == {
        date(2024, 6, 30),
        date(2023, 12, 31),
    }


def test_years_down_the_rows_are_read_as_years_over_the_columns(ontology: Ontology) -> None:
    rows = [
        ["年度", "营业收入", "归母净利润", "总资产", "加权平均净资产收益率(%)"],
        ["2021年", "90.12", "8.11", "700.50", "10.11"],
        ["2022年", "100.23", "-9.22", "800.50", "11.22"],
    ]
    facts = read(ontology, ANNUAL, title("历年主要财务指标"), table(rows, "亿元"))
    assert values(facts, "operating_revenue") == {
        full_year(2021): Decimal(9_012_000_000),
        full_year(2022): Decimal(10_023_000_000),
    }
    assert values(facts, "net_profit_attributable")[full_year(2022)] == Decimal(-922_000_000)
    assert values(facts, "total_assets")[Period(date(2021, 12, 31))] == Decimal(70_050_000_000)
    assert values(facts, "weighted_roe")[full_year(2022)] == Decimal("11.22")


def test_rows_that_begin_with_something_else_than_a_period_are_not_turned(
    ontology: Ontology,
) -> None:
    rows = [
        ["公司", "营业收入", "净利润"],
        ["东海再生水有限公司", "90.12", "8.11"],
        ["2022年新设公司", "1.12", "0.11"],
    ]
    assert read(ontology, ANNUAL, title("主要财务指标"), table(rows)) == ()


def test_a_brokers_statement_and_its_risk_control_are_read(ontology: Ontology) -> None:
    income = [
        ["项目", "本期发生额", "上期发生额"],
        ["一、营业总收入", "78.50", "70.50"],
        ["手续费及佣金净收入", "60.50", "50.50"],
        ["其中：经纪业务手续费净收入", "30.50", "25.50"],
        ["利息净收入", "18.00", "20.00"],
        ["其中：利息收入", "38.25", "28.25"],
        ["利息支出", "20.25", "8.25"],
    ]
    risk = [
        ["项目", "本报告期末", "上年度末"],
        ["净资本", "500.25", "480.25"],
        ["风险覆盖率(%)", "230.12", "210.11"],
    ]
    facts = read(
        ontology, ANNUAL, title("合并利润表"), table(income, "百万元"),
        title("母公司的净资本及风险控制指标"), table(risk, "百万元"),
    )  # fmt: skip
    assert {f.metric for f in facts if f.statement is Statement.INCOME} == {
        "total_operating_revenue", "net_fee_income", "brokerage_fee_income", "net_interest_income",
        "interest_income", "interest_expense",
    }  # fmt: skip
    checks = {c.name for f in facts if f.metric == "net_interest_income" for c in f.checks}
    assert checks == {
        "net_interest=interest_income-interest_expense",
        "total_operating_revenue=net_income_of_each_business",
    }
    capital = next(f for f in facts if f.metric == "net_capital" and f.period.end.year == 2023)
    assert (capital.amount.value, capital.consolidation) == (Decimal(500_250_000), PARENT)
    assert values(facts, "risk_coverage_ratio")[Period(date(2023, 12, 31))] == Decimal("230.12")


def test_an_english_statement_of_financial_position_is_read_and_held_by_its_laws(
    ontology: Ontology,
) -> None:
    rows = [
        ["", "Notes", "2023 HK$ million", "2022 HK$ million"],
        ["Total non-current assets", "", "1,511", "1,301"],
        ["Trade and bills receivables", "17", "504", "452"],
        ["Cash and cash equivalents", "20", "998", "849"],
        ["Total current assets", "", "1,502", "1,301"],
        ["Total current liabilities", "", "301", "252"],
        ["NET CURRENT ASSETS", "", "1,201", "1,049"],
        ["TOTAL ASSETS LESS CURRENT LIABILITIES", "", "2,712", "2,350"],
        ["Total non-current liabilities", "", "701", "602"],
        ["Net assets", "", "2,011", "1,748"],
    ]
    name = title("CONSOLIDATED STATEMENT OF FINANCIAL POSITION")
    facts = read(ontology, ANNUAL, name, note("31 December 2023"), table(rows, "HK$ million"))
    end = Period(date(2023, 12, 31))
    assert values(facts, "trade_and_bills_receivables")[end] == Decimal(504_000_000)
    equity = next(f for f in facts if f.metric == "total_equity" and f.period == end)
    assert (equity.amount.value, equity.amount.unit) == (Decimal(2_011_000_000), "HKD")
    assert equity.confidence is Confidence.CHECKED
    assert all(check.passed for fact in facts for check in fact.checks)


def test_cash_at_the_end_of_last_years_quarter_is_a_balance_of_that_day(ontology: Ontology) -> None:
    rows = [
        ["项目", "本期发生额", "上期发生额"],
        ["五、现金及现金等价物净增加额", "-3.25", "2.50"],
        ["加：期初现金及现金等价物余额", "9.25", "6.75"],
        ["六、期末现金及现金等价物余额", "6.00", "9.25"],
    ]
    facts = read(ontology, HALF, title("合并现金流量表"), table(rows))
    assert values(facts, "closing_cash") == {
        Period(date(2024, 6, 30)): Decimal(6),
        Period(date(2023, 6, 30)): Decimal("9.25"),
    }
    assert {c.name for f in facts for c in f.checks} == {"closing=opening+change"}
    assert all(f.checks for f in facts)


def test_headers_read_as_lines_above_an_english_statement_head_its_columns(
    ontology: Ontology,
) -> None:
    rows = [["Revenue", "5", "9,512,304", "8,120,455"], ["Cost of sales", "", "(6,001)", "(5,500)"]]
    blocks = (
        title("Consolidated statement of profit or loss"),
        note("Year ended 31 December 2023"),
        note("2023 2022"),
        title("Notes HK$'000 HK$'000"),
        table(rows, ""),
    )
    facts = read(ontology, ANNUAL, *blocks)
    assert values(facts, "operating_revenue") == {
        full_year(2023): Decimal(9_512_304_000),
        full_year(2022): Decimal(8_120_455_000),
    }
    assert {fact.amount.unit for fact in facts} == {"HKD"}
    without = (*blocks[:2], blocks[3], blocks[4])
    assert read(ontology, ANNUAL, *without) == ()


@pytest.mark.parametrize(
    "header",
    [
        "截至2023年12月31日止年度",
        "2023年度（经审计）",
        "本期发生额",
        "本年累计数",
        "2023年1-12月合计",
        "2023年 （经重述）",
        "For the year ended 31 December 2023",
        "2023 RMB'000",
    ],
)
def test_headers_of_a_year_are_known_in_many_words(header: str, ontology: Ontology) -> None:
    rows = [["项目", header], ["营业收入", "12.50"]]
    facts = read(ontology, ANNUAL, title("合并利润表"), table(rows))
    assert values(facts, "operating_revenue") == {full_year(2023): Decimal("12.5")}


def test_a_half_year_is_known_by_its_six_months(ontology: Ontology) -> None:
    for header in ("截至2024年6月30日止六个月期间", "截至2024年6月30日止6个月", "2024年1—6月份"):
        rows = [["项目", header], ["营业收入", "12.50"]]
        facts = read(ontology, HALF, title("合并利润表"), table(rows))
        assert values(facts, "operating_revenue") == {months(2024, 1, 6): Decimal("12.5")}
