"""Releases played through without a model: how long a bad version lasts, and an equal one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from yanku.model.release import Guard, Tallies, Tally
from yanku.ports.releases import BLOCK
from yanku.serving.guards import Guards
from yanku.serving.slowness import Slowness


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a version does: shares of its requests, and a median time with its spread (the standard
    deviation of its logarithm).
    """

    failures: float = 0.0
    declines: float = 0.2
    withheld: float = 0.1
    uncited: float = 0.0
    median_s: float = 2.0
    spread: float = 0.5


def lasted(
    chance: random.Random,
    stable: Behaviour,
    candidate: Behaviour,
    *,
    weight: float,
    requests: int,
    guards: Guards,
    slower: float = 1.5,
    rehearsals: int = 0,
    load: Callable[[int], float] = lambda _tried: 1.0,
) -> tuple[int, Guard] | None:
    """Return after how many requests of the candidate it is rolled back, and why; None if it is not
    within ``requests``. Each request is judged at once, as a server does. With ``rehearsals`` both
    versions are rehearsed first; 0 requests mean that it did not pass. ``load`` is how many times
    longer both take after so many requests.
    """
    while guards.to_rehearse(rehearsals):
        guards = _rehearsed(chance, stable, candidate, guards, guards.beside(rehearsals))
        if breach := guards.breach(Tallies()):
            return 0, breach.guard
    firsts, wholes = Slowness(slower), Slowness(slower)
    both, tried, in_a_row = Tallies(), 0, 0
    while tried < requests:
        on_trial = chance.random() < weight
        behaviour = candidate if on_trial else stable
        behaviour = replace(behaviour, median_s=behaviour.median_s * load(tried))
        seen = _one(chance, behaviour, firsts, wholes, on_trial=on_trial)
        if not on_trial:
            both = replace(both, stable=both.stable + seen)
            continue
        tried += 1
        in_a_row = in_a_row + 1 if seen.failures else 0
        both = replace(both, candidate=both.candidate + seen)
        if in_a_row >= guards.in_a_row:
            return tried, Guard.IN_A_ROW
        if breach := guards.breach(both):
            return tried, breach.guard
        if both.candidate.requests >= BLOCK:
            both = Tallies(block=both.block + 1)
    return None


def _rehearsed(
    chance: random.Random, stable: Behaviour, candidate: Behaviour, guards: Guards, beside: int
) -> Guards:
    """Return the guards after one round, as ``Rehearsals`` does it."""

    def tally(behaviour: Behaviour, times: int) -> Tally:
        failures = sum(chance.random() < behaviour.failures for _ in range(times))
        return Tally(requests=times, failures=failures)

    before = guards.rehearsed
    after = Tallies(
        before.stable + tally(stable, 4 * beside), before.candidate + tally(candidate, 4)
    )
    return replace(guards, rehearsed=after)


def _one(
    chance: random.Random,
    behaviour: Behaviour,
    firsts: Slowness,
    wholes: Slowness,
    *,
    on_trial: bool,
) -> Tally:
    if chance.random() < behaviour.failures:
        return Tally(requests=1, failures=1)
    whole = behaviour.median_s * chance.lognormvariate(0, behaviour.spread)
    first = whole * chance.uniform(0.2, 0.4)
    slow_first = firsts.is_slow(first, on_trial=on_trial)
    slow_whole = wholes.is_slow(whole, on_trial=on_trial)
    if not on_trial:
        firsts.learn(first)
        wholes.learn(whole)
    return Tally(
        requests=1,
        firsts=slow_first is not None,
        slow_firsts=bool(slow_first),
        wholes=slow_whole is not None,
        slow_wholes=bool(slow_whole),
        judged=1,
        declined=chance.random() < behaviour.declines,
        uncited=chance.random() < behaviour.uncited,
        withheld=chance.random() < behaviour.withheld,
    )
