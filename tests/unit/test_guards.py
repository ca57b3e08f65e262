"""A version that is worse goes soon, one that is alike stays, and both are told apart soundly."""

from __future__ import annotations

import random
from dataclasses import replace
from math import exp

import pytest

from yanku.model.release import Count, Guard, Level, Tallies, Tally
from yanku.serving.guards import RULES, Guards, ceiling, held_to, limit_of, log_odds
from yanku.serving.slowness import Slowness
from yanku.testing.trials import Behaviour, lasted

FAILURES = RULES[0]
CLEAN = Count(0, 20_000)


def test_the_chances_of_a_false_alarm_add_up_to_less_than_one_percent() -> None:
    blocks = sum(1 / limit_of(rule, block)
                 for rule in RULES for block in range(1, 2000))  # fmt: skip
    assert blocks <= 0.0095


@pytest.mark.parametrize("rate", [0.001, 0.02, 0.3])
def test_odds_are_an_even_bet_at_most_whatever_rate_both_share(rate: float) -> None:
    chance = random.Random(11)
    for rule in RULES:
        if rule.guard in {Guard.FIRST_TOKEN, Guard.WHOLE_ANSWER} and rate > rule.most:
            continue  # Slow is what a fifth of the times is.
        odds = []
        for _ in range(3000):
            tried, stable = (sum(chance.random() < rate for _ in range(n)) for n in (20, 30))
            odds.append(exp(log_odds(rule, Count(tried, 20), Count(stable, 30))))
        assert sum(odds) / len(odds) < 1.1


@pytest.mark.parametrize(
    "both",
    [Behaviour(), Behaviour(failures=0.01, uncited=0.05), Behaviour(declines=0.5, spread=1.0)],
    ids=["usual", "failing", "varying"],
)
def test_an_equal_version_stays_for_ten_thousand_requests(both: Behaviour) -> None:
    chance = random.Random(5)
    for _ in range(4):
        assert lasted(chance, both, both, weight=0.5, requests=10_000, guards=Guards()) is None


@pytest.mark.slow
def test_fewer_than_one_in_a_hundred_equal_versions_is_rolled_back() -> None:
    chance, both = random.Random(6), Behaviour(failures=0.002)
    outcomes = [
        lasted(chance, both, both, weight=0.5, requests=10_000, guards=Guards(), rehearsals=300)
        for _ in range(300)
    ]
    assert sum(outcome is not None for outcome in outcomes) < 3


@pytest.mark.parametrize("weight", [0.05, 0.5])
def test_three_times_the_latency_is_noticed_within_two_hundred_requests(weight: float) -> None:
    chance, slow = random.Random(7), Behaviour(median_s=6.0)
    for _ in range(20):
        outcome = lasted(chance, Behaviour(), slow, weight=weight, requests=200, guards=Guards())
        assert outcome is not None
        assert outcome[1] in {Guard.FIRST_TOKEN, Guard.WHOLE_ANSWER}


@pytest.mark.parametrize("spread", [0.5, 1.0])
@pytest.mark.parametrize("weight", [0.05, 0.5])
def test_what_slows_both_versions_down_is_nobody_s_fault(weight: float, spread: float) -> None:
    chance, both = random.Random(12), Behaviour(spread=spread)

    def rush(tried: int) -> float:
        return 4.0 if tried // 40 % 2 else 1.0

    for _ in range(20):
        assert (
            lasted(chance, both, both, weight=weight, requests=300, guards=Guards(), load=rush)
            is None
        )


@pytest.mark.parametrize("weight", [0.05, 0.5])
@pytest.mark.parametrize("record", [CLEAN, Count(0, 0)], ids=["clean", "none"])
def test_two_percent_of_errors_go_back_within_sixty_requests_of_people(
    weight: float, record: Count
) -> None:
    chance, failing = random.Random(8), Behaviour(failures=0.02)
    outcomes = [
        lasted(
            chance,
            Behaviour(),
            failing,
            weight=weight,
            requests=60,
            guards=Guards(record=record),
            rehearsals=300,
        )
        for _ in range(60)
    ]
    assert sum(outcome is not None for outcome in outcomes) >= 55


@pytest.mark.parametrize("failures", [0.0, 0.002, 0.02])
def test_versions_alike_pass_rehearsals_alike(failures: float) -> None:
    chance, both = random.Random(9), Behaviour(failures=failures)
    for record in (Count(0, 0), Count(round(20_000 * failures), 20_000)):
        for _ in range(60):
            lasting = lasted(
                chance,
                both,
                both,
                weight=0.5,
                requests=60,
                guards=Guards(record=record),
                rehearsals=300,
            )
            assert lasting is None


def test_a_clean_rehearsal_hides_no_failures_of_people() -> None:
    passed = Tallies(Tally(requests=1200), Tally(requests=300))
    both = Tallies(Tally(requests=400), Tally(requests=60, failures=6))
    strict = Guards(record=CLEAN)
    assert strict.breach(both) is not None
    assert replace(strict, rehearsed=passed).breach(both) is not None


def test_a_rehearsal_that_failed_needs_little_more() -> None:
    failed = Tallies(Tally(requests=1200), Tally(requests=300, failures=3))
    guards = Guards(record=CLEAN, rehearsed=failed)
    one = Tallies(Tally(requests=400), Tally(requests=30, failures=1))
    assert guards.breach(one) is not None
    assert Guards(record=CLEAN).breach(one) is None


def test_a_version_in_doubt_is_rehearsed_for_longer() -> None:
    well = Tallies(Tally(requests=1200), Tally(requests=300))
    doubtful = Tallies(Tally(requests=1200), Tally(requests=300, failures=3))
    assert Guards().to_rehearse(300) == 300
    assert Guards(rehearsed=well).to_rehearse(300) == 0
    assert Guards(rehearsed=doubtful).to_rehearse(300) == 600
    assert Guards().to_rehearse(0) == 0
    assert (Guards().beside(300), Guards(record=CLEAN).beside(300)) == (4, 1)


def test_a_stricter_house_believes_no_version_in_service_to_fail_as_often() -> None:
    seen = Tallies(candidate=Tally(requests=60, failures=4))
    assert Guards().breach(seen) is None
    assert Guards(held_to(0.001)).breach(seen) is not None
    # But never against a stable version that fails as often now.
    both = replace(seen, stable=Tally(requests=60, failures=4))
    assert Guards(held_to(0.001)).breach(both) is None


def test_an_outage_of_both_versions_is_nobodys_fault() -> None:
    both = Tallies(Tally(requests=95, failures=60), Tally(requests=30, failures=20))
    assert Guards(record=CLEAN).breach(both) is None


def test_a_version_that_serves_everybody_is_judged_by_itself() -> None:
    breach = Guards().breach(Tallies(candidate=Tally(requests=40, failures=16)))
    assert breach is not None
    assert breach.guard is Guard.FAILURES
    assert Guards().breach(Tallies(candidate=Tally(requests=60, failures=1))) is None


def test_before_enough_requests_nothing_is_said() -> None:
    both = Tallies(Tally(judged=300), Tally(judged=19, declined=19))
    guards = Guards(least=20)
    assert guards.breach(both) is None
    assert {view.level for view in guards.view(both)} == {Level.WAITING}
    breach = guards.breach(Tallies(both.stable, Tally(judged=20, declined=20)))
    assert breach is not None
    assert breach.guard is Guard.DECLINES


def test_a_difference_too_small_to_matter_is_let_be() -> None:
    many = Tallies(Tally(judged=40_000, declined=8_000), Tally(judged=40_000, declined=9_600))
    assert Guards().breach(many) is None


def test_a_warning_comes_before_a_breach() -> None:
    levels = []
    for declined in range(21):
        both = Tallies(Tally(judged=60, declined=12), Tally(judged=20, declined=declined))
        levels.append(next(v.level for v in Guards().view(both) if v.guard is Guard.DECLINES))
    seen = [level for at, level in enumerate(levels) if at == 0 or levels[at - 1] is not level]
    assert seen == [Level.FINE, Level.WARNING, Level.BREACHED]


def test_later_stretches_need_better_odds() -> None:
    assert limit_of(FAILURES, 2) == pytest.approx(4 * limit_of(FAILURES, 1))


def test_a_clean_record_of_the_stable_version_makes_failures_weigh_more() -> None:
    seen = Count(2, 60), Count(0, 60)
    assert log_odds(FAILURES, *seen, CLEAN) > log_odds(FAILURES, *seen) + 2
    assert ceiling(Count(0, 0)) == 1
    assert 0.0002 < ceiling(CLEAN) < 0.0005
    assert ceiling(Count(20, 20_000)) > 0.001


def test_slow_is_what_is_later_than_four_fifths_of_the_stable_versions_times() -> None:
    slowness = Slowness(1.5)
    for hundredths in range(19):
        slowness.learn(hundredths / 100)
    assert slowness.is_slow(9.0, on_trial=False) is None
    slowness.learn(0.19)
    assert slowness.is_slow(0.17, on_trial=False)
    assert not slowness.is_slow(0.17, on_trial=True)
    assert slowness.is_slow(0.27, on_trial=True)
    for _ in range(200):
        slowness.learn(5.0)
    assert not slowness.is_slow(1.0, on_trial=False)
