"""Facts, receipts, and answers kept to be given again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from yanku.model.answer import Answer
from yanku.model.finance import Company, Fact, Profile
from yanku.model.kept import EditionMark, Kept
from yanku.model.library import DocumentId, Entry
from yanku.model.people import Scope
from yanku.model.receipt import Receipt, ReceiptId


@dataclass(frozen=True, slots=True)
class FactQuery:
    """Which facts are wanted; an empty condition is no condition. Dates are period ends."""

    companies: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    period_ends: frozenset[date] = frozenset()
    consolidation: str = ""
    document: DocumentId | None = None


class FactBook(Protocol):
    """Facts in PostgreSQL, always within a scope, which also says as of when."""

    async def companies(self, *, scope: Scope) -> Sequence[Company]:
        """Return the companies that readable LIVE documents speak of, with all their names."""
        ...

    async def facts(self, query: FactQuery, *, scope: Scope) -> Sequence[tuple[Fact, Entry]]:
        """Return readable facts, those of the latest published documents first."""
        ...

    async def profiles(self, *, scope: Scope) -> Sequence[tuple[DocumentId, Profile]]:
        """Return what each readable LIVE document says about itself."""
        ...


class Ledger(Protocol):
    """Receipts."""

    async def open(self, receipt: Receipt) -> None:
        """Write a receipt before anything of the answer leaves; durable when this returns."""
        ...

    async def close(self, receipt: ReceiptId, answer: Answer, latency_ms: int) -> bool:
        """Complete a receipt, and in the same transaction see that every document the answer
        cites is still LIVE (or was, as of the receipt's day) and readable by the receipt's reader;
        False, and nothing written, if one is not.
        """
        ...

    async def repeat(self, receipt: Receipt, *, of: ReceiptId, edition: EditionMark) -> bool:
        """Write a complete receipt for an answer given before, under ``of``.

        In the same transaction, see that the library's edition for the receipt's reader is still
        this one, and that all the answer cites, documents and chunks, is LIVE and readable; False,
        and nothing written, if not.
        """
        ...

    async def receipt(self, id: ReceiptId, *, scope: Scope) -> Receipt:
        """Return one's own receipt; raise NotFound otherwise."""
        ...

    async def receipts(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Receipt], str]:
        """Return one's own receipts, newest first, and a cursor."""
        ...


class Answers(Protocol):
    """Answers kept to be given again. It may forget any of them at any time."""

    async def kept(self, key: str, edition: EditionMark) -> Kept | None:
        """Return the answer kept under a key, if it is of this edition."""
        ...

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep an answer in place of what the key held."""
        ...

    async def drop(self, documents: Collection[DocumentId]) -> None:
        """Forget every answer that rests on one of these documents."""
        ...

    async def size(self) -> int:
        """Return how many answers are kept."""
        ...
