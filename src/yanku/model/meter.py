"""Something that is counted or watched: its name, what it tells, and its labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a meter behaves over time, in Prometheus's words."""

    COUNTER = "counter"
    """Only grows, until the process starts anew."""
    GAUGE = "gauge"
    """Goes up and down."""
    HISTOGRAM = "histogram"
    """How often a value fell under each of several bounds."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter. ``name`` ends in its base unit; a counter's has no ``_total`` here.

    A label has few values, and never a person, a document, a question or a path.
    """

    name: str
    about: str
    kind: Kind
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    @property
    def exposed(self) -> frozenset[str]:
        """Return the names of its series, as Prometheus reads them."""
        match self.kind:
            case Kind.COUNTER:
                return frozenset({f"{self.name}_total"})
            case Kind.GAUGE:
                return frozenset({self.name})
            case Kind.HISTOGRAM:
                return frozenset(f"{self.name}_{end}" for end in ("bucket", "sum", "count"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter shows now; ``labels`` are the values in the order of the meter's own."""

    meter: Meter
    value: float
    labels: tuple[str, ...] = ()
