"""Pictures of pages: PNG, JPEG and TIFF, one page per frame."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from yanku.errors import BrokenSource, NotFound, SourceTooLarge
from yanku.model.document import Flaw, Origin, Page
from yanku.model.place import OnPage as Place
from yanku.parse.ink import Ink
from yanku.parse.ocr import Eyes
from yanku.parse.pages import blocks_of
from yanku.parse.source import Content, Limits, OnPage

_FORMATS = ("PNG", "JPEG", "TIFF")
_USUAL_DPI = (60.0, 700.0)
_LONG_SIDE = 842.0
"""Points: the height of a sheet of A4, taken where a picture does not say how large it is."""
_READING_DPI = 300.0
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError)
"""What Pillow raises for bytes that violate their format."""


def read_image(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a picture of one page, or a TIFF of several; a bad frame becomes a flaw.

    Raises SourceTooLarge before a pixel is decoded, and BrokenSource.
    """
    with _opened(path, name) as picture:
        count = int(getattr(picture, "n_frames", 1))
        if count > limits.max_pages:
            raise SourceTooLarge(
                f"{name} has {count:,} pages; the limit is {limits.max_pages:,}. Split it."
            )
        pages: list[Page] = []
        flaws: list[Flaw] = []
        blocks = blocks_of(_inks(picture, count, name, limits, on_page, pages, flaws))
    if not any(page.width for page in pages):
        raise BrokenSource(f"{name} cannot be read as a picture ({flaws[0].detail})")
    return Content(tuple(pages), blocks, tuple(flaws))


def render_page(path: Path, name: str, page: int, dpi: int, limits: Limits | None = None) -> bytes:
    """Return one frame (from 1) as PNG at about ``dpi``; raise NotFound if there is no such one."""
    with _opened(path, name) as picture:
        if not 1 <= page <= int(getattr(picture, "n_frames", 1)):
            raise NotFound(f"{name} has no page {page}.")
        try:
            upright, own = _frame(picture, page, name, limits or Limits())
        except _DAMAGE as error:
            raise BrokenSource(f"Page {page} of {name} cannot be decoded ({error}).") from error
        if own > dpi:
            size = (max(1, int(upright.width * dpi / own)), max(1, int(upright.height * dpi / own)))
            upright = upright.resize(size)
        out = BytesIO()
        upright.save(out, "PNG", compress_level=3)
        return out.getvalue()


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Image.Image]:
    """Open a picture by its header alone."""
    with warnings.catch_warnings():
        # Our own limit on pixels is checked before decoding; the library's is not ours to set.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(path, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise SourceTooLarge(
                f"{name} has too many pixels ({error}); scan it smaller."
            ) from error
        except _DAMAGE as error:
            raise BrokenSource(
                f"{name} cannot be read as a picture ({error}); export it again."
            ) from error
        with picture:
            yield picture


def _inks(
    picture: Image.Image,
    count: int,
    name: str,
    limits: Limits,
    on_page: OnPage,
    pages: list[Page],
    flaws: list[Flaw],
) -> Iterator[Ink]:
    """Yield what stands on each frame; note pages and flaws."""
    eyes = Eyes()
    for number in range(1, count + 1):
        try:
            upright, dpi = _frame(picture, number, name, limits)
        except _DAMAGE as error:
            flaws.append(
                Flaw("broken_page", f"Page {number} cannot be decoded: {error}", Place(number))
            )
            pages.append(Page(number, 0.0, 0.0, Origin.OCR))
        else:
            sight = eyes.read(upright, number, dpi)
            flaws.extend(sight.doubts)
            pages.append(Page(number, *sight.shown_size, Origin.OCR))
            yield from sight.inks
        on_page(number, count)


def _frame(
    picture: Image.Image, number: int, name: str, limits: Limits
) -> tuple[Image.Image, float]:
    """Return a frame upright and in colour, and its resolution; too large ones are not decoded."""
    picture.seek(number - 1)
    pixels = picture.width * picture.height
    if pixels > limits.max_pixels:
        raise SourceTooLarge(
            f"Page {number} of {name} is {picture.width:,} × {picture.height:,} pixels; "
            f"the limit is {limits.max_pixels:,}. Scan it at a lower resolution."
        )
    dpi = _dpi(picture)
    shrink = max(1.0, dpi / _READING_DPI)
    if shrink > 1.3:
        picture.draft("RGB", (int(picture.width / shrink), int(picture.height / shrink)))
    upright = ImageOps.exif_transpose(picture) or picture
    whole = upright.width * upright.height
    if shrink > 1.3:
        size = (int(upright.width / shrink), int(upright.height / shrink))
        if whole >= pixels:
            upright = upright.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        dpi /= shrink
    return _on_white(upright), dpi


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in colour, with white behind what is transparent."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        white = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(white, whole).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        deep = np.asarray(picture, dtype=np.float64)
        span = max(1.0, float(deep.max() - deep.min()))
        picture = Image.fromarray(((deep - deep.min()) * 255 / span).astype(np.uint8))
    return picture.convert("RGB")


def _dpi(picture: Image.Image) -> float:
    """Return the resolution that the file states, or the one that makes it a sheet of A4."""
    said = picture.info.get("dpi")
    long_side = max(picture.width, picture.height)
    if said and _USUAL_DPI[0] <= float(said[0]) <= _USUAL_DPI[1]:
        stated = float(said[0])
        # Screens and cameras write 72 or 96 whatever they took.
        if long_side / stated * 72 <= 3 * _LONG_SIDE:
            return stated
    return max(72.0, long_side * 72 / _LONG_SIDE)
