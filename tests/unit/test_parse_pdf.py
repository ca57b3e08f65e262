"""PDFs are read into blocks whose every figure has its value, unit and place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NumberObject
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, WIDTH, grid, paper, say

from yanku.errors import BrokenSource, EncryptedSource, NotFound, SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Origin, Paragraph, Role, Table
from yanku.model.place import OnPage
from yanku.parse.pdf import read_pdf, render_page
from yanku.parse.source import Content, Limits

XS = (60, 260, 400, 535)
HEADER = ("项目", "2024年12月31日", "2023年12月31日")
ASSETS = (
    ("货币资金", "2,964,912.41", "2,916,847.10"),
    ("应收账款", "(171,214.43)", "-"),
    ("资产总计", "3,136,126.84", "2,916,847.10"),
)


def _balance_sheet(canvas: Canvas) -> None:
    say(canvas, 60, 60, "第十节 财务报告", 14)
    say(canvas, 60, 90, "二、财务报表", 11)
    say(canvas, 240, 110, "合并资产负债表", 11)
    say(canvas, 440, 128, "单位：千元 币种：人民币", 9)
    grid(canvas, 140, XS, [HEADER, *ASSETS])


def _read(path: Path, limits: Limits | None = None) -> Content:
    return read_pdf(path, path.name, limits or Limits(), lambda *_: None)


def _tables(content: Content) -> list[Table]:
    return [b for b in content.blocks if isinstance(b, Table)]


def _texts(content: Content) -> list[str]:
    return [b.text for b in content.blocks if not isinstance(b, Table)]


def _row(table: Table, label: str) -> list[Cell]:
    row = next(c.row for c in table.cells if c.text == label)
    return [c for c in table.cells if c.row == row]


def _cny(value: str) -> Amount:
    return Amount(Decimal(value), "CNY")


def test_a_ruled_statement_is_read_with_caption_unit_and_amounts(tmp_path: Path) -> None:
    content = _read(paper(tmp_path / "a.pdf", _balance_sheet))
    (table,) = _tables(content)
    assert (table.caption, table.unit, table.header_rows) == ("合并资产负债表", "千元", 1)
    assert [c.amount for c in _row(table, "货币资金")] == [
        None, _cny("2964912410"), _cny("2916847100"),
    ]  # fmt: skip
    assert [c.amount for c in _row(table, "应收账款")] == [None, _cny("-171214430"), None]
    assert [b.text for b in content.blocks if isinstance(b, Heading)][:2] == [
        "第十节 财务报告", "二、财务报表",
    ]  # fmt: skip


def test_a_cell_lies_where_its_figure_is_printed(tmp_path: Path) -> None:
    (table,) = _tables(_read(paper(tmp_path / "a.pdf", _balance_sheet)))
    place = _row(table, "资产总计")[1].place
    assert isinstance(place, OnPage)
    assert place.box is not None
    assert place.page == 1
    assert (place.box.x0, place.box.x1) == pytest.approx((260, 400), abs=1)
    assert (place.box.y0, place.box.y1) == pytest.approx((194, 212), abs=1)


@pytest.mark.parametrize("lines", ["level", "none"])
def test_a_statement_without_a_frame_is_read_from_its_columns(tmp_path: Path, lines: str) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 60, 60, "Management discussion: revenue rose by 3.5% to RMB 1,234 million.")
        say(canvas, 60, 90, "Consolidated balance sheet", 13)
        say(canvas, 60, 108, "(in thousands of RMB)", 9)
        rows = [
            ("", "2024", "2023"),
            ("Cash at bank", "2,964,912", "2,916,847"),
            ("Trade payables", "(171,214)", "(165,000)"),
            ("Total assets", "3,136,126", "2,916,847"),
        ]
        grid(canvas, 120, XS, rows, lines=lines)

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert table.caption == "Consolidated balance sheet"
    assert [c.text for c in table.cells if c.row == 0] == ["2024", "2023"]
    assert [c.amount for c in _row(table, "Trade payables")] == [
        None, _cny("-171214000"), _cny("-165000000"),
    ]  # fmt: skip


def test_a_table_over_two_pages_is_one_and_its_header_stands_once(tmp_path: Path) -> None:
    many = [(f"费用{i}", f"{i},000.00", f"{i},500.00") for i in range(1, 60)]

    def first(canvas: Canvas) -> None:
        say(canvas, 240, 60, "合并利润表", 11)
        say(canvas, 440, 78, "单位：元", 9)
        grid(canvas, 90, XS, [HEADER, *many[:35]])
        say(canvas, 290, 820, "1 / 2", 9)

    def second(canvas: Canvas) -> None:
        grid(canvas, 60, XS, [HEADER, *many[35:]])
        say(canvas, 290, 820, "2 / 2", 9)

    content = _read(paper(tmp_path / "a.pdf", first, second))
    (table,) = _tables(content)
    assert table.rows == 60
    assert [p.page for p in table.places if isinstance(p, OnPage)] == [1, 2]
    last = _row(table, "费用59")[1]
    assert last.amount == _cny("59000")
    assert isinstance(last.place, OnPage)
    assert last.place.page == 2
    feet = [b for b in content.blocks if isinstance(b, Paragraph) and "/ 2" in b.text]
    assert [b.role for b in feet] == [Role.FOOTER, Role.FOOTER]
    assert content.blocks.index(table) < content.blocks.index(feet[0])


def test_a_row_without_figures_overleaf_is_a_row_of_its_own(tmp_path: Path) -> None:
    long = "销售商品、提供劳务收到的全部现金款项"
    xs = (60, 60 + 9 * len(long) + 12, 380, 530)

    def first(canvas: Canvas) -> None:
        say(canvas, 240, 60, "合并现金流量表", 11)
        say(canvas, 440, 78, "单位：元", 9)
        grid(canvas, 90, xs, [HEADER, ("收到的税费返还", "7.10", "6.10"), (long, "9.20", "8.20")])

    def second(canvas: Canvas) -> None:
        rows = [("客户存款和同业存放款项净增加额", "", ""), ("支付的各项税费", "5.30", "4.30")]
        grid(canvas, 60, xs, rows)

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", first, second)))
    assert [c.amount for c in _row(table, long)] == [None, _cny("9.20"), _cny("8.20")]
    assert next(c.text for c in table.cells if c.row == 3) == "客户存款和同业存放款项净增加额"


def test_tables_with_a_title_between_them_are_two(tmp_path: Path) -> None:
    def second(canvas: Canvas) -> None:
        say(canvas, 240, 60, "母公司资产负债表", 11)
        grid(canvas, 90, XS, [HEADER, *ASSETS])

    tables = _tables(_read(paper(tmp_path / "a.pdf", _balance_sheet, second)))
    assert [t.caption for t in tables] == ["合并资产负债表", "母公司资产负债表"]


def test_a_unit_in_a_row_label_or_column_header_wins(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 440, 78, "单位：万元", 9)
        rows = [
            ("项目", "2024年", "同比增减（%）"),
            ("营业收入（千元）", "1,234.00", "3.50"),
            ("基本每股收益（元/股）", "0.35", "45.83"),
            ("稀释每股收益", "0.34", "44.00"),
            ("加权平均净资产收益率（%）", "2.27", "增加0.53个百分点"),
            ("净利润", "100.00", "-5.00"),
        ]
        grid(canvas, 90, XS, rows)

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", page)))
    per_share = Amount(Decimal("0.35"), "CNY/share")
    assert [c.amount for c in _row(table, "营业收入（千元）")][1] == _cny("1234000")
    assert [c.amount for c in _row(table, "基本每股收益（元/股）")][1:] == [
        per_share, Amount(Decimal("45.83"), "%"),
    ]  # fmt: skip
    assert _row(table, "稀释每股收益")[1].amount == Amount(Decimal("0.34"), "CNY/share")
    assert [c.amount for c in _row(table, "加权平均净资产收益率（%）")][1:] == [
        Amount(Decimal("2.27"), "%"), Amount(Decimal("0.53"), "pp"),
    ]  # fmt: skip
    assert [c.amount for c in _row(table, "净利润")][1:] == [
        _cny("1000000"), Amount(Decimal(-5), "%"),
    ]  # fmt: skip


def test_note_numbers_are_not_amounts(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        rows = [
            ("项目", "附注", "2024年"),
            ("货币资金", "1", "2,964.41"),
            ("应收账款", "5", "171.43"),
            ("存货", "12", "16.00"),
        ]
        grid(canvas, 90, XS, rows)

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert [c.amount is None for c in _row(table, "存货")] == [True, True, False]


def test_a_number_broken_by_a_narrow_cell_is_whole(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        rows = [("项目", "2024年"), ("货币资金", "1,234,567,\n890.12"), ("存货", "5.00")]
        grid(canvas, 90, (60, 260, 330), rows, height=28)

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert _row(table, "货币资金")[1].text == "1,234,567,890.12"


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_is_read_and_its_boxes_lie_on_the_page_as_shown(
    tmp_path: Path, rotation: int
) -> None:
    path = paper(tmp_path / "a.pdf", _balance_sheet, rotation=rotation)
    content = _read(path)
    (table,) = _tables(content)
    assert [c.text for c in _row(table, "资产总计")] == list(ASSETS[2])
    page = content.pages[0]
    assert (page.width > page.height) == (rotation != 180)
    picture = Image.open(BytesIO(render_page(path, "a.pdf", 1, 72))).convert("L")
    place = _row(table, "资产总计")[1].place
    assert isinstance(place, OnPage)
    assert place.box is not None
    box = place.box
    inside = picture.crop((int(box.x0) + 2, int(box.y0) + 2, int(box.x1) - 2, int(box.y1) - 2))
    assert min(inside.tobytes()) < 128


def test_running_titles_and_page_numbers_are_told_from_the_text(tmp_path: Path) -> None:
    def page(n: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            say(canvas, 200, 40, "某某股份有限公司2024年年度报告", 9)
            say(canvas, 60, 120, f"正文的第{n}段说明了公司本期的经营情况。")
            say(canvas, 290, 810, f"{n} / 3", 9)

        return draw

    content = _read(paper(tmp_path / "a.pdf", page(1), page(2), page(3)))
    found = [(b.role, b.text) for b in content.blocks if isinstance(b, Paragraph)]
    assert found == [
        each
        for n in (1, 2, 3)
        for each in (
            (Role.HEADER, "某某股份有限公司2024年年度报告"),
            (Role.TEXT, f"正文的第{n}段说明了公司本期的经营情况。"),
            (Role.FOOTER, f"{n} / 3"),
        )
    ]
    assert [page.label for page in content.pages] == ["1", "2", "3"]


def test_a_table_right_after_another_has_its_caption_and_unit(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 60, 60, "三、受限资产", 11)
        say(canvas, 60, 80, "√适用 □不适用", 9)
        say(canvas, 440, 96, "单位：万元", 9)
        grid(canvas, 110, XS, [("项目", "期末余额", "受限情况"), ("货币资金", "1.50", "保证金")])
        grid(canvas, 200, (60, 300, 535), [("项目", "期初余额"), ("货币资金", "2.50")])

    tables = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert [(t.caption, t.unit) for t in tables] == [("受限资产", "万元")] * 2
    assert _row(tables[1], "货币资金")[1].amount == _cny("25000")


def test_lines_of_one_paragraph_are_joined(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        say(
            canvas,
            80,
            100,
            "报告期内，公司实现营业收入人民币十二亿元，比上年同期增长百分之八点三，主要原因是",
        )
        say(
            canvas,
            60,
            116,
            "海外市场的订单增加，以及新产品在报告期内完成验收并确认收入，公司的毛利率随之提高。",
        )
        say(canvas, 80, 132, "另一段从这里开始。")

    content = _read(paper(tmp_path / "a.pdf", page))
    texts = _texts(content)
    assert len(texts) == 2
    assert "主要原因是海外市场" in texts[0]


def test_two_columns_of_text_are_read_one_after_the_other(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 60, 70, "A heading that runs over both of the columns of this page", 10)
        for i in range(12):
            say(canvas, 60, 100 + 14 * i, f"Left column, line {i} of the running text", 10)
            say(canvas, 320, 100 + 14 * i, f"Right column, line {i} of the running text", 10)

    text = " ".join(_texts(_read(paper(tmp_path / "a.pdf", page))))
    lines = [(side, i) for side in ("Left", "Right") for i in range(12)]
    order = [text.index(f"{side} column, line {i} ") for side, i in lines]
    assert order == sorted(order)


def test_an_encrypted_file_is_refused_by_name(tmp_path: Path) -> None:
    path = paper(tmp_path / "secret.pdf", _balance_sheet, password="x" * 9)
    with pytest.raises(EncryptedSource, match=r"secret\.pdf .*password"):
        _read(path)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing here", b"not a pdf", b"%PDF-1.4\n%%EOF"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    with pytest.raises(BrokenSource, match=r"bad\.pdf"):
        _read(path)


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    path = paper(tmp_path / "long.pdf", _balance_sheet, _balance_sheet, _balance_sheet)
    with pytest.raises(SourceTooLarge, match=r"long\.pdf has 3 pages; the limit is 2"):
        _read(path, Limits(max_pages=2))


def test_one_bad_page_is_a_flaw_and_the_rest_stands(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", _balance_sheet, _balance_sheet)
    writer = PdfWriter(clone_from=path)
    first = writer.pages[0].indirect_reference
    assert first is not None
    writer._objects[first.idnum - 1] = NumberObject(5)
    writer.write(path)
    content = _read(path)
    assert [f.place for f in content.flaws] == [OnPage(1)]
    assert len(_tables(content)) == 1


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = paper(tmp_path / "a.pdf", _balance_sheet, _balance_sheet)
    read_pdf(path, "a.pdf", Limits(), lambda done, pages: seen.append((done, pages)))
    assert seen == [(1, 2), (2, 2)]


def test_a_page_is_rendered_at_the_size_asked_for(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", _balance_sheet)
    picture = Image.open(BytesIO(render_page(path, "a.pdf", 1, 144)))
    assert picture.size == (WIDTH * 2, HEIGHT * 2)
    with pytest.raises(NotFound, match="no page 2"):
        render_page(path, "a.pdf", 2, 72)


def test_pages_with_text_are_read_from_their_text_layer(tmp_path: Path) -> None:
    content = _read(paper(tmp_path / "a.pdf", _balance_sheet))
    assert [p.origin for p in content.pages] == [Origin.TEXT_LAYER]
