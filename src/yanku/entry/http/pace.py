"""How fast a document is being read, from watching it."""

from __future__ import annotations

from collections import deque

_WINDOW_S = 30.0


class Pace:
    """Pages a second over the last half minute, and the time the rest will take."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, at_s: float, pages_done: int) -> None:
        """Note how many pages were done at a moment."""
        self._seen.append((at_s, pages_done))
        while self._seen[-1][0] - self._seen[0][0] > _WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()

    @property
    def pages_per_second(self) -> float | None:
        """Return the rate, or None while nothing has moved yet."""
        if len(self._seen) < 2:
            return None
        seconds = self._seen[-1][0] - self._seen[0][0]
        pages = self._seen[-1][1] - self._seen[0][1]
        return pages / seconds if seconds > 0 and pages > 0 else None

    def remaining_s(self, pages: int) -> float | None:
        """Return the seconds that the rest of ``pages`` will take, or None if unknown."""
        rate = self.pages_per_second
        return max(0, pages - self._seen[-1][1]) / rate if rate else None
