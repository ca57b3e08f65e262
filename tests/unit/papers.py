"""PDF files made for tests: statements with and without rulings, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pypdf import PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
_FONT = "STSong-Light"

Draw = Callable[[Canvas], None]


def paper(path: Path, *pages: Draw, rotation: int = 0, password: str | None = None) -> Path:
    """Write a PDF with one page per function."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), encrypt=password)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    if rotation:
        writer = PdfWriter(clone_from=path)
        for page in writer.pages:
            page.rotate(rotation)
        writer.write(path)
    return path


def say(
    canvas: Canvas, x: float, y: float, text: str, size: float = 10, right: bool = False
) -> None:
    """Print a text with its baseline ``y`` points below the top."""
    canvas.setFont("Helvetica" if text.isascii() else _FONT, size)
    (canvas.drawRightString if right else canvas.drawString)(x, HEIGHT - y, text)


def grid(
    canvas: Canvas,
    top: float,
    xs: Sequence[float],
    rows: Sequence[Sequence[str]],
    height: float = 18,
    *,
    lines: str = "all",
) -> float:
    """Print a table; ``lines`` is all, level or none. The y below it is returned."""
    bottom = top + height * len(rows)
    for i, row in enumerate(rows):
        y = top + height * i
        for j, text in enumerate(row):
            for k, part in enumerate(text.split("\n")):
                if j:
                    say(canvas, xs[j + 1] - 4, y + 12 + 11 * k, part, 9, right=True)
                else:
                    say(canvas, xs[j] + 4, y + 12 + 11 * k, part, 9)
    if lines != "none":
        for i in range(len(rows) + 1):
            y = HEIGHT - top - height * i
            canvas.line(xs[0], y, xs[-1], y)
    if lines == "all":
        for x in xs:
            canvas.line(x, HEIGHT - top, x, HEIGHT - bottom)
    return bottom
