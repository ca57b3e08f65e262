"""What a question for text is about, and what kind of answer it wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Asks(StrEnum):
    """What a sentence must give to answer."""

    REASON = "reason"
    RESPONSE = "response"
    """What is done about something."""
    WHETHER = "whether"
    LISTED = "listed"
    """Several things of a kind."""
    WHEN = "when"
    WHAT = "what"
    """What something is or does."""
    SUMMARY = "summary"
    """Several things in few words: no sentence of a document gives that."""
    METHOD = "method"
    """How something is measured or accounted for."""


@dataclass(frozen=True, slots=True)
class Term:
    """One idea of a question: as it was ``said``, and every name a text may give it.

    A ``measure`` is a metric of the ontology; a ``kind`` says which kind of thing is asked for
    ("哪个部门") and need not stand beside the answer. ``parts`` are shorter words of a word. It
    stands at ``start`` to ``end`` of the question.
    """

    said: str
    names: frozenset[str]
    measure: bool = False
    parts: frozenset[str] = frozenset()
    start: int = 0
    end: int = 0
    kind: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """The terms of a question, and the kinds of answer it asks for.

    ``rising`` tells which way the question says something went: True up, False down, None neither.
    ``question`` is the question itself, in lower case.
    """

    terms: tuple[Term, ...] = ()
    asks: frozenset[Asks] = frozenset()
    rising: bool | None = None
    question: str = ""

    @property
    def phrases(self) -> tuple[tuple[Term, Term], ...]:
        """Return the terms that follow one another: together they mean one thing."""
        order = sorted(self.terms, key=lambda term: term.start)
        return tuple((a, b) for a, b in pairwise(order) if 0 <= b.start - a.end <= 1)
