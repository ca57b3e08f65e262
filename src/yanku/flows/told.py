"""An answer that is worked out and not yet released."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.model.answer import Answer, Declined
from yanku.model.library import DocumentId
from yanku.model.search import Hit


@dataclass(frozen=True, slots=True)
class Told:
    """An answer before its receipt: with the hits looked at, and the documents of its facts."""

    answer: Answer
    hits: tuple[Hit, ...] = ()
    documents: tuple[DocumentId, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered(Told):
    """The same of a decline."""

    answer: Declined
