"""Text and Markdown become headings, paragraphs and tables that know their lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.model.amount import Amount
from yanku.model.document import Heading, Paragraph, Table
from yanku.model.place import InText
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits

MARKDOWN = """\
# 年度报告

## 主要指标

单位：万元

| 项目 | 2024年 | 增减(%) |
|---|---:|---:|
| **营业收入** | 1,234.56 | 12.5 |
| 净利润 | (10) | |

第一段的
第二行 goes
on here.

- 一项
- 二项

设置标题
========

```
code | is not | a table
--- | --- | ---
```
"""


def _read(tmp_path: Path, data: str | bytes, name: str = "a.md") -> Content:
    path = tmp_path / "any"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_source(path, name, Limits(), lambda _done, _total: None)[1]


def test_markdown_is_read_in_order_with_its_lines(tmp_path: Path) -> None:
    blocks = _read(tmp_path, MARKDOWN).blocks
    assert [type(block) for block in blocks] == [
        Heading, Heading, Paragraph, Table, Paragraph, Paragraph, Paragraph, Heading, Paragraph,
    ]  # fmt: skip
    assert blocks[0] == Heading("年度报告", 1, InText(1, 1))
    assert blocks[4] == Paragraph("第一段的第二行 goes on here.", InText(12, 14))
    assert blocks[7] == Heading("设置标题", 1, InText(19, 20))


def test_a_pipe_table_has_its_caption_unit_and_amounts(tmp_path: Path) -> None:
    table = next(b for b in _read(tmp_path, MARKDOWN).blocks if isinstance(b, Table))
    assert (table.caption, table.unit, table.header_rows) == ("主要指标", "万元", 1)
    cells = {cell.text: cell for cell in table.cells}
    assert cells["1,234.56"].amount == Amount(Decimal(12345600), "CNY")
    assert cells["1,234.56"].place == InText(9, 9)
    assert cells["(10)"].amount == Amount(Decimal(-100000), "CNY")
    assert cells["12.5"].amount == Amount(Decimal("12.5"), "%")
    assert cells["营业收入"].row == 1


def test_plain_text_has_numbered_headings_and_mends_wrapped_lines(tmp_path: Path) -> None:
    long = "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述"
    text = f"第一节 重要提示\n\n{long}\n或者重大遗漏。\n另一段。\n"
    blocks = _read(tmp_path, text, "a.txt").blocks
    assert blocks[0] == Heading("第一节 重要提示", 1, InText(1, 1))
    assert [(b.place, b.text[-7:]) for b in blocks[1:] if isinstance(b, Paragraph)] == [
        (InText(3, 4), "或者重大遗漏。"),
        (InText(5, 5), "另一段。"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_text_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "公司二〇二四年实现营业收入一百亿元，同比增长百分之十。\r\n2024-03-31\r\n"
    content = _read(tmp_path, text.encode(encoding), "a.txt")
    assert content.flaws == ()
    first = content.blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == text.splitlines()[0]


def test_damaged_bytes_are_a_flaw_and_the_rest_is_read(tmp_path: Path) -> None:
    content = _read(tmp_path, "营业收入与净利润的变动说明。".encode() * 5 + b"\xff\n", "a.txt")
    assert [flaw.code for flaw in content.flaws] == ["undecodable_bytes"]
    first = content.blocks[0]
    assert isinstance(first, Paragraph)
    assert "净利润的变动说明" in first.text


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    (block,) = _read(tmp_path, "a\x1b[31mb and enough other words to be text", "a.txt").blocks
    assert isinstance(block, Paragraph)
    assert block.text.startswith("a[31mb")


@given(st.text(st.sampled_from("# -|`=*>\n收入1,.()[]_~ \t"), max_size=200))
def test_any_markdown_is_read_and_its_lines_are_in_order(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        content = _read(Path(folder), "x\n" + text)
    places = [p for b in content.blocks for p in (b.places if isinstance(b, Table) else [b.place])]
    last = 0
    for place in places:
        assert isinstance(place, InText)
        assert last < place.first_line <= place.last_line <= text.count("\n") + 2
        last = place.last_line
