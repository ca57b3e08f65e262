"""Tells the long titles of American forms, which a layout takes for running text."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
_AMOUNTS_IN = re.compile(
    r"\((?:(?:all )?(?:dollars?|dollar amounts|amounts|figures|\$|us\$|usd) )?(?:are )?"
    r"in (?P<scale>thousands|millions|billions)\b[^()]*\)",
    re.IGNORECASE,
)


def said_unit(headings: Iterable[str]) -> str:
    """Return the scale that the headings over a table say for all that stands under them.

    "Item 7—Management's Discussion and Analysis (amounts in millions, except per share data)".
    """
    found = (m for heading in headings if (m := _AMOUNTS_IN.search(heading)) is not None)
    return next((f"amounts in {m['scale'].lower()}" for m in found), "")


def begins_item(heading: str) -> bool:
    """Tell whether a heading begins an item of a form: however short, it stands by itself."""
    return _NUMBERED.match(heading) is not None


def is_item_title(text: str) -> bool:
    """Tell whether a paragraph is the title of an item of an American form."""
    return not text[-1:].isdigit() and _ITEM.fullmatch(text.strip()) is not None
