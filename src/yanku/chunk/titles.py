"""Tells the long titles of American forms, which a layout takes for running text."""

from __future__ import annotations

import re

ITEM_LEVEL = 2
"""Level of an item's heading: below the four parts of the form."""
_ITEM = re.compile(
    r"item\s+\d{1,2}[a-c]?\s?[.:—–\-]*\s*(?:"
    r"market for (?:the )?(?:registrant|company|our)[^.]{0,120}equity[^.]{0,60}"
    r"|management.s discussions? and analysis[^.]{0,80}operations?"
    r"|quantitative and qualitative disclosures? about market risks?"
    r"|(?:consolidated )?financial statements(?: and supplementary data)?"
    r"|changes in and disagreements with accountants[^.]{0,60}disclosures?"
    r"|directors,? executive officers[^.]{0,40}"
    r"|security ownership of certain beneficial owners[^.]{0,80}"
    r"|certain relationships and related[^.]{0,80}"
    r"|selected (?:consolidated )?financial data"
    r"|unregistered sales of equity securities[^.]{0,80}"
    r"|principal account(?:ing|ant) fees and services"
    r"|exhibits?(?: and|,) financial statement schedules?"
    r")\s*\.?(?:\s*\([^()]{3,160}\))?",
    re.IGNORECASE,
)
"""The words of Forms 10-K and 10-Q; with a page number behind it is a line of the contents."""


_NUMBERED = re.compile(r"\s*item\s+\d{1,2}[a-c]?(?![a-z0-9])", re.IGNORECASE)


def begins_item(heading: str) -> bool:
    """Tell whether a heading begins an item of a form: however short, it stands by itself."""
    return _NUMBERED.match(heading) is not None


def is_item_title(text: str) -> bool:
    """Tell whether a paragraph is the title of an item of an American form."""
    return text[-1:].isdigit() is False and _ITEM.fullmatch(text.strip()) is not None
