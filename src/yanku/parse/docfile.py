"""The inside of an old Word file (DOC): its text in pieces, and what is said of each stretch.

    text   c0 ──────── c1 ──── c2      pieces: stretches of text, each at an offset of the stream
    stream   offset a      offset b    properties: of stretches of the stream, in pages of 512 bytes

Sources: [MS-DOC], the published description of the format.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from yanku.errors import BrokenSource, UnsupportedSource
from yanku.parse.sniff import locked

_MAGIC, _OLDER_MAGIC = 0xA5EC, 0xA5DC
_FIRST_UNICODE = 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PAGE = 512
_MAX_CHARACTERS = 100_000_000
_MAX_PIECES = 5_000_000

# Numbers of entries in the list of (offset, length) pairs, at byte 154.
STYLES, CHARACTERS, PARAGRAPHS, HEADERS, PIECES, LISTS, OVERRIDES = 1, 12, 13, 11, 33, 73, 74
_PAIRS = 154

SPRM_HUGE = 0x6646
_VARIABLE, _TABLE_DEFINITION, _TABS = 6, 0xD608, 0xC615
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: from and to which character, where it stands, and bytes a character."""

    start: int
    end: int
    offset: int
    width: int


class WordFile:
    """The streams of one file, read with suspicion: every offset is checked by the slicing."""

    def __init__(self, document: bytes, tables: dict[str, bytes], data: bytes, shown: str) -> None:
        self._shown = shown
        self._document = document
        self.data = data
        try:
            self._read_head(tables)
            self.pieces = self._pieces()
        except struct.error as error:
            raise BrokenSource(f"{shown} is damaged or truncated ({error}).") from error
        self._starts = [each.start for each in self.pieces]
        self.text = "".join(self._decoded(each) for each in self.pieces)

    def _read_head(self, tables: dict[str, bytes]) -> None:
        magic, version = struct.unpack_from("<HH", self._document)
        (flags,) = struct.unpack_from("<H", self._document, 10)
        if magic not in {_MAGIC, _OLDER_MAGIC}:
            raise BrokenSource(f"{self._shown} does not begin like a Word document.")
        if magic == _OLDER_MAGIC or version < _FIRST_UNICODE:
            raise UnsupportedSource(
                f"{self._shown} was written by Word 95 or older; save it as DOCX."
            )
        if flags & _ENCRYPTED:
            raise locked(self._shown)
        name = "1Table" if flags & _TABLE_1 else "0Table"
        if name not in tables:
            raise BrokenSource(f"{self._shown} lacks the stream {name}.")
        self.table = tables[name]
        # Lengths of the parts of the text: body, notes, headers, macros, comments, endnotes, boxes.
        self.lengths = struct.unpack_from("<8i", self._document, 76)
        if any(each < 0 for each in self.lengths) or sum(self.lengths) > _MAX_CHARACTERS:
            raise BrokenSource(f"{self._shown} claims text of an impossible length.")

    def part(self, number: int) -> bytes:
        """Return one of the tables that the head lists, empty if it is not there."""
        at, size = struct.unpack_from("<II", self._document, _PAIRS + 8 * number)
        return self.table[at : at + size] if size else b""

    def after(self, number: int) -> bytes:
        """Return the rest of the table stream behind one of the tables."""
        at, size = struct.unpack_from("<II", self._document, _PAIRS + 8 * number)
        return self.table[at + size :]

    def _pieces(self) -> list[Piece]:
        complex_ = self.part(PIECES)
        at = 0
        while at < len(complex_) and complex_[at] == 1:
            at += 3 + int.from_bytes(complex_[at + 1 : at + 3], "little")
        if at >= len(complex_) or complex_[at] != 2:
            raise BrokenSource(f"{self._shown} has no table of its text.")
        count = (int.from_bytes(complex_[at + 1 : at + 5], "little") - 4) // 12
        if not 0 < count <= _MAX_PIECES:
            raise BrokenSource(f"{self._shown} has a damaged table of its text.")
        at += 5
        bounds = struct.unpack_from(f"<{count + 1}I", complex_, at)
        found = []
        for n in range(count):
            (where,) = struct.unpack_from("<I", complex_, at + 4 * (count + 1) + 8 * n + 2)
            narrow = bool(where & 0x40000000)
            offset = (where & 0x3FFFFFFF) // (2 if narrow else 1)
            if bounds[n + 1] < bounds[n] or bounds[n + 1] > _MAX_CHARACTERS:
                raise BrokenSource(f"{self._shown} has a damaged table of its text.")
            found.append(Piece(bounds[n], bounds[n + 1], offset, 1 if narrow else 2))
        return found

    def _decoded(self, piece: Piece) -> str:
        """Return a piece one character an entry: halves of rare characters stay halves here."""
        size = (piece.end - piece.start) * piece.width
        raw = self._document[piece.offset : piece.offset + size]
        if len(raw) < size:
            raise BrokenSource(f"{self._shown} is truncated: a part of its text is missing.")
        if piece.width == 1:
            return raw.decode("cp1252", "replace")
        return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))

    def offset_of(self, character: int) -> int:
        """Return where a character stands in the stream."""
        piece = self.pieces[max(0, bisect_right(self._starts, character) - 1)]
        return piece.offset + (character - piece.start) * piece.width

    def characters(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of characters that stand between two offsets of the stream."""
        for piece in self.pieces:
            stop = piece.offset + (piece.end - piece.start) * piece.width
            low, high = max(start, piece.offset), min(end, stop)
            if low < high:
                yield (
                    piece.start + (low - piece.offset) // piece.width,
                    piece.start + (high - piece.offset + piece.width - 1) // piece.width,
                )

    def runs(self, number: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield (from offset, to offset, properties) of characters or paragraphs, in order."""
        bins = self.part(number)
        count = (len(bins) - 4) // 8
        for n in range(max(0, count)):
            (where,) = struct.unpack_from("<I", bins, 4 * (count + 1) + 4 * n)
            page = self._document[(where & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(page) == _PAGE:
                yield from _page_runs(page, paragraphs=number == PARAGRAPHS)


def _page_runs(page: bytes, *, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    if 4 * (count + 1) + count > _PAGE:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    step = 13 if paragraphs else 1
    for n in range(count):
        at = 4 * (count + 1) + n * step
        where = 2 * page[at] if at < _PAGE else 0
        if not where:
            yield bounds[n], bounds[n + 1], b""
            continue
        size, start = page[where], where + 1
        if paragraphs:
            size = 2 * size - 1
            if size < 0:
                size, start = 2 * page[(where + 1) % _PAGE], where + 2
        yield bounds[n], bounds[n + 1], page[start : start + size]


def modifiers(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (what, operand) of a list of properties; stops where it is torn."""
    at = 0
    while at + 2 <= len(properties):
        what = int.from_bytes(properties[at : at + 2], "little")
        at += 2
        kind = what >> 13
        if kind != _VARIABLE:
            size = _SIZES[kind]
        elif what == _TABLE_DEFINITION:
            size = int.from_bytes(properties[at : at + 2], "little") + 1
        else:
            size = 1 + (properties[at] if at < len(properties) else 0)
            if what == _TABS and size == 256:
                return  # a rare form whose length is told inside; nothing we read follows it
        yield what, properties[at : at + size]
        at += size
