"""Turns printed pages into scans: images without a text layer, a little askew and noisy."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Scanner:
    """How badly a page is scanned: degrees askew, standard deviation of the noise in levels."""

    dpi: int = 200
    skew: float = 0.5
    noise: float = 7.0
    paper: int = 246
    seed: int = 7

    def scan(self, path: Path) -> list[Image.Image]:
        """Return the pages of a PDF as grey images."""
        dice = np.random.default_rng(self.seed)
        document = pypdfium2.PdfDocument(path)
        try:
            pages = [document[number] for number in range(len(document))]
            return [self._page(page, dice) for page in pages]
        finally:
            document.close()

    def _page(self, page: pypdfium2.PdfPage, dice: np.random.Generator) -> Image.Image:
        clean = page.render(scale=self.dpi / 72, grayscale=True).to_pil()
        angle = self.skew * float(dice.choice([-1.0, 1.0])) * float(dice.uniform(0.6, 1.0))
        turned = clean.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
        levels = np.asarray(turned, dtype=np.float32) * (self.paper / 255)
        levels += dice.normal(0, self.noise, levels.shape)
        return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def write_scan(pages: list[Image.Image], path: Path) -> None:
    """Write an image-only PDF, one A4 page per image, deterministic to the byte."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for page in pages:
        squeezed = io.BytesIO()
        page.save(squeezed, "JPEG", quality=72)
        canvas.drawImage(ImageReader(squeezed), 0, 0, A4[0], A4[1])
        canvas.showPage()
    canvas.save()
