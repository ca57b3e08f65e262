"""Whether one replica of a model is to be used, judged by what became of its answers.

CLOSED ── failures in a row, a window of failed or slow answers, silence ──▶ OPEN ◀─────┐
│                                                                              │        │
│ it generates                                                the pause ends ──┤        │
│                                                                              ▼        │
◀──────────────────────────────── one probe ────────────────────────────── HALF_OPEN ───┘
                                                        it does not: twice the pause
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_REMEMBERED = 50


class State(StrEnum):
    """What a replica gets: requests, none, or one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Fault(StrEnum):
    """Why a replica gets no requests."""

    FAILING = "failing"
    SLOW = "slow"
    SILENT = "silent"


class Outcome(StrEnum):
    """What became of one answer."""

    GOOD = "good"
    SLOW = "slow"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When a breaker opens, and for how long.

    ``failures`` in a row open it, and so do, among at least ``calls`` of the last ``window_s``, a
    share of ``failed_share`` that failed or of ``slow_share`` that were slow. It stays open for
    ``pause_s``; every further time soon after, for twice as long, up to ``longest_pause_s``.
    """

    failures: int = 3
    calls: int = 10
    window_s: float = 30.0
    failed_share: float = 0.5
    slow_share: float = 0.8
    pause_s: float = 1.0
    longest_pause_s: float = 10.0


USUAL = BreakerRules()


class Breaker:
    """Closed, open or half open. Only a probe closes it again: ``now`` is of any one clock.

    What ends while it is open was begun before, and changes nothing. ``changed`` is called with the
    time of each change of state.
    """

    def __init__(
        self, rules: BreakerRules, changed: Callable[[float], None] = lambda _now: None
    ) -> None:
        self.state = State.CLOSED
        self.fault: Fault | None = None
        self.since: float | None = None
        """When it came into this state; None if it never was in another."""
        self.until = float("-inf")
        """When an open breaker may be tried."""
        self._rules = rules
        self._changed = changed
        self._recent: deque[tuple[float, Outcome]] = deque(maxlen=_REMEMBERED)
        self._in_row = self._in_vain = 0
        self._pause_s = 0.0

    def note(self, outcome: Outcome, now: float) -> None:
        """Learn what became of an answer."""
        if self.state is not State.CLOSED:
            return
        self._recent.append((now, outcome))
        self._in_row = self._in_row + 1 if outcome is Outcome.FAILED else 0
        if self._in_row >= self._rules.failures:
            self._open(Fault.FAILING, now)
        elif fault := self._fault_of_window(now):
            self._open(fault, now)

    def silent(self, now: float) -> None:
        """Learn that nothing came at all, of whatever was waited for."""
        self._open(Fault.SILENT, now)

    def try_again(self, now: float) -> bool:
        """Tell whether an open breaker's pause is over; then it is half open."""
        if self.state is not State.OPEN or now < self.until:
            return False
        self._become(State.HALF_OPEN, now)
        return True

    def probed(self, now: float, *, generates: bool) -> None:
        """Learn how a probe went that found the replica answering, rightly or wrongly."""
        # Counted apart: a short probe that goes well says little about answers that do not.
        self._in_vain = 0 if generates else self._in_vain + 1
        if self.state is State.CLOSED:
            if self._in_vain >= self._rules.failures:
                self._open(Fault.FAILING, now)
        elif not generates:
            self._open(self.fault or Fault.FAILING, now)
        elif self.state is State.HALF_OPEN:
            self.fault = None
            self._become(State.CLOSED, now)

    def _fault_of_window(self, now: float) -> Fault | None:
        recent = [seen for at, seen in self._recent if now - at <= self._rules.window_s]
        if len(recent) < self._rules.calls:
            return None
        if recent.count(Outcome.FAILED) >= self._rules.failed_share * len(recent):
            return Fault.FAILING
        if recent.count(Outcome.SLOW) >= self._rules.slow_share * len(recent):
            return Fault.SLOW
        return None

    def _open(self, fault: Fault, now: float) -> None:
        lately = self.since is not None and now - self.since < self._rules.window_s
        again = self.state is not State.CLOSED or lately
        longer = min(2 * self._pause_s, self._rules.longest_pause_s)
        self._pause_s = max(longer, self._rules.pause_s) if again else self._rules.pause_s
        self.fault = fault
        self.until = now + self._pause_s
        self._become(State.OPEN, now)

    def _become(self, state: State, now: float) -> None:
        self.state, self.since = state, now
        self._recent.clear()
        self._in_row = self._in_vain = 0
        self._changed(now)
