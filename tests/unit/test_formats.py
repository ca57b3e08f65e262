"""The list of formats is true: each has a reader and a sample that it reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.unit.test_sheet_old import _ole as biff_file
from tests.unit.test_sheet_old import _stream as biff_stream

from yanku.model.document import Paragraph, Table
from yanku.model.place import InSheet, InText, OnPage
from yanku.parse.formats import FORMATS, Cited, Kind, formats_page
from yanku.parse.reader import read_source
from yanku.parse.source import Limits
from yanku.testing.binarybook import binary_book
from yanku.testing.mails import Outlook, an_eml, an_msg
from yanku.testing.samples.old import OldParagraph, OldSlide, old_slides, old_word

DOCS = Path(__file__).parents[2] / "docs"
PAGES = frozenset({Cited.PAGE, Cited.SLIDE})
PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.TIFF})


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def _pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Revenue was 5")
    canvas.save()
    return out.getvalue()


def _picture(name: str) -> bytes:
    return _saved(lambda out: Image.new("RGB", (200, 100), "white").save(out, name))


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("收入 5 元")
    return _saved(document.save)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["收入", 5])
    return _saved(book.save)


def _pptx() -> bytes:
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "收入 5 元"
    return _saved(deck.save)


def _odf(kind: str, body: str) -> bytes:
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for each, long in (("office", "office"), ("text", "text"), ("table", "table"),
                           ("draw", "drawing"))
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body>{body}</office:body>"
            "</office:document-content>",
        )
    return out.getvalue()


_P = "<text:p>收入 5 元</text:p>"
_CELLS = f"<table:table-row><table:table-cell>{_P}</table:table-cell></table:table-row>"
_SHEET = f"<table:table table:name='S'>{_CELLS}</table:table>"
_FRAME = f"<draw:frame><draw:text-box>{_P}</draw:text-box></draw:frame>"
_SLIDE = f"<draw:page>{_FRAME}</draw:page>"
_PAGE = b"<html><body><p>Revenue was 5</p></body></html>"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


SAMPLES: dict[Kind, Callable[[], bytes]] = {
    Kind.PDF: _pdf,
    Kind.PNG: lambda: _picture("PNG"),
    Kind.JPEG: lambda: _picture("JPEG"),
    Kind.TIFF: lambda: _picture("TIFF"),
    Kind.XLSX: _xlsx,
    Kind.XLS: lambda: biff_file(biff_stream()),
    Kind.XLSB: binary_book,
    Kind.ODS: lambda: _odf("spreadsheet", f"<office:spreadsheet>{_SHEET}</office:spreadsheet>"),
    Kind.CSV: lambda: b"a,b\n1,2\n",
    Kind.TSV: lambda: b"a\tb\n1\t2\n",
    Kind.DOCX: _docx,
    Kind.RTF: lambda: b"{\\rtf1\\ansi\\u25910?\\u20837? 5 \\u20803?\\par}",
    Kind.DOC: lambda: old_word([OldParagraph("收入 5 元\r")]),
    Kind.PPTX: _pptx,
    Kind.PPT: lambda: old_slides([OldSlide([(0, "收入 5 元", (0, 0, 90, 30))])]),
    Kind.ODT: lambda: _odf("text", f"<office:text>{_P}</office:text>"),
    Kind.ODP: lambda: _odf("presentation", f"<office:presentation>{_SLIDE}</office:presentation>"),
    Kind.HTML: lambda: _PAGE,
    Kind.MHTML: lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: text/html\r\n\r\n" + _PAGE + b"\r\n--B--\r\n",
    Kind.MARKDOWN: lambda: b"# Revenue\n\nwas 5\n",
    Kind.TEXT: lambda: b"Revenue was 5\n",
    Kind.EML: an_eml,
    Kind.MSG: lambda: an_msg(Outlook()),
    Kind.ZIP: _zip,
}  # fmt: skip


def test_the_reference_of_formats_is_what_the_program_says() -> None:
    assert (DOCS / "formats.md").read_text("utf-8") == formats_page(), "run scripts/docs"


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_file_of_each_format_is_read_and_cited_as_the_list_says(
    tmp_path: Path, kind: Kind
) -> None:
    format_ = FORMATS[kind]
    path = tmp_path / "any"
    path.write_bytes(SAMPLES[kind]())
    for ending in format_.endings:
        told, content = read_source(path, f"a.{ending}", Limits(), lambda _done, _all: None)
        assert told.kind is kind
        assert bool(content.pages) is (format_.cited in PAGES)
        places = [
            place
            for block in content.blocks
            for place in (block.places if isinstance(block, Table) else (block.place,))
        ]
        wanted: type = OnPage if format_.cited in PAGES else InText
        wanted = InSheet if format_.cited is Cited.SHEET else wanted
        assert all(isinstance(place, wanted) for place in places)
        assert places or kind in PICTURES, "a blank picture says nothing"
        if kind in PICTURES:
            assert not any(isinstance(each, Paragraph) for each in content.blocks)
            break
