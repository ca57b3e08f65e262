"""Leaves out a figure read from a picture of which a law says that a digit or its sign is another.

短期借款  6,259,491.63     the sum misses by 10,000.00, and with 6,269,491.63 it would not:
…                          a 6 whose print is faint reads like a 5, and nothing else differs
合计     16,127,268.09
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yanku.finance.identities import Gap, gaps
from yanku.model.document import Document, Origin
from yanku.model.finance import SECOND_READING, Fact
from yanku.model.place import OnPage

_ALIKE = frozenset(
    map(frozenset, ("38", "56", "08", "68", "17", "06", "09", "35", "89", "27", "49", "58", "39"))
)
"""Digits that a bad picture makes the same."""
_MANY_DIGITS = 7
"""Fewer digits could miss by such a gap by chance, where a law does not name all of its parts."""


def pictures_of(document: Document) -> frozenset[int]:
    """Return the numbers of the pages that were read from pictures."""
    return frozenset(page.number for page in document.pages if page.origin is Origin.OCR)


def unmistaken(facts: Sequence[Fact], pictures: frozenset[int]) -> list[Fact]:
    """Return the facts without those on ``pictures`` that break a law by one digit, or their sign.

    What another law or table bears out stays. Where digits that look alike explain the gap, only
    those are left out.
    """
    if not pictures:
        return list(facts)
    wrong: set[int] = set()
    for gap in gaps(facts):
        wrong.update(_suspects(gap, facts, pictures))
    return [fact for number, fact in enumerate(facts) if number not in wrong]


def _suspects(gap: Gap, facts: Sequence[Fact], pictures: frozenset[int]) -> list[int]:
    """Return the members of a law that are likely misread."""
    alike: list[int] = []
    others: list[int] = []
    for number, sign in gap.members:
        fact = facts[number]
        on_picture = isinstance(fact.place, OnPage) and fact.place.page in pictures
        if not on_picture or _is_borne_out(fact):
            continue
        pair = _changed(fact.amount.value, -gap.value * sign, gap.step)
        if pair is None or (not gap.law.strict and _digits(fact, gap.step) < _MANY_DIGITS):
            continue
        (alike if frozenset(pair) in _ALIKE or not pair else others).append(number)
    return alike or others


def _is_borne_out(fact: Fact) -> bool:
    return any(check.passed for check in fact.checks if check.name != SECOND_READING)


def _digits(fact: Fact, step: Decimal) -> int:
    return len(str(int(abs(fact.amount.value) / step)))


def _changed(value: Decimal, change: Decimal, step: Decimal) -> str | None:
    """Return the digits that a change swaps, "" if it turns the sign or adds a digit in front.

    None if it does more than that.
    """
    if not change or change % step:
        return None
    if change == -2 * value:
        return ""
    one, other = (str(int(abs(v) / step)) for v in (value, value + change))
    if (value < 0) != (value + change < 0):
        return None
    if len(other) == len(one) + 1 and other.endswith(one):
        return ""
    if len(one) != len(other):
        return None
    swapped = [a + b for a, b in zip(one, other, strict=True) if a != b]
    return swapped[0] if len(swapped) == 1 else None
