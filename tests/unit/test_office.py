"""Word files become headings, paragraphs and tables in reading order."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Role, Table
from yanku.model.place import InText
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits

SHARED = Path(os.environ.get("YANKU_DATA", Path(__file__).parents[3] / "shared" / "data"))
OFFICE = SHARED / "office" / "documents"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _made(tmp_path: Path, fill: Callable[[docx.document.Document], None]) -> Content:
    document = docx.Document()
    fill(document)
    path = tmp_path / "any"
    document.save(str(path))
    return read_source(path, "a.docx", Limits(), _quiet)[1]


def _raw(
    tmp_path: Path,
    body: str,
    limits: Limits | None = None,
    prolog: str = "",
    parts: dict[str, str] | None = None,
) -> Content:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
        archive.writestr(
            "word/document.xml",
            f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        )
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    path = tmp_path / "any"
    path.write_bytes(out.getvalue())
    return read_source(path, "a.docx", limits or Limits(), _quiet)[1]


def _report(document: docx.document.Document) -> None:
    document.add_heading("经营情况", 1)
    document.add_paragraph("公司本期收入增长。")
    document.add_heading("主要会计数据", 2)
    document.add_paragraph("单位：万元")
    table = document.add_table(4, 3)
    rows = [["项目", "本期", ""], ["", "金额", "比例(%)"], ["营业收入", "1,234.5", "60"],
            ["其他", "-", "40"]]  # fmt: skip
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    document.add_paragraph("第一项", style="List Bullet")
    document.add_paragraph("结束。")


def _table(content: Content) -> Table:
    return next(block for block in content.blocks if isinstance(block, Table))


def _cell(content: Content, text: str) -> Cell:
    return next(cell for cell in _table(content).cells if cell.text == text)


def test_blocks_come_in_reading_order_and_each_knows_its_line(tmp_path: Path) -> None:
    blocks = _made(tmp_path, _report).blocks
    assert blocks[0] == Heading("经营情况", 1, InText(1, 1))
    assert blocks[1] == Paragraph("公司本期收入增长。", InText(2, 2))
    assert blocks[2] == Heading("主要会计数据", 2, InText(3, 3))
    assert isinstance(blocks[4], Table)
    assert blocks[4].places == (InText(5, 8),)
    assert blocks[5:] == (
        Paragraph("第一项", InText(9, 9), Role.ITEM),
        Paragraph("结束。", InText(10, 10)),
    )


def test_headers_feet_and_notes_are_told_from_the_text(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        document.sections[0].header.paragraphs[0].text = "海岳股份2024年年度报告"
        document.sections[0].footer.paragraphs[0].text = "内部资料"
        document.add_paragraph("公司本期收入增长。")
        document.add_paragraph("注：收入已按新准则重述。")

    found = {b.text: b.role for b in _made(tmp_path, fill).blocks if isinstance(b, Paragraph)}
    assert found == {
        "公司本期收入增长。": Role.TEXT,
        "注：收入已按新准则重述。": Role.NOTE,
        "海岳股份2024年年度报告": Role.HEADER,
        "内部资料": Role.FOOTER,
    }


def test_raised_marks_are_taken_off_and_full_width_digits_are_plain(tmp_path: Path) -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'
    content = _raw(
        tmp_path,
        f"<w:p><w:r><w:t>收入1,234.5</w:t></w:r>{raised.format('1')}"
        f"<w:r><w:t>元，面积１２m</w:t></w:r>{raised.format('2')}</w:p>",
    )
    assert content.blocks == (Paragraph("收入1,234.5元，面积12m²", InText(1, 1)),)


def test_a_table_has_spans_headers_caption_unit_and_amounts(tmp_path: Path) -> None:
    content = _made(tmp_path, _report)
    table = _table(content)
    assert (table.rows, table.columns, table.header_rows) == (4, 3, 2)
    assert (table.caption, table.unit) == ("主要会计数据", "万元")
    assert (_cell(content, "项目").row_span, _cell(content, "本期").column_span) == (2, 2)
    assert _cell(content, "1,234.5").amount == Amount(Decimal(12345000), "CNY")
    assert _cell(content, "1,234.5").place == InText(7, 7)
    assert _cell(content, "60").amount == Amount(Decimal(60), "%")


def test_deleted_and_hidden_text_is_left_out_and_told(tmp_path: Path) -> None:
    content = _raw(
        tmp_path,
        "<w:p><w:r><w:t>净利润</w:t></w:r><w:del><w:r><w:delText>旧数</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>新数</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>",
    )
    assert content.blocks == (Paragraph("净利润新数", InText(1, 1)),)
    assert {flaw.code for flaw in content.flaws} == {"tracked_changes", "hidden_text"}


def test_numbers_that_word_prints_by_itself_are_put_in_front(tmp_path: Path) -> None:
    level = '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/>'
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">{level}'
        '</w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    links = (
        '<Relationships xmlns="r"><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/>'
        "</Relationships>"
    )
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    body = "".join(f"<w:p>{listed}<w:r><w:t>{t}</w:t></w:r></w:p>" for t in ("收入", "成本"))
    parts = {"word/numbering.xml": numbering, "word/_rels/document.xml.rels": links}
    content = _raw(tmp_path, body, parts=parts)
    assert [b.text for b in content.blocks if isinstance(b, Paragraph)] == ["一、收入", "二、成本"]


def test_entities_are_refused_and_nothing_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    prolog = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(BrokenSource, match="document type") as caught:
        _raw(tmp_path, "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", prolog=prolog)
    assert "hush" not in str(caught.value)


def test_what_would_unpack_beyond_the_limit_is_never_opened(tmp_path: Path) -> None:
    with pytest.raises(SourceTooLarge, match="unpack"):
        _raw(tmp_path, "x" * 2_000_000, Limits(max_unpacked_bytes=1_000_000))


def test_a_table_of_too_many_cells_is_refused(tmp_path: Path) -> None:
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 50 + "</w:tr>"
    with pytest.raises(SourceTooLarge, match="cells"):
        _raw(tmp_path, f"<w:tbl>{row * 50}</w:tbl>", Limits(max_cells=2000))


@pytest.mark.data
@pytest.mark.skipif(not OFFICE.is_dir(), reason="the office documents are not here")
def test_every_awkward_office_file_is_read() -> None:
    files = sorted(OFFICE.iterdir())
    assert len(files) >= 40
    for path in files:
        _, content = read_source(path, path.name, Limits(), _quiet)
        assert content.blocks, path.name
