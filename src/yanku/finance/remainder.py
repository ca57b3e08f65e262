"""Takes one printed figure from another, as exactly as the rounder of the two is known."""

from __future__ import annotations

from decimal import Decimal

from yanku.finance.agreement import rounding
from yanku.finance.saying import say
from yanku.model.amount import Amount

_FINE = 1000
"""A figure to the thousand is rounded by nobody whom its last digits would mislead."""


def less(whole: Amount, part: Amount, language: str) -> tuple[Amount, tuple[str, ...]]:
    """Return what is left of one amount without another of its unit, and what to say of it.

    A note prints 448 百万元 where a report prints 903,135,476.96 元: the difference to the 分 would
    say more than anybody knows.
    """
    left = whole.value - part.value
    step, fine = (pick(rounding(one.value) for one in (whole, part)) for pick in (max, min))
    if fine >= _FINE or step <= _FINE or abs(left) < step:
        return Amount(left, whole.unit), ()
    rounded = (left / step).quantize(Decimal(1)) * step
    unit = say("yuan", language) if whole.unit == "CNY" else f" {whole.unit}"
    return Amount(rounded, whole.unit), (say("rounded", language, step=f"{step:,f}{unit}"),)
