"""A number with its unit, and the grammar by which amounts are printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in base units: 元 and not 万元, percent as printed (12.5 % is ``12.5``, unit ``%``).

    ``unit`` is ``CNY``, ``USD``, ``HKD``, ``EUR``, … for money, ``CNY/share`` for per-share
    values, ``%``, ``pp`` (percentage points), ``times``, ``shares``, ``people``, or another
    printed unit as it stands; the empty string if none is known.
    """

    value: Decimal
    unit: str = ""
