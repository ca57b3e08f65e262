"""Lines of running text put together: words and numbers that a break parted are whole again."""

from __future__ import annotations

import re

from yanku.parse.ink import glued, is_wide

_HYPHENED = re.compile(r"([A-Za-z]{2,})-$")
_NUMBER_CUT = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:,\d{3})*(?:[,.]|,\d{1,2})$")
_NUMBER_END = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:,\d{3})*$")
_GROUP = re.compile(r",\d{3}(?!\d)|\.\d{1,4}(?![\d.])")
# Words that keep their hyphen: whoever writes long-term does not mean longterm.
_COMPOUND = re.compile(
    r"(?:long|short|mid|full|half|year|first|second|third|fourth|high|low|medium|large|small|non|self"
    r"|cross|pre|post|well|off|on|multi|inter|intra|ex|part|two|three|four|five|one|single|double"
    r"|fixed|floating|market|interest|risk|value|cost|cash|debt|equity|tax|fair|held|state|world"
    r"|company|client|available|day|month|quarter|gaap|based)",
    re.IGNORECASE,
)


def run_on(upper: str, lower: str) -> str:
    """Return two lines of one paragraph as one text."""
    if not upper or not lower:
        return upper or lower
    if _breaks_number(upper, lower) or lower[0] in "%％‰":
        return upper + lower
    if upper[-1] == "\u00ad":
        return upper[:-1] + lower
    hyphened = _HYPHENED.search(upper)
    if hyphened is not None and lower[0].islower():
        return upper + lower if _COMPOUND.fullmatch(hyphened[1]) else upper[:-1] + lower
    if upper[-1] in "-/" and not is_wide(lower[0]) and len(upper) > 1 and not upper[-2].isspace():
        return upper + lower
    return glued(upper, lower)


def _breaks_number(upper: str, lower: str) -> bool:
    """Tell a number cut at, or right before, one of its separators, or within a group of three."""
    # … 1,234,    … 1,234     … 1,234,5
    # 567.89 …    ,567.89 …   67.89 …
    if _NUMBER_END.search(upper) and _GROUP.match(lower):
        return True
    if not lower[0].isdigit() or _NUMBER_CUT.search(upper) is None:
        return False
    run = re.match(r"\d+", lower)
    digits = len(run[0]) if run else 0
    tail = re.search(r"[,.](\d*)$", upper)
    if tail is None:
        return False
    if upper[tail.start()] == ".":
        # "in 2023." may end a sentence: decimals are few, and a unit or a mark follows them.
        return digits <= 2 and bool(re.match(r"\d+\s?(?:[%％亿万元倍]|$)", lower))
    return len(tail[1]) + digits == 3
