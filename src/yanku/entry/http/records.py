"""Receipts, and answers given again, as the HTTP interface shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from yanku.entry.http.answers import AnswerOut, DoneOut, answer_out
from yanku.flows.replay import Replayed
from yanku.model.receipt import Receipt


class ReceiptOut(BaseModel):
    """The record of one answer; ``answer`` is null if the server stopped before it was given."""

    id: str
    at: datetime
    question: str
    reading: str = Field(description="the question in full, if it leaned on the one before")
    held: datetime | None = Field(description="only what the library held then counted")
    public_by: date | None = Field(description="only what was public by then counted")
    readers: list[str]
    hits: list[str]
    documents: list[str]
    versions: Mapping[str, str]
    answer: AnswerOut | None
    latency_ms: int | None

    @classmethod
    def of(cls, receipt: Receipt, base: str) -> Self:
        """Return a receipt as it is shown to who reached the server at ``base``."""
        return cls(
            id=receipt.id,
            at=receipt.at,
            question=receipt.question,
            reading=receipt.reading,
            held=receipt.as_of.held,
            public_by=receipt.as_of.public,
            readers=sorted(receipt.readers),
            hits=list(receipt.hits),
            documents=list(receipt.documents),
            versions=dict(receipt.versions),
            answer=answer_out(receipt.answer, base) if receipt.answer else None,
            latency_ms=receipt.latency_ms,
        )


class ReceiptsOut(BaseModel):
    """One's own receipts, newest first; ``next`` is where to go on, null at the end."""

    items: list[ReceiptOut]
    next: str | None


class SourceOut(BaseModel):
    """A document that an answer cited, and what became of it since."""

    document: str
    file: str
    state: Literal["live", "replaced", "gone"]


class DifferenceOut(BaseModel):
    """One thing that was so when the answer was given, and is so when it is given again."""

    aspect: Literal["kind", "amount", "choice", "table", "words", "sources", "version"]
    then: str
    now: str


class ReplayOut(BaseModel):
    """An earlier answer given again; another version of a part alone is still ``same``."""

    verdict: Literal["same", "source_gone", "different"]
    sources: list[SourceOut]
    differences: list[DifferenceOut]
    again: DoneOut

    @classmethod
    def of(cls, replayed: Replayed, base: str) -> Self:
        """Return a replay as it is shown to who reached the server at ``base``."""
        return cls(
            verdict=replayed.verdict.value,
            sources=[
                SourceOut(document=one.document, file=one.file, state=one.state.value)
                for one in replayed.sources
            ],
            differences=[
                DifferenceOut(aspect=one.aspect.value, then=one.then, now=one.now)
                for one in replayed.differences
            ],
            again=DoneOut.of(replayed.again, base),
        )
