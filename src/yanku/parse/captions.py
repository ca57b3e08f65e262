"""The title and the unit printed above a table in running text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.model.document import Block, Heading, Table
from yanku.parse.grid import announced_unit

_REACH = 3
_MAX_TITLE = 60
_LEAD_IN = re.compile(r"[(（][^()（）]{2,48}[)）]\s*[:：]\s*$")
"""What stands in brackets at the end of a sentence that leads in a table."""


def caption_above(before: Sequence[Block]) -> tuple[str, str]:
    """Return (caption, unit) from the blocks before a table, the nearest last; empty if none.

    Short lines right above count; a heading ends the search and is the caption of last resort.
    """
    unit = caption = ""
    for block in reversed(before[-_REACH:]):
        if isinstance(block, Table):
            break
        if len(block.text) > _MAX_TITLE:
            # "The table below presents net sales by contract type (in millions):"
            leads = block is before[-1] and _LEAD_IN.search(block.text)
            return caption, unit or (announced_unit(leads[0]) if leads else "")
        announced = announced_unit(block.text)
        unit = unit or announced
        if isinstance(block, Heading):
            return caption or block.text, unit
        sentence = block.text.endswith(("。", "；", ".", ";")) and len(block.text) > 20
        if sentence or caption:
            break
        if not announced or _names_a_table(block.text):
            caption = block.text.rstrip("：:")
    return caption, unit


def _names_a_table(text: str) -> bool:
    return "表" in text or "statement" in text.lower() or "sheet" in text.lower()
