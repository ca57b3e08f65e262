"""Every limit an operator sets is held by every reader it concerns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from docx import Document as Word
from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.unit.test_archive import zipped

from yanku.errors import SourceTooLarge
from yanku.parse.source import Limits
from yanku.settings import ParserSettings
from yanku.testing.mails import Enclosure, Outlook, an_eml, an_msg
from yanku.testing.reader import OpenReader
from yanku.wiring import limits_of

ROWS = b"a,b\n" * 300


def pages(count: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(count):
        canvas.drawString(72, 720, "x")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def frames(count: int, side: int = 20) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("L", (side, side), 255) for _ in range(count)]
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def picture(side: int, kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 255).save(out, kind)
    return out.getvalue()


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet("S", 0)
    for _ in range(300):
        sheet.append([1, 2])
    book.save(out)
    return out.getvalue()


def word() -> bytes:
    document, out = Word(), io.BytesIO()
    table = document.add_table(60, 10)
    for cell in table._cells:
        cell.text = "1"
    document.save(out)
    return out.getvalue()


def ods() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    rows = "<t:table-row><t:table-cell><x:p>1</x:p></t:table-cell></t:table-row>" * 600
    content = (
        f'<o:document-content xmlns:o="{office}" xmlns:t="{table}" xmlns:x="{text}"><o:body>'
        f'<o:spreadsheet><t:table t:name="S">{rows}</t:table></o:spreadsheet></o:body>'
        "</o:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


def page() -> bytes:
    return b"<html><body><table>" + b"<tr><td>1</td><td>2</td></tr>" * 300 + b"</table></body>"


def package(name: str, data: bytes) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


FILES = {f"{n}.csv": ROWS for n in range(5)}
MANY = [Enclosure(name, data) for name, data in FILES.items()]

CASES: list[tuple[str, Callable[[], bytes], Limits]] = [
    ("a.txt", lambda: ROWS, Limits(max_bytes=1000)),
    ("a.pdf", lambda: pages(4), Limits(max_pages=3)),
    ("a.tiff", lambda: frames(4), Limits(max_pages=3)),
    ("a.png", lambda: picture(400, "PNG"), Limits(max_pixels=100_000)),
    ("a.jpg", lambda: picture(400, "JPEG"), Limits(max_pixels=100_000)),
    ("b.tiff", lambda: frames(1, 400), Limits(max_pixels=100_000)),
    ("a.csv", lambda: ROWS, Limits(max_cells=500)),
    ("a.tsv", lambda: ROWS.replace(b",", b"\t"), Limits(max_cells=500)),
    ("a.xlsx", workbook, Limits(max_cells=500)),
    ("a.ods", ods, Limits(max_cells=500)),
    ("a.docx", word, Limits(max_cells=500)),
    ("a.html", page, Limits(max_cells=500)),
    ("a.zip", lambda: zipped(FILES), Limits(max_members=4)),
    ("a.eml", lambda: an_eml(enclosures=MANY), Limits(max_members=4)),
    ("a.msg", lambda: an_msg(Outlook(enclosures=tuple(MANY))), Limits(max_members=4)),
    ("b.zip", lambda: zipped(FILES), Limits(max_unpacked_bytes=3_000)),
    ("b.xlsx", lambda: package("x", bytes(200_000)), Limits(max_unpacked_bytes=100_000)),
    ("c.xlsx", lambda: package("x", bytes(70 * 1024**2)), Limits()),
    ("c.zip", lambda: zipped({"x.csv": bytes(70 * 1024**2)}), Limits()),
]


@pytest.mark.parametrize(("name", "make", "limits"), CASES)
async def test_a_limit_is_held(
    name: str, make: Callable[[], bytes], limits: Limits, tmp_path: Path
) -> None:
    path = tmp_path / "any"
    path.write_bytes(make())
    with pytest.raises(SourceTooLarge, match=name):
        await OpenReader(limits).read(path, name)


@pytest.mark.parametrize("name", ["a.zip", "a.eml", "a.msg"])
async def test_limits_are_held_again_when_files_are_taken_out(name: str, tmp_path: Path) -> None:
    data = {"a.zip": zipped(FILES), "a.eml": an_eml(enclosures=MANY),
            "a.msg": an_msg(Outlook(enclosures=tuple(MANY)))}[name]  # fmt: skip
    path, folder = tmp_path / "any", tmp_path / "out"
    path.write_bytes(data)
    folder.mkdir()
    for limits in (Limits(max_members=4), Limits(max_unpacked_bytes=3_000)):
        with pytest.raises(SourceTooLarge, match=name):
            await OpenReader(limits).unpack(path, name, folder)


async def test_a_picture_of_a_page_is_held_to_the_limit_too(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(pages(1))
    with pytest.raises(SourceTooLarge):
        await OpenReader(Limits(max_pixels=10_000)).render(path, "a.pdf", 1, 72)


def test_every_limit_of_a_reader_comes_from_the_settings() -> None:
    small = ParserSettings(
        max_mb=1, max_pages=2, max_megapixels=3, max_cells=4, max_unpacked_mb=5, max_ratio=16,
        max_members=7, ocr_dpi=80,
    )  # fmt: skip
    given = asdict(limits_of(small))
    assert set(given) == {each.name for each in fields(Limits)}
    usual = asdict(limits_of(ParserSettings()))
    assert [name for name, value in given.items() if value == usual[name]] == []
