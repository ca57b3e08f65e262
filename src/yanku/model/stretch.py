"""Tells words that say how long a stretch of time is, and not when: "years ended"."""

from __future__ import annotations

import re

_STRETCH = re.compile(
    r"(?:for the )?(?:fiscal )?(?:years?|(?:three|six|nine|twelve) months|quarters?|\d\d? weeks)"
    r"(?: periods?)? ended:?",
    re.IGNORECASE,
)


def is_stretch(text: str) -> bool:
    """Tell what stands over columns of days, and is no title however it is set."""
    return _STRETCH.fullmatch(text) is not None
