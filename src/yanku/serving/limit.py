"""Finds how many answers at once an engine should write, by watching how many it finishes."""

from __future__ import annotations

_SAME = 0.03
"""Rates closer than this count as equal: then fewer at once is better, each waits less."""


class BestLimit:
    """Climbs towards the number in flight at which most answers a second are finished.

    It learns only while requests wait: an engine that is not asked for more shows nothing. With
    ``least`` equal to ``most`` the number is fixed.
    """

    def __init__(self, start: int, least: int, most: int, *, shortest_s: float = 1.0) -> None:
        self.value = min(max(start, least), most)
        self._least, self._most = least, most
        self._shortest_s = shortest_s
        self._up = True
        self._last_rate = 0.0
        self._finished = 0
        self._since: float | None = None

    def finished(self, now: float, *, others_wait: bool) -> None:
        """Note an answer that ended, and whether requests were waiting then."""
        if not others_wait:
            self._since = None
            return
        if self._since is None:
            self._since, self._finished = now, 0
            return
        self._finished += 1
        elapsed = now - self._since
        if self._finished >= max(8, 2 * self.value) and elapsed >= self._shortest_s:
            self._step(self._finished / elapsed)
            self._since, self._finished = now, 0

    def _step(self, rate: float) -> None:
        if rate < self._last_rate * (1 - _SAME):
            self._up = not self._up
        elif rate <= self._last_rate * (1 + _SAME):
            self._up = False
        self._last_rate = rate
        stride = max(1, self.value // 4)
        wanted = self.value + (stride if self._up else -stride)
        self.value = min(max(wanted, self._least), self._most)
        if self.value == self._least:
            self._up = True
