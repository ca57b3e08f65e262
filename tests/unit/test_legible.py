"""Footnote marks, full-width digits, text layers that are garbage, and what was not read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, Draw, grid, paper, say

from yanku.model.document import Paragraph, Table
from yanku.model.place import OnPage
from yanku.parse.legible import Garbage, garbage_in
from yanku.parse.marks import narrowed, unmarked, with_raised
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Content, Limits

CHINESE = (
    "报告期内，公司实现营业收入人民币十二亿元，比上年同期增长百分之八点三，主要原因是海外市场的订单增加，"
    "以及新产品在报告期内完成验收并确认收入，公司的毛利率随之提高。截至期末，货币资金余额为三亿元。"
) * 2
ENGLISH = (
    "Revenue rose in all segments, and the gross margin improved because of a better mix of "
    "products and lower freight costs. The board proposes a dividend of two dollars a share. "
) * 3


def _read(path: Path) -> Content:
    return read_pdf(path, path.name, Limits(), lambda *_: None)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("1,234.5¹", "1,234.5"),
        ("(1,234)²", "(1,234)"),
        ("12.5%³", "12.5%"),
        ("净利润[注1]", "净利润"),
        ("净利润（注2）", "净利润"),
        ("净利润²", "净利润"),
        ("Revenue¹", "Revenue"),
        ("1,234.5", "1,234.5"),
        ("10⁶", "10⁶"),
        ("m²", "m²"),
        ("¹", "¹"),
        ("（注1）", "（注1）"),
        ("注1：", "注1："),
        ("附注七、1", "附注七、1"),
    ],
)
def test_a_mark_goes_and_no_digit_of_a_figure_does(printed: str, meant: str) -> None:
    assert unmarked(printed) == meant


@pytest.mark.parametrize(
    ("base", "raised", "meant"),
    [
        ("1,234.5", "1", "1,234.5"),
        ("净利润", "(2)", "净利润"),
        ("Revenue", "*", "Revenue"),
        ("1,200m", "2", "1,200m²"),
        ("10", "6", "10⁶"),
        ("formatting with x", "2", "formatting with x²"),
        ("Class A", "1", "Class A"),
        ("12.", "50", "12.50"),
        ("1", "st", "1st"),
        ("Brand", "TM", "BrandTM"),
    ],
)
def test_what_is_raised_is_a_mark_a_power_or_part_of_the_word(
    base: str, raised: str, meant: str
) -> None:
    assert with_raised(base, raised) == meant


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("１，２３４．５６万元", "1,234.56万元"),
        ("增长１２．５％", "增长12.5%"),
        ("２０２４年，公司", "2024年，公司"),
        ("公司，１、２", "公司，1、2"),
    ],
)
def test_full_width_digits_are_plain_ones(printed: str, meant: str) -> None:
    assert narrowed(printed) == meant


def test_raised_marks_are_taken_off_the_figures_of_a_page(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        rows = [("Item", "2024"), ("Revenue", ""), ("Net income", "498.2")]
        grid(canvas, 90, (60, 260, 400), rows)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(330, HEIGHT - 120, "1,234.5")
        canvas.setFont("Helvetica", 5.5)
        canvas.drawString(330 + canvas.stringWidth("1,234.5", "Helvetica", 9), HEIGHT - 116, "12")

    (table,) = [b for b in _read(paper(tmp_path / "a.pdf", page)).blocks if isinstance(b, Table)]
    assert [c.text for c in table.cells if c.row == 1] == ["Revenue", "1,234.5"]


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, "2,964,912.41 " * 30, "Прибыль компании " * 20])
def test_text_that_can_be_read_is_not_called_garbage(text: str) -> None:
    assert garbage_in(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("(cid:123)(cid:7)(cid:88) 12 (cid:4)", Garbage.CODES),
        ("".join(chr(0xE000 + i % 60) for i in range(200)), Garbage.PRIVATE),
        (CHINESE.encode().decode("latin-1"), Garbage.MISREAD),
        (CHINESE.encode("gb18030").decode("latin-1"), Garbage.MISREAD),
        (CHINESE.encode().decode("gb18030", "replace"), Garbage.MISREAD),
        ("".join(chr(ord(c) - 29) if c.isalpha() else c for c in ENGLISH), Garbage.SHIFTED),
        ("".join(chr((ord(c.lower()) - 97 + 7) % 26 + 97) if c.isalpha() else c for c in ENGLISH),
         Garbage.SHIFTED),
    ],
)  # fmt: skip
def test_garbage_is_told_by_its_kind(text: str, wrong: Garbage) -> None:
    assert garbage_in(text) is wrong


def _picture(canvas: Canvas, x: float, y: float, width: float, height: float, grey: int) -> None:
    data = BytesIO()
    Image.new("L", (40, 40), grey).save(data, "PNG")
    data.seek(0)
    canvas.drawImage(ImageReader(data), x, HEIGHT - y - height, width, height)


def test_a_picture_beside_text_is_named_as_unread_and_a_logo_is_not(tmp_path: Path) -> None:
    def page(n: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            _picture(canvas, 400, 20, 150, 60, 200)
            say(canvas, 60, 120, f"第{n}页说明了公司本期的经营情况，详见下图。")
            if n == 2:
                _picture(canvas, 60, 300, 300, 100, 100)
                _picture(canvas, 60, 400, 300, 100, 101)

        return draw

    content = _read(paper(tmp_path / "a.pdf", page(1), page(2), page(3)))
    (flaw,) = content.flaws
    assert flaw.code == "unread_picture"
    assert isinstance(flaw.place, OnPage)
    assert flaw.place.box is not None
    box = flaw.place.box
    assert (flaw.place.page, box.x0, box.y0, box.x1, box.y1) == (2, 60, 300, 360, 500)


def test_text_that_stands_askew_is_kept_apart_and_named_once(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for i in range(12):
            say(canvas, 80, 100 + 16 * i, f"This is line {i} of the running text of the page.")
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Securities research")
        canvas.restoreState()

    content = _read(paper(tmp_path / "a.pdf", page, page))
    assert [f.code for f in content.flaws] == ["askew_text"]
    assert "Securitiesresearch" in content.flaws[0].detail
    texts = [b.text for b in content.blocks if isinstance(b, Paragraph)]
    assert not any("S e c" in t or "Securities" in t for t in texts)
