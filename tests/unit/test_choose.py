"""Of several facts for one figure the surest is used, and a doubtful one never without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yanku.finance.agreement import Sourced
from yanku.finance.choose import chosen
from yanku.finance.periods import full_year
from yanku.model.finance import (
    CONFIRMED,
    REPEATED,
    SECOND_READING,
    Check,
    Confidence,
    Fact,
    Statement,
)
from yanku.testing.library import a_fact, a_profile, an_entry

LAW = "net_profit=before_tax-tax"


def fact(value: str, *checks: Check, statement: Statement = Statement.INCOME) -> Fact:
    return replace(a_fact(value), checks=checks, statement=statement)


def of(one: Fact, name: str = "a.pdf", year: int = 2025, published: date | None = None) -> Sourced:
    profile = replace(a_profile(published=published), period=full_year(year))
    return one, replace(an_entry(name, name=name), profile=profile)


def value(found: object) -> str:
    assert found is not None
    return str(found.fact.amount.value)  # type: ignore[attr-defined]


def test_the_surer_of_two_that_differ_is_used() -> None:
    sure = fact("100.25", Check(LAW, True), Check(SECOND_READING, True))
    less = fact("99.75", Check(SECOND_READING, True))
    for order in ([of(sure), of(less)], [of(less), of(sure)]):
        found = chosen(order, "en")
        assert value(found) == "100.25"
        assert found is not None
        assert found.notes == ()


def test_two_equally_sure_ones_that_differ_are_no_answer() -> None:
    checks = (Check(LAW, True),)
    assert chosen([of(fact("100.25", *checks)), of(fact("99.75", *checks))], "en") is None


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        (LAW, "statement"),
        (SECOND_READING, "text of its page"),
        (REPEATED, "same document"),
    ],
)
def test_a_doubtful_figure_is_answered_with_its_doubt_or_not_at_all(
    failed: str, words: str
) -> None:
    passed = Check("equity=attributable+minority", True)
    found = chosen([of(fact("100.25", passed, Check(failed, False)))], "en")
    assert found is not None
    assert found.fact.confidence is Confidence.DOUBTFUL
    assert any(words in note for note in found.notes)
    assert chosen([of(fact("100.25", Check(failed, False)))], "en") is None


def test_a_doubtful_figure_gives_way_to_one_that_nothing_speaks_against() -> None:
    doubtful = fact("100.25", Check(LAW, True), Check(SECOND_READING, False))
    listed = fact("99.75", statement=Statement.KEY_INDICATORS)
    assert value(chosen([of(doubtful), of(listed)], "en")) == "99.75"


def test_a_report_and_its_abstract_that_differ_are_told_to_differ() -> None:
    own, abstract = of(fact("100.25", Check(LAW, True))), of(fact("99.75"), "b.pdf")
    found = chosen([own, abstract], "en")
    assert found is not None
    assert CONFIRMED in {check.name for check in found.fact.checks if not check.passed}
    assert any("another document" in note for note in found.notes)


def test_a_later_reports_other_comparative_is_told_with_its_value() -> None:
    own = of(fact("0.35", Check(LAW, True)))
    later = of(fact("0.25", Check(LAW, True)), "next.pdf", year=2026)
    found = chosen([own, later], "zh")
    assert value(found) == "0.35"
    assert found is not None
    assert any("0.25" in note for note in found.notes)


def test_a_figure_that_another_document_confirms_is_surer_for_it() -> None:
    own = of(fact("100.25", Check(SECOND_READING, True)))
    later = of(fact("100.25"), "next.pdf", year=2026)
    found = chosen([own, later], "en")
    assert found is not None
    assert found.fact.confidence is Confidence.CERTAIN
