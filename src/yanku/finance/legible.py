"""Holds facts read from pictures against what their reader was not sure of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from yanku.model.document import Flaw
from yanku.model.finance import LEGIBLE, SECOND_READING, Check, Fact
from yanku.model.place import Box, OnPage, Place

_UNSURE, _SIGN = "unsure_figure", "unsure_sign"


def doubted(facts: Sequence[Fact], flaws: Sequence[Flaw]) -> list[Fact]:
    """Return the facts without those that were hard to read and that nothing else confirms.

    One that a law of its statement or another table bears out stays, and fails a check of it; but
    laws do not bear out a sign, as costs are printed with and without one.
    """
    unsure, signs = (_places(flaws, code) for code in (_UNSURE, _SIGN))
    if not unsure and not signs:
        return list(facts)
    signed = (fact for fact in facts if not _lies_on(fact.place, signs))
    read = ((fact, _lies_on(fact.place, unsure)) for fact in signed)
    return [_doubted(f) if hard else f for f, hard in read if not hard or _is_borne_out(f)]


def _places(flaws: Iterable[Flaw], code: str) -> list[Place | None]:
    return [flaw.place for flaw in flaws if flaw.code == code]


def _is_borne_out(fact: Fact) -> bool:
    tests = [check for check in fact.checks if check.name != SECOND_READING]
    return any(check.passed for check in tests) and all(check.passed for check in tests)


def _doubted(fact: Fact) -> Fact:
    return replace(fact, checks=(*fact.checks, Check(LEGIBLE, passed=False)))


def _lies_on(place: Place, unsure: Iterable[Place | None]) -> bool:
    if not isinstance(place, OnPage) or place.box is None:
        return False
    return any(
        isinstance(each, OnPage)
        and each.box is not None
        and each.page == place.page
        and (_holds(place.box, each.box) or _holds(each.box, place.box))
        for each in unsure
    )


def _holds(outer: Box, inner: Box) -> bool:
    """Tell whether the middle of one box lies in the other."""
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1
