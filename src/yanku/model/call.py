"""On whose behalf a model is asked, how urgently, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Priority(IntEnum):
    """Who goes first; programs that ask in bulk say so and let people pass."""

    INTERACTIVE = 0
    BATCH = 1


@dataclass(frozen=True, slots=True)
class Call:
    """One request's own circumstances; the empty one is nobody's.

    ``group`` shares turns with other groups, and ``user`` within it. ``key`` is a digest of the API
    token, empty for a session. ``until`` is when the asker stops waiting, on the monotonic clock of
    this machine. ``release`` asks for a model version by name. ``whole`` tells that nothing is
    shown before the answer is complete, so that it may be begun anew without anybody noticing.
    ``again`` tells that a version on trial failed at it, ``shadow`` that nobody waits for it: it is
    asked of the version on trial to compare.
    """

    user: str = ""
    group: str = ""
    key: str = ""
    priority: Priority = Priority.INTERACTIVE
    until: float | None = None
    release: str = ""
    whole: bool = False
    again: bool = False
    shadow: bool = False


NOBODY = Call()
