"""Invented scans are repeatable, as bad as they claim, and judged by what was never printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from yanku.model.amount import Amount
from yanku.model.document import Cell, Flaw, Table
from yanku.model.place import Box, OnPage
from yanku.parse.source import Content
from yanku.testing.scans.judge import compare
from yanku.testing.scans.papers import tables
from yanku.testing.scans.suite import Ill, ruined


@pytest.mark.parametrize("ill", [Ill.COARSE, Ill.TWO_UP, Ill.MIXED, Ill.PHOTO])
def test_the_same_seed_scans_the_same_and_keeps_what_it_must(tmp_path: Path, ill: Ill) -> None:
    (clean,) = tables(tmp_path, 1)
    one, first = ruined(clean.path, ill, 1), ruined(clean.path, ill, 1).read_bytes()
    assert ill is Ill.MIXED or first == ruined(clean.path, ill, 1).read_bytes()
    pages, scanned = len(pypdfium2.PdfDocument(clean.path)), pypdfium2.PdfDocument(one)
    assert len(scanned) == ((pages + 1) // 2 if ill is Ill.TWO_UP else pages)
    texts = [page.get_textpage().count_chars() > 0 for page in scanned]
    assert texts == [ill is Ill.MIXED and n % 2 == 0 for n in range(len(texts))]


def _content(*values: str, flaws: tuple[Flaw, ...] = ()) -> Content:
    places = [OnPage(1, Box(0, 20 * n, 50, 20 * n + 10)) for n in range(len(values))]
    cells = tuple(
        Cell(n, 0, value, places[n], amount=Amount(Decimal(value), "CNY"))
        for n, value in enumerate(values)
    )
    return Content((), (Table(cells, (OnPage(1),), len(values), 1),), flaws)


def test_a_figure_that_was_never_printed_is_silent_unless_it_is_doubted() -> None:
    clean, read = _content("120", "345"), _content("120", "346")
    tally = compare(clean, read)
    assert (tally.found, tally.read, tally.silent) == (1, 2, 1)
    doubt = Flaw("unsure_figure", "346", OnPage(1, Box(5, 21, 45, 29)))
    assert compare(clean, replace(read, flaws=(doubt,))).silent == 0


def test_faint_print_is_paler_than_what_it_was_made_from(tmp_path: Path) -> None:
    (clean,) = tables(tmp_path, 2)

    def darkest(path: Path) -> float:
        page = pypdfium2.PdfDocument(path)[0].render(scale=1).to_numpy()
        return float(np.percentile(page, 0.5))

    assert darkest(ruined(clean.path, Ill.FAINT, 2)) > darkest(clean.path) + 60
