"""One digit or a sign that keeps a sum from adding up is a misreading, on pictures alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yanku.finance.identities import checked
from yanku.finance.mistaken import unmistaken
from yanku.model.amount import Amount
from yanku.model.finance import REPEATED, Check, Fact, Period, Statement
from yanku.model.place import OnPage
from yanku.testing.library import a_fact

END = Period(date(2024, 12, 31))
PRINTED = {
    "total_current_liabilities": "27268091.63",
    "short_term_borrowings": "6269491.63",
    "accounts_payable": "12345678.11",
    "taxes_payable": "8652921.89",
}


def _facts(**values: str) -> list[Fact]:
    facts = [
        replace(
            a_fact(),
            metric=metric,
            statement=Statement.BALANCE_SHEET,
            period=END,
            amount=Amount(Decimal(value), "CNY"),
            place=OnPage(3),
        )
        for metric, value in {**PRINTED, **values}.items()
    ]
    return list(checked(facts))


def _left(facts: list[Fact], *pictures: int) -> set[str]:
    return {fact.metric for fact in unmistaken(facts, frozenset(pictures))}


def test_a_sum_that_adds_up_keeps_all_of_its_parts() -> None:
    assert _left(_facts(), 3) == PRINTED.keys()


@pytest.mark.parametrize(
    "misread",
    [
        "6259491.63",  # a 6 like a 5
        "6269491.83",  # a 6 like an 8
        "269491.63",  # its first digit is gone
        "-6269491.63",
    ],
)
def test_what_misses_by_one_digit_or_its_sign_is_left_out(misread: str) -> None:
    assert "short_term_borrowings" not in _left(_facts(short_term_borrowings=misread), 3)


def test_digits_that_look_alike_are_doubted_before_others() -> None:
    # .63 as .53: a 6 like a 5, or an 8 like a 9. That a 1 was a 2 is less likely.
    facts = _facts(short_term_borrowings="6269491.53")
    assert _left(facts, 3) == {"accounts_payable"}


def test_a_page_with_a_text_layer_is_never_doubted_so() -> None:
    facts = _facts(short_term_borrowings="6259491.63")
    assert _left(facts, 4) == PRINTED.keys()
    assert _left(facts) == PRINTED.keys()


def test_what_another_table_bears_out_stays() -> None:
    facts = _facts(short_term_borrowings="6259491.63")
    confirmed = [
        replace(f, checks=(Check(REPEATED, passed=True),))
        if f.metric == "short_term_borrowings" else f
        for f in facts
    ]  # fmt: skip
    assert "short_term_borrowings" in _left(confirmed, 3)


def test_a_sum_that_misses_by_more_than_a_digit_says_nothing() -> None:
    assert _left(_facts(short_term_borrowings="6214491.63"), 3) == PRINTED.keys()
