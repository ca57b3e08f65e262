"""What is asked for and not there: a measure of a company for a period."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.model.finance import Company, Period
from yanku.model.inquiry import Cause, Operand


@dataclass(frozen=True, slots=True)
class Lack:
    """What is not there: a measure of a company for a period.

    ``cause`` is SENSELESS or UNITS where the figures are there and make no answer; they are then
    the ``operands``.
    """

    company: Company
    identifier: str
    period: Period | None
    cause: Cause = Cause.LACKING
    operands: tuple[Operand, ...] = ()
