"""Where what happens is counted, for whoever watches the product."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Protocol

from yanku.model.meter import Meter, Reading

Look = Callable[[], Awaitable[Iterable[Reading]]]
"""Returns what some meters show now."""


class Meters(Protocol):
    """Counts, measures and watches. Labels are given in the order of the meter's own."""

    def add(self, meter: Meter, *labels: str, by: float = 1) -> None:
        """Let a counter grow."""
        ...

    def set(self, meter: Meter, value: float, *labels: str) -> None:
        """Let a gauge show a value."""
        ...

    def observe(self, meter: Meter, value: float, *labels: str) -> None:
        """Enter a value into a histogram."""
        ...

    def watch(self, meters: Collection[Meter], look: Look) -> None:
        """Have these gauges and counters read from ``look`` whenever somebody looks; what it no
        longer names is gone. Where it raises a YankuError, these are left out.
        """
        ...

    async def text(self) -> bytes:
        """Return everything in the text format that Prometheus reads."""
        ...
