"""What is known about releases of model versions, one truth for all servers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from yanku.model.release import Bucket, ReleaseState, ShadowPair, Tallies, Turn


class ReleaseBook(Protocol):
    """The state of releases, their history, and what was counted."""

    async def state(self) -> ReleaseState:
        """Return the state after the last turn; the first is empty."""
        ...

    async def turn(self, turn: Turn) -> None:
        """Add a turn, whose state's number is one more than the last; raise Conflict if it is not.

        Two who turn at once do not both succeed.
        """
        ...

    async def history(self, limit: int = 100) -> Sequence[Turn]:
        """Return the turns, newest first."""
        ...

    async def count(self, state: ReleaseState, seen: Tallies, at: datetime) -> Tallies:
        """Add what was seen and return the sums over all servers since the last turn.

        A stretch ends where its candidate has had ``BLOCK`` requests: then the next one begins, and
        earlier ones count no more. Every stretch of a release has its number.
        """
        ...

    async def totals(self, release: str) -> Tallies:
        """Return the sums over a whole release; ``block`` is its last."""
        ...

    async def series(self, release: str, step: timedelta, limit: int = 120) -> Sequence[Bucket]:
        """Return the last steps of a release in which something was counted, oldest first."""
        ...

    async def keep_pair(self, pair: ShadowPair) -> None:
        """Keep how two versions answered one question."""
        ...

    async def pairs(self, release: str, limit: int = 2000) -> Sequence[ShadowPair]:
        """Return a release's pairs, newest first."""
        ...

    async def forget(self, before: datetime, kept: Collection[str]) -> int:
        """Forget counts and pairs from before that moment, except of releases that are ``kept``.

        Turns are never forgotten. Returns how many rows went.
        """
        ...


BLOCK = 500
"""Requests of a candidate after which its guards begin anew, so that it cannot live on its past."""
