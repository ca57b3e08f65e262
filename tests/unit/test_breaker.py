"""When a replica is left out, and when it is used again."""

from __future__ import annotations

import pytest

from yanku.serving.breaker import Breaker, BreakerRules, Fault, Outcome, State

RULES = BreakerRules(failures=3, calls=10, window_s=30, pause_s=1, longest_pause_s=10)


def after(*outcomes: Outcome) -> Breaker:
    breaker = Breaker(RULES)
    for number, outcome in enumerate(outcomes):
        breaker.note(outcome, number / 10)
    return breaker


def test_failures_in_a_row_open_it() -> None:
    assert after(Outcome.FAILED, Outcome.FAILED).state is State.CLOSED
    breaker = after(Outcome.FAILED, Outcome.FAILED, Outcome.FAILED)
    assert (breaker.state, breaker.fault) == (State.OPEN, Fault.FAILING)


def test_failures_between_good_answers_are_borne_until_they_are_half_of_them() -> None:
    third = [Outcome.GOOD, Outcome.FAILED, Outcome.GOOD] * 6
    assert after(*third).state is State.CLOSED
    half = [Outcome.GOOD, Outcome.FAILED] * 5
    assert after(*half[:-1]).state is State.CLOSED
    assert after(*half).fault is Fault.FAILING


def test_what_is_long_ago_does_not_count() -> None:
    breaker = Breaker(RULES)
    for number in range(40):
        breaker.note(Outcome.FAILED if number % 2 else Outcome.GOOD, number * 4.0)
    assert breaker.state is State.CLOSED


def test_slow_answers_open_it_when_nearly_all_are() -> None:
    assert after(*[Outcome.SLOW] * 7, *[Outcome.GOOD] * 3).state is State.CLOSED
    breaker = after(*[Outcome.SLOW] * 10)
    assert (breaker.state, breaker.fault) == (State.OPEN, Fault.SLOW)


def test_silence_opens_it_at_once() -> None:
    breaker = Breaker(RULES)
    breaker.silent(5.0)
    assert (breaker.state, breaker.fault, breaker.since) == (State.OPEN, Fault.SILENT, 5.0)


def test_only_a_probe_that_generates_closes_it() -> None:
    breaker = Breaker(RULES)
    breaker.silent(0)
    breaker.note(Outcome.GOOD, 0.5)
    assert not breaker.try_again(0.5)
    assert breaker.try_again(1.0)
    breaker.note(Outcome.GOOD, 1.1)
    assert breaker.state is State.HALF_OPEN
    breaker.probed(1.2, generates=True)
    assert (breaker.state, breaker.fault) == (State.CLOSED, None)


def test_a_probe_in_vain_doubles_the_pause_up_to_the_longest() -> None:
    breaker = Breaker(RULES)
    breaker.silent(0)
    now, pauses = 0.0, []
    for _ in range(6):
        pauses.append(breaker.until - now)
        now = breaker.until
        assert breaker.try_again(now)
        breaker.probed(now, generates=False)
        assert breaker.fault is Fault.SILENT
    assert pauses == [1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize(("later_s", "pause_s"), [(5.0, 2.0), (60.0, 1.0)])
def test_one_that_fails_again_soon_rests_longer(later_s: float, pause_s: float) -> None:
    breaker = Breaker(RULES)
    breaker.silent(0)
    assert breaker.try_again(1)
    breaker.probed(1, generates=True)
    breaker.silent(1 + later_s)
    assert breaker.until - (1 + later_s) == pause_s


def test_probes_in_vain_count_as_failures_while_it_is_closed() -> None:
    breaker = Breaker(RULES)
    for now in range(3):
        assert breaker.state is State.CLOSED
        breaker.probed(now, generates=False)
    assert breaker.fault is Fault.FAILING


def test_each_change_is_told() -> None:
    told: list[float] = []
    breaker = Breaker(RULES, told.append)
    breaker.silent(1)
    breaker.try_again(3)
    breaker.probed(4, generates=True)
    assert told == [1, 3, 4]
