"""A document survives being written as JSON, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.errors import BrokenSource
from yanku.model.amount import Amount
from yanku.model.document import (
    Cell,
    Digest,
    Document,
    Flaw,
    Heading,
    Origin,
    Page,
    Paragraph,
    Table,
)
from yanku.model.place import Box, InSheet, InText, OnPage
from yanku.parse.codec import decode, encode

counts = st.integers(0, 10**6)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
size = st.floats(0, 1e5, allow_nan=False)
boxes = st.builds(Box, size, size, size, size)
places = st.one_of(
    st.builds(OnPage, counts, st.none() | boxes),
    st.builds(InSheet, text, text),
    st.builds(InText, counts, counts),
)
amounts = st.builds(Amount, st.decimals(allow_nan=False, allow_infinity=False), text)
cells = st.builds(
    Cell, counts, counts, text, places, counts, counts, st.none() | amounts, st.none() | text
)
blocks = st.one_of(
    st.builds(Heading, text, counts, places),
    st.builds(Paragraph, text, places),
    st.builds(
        Table,
        st.lists(cells, max_size=5).map(tuple),
        st.lists(places, max_size=2).map(tuple),
        counts,
        counts,
        counts,
        text,
        text,
    ),
)
documents = st.builds(
    Document,
    st.just(Digest("0" * 64)),
    text,
    text,
    st.lists(st.builds(Page, counts, size, size, st.sampled_from(Origin)), max_size=2).map(tuple),
    st.lists(blocks, max_size=5).map(tuple),
    st.lists(st.builds(Flaw, text, text, st.none() | places), max_size=2).map(tuple),
)


@given(documents)
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    again = decode(encode(document))
    assert again == document
    assert _numbers(again) == _numbers(document)


def _numbers(document: Document) -> list[str]:
    """Return every number as written: 1.0 and 1.00 are equal, and not the same."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return [str(c.amount.value) for table in tables for c in table.cells if c.amount is not None]


def test_no_digit_is_lost() -> None:
    value = Decimal("12345678901234567890.123456789012345678900")
    cell = Cell(0, 0, "x", InText(1, 1), amount=Amount(value, "CNY"))
    table = Table((cell,), (InText(1, 1),), 1, 1)
    document = Document(Digest(""), "a", "b", (), (table,))
    block = decode(encode(document)).blocks[0]
    assert isinstance(block, Table)
    assert block.cells[0].amount is not None
    assert str(block.cells[0].amount.value) == str(value)


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[1]", b"\xff", b'{"digest": 1}'])
def test_bytes_that_hold_no_document_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a document"):
        decode(data)


def test_text_that_is_no_text_is_refused_by_name() -> None:
    document = Document(Digest(""), "a.pdf", "b", (), (Paragraph("\ud800", InText(1, 1)),))
    with pytest.raises(BrokenSource, match=r"a\.pdf"):
        encode(document)
