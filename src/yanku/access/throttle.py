"""A limit on guessing passwords."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanku.errors import Overloaded


@dataclass(frozen=True, slots=True)
class Limits:
    """How many failures a window takes: of one name from one address, of one address in all.

    None of one name from anywhere: that would let anybody lock anybody out. ``keys`` bounds the
    memory; the oldest are forgotten.
    """

    window: timedelta = timedelta(minutes=15)
    pair: int = 5
    address: int = 50
    keys: int = 20_000


@dataclass(slots=True)
class _Count:
    since: datetime
    failures: int = 0


class Throttle:
    """Counts failed sign-ins. A state, not a service: the caller gives it the time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def check(self, name: str, address: str, now: datetime) -> None:
        """Raise Overloaded, with when to come back, if there were too many failures."""
        waits = [
            count.since + self._limits.window - now
            for key, limit in self._keys(name, address)
            if (count := self._current(key, now)) is not None and count.failures >= limit
        ]
        if waits:
            seconds = max(waits).total_seconds()
            raise Overloaded(
                f"Too many failed sign-ins; try again in {max(1, round(seconds / 60))} min.",
                retry_after_s=seconds,
            )

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Count a failure."""
        for key, _ in self._keys(name, address):
            count = self._current(key, now) or _Count(now)
            count.failures += 1
            self._counts[key] = count
            self._counts.move_to_end(key)
        while len(self._counts) > self._limits.keys:
            self._counts.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address, and one of the address."""
        (pair, _), (whole, _) = self._keys(name, address)
        self._counts.pop(pair, None)
        if whole in self._counts:
            self._counts[whole].failures -= 1

    def _keys(self, name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        name = name.casefold()[:256]
        return (
            ((address, "name " + name), self._limits.pair),
            ((address, ""), self._limits.address),
        )

    def _current(self, key: tuple[str, str], now: datetime) -> _Count | None:
        count = self._counts.get(key)
        return count if count is not None and now - count.since < self._limits.window else None
