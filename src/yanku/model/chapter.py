"""A part of a report that answers a question as a whole, and what of it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """What of a section answers."""

    PROSE = "prose"
    """What it begins with."""
    ITEMS = "items"
    """The titles of its list, each with what follows it."""
    ROWS = "rows"
    """Lines of its tables, or else the sentences that say what is asked for."""
    SAYING = "saying"
    """The sentences that say what is asked for, or else lines of its tables."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What reports tell under a heading of its own; chapters.toml says what each part is for.

    ``headings`` match a whole (folded) heading without its number, the best first; ``rows`` the
    labels of rows, ``heads`` the headers of a table whose rows are all quoted and ``names`` that of
    the cell that names each. A row must speak of what it is ``about``, and is told with the last
    heading over it that ``titled`` matches. Prose begins where it ``says`` what is asked for, and
    ``prefers`` where it speaks of the company. ``otherwise`` is where else to look.
    """

    name: str
    shape: Shape
    headings: tuple[re.Pattern[str], ...] = ()
    says: re.Pattern[str] | None = None
    rows: re.Pattern[str] | None = None
    heads: re.Pattern[str] | None = None
    names: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None
    titled: re.Pattern[str] | None = None
    prefers: re.Pattern[str] | None = None
    otherwise: Chapter | None = None
    strict: bool = False
    by_others: bool = False
    dated: bool = False
