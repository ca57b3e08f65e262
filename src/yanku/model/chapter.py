"""A part of a report that answers a kind of question, where it stands, and what of it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from yanku.model.matter import Asks


class Way(StrEnum):
    """How a part of a report of a fixed form answers."""

    OPENING = "opening"
    """By how it begins: what a company does."""
    TITLES = "titles"
    """By the titles of its parts: one for each risk."""
    TELLING = "telling"
    """By the sentences in it that say what is asked."""
    MATTER = "matter"
    """By the sentences in it that say why the question's own measure moved."""


@dataclass(frozen=True, slots=True)
class FixedPart:
    """Where a chapter stands in reports whose form is fixed, as a 10-K's is.

    ``headings`` (POSIX expressions) stand over what answers, best first. ``tells`` are what a
    sentence that answers says, the surest first, ``denies`` what one says that answers no,
    ``skips`` what one says that only looks like it. ``most`` sentences are quoted; ``short`` lets a
    short line be one, as a signature is.
    """

    headings: tuple[str, ...]
    way: Way
    tells: tuple[re.Pattern[str], ...] = ()
    denies: re.Pattern[str] | None = None
    skips: re.Pattern[str] | None = None
    most: int = 2
    short: bool = False

    @property
    def heading(self) -> str:
        """Return one expression for all of its headings."""
        return "|".join(self.headings)

    def rank(self, titles: tuple[str, ...]) -> int | None:
        """Return how good the best of some headings, in lower case, is (0 is best); None: none."""
        for number, heading in enumerate(self.headings):
            if any(re.match(heading, title) for title in titles):
                return number
        return None


class Shape(StrEnum):
    """What of a part of a freely worded report answers."""

    PROSE = "prose"
    """What it begins with."""
    ITEMS = "items"
    """The titles of its list, each with what follows it."""
    ROWS = "rows"
    """Lines of its tables, or else the sentences that say what is asked for."""
    SAYING = "saying"
    """The sentences that say what is asked for, or else lines of its tables."""
    LEADS = "leads"
    """What its paragraphs begin with: the claims of a broker's note."""


@dataclass(frozen=True, slots=True)
class FreePart:
    """Where a chapter stands in reports that word their headings freely.

    ``headings`` match a whole (folded) heading without its number, the best first; ``rows`` the
    labels of rows, ``heads`` the headers of a table whose rows are all quoted and ``names`` that of
    the cell that names each. A row must speak of what it is ``about``, and is told with the last
    heading over it that ``titled`` matches. Prose begins where it ``says`` what is asked for, and
    ``prefers`` where it speaks of the company. A heading counts only where one that ``within``
    matches stands over it.
    """

    headings: tuple[re.Pattern[str], ...]
    shape: Shape
    says: re.Pattern[str] | None = None
    rows: re.Pattern[str] | None = None
    heads: re.Pattern[str] | None = None
    names: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None
    titled: re.Pattern[str] | None = None
    prefers: re.Pattern[str] | None = None
    within: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A kind of question that a part of a report answers; chapters.toml says how.

    ``free`` are looked through in their order. What answers a ``strict`` one from elsewhere must
    say what it is about; one ``by_others`` is written by brokers; of one ``dated`` what is quoted
    names the years asked for. ``also`` are kinds of answers that it gives beside a part as a whole,
    such as whether there is any. ``said`` are the stretches of the question, in the form of
    ``labels.plain``, that ask for it.
    """

    name: str
    fixed: FixedPart | None = None
    free: tuple[FreePart, ...] = ()
    strict: bool = False
    by_others: bool = False
    dated: bool = False
    also: frozenset[Asks] = frozenset()
    said: tuple[tuple[int, int], ...] = ()
