"""Rows and sentences state figures with the unit and the scale that they are printed on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yanku.answer.stated import stated_in, years_in
from yanku.answer.workings import Work, states_result
from yanku.model.amount import Amount


def test_a_sign_before_a_figure_leaves_the_scale_of_its_table() -> None:
    [found] = stated_in("Interest | 2031: $(1,344)", "x unit: ($ in millions)")
    assert found.amount == Amount(Decimal(-1344000000), "USD")
    [foreign] = stated_in("Interest | 2031: €5", "x unit: ($ in millions)")
    assert foreign.amount == Amount(Decimal(5), "EUR")
    [spelled] = stated_in("Interest | 2031: $5 thousand", "x unit: in millions")
    assert spelled.amount == Amount(Decimal(5000), "USD")


def test_a_figure_per_share_is_not_in_the_millions_of_its_table() -> None:
    unit = "x unit: (in millions, except per share amounts)"
    [found] = stated_in("Earnings per share, diluted | 2031: $2.97", unit)
    assert found.amount.value == Decimal("2.97")


def test_a_unit_that_is_a_level_of_a_header_counts() -> None:
    [found] = stated_in("Net debt | 2031 / £m: 59.4")
    assert found.amount == Amount(Decimal(59400000), "GBP")


def test_years_are_read_in_their_usual_spellings() -> None:
    assert years_in("FY31 and 2029/30, 2028/2029, 2027") == (2031, 2030, 2029, 2027)
    assert years_in("12,345 of 2,030") == ()


@pytest.mark.parametrize(
    ("work", "states", "not_states"),
    [
        (Work.GROWTH, "Sales grew by 5 per cent.", "We hold 32.4 per cent of Kiln Ltd."),
        (Work.SUM, "Fees were $90 in total.", "Fees were $40 and $50, respectively."),
        (Work.MEAN, "On average we fired 12 kilns.", "We fired 11 and 13 kilns."),
    ],
)
def test_a_sentence_states_a_result_only_if_it_says_so(
    work: Work, states: str, not_states: str
) -> None:
    assert states_result(states, work)
    assert not states_result(not_states, work)
