"""What a PDF would do by itself is reported, and the rest is read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from yanku.testing.reader import OpenReader


def a_pdf() -> PdfWriter:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Revenue 1,234")
    canvas.showPage()
    canvas.drawString(72, 720, "Profit 12")
    canvas.save()
    return PdfWriter(io.BytesIO(out.getvalue()))


def with_script(pdf: PdfWriter) -> None:
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('x')")}
    action = pdf._add_object(DictionaryObject({NameObject(k): v for k, v in script.items()}))
    names = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("on opening"), action])}
    )
    tree = DictionaryObject({NameObject("/JavaScript"): names})
    pdf.root_object[NameObject("/Names")] = tree


def with_open_action(pdf: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.launchURL('x')")}
    pdf.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in action.items()}
    )


def with_launch(pdf: PdfWriter) -> None:
    action = {"/S": NameObject("/Launch"), "/F": TextStringObject("cmd.exe")}
    link = Link(rect=(50, 550, 200, 650), url="x")
    link[NameObject("/A")] = DictionaryObject({NameObject(k): v for k, v in action.items()})
    pdf.add_annotation(0, link)


def with_attachment(pdf: PdfWriter) -> None:
    pdf.add_attachment("evil.exe", b"MZ")


def with_link(pdf: PdfWriter) -> None:
    pdf.add_annotation(1, Link(rect=(50, 550, 200, 650), url="http://198.51.100.7/"))


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (with_script, "active_content", "scripts"),
        (with_open_action, "active_content", "scripts"),
        (with_launch, "active_content", "start programs"),
        (with_attachment, "embedded_files", "1 files"),
        (with_link, "external_links", "1 links"),
    ],
)
async def test_what_a_pdf_would_do_is_named(
    change: object, code: str, says: str, tmp_path: Path
) -> None:
    pdf, path = a_pdf(), tmp_path / "a"
    assert callable(change)
    change(pdf)
    pdf.write(path)
    document = await OpenReader().read(path, "a.pdf")
    told = {flaw.code: flaw.detail for flaw in document.flaws}
    assert list(told) == [code]
    assert says in told[code]
    assert "1,234" in repr(document.blocks)


async def test_a_pdf_that_does_nothing_has_nothing_reported(tmp_path: Path) -> None:
    pdf, path = a_pdf(), tmp_path / "a"
    pdf.add_outline_item(title="Profit", page_number=1)
    pdf.add_annotation(0, Link(rect=(50, 550, 200, 650), target_page_index=1))
    pdf.write(path)
    assert (await OpenReader().read(path, "a.pdf")).flaws == ()
