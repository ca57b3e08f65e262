"""Jobs and the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

Handler = Callable[[Mapping[str, str]], Awaitable[None]]


class Queue(Protocol):
    """Jobs that survive the death of whoever works on them."""

    async def work(self, handlers: Mapping[str, Handler], *, until_empty: bool = False) -> None:
        """Run jobs by kind until cancelled, or until none is left.

        Jobs of dead workers are taken up again. A handler must be safe to repeat. A handler that
        raises is tried again a few times, then the job is kept as failed.
        """
        ...

    async def put(self, kind: str, payload: Mapping[str, str], *, once: str = "") -> None:
        """Add a job; with ``once``, not if an equal one still waits."""
        ...

    async def waiting(self) -> int:
        """Return how many jobs wait or run."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present moment, with time zone."""
        ...
