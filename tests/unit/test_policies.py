"""What a cache lets go, by each policy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.serving.policies import Lru, PolicyName, policy_named
from yanku.serving.sketch import Sketch
from yanku.testing.traces import bursts, desk, hit_rate, scans, zipf_with_drift

KEYS = st.integers(0, 30).map(str)


@pytest.mark.parametrize("name", PolicyName)
@given(steps=st.lists(st.tuples(KEYS, st.booleans()), max_size=300), capacity=st.integers(2, 12))
def test_no_policy_keeps_more_than_it_may_or_lets_go_what_it_has_not(
    name: PolicyName, steps: list[tuple[str, bool]], capacity: int
) -> None:
    policy, resident = policy_named(name, capacity), set[str]()
    for key, forgotten in steps:
        if forgotten:
            policy.drop(key)
            resident.discard(key)
            continue
        policy.seen(key)
        if key in resident:
            continue
        resident.add(key)
        gone = policy.admit(key)
        assert resident.issuperset(gone)
        resident.difference_update(gone)
        assert len(resident) <= capacity


@given(st.lists(KEYS, max_size=200), st.integers(1, 10))
def test_lru_keeps_exactly_the_last_that_were_asked_for(asked: list[str], capacity: int) -> None:
    policy, resident = Lru(capacity), set[str]()
    for key in asked:
        policy.seen(key)
        if key not in resident:
            resident.add(key)
            resident.difference_update(policy.admit(key))
    latest = list(dict.fromkeys(reversed(asked)))[:capacity]
    assert resident == set(latest)


def test_on_the_shape_of_the_desk_w_tinylfu_beats_lru_and_lfu_by_far() -> None:
    trace = list(desk(20_000, seed=11))
    rates = {name: hit_rate(trace, policy_named(name, 200)) for name in PolicyName}
    assert 0.42 < rates[PolicyName.LRU] < 0.48
    assert 0.58 < rates[PolicyName.LFU] < 0.65
    assert rates[PolicyName.W_TINYLFU] >= 0.68


@pytest.mark.parametrize("trace", [zipf_with_drift, bursts, scans])
def test_the_default_is_never_behind_lru_or_lfu_where_habits_change(trace: object) -> None:
    asked = list(trace(20_000, seed=5))  # type: ignore[operator]
    rates = {name: hit_rate(asked, policy_named(name, 200)) for name in PolicyName}
    best_old = max(rates[PolicyName.LRU], rates[PolicyName.LFU])
    assert rates[PolicyName.W_TINYLFU] > best_old - 0.02


def test_a_sketch_counts_what_it_saw_and_forgets_by_halves() -> None:
    sketch = Sketch(100)
    for _ in range(8):
        sketch.add("often")
    sketch.add("once")
    assert sketch.count("often") == 8
    assert sketch.count("once") >= 1
    assert sketch.count("never") < 8
    for number in range(1_000):
        sketch.add(str(number))
    assert sketch.count("often") < 8
