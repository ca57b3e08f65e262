"""Rich text is read as it is shown: letters of every code page, tables, notes, nothing hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanku.errors import BrokenSource, MismatchedSource, SourceTooLarge
from yanku.model.document import Heading, Paragraph, Role, Table
from yanku.parse.formats import Kind
from yanku.parse.reader import read_source
from yanku.parse.rtf import read_rtf
from yanku.parse.source import Content, Limits

_HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}"


def _read(folder: Path, body: bytes, name: str = "a.rtf", head: bytes = _HEAD) -> Content:
    path = folder / name
    path.write_bytes(head + body + b"}")
    form, content = read_source(path, name, Limits(), lambda *_: None)
    assert form.kind is Kind.RTF
    return content


def _texts(content: Content) -> list[str]:
    return [b.text for b in content.blocks if not isinstance(b, Table)]


@pytest.mark.parametrize(
    "body",
    [
        rb"\f0\'d3\'aa\'d2\'b5\'ca\'d5\'c8\'eb\par",
        rb"\u-31707?\u19994?\u25910?\u20837?\par",
        rb"\uc2\u-31707??\u19994\'d2\'b5\u25910??\u20837??\par",
        rb"\f1\loch\af1\hich\af1\dbch\af0 \'d3\'aa\'d2\'b5\'ca\'d5\'c8\'eb\par",
    ],
)
def test_letters_are_read_by_code_page_and_by_unicode_number(tmp_path: Path, body: bytes) -> None:
    assert _texts(_read(tmp_path, body)) == ["营业收入"]


def test_a_font_says_which_code_page_its_letters_are_in(tmp_path: Path) -> None:
    body = rb"{\f1 caf\'e9} \f0\'d3\'aa\par"
    assert _texts(_read(tmp_path, body)) == ["café 营"]


def test_what_is_not_shown_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    body = (
        rb"shown {\v secret}{\deleted gone}{\*\unknown odd}{\field{\*\fldinst HYPERLINK x}"
        rb"{\fldrslt link}}{\pict\wmetafile8 0102}{\object{\*\objdata 00}}\bin4 {{{{end\par"
    )
    content = _read(tmp_path, body)
    assert _texts(content) == ["shown linkend"]
    codes = {flaw.code for flaw in content.flaws}
    assert codes == {"hidden_text", "tracked_changes", "pictures", "embedded_files"}


def test_headings_notes_and_page_heads_are_told_apart(tmp_path: Path) -> None:
    body = (
        rb"{\stylesheet{\s0 Normal;}{\s3\outlinelevel1 heading 2;}}{\header top\par}"
        rb"\pard\s3 Results\par\pard text{\footnote a note} goes on\par"
    )
    blocks = _read(tmp_path, body).blocks
    heading = next(b for b in blocks if isinstance(b, Heading))
    assert (heading.text, heading.level) == ("Results", 2)
    roles = {b.text: b.role for b in blocks if isinstance(b, Paragraph)}
    assert roles["top"] is Role.HEADER
    assert roles["a note"] is Role.NOTE
    assert roles["text goes on"] is Role.TEXT


def test_cells_that_are_merged_keep_their_spans_and_rows_of_a_heading_are_headers(
    tmp_path: Path,
) -> None:
    body = (
        rb"\trowd\trhdr\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000"
        rb"\intbl Item\cell Year\cell\cell\row"
        rb"\trowd\trhdr\clvmrg\cellx1000\cellx2000\cellx3000\intbl\cell 2024\cell 2023\cell\row"
        rb"\trowd\cellx1000\cellx2000\cellx3000\intbl Sales\par (net)\cell 1,234\cell"
        rb" 1,111\cell\row"
        rb"\pard after\par"
    )
    table = next(b for b in _read(tmp_path, body).blocks if isinstance(b, Table))
    spans = {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells}
    assert table.header_rows == 2
    assert spans["Item"] == (0, 0, 2, 1)
    assert spans["Year"] == (0, 1, 1, 2)
    assert spans["1,111"] == (2, 2, 1, 1)
    assert any(c.text.split() == ["Sales", "(net)"] for c in table.cells)


def test_a_table_within_a_cell_and_one_that_is_cut_off_keep_their_words(tmp_path: Path) -> None:
    body = (
        rb"\trowd\cellx1000\cellx2000\intbl outer {\itap2 in\nestcell side\nestcell"
        rb"{\*\nesttableprops"
        rb"\trowd\cellx500\nestrow}}\cell 12\cell\row\trowd\cellx1000\cellx2000\intbl left\cell 34"
    )
    content = _read(tmp_path, body)
    words = " ".join(c.text for b in content.blocks if isinstance(b, Table) for c in b.cells)
    for each in ("outer", "in", "side", "12", "left", "34"):
        assert each in words


def test_rich_text_is_often_named_like_a_word_file(tmp_path: Path) -> None:
    assert _texts(_read(tmp_path, rb"words\par", "old.doc")) == ["words"]
    with pytest.raises(MismatchedSource):
        _read(tmp_path, rb"words\par", "old.docx")


def test_braces_without_end_are_refused_and_cells_without_end_too(tmp_path: Path) -> None:
    with pytest.raises(BrokenSource):
        _read(tmp_path, b"{" * 20_000)
    path = tmp_path / "wide.rtf"
    path.write_bytes(_HEAD + rb"\intbl x\cell" * 5_000 + b"}")
    with pytest.raises(SourceTooLarge):
        read_rtf(path, "wide.rtf", Limits(max_cells=1_000), lambda *_: None)


_WORDS = (
    b"{", b"}", b"\\", b"\\cell ", b"\\row", b"\\trowd", b"\\cellx-5", b"\\cellx900", b"\\u9",
    b"\\u-1?", b"\\uc9", b"\\'ff", b"\\'", b"\\bin-3 ", b"\\bin99999999 ", b"\\*", b"\\par",
    b"\\header", b"\\pict", b"\\v", b"\\fcharset134", b"x", b"\xd3", b"\\clvmrg", b"\\f9",
    b"\\ansicpg99999", b"\\intbl", b"\\outlinelevel99",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=60))
def test_no_sequence_of_control_words_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, words: list[bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.rtf"
    path.write_bytes(b"{\\rtf1" + b"".join(words))
    content = read_rtf(path, "any.rtf", Limits(), lambda *_: None)
    assert all(isinstance(b, Table) or b.text.strip() for b in content.blocks)
