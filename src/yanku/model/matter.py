"""What a question for text is about, and what kind of answer it wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Asks(StrEnum):
    """What a sentence must give to answer."""

    REASON = "reason"
    RESPONSE = "response"
    """What is done about something."""
    WHETHER = "whether"
    LISTED = "listed"
    """Several things of a kind."""
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class Term:
    """One idea of a question: as it was ``said``, and every name a text may give it.

    A ``measure`` is a metric of the ontology. ``parts`` are shorter words of a word.
    """

    said: str
    names: frozenset[str]
    measure: bool = False
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """The terms of a question, and the kinds of answer it asks for.

    ``rising`` tells which way the question says something went: True up, False down, None neither.
    """

    terms: tuple[Term, ...] = ()
    asks: frozenset[Asks] = frozenset()
    rising: bool | None = None
