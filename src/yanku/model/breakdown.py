"""How a figure of a company divides into its segments, regions or products, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yanku.model.amount import Amount
from yanku.model.finance import Period
from yanku.model.place import Place


class Kind(StrEnum):
    """What the parts of a breakdown are."""

    SEGMENT = "segment"
    REGION = "region"
    PRODUCT = "product"


class Standing(StrEnum):
    """What a line of a breakdown is to the company."""

    RUN = "run"
    """A part of the business."""
    BESIDE = "beside"
    """What is left over, or not allotted to any part."""
    SET_OFF = "set_off"
    """What only takes out what other lines count twice."""


class Want(StrEnum):
    """What is asked of parts."""

    FIGURE = "figure"
    SHARE = "share"
    LARGEST = "largest"
    SMALLEST = "smallest"
    FASTEST = "fastest"
    SLOWEST = "slowest"
    GROWTH = "growth"
    EACH = "each"
    ABOVE = "above"
    """Those whose share of the whole is above a bound."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of parts: of which figure, what, and of parts of which kind.

    ``metrics`` are the ontology's, ``printed`` the words of a figure that only goes by what is
    printed. ``said`` are the words that name the figure, empty where none is named. ``words`` are
    the words of the ``text`` but companies, periods and kinds, in their order, and ``open`` those
    of them that nothing explains but the name of a part.
    """

    metrics: frozenset[str]
    printed: str
    said: str
    want: Want
    kind: Kind | None
    words: tuple[str, ...]
    open: frozenset[str]
    text: str
    bound: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown: its name, what is printed beside it, and what it is made of.

    ``row`` is the printed label of the row and ``column`` the header of the column.
    """

    name: str
    amount: Amount
    place: Place
    row: str = ""
    column: str = ""
    parts: tuple[Part, ...] = ()
    standing: Standing = Standing.RUN

    def every(self) -> Iterator[Part]:
        """Yield what it is made of, on every level, outer parts first."""
        for part in self.parts:
            yield part
            yield from part.every()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total whose parts add up to it, in one table, for one period.

    ``metrics`` are the company's own figures that the total is equal to; without any, the sum
    alone proves it and ``measure``, the printed name, says of what. ``kinds`` are what the parts
    are said to be, as far as the words around tell.
    """

    metrics: frozenset[str]
    measure: str
    period: Period
    total: Part
    kinds: frozenset[Kind] = frozenset()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts of the uppermost level."""
        return self.total.parts

    def named(self, name: str) -> Part | None:
        """Return the part of a name, on whatever level; None if there is none, or several."""
        found = [part for part in self.total.every() if part.name == name]
        return found[0] if len({part.amount for part in found}) == 1 else None

    def of(self, names: Sequence[str]) -> tuple[Part, ...]:
        """Return the parts of some names, in their order; those that are not there are left out."""
        found = [self.named(name) for name in names]
        return tuple(part for part in found if part is not None)

    @property
    def values(self) -> frozenset[tuple[str, Amount]]:
        """Return what it says, wherever it is printed."""
        return frozenset((part.name, part.amount) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Picked:
    """The division that answers a question: the parts it names, and the period before.

    ``names`` is empty where all parts are asked for. ``before`` is the same division of the other
    period asked for, or of the year before; None if that is not there. ``notes`` are the defaults
    taken.
    """

    asked: Asked
    now: Breakdown
    names: tuple[str, ...] = ()
    before: Breakdown | None = None
    notes: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts asked for."""
        return self.now.of(self.names) if self.names else self.now.parts


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what is owed on the last day of a ``period`` falls due: a part for each year, named by
    it, and one for what comes after.
    """

    period: Period
    parts: tuple[Part, ...]
