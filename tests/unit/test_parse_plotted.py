"""Charts drawn on a page are pictures, not tables; frames drawn as fills stay tables."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, Draw, grid, paper, say

from yanku.model.document import Heading, Paragraph, Table
from yanku.parse.pdf import read_pdf
from yanku.parse.plotted import is_series
from yanku.parse.source import Content, Limits

SAID = "（1）全球市场规模从2016年的568亿美元上涨到2030年的1418亿美元，复合增长率较高。"


def _read(folder: Path, page: Draw) -> Content:
    return read_pdf(paper(folder / "a.pdf", page), "a.pdf", Limits(), lambda *_: None)


def _chart(canvas: Canvas, seed: int, one_path: bool, curve: bool) -> None:
    chance = random.Random(seed)
    say(canvas, 60, 80, SAID)
    canvas.line(60, HEIGHT - 100, 540, HEIGHT - 100)
    for tick in range(7):
        say(canvas, 90, 330 - 34 * tick, str(200 * tick), 9, right=True)
        say(canvas, 530, 330 - 34 * tick, f"{5 * tick}%", 9, right=True)
    canvas.setFillColorRGB(0, 0.4, 0.8)
    path = canvas.beginPath()
    tops = []
    for bar in range(12):
        height = chance.uniform(60, 200)
        if one_path:
            path.rect(110 + 33 * bar, HEIGHT - 330, 14, height)
        else:
            canvas.rect(110 + 33 * bar, HEIGHT - 330, 14, height, stroke=0, fill=1)
        tops.append((117 + 33 * bar, HEIGHT - 330 + height))
    if one_path:
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    if curve:
        line = canvas.beginPath()
        line.moveTo(*tops[0])
        for top in tops[1:]:
            line.lineTo(top[0], HEIGHT - 330 + chance.uniform(30, 220))
        canvas.drawPath(line)
    for number, (x, y) in enumerate(tops):
        say(canvas, x - 8, HEIGHT - y - 4, str(500 + 73 * number), 9)
        say(canvas, x - 8, 345, str(2014 + number), 9)
    say(canvas, 60, 380, "资料来源：某研究所", 9)


@pytest.mark.parametrize("curve", [True, False])
@pytest.mark.parametrize("one_path", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_drawn_chart_is_a_picture_that_was_not_read(
    tmp_path: Path, seed: int, one_path: bool, curve: bool
) -> None:
    content = _read(tmp_path, lambda canvas: _chart(canvas, seed, one_path, curve))
    assert [b for b in content.blocks if isinstance(b, Table)] == []
    texts = [b.text for b in content.blocks if isinstance(b, Heading | Paragraph)]
    assert texts == [SAID, "资料来源：某研究所"]
    assert [f.code for f in content.flaws] == ["unread_picture"]


def test_a_table_beside_a_chart_keeps_its_figures(tmp_path: Path) -> None:
    rows = [
        ("项目", "2024A", "2025E"),
        ("营业收入（百万元）", "6,603", "7,435"),
        ("净利润（百万元）", "405", "1,689"),
    ]

    def page(canvas: Canvas) -> None:
        _chart(canvas, 1, one_path=True, curve=True)
        grid(canvas, 420, (60, 220, 300, 380), rows)

    (table,) = [b for b in _read(tmp_path, page).blocks if isinstance(b, Table)]
    values = [c.amount.value for c in table.cells if c.amount is not None]
    assert values == [Decimal(n) * 1_000_000 for n in (6603, 7435, 405, 1689)]


@pytest.mark.parametrize("hollow", [True, False])
def test_borders_filled_in_one_path_are_borders(tmp_path: Path, hollow: bool) -> None:
    rows = [
        ("项目", "2024年", "2023年"),
        ("营业收入", "80.50", "70.50"),
        ("净利润", "8.50", "7.50"),
    ]
    xs = (60.0, 200.0, 300.0, 400.0)

    def page(canvas: Canvas) -> None:
        grid(canvas, 90, xs, rows, lines="none")
        path = canvas.beginPath()
        for left, right in itertools.pairwise(xs):
            for row in range(3):
                bottom = HEIGHT - 90 - 18 * (row + 1)
                width = right - left
                if hollow:  # a cell's rim: the box and the hole in it
                    path.rect(left, bottom, width, 18)
                    path.rect(left + 0.5, bottom + 0.5, width - 1, 17)
                else:  # its four sides as thin boxes
                    path.rect(left, bottom, width, 0.5)
                    path.rect(left, bottom + 17.5, width, 0.5)
                    path.rect(left, bottom, 0.5, 18)
                    path.rect(right - 0.5, bottom, 0.5, 18)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)

    (table,) = [b for b in _read(tmp_path, page).blocks if isinstance(b, Table)]
    assert (table.rows, table.columns) == (3, 3)
    box = table.cells[0].place.box  # type: ignore[union-attr]
    assert box is not None
    assert (round(box.x0), round(box.x1)) == (60, 200), "the cell reaches to its drawn borders"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ([(0.0, 5.0), (10.0, 9.0), (20.0, 3.0), (30.0, 8.0)], True),
        ([(0.0, 5.0), (10.0, 9.0), (12.0, 3.0), (30.0, 8.0)], False),
        ([(0.0, 5.0), (10.0, 5.0), (20.0, 5.0), (30.0, 5.0)], False),
        ([(0.0, 0.0), (10.0, 0.0), (10.0, 9.0), (0.0, 9.0), (0.0, 0.0)], False),
        ([(0.0, 5.0), (10.0, 9.0)], False),
        ([(0.3 * n + 0.1 * (n % 3), 5.0 + 3 * (n % 2) + n % 5) for n in range(40)], True),
        ([(0.3 * n + 0.1 * (n % 3), 0.2 * n) for n in range(40)], False),
    ],
)
def test_a_series_goes_on_in_even_steps(line: list[tuple[float, float]], told: bool) -> None:
    assert is_series(line) is told
