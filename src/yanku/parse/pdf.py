"""PDF files: text pages from their text layer, scanned pages by reading their picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw, Origin, Page
from yanku.model.place import OnPage as Place
from yanku.parse.active import Links, active_in
from yanku.parse.ink import Ink
from yanku.parse.ocr import Eyes
from yanku.parse.pages import reading_of
from yanku.parse.pdfium import PdfDocument, opened, picture_of, rendered, sheet_of
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.unread import Unread
from yanku.parse.witness import witnessed


def read_pdf(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a PDF page by page; a page that cannot be read becomes a flaw, the rest stands.

    Raises EncryptedSource, BrokenSource, or SourceTooLarge over ``limits.max_pages``.
    """
    with opened(path, name) as document:
        if len(document) > limits.max_pages:
            raise SourceTooLarge(
                f"{name} has {len(document):,} pages; the limit is {limits.max_pages:,}. "
                "Split it and add the parts."
            )
        reading = _Reading(document, name, limits, on_page)
        read = reading_of(reading.inks())
        blocks = witnessed(read.blocks, reading.texts)
        flaws = (*reading.flaws, *active_in(document, path, name, reading.links))
    pages = (replace(page, label=read.labels.get(page.number, "")) for page in reading.pages)
    return Content(tuple(pages), blocks, flaws)


def render_page(path: Path, name: str, page: int, dpi: int, limits: Limits | None = None) -> bytes:
    """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
    return rendered(path, name, page, dpi, (limits or Limits()).max_pixels)


class _Reading:
    """One pass over the pages of a document, and what was noted on the way."""

    def __init__(self, document: PdfDocument, name: str, limits: Limits, on_page: OnPage) -> None:
        self._document = document
        self._name = name
        self._limits = limits
        self._on_page = on_page
        self._eyes = Eyes()
        self.pages: list[Page] = []
        self.flaws: list[Flaw] = []
        self.texts: dict[int, str] = {}
        self.links = Links()
        self._unread = Unread()

    def inks(self) -> Iterator[Ink]:
        """Yield what stands on each readable page."""
        count = len(self._document)
        for number in range(1, count + 1):
            ink = self._ink(number)
            if ink is not None:
                yield ink
            self._on_page(number, count)
        self.flaws.extend(self._unread.flaws())

    def _ink(self, number: int) -> Ink | None:
        try:
            sheet = sheet_of(self._document, number)
        except BrokenSource as error:
            self._flaw("broken_page", str(error), number)
            self.pages.append(Page(number, 0.0, 0.0, Origin.TEXT_LAYER))
            return None
        ink = sheet.ink
        self.links += sheet.links
        if sheet.text:
            self.texts[number] = sheet.text
        if sheet.scanned:
            ink = self._seen(ink)
        else:
            self._unread.note(ink, sheet.pictures, sheet.askew)
        self.pages.append(Page(number, *ink.shown_size, ink.origin))
        return ink

    def _seen(self, ink: Ink) -> Ink:
        """Return a scanned page as read from its picture."""
        number, dpi = ink.number, self._limits.ocr_dpi
        try:
            picture = picture_of(self._document, number, dpi, self._name, self._limits.max_pixels)
        except (BrokenSource, SourceTooLarge) as error:
            self._flaw(
                "unread_scan", f"Page {number} is a picture and was not read: {error}", number
            )
            return ink
        sight = self._eyes.read(picture, number, dpi)
        self.flaws.extend(sight.doubts)
        return sight.ink

    def _flaw(self, code: str, detail: str, number: int) -> None:
        self.flaws.append(Flaw(code, detail, Place(number)))
