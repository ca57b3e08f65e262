"""Releases of model versions: which one serves, which is tried on how many, how both do."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from yanku.model.receipt import ReceiptId


class Guard(StrEnum):
    """What a version on trial is held to; all are shares of its requests or answers."""

    FAILURES = "failures"
    FIRST_TOKEN = "first_token"  # noqa: S105 - the first word of an answer
    """Began later than the slowest fifth of the stable version's answers."""
    WHOLE_ANSWER = "whole_answer"
    """Ended later than the slowest fifth of the stable version's answers."""
    DECLINES = "declines"
    UNCITED = "uncited"
    """Answers with a sentence that cites nothing."""
    WITHHELD = "withheld"
    """Answers of which a sentence was withheld, its numbers having no support."""
    IN_A_ROW = "in_a_row"
    """Failures one after another; the one rule that compares nothing."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of ``of`` were ``hits``."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """Return the share, 0 of nothing."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What one version did in a period. Times are sums in milliseconds."""

    requests: int = 0
    failures: int = 0
    firsts: int = 0
    slow_firsts: int = 0
    wholes: int = 0
    slow_wholes: int = 0
    judged: int = 0
    declined: int = 0
    uncited: int = 0
    withheld: int = 0
    began: int = 0
    first_ms: int = 0
    ended: int = 0
    whole_ms: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))

    def of(self, guard: Guard) -> Count:
        """Return the count that a guard looks at."""
        match guard:
            case Guard.FAILURES | Guard.IN_A_ROW:
                return Count(self.failures, self.requests)
            case Guard.FIRST_TOKEN:
                return Count(self.slow_firsts, self.firsts)
            case Guard.WHOLE_ANSWER:
                return Count(self.slow_wholes, self.wholes)
            case Guard.DECLINES:
                return Count(self.declined, self.judged)
            case Guard.UNCITED:
                return Count(self.uncited, self.judged)
            case Guard.WITHHELD:
                return Count(self.withheld, self.judged)


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Tallies:
    """Both versions in one stretch of a release, which is its ``block``-th, counted from 1."""

    stable: Tally = NOTHING
    candidate: Tally = NOTHING
    block: int = 1


@dataclass(frozen=True, slots=True)
class Bucket:
    """Both versions within one step of a chart."""

    at: datetime
    stable: Tally
    candidate: Tally


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """Which version serves and which is tried; ``number`` grows with every change.

    ``weight`` and ``shadow`` are shares from 0 to 1: of the users who are answered by the
    candidate, and of the questions that it is asked behind their back. An empty ``stable`` is the
    version the settings name first, an empty ``candidate`` is none; ``release`` names this trial.
    """

    number: int = 0
    stable: str = ""
    candidate: str = ""
    previous: str = ""
    weight: float = 0.0
    shadow: float = 0.0
    release: str = ""

    @property
    def running(self) -> bool:
        """Tell whether a version is being tried."""
        return bool(self.candidate)


class Act(StrEnum):
    """What was done with a release."""

    STARTED = "started"
    WEIGHED = "weighed"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a guard ended a release: what it saw of both, and the odds that it is not chance."""

    guard: Guard
    candidate: Count
    stable: Count
    odds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry of the history, with the state after it; ``who`` is empty where a guard acted."""

    at: datetime
    act: Act
    candidate: str
    after: ReleaseState
    who: str = ""
    why: str = ""
    breach: Breach | None = None


class Level(StrEnum):
    """How a guard stands."""

    WAITING = "waiting"
    """There is too little to tell yet."""
    FINE = "fine"
    WARNING = "warning"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class GuardView:
    """One guard as it stands: what it saw of both versions; it acts at ``limit`` odds."""

    guard: Guard
    level: Level
    candidate: Count
    stable: Count
    odds: float
    limit: float


@dataclass(frozen=True, slots=True)
class Side:
    """One version's answer to a question that both were asked."""

    declined: bool
    cited: bool
    withheld: int
    first_ms: int
    whole_ms: int


@dataclass(frozen=True, slots=True)
class ShadowPair:
    """How two versions answered one question over the same evidence; it holds no text.

    ``failure`` is the code of the error the candidate ended in, else empty, and then ``candidate``
    is set. ``receipt`` is that of the stable version's answer.
    """

    release: str
    receipt: ReceiptId
    at: datetime
    stable: Side
    candidate: Side | None
    same_numbers: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ShadowSum:
    """Pairs of answers in sum; times are medians in milliseconds, of pairs that both answered."""

    pairs: int = 0
    failed: int = 0
    same_numbers: int = 0
    only_stable_declined: int = 0
    only_candidate_declined: int = 0
    only_stable_cited: int = 0
    only_candidate_cited: int = 0
    more_withheld: int = 0
    stable_ms: int = 0
    candidate_ms: int = 0
