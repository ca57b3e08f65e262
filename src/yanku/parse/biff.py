"""What an old Excel file says about the looks of its cells: formats, hidden rows and columns."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from yanku.errors import SourceTooLarge
from yanku.model.document import Flaw
from yanku.parse.numberformat import BUILTIN, GENERAL
from yanku.parse.sniff import locked

_BOF, _EOF, _BOUNDSHEET, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x41E, 0xE0
_FILEPASS, _DATEMODE, _ROW, _COLINFO, _SUPBOOK = 0x2F, 0x22, 0x208, 0x7D, 0x1AE
_ONE_CELL = frozenset({0x203, 0x27E, 0x06})
"""NUMBER, RK and FORMULA records: row, column, style."""
_MULRK = 0xBD
_FILLED = _ONE_CELL | {_MULRK, 0x204, 0xFD, 0x205, 0xD6, 0xBE, 0x201}
"""Records that begin with the row and the column of a cell."""
_MAX_AREA = 20_000_000
_MAX_STREAM_BYTES = 512 * 1024**2


@dataclass(slots=True)
class Biff:
    """Number formats by (sheet, row, column) from 0, where they are not General."""

    formats: dict[tuple[str, int, int], str] = field(default_factory=dict)
    hidden_rows: dict[str, frozenset[int]] = field(default_factory=dict)
    hidden_columns: dict[str, frozenset[int]] = field(default_factory=dict)
    merged: dict[str, list[tuple[tuple[int, int], tuple[int, int]]]] = field(default_factory=dict)
    """First and last cell of each merged area, where the library does not tell them."""
    date1904: bool = False
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(slots=True)
class Reach:
    """The rectangle around the filled cells, which the library keeps whole in memory."""

    rows: tuple[int, int] | None = None
    columns: tuple[int, int] = (0, 0)

    def take(self, row: int, column: int) -> None:
        """Take up a cell."""
        if self.rows is None:
            self.rows, self.columns = (row, row), (column, column)
        self.rows = min(self.rows[0], row), max(self.rows[1], row)
        self.columns = min(self.columns[0], column), max(self.columns[1], column)

    @property
    def area(self) -> int:
        """Return how many cells the rectangle has."""
        if self.rows is None:
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)

    def check(self, sheet: str, shown: str) -> None:
        """Raise SourceTooLarge if the rectangle is too large to keep."""
        if self.area > _MAX_AREA:
            raise SourceTooLarge(
                f"{shown}: the cells of {sheet!r} lie too far apart; "
                "move them together, or save it as XLSX."
            )


def read_biff(data: bytes, shown: str) -> Biff:
    """Return the looks of a BIFF8 workbook; of older versions nothing but a flaw."""
    found = Biff()
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            macros = ole.exists("_VBA_PROJECT_CUR") or ole.exists("_VBA_PROJECT")
            if not ole.exists("Workbook"):
                found.flaws.append(Flaw("number_formats", "Its number formats could not be read."))
                return found
            stream = ole.openstream("Workbook").read(_MAX_STREAM_BYTES)
    except (OSError, ValueError, IndexError, struct.error) as error:
        found.flaws.append(
            Flaw("number_formats", f"Its number formats could not be read: {error}.")
        )
        return found
    if macros:
        found.flaws.append(Flaw("macros", "The file holds macros; they were not run."))
    _read_stream(stream, found, shown)
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield (type, payload) from an offset to the end of that substream."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return


def _read_stream(stream: bytes, found: Biff, shown: str) -> None:
    own: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    for kind, payload in _records(stream, 0):
        if kind == _FILEPASS:
            raise locked(shown)
        if kind == _DATEMODE and payload[:1] == b"\x01":
            found.date1904 = True
        elif kind == _FORMAT and len(payload) >= 5:
            own[int.from_bytes(payload[:2], "little")] = _text(payload[2:], 2)
        elif kind == _XF and len(payload) >= 4:
            styles.append(int.from_bytes(payload[2:4], "little"))
        elif kind == _BOUNDSHEET and len(payload) >= 8:
            sheets.append((_text(payload[6:], 1), int.from_bytes(payload[:4], "little")))
        elif (
            kind == _SUPBOOK and len(payload) > 4 and payload[2:4] not in {b"\x01\x04", b"\x01\x3a"}
        ):
            found.flaws.append(Flaw("external_links", "Links to other files were not followed."))
    codes = [own.get(each) or BUILTIN.get(each, GENERAL) for each in styles]
    for name, offset in sheets:
        _read_sheet(stream, offset, name, codes, found).check(name, shown)


def _read_sheet(stream: bytes, offset: int, name: str, codes: list[str], found: Biff) -> Reach:
    reach = Reach()
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, payload in _records(stream, offset):
        if kind in _FILLED and len(payload) >= 4:
            reach.take(*struct.unpack_from("<HH", payload))
        if kind in _ONE_CELL and len(payload) >= 6:
            row, column, style = struct.unpack_from("<HHH", payload)
            _note(found, name, row, column, style, codes)
        elif kind == _MULRK and len(payload) >= 12:
            row, first = struct.unpack_from("<HH", payload)
            for n in range((len(payload) - 6) // 6):
                style = int.from_bytes(payload[4 + 6 * n : 6 + 6 * n], "little")
                _note(found, name, row, first + n, style, codes)
        elif kind == _ROW and len(payload) >= 14 and payload[12] & 0x20:
            rows.add(int.from_bytes(payload[:2], "little"))
        elif kind == _COLINFO and len(payload) >= 10 and payload[8] & 0x01:
            first, last = struct.unpack_from("<HH", payload)
            columns.update(range(first, min(last, 255) + 1))
    found.hidden_rows[name] = frozenset(rows)
    found.hidden_columns[name] = frozenset(columns)
    if rows or columns:
        detail = (
            f"{name!r} has {len(rows)} hidden rows and {len(columns)} hidden columns; not read."
        )
        found.flaws.append(Flaw("hidden_rows", detail))
    return reach


def _note(found: Biff, name: str, row: int, column: int, style: int, codes: list[str]) -> None:
    if style < len(codes) and codes[style] != GENERAL:
        found.formats[name, row, column] = codes[style]


def _text(payload: bytes, length_bytes: int) -> str:
    """Return a BIFF8 string: its length, a flag for two-byte characters, and the characters."""
    count = int.from_bytes(payload[:length_bytes], "little")
    wide = payload[length_bytes : length_bytes + 1] == b"\x01"
    body = payload[length_bytes + 1 : length_bytes + 1 + count * (2 if wide else 1)]
    return body.decode("utf-16-le" if wide else "latin-1", "replace")
