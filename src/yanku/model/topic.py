"""Which section of a report answers a kind of question, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a section answers."""

    OPENING = "opening"
    """By how it begins: what a company does."""
    TITLES = "titles"
    """By the titles of its parts: one for each risk."""
    TELLING = "telling"
    """By the sentences in it that say what is asked."""
    MATTER = "matter"
    """By the sentences in it that speak of the question's own terms."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of question; ``headings`` (POSIX expressions) stand over what answers it, best first.

    ``tells`` are what a sentence that answers says, the surest first, ``denies`` what one says
    that answers no, ``skips`` what one says that only looks like it. ``most`` sentences are
    quoted. ``said`` are the stretches of the question, in the form of ``labels.plain``, that ask
    it.
    """

    name: str
    headings: tuple[str, ...]
    way: Way
    tells: tuple[re.Pattern[str], ...] = ()
    denies: re.Pattern[str] | None = None
    skips: re.Pattern[str] | None = None
    most: int = 2
    said: tuple[tuple[int, int], ...] = ()

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
