"""Meters that Prometheus reads (``ports.Meters``), through its own client library."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from yanku.errors import YankuError
from yanku.model.meter import Kind, Meter, Reading
from yanku.model.meters import ALL, UNREAD
from yanku.ports import Look

_log = logging.getLogger("yanku.meters")


class PrometheusMeters:
    """Meters in a registry of their own; every known one is shown from the start.

    Safe to use from several threads.
    """

    def __init__(self, known: Iterable[Meter] = ALL) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each series
        self._known = tuple(known)
        self._registry = CollectorRegistry()
        self._made: dict[str, Counter | Gauge | Histogram] = {}
        self._looks: list[tuple[tuple[Meter, ...], Look]] = []
        self._watched = _Watched()
        self._registry.register(self._watched)
        ProcessCollector(registry=self._registry)

    def add(self, meter: Meter, *labels: str, by: float = 1) -> None:
        """Let a counter grow."""
        made = self._instrument(meter)
        if not isinstance(made, Counter):
            raise TypeError(f"{meter.name} is no counter")
        (made.labels(*labels) if labels else made).inc(by)

    def set(self, meter: Meter, value: float, *labels: str) -> None:
        """Let a gauge show a value."""
        made = self._instrument(meter)
        if not isinstance(made, Gauge):
            raise TypeError(f"{meter.name} is no gauge")
        (made.labels(*labels) if labels else made).set(value)

    def observe(self, meter: Meter, value: float, *labels: str) -> None:
        """Enter a value into a histogram."""
        made = self._instrument(meter)
        if not isinstance(made, Histogram):
            raise TypeError(f"{meter.name} is no histogram")
        (made.labels(*labels) if labels else made).observe(value)

    def watch(self, meters: Collection[Meter], look: Look) -> None:
        """Have these gauges and counters read whenever somebody looks."""
        for meter in meters:
            if meter.kind is Kind.HISTOGRAM or meter.name in self._made:
                raise TypeError(f"{meter.name} cannot be watched")
        self._looks.append((tuple(meters), look))

    async def text(self) -> bytes:
        """Return everything in the text format that Prometheus reads."""
        watched = {meter.name for meters, _ in self._looks for meter in meters}
        for meter in self._known:
            if meter.name not in watched:
                self._instrument(meter)
        self._watched.seen = [
            reading for _, look in self._looks for reading in await self._at(look)
        ]
        return generate_latest(self._registry)

    async def _at(self, look: Look) -> list[Reading]:
        try:
            return list(await look())
        except YankuError as error:  # The other meters are wanted most when something is down.
            _log.warning("some meters cannot be read: %s", error)
            self.add(UNREAD, error.code)
            return []

    def _instrument(self, meter: Meter) -> Counter | Gauge | Histogram:
        made = self._made.get(meter.name)
        if made is None:
            made = self._made.setdefault(meter.name, self._make(meter))
        return made

    def _make(self, meter: Meter) -> Counter | Gauge | Histogram:
        match meter.kind:
            case Kind.COUNTER:
                return Counter(meter.name, meter.about, meter.labels, registry=self._registry)
            case Kind.GAUGE:
                return Gauge(meter.name, meter.about, meter.labels, registry=self._registry)
            case Kind.HISTOGRAM:
                return Histogram(
                    meter.name,
                    meter.about,
                    meter.labels,
                    registry=self._registry,
                    buckets=meter.bounds,
                )


class _Watched(Collector):
    """Shows the last readings; a series that is not among them any more is not shown."""

    def __init__(self) -> None:
        self.seen: list[Reading] = []

    def collect(self) -> Iterator[Metric]:
        """Yield the readings, meter by meter."""
        ordered = sorted(self.seen, key=lambda reading: reading.meter.name)
        for _, group in groupby(ordered, key=lambda reading: reading.meter.name):
            readings = list(group)
            meter = readings[0].meter
            kind = CounterMetricFamily if meter.kind is Kind.COUNTER else GaugeMetricFamily
            family = kind(meter.name, meter.about, labels=meter.labels)
            for reading in readings:
                family.add_metric(list(reading.labels), reading.value)
            yield family
