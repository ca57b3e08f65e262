"""Takes one printed figure from another, as exactly as the rounder of the two is known."""

from __future__ import annotations

from decimal import Decimal

from yanku.finance.saying import say
from yanku.model.amount import Amount

_FINE = 1000
"""A figure to the thousand is rounded by nobody whom its last digits would mislead."""
_CERTAIN = 2
"""A difference of fewer steps of the rounder figure may be anything."""


def less(whole: Amount, part: Amount, language: str) -> tuple[Amount, tuple[str, ...]] | None:
    """Return what is left of one amount without another of its unit, and what to say of it; None
    if the rounder of the two leaves it open.

    A note prints 448 百万元 where a report prints 903,135,476.96 元: the difference to the 分 would
    say more than anybody knows.
    """
    left = whole.value - part.value
    fine, step = sorted(_step(one.value) for one in (whole, part))
    if fine >= _FINE or step <= _FINE:
        return Amount(left, whole.unit), ()
    if abs(left) < _CERTAIN * step:
        return None
    rounded = (left / step).quantize(Decimal(1)) * step
    unit = say("yuan", language) if whole.unit == "CNY" else f" {whole.unit}"
    return Amount(rounded, whole.unit), (say("rounded", language, step=f"{step:,f}{unit}"),)


def _step(value: Decimal) -> Decimal:
    """Return the unit that a figure may be rounded to: the place of its last digit but noughts."""
    digits = value.normalize().as_tuple().exponent
    return Decimal(10) ** max(int(digits), 0) if value else Decimal(1)
