"""Old Word and PowerPoint files written by script, record by record, as no library does."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.testing.ole import Tree, ole

_TEXT_AT, _PAGE = 2048, 512
_STYLES, _CHARACTERS, _PARAGRAPHS, _PIECES = 1, 12, 13, 33

# ── Word ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OldParagraph:
    """A paragraph with its mark, the style it has (1 is heading 1), and further properties."""

    text: str
    style: int = 0
    properties: bytes = b""
    hidden: tuple[int, int] = (0, 0)


def cell(text: str) -> OldParagraph:
    """Return the last paragraph of a cell."""
    return OldParagraph(f"{text}\x07", properties=_IN_TABLE)


def row_end(
    borders: Sequence[int], above: Sequence[bool] = (), heads: bool = False
) -> OldParagraph:
    """Return the end of a row whose cells have these borders, in twentieths of a point.

    ``above`` tells the cells that carry on the one above them.
    """
    count = len(borders) - 1
    flags = [(1 << 5) if n < len(above) and above[n] else 0 for n in range(count)]
    body = bytes([count]) + struct.pack(f"<{count + 1}h", *borders)
    body += b"".join(struct.pack("<H18x", each) for each in flags)
    row = struct.pack("<HH", 0xD608, len(body) + 1) + body
    head = struct.pack("<HB", 0x3404, 1) if heads else b""
    return OldParagraph("\x07", properties=_IN_TABLE + struct.pack("<HB", 0x2417, 1) + head + row)


_IN_TABLE = struct.pack("<HB", 0x2416, 1)


def old_word(
    paragraphs: Sequence[OldParagraph],
    *,
    notes: str = "",
    narrow: bool = False,
    flags: int = 0,
    beside: Tree | None = None,
) -> bytes:
    """Return a DOC of these paragraphs; ``narrow`` keeps its text in one byte a character.

    ``beside`` are more folders and streams of the file, such as those of macros.
    """
    body = "".join(each.text for each in paragraphs)
    width = 1 if narrow else 2
    raw = (body + notes).encode("cp1252" if narrow else "utf-16-le")
    document = bytearray(b"\0" * _TEXT_AT + raw)
    table = bytearray()
    pairs: dict[int, tuple[int, int]] = {}

    def keep(number: int, data: bytes) -> None:
        pairs[number] = (len(table), len(data))
        table.extend(data)

    where = _TEXT_AT * 2 | 0x40000000 if narrow else _TEXT_AT
    pieces = struct.pack("<II", 0, len(body) + len(notes)) + struct.pack("<HIH", 0, where, 0)
    keep(_PIECES, b"\x02" + struct.pack("<I", len(pieces)) + pieces)
    keep(_STYLES, _style_sheet())
    at, runs, hidden = _TEXT_AT, [], []
    for each in paragraphs:
        end = at + len(each.text) * width
        runs.append((at, end, struct.pack("<H", each.style) + each.properties))
        if each.hidden[1]:
            hidden.append((at + each.hidden[0] * width, at + each.hidden[1] * width))
        at = end
    keep(_PARAGRAPHS, _bins(document, [_paragraph_page([run]) for run in runs], runs))
    marks = [(a, b, struct.pack("<HB", 0x083C, 1)) for a, b in hidden]
    keep(_CHARACTERS, _bins(document, [_character_page(run) for run in marks], marks))
    document[:_TEXT_AT] = _head(len(body), len(notes), pairs, flags)
    body_and_table: Tree = {
        "WordDocument": bytes(document).ljust(4096, b"\0"),
        "1Table": bytes(table),
    }
    return ole({**body_and_table, **(beside or {})})


def _head(body: int, notes: int, pairs: dict[int, tuple[int, int]], flags: int) -> bytes:
    head = bytearray(_TEXT_AT)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", head, 10, 0x0200 | flags)
    struct.pack_into("<HHH", head, 32, 14, 0, 0)
    struct.pack_into("<8i", head, 76, body, notes, 0, 0, 0, 0, 0, 0)
    for number, (at, size) in pairs.items():
        struct.pack_into("<II", head, 154 + 8 * number, at, size)
    return bytes(head)


def _style_sheet() -> bytes:
    """Return a sheet of ten styles: the usual one, and headings 1 to 9."""
    styles = b""
    for number in range(10):
        base = struct.pack("<HHHHH", number, 1 | (0 << 4), 0, 0, 0)
        body = base + struct.pack("<HH", 0, 0)
        styles += struct.pack("<H", len(body)) + body
    return struct.pack("<HHHHHHHHHH", 18, 10, 10, 1, 91, 15, 0, 0, 0, 0) + styles


def _bins(document: bytearray, pages: list[bytes], runs: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Append the pages of properties to the document; return the table that finds them."""
    if not pages:
        return b""
    document.extend(b"\0" * (-len(document) % _PAGE))
    first = len(document) // _PAGE
    document.extend(b"".join(pages))
    bounds = [run[0] for run in runs] + [runs[-1][1]]
    return struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(
        f"<{len(pages)}I", *range(first, first + len(pages))
    )


def _paragraph_page(runs: Sequence[tuple[int, int, bytes]]) -> bytes:
    start, end, properties = runs[0]
    properties += b"\0" * (len(properties) % 2 == 0)
    page = bytearray(_PAGE)
    struct.pack_into("<II", page, 0, start, end)
    page[8], page[64] = 32, (len(properties) + 1) // 2
    page[65 : 65 + len(properties)] = properties
    page[-1] = 1
    return bytes(page)


def _character_page(run: tuple[int, int, bytes]) -> bytes:
    page = bytearray(_PAGE)
    struct.pack_into("<II", page, 0, run[0], run[1])
    page[8], page[64], page[-1] = 32, len(run[2]), 1
    page[65 : 65 + len(run[2])] = run[2]
    return bytes(page)


# ── PowerPoint ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OldSlide:
    """A slide: texts as (what for, text, box in points), a table of texts, and its notes."""

    texts: Sequence[tuple[int, str, tuple[int, int, int, int]]] = ()
    table: Sequence[Sequence[str]] = ()
    notes: str = ""
    hidden: bool = False


def record(kind: int, content: bytes, instance: int = 0, *, holds: bool = False) -> bytes:
    """Return a record; ``holds`` tells that its content are records."""
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(content)) + content


def old_slides(slides: Sequence[OldSlide], token: int = 0xE391C05F) -> bytes:
    """Return a PPT of 720 by 540 points; ``token`` tells whether it is encrypted."""
    stream, at = bytearray(), {}
    lists = {0: b"", 2: b""}
    for n, slide in enumerate(slides):
        at[2 + 2 * n] = len(stream)
        stream += _slide(slide)
        lists[0] += record(0x03F3, struct.pack("<5I", 2 + 2 * n, 0, 0, 256 + n, 0))
        if slide.notes:
            at[3 + 2 * n] = len(stream)
            stream += _notes(slide.notes, 256 + n)
            lists[2] += record(0x03F3, struct.pack("<5I", 3 + 2 * n, 0, 0, n, 0))
    at[1] = len(stream)
    size = record(0x03E9, struct.pack("<2i32x", 5760, 4320))
    held = b"".join(record(0x0FF0, body, which, holds=True) for which, body in lists.items())
    stream += record(0x03E8, size + held, holds=True)
    directory = len(stream)
    entries = b"".join(struct.pack("<II", key | 1 << 20, where) for key, where in at.items())
    stream += record(0x1772, entries)
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<7I", 256, 0, 0, directory, 1, 99, 0))
    user = record(0x0FF6, struct.pack("<III", 20, token, edit))
    return ole({"PowerPoint Document": bytes(stream), "Current User": user})


def _slide(slide: OldSlide) -> bytes:
    shapes = b"".join(_text_shape(*each) for each in slide.texts)
    if slide.table:
        shapes += _table(slide.table)
    info = record(0x03F9, b"\0" * 10 + (b"\x04\0" if slide.hidden else b"\0\0") + b"\0" * 4)
    return record(0x03EE, record(0x03EF, b"\0" * 24) + info + _drawing(shapes), holds=True)


def _notes(text: str, slide: int) -> bytes:
    shape = _text_shape(2, text, (0, 0, 100, 100))
    return record(
        0x03F0, record(0x03F1, struct.pack("<II", slide, 0)) + _drawing(shape), holds=True
    )


def _drawing(shapes: bytes) -> bytes:
    own = record(0xF004, record(0xF009, b"\0" * 16), holds=True)
    group = record(0xF003, own + shapes, holds=True)
    return record(0x040C, record(0xF002, group, holds=True), holds=True)


def _text_shape(kind: int, text: str, box: tuple[int, int, int, int]) -> bytes:
    x0, y0, x1, y1 = (8 * each for each in box)
    anchor = record(0xF010, struct.pack("<4h", y0, x0, x1, y1))
    return record(0xF004, record(0xF00A, b"\0" * 8, 202) + anchor + _box(kind, text), holds=True)


def _box(kind: int, text: str) -> bytes:
    wide = any(ord(each) > 255 for each in text)
    said = record(0x0FA0 if wide else 0x0FA8, text.encode("utf-16-le" if wide else "latin-1"))
    return record(0xF00D, record(0x0F9F, struct.pack("<I", kind)) + said, holds=True)


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a table at (100, 160): cells of 100 by 30 points, kept as a group of shapes."""
    sides = (800, 1280, 800 + 800 * len(rows[0]), 1280 + 240 * len(rows))
    head = record(0xF009, struct.pack("<4i", *sides))
    head += record(0xF010, struct.pack("<4h", sides[1], sides[0], sides[2], sides[3]))
    head += record(0xF122, struct.pack("<HI", 0x039F, 1), 1)
    cells = b""
    for r, texts in enumerate(rows):
        for c, text in enumerate(texts):
            x, y = 800 + 800 * c, 1280 + 240 * r
            anchor = record(0xF00F, struct.pack("<4i", x, y, x + 800, y + 240))
            cells += record(
                0xF004, record(0xF00A, b"\0" * 8, 1) + anchor + _box(4, text), holds=True
            )
    return record(0xF003, record(0xF004, head, holds=True) + cells, holds=True)
