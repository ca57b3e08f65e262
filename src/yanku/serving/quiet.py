"""Lets work in the background wait while somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Quiet:
    """Counts who is asking; background work takes a turn when nobody is.

    ``patience_s`` is the longest a turn is waited for, so that work goes on, slowly, where people
    ask without a pause. It is for one process and one event loop.
    """

    def __init__(self, patience_s: float = 10.0) -> None:
        self._patience_s = patience_s
        self._asking = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Keep background work waiting as long as this is open."""
        self._asking += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._asking -= 1
            if not self._asking:
                self._nobody.set()

    async def turn(self) -> None:
        """Return when nobody asks, at the latest when patience ends; call before a small batch."""
        with suppress(TimeoutError):
            # Not wait_for, which may lose a cancellation that meets a result.
            async with asyncio.timeout(self._patience_s):
                await self._nobody.wait()
