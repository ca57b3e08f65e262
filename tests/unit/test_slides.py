"""A PowerPoint file becomes pages as an audience sees them, charts and notes included."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pptx
import pytest
from PIL import Image
from pptx.chart import data as chart_data
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Pt

from yanku.errors import NotFound
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Role, Table
from yanku.model.place import Box, OnPage
from yanku.parse.reader import read_source, render_source
from yanku.parse.source import Content, Limits

Fill = Callable[[Any], None]
CHARTS: Any = chart_data  # typed in part only


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _made(tmp_path: Path, fill: Fill) -> Content:
    deck = pptx.Presentation()
    fill(deck)
    path = tmp_path / "any"
    deck.save(str(path))
    return read_source(path, "a.pptx", Limits(), _quiet)[1]


def _slide(deck: Any, layout: int = 6) -> Any:
    return deck.slides.add_slide(deck.slide_layouts[layout])


def _say(slide: Any, text: str, x: float, y: float, width: float = 200, height: float = 30) -> Any:
    box = slide.shapes.add_textbox(Pt(x), Pt(y), Pt(width), Pt(height))
    box.text_frame.text = text
    return box


def _texts(content: Content) -> list[str]:
    return [each.text for each in content.blocks if not isinstance(each, Table)]


def _table(content: Content) -> Table:
    return next(each for each in content.blocks if isinstance(each, Table))


def _cell(content: Content, text: str) -> Cell:
    return next(each for each in _table(content).cells if each.text == text)


def test_a_slide_is_a_page_with_a_title_items_and_notes(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        slide = _slide(deck, 1)
        slide.shapes.title.text = "经营回顾"
        slide.placeholders[1].text = "收入增长 12%\n毛利率稳定"
        slide.notes_slide.notes_text_frame.text = "此处强调现金流。"

    content = _made(tmp_path, fill)
    assert [(page.number, page.width, page.height) for page in content.pages] == [(1, 720, 540)]
    title, first, second, note = content.blocks
    assert isinstance(title, Heading)
    assert (title.text, title.level) == ("经营回顾", 1)
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (first.role, second.text) == (Role.ITEM, "毛利率稳定")
    assert isinstance(first.place, OnPage)
    assert first.place.box is not None, "a placeholder stands where its layout says"
    assert note == Paragraph("此处强调现金流。", OnPage(1), Role.NOTE)


def test_a_table_on_a_slide_has_a_box_for_each_cell_and_its_unit(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        slide = _slide(deck, 5)
        slide.shapes.title.text = "主要财务数据"
        _say(slide, "单位：百万元", 400, 120)
        frame = slide.shapes.add_table(3, 3, Pt(100), Pt(160), Pt(300), Pt(90))
        rows = [["项目", "2024年", "2023年"], ["营业收入", "1,234.5", "1,000.0"],
                ["每股收益（元/股）", "0.52", "0.41"]]  # fmt: skip
        for r, texts in enumerate(rows):
            for c, text in enumerate(texts):
                frame.table.cell(r, c).text = text

    content = _made(tmp_path, fill)
    table = _table(content)
    assert (table.rows, table.columns, table.header_rows) == (3, 3, 1)
    assert (table.caption, table.unit) == ("主要财务数据", "百万元")
    revenue = _cell(content, "1,234.5")
    assert revenue.amount == Amount(Decimal(1_234_500_000), "CNY")
    assert revenue.place == OnPage(1, Box(200, 190, 300, 220))
    assert _cell(content, "0.52").amount == Amount(Decimal("0.52"), "CNY/share")


def test_merged_cells_of_a_slide_keep_their_spans(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        frame = _slide(deck).shapes.add_table(3, 3, Pt(0), Pt(0), Pt(300), Pt(90))
        for r in range(3):
            for c in range(3):
                frame.table.cell(r, c).text = f"{r}{c}格"
        frame.table.cell(0, 1).merge(frame.table.cell(0, 2))
        frame.table.cell(1, 0).merge(frame.table.cell(2, 0))

    content = _made(tmp_path, fill)
    wide = next(c for c in _table(content).cells if (c.row, c.column) == (0, 1))
    tall = next(c for c in _table(content).cells if (c.row, c.column) == (1, 0))
    assert (wide.row_span, wide.column_span) == (1, 2)
    assert (tall.row_span, tall.column_span) == (2, 1)
    assert wide.place == OnPage(1, Box(100, 0, 300, 30))


def test_a_number_in_a_chart_is_read_with_its_series_and_category(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        data = CHARTS.CategoryChartData(number_format="0.0")
        data.categories = ["2022年", "2023年", "2024年"]
        data.add_series("营业收入", (81.25, 90.5, 101.75))
        data.add_series("毛利率", (0.312, 0.305, 0.298), "0.0%")
        frame = _slide(deck).shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, Pt(50), Pt(60), Pt(400), Pt(300), data
        )
        chart = frame.chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "收入与毛利率"
        chart.value_axis.has_title = True
        chart.value_axis.axis_title.text_frame.text = "亿元"

    content = _made(tmp_path, fill)
    table = _table(content)
    assert (table.rows, table.columns, table.header_rows) == (4, 3, 1)
    assert table.caption == "收入与毛利率"
    revenue = _cell(content, "101.8")
    assert (revenue.row, revenue.column) == (3, 1)
    assert revenue.amount == Amount(Decimal(10_175_000_000), "CNY"), "the saved value, not rounded"
    assert revenue.place == OnPage(1, Box(50, 60, 450, 360))
    assert _cell(content, "29.8%").amount == Amount(Decimal("29.8"), "%")


def test_the_points_of_a_scatter_chart_keep_both_coordinates(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        data = CHARTS.XyChartData()
        series = data.add_series("估值")
        for x, y in ((1.5, 10), (2.5, 20)):
            series.add_data_point(x, y)
        _slide(deck).shapes.add_chart(
            XL_CHART_TYPE.XY_SCATTER, Pt(0), Pt(0), Pt(300), Pt(300), data
        )

    content = _made(tmp_path, fill)
    rows = {(c.row, c.column): c.text for c in _table(content).cells}
    assert (rows[0, 1], rows[0, 2]) == ("估值 X", "估值 Y")
    assert (rows[2, 1], rows[2, 2]) == ("2.5", "20")


def test_columns_are_read_one_after_the_other_and_cards_row_by_row(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        columns = _slide(deck)
        _say(columns, "右下", 400, 240)
        _say(columns, "左下", 40, 240)
        _say(columns, "右上", 400, 205)
        _say(columns, "左上", 40, 205)
        _say(columns, "通栏", 40, 60, 600)
        cards = _slide(deck)
        for text, x, y in (("丁", 320, 400), ("丙", 40, 400), ("乙", 320, 100), ("甲", 40, 100)):
            _say(cards, text, x, y, 260, 40)

    content = _made(tmp_path, fill)
    assert _texts(content) == ["通栏", "左上", "左下", "右上", "右下", "甲", "乙", "丙", "丁"]


def test_a_shape_in_a_group_stands_where_the_group_puts_it(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        group = _slide(deck).shapes.add_group_shape()
        box = group.shapes.add_textbox(Pt(100), Pt(100), Pt(100), Pt(50))
        box.text_frame.text = "组内"
        form = group._element.grpSpPr.xfrm
        form.off.x, form.off.y = Pt(10), Pt(20)
        form.ext.cx, form.ext.cy = Pt(50), Pt(25)

    content = _made(tmp_path, fill)
    assert content.blocks == (Paragraph("组内", OnPage(1, Box(10, 20, 60, 45))),)


def test_numbers_that_powerpoint_prints_by_itself_are_put_in_front(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        frame = _say(_slide(deck), "甲", 10, 10).text_frame
        frame.add_paragraph().text = "乙"
        for paragraph in frame.paragraphs:
            properties = paragraph._p.get_or_add_pPr()
            number = properties.makeelement(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum",
                {"type": "arabicParenR", "startAt": "3"},
            )
            properties.append(number)

    assert _texts(_made(tmp_path, fill)) == ["3) 甲", "4) 乙"]


def test_hidden_slides_and_shapes_are_told_and_not_read(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        _say(_slide(deck), "可见", 10, 10)
        secret = _slide(deck)
        _say(secret, "不给看", 10, 10)
        secret._element.set("show", "0")
        third = _slide(deck)
        _say(third, "页外", 2000, 10)
        _say(third, "隐形", 10, 10)._element.nvSpPr.cNvPr.set("hidden", "1")

    content = _made(tmp_path, fill)
    assert _texts(content) == ["可见"]
    assert len(content.pages) == 3
    assert [(f.code, f.place) for f in content.flaws] == [
        ("hidden_slide", OnPage(2)),
        ("hidden_text", OnPage(3)),
    ]


def test_what_repeats_on_every_slide_is_a_margin_said_once(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        master = deck.slide_masters[0]
        for n in range(2):
            _say(_slide(deck), f"第{n}张", 10, 10)
        # The library adds no shapes to a master: one is moved there by hand.
        moved = _say(deck.slides[0], "某某证券研究报告", 10, 500)._element
        master.shapes._spTree.append(moved)

    content = _made(tmp_path, fill)
    margins = [b for b in content.blocks if isinstance(b, Paragraph) and b.role is Role.FOOTER]
    assert [b.text for b in margins] == ["某某证券研究报告"]


def test_pictures_are_told_with_their_slide(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        out = io.BytesIO()
        Image.new("RGB", (9, 9), "red").save(out, "PNG")
        out.seek(0)
        _slide(deck).shapes.add_picture(out, Emu(0), Emu(0))

    (flaw,) = _made(tmp_path, fill).flaws
    assert (flaw.code, flaw.place) == ("pictures", OnPage(1))


def test_a_slide_is_drawn_with_its_texts_where_they_stand(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    _say(_slide(deck), "Revenue grew by 12 percent", 360, 270, 300, 100)
    path = tmp_path / "any"
    deck.save(str(path))
    with Image.open(io.BytesIO(render_source(path, "a.pptx", 1, 72))) as picture:
        assert picture.size == (720, 540)
        inked = picture.convert("L").point(lambda v: 255 if v < 128 else 0).getbbox()
    assert inked is not None
    assert inked[0] >= 360
    assert inked[1] >= 270
    assert inked[2] <= 660
    assert inked[3] <= 370
    with pytest.raises(NotFound):
        render_source(path, "a.pptx", 2, 72)
