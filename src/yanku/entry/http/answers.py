"""Answers and searches as the HTTP interface shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from yanku.entry.http.links import source_path
from yanku.entry.http.wire import PlaceOut, ProfileOut
from yanku.flows.ask import Done, Looking, Sentence
from yanku.flows.find import Search
from yanku.model.amount import Amount
from yanku.model.answer import (
    Answer,
    AnswerTable,
    Calculation,
    Citation,
    Claim,
    Declined,
    Grounded,
)
from yanku.model.search import Hit


class AmountOut(BaseModel):
    """An exact number in base units (元, not 万元)."""

    value: str = Field(examples=["1250000000"])
    unit: str = Field(examples=["CNY"])

    @classmethod
    def of(cls, amount: Amount) -> Self:
        """Return an amount as it is shown."""
        return cls(value=format(amount.value, "f"), unit=amount.unit)


class CitationOut(BaseModel):
    """One source; ``number`` is the n of ``[n]``, ``url`` opens it in the console."""

    number: int
    document: str
    file: str
    place: PlaceOut
    quote: str
    url: str

    @classmethod
    def of(cls, citation: Citation, base: str) -> Self:
        """Return a citation as it is shown to who reached the server at ``base``."""
        return cls(
            number=citation.number,
            document=citation.document,
            file=citation.file,
            place=PlaceOut.of(citation.place),
            quote=citation.quote,
            url=base + source_path(citation.document, citation.place),
        )


class ClaimOut(BaseModel):
    """One sentence and the citations that carry it."""

    text: str
    citations: list[int]

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Return a sentence as it is shown."""
        return cls(text=claim.text, citations=list(claim.citations))


class OperandOut(BaseModel):
    """One input of a calculation."""

    name: str
    amount: AmountOut
    citation: int


class CalculationOut(BaseModel):
    """A calculation that can be done again by hand."""

    formula: str
    operands: list[OperandOut]
    result: AmountOut

    @classmethod
    def of(cls, shown: Calculation) -> Self:
        """Return a calculation as it is shown."""
        return cls(
            formula=shown.formula,
            operands=[
                OperandOut(name=one.name, amount=AmountOut.of(one.amount), citation=one.citation)
                for one in shown.operands
            ],
            result=AmountOut.of(shown.result),
        )


class TableCellOut(BaseModel):
    """One cell of a table, and the citations that carry it."""

    text: str
    amount: AmountOut | None
    citations: list[int]


class TableOut(BaseModel):
    """Figures side by side; every row has as many cells as there are columns."""

    columns: list[str]
    rows: list[list[TableCellOut]]

    @classmethod
    def of(cls, table: AnswerTable) -> Self:
        """Return a table as it is shown."""
        return cls(
            columns=list(table.columns),
            rows=[
                [
                    TableCellOut(
                        text=cell.text,
                        amount=AmountOut.of(cell.amount) if cell.amount else None,
                        citations=list(cell.citations),
                    )
                    for cell in row
                ]
                for row in table.rows
            ],
        )


class PartOut(BaseModel):
    """One of several things that were asked; with a reason, it was declined."""

    asked: str
    amount: AmountOut | None
    choice: str | None
    reason: str | None
    message: str


class GroundedOut(BaseModel):
    """An answer whose every number stands at a cited place or in a shown calculation."""

    kind: Literal["grounded"] = "grounded"
    text: str = Field(description="the sentences with their [n] marks")
    claims: list[ClaimOut]
    citations: list[CitationOut]
    amount: AmountOut | None
    choice: str | None
    calculations: list[CalculationOut]
    assumptions: list[str]
    withheld: int = Field(description="sentences dropped because a number had no support")
    table: TableOut | None = Field(description="the same figures side by side, if several")
    parts: list[PartOut] = Field(description="what was asked, one by one, if several things were")

    @classmethod
    def of(cls, answer: Grounded, base: str) -> Self:
        """Return an answer as it is shown to who reached the server at ``base``."""
        return cls(
            text=answer.text,
            claims=[ClaimOut.of(claim) for claim in answer.claims],
            citations=[CitationOut.of(citation, base) for citation in answer.citations],
            amount=AmountOut.of(answer.amount) if answer.amount else None,
            choice=answer.choice,
            calculations=[CalculationOut.of(shown) for shown in answer.calculations],
            assumptions=list(answer.assumptions),
            withheld=answer.withheld,
            table=TableOut.of(answer.table) if answer.table else None,
            parts=[
                PartOut(
                    asked=part.asked,
                    amount=AmountOut.of(part.amount) if part.amount else None,
                    choice=part.choice,
                    reason=part.reason.value if part.reason else None,
                    message=part.message,
                )
                for part in answer.parts
            ],
        )


class DeclinedOut(BaseModel):
    """An honest no, with the nearest evidence there is."""

    kind: Literal["declined"] = "declined"
    reason: Literal[
        "not_found",
        "not_disclosed",
        "ambiguous",
        "contradictory",
        "doubtful",
        "incomparable",
        "senseless",
        "unsupported",
        "off_topic",
    ]
    message: str
    nearest: list[CitationOut]

    @classmethod
    def of(cls, answer: Declined, base: str) -> Self:
        """Return a decline as it is shown to who reached the server at ``base``."""
        return cls(
            reason=answer.reason.value,
            message=answer.message,
            nearest=[CitationOut.of(citation, base) for citation in answer.nearest],
        )


AnswerOut = Annotated[GroundedOut | DeclinedOut, Field(discriminator="kind")]


def answer_out(answer: Answer, base: str) -> GroundedOut | DeclinedOut:
    """Return an answer of either kind as it is shown to who reached the server at ``base``."""
    match answer:
        case Grounded():
            return GroundedOut.of(answer, base)
        case Declined():
            return DeclinedOut.of(answer, base)


class LookingOut(BaseModel):
    """How the question was understood, before there is an answer."""

    task: str
    companies: list[str]
    metrics: list[str]
    assumptions: list[str]

    @classmethod
    def of(cls, event: Looking) -> Self:
        """Return what is being looked for."""
        inquiry = event.inquiry
        return cls(
            task=inquiry.task.value,
            companies=[company.name for company in inquiry.companies],
            metrics=list(inquiry.metrics),
            assumptions=list(inquiry.assumptions),
        )


class SentenceOut(BaseModel):
    """One checked sentence, and the citations known so far."""

    claim: ClaimOut
    citations: list[CitationOut]

    @classmethod
    def of(cls, event: Sentence, base: str) -> Self:
        """Return a sentence as it is shown to who reached the server at ``base``."""
        return cls(
            claim=ClaimOut.of(event.claim),
            citations=[CitationOut.of(citation, base) for citation in event.citations],
        )


class DoneOut(BaseModel):
    """The whole answer, in place of all sentences before, and the receipt it left."""

    receipt: str
    latency_ms: int
    answer: AnswerOut
    reuse: str | None = Field(
        default=None,
        description="why it is given again: exact, plan, evidence or joined; null if it is new",
    )

    @classmethod
    def of(cls, event: Done, base: str) -> Self:
        """Return an answer as it is shown to who reached the server at ``base``."""
        return cls(
            receipt=event.receipt,
            latency_ms=event.latency_ms,
            answer=answer_out(event.answer, base),
            reuse=event.reuse.value if event.reuse else None,
        )


class HitOut(BaseModel):
    """A passage that was found, and its rank on each channel that found it."""

    document: str
    file: str
    profile: ProfileOut
    context: str
    text: str
    place: PlaceOut
    url: str
    score: float
    ranks: Mapping[str, int] = Field(examples=[{"words": 1, "vectors": 4}])

    @classmethod
    def of(cls, hit: Hit, base: str) -> Self:
        """Return a hit as it is shown to who reached the server at ``base``."""
        return cls(
            document=hit.chunk.document,
            file=hit.file,
            profile=ProfileOut.of(hit.profile),
            context=hit.chunk.context,
            text=hit.chunk.text,
            place=PlaceOut.of(hit.chunk.place),
            url=base + source_path(hit.chunk.document, hit.chunk.place),
            score=hit.score,
            ranks={channel.value: rank for channel, rank in hit.ranks.items()},
        )


class SearchOut(BaseModel):
    """What was found, best first, and the hard conditions that the question set."""

    companies: list[str]
    years: list[int]
    hits: list[HitOut]

    @classmethod
    def of(cls, search: Search, base: str) -> Self:
        """Return a search as it is shown to who reached the server at ``base``."""
        return cls(
            companies=sorted(search.filter.companies),
            years=sorted(search.filter.years),
            hits=[HitOut.of(hit, base) for hit in search.hits],
        )
