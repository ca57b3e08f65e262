"""What answering a question is done with."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.answer.prompt import PROMPT
from yanku.chunk.cut import CHUNKER
from yanku.finance.ontology import Ontology
from yanku.flows.chapters import Chapters
from yanku.flows.find import Find, Part
from yanku.flows.matters import Matters
from yanku.flows.memory import Memory
from yanku.flows.quoting import Quoting
from yanku.flows.shadow import Shadows
from yanku.ports import Clock, FactBook, Ledger, Library, Model, Models
from yanku.retrieve.tokens import Tokens

_MARK = 12
"""Signs of a digest that tell one state of a file from another."""


@dataclass(frozen=True, slots=True)
class AskLimits:
    """How much evidence a model is shown, and how long it may answer, in tokens.

    ``plan_seconds`` is how long it may think about a question that rules leave open; 0 is not.
    """

    evidence_tokens: int = 480
    answer_tokens: int = 160
    plan_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Means:
    """The flows and ports that answers are worked out with, and the model of this call."""

    find: Find
    chapters: Chapters
    quoting: Quoting
    matters: Matters
    facts: FactBook
    library: Library
    ledger: Ledger
    models: Models
    model: Model
    tokens: Tokens
    ontology: Ontology
    clock: Clock
    limits: AskLimits
    memory: Memory
    version: str
    terms: str = ""
    without: frozenset[Part] = frozenset()
    shadows: Shadows | None = None

    def versions(self) -> tuple[tuple[str, str], ...]:
        """Return what a receipt says took part in an answer; own terms only where there are any."""
        own = (("terms", self.terms[:_MARK]),) if self.terms else ()
        return (
            ("yanku", self.version),
            ("model", f"{self.model.name} {self.model.version}"),
            ("prompt", PROMPT),
            ("chunker", CHUNKER),
            *own,
        )
