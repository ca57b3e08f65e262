"""A web page is read as a person sees it, and nothing in it is run or fetched."""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import BrokenSource, SourceError, SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Role, Table
from yanku.model.place import InText
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _bytes(tmp_path: Path, data: bytes, name: str = "a.html") -> Content:
    path = tmp_path / "any"
    path.write_bytes(data)
    return read_source(path, name, Limits(), _quiet)[1]


def _read(tmp_path: Path, body: str, head: str = "") -> Content:
    page = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return _bytes(tmp_path, page.encode())


def _texts(content: Content) -> list[str]:
    return [each.text for each in content.blocks if not isinstance(each, Table)]


def _tables(content: Content) -> list[Table]:
    return [each for each in content.blocks if isinstance(each, Table)]


def _cell(table: Table, text: str) -> Cell:
    return next(each for each in table.cells if each.text == text)


def _codes(content: Content) -> set[str]:
    return {each.code for each in content.flaws}


def test_headings_paragraphs_and_lists_come_in_reading_order(tmp_path: Path) -> None:
    content = _read(
        tmp_path,
        "before<h2>经营 <b>情况</b></h2><p>收入&nbsp;增长&lt;10%</p>"
        "<ol start=3><li>甲<li>乙</ol><ul><li>丙</ul>tail<!-- no --> goes on",
    )
    assert [(type(b).__name__, getattr(b, "text", "")) for b in content.blocks] == [
        ("Paragraph", "before"),
        ("Heading", "经营 情况"),
        ("Paragraph", "收入 增长<10%"),
        ("Paragraph", "3. 甲"),
        ("Paragraph", "4. 乙"),
        ("Paragraph", "丙"),
        ("Paragraph", "tail goes on"),
    ]
    heading, item = content.blocks[1], content.blocks[5]
    assert isinstance(heading, Heading)
    assert (heading.level, heading.place) == (2, InText(2, 2))
    assert isinstance(item, Paragraph)
    assert item.role is Role.ITEM


def test_a_table_keeps_spans_headers_and_units(tmp_path: Path) -> None:
    content = _read(
        tmp_path,
        "<h3>主要会计数据</h3><p>单位：万元</p><table>"
        "<tr><td rowspan=2>项目</td><td colspan=2>本期</td></tr>"
        "<tr><td>金额</td><td>比例(%)</td></tr>"
        "<tr><td>营业收入</td><td>1,234.5</td><td>60</td></tr>"
        "<tr><td>其他</td><td>(20.5)</td><td>40</td></tr></table>",
    )
    (table,) = _tables(content)
    assert (table.rows, table.columns, table.header_rows) == (4, 3, 2)
    assert (table.caption, table.unit) == ("主要会计数据", "万元")
    assert (_cell(table, "项目").row_span, _cell(table, "本期").column_span) == (2, 2)
    assert _cell(table, "1,234.5").amount == Amount(Decimal(12_345_000), "CNY")
    assert _cell(table, "(20.5)").amount == Amount(Decimal(-205_000), "CNY")
    assert _cell(table, "60").amount == Amount(Decimal(60), "%")
    assert _cell(table, "1,234.5").place == InText(5, 5)


def test_a_table_that_lays_out_the_page_gives_its_parts_one_after_the_other(
    tmp_path: Path,
) -> None:
    inner = "<table><tr><th>项目</th><th>2024</th></tr><tr><td>收入</td><td>5.5</td></tr></table>"
    content = _read(
        tmp_path,
        f"<table><tr><td><p>左栏</p></td><td><h2>右栏</h2>{inner}<p>完</p></td></tr></table>",
    )
    assert _texts(content) == ["左栏", "右栏", "完"]
    (table,) = _tables(content)
    assert [cell.text for cell in table.cells] == ["项目", "2024", "收入", "5.5"]


def test_a_table_inside_a_table_of_figures_is_a_table_of_its_own(tmp_path: Path) -> None:
    inner = "<table><tr><td>其中：甲</td><td>1.5</td></tr><tr><td>乙</td><td>2.5</td></tr></table>"
    content = _read(
        tmp_path,
        "<table><tr><td>项目</td><td>金额</td></tr><tr><td>收入</td><td>10.5</td></tr>"
        f"<tr><td>成本{inner}</td><td>4.0</td></tr></table>",
    )
    outer, within = _tables(content)
    assert [c.text for c in outer.cells] == ["项目", "金额", "收入", "10.5", "成本", "4.0"]
    assert [c.text for c in within.cells] == ["其中：甲", "1.5", "乙", "2.5"]


def test_marks_in_cells_of_their_own_belong_to_their_figures(tmp_path: Path) -> None:
    row = "<tr><td>{}</td><td>$</td><td>{}</td><td>{}</td><td> </td><td>{}</td><td>{}</td></tr>"
    content = _read(
        tmp_path,
        "<p>(in millions)</p><table><tr><td></td><td colspan=3>2024</td><td></td>"
        "<td colspan=2>Change</td></tr>"
        + row.format("Revenue", "1,234", "", "12.5", "%")
        + row.format("Net loss", "(56", ")", "(3.5", ")%")
        + "</table>",
    )
    (table,) = _tables(content)
    assert table.columns == 3
    assert _cell(table, "$(56)").amount == Amount(Decimal(-56_000_000), "USD")
    assert _cell(table, "$1,234").column == _cell(table, "2024").column == 1
    assert _cell(table, "12.5%").amount == Amount(Decimal("12.5"), "%")
    assert _cell(table, "(3.5)%").amount == Amount(Decimal("-3.5"), "%")


def test_what_is_hidden_is_told_and_not_read(tmp_path: Path) -> None:
    content = _read(
        tmp_path,
        "<p>看得见</p><p style='display: none'>一</p><p hidden>二</p><p class='x gone'>三</p>"
        "<p id=lost>四</p><table><tr><td>项目</td><td>1.5</td></tr>"
        "<tr style='display:none'><td>暗行</td><td>9.9</td></tr>"
        "<tr><td>收入</td><td>2.5</td></tr></table><p class=fine>也看得见</p>",
        "<style>/* .fine{display:none} */ .gone, #lost {display:none}"
        "@media print {.fine {display:none}}</style>",
    )
    assert _texts(content) == ["看得见", "也看得见"]
    assert [c.text for t in _tables(content) for c in t.cells] == ["项目", "1.5", "收入", "2.5"]
    assert [f.detail for f in content.flaws if f.code == "hidden_text"] == [
        "5 hidden parts were not read."
    ]


def test_scripts_styles_pictures_and_frames_are_told_and_left_alone(tmp_path: Path) -> None:
    content = _read(
        tmp_path,
        "<p>正文</p><script>document.write('假')</script><img src='http://198.51.100.7/p.png'>"
        "<iframe src='//198.51.100.7/f'>框</iframe><noscript>开脚本</noscript>",
        "<style>p:before{content:'假'}</style><link rel=stylesheet href='https://198.51.100.7/s'>"
        "<script src='https://198.51.100.7/a.js'></script>",
    )
    assert _texts(content) == ["正文"]
    assert _codes(content) == {"macros", "pictures", "embedded_files", "external_links"}


def test_inline_xbrl_is_read_as_shown(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><head><title>t</title></head><body>'
        '<div style="display:none"><ix:header><ix:hidden><ix:nonFraction>777</ix:nonFraction>'
        "</ix:hidden></ix:header></div><p>Revenue was $<ix:nonFraction scale='6' sign='-'>(1,234)"
        "</ix:nonFraction> million.<br/>Second line.</p></body></html>"
    )
    content = _bytes(tmp_path, page.encode(), "a.xhtml")
    assert _texts(content) == ["Revenue was $(1,234) million.", "Second line."]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("gb2312", "gb18030"), ("gbk", "gb18030"), ("utf-8", "utf-8"), ("big5", "big5")],
)
def test_the_encoding_a_page_names_is_used(tmp_path: Path, charset: str, encoding: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    page = f"<html><head>{head}</head><body><p>年度報告</p></body></html>"
    assert _texts(_bytes(tmp_path, page.encode(encoding))) == ["年度報告"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_an_encoding_that_is_not_named_is_found(tmp_path: Path, encoding: str) -> None:
    page = "<html><body><p>营业收入比上年同期增长，主要由于产品销量增加。</p></body></html>"
    (text,) = _texts(_bytes(tmp_path, page.encode(encoding)))
    assert text == "营业收入比上年同期增长，主要由于产品销量增加。"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    content = _bytes(tmp_path, b"<html><meta charset=utf-8><body><p>a\xff\xfeb</p></body></html>")
    assert _codes(content) == {"undecodable_bytes"}


def test_nesting_without_end_is_an_error_and_sloppy_nesting_is_not(tmp_path: Path) -> None:
    with pytest.raises(BrokenSource, match="nested too deep"):
        _read(tmp_path, "<div>" * 100_000 + "x")
    assert _texts(_read(tmp_path, "<font>" * 1000 + "x")) == ["x"]
    with pytest.raises(BrokenSource, match="nested too deep"):
        _read(tmp_path, "<table><tr><td>1.5<td>2.5<tr><td>3.5<td>" * 300)


def test_spans_without_end_cost_no_more_than_their_cells(tmp_path: Path) -> None:
    cell = "<td colspan=99999999 rowspan=99999999>1.5</td>"
    content = _read(tmp_path, f"<table><tr>{cell * 3}<tr>{cell}</table>")
    assert sum(len(t.cells) for t in _tables(content)) >= 3
    with pytest.raises(SourceTooLarge):
        _read(tmp_path, f"<table><tr>{cell * 3000}</table>")


def test_entities_of_the_page_itself_are_refused(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&x;</p></body></html>'
    )
    with pytest.raises(SourceError, match="entities"):
        _bytes(tmp_path, page.encode())


def _mhtml(page: str, charset: str) -> bytes:
    body = base64.encodebytes(page.encode(charset)).decode()
    return (
        "From: <Saved by Browser>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
        'multipart/related; type="text/html"; boundary="B"; start="<root@x>"\r\n\r\n'
        "--B\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <frame@x>\r\n\r\n<p>frame\r\n"
        f"--B\r\nContent-Type: text/html; charset={charset}\r\nContent-ID: <root@x>\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
        "--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n"
    ).encode()


def test_a_saved_page_is_its_root_part(tmp_path: Path) -> None:
    data = _mhtml("<html><body><h1>研报</h1><p>目标价 25.5 元</p></body></html>", "gb2312")
    content = _bytes(tmp_path, data, "a.mht")
    assert _texts(content) == ["研报", "目标价 25.5 元"]
    assert _codes(content) == {"embedded_files"}


def test_a_saved_page_without_a_page_is_named(tmp_path: Path) -> None:
    data = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B--\r\n'
    with pytest.raises(BrokenSource, match="no web page"):
        _bytes(tmp_path, data, "a.mhtml")
