"""Old Word and PowerPoint files are read like the new ones, and broken ones are named."""

from __future__ import annotations

import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from yanku.errors import BrokenSource, EncryptedSource, SourceError, UnsupportedSource
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Role, Table
from yanku.model.place import Box, InText, OnPage
from yanku.parse.reader import read_source, render_source
from yanku.parse.source import Content, Limits
from yanku.testing.ole import ole
from yanku.testing.samples.old import (
    OldParagraph,
    OldSlide,
    cell,
    old_slides,
    old_word,
    row_end,
)

HOME_OF_OFFICE = shutil.which("soffice")
ROWS = [["项目", "2024年", "2023年"], ["营业收入", "1,234.5", "1,000.0"],
        ["净利润", "(56.5)", "41.0"]]  # fmt: skip


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _read(tmp_path: Path, data: bytes, name: str) -> Content:
    path = tmp_path / "any"
    path.write_bytes(data)
    return read_source(path, name, Limits(), _quiet)[1]


def _texts(content: Content) -> list[str]:
    return [each.text for each in content.blocks if not isinstance(each, Table)]


def _table(content: Content) -> Table:
    return next(each for each in content.blocks if isinstance(each, Table))


def _cell(content: Content, text: str) -> Cell:
    return next(each for each in _table(content).cells if each.text == text)


# ── Word ────────────────────────────────────────────────────────────────────────────────────────


def _report() -> list[OldParagraph]:
    borders = [0, 2000, 4000, 6000]
    return [
        OldParagraph("主要会计数据\r", style=2),
        OldParagraph("单位：万元\r"),
        *map(cell, ROWS[0]),
        row_end(borders, heads=True),
        *map(cell, ROWS[1]),
        row_end(borders),
        *map(cell, ROWS[2]),
        row_end(borders),
        OldParagraph("表后。\r"),
    ]


def test_an_old_word_file_gives_headings_tables_units_and_notes(tmp_path: Path) -> None:
    content = _read(tmp_path, old_word(_report(), notes="注：未经审计。\r"), "a.doc")
    heading = content.blocks[0]
    assert isinstance(heading, Heading)
    assert (heading.text, heading.level) == ("主要会计数据", 2)
    table = _table(content)
    assert (table.rows, table.columns, table.header_rows) == (3, 3, 1)
    assert (table.caption, table.unit) == ("主要会计数据", "万元")
    assert _cell(content, "(56.5)").amount == Amount(Decimal(-565_000), "CNY")
    assert _cell(content, "(56.5)").place == InText(5, 5)
    note = content.blocks[-1]
    assert note == Paragraph("注：未经审计。", InText(7, 7), Role.NOTE)


def test_the_files_of_wps_are_the_same_inside(tmp_path: Path) -> None:
    assert _texts(_read(tmp_path, old_word(_report()), "a.wps"))[0] == "主要会计数据"
    slide = OldSlide([(0, "标题", (0, 0, 90, 30))])
    assert _texts(_read(tmp_path, old_slides([slide]), "a.dps")) == ["标题"]


def test_cells_of_an_old_table_span_rows_and_columns(tmp_path: Path) -> None:
    paragraphs = [
        *map(cell, ("项目", "本期")), row_end([0, 2000, 6000]),
        *map(cell, ("", "金额", "比例(%)")), row_end([0, 2000, 4000, 6000], above=[True]),
        *map(cell, ("收入", "10.5", "60")), row_end([0, 2010, 4000, 6000]),
    ]  # fmt: skip
    content = _read(tmp_path, old_word(paragraphs), "a.doc")
    assert (_cell(content, "项目").row_span, _cell(content, "本期").column_span) == (2, 2)
    assert _cell(content, "60").amount == Amount(Decimal(60), "%")


def test_text_of_one_byte_a_character_commands_and_hidden_text(tmp_path: Path) -> None:
    text = 'See \x13 HYPERLINK "http://x" \x14the site\x15 for \x93more\x94, secret.\r'
    at = text.index("secret")
    paragraph = OldParagraph(text.replace("\x93", "“").replace("\x94", "”"), hidden=(at, at + 6))
    content = _read(tmp_path, old_word([paragraph], narrow=True), "a.doc")
    assert _texts(content) == ["See the site for “more”, ."]
    assert [flaw.code for flaw in content.flaws] == ["hidden_text"]


def test_macros_and_objects_of_an_old_word_file_are_told_and_not_run(tmp_path: Path) -> None:
    data = old_word(_report(), beside={"Macros": {"VBA": b"x"}, "ObjectPool": {"_1": b"y"}})
    content = _read(tmp_path, data, "a.doc")
    assert {flaw.code for flaw in content.flaws} == {"macros", "embedded_files"}


def test_an_encrypted_or_ancient_word_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncryptedSource):
        _read(tmp_path, old_word(_report(), flags=0x0100), "a.doc")
    data = old_word(_report())
    old = data.replace(b"\xec\xa5\xc1\x00", b"\xdc\xa5\x65\x00", 1)
    with pytest.raises(UnsupportedSource, match="Word 95"):
        _read(tmp_path, old, "a.doc")


# ── PowerPoint ──────────────────────────────────────────────────────────────────────────────────


def test_an_old_slide_is_a_page_with_boxes_units_and_notes(tmp_path: Path) -> None:
    slides = [
        OldSlide([(0, "主要数据", (40, 20, 680, 90)), (4, "单位：百万元", (500, 120, 640, 140))],
                 table=ROWS, notes="强调现金流。"),
        OldSlide([(1, "收入增长\r毛利率稳定", (40, 100, 680, 300))]),
        OldSlide([(4, "秘密", (0, 0, 90, 30))], hidden=True),
    ]  # fmt: skip
    content = _read(tmp_path, old_slides(slides), "a.ppt")
    assert [(page.width, page.height) for page in content.pages] == [(720, 540)] * 3
    table = _table(content)
    assert (table.caption, table.unit, table.header_rows) == ("主要数据", "百万元", 1)
    revenue = _cell(content, "1,234.5")
    assert revenue.amount == Amount(Decimal(1_234_500_000), "CNY")
    assert revenue.place == OnPage(1, Box(200, 190, 300, 220))
    roles = {b.text: b.role for b in content.blocks if isinstance(b, Paragraph)}
    assert roles["强调现金流。"] is Role.NOTE
    assert roles["毛利率稳定"] is Role.ITEM
    assert "秘密" not in roles
    assert [(f.code, f.place) for f in content.flaws] == [("hidden_slide", OnPage(3))]


def test_an_old_slide_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(old_slides([OldSlide(table=ROWS)]))
    assert render_source(path, "a.ppt", 1, 36).startswith(b"\x89PNG")


def test_an_encrypted_presentation_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncryptedSource):
        _read(tmp_path, old_slides([OldSlide()], token=0xF3D1C4DF), "a.ppt")


# ── torn files ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.doc", "a.ppt"])
def test_a_damaged_old_file_costs_one_named_error_or_is_read(tmp_path: Path, name: str) -> None:
    slide = OldSlide([(0, "标题", (0, 0, 90, 30))], table=ROWS, notes="注")
    whole = old_word(_report()) if name == "a.doc" else old_slides([slide])
    chance = random.Random(7)
    outcomes = set()
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(512, len(data))] = chance.randrange(256)
        torn = bytes(data[: chance.choice((len(data), len(data) * 2 // 3))])
        try:
            _read(tmp_path, torn, name)
            outcomes.add("read")
        except SourceError as error:
            outcomes.add(type(error).__name__)
    assert outcomes & {"BrokenSource"}
    assert "read" in outcomes


def test_a_stream_that_is_not_there_is_named(tmp_path: Path) -> None:
    for name, stream in (("a.doc", "WordDocument"), ("a.ppt", "PowerPoint Document")):
        with pytest.raises(BrokenSource):
            _read(tmp_path, ole({stream: b"\0" * 5000}), name)


@pytest.mark.skipif(HOME_OF_OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["doc", "odt"])
def test_what_libreoffice_writes_says_the_same_as_the_docx_it_came_from(
    tmp_path: Path, ending: str
) -> None:
    document = docx.Document()
    document.add_heading("主要会计数据", 1)
    document.add_paragraph("单位：万元")
    table = document.add_table(3, 3)
    for r, texts in enumerate(ROWS):
        for c, text in enumerate(texts):
            table.cell(r, c).text = text
    document.add_paragraph("第一项", style="List Number")
    source = tmp_path / "a.docx"
    document.save(str(source))
    command = [str(HOME_OF_OFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/home",
               "--convert-to", ending, "--outdir", str(tmp_path), str(source)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = tmp_path / f"a.{ending}"
    new = read_source(source, "a.docx", Limits(), _quiet)[1]
    old = read_source(made, made.name, Limits(), _quiet)[1]
    assert [c.text for c in _table(old).cells] == [c.text for c in _table(new).cells]
    assert [c.amount for c in _table(old).cells] == [c.amount for c in _table(new).cells]
    assert _texts(old) == _texts(new)
