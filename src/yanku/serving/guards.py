"""Tells whether a version on trial does worse than the stable one, however often it is asked.

Each guard weighs two stories about the same counts: that both versions share one rate, and that
the candidate has a rate of its own. The second story's chance is its mean over beta priors, the
first's the best that any shared rate could give (universal inference: Wasserman, Ramdas and
Balakrishnan 2020; with a mixture: Robbins 1970):

    odds = P(stable's hits) · P(candidate's hits) / max over rates of P(hits of both together)

While the versions are alike, whatever their rate, the chance that the odds ever exceed 1/a is at
most a (Ville 1939): looking after every request costs nothing. Stretch i of a release may spend the
share 6/(π²i²) of that, so that the sum over all stretches stays within it.

Where the stable version has a record from before the release, no shared rate above what the record
allows is tried (Berger and Boos 1994); the chance that the record misleads is added to a. Nor is
one above what an engine in service may fail, unless the stable version does so now: else nothing
could be said of a version that serves everybody.

What both did when they were rehearsed, before anybody was served, has odds of its own. They
multiply those of what people saw, in half of a mixture; the other half leaves them out:

    odds of failures = odds now · (1 + odds of the rehearsal) / 2

so a version that only fails on people's questions gains a factor of two at most from a clean
rehearsal, and one that failed then needs little more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi

from yanku.model.release import Breach, Count, Guard, GuardView, Level, Tallies

_WARNING = log(10)
_NONE = Count(0, 0)
_NOTHING = Tallies()
_LONGEST = 20_000
"""Requests of a record that are believed; what was long ago says little."""
_MISLED = 0.0005
"""Chance that a record's upper bound is below the true rate."""
_LONGER = 3
"""So many times as many rehearsals are made of a version that did worse in them."""
_BESIDE = 4
"""Rehearsals of the stable version to one of the candidate's, where it has no long record."""
_LONG_RECORD = 5
"""A record is long if it has so many times as many requests as there are rehearsals."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is thought of a rate beforehand: as if ``hits`` and ``misses`` had been seen."""

    hits: float
    misses: float

    def log_chance(self, seen: Count) -> float:
        """Return the log of the probability of exactly these hits, in their order."""
        return _log_beta(self.hits + seen.hits, self.misses + seen.of - seen.hits) - _log_beta(
            self.hits, self.misses
        )


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


@dataclass(frozen=True, slots=True)
class Rule:
    """One guard: it acts on a rate that is higher by ``margin`` at least.

    ``false_alarm`` is the greatest probability, over the whole of a release, of ending one whose
    candidate is like the stable version. ``usual`` and ``worse`` are where the rates of a healthy
    and of a bad version are looked for; wrong ones cost time, not truth. No version in service has
    a rate above ``most``.
    """

    guard: Guard
    usual: Prior
    worse: Prior
    margin: float
    false_alarm: float
    most: float = 1.0


RULES = (
    Rule(Guard.FAILURES, Prior(0.5, 200), Prior(2, 60), 0.005, 0.005, most=0.05),
    # A fifth of the stable version's times are slow, by their definition, and one like it has
    # fewer, since it may take longer.
    Rule(Guard.FIRST_TOKEN, Prior(4, 16), Prior(2, 2), 0.1, 0.0008, most=0.22),
    Rule(Guard.WHOLE_ANSWER, Prior(4, 16), Prior(2, 2), 0.1, 0.0008, most=0.22),
    Rule(Guard.DECLINES, Prior(1, 2), Prior(1, 1), 0.1, 0.0008),
    Rule(Guard.UNCITED, Prior(0.5, 10), Prior(1, 2), 0.05, 0.0008),
    Rule(Guard.WITHHELD, Prior(0.5, 3), Prior(1, 1), 0.1, 0.0008),
)
"""False alarms add up to less than 1 %."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What ends a release: odds, once the candidate had ``least`` requests, or, at once, failures
    ``in_a_row``. ``record`` is how often the stable version failed before, ``rehearsed`` what both
    did before people were served.
    """

    rules: tuple[Rule, ...] = RULES
    least: int = 20
    in_a_row: int = 5
    record: Count = _NONE
    rehearsed: Tallies = _NOTHING

    def view(self, both: Tallies) -> Sequence[GuardView]:
        """Return how each guard stands."""
        return [self._one(rule, both) for rule in self.rules]

    def breach(self, both: Tallies) -> Breach | None:
        """Return why the release should end, if it should: the guard that is surest."""
        broken = [view for view in self.view(both) if view.level is Level.BREACHED]
        if not broken:
            return None
        worst = max(broken, key=lambda view: view.odds / view.limit)
        return Breach(worst.guard, worst.candidate, worst.stable, worst.odds)

    def to_rehearse(self, usual: int) -> int:
        """Return how many rehearsals a candidate still needs, of ``usual`` if it does well."""
        candidate, stable = self._rehearsed()
        in_doubt = candidate.rate - stable.rate >= self._failures.margin
        return max(0, usual * (_LONGER if in_doubt else 1) - candidate.of)

    def beside(self, usual: int) -> int:
        """Return how many rehearsals the stable version needs to one of the candidate."""
        return 1 if self.record.of >= _LONG_RECORD * usual else _BESIDE

    def _one(self, rule: Rule, both: Tallies) -> GuardView:
        candidate, stable = both.candidate.of(rule.guard), both.stable.of(rule.guard)
        limit = limit_of(rule, both.block)
        record = self.record if rule.guard is Guard.FAILURES else _NONE
        odds = log_odds(rule, candidate, stable, record)
        worse_by = candidate.rate - stable.rate
        if rule.guard is Guard.FAILURES:
            tried, beside = self._rehearsed()
            odds += _half(log_odds(rule, tried, beside, record)) if tried.of else 0.0
            candidate, stable = _both(candidate, tried), _both(stable, beside)
            worse_by = max(worse_by, candidate.rate - stable.rate)
        level = Level.FINE
        if candidate.of < self.least:
            level = Level.WAITING
        elif worse_by >= rule.margin:
            if odds >= log(limit):
                level = Level.BREACHED
            elif odds >= _WARNING:
                level = Level.WARNING
        return GuardView(rule.guard, level, candidate, stable, exp(min(odds, 700.0)), limit)

    def _rehearsed(self) -> tuple[Count, Count]:
        seen = self.rehearsed
        return seen.candidate.of(Guard.FAILURES), seen.stable.of(Guard.FAILURES)

    @property
    def _failures(self) -> Rule:
        return next(rule for rule in self.rules if rule.guard is Guard.FAILURES)


def held_to(most: float, rules: tuple[Rule, ...] = RULES) -> tuple[Rule, ...]:
    """Return rules by which no version in service fails more often than ``most``."""
    return tuple(
        replace(rule, most=most) if rule.guard is Guard.FAILURES else rule for rule in rules
    )


def limit_of(rule: Rule, block: int) -> float:
    """Return the odds at which a rule acts in a release's ``block``-th stretch."""
    return (pi * block) ** 2 / (6 * rule.false_alarm)


def log_odds(rule: Rule, candidate: Count, stable: Count, record: Count = _NONE) -> float:
    """Return the log of the odds that the candidate has a rate of its own."""
    known = _shortened(record)
    usual = Prior(rule.usual.hits + known.hits, rule.usual.misses + known.of - known.hits)
    together = _both(candidate, stable)
    apart = usual.log_chance(stable) + rule.worse.log_chance(candidate)
    most = min(ceiling(known), rule.most)
    # Neither a record nor a rule can vouch for a stable version that does worse now.
    return apart - _best(together, max(most, stable.rate))


@lru_cache(64)
def ceiling(record: Count) -> float:
    """Return the highest rate that a record allows, but for a chance of ``_MISLED``.

    It is Chernoff's bound: the rate r for which n · KL(seen ‖ r) = log(1/chance).
    """
    if not record.of:
        return 1.0
    low, high = record.rate, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if record.of * _divergence(record.rate, middle) < -log(_MISLED):
            low = middle
        else:
            high = middle
    return high


def _divergence(p: float, q: float) -> float:
    parts = ((p, q), (1 - p, 1 - q))
    return sum(a * log(a / b) if b else inf for a, b in parts if a)


def _best(seen: Count, most: float) -> float:
    """Return the log of the greatest chance that any rate up to ``most`` gives to the hits."""
    rate = min(seen.rate, most)
    missed = seen.of - seen.hits
    hit = seen.hits * log(rate) if seen.hits and rate else 0.0
    return hit + (missed * log(1 - rate) if missed and rate < 1 else 0.0)


def _shortened(record: Count) -> Count:
    if record.of <= _LONGEST:
        return record
    # Rounded up, so that a rare failure is not forgotten.
    return Count(-(-record.hits * _LONGEST // record.of), _LONGEST)


def _both(one: Count, other: Count) -> Count:
    return Count(one.hits + other.hits, one.of + other.of)


def _half(log_of: float) -> float:
    """Return the log of the mean of 1 and what the argument is the log of."""
    return max(log_of, 0.0) + log1p(exp(-abs(log_of))) - log(2)
