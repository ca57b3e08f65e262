"""What was seen in a document is counted truly, and cut into pages without losing anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from yanku.flows.report import Reading, header_paths, report_of
from yanku.model.amount import Amount
from yanku.model.document import (
    Cell,
    Digest,
    Document,
    Flaw,
    Heading,
    Member,
    Origin,
    Page,
    Paragraph,
    Role,
    Table,
)
from yanku.model.finance import (
    SECOND_READING,
    Check,
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    Statement,
)
from yanku.model.place import Box, InSheet, OnPage
from yanku.parse.parts import part_of, parts_of

_LAW = "assets=liabilities+equity"
_PROFILE = Profile(company=Company("600001", "苇岸造纸"))


def _at(page: int, row: int, column: int = 0) -> OnPage:
    return OnPage(page, Box(50 + 100 * column, 50 + 20 * row, 140 + 100 * column, 65 + 20 * row))


def _row(row: int, page: int, label: str, *values: str) -> list[Cell]:
    cells = [Cell(row, 0, label, _at(page, row))]
    for column, value in enumerate(values, 1):
        amount = Amount(Decimal(value) * 10_000, "CNY")
        cells.append(Cell(row, column, value, _at(page, row, column), amount=amount))
    return cells


def _table() -> Table:
    """Return a balance sheet over pages 2 and 3, its header printed on page 2."""
    head = [
        Cell(0, 0, "项目", _at(2, 0)),
        Cell(0, 1, "期末", _at(2, 0, 1), column_span=2),
        Cell(1, 1, "本年", _at(2, 1, 1)),
        Cell(1, 2, "上年", _at(2, 1, 2)),
    ]
    body = [*_row(2, 2, "资产总计", "90", "80"), *_row(3, 3, "负债合计", "40", "30")]
    bare = [Cell(4, 0, "股数", _at(3, 4)), Cell(4, 1, "7", _at(3, 4, 1), amount=Amount(Decimal(7)))]
    return Table((*head, *body, *bare), (OnPage(2), OnPage(3)), 5, 3, 2, "合并资产负债表", "万元")


def _document() -> Document:
    pages = (
        Page(1, 600, 800, Origin.TEXT_LAYER),
        Page(2, 600, 800, Origin.TEXT_LAYER),
        Page(3, 600, 800, Origin.OCR),
    )
    blocks = (
        Heading("第一节", 1, _at(1, 0)),
        Paragraph("收入增长12.5%，达到3.6亿元。", _at(1, 1)),
        Paragraph("第 1 页 共 3 页", _at(1, 30), Role.FOOTER),
        _table(),
    )
    flaws = (Flaw("faint", "a line is too faint to read", _at(3, 9)), Flaw("macros", "not run"))
    members = (Member("附件/a.xlsx", 12),)
    return Document(Digest("0" * 64), "a.pdf", "application/pdf", pages, blocks, flaws, members)


def _fact(metric: str, value: str, place: OnPage, *, passed: bool, column: str = "期末") -> Fact:
    return Fact(
        company=Company("600001", "苇岸造纸"),
        metric=metric,
        label=metric,
        period=Period(date(2024, 12, 31)),
        consolidation=Consolidation.CONSOLIDATED,
        statement=Statement.BALANCE_SHEET,
        amount=Amount(Decimal(value), "CNY"),
        place=place,
        column=column,
        checks=(Check(_LAW, passed),),
    )


def _facts() -> tuple[Fact, ...]:
    return (
        _fact("total_assets", "900000", _at(2, 2, 1), passed=False),
        _fact("total_liabilities", "400000", _at(3, 3, 1), passed=False),
        _fact("total_assets", "800000", _at(2, 2, 2), passed=True, column="期初"),
        _fact("total_liabilities", "300000", _at(3, 3, 2), passed=True, column="期初"),
    )


def test_pages_tables_amounts_and_flaws_are_counted() -> None:
    report = report_of(_document(), _PROFILE, _facts(), 1.5)
    assert report.seconds == 1.5
    assert [report.pages_of(o) for o in (Origin.TEXT_LAYER, Origin.OCR, Origin.NATIVE)] == [2, 1, 0]
    assert report.headings == 1
    assert report.paragraphs == {Role.TEXT: 1, Role.FOOTER: 1}
    (table,) = report.tables
    assert (table.parts, table.rows, table.header_rows, table.unit) == (2, 5, 2, "万元")
    assert (table.amounts, table.without_unit) == (5, 1)
    # Five in cells and two in the sentence; the page's own foot holds none that count.
    assert (report.amounts, report.without_unit, report.joined) == (7, 1, 1)
    assert [(each.statement, each.number) for each in report.facts] == [
        (Statement.BALANCE_SHEET, 4)
    ]
    assert report.members == _document().members


def test_a_failed_test_is_shown_once_with_all_its_figures_and_their_places() -> None:
    report = report_of(_document(), _PROFILE, _facts())
    assert len(report.checks) == 2
    (failed,) = report.failed
    assert failed.name == _LAW
    assert failed.column == "期末"
    assert [(f.metric, f.amount.value, f.place) for f in failed.figures] == [
        ("total_assets", Decimal(900000), _at(2, 2, 1)),
        ("total_liabilities", Decimal(400000), _at(3, 3, 1)),
    ]


def test_a_test_of_single_figures_is_counted_for_each_figure() -> None:
    agreed = tuple(replace(f, checks=(Check(SECOND_READING, passed=True),)) for f in _facts())
    assert len(report_of(_document(), _PROFILE, agreed).checks) == 4


def test_pages_show_what_stands_on_them_and_where_doubts_are() -> None:
    one, two, three = report_of(_document(), _PROFILE, _facts()).pages
    assert (one.headings, one.paragraphs, one.tables, one.doubts) == (1, 2, 0, 0)
    assert (two.tables, two.amounts, two.facts, two.doubts) == (1, 2, 2, 1)
    # One flaw and one failed test stand on the third page.
    assert (three.tables, three.amounts, three.facts, three.doubts) == (1, 3, 2, 2)


def test_a_row_that_a_second_reading_disputes_is_a_doubt_on_its_page() -> None:
    document = _document()
    disputed = replace(_table(), confirmed=(2,), disputed=(3,))
    report = report_of(replace(document, blocks=(disputed,), flaws=()), _PROFILE, ())
    assert [page.doubts for page in report.pages] == [0, 0, 1]
    assert (report.tables[0].confirmed, report.tables[0].disputed) == (1, 1)


def test_the_parts_of_a_document_hold_all_of_it_once_and_every_header() -> None:
    document = _document()
    parts = dict(parts_of(document))
    assert sorted(parts) == [1, 2, 3]
    table = _table()
    body = [
        cell
        for part in parts.values()
        for block in part.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if cell.row >= block.header_rows
    ]
    assert sorted(body, key=lambda c: (c.row, c.column)) == [
        cell for cell in table.cells if cell.row >= 2
    ]
    (continued,) = parts[3].blocks
    assert isinstance(continued, Table)
    assert [c.text for c in continued.cells if c.row < 2] == ["项目", "期末", "本年", "上年"]
    assert parts[3].pages == (document.pages[2],)
    assert [flaw.code for flaw in parts[3].flaws] == ["faint"]
    assert parts[1].flaws == ()


def test_sheets_are_parts_by_their_names() -> None:
    tables = tuple(
        Table((Cell(0, 0, "x", InSheet(sheet, cells)),), (InSheet(sheet, cells),), 1, 1)
        for sheet, cells in (("甲", "A1"), ("乙", "A1"), ("甲", "F9"))
    )
    document = replace(_document(), pages=(), blocks=tables, flaws=())
    assert [key for key, _ in parts_of(document)] == ["甲", "乙"]
    part = part_of(document, "甲")
    assert part is not None
    assert part.blocks == (tables[0], tables[2])
    assert part_of(document, "丙") is None
    assert report_of(document, _PROFILE, ()).sheets == ("甲", "乙")


def test_a_cell_has_the_headers_above_it_outermost_first() -> None:
    paths = header_paths(_table())
    assert paths[0] == ("项目",)
    assert paths[1] == ("期末", "本年")
    assert paths[2] == ("期末", "上年")


def test_choosing_pages_leaves_only_what_stands_on_them() -> None:
    reading = Reading(_document(), _PROFILE, _facts(), 1.0).within(frozenset({1}))
    report = reading.report()
    assert [page.number for page in report.pages] == [1]
    assert (report.tables, report.facts, report.flaws) == ((), (), ())
    both = Reading(_document(), _PROFILE, _facts(), 1.0).within(frozenset({3})).report()
    assert len(both.tables) == 1
    assert [flaw.code for flaw in both.flaws] == ["faint"]
