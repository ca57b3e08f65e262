"""What an invented document says: figures in their rows and columns, facts, lines in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from yanku.model.amount import Amount
from yanku.model.finance import Consolidation


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of a table: in the row ``label``, under every text of ``heads``.

    ``groups`` are the heading rows that govern its row, the outermost first.
    """

    label: str
    heads: tuple[str, ...]
    amount: Amount
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrueFact:
    """A figure the product must know as a fact of the company; ``start`` None is a balance.

    ``scope`` and ``restated`` are compared where the document says them.
    """

    metric: str
    end: date
    amount: Amount
    start: date | None = None
    scope: Consolidation | None = None
    restated: bool | None = None


@dataclass(slots=True)
class Laid:
    """A document, the figures and facts in it, and lines that follow one another when read.

    ``never`` are figures that stand in it and may never become facts: forecasts, other people's.
    ``complete`` tells that ``facts`` are all there are: any other one read is false.
    """

    path: Path
    said: list[Said] = field(default_factory=list)
    facts: list[TrueFact] = field(default_factory=list)
    never: list[TrueFact] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    company: str = ""
    complete: bool = False
