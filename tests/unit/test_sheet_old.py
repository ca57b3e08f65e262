"""Old Excel files and OpenDocument sheets are read like new ones."""

from __future__ import annotations

import io
import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import BrokenSource, EncryptedSource, SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Cell, Table
from yanku.model.place import InSheet
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits


def _read(tmp_path: Path, data: bytes, name: str, limits: Limits | None = None) -> Content:
    path = tmp_path / "any"
    path.write_bytes(data)
    return read_source(path, name, limits or Limits(), lambda _done, _total: None)[1]


def _cells(content: Content) -> dict[str, Cell]:
    return {
        cell.place.cells: cell
        for block in content.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if isinstance(cell.place, InSheet)
    }


# ── BIFF8 ───────────────────────────────────────────────────────────────────────────────────────


def _record(kind: int, payload: bytes) -> bytes:
    return struct.pack("<HH", kind, len(payload)) + payload


def _string(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _label(row: int, column: int, text: str) -> bytes:
    return _record(0x204, struct.pack("<HHH", row, column, 0) + _string(text))


def _number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return _record(0x203, struct.pack("<HHHd", row, column, style, value))


def _sheet(*records: bytes) -> bytes:
    size = _record(0x200, struct.pack("<IIHHH", 0, 9, 0, 9, 0))
    return _bof(0x10) + size + b"".join(records) + _record(0x0A, b"")


def _stream(locked: bool = False) -> bytes:
    shown = _sheet(
        _record(0x208, struct.pack("<HHHHHHI", 3, 0, 3, 255, 0, 0, 0x20)),
        _label(0, 0, "项目"), _label(0, 1, "金额（万元）"), _label(0, 2, "日期"),
        _label(1, 0, "收入"), _number(1, 1, 1234.5, 1), _number(1, 2, 45382.0, 3),
        _label(2, 0, "比率"), _number(2, 1, 0.1254, 2),
        _label(3, 0, "藏"), _number(3, 1, 7.0),
    )  # fmt: skip
    names = [("表一", 0), ("藏表", 1)]
    styles = b"".join(
        _record(0xE0, struct.pack("<HHH", 0, each, 0).ljust(20, b"\0"))
        for each in (0, 164, 10, 165)
    )
    before = (
        _bof(5)
        + (_record(0x2F, b"\1\0\1\0\1\0") if locked else b"")
        + _record(0x42, struct.pack("<H", 1200))
        + _record(0x41E, struct.pack("<H", 164) + _string("#,##0.00"))
        + _record(0x41E, struct.pack("<H", 165) + _string('yyyy"年"m"月"d"日"'))
        + styles
    )
    entries = [_string(name, "<B") for name, _ in names]
    start = len(before) + sum(4 + 6 + len(each) for each in entries) + 4
    bounds = b""
    for entry, (_, state) in zip(entries, names, strict=True):
        bounds += _record(0x85, struct.pack("<IBB", start, state, 0) + entry)
        start += len(shown)
    return before + bounds + _record(0x0A, b"") + shown + shown


def _ole(stream: bytes) -> bytes:
    """Wrap a stream in an OLE file: header, allocation table, directory, then the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, *range(3, count + 2), end]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16xI16xIII", raw, len(raw), kind, 1, free, free, child, 0, first, size, 0
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    return header + fat + directory.ljust(512, b"\0") + stream


def test_an_old_workbook_is_read_with_formats_and_without_hidden_parts(tmp_path: Path) -> None:
    content = _read(tmp_path, _ole(_stream()), "a.xls")
    cells = _cells(content)
    assert (cells["B2"].text, cells["B2"].amount) == (
        "1,234.50",
        Amount(Decimal(12345000), "CNY"),
    )
    assert (cells["B3"].text, cells["B3"].amount) == ("12.54%", Amount(Decimal("12.54"), "%"))
    assert (cells["C2"].text, cells["C2"].amount) == ("2024年3月31日", None)
    assert (cells["B2"].stored, cells["C2"].stored) == ("1234.5", "2024-03-31")
    assert "A4" not in cells
    assert {flaw.code for flaw in content.flaws} == {"hidden_sheet", "hidden_rows"}


def test_an_old_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncryptedSource):
        _read(tmp_path, _ole(_stream(locked=True)), "a.xls")


def test_an_old_workbook_cut_short_is_broken(tmp_path: Path) -> None:
    with pytest.raises(BrokenSource):
        _read(tmp_path, _ole(_stream())[:1400], "a.xls")


# ── OpenDocument ────────────────────────────────────────────────────────────────────────────────

NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
}


def _ods(rows: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<style:style style:name="t2"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="表一">{rows}</table:table>'
        f'<table:table table:name="藏表" table:style-name="t2">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def _cell(text: str, kind: str = "", value: str = "", more: str = "") -> str:
    typed = f'office:value-type="{kind}" office:value="{value}"' if kind else ""
    return f"<table:table-cell {typed} {more}><text:p>{text}</text:p></table:table-cell>"


def _row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_an_opendocument_sheet_is_read_exactly(tmp_path: Path) -> None:
    rows = (
        _row(_cell("项目"), _cell("金额（万元）"))
        + _row(_cell("收入"), _cell("1,234.57", "float", "1234.5678"))
        + _row(_cell("比率"), _cell("12.5%", "percentage", "0.12543"))
        + _row(_cell("藏"), _cell("1", "float", "1"), more='table:visibility="collapse"')
        + _row("<table:table-cell/>", more='table:number-rows-repeated="3"')
        + _row(_cell("合计"), _cell("5", "float", "5", 'table:formula="of:=SUM([.B2])"'))
    )
    content = _read(tmp_path, _ods(rows), "a.ods")
    cells = _cells(content)
    assert cells["B2"].amount == Amount(Decimal("12345678"), "CNY")
    assert cells["B3"].amount == Amount(Decimal("12.543"), "%")
    assert [cells[at].stored for at in ("B2", "B3", "B8")] == ["1234.5678", "0.12543", ""]
    assert cells["B8"].formula == "=SUM([.B2])"
    assert "A4" not in cells
    assert [flaw.code for flaw in content.flaws] == ["hidden_rows", "hidden_sheet"]


def test_repeated_cells_are_counted_before_they_are_made(tmp_path: Path) -> None:
    rows = _row(
        _cell("1", "float", "1", 'table:number-columns-repeated="16000"'),
        more='table:number-rows-repeated="1000000"',
    )
    with pytest.raises(SourceTooLarge):
        _read(tmp_path, _ods(rows), "a.ods")
