"""A place stands in another when its middle lies there."""

from __future__ import annotations

import pytest

from yanku.model.place import Box, InSheet, InText, OnPage, Place
from yanku.retrieve.standing import stands_in


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        (OnPage(3, Box(10, 10, 20, 20)), OnPage(3, Box(0, 8, 500, 22)), True),
        (OnPage(3, Box(10, 10, 20, 20)), OnPage(3, Box(0, 22, 500, 34)), False),
        (OnPage(3, Box(10, 10, 20, 20)), OnPage(4, Box(0, 8, 500, 22)), False),
        (OnPage(3, Box(10, 10, 20, 20)), OnPage(3), True),
        (InSheet("表", "C4"), InSheet("表", "A4:F4"), True),
        (InSheet("表", "C5"), InSheet("表", "A4:F4"), False),
        (InSheet("表", "AB4"), InSheet("表", "A4:F4"), False),
        (InSheet("别", "C4"), InSheet("表", "A4:F4"), False),
        (InText(7, 7), InText(5, 9), True),
        (InText(4, 4), InText(5, 9), False),
        (InText(4, 4), OnPage(4), False),
    ],
)
def test_a_cell_stands_in_its_row_and_in_no_other(
    inner: Place, outer: Place, expected: bool
) -> None:
    assert stands_in(inner, outer) is expected
