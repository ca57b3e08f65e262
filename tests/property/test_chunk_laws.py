"""Laws of cutting: no number is lost, no line stands outside its chunk, the same again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from yanku.chunk.cut import cut
from yanku.model.document import Block, Cell, Digest, Document, Heading, Paragraph, Table
from yanku.model.finance import Profile
from yanku.model.library import Chunk, DocumentId
from yanku.model.place import Box, InSheet, OnPage, Place

ID = DocumentId("0" * 32)
_NUMBER = re.compile(r"\d[\d,.]*")

numbers = st.decimals(0, 10**12, places=2).map(lambda d: f"{d:,}")
words = st.text("营业收入同比增长。，；：（）的 了和\nabc.XY|", max_size=40)
prose = st.lists(st.tuples(words, numbers).map("".join), max_size=30).map("".join)
pages = st.integers(1, 4)


@st.composite
def places(draw: st.DrawFn) -> Place:
    if draw(st.booleans()):
        return InSheet("表", f"{draw(st.sampled_from('ABCXYZ'))}{draw(st.integers(1, 99))}")
    box = Box(0, 0, draw(st.integers(1, 500)), draw(st.integers(1, 800)))
    return OnPage(draw(pages), draw(st.sampled_from([None, box])))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    cells = tuple(
        Cell(
            row,
            column,
            draw(st.one_of(words, numbers, prose)),
            draw(places()),
            row_span=draw(st.integers(1, 3)),
            column_span=draw(st.integers(1, 3)),
        )
        for row in range(rows)
        for column in range(columns)
        if draw(st.booleans())
    )
    caption = draw(st.one_of(words, prose))
    return Table(
        cells, (draw(places()),), rows, columns, draw(st.integers(0, rows)), caption, "万元"
    )


blocks = st.one_of(
    st.builds(Heading, prose, st.integers(1, 4), places()),
    st.builds(Paragraph, prose, places()),
    tables(),
)
documents = st.lists(blocks, max_size=8).map(
    lambda found: Document(Digest("d" * 64), "x.pdf", "application/pdf", (), tuple(found))
)


def texts_in(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (cell.text for cell in block.cells)
    else:
        yield block.text


def numbers_in(texts: Iterator[str]) -> Counter[str]:
    return Counter(number for text in texts for number in _NUMBER.findall(text))


def leaves(place: Place) -> str:
    return f"{place.page}" if isinstance(place, OnPage) else str(getattr(place, "sheet", ""))


@given(documents)
@settings(deadline=None, max_examples=150)
def test_no_number_is_lost_between_the_document_and_its_chunks(document: Document) -> None:
    said = numbers_in(text for block in document.blocks for text in texts_in(block))
    kept = numbers_in(chunk.text for chunk in cut(document, ID, Profile()))
    assert said - kept == Counter()


@given(tables())
@settings(deadline=None)
def test_no_number_of_a_caption_is_lost(table: Table) -> None:
    document = Document(Digest("d" * 64), "x.pdf", "application/pdf", (), (table,))
    chunks = cut(document, ID, Profile())
    kept = numbers_in(f"{chunk.context}\n{chunk.text}" for chunk in chunks)
    if chunks:
        assert set(numbers_in(iter([table.caption]))) <= set(kept)


@given(documents)
@settings(deadline=None)
def test_every_line_has_a_place_on_the_page_or_sheet_of_its_chunk(document: Document) -> None:
    for chunk in cut(document, ID, Profile()):
        assert len(chunk.lines) == len(chunk.text.splitlines())
        assert {leaves(line) for line in chunk.lines} == {leaves(chunk.place)}
        assert all(_holds(chunk, line) for line in chunk.lines)


def _holds(chunk: Chunk, line: Place) -> bool:
    if not (isinstance(line, OnPage) and isinstance(chunk.place, OnPage) and line.box):
        return True
    box = chunk.place.box
    return box is not None and box.united(line.box) == box


@given(documents)
@settings(deadline=None)
def test_the_same_document_is_cut_the_same_way_again(document: Document) -> None:
    chunks = cut(document, ID, Profile())
    assert chunks == cut(document, ID, Profile())
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
