"""Workbooks as analysts build them: whose, what and of when each figure is, or that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from yanku.finance.facts import facts_of
from yanku.finance.names import merged
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.periods import full_year, quarter
from yanku.finance.profile import profile_of
from yanku.model.document import Digest, Document
from yanku.model.finance import Company, Consolidation, Fact, Period
from yanku.parse.reader import read_source
from yanku.parse.source import Limits

Rows = Sequence[Sequence[object]]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


def facts(
    tmp_path: Path, ontology: Ontology, sheets: dict[str, Rows], name: str = "底稿.xlsx"
) -> list[Fact]:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = tmp_path / "any"
    book.save(path)
    format_, content = read_source(path, name, Limits(), lambda _done, _total: None)
    document = Document(
        digest=Digest("0" * 64),
        name=name,
        media_type=format_.media_type,
        pages=content.pages,
        blocks=content.blocks,
        flaws=content.flaws,
    )
    return list(facts_of(document, profile_of(document), ontology))


def told(found: Sequence[Fact]) -> dict[tuple[str, str, Period], Decimal]:
    return {(f.company.name, f.metric, f.period): f.amount.value for f in found}


def test_peers_below_one_another_have_each_their_own_figures(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["家电公司2023年度对比"],
        ["公司简称", "营业收入（亿元）", "归母净利润（亿元）", "毛利率(%)", "员工人数（人）"],
        ["峦光电器", 88.1, 6.02, 27.5, 5100],
        ["汀洲厨电", 40.3, -1.7, 33.1, 2040],
        ["平均", 64.2, 2.16, 30.3, 3570],
    ]
    found = told(facts(tmp_path, ontology, {"可比公司": rows}))
    assert found["峦光电器", "operating_revenue", full_year(2023)] == Decimal("8810000000")
    assert found["汀洲厨电", "net_profit_attributable", full_year(2023)] == Decimal("-170000000")
    assert found["汀洲厨电", "printed_gross_margin", full_year(2023)] == Decimal("33.1")
    assert found["峦光电器", "employees", Period(date(2023, 12, 31))] == 5100
    assert {company for company, _, _ in found} == {"峦光电器", "汀洲厨电"}


def test_years_of_a_peers_sheet_are_those_of_its_headers_or_its_own_name(
    tmp_path: Path, ontology: Ontology
) -> None:
    over: Rows = [
        ["公司", "2022年营业收入（万元）", "2023年营业收入（万元）"],
        ["峦光电器", 100.5, 120.5],
    ]
    named: Rows = [["公司", "营业收入（万元）"], ["峦光电器", 90.25]]
    found = told(facts(tmp_path, ontology, {"收入": over, "2021年": named}))
    assert {period: value for (_, _, period), value in found.items()} == {
        full_year(2021): Decimal("902500"),
        full_year(2022): Decimal("1005000"),
        full_year(2023): Decimal("1205000"),
    }


def test_quarters_across_under_a_company_that_only_the_title_names(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["淞野半导体股份有限公司 季度数据"],
        ["单位：百万元"],
        ["项目", "2023Q4", "2024Q1", "2025Q1E"],
        ["营业收入", 310.4, 288.9, 400],
        ["归母净利润", "(12.5)", 3.3, 20],
        ["毛利率", "28.4%", "30.1%", "33%"],
    ]
    found = told(facts(tmp_path, ontology, {"季度": rows}))
    whose = "淞野半导体股份有限公司"
    assert found[whose, "operating_revenue", quarter(2024, 1)] == Decimal("288900000")
    assert found[whose, "net_profit_attributable", quarter(2023, 4)] == Decimal("-12500000")
    assert found[whose, "printed_gross_margin", quarter(2023, 4)] == Decimal("28.4")
    assert all(period.end.year < 2025 for _, _, period in found), "a forecast is no figure"


def test_a_line_of_one_figure_says_company_period_measure_and_unit_itself(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["证券简称", "证券代码", "报告期", "指标", "数值", "单位"],
        ["峦光电器", "300911", "2024年上半年", "营业收入", 45.6, "亿元"],
        ["峦光电器", "300911", "2024-06-30", "总资产", 9900, "万元"],
        ["汀洲厨电", "", "2024年上半年", "净利润", -2, ""],
    ]
    found = facts(tmp_path, ontology, {"数据": rows})
    assert {(f.company.code, f.metric, f.amount.value) for f in found} == {
        ("300911", "operating_revenue", Decimal("4560000000")),
        ("300911", "total_assets", Decimal("99000000")),
    }, "without a unit a figure is none"


def test_companies_across_have_the_figures_of_the_period_that_the_title_names(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["2024年度同业对比（亿元）"],
        ["指标", "峦光电器", "汀洲厨电"],
        ["营业收入", 91.2, 44.4],
        ["研发费用", 3.1, 2.2],
    ]
    found = told(facts(tmp_path, ontology, {"对比": rows}))
    assert found["汀洲厨电", "rd_expenses", full_year(2024)] == Decimal("220000000")
    assert len(found) == 4


def test_periods_below_one_another_and_measures_across(tmp_path: Path, ontology: Ontology) -> None:
    rows: Rows = [
        ["澈川物流有限公司"],
        ["年度", "营业收入（亿元）", "净利润（亿元）", "备注"],
        ["2022年", 10.1, 0.9, "重述"],
        ["2023年", 12.2, 1.1, ""],
    ]
    found = told(facts(tmp_path, ontology, {"历史": rows}))
    assert found["澈川物流有限公司", "net_profit", full_year(2022)] == Decimal("90000000")
    assert found["澈川物流有限公司", "operating_revenue", full_year(2023)] == Decimal("1220000000")


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("盈利预测", "峦光电器股份有限公司"),
        ("数据", "峦光电器股份有限公司 情景测算"),
        ("分产品", "峦光电器股份有限公司 分产品"),
    ],
)
def test_what_may_be_and_what_is_of_a_part_is_no_figure_of_the_company(
    tmp_path: Path, ontology: Ontology, sheet: str, title: str
) -> None:
    rows: Rows = [[title], ["单位：亿元"], ["项目", "2023年", "2024年"], ["营业收入", 5, 6]]
    assert facts(tmp_path, ontology, {sheet: rows}) == []


def test_a_sheet_of_the_parent_alone_is_not_of_the_group(
    tmp_path: Path, ontology: Ontology
) -> None:
    group: Rows = [["汀洲厨电股份有限公司"], ["单位：亿元"], ["项目", "2024年"], ["营业收入", 44.4]]
    alone: Rows = [
        ["汀洲厨电股份有限公司 母公司"],
        ["单位：亿元"],
        ["项目", "2024年"],
        ["营业收入", 12.5],
    ]
    found = facts(tmp_path, ontology, {"合并": group, "单户": alone})
    assert {(f.consolidation, f.amount.value) for f in found} == {
        (Consolidation.CONSOLIDATED, Decimal("4440000000")),
        (Consolidation.PARENT, Decimal("1250000000")),
    }


def test_the_name_in_the_file_name_counts_where_a_title_begins_with_it(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [["澈川物流 年度摘要"], ["单位：亿元"], ["项目", "2023年"], ["营业收入", 12.2]]
    named = facts(tmp_path, ontology, {"摘要": rows}, "澈川物流财务模型.xlsx")
    assert [f.company.name for f in named] == ["澈川物流"]
    other: Rows = [["年度摘要"], *rows[1:]]
    assert facts(tmp_path, ontology, {"摘要": other}, "澈川物流财务模型.xlsx") == []


def test_figures_in_english_are_read_in_the_currency_their_sheet_names(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["Marlow Freight, Inc. summary"],
        ["USD in millions, except per share", "FY2023", "FY2024"],
        ["Revenue", 210.4, 233.0],
        ["Diluted EPS", 1.1, 1.32],
    ]
    found = told(facts(tmp_path, ontology, {"Model": rows}, "model.xlsx"))
    assert found["Marlow Freight, Inc.", "operating_revenue", full_year(2024)] == 233000000
    assert found["Marlow Freight, Inc.", "diluted_eps", full_year(2023)] == Decimal("1.1")


def test_a_peer_named_without_its_code_is_the_company_that_goes_by_the_name() -> None:
    filing = Company("600911", "峦光电器", ("峦光电器股份有限公司",))
    assert len(merged([filing, Company("峦光电器", "峦光电器")])) == 1
    other = Company("300912", "峦光电器")
    assert len(merged([filing, other, Company("峦光电器", "峦光电器")])) == 3, (
        "which one is not said"
    )


def test_measures_and_quarters_are_read_as_analysts_write_them(
    tmp_path: Path, ontology: Ontology
) -> None:
    rows: Rows = [
        ["澈川物流有限公司跟踪（百万元）"],
        ["", "24Q1", "2Q24", "25Q1E"],
        ["营收", 310, 355, 420],
        ["归母净利", 22.5, -4.2, 25],
        ["利润", 1, 2, 3],
    ]
    found = told(facts(tmp_path, ontology, {"单季": rows}))
    whose = "澈川物流有限公司"
    assert found == {
        (whose, "operating_revenue", quarter(2024, 1)): Decimal("310000000"),
        (whose, "operating_revenue", quarter(2024, 2)): Decimal("355000000"),
        (whose, "net_profit_attributable", quarter(2024, 1)): Decimal("22500000"),
        (whose, "net_profit_attributable", quarter(2024, 2)): Decimal("-4200000"),
    }, "a word for several measures, and what nobody has counted, are none"


def test_names_in_a_column_called_so_are_companies_and_names_of_measures_are_not(
    tmp_path: Path, ontology: Ontology
) -> None:
    peers: Rows = [["名称", "2024年净利润(亿元)"], ["晟安证券", 61.2]]
    lines: Rows = [["名称", "2024年金额（亿元）"], ["毛利率", 0.3], ["存货", 5.0]]
    found = told(facts(tmp_path, ontology, {"同业": peers, "科目": lines}))
    assert {company for company, _, _ in found} == {"晟安证券"}
