"""Photographed papers that slant, curl or lie in shadow are read like flat ones, and placed."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, WIDTH, grid, paper, say

from yanku.model.document import Table
from yanku.model.place import OnPage
from yanku.parse.image import read_image
from yanku.parse.ink import Ruling
from yanku.parse.pdf import render_page
from yanku.parse.seen import Reading, words_of
from yanku.parse.source import Content, Limits
from yanku.parse.speller import Letter
from yanku.parse.strokes import inked, rulings

ROWS = [
    ("Item", "2024", "2023"),
    ("Cash at bank", "2,964,912.41", "2,916,847.10"),
    ("Trade payables", "(171,214.43)", "(165,000.00)"),
    ("Deposits from customers", "41,803,377.95", "38,120,006.32"),
    ("Inventories", "7,120.08", "6,998.15"),
    ("Total assets", "3,136,126.84", "2,916,847.10"),
]
FIGURES = {text for row in ROWS[1:] for text in row[1:]}
DPI = 150


def _statement(canvas: Canvas) -> None:
    say(canvas, 180, 60, "Consolidated balance sheet of the group", 14)
    for line in range(6):
        say(canvas, 60, 300 + 40 * line, "Deposits are shown at cost less what was repaid.", 11)
    grid(canvas, 120, (60, 260, 400, 535), ROWS, height=24)


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.uint8]:
    path = paper(tmp_path_factory.mktemp("photograph") / "source.pdf", _statement)
    shown = Image.open(BytesIO(render_page(path, "source.pdf", 1, DPI))).convert("RGB")
    return np.asarray(shown)


def _read(pixels: NDArray[Any], path: Path) -> Content:
    Image.fromarray(pixels).save(path, dpi=(DPI, DPI))
    return read_image(path, path.name, Limits(), lambda *_: None)


def _cells(content: Content) -> dict[str, OnPage]:
    return {
        cell.text: cell.place
        for table in content.blocks
        if isinstance(table, Table)
        for cell in table.cells
        if isinstance(cell.place, OnPage)
    }


def test_a_page_photographed_at_a_slant_on_a_dark_table_is_read_as_if_from_above(
    tmp_path: Path, flat: NDArray[np.uint8]
) -> None:
    height, width = flat.shape[:2]
    corners = np.array([[260, 180], [1180, 130], [1330, 1850], [90, 1760]], np.float32)
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    slant = cv2.getPerspectiveTransform(whole, corners)
    desk = cv2.warpPerspective(flat, slant, (1420, 1980), borderValue=(70, 60, 52))
    cells = _cells(_read(desk, tmp_path / "desk.png"))
    assert cells.keys() >= FIGURES
    box = cells["2,964,912.41"].box
    assert box is not None
    # The middle of the figure's cell, as the camera saw it, in points of the photograph.
    x, y = (v * DPI / 72 for v in (330, 156))
    there = slant @ (x, y, 1)
    across, down = there[:2] / there[2] * 72 / DPI
    assert box.x0 < across < box.x1
    assert box.y0 < down < box.y1


def test_a_curled_page_is_straightened_where_its_lines_say_how(
    tmp_path: Path, flat: NDArray[np.uint8]
) -> None:
    height, width = flat.shape[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    sinks = _sinks(x / width)
    curled = cv2.remap(
        flat,
        x.astype(np.float32),
        (y - sinks).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cells = _cells(_read(curled, tmp_path / "curled.png"))
    assert cells.keys() >= FIGURES
    box = cells["6,998.15"].box
    assert box is not None
    down = 120 + 4.5 * 24 + float(_sinks(np.float64(467 / WIDTH))) * 72 / DPI
    assert box.y0 < down < box.y1
    assert box.y1 < HEIGHT


def _shadowed(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let a hand's shadow fall over the right part of the page, across figures."""
    height, width = pixels.shape[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    depth = 1 - 0.7 / (1 + np.exp(-(x + 0.5 * y - 0.9 * width) / 40))
    return np.asarray(pixels * depth[..., None])


def _faint(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    noise = np.random.default_rng(1).normal(0, 2, pixels.shape)
    return 255 - (255 - pixels) * 0.16 + noise


def _dark(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    return pixels * 0.25 + 20


@pytest.mark.parametrize("spoiled", [_shadowed, _faint, _dark])
def test_shadows_and_faint_print_lose_no_figure(
    tmp_path: Path,
    flat: NDArray[np.uint8],
    spoiled: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> None:
    pixels = np.clip(spoiled(flat.astype(np.float64)), 0, 255).astype(np.uint8)
    assert _cells(_read(pixels, tmp_path / "spoiled.png")).keys() >= FIGURES


@pytest.mark.parametrize("stated", [72, 300, None])
def test_a_wrong_resolution_or_none_loses_no_figure(
    tmp_path: Path, flat: NDArray[np.uint8], stated: int | None
) -> None:
    path = tmp_path / "stated.png"
    said = {"dpi": (stated, stated)} if stated else {}
    Image.fromarray(flat).save(path, **said)  # type: ignore[arg-type]
    content = read_image(path, path.name, Limits(), lambda *_: None)
    assert _cells(content).keys() >= FIGURES


def test_strokes_of_letters_part_no_line_and_rulings_through_it_do() -> None:
    letters = tuple(Letter(text, 10.0 + 8 * i, 1.0) for i, text in enumerate("TOTAL60.30"))
    line = Reading(6, 100, 90, 116, letters)
    stroke, ruling = Ruling(50, 103, 114), Ruling(46, 90, 130)
    assert [each.word.text for each in words_of(line, [stroke])] == ["TOTAL60.30"]
    assert [each.word.text for each in words_of(line, [ruling])] == ["TOTAL", "60.30"]


def test_what_is_no_higher_than_its_line_of_large_letters_is_no_ruling() -> None:
    page = np.full((1000, 800), 255, np.uint8)
    page[100:150, 100:106] = page[80:400, 600:604] = 0  # a bold stem of 24 points, and a ruling
    _, upright = rulings(inked(page), DPI, line=60.0)
    assert [round(each.at * DPI / 72) for each in upright] == [602]


def test_a_picture_that_says_how_it_was_held_is_read_and_placed_upright(
    tmp_path: Path, flat: NDArray[np.uint8]
) -> None:
    path = tmp_path / "held.jpg"
    held = Image.Exif()
    held[0x0112] = 6  # shown after a quarter turn clockwise
    lying = Image.fromarray(flat).rotate(90, expand=True)
    lying.save(path, dpi=(DPI, DPI), exif=held, quality=92)
    content = read_image(path, path.name, Limits(), lambda *_: None)
    cells = _cells(content)
    assert cells.keys() >= FIGURES
    assert content.pages[0].width == pytest.approx(WIDTH, abs=1)
    box = cells["2,964,912.41"].box
    assert box is not None
    assert box.x0 < 330 < box.x1
    assert box.y0 < 156 < box.y1


def _sinks(share: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    """Return by how many pixels the paper sinks, from its left edge to its right."""
    return np.asarray(190 * (1 - np.cos(share * math.pi / 2)))
