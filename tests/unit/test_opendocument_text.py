"""OpenDocument texts and presentations are read like those of Office."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import BrokenSource, EncryptedSource
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Role, Table
from yanku.model.place import Box, InText, OnPage
from yanku.parse.reader import read_source, render_source
from yanku.parse.source import Content, Limits

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("style", "style"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
        ("presentation", "presentation"), ("chart", "chart"), ("xlink", "xlink"),
    )
)  # fmt: skip


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _part(inner: str, kind: str = "document-content") -> str:
    return f"<office:{kind} {NAMES}>{inner}</office:{kind}>"


def _file(tmp_path: Path, mimetype: str, parts: dict[str, str]) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{mimetype}")
        for name, text in parts.items():
            archive.writestr(name, text)
    path = tmp_path / "any"
    path.write_bytes(out.getvalue())
    return path


def _odt(
    tmp_path: Path, body: str, styles: str = "", more: dict[str, str] | None = None
) -> Content:
    content = _part(
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body>"
    )
    path = _file(tmp_path, "text", {"content.xml": content, **(more or {})})
    return read_source(path, "a.odt", Limits(), _quiet)[1]


def _cell(content: Content, text: str) -> Cell:
    return next(
        cell
        for b in content.blocks
        if isinstance(b, Table)
        for cell in b.cells
        if cell.text == text
    )


def _row(*texts: str) -> str:
    cells = (f"<table:table-cell><text:p>{t}</text:p></table:table-cell>" for t in texts)
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_headings_tables_units_and_notes_of_an_odt(tmp_path: Path) -> None:
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body>" \
           "<text:p>未经审计</text:p></text:note-body></text:note>"  # fmt: skip
    wide = (
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>项目</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-spanned="2"><text:p>本期'
        "</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>金额</text:p>"
        "</table:table-cell><table:table-cell><text:p>比例(%)</text:p></table:table-cell>"
        "</table:table-row>"
    )
    content = _odt(
        tmp_path,
        '<text:h text:outline-level="2">主要会计数据</text:h><text:p>单位：<text:span>万元'
        f"</text:span></text:p><table:table><table:table-header-rows>{wide}"
        f"</table:table-header-rows>{_row('收入', '1,234.5', '60')}</table:table>"
        f"<text:p>见注{note}。</text:p>",
    )
    heading, _, table, line, last = content.blocks
    assert isinstance(heading, Heading)
    assert heading.level == 2
    assert isinstance(table, Table)
    assert (table.header_rows, table.caption, table.unit) == (2, "主要会计数据", "万元")
    assert (_cell(content, "项目").row_span, _cell(content, "本期").column_span) == (2, 2)
    assert _cell(content, "1,234.5").amount == Amount(Decimal(12_345_000), "CNY")
    assert line == Paragraph("见注1。", InText(6, 6))
    assert last == Paragraph("未经审计", InText(7, 7), Role.NOTE)


def test_lists_of_an_odt_carry_the_numbers_they_print(tmp_path: Path) -> None:
    style = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="一, 二, 三, ..." style:num-suffix="、"/><text:list-level-style-bullet '
        'text:level="2"/></text:list-style>'
    )
    inner = "<text:list><text:list-item><text:p>细目</text:p></text:list-item></text:list>"
    content = _odt(
        tmp_path,
        '<text:list text:style-name="L"><text:list-item><text:p>收入</text:p><text:p>续段</text:p>'
        f"</text:list-item><text:list-item><text:p>成本</text:p>{inner}</text:list-item></text:list>"
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>利润'
        "</text:p></text:list-item></text:list>",
        style,
    )
    said = [(b.text, b.role) for b in content.blocks if isinstance(b, Paragraph)]
    assert [text for text, _ in said] == ["一、收入", "续段", "二、成本", "细目", "三、利润"]
    assert {role for _, role in said} == {Role.ITEM}


def test_hidden_deleted_and_commented_text_of_an_odt_is_told(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    )
    content = _odt(
        tmp_path,
        "<text:tracked-changes><text:p>旧数</text:p></text:tracked-changes><text:p>可"
        '<text:span text:style-name="H">暗</text:span>见<office:annotation><text:p>批</text:p>'
        "</office:annotation></text:p>",
        styles,
    )
    assert content.blocks == (Paragraph("可见", InText(1, 1)),)
    assert {f.code for f in content.flaws} == {"hidden_text", "tracked_changes", "comments"}


def test_a_chart_in_an_odt_is_read_from_its_values(tmp_path: Path) -> None:
    chart = _part(
        "<office:body><office:chart><chart:chart><table:table>"
        f"<table:table-header-rows>{_row('', '收入')}</table:table-header-rows>"
        f"{_row('2024年', '12.5')}</table:table></chart:chart></office:chart></office:body>"
    )
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    content = _odt(tmp_path, f"<text:p>{frame}</text:p>", more={"Object 1/content.xml": chart})
    assert _cell(content, "12.5").amount == Amount(Decimal("12.5"))


def test_the_header_and_footer_of_an_odt_are_margins(tmp_path: Path) -> None:
    styles = _part(
        '<office:master-styles><style:master-page style:name="S"><style:header><text:p>某某股份'
        "</text:p></style:header><style:footer><text:p>第 1 页</text:p></style:footer>"
        "</style:master-page></office:master-styles>",
        "document-styles",
    )
    content = _odt(tmp_path, "<text:p>正文</text:p>", more={"styles.xml": styles})
    roles = {b.text: b.role for b in content.blocks if isinstance(b, Paragraph)}
    assert roles == {"正文": Role.TEXT, "某某股份": Role.HEADER, "第 1 页": Role.FOOTER}


def _odp(tmp_path: Path, pages: str) -> Path:
    styles = _part(
        '<office:automatic-styles><style:page-layout style:name="PM"><style:page-layout-properties'
        ' fo:page-width="10in" fo:page-height="7.5in"/></style:page-layout>'
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="M" style:page-layout-name="PM"/></office:master-styles>',
        "document-styles",
    )
    content = _part(
        '<office:automatic-styles><style:style style:name="hid"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style></office:automatic-styles><office:body>'
        f"<office:presentation>{pages}</office:presentation></office:body>"
    )
    return _file(tmp_path, "presentation", {"content.xml": content, "styles.xml": styles})


def test_a_slide_of_an_odp_is_a_page(tmp_path: Path) -> None:
    at = 'svg:x="1in" svg:y="{}in" svg:width="2in" svg:height="1in"'
    table = f"<table:table><table:table-column/><table:table-column/>{_row('项目', '2024年')}" \
            f"{_row('收入（亿元）', '12.5')}</table:table>"  # fmt: skip
    path = _odp(
        tmp_path,
        '<draw:page draw:master-page-name="M">'
        f'<draw:frame presentation:class="title" {at.format(0)}><draw:text-box><text:p>回顾'
        f"</text:p></draw:text-box></draw:frame><draw:frame {at.format(2)}>{table}</draw:frame>"
        "<presentation:notes><draw:frame presentation:class='notes'>"
        "<draw:text-box><text:p>备注</text:p></draw:text-box></draw:frame></presentation:notes>"
        '</draw:page><draw:page draw:master-page-name="M" draw:style-name="hid"/>',
    )
    content = read_source(path, "a.odp", Limits(), _quiet)[1]
    assert [(p.width, p.height) for p in content.pages] == [(720, 540)] * 2
    assert content.blocks[0] == Heading("回顾", 1, OnPage(1, Box(72, 0, 216, 72)))
    amount = _cell(content, "12.5")
    assert amount.amount == Amount(Decimal(1_250_000_000), "CNY")
    assert amount.place == OnPage(1, Box(144, 180, 216, 216))
    assert content.blocks[-1] == Paragraph("备注", OnPage(1), Role.NOTE)
    assert [f.code for f in content.flaws] == ["hidden_slide"]
    assert render_source(path, "a.odp", 1, 36).startswith(b"\x89PNG")


def test_an_encrypted_or_empty_odt_is_named(tmp_path: Path) -> None:
    manifest = {"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": "x"}
    with pytest.raises(EncryptedSource):
        read_source(_file(tmp_path, "text", manifest), "a.odt", Limits(), _quiet)
    empty = {"content.xml": _part("")}
    with pytest.raises(BrokenSource, match="no document body"):
        read_source(_file(tmp_path, "text", empty), "a.odt", Limits(), _quiet)
