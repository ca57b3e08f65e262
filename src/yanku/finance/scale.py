"""Tells in which currency and on which scale a table counts, from what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yanku.model.amount import Unit, read_amount, read_unit
from yanku.model.document import Cell, Table

SCALES = (Decimal(1), Decimal(1000), Decimal(10**6))
"""On what scales a table may count that does not say it: its sum tells on which."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_WORDS = re.compile(r"[A-Za-z\u4e00-\u9fff]")


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


def is_off_scale(table: Table, cell: Cell) -> bool:
    """Tell a sum of money that was left as printed in a table that counts in millions.

    Where it stands under a heading of ratios or of shares nobody knows on which scale it is.
    """
    said = read_unit(table.unit) if table.unit else None
    if said is None or said.scale == 1 or cell.amount is None or _WORDS.search(cell.text):
        return False
    bare = read_amount(cell.text)
    return bare is not None and bare.value != 0 and bare.value == cell.amount.value


def _said(table: Table) -> Iterator[Unit]:
    texts = [table.unit, *(c.text for c in table.cells if c.row < table.header_rows)]
    found = (read_unit(text) for text in texts if text)
    return (
        unit
        for unit in found
        if unit is not None and (not unit.code or _CURRENCY.fullmatch(unit.code))
    )
