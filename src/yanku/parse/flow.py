"""Documents without pages, put together line by line: a line is a paragraph or a table's row."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.errors import SourceTooLarge
from yanku.model.document import Block, Heading, Paragraph, Role
from yanku.model.place import InText, Place
from yanku.parse.captions import caption_above
from yanku.parse.grid import GridCell, announced_unit, by_row, is_data, make_table
from yanku.parse.outline import numbered_level
from yanku.parse.source import Limits

_MAX_LINES = 2_000_000
_MAX_COLUMN = 1_000


class Flow:
    """Collects blocks in reading order and counts their lines from 1."""

    def __init__(self, shown: str, limits: Limits) -> None:
        self._shown = shown
        self._cells_left = limits.max_cells
        self._line = 0
        self.blocks: list[Block] = []

    def say(self, text: str, level: int | None = None, role: Role = Role.TEXT) -> None:
        """Add a heading (with a level) or a paragraph; a blank text adds nothing.

        Plain text that is numbered like a heading becomes one.
        """
        if not text.strip():
            return
        if level is None and role is Role.TEXT:
            level = numbered_level(text)
        place = self._next_line()
        block = Paragraph(text, place, role) if level is None else Heading(text, level, place)
        self.blocks.append(block)

    def table(self, cells: Sequence[GridCell], headers: int | None = None) -> None:
        """Add a table; a row takes one line. One filled cell alone is a framed paragraph.

        ``headers`` counts the header rows where the source marks them.
        """
        self.spend(len(cells))
        filled = [each for each in cells if each.text and each.column < _MAX_COLUMN]
        rows = by_row(filled)
        while len(rows) > 1 and (title := _title(rows)) is not None:
            self.say(title.text, role=Role.NOTE if announced_unit(title.text) else Role.TEXT)
            del rows[title.row]
            headers = max(0, headers - 1) if headers else headers
        kept = [each for row in rows.values() for each in row]
        if len({(each.row, each.column) for each in kept}) <= 1:
            for each in kept:
                self.say(each.text)
            return
        self._grid(kept, headers)

    def spend(self, cells: int) -> None:
        """Count cells; raise SourceTooLarge past the limit."""
        self._cells_left -= cells
        if self._cells_left < 0:
            raise SourceTooLarge(f"{self._shown} has too many table cells; split it.")

    def _grid(self, cells: Sequence[GridCell], headers: int | None) -> None:
        top, last = min(c.row for c in cells), max(c.row for c in cells)
        lines = {row: self._next_line() for row in sorted({c.row for c in cells})}
        ends = [*lines.values()]

        def place(cell: GridCell) -> Place:
            within = [lines[r] for r in range(cell.row, min(cell.last_row, last) + 1) if r in lines]
            return InText(within[0].first_line, within[-1].last_line)

        caption, unit = caption_above(self.blocks)
        whole = (InText(ends[0].first_line, ends[-1].last_line),)
        marked = None if headers is None else sum(row < top + headers for row in lines)
        self.blocks.append(
            make_table(cells, place, whole, caption=caption, unit=unit, headers=marked)
        )

    def _next_line(self) -> InText:
        self._line += 1
        if self._line > _MAX_LINES:
            raise SourceTooLarge(f"{self._shown} has more than {_MAX_LINES:,} lines; split it.")
        return InText(self._line, self._line)


def _title(rows: dict[int, list[GridCell]]) -> GridCell | None:
    """Return the first row if it is a title or unit over the table: one cell above a header."""
    first, second = list(rows.values())[:2]
    if len(first) > 1 or len(first[0].text) > 60 or first[0].row_span > 1 or is_data(first):
        return None
    wide = max(len(row) for row in rows.values()) > 1
    titled = first[0].column_span > 1 and len(second) > 1 and not is_data(second)
    return first[0] if wide and (titled or announced_unit(first[0].text)) else None
