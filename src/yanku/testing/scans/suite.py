"""Scans of a paper in every bad way there is a name for, as files that a reader is given."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from yanku.testing.scans import damage
from yanku.testing.scans.damage import Dice, Pixels


class Ill(StrEnum):
    """How a page was scanned."""

    HONEST = "200 dpi, level"
    FINE = "300 dpi, 1° askew"
    COARSE = "100 dpi"
    FAINT = "faint print"
    FAX = "fax, black and white"
    SEAL = "red seals over print"
    JPEG = "JPEG of low quality"
    SKEW = "3° to 10° askew"
    QUARTER = "on its side or head"
    PHOTO = "photograph at a slant"
    TWO_UP = "two pages on a sheet"
    MIXED = "every other page a picture"


_DPI = {Ill.FINE: 300, Ill.COARSE: 100, Ill.JPEG: 150, Ill.PHOTO: 220}


def ruined(path: Path, ill: Ill, seed: int) -> Path:
    """Scan a PDF; return the new file beside it, of the same pages unless two are on a sheet."""
    dice = np.random.default_rng(seed + 7919 * list(Ill).index(ill))
    dpi = _DPI.get(ill, 200)
    pages = _drawn(path, dpi)
    target = path.with_name(f"{ill.name.lower()}-{path.name}")
    if ill is Ill.MIXED:
        _mixed(path, [damage.noisy(page, dice) for page in pages], target)
        return target
    if ill is Ill.TWO_UP:
        pages = [
            damage.beside(*pages[n : n + 2]) if n + 1 < len(pages) else pages[n]
            for n in range(0, len(pages), 2)
        ]
    write_pages([_ruined(page, ill, dice, dpi) for page in pages], target, dpi)
    return target


def _ruined(page: Pixels, ill: Ill, dice: Dice, dpi: int) -> Pixels:
    match ill:
        case Ill.FAINT:
            return damage.faint(damage.skewed(page, dice, 0, 1), dice)
        case Ill.FAX:
            return damage.faxed(damage.skewed(page, dice, 0, 1), dice)
        case Ill.SEAL:
            return damage.noisy(damage.sealed(page, dice, dpi), dice)
        case Ill.JPEG:
            return damage.squeezed(damage.noisy(damage.skewed(page, dice, 0, 1), dice, 4), dice)
        case Ill.SKEW:
            return damage.noisy(damage.skewed(page, dice, 3, 10), dice)
        case Ill.QUARTER:
            return damage.quartered(damage.noisy(damage.skewed(page, dice, 0, 1.5), dice), dice)
        case Ill.PHOTO:
            return damage.photographed(page, dice)
        case _:
            return damage.noisy(damage.skewed(page, dice, 0, 1), dice)


def _drawn(path: Path, dpi: int) -> list[Pixels]:
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [document[n].render(scale=dpi / 72).to_pil() for n in range(len(document))]
        return [np.asarray(page.convert("RGB")) for page in pages]
    finally:
        document.close()


def write_pages(pages: Sequence[Pixels], path: Path, dpi: int) -> None:
    """Write pictures as pages of a PDF, each as large as its resolution makes it."""
    canvas = Canvas(str(path), invariant=1)
    for page in pages:
        _put(canvas, page, dpi)
    canvas.save()


def _put(canvas: Canvas, page: Pixels, dpi: int) -> None:
    height, width = (side * 72 / dpi for side in page.shape[:2])
    packed = io.BytesIO()
    Image.fromarray(page).save(packed, "JPEG", quality=85)
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(packed), 0, 0, width, height)
    canvas.showPage()


def _mixed(path: Path, pictures: Sequence[Pixels], target: Path) -> None:
    """Write a PDF in which every other page keeps its text and the rest are pictures."""
    scan = path.with_name(f"all-{path.name}")
    write_pages(pictures, scan, 200)
    out = pypdfium2.PdfDocument.new()
    for n in range(len(pictures)):
        source = pypdfium2.PdfDocument(scan if n % 2 else path)
        out.import_pages(source, [n])
        source.close()
    out.save(target)
    out.close()


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned file and the clean one it was made from."""

    clean: Path
    path: Path
    ill: Ill
