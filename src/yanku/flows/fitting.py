"""Tells whether a passage speaks of a period asked for."""

from __future__ import annotations

import re
import unicodedata

from yanku.answer.passages import Passage
from yanku.finance.dates import periods_in
from yanku.finance.fiscal import is_of
from yanku.model.inquiry import Inquiry
from yanku.model.search import Hit

_ALONE = re.compile(
    r"本报告期|单季|第?[一二三四1-4]季度?|\bQ[1-4]\b|\d{1,2}\s?[-—~至]\s?\d{1,2}\s?月|three months",
    re.IGNORECASE,
)
_DISTRIBUTED = re.compile(
    r"((?:19|20)\d\d)\s?年(?:年?度|中期|半年度|第?[一二三]季度)?[^，。；]{0,6}?(?:利润分配|分红|权益分派|派息)"
)


def fits(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell whether a passage speaks of a period asked for: by its document, or in its words."""
    if _is_of_other_part(passage, inquiry) or is_of_other_plan(passage, inquiry):
        return False
    said = periods_in(unicodedata.normalize("NFKC", passage.text))
    if is_of_period(passage.line.source, inquiry):
        # A report of no period of its own speaks of those that it names.
        open_ = passage.line.source.profile.period is None and bool(inquiry.periods)
        years = {period.end.year for period in inquiry.periods}
        return not (open_ and said) or any(one.end.year in years for one in said)
    return any(one.end == asked.end for one in said for asked in inquiry.periods)


def _is_of_other_part(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell a row of the year so far where a quarter alone is asked for, unless it says it is one.

    Both end on one day, and 本期发生额 is what the statement is of.
    """
    own = passage.line.source.profile.period
    if not passage.is_row or own is None or not inquiry.periods:
        return False
    parts = [p for p in inquiry.periods if p.start is not None and p.end == own.end]
    apart = bool(parts) and all(p.start != own.start for p in parts)
    return apart and _ALONE.search(passage.text) is None


def is_of_other_plan(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell a sentence on the distribution of another year's profit: 2024年度利润分配, of 2025."""
    years = {int(m[1]) for m in _DISTRIBUTED.finditer(passage.text)}
    asked = {period.end.year for period in inquiry.periods}
    own = passage.line.source.profile.period
    if not asked and own is not None:
        asked = {own.end.year}  # The latest report is on its own year.
    return bool(years and asked) and not years & asked


def is_of_period(hit: Hit, inquiry: Inquiry) -> bool:
    """Tell whether a document may be on a period asked for: one that does not say may."""
    return not inquiry.periods or any(is_of(hit.profile, asked) for asked in inquiry.periods)
