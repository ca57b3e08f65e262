# ruff: noqa: D102 - the name of a claim is its sentence
"""Meters in memory, and what all Meters must do.

class TestMine(MetersContract):
    @pytest.fixture
    def meters(self): ...
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from yanku.errors import DatabaseUnavailable, YankuError
from yanku.model.meter import Kind, Meter, Reading
from yanku.ports import Look, Meters


class MemoryMeters:
    """The meters (``ports.Meters``) for tests: ``seen`` has what each series shows.

    A histogram's series are lists of the values entered.
    """

    def __init__(self) -> None:
        self.seen: dict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
        self.entered: dict[tuple[str, tuple[str, ...]], list[float]] = defaultdict(list)
        self._looks: list[Look] = []

    def add(self, meter: Meter, *labels: str, by: float = 1) -> None:
        """Let a counter grow."""
        self.seen[meter.name, _fitting(meter, labels)] += by

    def set(self, meter: Meter, value: float, *labels: str) -> None:
        """Let a gauge show a value."""
        self.seen[meter.name, _fitting(meter, labels)] = value

    def observe(self, meter: Meter, value: float, *labels: str) -> None:
        """Enter a value into a histogram."""
        self.entered[meter.name, _fitting(meter, labels)].append(value)

    def watch(self, meters: Collection[Meter], look: Look) -> None:  # noqa: ARG002 - all it names
        """Have gauges and counters read whenever somebody looks."""
        self._looks.append(look)

    async def text(self) -> bytes:
        """Return a line for each series."""
        lines = [_line(name, labels, value) for (name, labels), value in self.seen.items()]
        for (name, labels), values in self.entered.items():
            lines.append(_line(f"{name}_count", labels, len(values)))
            lines.append(_line(f"{name}_sum", labels, sum(values)))
        for look in self._looks:
            try:
                lines += [_reading(reading) for reading in await look()]
            except YankuError:
                continue
        return "\n".join(lines).encode()


def _fitting(meter: Meter, labels: Iterable[str]) -> tuple[str, ...]:
    given = tuple(labels)
    if len(given) != len(meter.labels):
        raise ValueError(f"{meter.name} has the labels {meter.labels}, not {given}")
    return given


def _line(name: str, labels: tuple[str, ...], value: float) -> str:
    return f"{name}{{{','.join(labels)}}} {float(value)}"


def _reading(reading: Reading) -> str:
    return _line(reading.meter.name, _fitting(reading.meter, reading.labels), reading.value)


_COUNTER = Meter("a_counter", "things", Kind.COUNTER, ("kind",))
_GAUGE = Meter("a_gauge", "how much", Kind.GAUGE)
_HISTOGRAM = Meter("a_histogram_seconds", "how long", Kind.HISTOGRAM, (), (1, 10))
_STATE = Meter("a_state", "which", Kind.GAUGE, ("state",))


class MetersContract:
    """Claims about Meters. The fixture ``meters`` must be new for each."""

    async def test_a_counter_grows_by_label(self, meters: Meters) -> None:
        meters.add(_COUNTER, "x")
        meters.add(_COUNTER, "x", by=2)
        meters.add(_COUNTER, "y")
        assert await _values(meters, "a_counter") == [1.0, 3.0]

    async def test_a_gauge_shows_what_was_set_last(self, meters: Meters) -> None:
        meters.set(_GAUGE, 7)
        meters.set(_GAUGE, 3.5)
        assert await _values(meters, "a_gauge") == [3.5]

    async def test_a_histogram_counts_and_sums(self, meters: Meters) -> None:
        for value in (0.5, 2, 20):
            meters.observe(_HISTOGRAM, value)
        assert await _values(meters, "a_histogram_seconds_count") == [3.0]
        assert await _values(meters, "a_histogram_seconds_sum") == [22.5]

    async def test_a_watched_state_is_read_anew_and_what_it_no_longer_names_is_gone(
        self, meters: Meters
    ) -> None:
        states = ["open", "closed"]

        async def look() -> list[Reading]:
            return [Reading(_STATE, number, (state,)) for number, state in enumerate(states)]

        meters.watch([_STATE], look)
        assert await _values(meters, "a_state") == [0.0, 1.0]
        states.pop()
        assert await _values(meters, "a_state") == [0.0]

    async def test_what_cannot_be_read_hides_nothing_else(self, meters: Meters) -> None:
        async def look() -> list[Reading]:
            raise DatabaseUnavailable("gone")

        meters.watch([_STATE], look)
        meters.set(_GAUGE, 7)
        assert await _values(meters, "a_gauge") == [7.0]
        assert await _values(meters, "a_state") == []


async def _values(meters: Meters, series: str) -> list[float]:
    text = (await meters.text()).decode()
    found = re.findall(rf"^{series}(?:_total)?(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)
    return sorted(float(value) for value in found)
