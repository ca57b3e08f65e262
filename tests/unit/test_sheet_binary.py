"""Binary workbooks are read with their formats, merged areas, and without what is hidden."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import BrokenSource
from yanku.model.amount import Amount
from yanku.model.document import Cell, Table
from yanku.model.place import InSheet
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits
from yanku.testing.binarybook import binary_book, binary_sheet


def _read(tmp_path: Path, data: bytes) -> Content:
    path = tmp_path / "any"
    path.write_bytes(data)
    return read_source(path, "a.xlsb", Limits(), lambda _done, _total: None)[1]


def test_a_binary_workbook_is_read_as_shown_and_as_stored(tmp_path: Path) -> None:
    content = _read(tmp_path, binary_book())
    table = next(block for block in content.blocks if isinstance(block, Table))
    cells: dict[str, Cell] = {
        cell.place.cells: cell for cell in table.cells if isinstance(cell.place, InSheet)
    }
    assert (cells["B3"].text, cells["B3"].stored) == ("1,234.57", "1234.5678")
    assert cells["B3"].amount == Amount(Decimal(12345678), "CNY")
    assert (cells["C3"].text, cells["C3"].amount) == ("12.54%", Amount(Decimal("12.543"), "%"))
    assert (cells["D3"].text, cells["D3"].stored) == ("2024年3月31日", "2024-03-31")
    assert cells["B1:C1"].column_span == 2
    assert table.header_rows == 2
    assert not any(cell.text == "藏" for cell in table.cells)
    assert {flaw.code for flaw in content.flaws} == {"hidden_rows", "hidden_sheet"}


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.9])
def test_a_binary_workbook_cut_short_is_broken_or_read_in_part(
    tmp_path: Path, share: float
) -> None:
    whole = binary_sheet()
    try:
        content = _read(tmp_path, binary_book(whole[: int(len(whole) * share)]))
    except BrokenSource as error:
        assert "a.xlsb" in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(content, Content)
