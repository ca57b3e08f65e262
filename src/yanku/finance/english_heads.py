"""Reads what stands over columns in English: the stretch said once, the part that is no company."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanku.finance.dates import find_periods
from yanku.finance.labels import HAN

_STRETCH_ENDED = re.compile(
    r"(?:for the )?(?:three|six|nine|twelve|thirteen|twenty-six|thirty-nine|fifty-two|fifty-three"
    r"|\d{1,2})"
    r"[ -](?:months?|weeks?)(?: periods?)? end(?:ed|ing)"
)
_DAY_FIRST = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}")
_EN_HEADER = re.compile(
    r"(?:[^a-z]|\b(?:[a-hk-z]|the|of|at|on|in|as|and|for|to|from|with|by|or|end|ends|ended|ending|through"
    r"|years?|year-end|fiscal|fy|financial|calendar|full|full-year|quarters?|quarterly|halves|half|months?"
    r"|weeks?|days?|periods?|three|six|nine|twelve|thirteen|twenty|thirty|fifty|two|one|first|second"
    r"|third|fourth|interim|annual|ytd|date|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january"
    r"|february|march|april|june|july|august|september|october|november|december|current|previous|prior"
    r"|last|this|same|corresponding|reporting|opening|closing|ending|beginning|balances?|amounts?|totals?"
    r"|actual|consolidated|group|company|parent|bank|audited|unaudited|reviewed|restated|revised|reported"
    r"|adjusted|adjustment|adjustments|before|after|previously|recast|note|notes|item|items|rmb|cny|usd|hkd"
    r"|eur|gbp|us|hk|yuan|dollars?|euros?|million|millions|thousand|thousands|billion|billions|mn|bn|m|unit"
    r"|units|currency|except|per|share|shares|data|percentage|percent|change|increase|decrease"
    r"|successor|predecessor|reclassified|as-reported|ifrs|gaap|s|nil|ended:)\b)*"
)
"""What may stand over a column of a company's own figures in English."""


def with_stretch(texts: Mapping[int, str]) -> dict[int, str]:
    """Return headers of a statement with the one stretch that is printed over days said of each.

    "Six months ended" is set once over two days, and read as over the first or between them.
    """
    said = {m[0] for text in texts.values() if (m := _STRETCH_ENDED.search(text)) is not None}
    days = {n: rest for n, text in texts.items() if (rest := _STRETCH_ENDED.sub("", text).strip())}
    if len(said) != 1 or not all(map(_DAY_FIRST.match, days.values())):
        return dict(texts)
    return {n: f"{next(iter(said))} {day}" for n, day in days.items()}


def names_a_part(text: str) -> bool:
    """Tell whether words of an English header are left that no period and no unit explains.

    "U.S. July 2, 2023" is over figures of a part of the company, and none of its own.
    """
    if re.search(f"[{HAN}]", text):
        return False
    left = text
    for stated in reversed(find_periods(text)):
        left = f"{left[: stated.start]} {left[stated.end :]}"
    return _EN_HEADER.fullmatch(left) is None
