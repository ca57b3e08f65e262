"""The machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The time (``ports.Clock``), in UTC."""

    def now(self) -> datetime:
        """Return the present moment, with time zone."""
        return datetime.now(UTC)
