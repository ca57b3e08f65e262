"""Holds facts read from pictures against what their reader was not sure of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from yanku.model.document import Flaw
from yanku.model.finance import LEGIBLE, SECOND_READING, Check, Fact
from yanku.model.place import Box, OnPage, Place

_UNSURE = "unsure_figure"


def doubted(facts: Sequence[Fact], flaws: Iterable[Flaw]) -> list[Fact]:
    """Return the facts without those that were hard to read and that nothing else confirms.

    One that a law of its statement or another table bears out stays, and fails a check of it.
    """
    unsure = [flaw.place for flaw in flaws if flaw.code == _UNSURE]
    if not unsure:
        return list(facts)
    read = ((fact, _lies_on(fact.place, unsure)) for fact in facts)
    return [_doubted(f) if hard else f for f, hard in read if not hard or _is_borne_out(f)]


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
