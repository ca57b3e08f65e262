"""What an invented table says: its grid, its spans, and every amount in base units."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.model.amount import Amount


@dataclass(frozen=True, slots=True)
class TrueCell:
    """One cell of the grid; blank cells are left out. ``indent`` counts steps of a label."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    amount: Amount | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class TrueTable:
    """A table, its title and the line that says its unit; both empty if nothing is printed.

    ``english`` tells how words wrap.
    """

    cells: tuple[TrueCell, ...]
    rows: int
    columns: int
    header_rows: int
    title: str = ""
    unit_line: str = ""
    english: bool = False

    def at(self, row: int, column: int) -> TrueCell | None:
        """Return the cell that begins at a place of the grid."""
        return next((c for c in self.cells if (c.row, c.column) == (row, column)), None)

    @property
    def has_tall_cells(self) -> bool:
        """Tell whether a cell below the header spans rows."""
        return any(c.row_span > 1 and c.row >= self.header_rows for c in self.cells)
