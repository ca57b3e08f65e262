"""Made-up questions that choose, count and look along time get their answer, or nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.test_phrasings import _FLOWS, _books

from yanku.finance.ontology import load_ontology
from yanku.finance.periods import full_year
from yanku.model.inquiry import Finding, Missing
from yanku.testing.asked.plans import WORLD
from yanku.testing.asked.trial import Trial
from yanku.testing.asked.wider import Maker, Wider, wider

_YEARS = (2022, 2023, 2024)
_NEAR = Decimal("0.000001")


def _maker(seed: int, trial: Trial) -> Maker:
    known = trial.known()
    names = {company.code: company.name for company in known.companies}
    figures = {
        (names[key.company], key.metric, year): value
        for key, value in known.figures.items()
        for year in _YEARS
        if key.period == full_year(year)
    }
    chance = random.Random(seed)
    return Maker(figures, list(names.values()), _FLOWS, _YEARS, known.ontology, chance)


def _verdict(asked: Wider, found: Finding | Missing | None) -> str:
    if not isinstance(found, Finding):
        return "right" if asked.declines else "declined"
    if asked.number is not None:
        near = abs(asked.number) * _NEAR
        right = found.amount is not None and abs(found.amount.value - asked.number) <= near
    else:
        right = asked.names == frozenset((found.choice or "").split("、")) - {""}
    return "right" if right else f"wrong: {asked.question}"


@pytest.mark.parametrize("seed", [11, 20261127])
def test_questions_that_choose_are_answered_right_or_not_at_all(seed: int) -> None:
    trial = Trial(list(WORLD.values()), _books(seed), load_ontology(), date(2025, 5, 20))
    verdicts = Counter(
        (asked.kind, _verdict(asked, trial.ask(asked.question)[1]))
        for asked in wider(_maker(seed, trial), 150)
    )
    assert {kind: verdict for kind, verdict in verdicts if verdict.startswith("wrong")} == {}
    right = sum(n for (_, verdict), n in verdicts.items() if verdict == "right")
    assert right >= 0.95 * verdicts.total()
