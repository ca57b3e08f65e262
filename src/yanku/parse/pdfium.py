"""PDF through pdfium: documents opened or refused by name, pages as ink, pages as pictures."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c
from PIL import Image
from pypdfium2 import PdfDocument

from yanku.errors import BrokenSource, NotFound, SourceTooLarge
from yanku.model.document import Origin
from yanku.model.place import Box
from yanku.parse.active import NO_LINKS, Links, links_of
from yanku.parse.drawn import Drawn, drawn_on
from yanku.parse.glyphs import Crossing, Weaver
from yanku.parse.ink import Ink, Ruling, Word, turn
from yanku.parse.legible import garbage_in
from yanku.parse.plotted import charts_of, is_label
from yanku.parse.setapart import put_together
from yanku.parse.sniff import locked

__all__ = ["PdfDocument", "Sheet", "opened", "picture_of", "rendered", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of an open PDF; ``scanned`` tells that its text has to be read from its picture.

    ``text`` is the text layer in the order in which it was written, for a second reading.
    ``askew`` are words that stand across the others, ``pictures`` boxes on the sheet as shown:
    charts are pictures, too, and their figures are none of the page's words.
    """

    ink: Ink
    scanned: bool
    text: str = ""
    askew: tuple[Word, ...] = ()
    pictures: tuple[Box, ...] = ()
    links: Links = NO_LINKS


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
                return replace(_read(sheet, text, page), links=links_of(sheet, document))
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
    woven, odd = _words(text, frame, turns, (width, height), upright)
    letters = sum(len(w.text) for w in woven.words)
    scanned = _is_scanned(letters, odd, drawn, width * height)
    scanned = scanned or garbage_in(" ".join(w.text for w in woven.words)) is not None
    pictures = tuple(Box(*box) for box in drawn.boxes)
    if turns % 2:
        width, height = height, width
    words = tuple(
        w for w in woven.words if 0 < w.x0 + w.x1 < 2 * width and 0 < w.y0 + w.y1 < 2 * height
    )
    charts = [] if turns else charts_of(drawn.bars, drawn.lines, words, width * height)
    pictures += tuple(charts)
    words = put_together(tuple(w for w in words if not is_label(w, charts)))
    ink = Ink(page, width, height, Origin.TEXT_LAYER, words, level, upright, turns)
    said = "" if scanned else text.get_text_range()
    return Sheet(ink, scanned, said, tuple(woven.askew), pictures)


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


def _words(
    text: pdfium.PdfTextPage,
    frame: _Frame,
    turns: int,
    size: tuple[float, float],
    upright: tuple[Ruling, ...],
) -> tuple[Weaver, int]:
    """Return the words of the page and how many characters have no readable meaning."""
    quarter = -(turns + frame.rotation) % 4 * (math.pi / 2)
    weaver = Weaver(
        Crossing(upright),
        lambda i: _is_bold(text, i),
        lambda i: _is_askew(c.FPDFText_GetCharAngle(text, i) - quarter),
    )
    odd = 0
    rect = c.FS_RECTF()
    for i in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, i)
        if code == _LINE_END_HYPHEN:
            code = 0x2D
        if code <= 32 or code in _BLANKS:
            weaver.close()
            continue
        if code in _VOID or 0xE000 <= code <= 0xF8FF:
            odd += 1
            if code in _VOID:
                continue
        character = _character(code)
        if not character or not c.FPDFText_GetLooseCharBox(text, i, rect):
            continue
        box = frame.box(rect.left, rect.bottom, rect.right, rect.top)
        weaver.add(i, character, turn(box, turns, *size) if turns else box)
    weaver.close()
    return weaver, odd


def _is_askew(angle: float) -> bool:
    return math.cos(angle) < _STRAIGHT


_STRAIGHT = 0.985
"""The cosine of ten degrees: a scan's text layer is seldom quite level."""
_LINE_END_HYPHEN = 2
"""What PDFium gives for a hyphen at the end of a line."""
_HEAVY = re.compile(rb"bold|black|heavy|simhei|heiti|,b\b|-b\b", re.IGNORECASE)


def _is_bold(text: pdfium.PdfTextPage, index: int) -> bool:
    """Tell a heavy character: by its font's weight or name, or by an outline drawn round it."""
    if c.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    thing = c.FPDFText_GetTextObject(text, index)
    if thing and c.FPDFTextObj_GetTextRenderMode(thing) == c.FPDF_TEXTRENDERMODE_FILL_STROKE:
        return True
    name, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    c.FPDFText_GetFontInfo(text, index, name, 64, flags)
    return _HEAVY.search(name.value) is not None


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
