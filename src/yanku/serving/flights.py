"""Lets equal questions in flight be answered once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from yanku.model.kept import Kept


class Flight:
    """One question being answered; whoever else asks it waits for the outcome."""

    def __init__(self) -> None:
        self._landed = asyncio.Event()
        self._kept: Kept | None = None

    def land(self, kept: Kept) -> None:
        """Give the answer to those who wait."""
        self._kept = kept

    async def outcome(self) -> Kept | None:
        """Return the answer, or None if it was given up: then one of those who wait goes on."""
        await self._landed.wait()
        return self._kept

    def end(self) -> None:
        """Wake those who wait."""
        self._landed.set()


class Flights:
    """The questions being answered now, in one process and one event loop."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}

    def find(self, key: str) -> Flight | None:
        """Return the flight of a question, if it is being answered."""
        return self._flights.get(key)

    @contextmanager
    def lead(self, key: str) -> Iterator[Flight]:
        """Answer a question for all who ask it meanwhile; however this ends, they are woken."""
        flight = self._flights[key] = Flight()
        try:
            yield flight
        finally:
            del self._flights[key]
            flight.end()
