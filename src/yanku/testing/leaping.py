"""An event loop whose clock leaps to the next thing that is waited for."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_MOMENT_S = 1e-6


class _Leaper(selectors.SelectSelector):
    """Looks at the sockets without waiting, and notes how long it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing is going to happen")
        # Each turn takes a moment, as it does: else a wait of less than that would never end.
        self.now += max(timeout, _MOMENT_S)
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """Hours pass in no time; a wait that would never end is an error. For what needs no sockets."""

    def __init__(self) -> None:
        self._leaper = _Leaper()
        super().__init__(self._leaper)

    def time(self) -> float:
        """Return the seconds that would have passed."""
        return self._leaper.now


def run_leaping(story: Coroutine[Any, Any, T]) -> T:
    """Run a story on a clock of its own."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(story)
