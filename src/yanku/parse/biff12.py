"""What a binary workbook (XLSB) says about the looks of its cells: formats, what is hidden."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from yanku.errors import BrokenSource
from yanku.model.document import Flaw
from yanku.parse.biff import Biff, Reach
from yanku.parse.numberformat import BUILTIN, GENERAL
from yanku.parse.package import Package
from yanku.parse.workbook import extras

_ROW, _COLUMN, _FORMAT, _XF, _END_SHEET = 0, 60, 44, 47, 130
_PROPERTIES, _SHEET, _MERGED = 153, 156, 176
_BEGIN_XFS, _END_XFS = 617, 618
_FILLED = frozenset(range(2, 12))
_NUMBERS = frozenset({2, 5, 9})
"""Cells of numbers: short, real, and calculated."""
_MAX_ROWS, _MAX_COLUMNS, _MAX_MERGES = 1_048_576, 16_384, 100_000


@dataclass(slots=True)
class _Book:
    """The sheets by name with the parts they are in, and the format of each style."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)


def read_biff12(package: Package, shown: str) -> Biff:
    """Return the looks of a binary workbook; raise BrokenSource if its records are cut short."""
    found, book = Biff(), _Book()
    main = package.main_part("xl/workbook.bin")
    links = package.relations(main)
    found.flaws += extras(package, links.values())
    try:
        parts = {id_: link.target for id_, link in links.items()}
        _read_book(package.read(main), parts, found, book)
        styles = next((link.target for link in links.values() if link.kind == "styles"), "")
        if styles in package.names:
            book.formats = _read_styles(package.read(styles))
        for name, part in book.sheets:
            if part in package.names:
                reach = _read_sheet(name, package.read(part), found, book.formats)
                reach.check(name, shown)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BrokenSource(f"{shown} is a damaged Excel workbook ({error}).") from error
    return found


def _records(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield (type, payload); both type and size are written seven bits a byte, the lowest first."""
    view, at = memoryview(data), 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        yield kind, view[at : at + size]
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for shift in range(most):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if not byte & 0x80:
            break
    return value, at


def _text(payload: memoryview, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", payload, at)
    end = at + 4 + 2 * length
    if end > len(payload):
        raise IndexError("a text runs over the end of its record")
    return bytes(payload[at + 4 : end]).decode("utf-16-le"), end


def _read_book(data: bytes, parts: dict[str, str], found: Biff, book: _Book) -> None:
    for kind, payload in _records(data):
        if kind == _PROPERTIES and len(payload):
            found.date1904 = bool(payload[0] & 1)
        elif kind == _SHEET:
            relation, at = _text(payload, 8)
            name, _ = _text(payload, at)
            book.sheets.append((name, parts.get(relation, "")))


def _read_styles(data: bytes) -> list[str]:
    own: dict[int, str] = {}
    formats: list[str] = []
    inside = False
    for kind, payload in _records(data):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", payload)[0]] = _text(payload, 2)[0]
        elif kind in {_BEGIN_XFS, _END_XFS}:
            inside = kind == _BEGIN_XFS
        elif kind == _XF and inside:
            number = struct.unpack_from("<H", payload, 2)[0]
            formats.append(own.get(number) or BUILTIN.get(number, GENERAL))
    return formats


def _read_sheet(name: str, data: bytes, found: Biff, formats: list[str]) -> Reach:
    row, reach = 0, Reach()
    rows: set[int] = set()
    columns: set[int] = set()
    merged = found.merged.setdefault(name, [])
    for kind, payload in _records(data):
        if kind == _END_SHEET:
            break
        if kind == _ROW and len(payload) >= 12:
            row = struct.unpack_from("<I", payload)[0]
            if row < _MAX_ROWS and payload[11] & 0x10:
                rows.add(row)
        elif (
            kind == _COLUMN and len(payload) >= 18 and struct.unpack_from("<H", payload, 16)[0] & 1
        ):
            first, last = struct.unpack_from("<II", payload)
            columns.update(range(first, min(last, _MAX_COLUMNS) + 1))
        if kind in _FILLED and len(payload) >= 8:
            reach.take(row, struct.unpack_from("<I", payload)[0])
        if kind == _MERGED and len(payload) >= 16 and len(merged) < _MAX_MERGES:
            top, foot, first, last = struct.unpack_from("<IIII", payload)
            merged.append(((top, first), (foot, last)))
        elif kind in _NUMBERS and len(payload) >= 8:
            column, style = struct.unpack_from("<II", payload)
            style &= 0xFFFFFF
            if style < len(formats) and formats[style] != GENERAL:
                found.formats[name, row, column] = formats[style]
    found.hidden_rows[name], found.hidden_columns[name] = frozenset(rows), frozenset(columns)
    if rows:
        detail = f"{name!r} has {len(rows)} hidden rows that were not read."
        found.flaws.append(Flaw("hidden_rows", detail))
    if columns:
        detail = f"{name!r} has hidden columns that were not read."
        found.flaws.append(Flaw("hidden_columns", detail))
    return reach
