"""What a document prints, line by line, to hold answers and expectations against."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yanku.flows.scoring import normal
from yanku.model.amount import find_amounts
from yanku.model.document import Block, Document, Table
from yanku.model.place import InSheet, OnPage, Place


def stands_on(value: Decimal, rows: set[str], document: Document, place: Place) -> bool:
    """Tell whether a value stands on the page of a place, in one of the rows if there are any."""
    return any(
        (not rows or any(row in normal(text) for row in rows)) and value in values
        for block in document.body
        for text, values, where in lines_of(block)
        if same_page(where, place)
    )


def lines_of(block: Block) -> list[tuple[str, Sequence[Decimal], Place]]:
    """Return the lines of a block: text, figures in base units, place."""
    if not isinstance(block, Table):
        return [
            (block.text, [found.amount.value for found in find_amounts(block.text)], block.place)
        ]
    lines: list[tuple[str, Sequence[Decimal], Place]] = []
    for row in range(block.rows):
        cells = [cell for cell in block.cells if cell.row == row]
        if cells:
            text = "|".join(cell.text for cell in cells)
            lines.append((text, [c.amount.value for c in cells if c.amount], cells[0].place))
    return lines


def same_page(a: Place, b: Place) -> bool:
    """Tell whether two places of a document are on one page or sheet."""
    if isinstance(a, OnPage) and isinstance(b, OnPage):
        return a.page == b.page
    if isinstance(a, InSheet) and isinstance(b, InSheet):
        return a.sheet == b.sheet
    return type(a) is type(b)
