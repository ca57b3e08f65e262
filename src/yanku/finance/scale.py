"""Tells in which currency and on which scale a table counts, from what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yanku.model.amount import Unit, read_unit
from yanku.model.document import Table

_CURRENCY = re.compile(r"[A-Z]{3}")


def currency_of(table: Table) -> str:
    """Return the currency that a table is in, by its unit or by the marks of its figures."""
    said = read_unit(table.unit) if table.unit else None
    if said is not None and _CURRENCY.fullmatch(said.code):
        return said.code
    codes = {c.amount.unit for c in table.cells if c.amount and _CURRENCY.fullmatch(c.amount.unit)}
    return codes.pop() if len(codes) == 1 else ""


def says_unit(table: Table) -> bool:
    """Tell whether a table or a header of it says in what it counts."""
    return any(True for _ in _said(table))


def says_scale(table: Table) -> bool:
    """Tell whether a table counts in thousands or millions, as it or a header of it says."""
    return any(unit.scale > 1 for unit in _said(table))


def _said(table: Table) -> Iterator[Unit]:
    texts = [table.unit, *(c.text for c in table.cells if c.row < table.header_rows)]
    found = (read_unit(text) for text in texts if text)
    return (unit for unit in found if unit is not None)
