"""PDF files: text pages from their text layer, scanned pages by reading their picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw, Origin, Page
from yanku.model.place import OnPage as Place
from yanku.parse.active import Links, active_in
from yanku.parse.engine import CORES, eyes
from yanku.parse.ink import Ink
from yanku.parse.ocr import Eyes, Sight
from yanku.parse.pages import reading_of
from yanku.parse.pdfium import PdfDocument, Sheet, opened, picture_of, rendered, sheet_of
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.unread import Unread
from yanku.parse.witness import witnessed

_AHEAD = CORES
"""Pages begun before the first of them is needed: as many pictures as are read at once."""


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
        """Yield what stands on each readable page; pictures are read some pages ahead."""
        count = len(self._document)
        begun: deque[Callable[[], tuple[Ink, ...]]] = deque()
        for number in range(1, count + _AHEAD + 1):
            if number <= count:
                begun.append(self._begun(number))
            if number <= _AHEAD:
                continue
            yield from begun.popleft()()
            self._on_page(number - _AHEAD, count)
        self.flaws.extend(self._unread.flaws())

    def _begun(self, number: int) -> Callable[[], tuple[Ink, ...]]:
        """Begin with a page; what is returned ends it, and is to be called page by page."""
        try:
            sheet = sheet_of(self._document, number)
        except BrokenSource as error:
            return partial(self._broken, number, str(error))
        if not sheet.scanned:
            return partial(self._text, sheet)
        dpi, most = self._limits.ocr_dpi, self._limits.max_pixels
        try:
            picture = picture_of(self._document, number, dpi, self._name, most)
        except (BrokenSource, SourceTooLarge) as error:
            return partial(self._unseen, sheet, str(error))
        return partial(self._seen, sheet, eyes().submit(self._eyes.read, picture, number, dpi))

    def _broken(self, number: int, why: str) -> tuple[Ink, ...]:
        self._flaw("broken_page", why, number)
        self.pages.append(Page(number, 0.0, 0.0, Origin.TEXT_LAYER))
        return ()

    def _text(self, sheet: Sheet) -> tuple[Ink, ...]:
        self._unread.note(sheet.ink, sheet.pictures, sheet.askew)
        return self._noted(sheet, (sheet.ink,))

    def _unseen(self, sheet: Sheet, why: str) -> tuple[Ink, ...]:
        number = sheet.ink.number
        self._flaw("unread_scan", f"Page {number} is a picture and was not read: {why}", number)
        return self._noted(sheet, (sheet.ink,))

    def _seen(self, sheet: Sheet, seeing: Future[Sight]) -> tuple[Ink, ...]:
        """Return a scanned page as read from its picture, on which two pages can lie."""
        sight = seeing.result()
        self.flaws.extend(sight.doubts)
        return self._noted(sheet, sight.inks)

    def _noted(self, sheet: Sheet, inks: tuple[Ink, ...]) -> tuple[Ink, ...]:
        self.links += sheet.links
        if sheet.text:
            self.texts[sheet.ink.number] = sheet.text
        self.pages.append(Page(sheet.ink.number, *inks[0].shown_size, inks[0].origin))
        return inks

    def _flaw(self, code: str, detail: str, number: int) -> None:
        self.flaws.append(Flaw(code, detail, Place(number)))
