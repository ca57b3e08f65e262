"""Pages drawn from the top left: texts, columns of prose, rules and rows of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from yanku.testing.samples.paper import FONT, register_font
from yanku.testing.tables.wrapping import wrapped

WIDTH, HEIGHT = A4
LATIN, LATIN_BOLD = "Helvetica", "Helvetica-Bold"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a table: labels from ``x0``, figures ending at each of ``ends``."""

    x0: float
    ends: tuple[float, ...]

    @property
    def x1(self) -> float:
        """Return its right border."""
        return self.ends[-1]


@dataclass(slots=True)
class Pages:
    """A file being drawn; ``y`` of every call counts from the top of the page."""

    path: Path
    latin: bool = False
    canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        """Open the file."""
        register_font()
        self.canvas = Canvas(str(self.path), pagesize=A4, invariant=1)

    def font(self, *, strong: bool = False) -> str:
        """Return the font of the file's language."""
        return (LATIN_BOLD if strong else LATIN) if self.latin else FONT

    def width(self, text: str, size: float, *, strong: bool = False) -> float:
        """Return how long a text is."""
        return float(pdfmetrics.stringWidth(text, self.font(strong=strong), size))

    def text(
        self, x: float, y: float, text: str, size: float = 9, *, align: str = "left",
        strong: bool = False,
    ) -> None:  # fmt: skip
        """Print a line; ``x`` is its left end, its right end or its middle."""
        shift = {"left": 0.0, "right": 1.0, "centre": 0.5}[align]
        x -= shift * self.width(text, size, strong=strong)
        self.canvas.setFont(self.font(strong=strong), size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def prose(
        self, x0: float, x1: float, y: float, text: str, size: float = 9, *, leading: float = 1.6
    ) -> float:
        """Print a paragraph between two borders; return the height below it."""
        for line in wrapped(text, x1 - x0, self.font(), size):
            self.text(x0, y, line, size)
            y += size * leading
        return y

    def rule(self, x0: float, x1: float, y: float, thick: float = 0.5) -> None:
        """Draw a level line."""
        self.canvas.setLineWidth(thick)
        self.canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

    def upright(self, x: float, y0: float, y1: float, thick: float = 0.5) -> None:
        """Draw an upright line."""
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, HEIGHT - y0, x, HEIGHT - y1)

    def shade(self, x0: float, x1: float, y0: float, y1: float, grey: float = 0.9) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColor(colors.Color(grey, grey, grey))
        self.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillColor(colors.black)

    def row(
        self, block: Block, y: float, label: str, figures: Sequence[str], size: float = 8, *,
        indent: float = 0, strong: bool = False,
    ) -> None:  # fmt: skip
        """Print a label and its figures, each set to the right in its column."""
        self.text(block.x0 + indent, y, label, size, strong=strong)
        for end, figure in zip(block.ends, figures, strict=False):
            self.text(end, y, figure, size, align="right", strong=strong)

    def next(self) -> None:
        """Go on with a new page."""
        self.canvas.showPage()

    def close(self) -> None:
        """Write the file."""
        self.canvas.showPage()
        self.canvas.save()
