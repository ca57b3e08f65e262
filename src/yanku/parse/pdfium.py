"""PDF through pdfium: documents opened or refused by name, pages as ink, pages as pictures."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c
from PIL import Image
from pypdfium2 import PdfDocument

from yanku.errors import BrokenSource, NotFound, SourceTooLarge
from yanku.model.document import Origin
from yanku.parse.drawn import Drawn, drawn_on
from yanku.parse.ink import Ink, Ruling, Word, turn
from yanku.parse.sniff import locked

__all__ = ["PdfDocument", "Sheet", "opened", "picture_of", "rendered", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of an open PDF; ``scanned`` tells that its text has to be read from its picture.

    ``text`` is the text layer in the order in which it was written, for a second reading.
    """

    ink: Ink
    scanned: bool
    text: str = ""


@contextmanager
def opened(path: Path, name: str) -> Iterator[PdfDocument]:
    """Open a PDF; raise EncryptedSource or BrokenSource with the file's name."""
    try:
        document = PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY}:
            raise locked(name) from error
        raise BrokenSource(
            f"{name} cannot be read as a PDF ({error}); export it again from where it was made."
        ) from error
    try:
        if len(document) == 0:
            raise BrokenSource(f"{name} is a PDF without pages; export it again.")
        yield document
    finally:
        document.close()


def rendered(path: Path, name: str, page: int, dpi: int, max_pixels: int) -> bytes:
    """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
    with opened(path, name) as document:
        if not 1 <= page <= len(document):
            raise NotFound(f"{name} has {len(document)} pages; there is no page {page}.")
        picture = picture_of(document, page, dpi, name, max_pixels)
    out = BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def picture_of(
    document: PdfDocument, page: int, dpi: int, name: str, max_pixels: int
) -> Image.Image:
    """Return a page (from 1) as a picture in colour; raise SourceTooLarge over ``max_pixels``."""
    try:
        sheet = document[page - 1]
    except pdfium.PdfiumError as error:
        raise BrokenSource(f"Page {page} of {name} cannot be read ({error}).") from error
    try:
        width, height = sheet.get_size()
        pixels = width * height * (dpi / 72) ** 2
        if pixels > max_pixels:
            raise SourceTooLarge(
                f"Page {page} of {name} is {width:.0f} × {height:.0f} points, at {dpi} dpi "
                f"{pixels:,.0f} pixels; the limit is {max_pixels:,}."
            )
        bitmap = sheet.render(scale=dpi / 72)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture
    finally:
        sheet.close()


def sheet_of(document: PdfDocument, page: int) -> Sheet:
    """Return what stands on a page (from 1); raise BrokenSource if the page is broken."""
    try:
        sheet = document[page - 1]
        try:
            text = sheet.get_textpage()
            try:
                return _read(sheet, text, page)
            finally:
                text.close()
        finally:
            sheet.close()
    except pdfium.PdfiumError as error:
        raise BrokenSource(f"Page {page} cannot be read ({error}).") from error


@dataclass(frozen=True, slots=True)
class _Frame:
    """Takes a page's own coordinates (y upwards, not rotated) to the sheet as it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        plain = (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        if not self.rotation:
            return plain
        return turn(plain, self.rotation, self.right - self.left, self.top - self.bottom)


def _frame(sheet: pdfium.PdfPage) -> _Frame:
    media = sheet.get_mediabox()
    crop = sheet.get_cropbox()
    box = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        box = media
    return _Frame(*box, rotation=sheet.get_rotation() // 90)


def _read(sheet: pdfium.PdfPage, text: pdfium.PdfTextPage, page: int) -> Sheet:
    width, height = sheet.get_size()
    frame = _frame(sheet)
    drawn = drawn_on(sheet, frame)
    turns = _turns(text, frame.rotation)
    level, upright = drawn.level, drawn.upright
    if turns:
        level, upright = _turned(level, upright, turns, width, height)
    words, odd = _words(text, frame, turns, (width, height), upright)
    letters = sum(len(w.text) for w in words)
    scanned = _is_scanned(letters, odd, drawn, width * height)
    if turns % 2:
        width, height = height, width
    words = tuple(w for w in words if 0 < w.x0 + w.x1 < 2 * width and 0 < w.y0 + w.y1 < 2 * height)
    ink = Ink(page, width, height, Origin.TEXT_LAYER, words, level, upright, turns)
    return Sheet(ink, scanned, "" if scanned else text.get_text_range())


def _is_scanned(letters: int, odd: int, drawn: Drawn, area: float) -> bool:
    """Tell pages whose words are only in a picture, or whose text layer is not to be trusted."""
    covered = drawn.pictures / max(area, 1.0)
    if letters == 0:
        return covered > 0.1 or drawn.shapes > 200
    if odd * 5 > letters:
        return True
    if covered > 0.5 and drawn.invisible:
        return True
    return covered > 0.6 and letters < 100


# ── characters ──────────────────────────────────────────────────────────────────────────────────


def _turns(text: pdfium.PdfTextPage, rotation: int) -> int:
    """Return how many quarter turns bring most of the text upright on the sheet as shown."""
    count = c.FPDFText_CountChars(text)
    step = max(1, count // 60)
    seen: Counter[int] = Counter()
    for i in range(0, count, step):
        if c.FPDFText_GetUnicode(text, i) > 32:
            angle = c.FPDFText_GetCharAngle(text, i)
            seen[round(angle / (math.pi / 2)) % 4] += 1
    if not seen:
        return 0
    quarter, times = seen.most_common(1)[0]
    return -(quarter + rotation) % 4 if times * 2 > seen.total() else 0


def _turned(
    level: tuple[Ruling, ...], upright: tuple[Ruling, ...], turns: int, width: float, height: float
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    boxes = [turn((r.start, r.at, r.end, r.at), turns, width, height) for r in level]
    boxes += [turn((r.at, r.start, r.at, r.end), turns, width, height) for r in upright]
    flat = tuple(Ruling(b[1], b[0], b[2]) for b in boxes if b[2] - b[0] >= b[3] - b[1])
    high = tuple(Ruling(b[0], b[1], b[3]) for b in boxes if b[2] - b[0] < b[3] - b[1])
    return flat, high


class _Crossing:
    """Tells whether an upright ruling passes between two characters."""

    def __init__(self, upright: tuple[Ruling, ...]) -> None:
        self._rulings = sorted(upright)
        self._at = [r.at for r in self._rulings]

    def between(self, left: float, right: float, y: float) -> bool:
        """Tell whether a ruling stands in ``left..right`` at height ``y``."""
        for i in range(bisect_left(self._at, left), len(self._at)):
            ruling = self._rulings[i]
            if ruling.at > right:
                return False
            if ruling.start <= y <= ruling.end:
                return True
        return False


def _words(
    text: pdfium.PdfTextPage,
    frame: _Frame,
    turns: int,
    size: tuple[float, float],
    upright: tuple[Ruling, ...],
) -> tuple[tuple[Word, ...], int]:
    """Return the words of the page and how many characters have no readable meaning."""
    crossing = _Crossing(upright)
    words: list[Word] = []
    seen: set[tuple[str, int, int]] = set()
    odd = 0
    rect = c.FS_RECTF()
    run: list[str] = []
    x0 = y0 = x1 = y1 = 0.0
    first = 0

    def close() -> None:
        if not run:
            return
        word = "".join(run)
        key = (word, round(x0 / 2), round(y0 / 2))
        if key not in seen:
            seen.add(key)
            weight = c.FPDFText_GetFontWeight(text, first)
            words.append(Word(word, x0, y0, x1, y1, y1 - y0, weight >= 600))
        run.clear()

    for i in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, i)
        if code <= 32 or code in _BLANKS:
            close()
            continue
        if code in _VOID or 0xE000 <= code <= 0xF8FF:
            odd += 1
            if code in _VOID:
                continue
        character = _character(code)
        if not character or not c.FPDFText_GetLooseCharBox(text, i, rect):
            continue
        left, top, right, bottom = frame.box(rect.left, rect.bottom, rect.right, rect.top)
        if turns:
            left, top, right, bottom = turn((left, top, right, bottom), turns, *size)
        height = bottom - top
        if run:
            gap = left - x1
            apart = abs((top + bottom) - (y0 + y1)) > min(height, y1 - y0) * 0.8
            limit = 0.25 * min(height, y1 - y0)
            if (
                apart
                or gap > limit
                or gap < -0.5 * height
                or crossing.between(x1 - 1, left + 1, (top + bottom) / 2)
            ):
                close()
        if not run:
            x0, y0, x1, y1, first = left, top, right, bottom, i
        else:
            x1, y0, y1 = max(x1, right), min(y0, top), max(y1, bottom)
        run.append(character)
    close()
    return tuple(words), odd


_BLANKS = frozenset({0xA0, 0x3000, 0x200B, 0xFEFF, 0x2002, 0x2003, 0x2009})
_VOID = frozenset({0xFFFD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)})


# What the usual symbol fonts (Wingdings, Symbol) draw for a code of their own.
_SYMBOLS = {
    **dict.fromkeys((0x52, 0xFE, 0xFC), "√"),
    **dict.fromkeys((0xA3, 0xA8, 0x6F, 0x71, 0x72), "□"),
    **dict.fromkeys((0x6C, 0x6E, 0x75, 0xB7, 0xD8, 0xA7, 0x9F), "•"),
}


def _character(code: int) -> str:
    """Return the character; radicals that fonts use in place of the Han character become it."""
    character = chr(code)
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code & 0xFF, "")
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", character)
    return character
