"""Laws of formulas and of choosing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.finance.choose import Sourced, chosen
from yanku.finance.formula import divided, evaluate
from yanku.finance.periods import full_year
from yanku.model.amount import Amount
from yanku.model.document import Digest
from yanku.model.finance import (
    Check,
    Company,
    Consolidation,
    Fact,
    Profile,
    ReportKind,
    Statement,
)
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import UserId
from yanku.model.place import OnPage

MONEY = st.decimals(Decimal("-1e13"), Decimal("1e13"), places=2, allow_nan=False)
COMPANY = Company("600123", "东海水务")


@given(MONEY, MONEY, MONEY)
def test_a_formula_is_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert evaluate("(a - b) + c", {"a": a, "b": b, "c": c}) == (a - b) + c
    assert evaluate("a * b - a * b", {"a": a, "b": b}) == 0


@given(MONEY, MONEY)
def test_a_division_gives_its_numerator_back(a: Decimal, b: Decimal) -> None:
    result = evaluate("a / b", {"a": a, "b": b})
    if b == 0:
        assert result is None
    else:
        assert result == divided(a, b)
        assert abs(result * b - a) <= abs(a) * Decimal("1e-25")


@pytest.mark.parametrize("formula", ["a ** b", "a if b else a", "len(a)", "a[0]", "'a'"])
def test_nothing_but_arithmetic_is_a_formula(formula: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        evaluate(formula, {"a": Decimal(1), "b": Decimal(2)})


@st.composite
def sourced(draw: st.DrawFn) -> Sourced:
    year = draw(st.integers(2022, 2025))
    profile = Profile(
        "", COMPANY, ReportKind.ANNUAL, draw(st.booleans()), full_year(year), date(year + 1, 4, 1)
    )
    entry = Entry(
        DocumentId(f"d{year}{profile.abstract}"), "s", 1, "n", Digest("0" * 64), 1, "x",
        UserId("u"), State.LIVE, datetime(2025, 1, 1, tzinfo=UTC), profile=profile,
    )  # fmt: skip
    checks = draw(st.sampled_from([(), (Check("x", passed=True),), (Check("x", passed=False),)]))
    fact = Fact(
        COMPANY, "net_profit", "净利润", full_year(2022), Consolidation.CONSOLIDATED,
        draw(st.sampled_from([Statement.INCOME, Statement.KEY_INDICATORS])),
        Amount(Decimal(draw(st.sampled_from([100, 101, 250]))), "CNY"), OnPage(1),
        restated=draw(st.booleans()), checks=checks,
    )  # fmt: skip
    return fact, entry


@given(st.lists(sourced(), max_size=8), st.integers())
def test_the_choice_does_not_depend_on_the_order_of_facts(facts: list[Sourced], seed: int) -> None:
    shuffled = facts[:]
    random.Random(seed).shuffle(shuffled)
    one, other = chosen(facts, "zh"), chosen(shuffled, "zh")
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.fact.amount == other.fact.amount


@given(st.lists(sourced(), max_size=8))
def test_a_fact_that_failed_every_test_is_never_chosen(facts: list[Sourced]) -> None:
    found = chosen(facts, "zh")
    if found is not None:
        assert not found.fact.checks or any(check.passed for check in found.fact.checks)
