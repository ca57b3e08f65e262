"""Columns that were read as one are parted where their header and all rows say so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from yanku.model.document import Origin
from yanku.model.place import Box
from yanku.parse.ink import Ink, Word
from yanku.parse.paired import parted
from yanku.parse.piece import Piece, PieceCell
from yanku.parse.table import tables_of

Row = tuple[str, Sequence[str], str]
ROWS: tuple[Row, ...] = (
    ("", ("2022", "2021"), "2020"),
    ("Products", ("$ 226,616", "$ 203,738"), "$ 190,688"),
    ("Premiums", ("85,330", "76,132"), "69,364"),
    ("Store impairments", ("—", "1,358"), "—"),
    ("Other income", ("(169)", "(182)"), "(206)"),
    ("Net income", ("4,165", "7,898"), "7,192"),
    ("Per share", ("$ 3.16", "$ 6.00"), "$ 5.48"),
)


def words(text: str, right: float, top: float) -> list[Word]:
    """Return the words of a figure that ends at ``right``."""
    found: list[Word] = []
    for part in reversed(text.split()):
        left = right - 5.0 * len(part)
        found.insert(0, Word(part, left, top + 2, right, top + 12, 9))
        right = left - 2
    return found


def piece(rows: Sequence[Row], rights: tuple[float, ...] = (300.0, 360.0)) -> Piece:
    """Return a table whose second column holds what stands in several."""
    said: list[Word] = []
    cells: list[PieceCell] = []
    for number, (label, both, last) in enumerate(rows):
        top = 100.0 + 15 * number
        for column, (text, x0, x1) in enumerate(
            ((label, 50, 220), (" ".join(both), 220, 370), (last, 370, 440))
        ):
            if text:
                cells.append(PieceCell(number, column, text, Box(x0, top, x1, top + 14)))
        said += [word for text, right in zip(both, rights, strict=False)
                 for word in words(text, right, top)]  # fmt: skip
        said += words(last, 435, top) + words(label, 60 + 5.0 * len(label), top)
    ink = Ink(1, 595, 842, Origin.TEXT_LAYER, tuple(said))
    return Piece(ink, Box(50, 100, 440, 220), (50, 220, 370, 440), len(rows), tuple(cells), False)


def grid(found: Piece) -> list[list[str]]:
    rows: list[list[str]] = [[""] * found.columns for _ in range(found.rows)]
    for cell in found.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def test_two_columns_read_as_one_are_two() -> None:
    found = parted(piece(ROWS))
    assert grid(found)[0] == ["", "2022", "2021", "2020"]
    assert grid(found)[1] == ["Products", "$226,616", "$203,738", "$ 190,688"]
    assert grid(found)[3] == ["Store impairments", "—", "1,358", "—"]
    assert grid(found)[4] == ["Other income", "(169)", "(182)", "(206)"]
    assert len(found.xs) == 5


def test_each_figure_has_a_box_of_its_own() -> None:
    (table,) = tables_of([piece(ROWS)], "", "")
    found = {cell.text: cell.place for cell in table.cells}
    first, second = found["85,330"].box, found["76,132"].box  # type: ignore[union-attr]
    assert first is not None
    assert second is not None
    assert first.x1 <= second.x0


@pytest.mark.parametrize(
    "rows",
    [
        (("", ("2022", ""), "2020"), *ROWS[1:]),
        (("", ("Change", "Share"), "2020"), *ROWS[1:]),
        (*ROWS[:3], ("Restated", ("1", ""), "2"), ("Other", ("3", ""), "4"), *ROWS[5:]),
        ROWS[:4],
    ],
    ids=["one year", "no years", "rows of one figure", "few rows"],
)
def test_a_column_is_left_whole_unless_header_and_rows_agree(rows: Sequence[Row]) -> None:
    whole = piece(rows)
    assert parted(whole) == whole


def test_a_column_without_a_gap_from_top_to_bottom_is_left_whole() -> None:
    whole = piece(ROWS, rights=(300.0, 331.0))
    assert parted(whole) == whole
