"""A document written as Markdown keeps its text, its tables, its units and its pages."""

from __future__ import annotations

from pathlib import Path

from yanku.entry.markdown import markdown_of
from yanku.model.document import (
    Block,
    Cell,
    Digest,
    Document,
    Heading,
    Paragraph,
    Role,
    Table,
)
from yanku.model.place import InSheet, OnPage
from yanku.parse.source import Limits
from yanku.parse.text import read_markdown


def _document(*blocks: Block) -> Document:
    return Document(Digest("0" * 64), "a.pdf", "application/pdf", (), blocks)


def _cells(*rows: str) -> tuple[Cell, ...]:
    return tuple(
        Cell(r, c, text, OnPage(1))
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split("/"))
    )


def test_headings_lists_notes_and_page_marks_are_written() -> None:
    text = markdown_of(
        _document(
            Heading("第一节 释义", 1, OnPage(1)),
            Paragraph("第 1 页", OnPage(1), Role.FOOTER),
            Paragraph("● 一项", OnPage(1), Role.ITEM),
            Paragraph("附注", OnPage(2), Role.NOTE),
            Heading("九级", 9, OnPage(2)),
        )
    )
    assert text.split("\n\n") == [
        "<!-- page 1 -->",
        "# 第一节 释义",
        "- 一项",
        "<!-- page 2 -->",
        "> 附注",
        "###### 九级\n",
    ]


def test_a_plain_table_is_a_pipe_table_with_caption_and_unit() -> None:
    table = Table(
        _cells("项目/2024年", "收入|成本/1,234.56"), (OnPage(3),), 2, 2, 1, "利润表", "万元"
    )
    assert markdown_of(_document(table)) == (
        "<!-- page 3 -->\n\n**利润表**\n\n单位：万元\n\n"
        "| 项目 | 2024年 |\n| --- | --- |\n| 收入\\|成本 | 1,234.56 |\n"
    )


def test_a_table_with_spans_is_html_and_no_cell_moves() -> None:
    cells = (
        Cell(0, 0, "项目", OnPage(1), row_span=2),
        Cell(0, 1, "<本年>", OnPage(1), column_span=2),
        Cell(1, 1, "一", OnPage(1)),
        Cell(1, 2, "二", OnPage(1)),
        Cell(2, 2, "5", OnPage(1)),
    )
    text = markdown_of(_document(Table(cells, (OnPage(1),), 3, 3, 2)))
    assert text.split("\n\n")[1].splitlines() == [
        "<table>",
        '<tr><th rowspan="2">项目</th><th colspan="2">&lt;本年&gt;</th></tr>',
        "<tr><th>一</th><th>二</th></tr>",
        "<tr><td></td><td></td><td>5</td></tr>",
        "</table>",
    ]


def test_text_that_looks_like_structure_stays_text() -> None:
    text = markdown_of(
        _document(
            Paragraph("# 不是标题", OnPage(1)),
            Paragraph("1. 不是列表", OnPage(1)),
            Paragraph("<script>*a*_b_</script>", OnPage(1)),
        )
    )
    assert text.split("\n\n")[1:] == [
        "\\# 不是标题",
        "1\\. 不是列表",
        "\\<script\\>\\*a\\*\\_b\\_\\</script\\>\n",
    ]


def test_a_sheet_name_cannot_end_its_comment() -> None:
    table = Table((Cell(0, 0, "x", InSheet("a-->b", "A1")),), (InSheet("a-->b", "A1"),), 1, 1)
    assert markdown_of(_document(table)).startswith("<!-- sheet a- ->b -->\n")


def test_what_our_own_reader_reads_back_is_the_same_table(tmp_path: Path) -> None:
    table = Table(
        _cells("项目/2024年/2023年", "收入/1,234.56/-", "成本/(7)/8%"), (OnPage(1),), 3, 3, 1
    )
    path = tmp_path / "a.md"
    path.write_text(markdown_of(_document(table)), "utf-8")
    content = read_markdown(path, path.name, Limits(), lambda *_: None)
    (back,) = (block for block in content.blocks if isinstance(block, Table))
    assert [(c.row, c.column, c.text) for c in back.cells] == [
        (c.row, c.column, c.text) for c in table.cells
    ]
