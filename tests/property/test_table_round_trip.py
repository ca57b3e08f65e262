"""What is printed is what is read: random tables through every format and style."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from yanku.model.document import Table
from yanku.parse.reader import read_source
from yanku.parse.source import Limits
from yanku.testing.tables.judge import Score, judged
from yanku.testing.tables.press import Style
from yanku.testing.tables.suite import (
    Printed,
    print_pdf,
    print_scan,
    write_book,
    write_memo,
    write_rich,
)

FRAMELESS = 0.85
"""Lines of text and figures alone do not always say where a row ends."""
_NEW = 700_000
"""Seeds of these tests; those that mistakes were found with are smaller."""


def _read(printed: Printed) -> Score:
    _, content = read_source(printed.path, printed.path.name, Limits(), lambda *_: None)
    total = Score()
    for score in judged(printed.tables, [b for b in content.blocks if isinstance(b, Table)]):
        total.add(score)
    return total


def _total(write: Callable[[int], Printed], count: int) -> Score:
    total = Score()
    for seed in range(_NEW, _NEW + count):
        total.add(_read(write(seed)))
    return total


def _holds(score: Score, texts: float, amounts: float) -> None:
    assert score.cells > 100
    shown = "\n".join(score.misses[:20])
    assert score.exact >= texts * score.cells, shown
    assert score.right >= amounts * score.amounts, shown


@pytest.mark.parametrize("count", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_tables_in_a_workbook_are_read_to_the_last_cell(tmp_path: Path, count: int) -> None:
    _holds(_total(lambda seed: write_book(tmp_path, seed), count), 0.999, 0.999)


@pytest.mark.parametrize("count", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_tables_in_a_word_file_are_read_to_the_last_cell(tmp_path: Path, count: int) -> None:
    _holds(_total(lambda seed: write_memo(tmp_path, seed), count), 0.999, 0.999)


@pytest.mark.parametrize("count", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_tables_in_rich_text_are_read_to_the_last_cell(tmp_path: Path, count: int) -> None:
    _holds(_total(lambda seed: write_rich(tmp_path, seed), count), 0.999, 0.999)


@pytest.mark.parametrize("count", [6, pytest.param(80, marks=pytest.mark.slow)])
def test_ruled_tables_on_pages_are_read_to_the_last_cell(tmp_path: Path, count: int) -> None:
    _holds(_total(lambda seed: print_pdf(tmp_path, seed, Style.RULED), count), 0.99, 0.97)


@pytest.mark.parametrize("style", [s for s in Style if s is not Style.RULED])
@pytest.mark.parametrize("count", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_tables_without_a_frame_are_read(tmp_path: Path, style: Style, count: int) -> None:
    _holds(_total(lambda seed: print_pdf(tmp_path, seed, style), count), FRAMELESS, FRAMELESS)


@pytest.mark.slow
def test_ruled_tables_are_read_from_scans(tmp_path: Path) -> None:
    _holds(_total(lambda seed: print_scan(tmp_path, seed, Style.RULED), 6), 0.9, 0.9)
