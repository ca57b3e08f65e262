"""A shaded column is no frame: strips of shade part nothing, lines in the same colour do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, paper, say

from yanku.model.document import Table
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits

BLUE, SAND, WHITE, BLACK = (0.8, 0.93, 1.0), (1.0, 0.945, 0.905), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
ROWS = [
    ("Cash and deposits", "9,889", "8,348"),
    ("Receivables, net", "4,463", "2,749"),
    ("Stocks of goods", "6,854", "7,367"),
    ("Other current assets", "1,498", "1,653"),
    ("Total current assets", "22,704", "20,117"),
]
Colour = tuple[float, float, float]


def _fill(canvas: Canvas, colour: Colour, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)


def _shaded(canvas: Canvas, y: float, colour: Colour, right: float) -> None:
    """Shade one cell in pieces: room for the sign of money, the figure, a strip for a bracket."""
    top, foot = y - 10, y + 4
    for x0, x1 in ((right - 56, right - 50), (right - 50, right), (right, right + 1.4)):
        _fill(canvas, colour, x0, top, x1, foot)


def _statement(canvas: Canvas) -> None:
    say(canvas, 72, 80, "CONSOLIDATED BALANCE SHEETS", 13)
    say(canvas, 450, 112, "2024", 9, right=True)
    say(canvas, 530, 112, "2023", 9, right=True)
    for y, (label, now, before) in zip(range(128, 300, 14), ROWS, strict=False):
        say(canvas, 72, y, label, 9)
        say(canvas, 450, y, now, 9, right=True)
        say(canvas, 530, y, before, 9, right=True)


def _tables(path: Path) -> list[Table]:
    content = read_pdf(path, path.name, Limits(), lambda *_: None)
    return [block for block in content.blocks if isinstance(block, Table)]


def _read(table: Table) -> list[tuple[str, ...]]:
    return [tuple(c.text for c in table.cells if c.row == r) for r in range(table.rows)]


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("colour", [BLUE, SAND, WHITE])
def test_a_shaded_column_keeps_its_figures_apart_from_the_labels(
    tmp_path: Path, colour: Colour, both: bool
) -> None:
    def page(canvas: Canvas) -> None:
        for y in range(128, 128 + 14 * len(ROWS), 14):
            _shaded(canvas, y, colour, 450)
            if both:
                _shaded(canvas, y, colour, 530)
        # Rules under the columns meet the strips, as they do under the totals of a statement.
        canvas.line(72, HEIGHT - 117, 531, HEIGHT - 117)
        canvas.line(394, HEIGHT - 174, 531, HEIGHT - 174)
        canvas.line(72, HEIGHT - 188, 531, HEIGHT - 188)
        _statement(canvas)

    (table,) = _tables(paper(tmp_path / "shaded.pdf", page))
    assert [row for row in _read(table) if row[0] in {r[0] for r in ROWS}] == ROWS
    figures = [c.amount.value for c in table.cells if c.amount and "," in c.text]
    assert figures[:2] == [Decimal(9_889), Decimal(8_348)]


def _close(canvas: Canvas) -> None:
    """Print figures so near to one another that only lines part them."""
    for i, (label, now, before) in enumerate([("Item", "2024", "2023"), *ROWS]):
        y = 113 + 18 * i
        say(canvas, 74, y, label, 9)
        say(canvas, 418.9, y, now, 9, right=True)
        say(canvas, 421.9, y, before, 9)


def _lattice(canvas: Canvas, colour: Colour) -> None:
    """Draw a frame of thin fills, cell by cell as some writers do."""
    for i in range(len(ROWS) + 2):
        y = 100.0 + 18 * i
        _fill(canvas, colour, 70, y, 540, y + 0.8)
        for x in (70.0, 300.0, 420.0, 540.0) if i <= len(ROWS) else ():
            _fill(canvas, colour, x, y, x + 0.8, y + 18)


def test_a_frame_of_thin_fills_in_the_colour_of_its_header_still_parts_the_cells(
    tmp_path: Path,
) -> None:
    def page(canvas: Canvas) -> None:
        for x0, x1 in ((70.8, 300.0), (300.8, 420.0), (420.8, 540.0)):
            _fill(canvas, SAND, x0, 100, x1, 118)
        _lattice(canvas, SAND)
        _close(canvas)

    (table,) = _tables(paper(tmp_path / "frame.pdf", page))
    assert _read(table)[1:] == ROWS


def test_dark_lines_beside_dark_areas_stay_lines(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for i in range(len(ROWS) + 1):
            for x in (70.8, 300.8, 420.8, 540.8):
                _fill(canvas, BLACK, x, 100 + 18 * i, x + 2.7, 118 + 18 * i)
        _lattice(canvas, BLACK)
        for x in (70.8, 300.8, 420.8, 540.8):
            _fill(canvas, WHITE, x, 100.8, x + 2.7, 118 + 18 * len(ROWS))
        _close(canvas)

    (table,) = _tables(paper(tmp_path / "dark.pdf", page))
    assert _read(table)[1:] == ROWS
