"""The inside of an old PowerPoint file (PPT): records in records, and where each slide begins.

Sources: [MS-PPT] and [MS-ODRAW], the published descriptions of the format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from yanku.errors import BrokenSource
from yanku.parse.sniff import locked

DOCUMENT_ATOM, SLIDE_LIST, SLIDE_PERSIST = 0x03E9, 0x0FF0, 0x03F3
_USER_EDIT, _DIRECTORY, _CURRENT = 0x0FF5, 0x1772, 0x0FF6
_ENCRYPTED_TOKEN = 0xF3D1C4DF
_MAX_RECORDS = 3_000_000
_MAX_EDITS = 10_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: what it is, which of its kind, and where its content begins and ends."""

    kind: int
    instance: int
    start: int
    end: int


class PowerPointFile:
    """The stream of one file; every record lies within the one around it."""

    def __init__(self, stream: bytes, current: bytes, shown: str) -> None:
        self.stream = stream
        self._shown = shown
        self._left = _MAX_RECORDS
        try:
            self._objects, self._document = self._read_edits(current)
        except struct.error as error:
            raise BrokenSource(f"{shown} is damaged or truncated ({error}).") from error

    def inside(self, around: Record) -> Iterator[Record]:
        """Yield the records that another holds, until it ends or is torn."""
        at = around.start
        while at + 8 <= around.end:
            first, kind, size = struct.unpack_from("<HHI", self.stream, at)
            self._left -= 1
            if self._left < 0:
                raise BrokenSource(f"{self._shown} has more records than a presentation can hold.")
            if at + 8 + size > around.end:
                return
            yield Record(kind, first >> 4, at + 8, at + 8 + size)
            at += 8 + size

    def content(self, record: Record) -> bytes:
        """Return the bytes of a record."""
        return self.stream[record.start : record.end]

    def find(self, around: Record, kind: int) -> Record | None:
        """Return the first record of a kind that another holds directly."""
        return next((each for each in self.inside(around) if each.kind == kind), None)

    def object(self, number: int) -> Record | None:
        """Return what is kept under a number: a slide, notes, the document."""
        at = self._objects.get(number)
        if at is None or at + 8 > len(self.stream):
            return None
        first, kind, size = struct.unpack_from("<HHI", self.stream, at)
        return Record(kind, first >> 4, at + 8, min(at + 8 + size, len(self.stream)))

    @cached_property
    def document(self) -> Record:
        """Return the document itself."""
        if (found := self.object(self._document)) is None:
            raise BrokenSource(f"{self._shown} has lost its list of slides.")
        return found

    def _read_edits(self, current: bytes) -> tuple[dict[int, int], int]:
        """Follow the edits from the last to the first; what was saved later counts."""
        _, kind, _, _, token, at = struct.unpack_from("<HHIIII", current)
        if kind != _CURRENT:
            raise BrokenSource(f"{self._shown} does not say where its last edit is.")
        if token == _ENCRYPTED_TOKEN:
            raise locked(self._shown)
        objects: dict[int, int] = {}
        document, seen = 0, set[int]()
        while at and at not in seen and len(seen) < _MAX_EDITS:
            seen.add(at)
            _, kind, size = struct.unpack_from("<HHI", self.stream, at)
            if kind != _USER_EDIT:
                raise BrokenSource(f"{self._shown} has a damaged list of edits.")
            before, directory, number = struct.unpack_from("<III", self.stream, at + 16)
            document = document or number
            if size >= 32:
                raise locked(self._shown)
            for key, value in self._directory(directory):
                objects.setdefault(key, value)
            at = before
        return objects, document

    def _directory(self, at: int) -> Iterator[tuple[int, int]]:
        _, kind, size = struct.unpack_from("<HHI", self.stream, at)
        end = min(at + 8 + size, len(self.stream))
        at += 8
        while kind == _DIRECTORY and at + 4 <= end:
            (head,) = struct.unpack_from("<I", self.stream, at)
            first, count = head & 0xFFFFF, head >> 20
            at += 4
            for n in range(min(count, (end - at) // 4)):
                yield first + n, struct.unpack_from("<I", self.stream, at + 4 * n)[0]
            at += 4 * count
