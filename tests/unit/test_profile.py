"""A document says itself whose report it is."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.periods import full_year, months
from yanku.finance.profile import profile_of
from yanku.model.document import Block, Cell, Digest, Document, Heading, Paragraph, Table
from yanku.model.finance import Period, ReportKind
from yanku.model.place import OnPage


def paragraph(text: str, page: int = 1) -> Paragraph:
    return Paragraph(text, OnPage(page))


def pairs(*rows: tuple[str, ...], page: int = 6) -> Table:
    cells = tuple(
        Cell(r, c, text, OnPage(page)) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return Table(cells, (OnPage(page),), len(rows), max(map(len, rows)))


def document(*blocks: Block, name: str = "a.pdf") -> Document:
    return Document(Digest("0" * 64), name, "application/pdf", (), blocks)


COVER = (
    paragraph("证券代码：600123 证券简称：东海水务 公告编号：2024-031"),
    Heading("东海水务股份有限公司\n2024年第三季度报告", 1, OnPage(1)),
)


def test_a_cover_names_company_kind_and_period() -> None:
    found = profile_of(document(*COVER))
    assert found.company is not None
    assert (found.company.code, found.company.name) == ("600123", "东海水务")
    assert "东海水务股份有限公司" in found.company.aliases
    assert (found.report, found.period) == (ReportKind.THIRD_QUARTER, months(2024, 1, 9))
    assert not found.abstract


@pytest.mark.parametrize(
    ("title", "kind", "period", "abstract"),
    [
        ("东海水务股份有限公司 2023 年年度报告", ReportKind.ANNUAL, full_year(2023), False),
        ("东海水务股份有限公司2023年年度报告摘要", ReportKind.ANNUAL, full_year(2023), True),
        (
            "东海水务股份有限公司2023年半年度报告全文",
            ReportKind.HALF_YEAR,
            months(2023, 1, 6),
            False,
        ),
        (
            "东海水务股份有限公司2024年第一季度报告",
            ReportKind.FIRST_QUARTER,
            months(2024, 1, 3),
            False,
        ),
        ("二〇二三年年度报告", ReportKind.ANNUAL, full_year(2023), False),
        ("Annual Report 2023", ReportKind.ANNUAL, full_year(2023), False),
        ("2024 Interim Report", ReportKind.HALF_YEAR, months(2024, 1, 6), False),
        ("Third Quarterly Report 2024", ReportKind.THIRD_QUARTER, months(2024, 1, 9), False),
    ],
)
def test_a_title_tells_kind_period_and_abstract(
    title: str, kind: ReportKind, period: Period, abstract: bool
) -> None:
    found = profile_of(document(Heading(title, 1, OnPage(1))))
    assert (found.report, found.period, found.abstract) == (kind, period, abstract)


def test_names_in_the_introduction_become_aliases() -> None:
    introduction = pairs(
        ("股票简称", "北 岭 机 床", "股票代码", "300456"),
        ("公司的中文名称", "辽宁北岭机床集团股份有限公司"),
        ("公司的外文名称（如有）", "Beiling Machine Tools Co., Ltd."),
        ("变更前的股票简称（如有）", "北岭重工"),
    )
    found = profile_of(document(Heading("2023年年度报告", 1, OnPage(1)), introduction))
    assert found.company is not None
    assert (found.company.code, found.company.name) == ("300456", "北岭机床")
    assert {"辽宁北岭机床集团股份有限公司", "Beiling Machine Tools Co., Ltd.", "北岭重工"} <= set(
        found.company.aliases
    )


def test_a_code_is_read_under_its_heading_and_the_a_share_is_preferred() -> None:
    listing = pairs(
        ("股票种类", "股票上市交易所", "股票简称", "股票代码", "变更前股票简称"),
        ("H股", "香港联合交易所", "东海水务", "06123", "无"),
        ("A股", "上海证券交易所", "东海水务", "600123", "无"),
    )
    blocks = (paragraph("公司代码：600123 公司简称：东海水务"), listing)
    found = profile_of(document(*blocks))
    assert found.company is not None
    assert found.company.code == "600123"


def test_a_shareholder_on_the_cover_page_is_not_the_company() -> None:
    holders = pairs(("中国银行股份有限公司－某基金", "1,000"), page=2)
    found = profile_of(document(*COVER, holders))
    assert found.company is not None
    assert not any("银行" in alias for alias in found.company.aliases)


def test_the_date_of_publication_is_the_date_on_the_cover() -> None:
    found = profile_of(document(*COVER, paragraph("2024 年 10 月 30 日")))
    assert found.published == date(2024, 10, 30)


def test_a_date_before_the_period_ends_is_not_a_publication() -> None:
    assert profile_of(document(*COVER, paragraph("2024 年 3 月 1 日"))).published is None


def test_the_file_name_is_asked_only_for_what_the_pages_leave_open() -> None:
    told = profile_of(document(*COVER, name="999999_别家公司_2020年年度报告.pdf"))
    assert told.company is not None
    assert (told.company.code, told.report) == ("600123", ReportKind.THIRD_QUARTER)
    silent = profile_of(document(paragraph("正文"), name="600123_东海水务_2022年年度报告.pdf"))
    assert silent.company is not None
    assert (silent.company.code, silent.company.name) == ("600123", "东海水务")
    assert silent.period == full_year(2022)


def test_a_mention_of_a_report_is_not_a_title() -> None:
    found = profile_of(document(paragraph("我们阅读了2023年年度报告的披露内容并询问了管理层。")))
    assert found.report is ReportKind.OTHER


def test_a_memo_has_no_company() -> None:
    found = profile_of(document(Heading("会议纪要", 1, OnPage(1)), paragraph("讨论了预算。")))
    assert found.company is None
    assert found.title == "会议纪要"
