"""What counts as slow: later than four fifths of what the stable version did lately."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

_LATELY = 200
_LEAST = 20
_UNNOTICED_S = 0.02


class Slowness:
    """Learns usual times, and tells which are longer than most; one that is ``ratio`` times longer
    is borne of a version on trial.

    Each time is held against those before it only, so that versions alike are slow alike.
    """

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self._times: deque[float] = deque()
        self._sorted: list[float] = []

    def learn(self, seconds: float) -> None:
        """Take in a time of the stable version."""
        self._times.append(seconds)
        insort(self._sorted, seconds)
        if len(self._times) > _LATELY:
            del self._sorted[bisect_left(self._sorted, self._times.popleft())]

    def is_slow(self, seconds: float, *, on_trial: bool) -> bool | None:
        """Tell whether a time is slow; None while too little is known."""
        if len(self._sorted) < _LEAST:
            return None
        limit = self._sorted[len(self._sorted) * 4 // 5]
        return seconds > (limit * self._ratio + _UNNOTICED_S if on_trial else limit)
