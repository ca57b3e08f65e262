"""A clock that stands still until told otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """The time (``ports.Clock``) as a test sets it."""

    def __init__(self, now: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self._now += by
