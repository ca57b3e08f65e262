"""An answer that is kept to be given again, and what it was true of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from yanku.model.answer import Answer
from yanku.model.library import ChunkId, DocumentId
from yanku.model.receipt import ReceiptId


class Reuse(StrEnum):
    """Why an answer could be given again."""

    EXACT = "exact"
    """The same question, read the same way."""
    PLAN = "plan"
    """Other words, and the same company, measure, period and unit: the same typed plan."""
    EVIDENCE = "evidence"
    """The same question over the same passages, though the library changed elsewhere."""
    JOINED = "joined"
    """Asked while the same question was being answered."""


EditionMark = NewType("EditionMark", str)


@dataclass(frozen=True, slots=True)
class Edition:
    """The library as one person may see it, at one moment.

    ``readers`` are those of the person's reader keys that open anything; two people whose keys open
    the same documents by the same keys have equal ones. ``mark`` differs after every publication,
    deletion and change of readers that any of these keys can notice.
    """

    readers: tuple[str, ...]
    mark: EditionMark


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, the evidence of the receipt it was first given with, and its edition."""

    answer: Answer
    receipt: ReceiptId
    hits: tuple[ChunkId, ...]
    documents: tuple[DocumentId, ...]
    edition: EditionMark = EditionMark("")
