"""Sets lines of figures under the titles of their columns, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanku.model.amount import Amount
from yanku.testing.layouts.calendar import Slot
from yanku.testing.tables.truth import TrueCell, TrueTable


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its label, what is printed in each column, and the number of a note."""

    label: str
    cells: tuple[tuple[str, Amount | None], ...]
    note: str = ""
    indent: int = 0


def grid(
    title: str, unit_line: str, corner: str, slots: Sequence[Slot], lines: Sequence[Line],
    *, notes: bool = False,
) -> TrueTable:  # fmt: skip
    """Return the table; equal titles beside each other are one cell."""
    levels = max(len(slot.heads) for slot in slots)
    left = 2 if notes else 1
    cells = [TrueCell(0, 0, corner, levels)] if corner else []
    if notes:
        cells.append(TrueCell(0, 1, "附注", levels))
    cells += _heads(slots, levels, left)
    for number, line in enumerate(lines, levels):
        cells.append(TrueCell(number, 0, line.label, indent=line.indent))
        if notes and line.note:
            cells.append(TrueCell(number, 1, line.note))
        cells += [
            TrueCell(number, place, text, amount=amount)
            for place, (text, amount) in enumerate(line.cells, left)
            if text
        ]
    return TrueTable(
        tuple(cells), levels + len(lines), left + len(slots), levels, title, unit_line
    )  # fmt: skip


def _heads(slots: Sequence[Slot], levels: int, left: int) -> list[TrueCell]:
    cells = []
    for level in range(levels):
        at = 0
        while at < len(slots):
            heads = slots[at].heads
            width = 1
            if level >= len(heads):
                at += 1
                continue
            last = level == len(heads) - 1
            while not last and at + width < len(slots) and (
                slots[at + width].heads[: level + 1] == heads[: level + 1]
            ):  # fmt: skip
                width += 1
            height = levels - level if last else 1
            cells.append(TrueCell(level, left + at, heads[level], height, width))
            at += width
    return cells
