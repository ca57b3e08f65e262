"""What others write about a company is no filing of it, and its years are whole years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements_read import note, table, title

from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.finance.profile import profile_of
from yanku.model.document import Block, Digest, Document, Heading, Paragraph, Role
from yanku.model.finance import ReportKind, Statement
from yanku.model.place import OnPage

SIDE_BAR = (
    note("投资评级：买入（维持）"),
    note("证券分析师：林某"),
    note("S0980521120001"),
    Paragraph("请务必阅读正文之后的免责声明", OnPage(1), role=Role.HEADER),
)


def report(*blocks: Block, name: str = "a.pdf") -> Document:
    return Document(Digest("0" * 64), name, "application/pdf", (), blocks)


def commented(*blocks: Block, name: str = "a.pdf") -> Document:
    """Return a broker's report whose title comments on a filing."""
    head = (
        note("证券研究报告 | 2025年05月09日"),
        note("东海水务（600123.SH）2024年半年报点评"),
        Heading("管网投运超预期，盈利能力稳步提升", 1, OnPage(1)),
    )
    return report(*head, *SIDE_BAR, *blocks, name=name)


def test_a_comment_on_a_filing_is_not_the_filing() -> None:
    found = profile_of(commented())
    assert (found.report, found.period, found.abstract) == (ReportKind.OTHER, None, False)
    assert found.published == date(2025, 5, 9)
    assert found.title == "管网投运超预期，盈利能力稳步提升"
    assert found.company is not None
    assert (found.company.code, found.company.name) == ("600123", "东海水务")


def test_years_in_a_comment_on_a_half_year_are_whole_years(ontology: Ontology) -> None:
    forecast = table(
        [["利润表", "2023", "2024A", "2025E"], ["营业收入", "544", "645", "804"]], "百万元"
    )
    document = commented(title("财务预测摘要"), title("利润表"), forecast)
    facts = facts_of(document, profile_of(document), ontology)
    assert {(f.period, f.amount.value) for f in facts} == {
        (full_year(2023), Decimal(544_000_000)),
        (full_year(2024), Decimal(645_000_000)),
    }


def test_a_year_not_over_when_a_report_was_written_is_a_forecast_without_a_mark(
    ontology: Ontology,
) -> None:
    forecast = table(
        [["利润表", "2024", "2025", "2026"], ["营业收入", "645", "804", "995"]], "百万元"
    )
    document = commented(title("利润表"), forecast)
    facts = facts_of(document, profile_of(document), ontology)
    assert [(f.period, f.amount.value) for f in facts] == [(full_year(2024), Decimal(645_000_000))]


def test_neither_the_file_name_nor_a_list_of_peers_names_the_company_of_a_comment() -> None:
    peers = table([["公司代码", "公司简称", "2025/5/8股价"], ["600900", "北川供水", "12.30"]])
    document = commented(peers, name="东海水务2024年半年报点评：管网投运超预期.pdf")
    company = profile_of(document).company
    assert company is not None
    assert (company.code, company.name) == ("600123", "东海水务")


@pytest.mark.parametrize(
    ("line", "code", "name"),
    [
        ("东海水务（6123.HK/600123.CH）：一季度超预期", "600123", "东海水务"),
        ("公司点评东海水务(600123)", "600123", "东海水务"),
        ("Donghai Water (6123 HK)", "6123", "Donghai Water"),
    ],
)
def test_a_share_listed_twice_is_one_company_under_its_a_share(
    line: str, code: str, name: str
) -> None:
    company = profile_of(report(note(line), *SIDE_BAR)).company
    assert company is not None
    assert (company.code, company.name.replace(" ", "")) == (code, name.replace(" ", ""))


def test_a_report_on_several_companies_is_about_none_alone() -> None:
    lines = (note("推荐：东海水务（600123.SH）"), note("关注：北川供水（600900.SH）"))
    assert profile_of(report(*lines, *SIDE_BAR)).company is None


def test_a_running_title_tells_whose_report_it_is_where_the_page_names_peers_too() -> None:
    running = Paragraph("东海水务(600123.SH)/公用事业", OnPage(2), role=Role.HEADER)
    lines = (note("东海水务（600123.SH）"), note("可比：北川供水（600900.SH）"), running)
    company = profile_of(report(*lines, *SIDE_BAR)).company
    assert company is not None
    assert company.code == "600123"


def test_a_filing_that_speaks_of_analysts_and_ratings_stays_a_filing() -> None:
    promise = "本公司及董事会全体成员保证信息披露的内容真实、准确、完整，没有虚假记载。"
    blocks = (
        note("证券代码：600123 证券简称：东海水务"),
        Heading("东海水务股份有限公司2024年半年度报告", 1, OnPage(1)),
        note(promise),
        note("主体信用评级：AAA"),
        note("请仔细阅读本报告的风险声明；分析师会议；证券研究"),
    )
    found = profile_of(report(*blocks))
    assert found.report is ReportKind.HALF_YEAR


def test_statements_one_below_the_other_in_one_table_are_each_read(ontology: Ontology) -> None:
    rows = [
        ["财务报表(百万元)", "2023A", "2024A", "2025E"],
        ["利润表", "", "", ""],
        ["营业收入", "544", "645", "804"],
        ["主要财务比率", "", "", ""],
        ["营业收入", "18.2%", "18.6%", "24.7%"],
        ["资产负债表", "", "", ""],
        ["货币资金", "1,984", "1,888", "1,980"],
        ["现金流量表", "2023A", "2024A", "2025E"],
        ["现金净流量", "-122", "147", "92"],
    ]
    document = commented(table(rows, "百万元"))
    facts = facts_of(document, profile_of(document), ontology)
    assert {(f.statement, f.metric, f.amount.value) for f in facts} == {
        (Statement.INCOME, "operating_revenue", Decimal(544_000_000)),
        (Statement.INCOME, "operating_revenue", Decimal(645_000_000)),
        (Statement.BALANCE_SHEET, "monetary_funds", Decimal(1_984_000_000)),
        (Statement.BALANCE_SHEET, "monetary_funds", Decimal(1_888_000_000)),
        (Statement.CASH_FLOW, "net_increase_in_cash", Decimal(-122_000_000)),
        (Statement.CASH_FLOW, "net_increase_in_cash", Decimal(147_000_000)),
    }
