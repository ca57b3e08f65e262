"""A binary Excel workbook (XLSB), record by record."""

from __future__ import annotations

import io
import struct
import zipfile

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _varint(value: int) -> bytes:
    out = b""
    while True:
        value, byte = value >> 7, value & 0x7F
        out += bytes([byte | (0x80 if value else 0)])
        if not value:
            return out


def _record(kind: int, payload: bytes = b"") -> bytes:
    return _varint(kind) + _varint(len(payload)) + payload


def _string(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _row(number: int, *, hidden: bool = False) -> bytes:
    return _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def _text(column: int, text: str) -> bytes:
    return _record(6, struct.pack("<II", column, 0) + _string(text))


def _number(column: int, value: float, style: int = 0) -> bytes:
    return _record(5, struct.pack("<IId", column, style, value))


def _rels(*targets: tuple[str, str, str]) -> str:
    items = "".join(
        f'<Relationship Id="{id_}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for id_, kind, target in targets
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{items}</Relationships>"
    )


def binary_sheet() -> bytes:
    """Return a sheet of four rows: a header of two with a merged area, one row hidden."""
    rows = [
        _row(0) + _text(0, "项目") + _text(1, "2024年"),
        _row(1) + _text(1, "金额（万元）") + _text(2, "占比") + _text(3, "日期"),
        _row(2)
        + _text(0, "收入")
        + _number(1, 1234.5678, 1)
        + _number(2, 0.12543, 2)
        + _number(3, 45382, 3),
        _row(3, hidden=True) + _text(0, "藏") + _number(1, 9),
    ]
    size = _record(148, struct.pack("<IIII", 0, 3, 0, 3))
    merged = _record(176, struct.pack("<IIII", 0, 0, 1, 2))
    body = _record(145) + b"".join(rows) + _record(146) + _record(177) + merged + _record(178)
    return _record(129) + size + body + _record(130)


def _styles() -> bytes:
    code = _record(44, struct.pack("<H", 164) + _string('yyyy"年"m"月"d"日"'))
    own = _record(615, struct.pack("<I", 1)) + code + _record(616)
    looks = b"".join(
        _record(47, struct.pack("<HHHHHBBI", 0, number, 0, 0, 0, 0, 0, 0))
        for number in (0, 4, 10, 164)
    )
    styles = _record(617, struct.pack("<I", 4)) + looks + _record(618)
    return _record(278) + own + styles + _record(279)


def _book() -> bytes:
    def sheet(state: int, number: int, name: str) -> bytes:
        return _record(
            156, struct.pack("<II", state, number) + _string(f"rId{number}") + _string(name)
        )

    sheets = _record(143) + sheet(0, 1, "表一") + sheet(1, 2, "藏表") + _record(144)
    return _record(131) + _record(153, bytes(12)) + sheets + _record(132)


def far_apart() -> bytes:
    """Return a sheet of two cells in opposite corners: a rectangle of 17 billion."""
    body = _row(0) + _number(0, 1) + _row(1_048_575) + _number(16_383, 1)
    return _record(129) + _record(145) + body + _record(146) + _record(130)


def binary_book(sheet: bytes = b"") -> bytes:
    """Return a workbook of two sheets, the second hidden; ``sheet`` may stand for the first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _rels(("rId1", "officeDocument", "xl/workbook.bin")))
        archive.writestr("xl/workbook.bin", _book())
        links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.bin") for n in (1, 2)]
        archive.writestr(
            "xl/_rels/workbook.bin.rels", _rels(*links, ("rId3", "styles", "styles.bin"))
        )
        archive.writestr("xl/styles.bin", _styles())
        archive.writestr("xl/worksheets/sheet1.bin", sheet or binary_sheet())
        archive.writestr("xl/worksheets/sheet2.bin", binary_sheet())
    return out.getvalue()
