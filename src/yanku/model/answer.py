"""An answer: grounded in places, or declined with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from yanku.model.amount import Amount
from yanku.model.library import ChunkId, DocumentId
from yanku.model.place import Place


@dataclass(frozen=True, slots=True)
class Citation:
    """One source: ``number`` is the n of ``[n]``; ``quote`` is the line it points at.

    ``values`` are the amounts that stand at this place, as far as they are known; a number in a
    sentence that cites it is checked against them and against the quote.
    """

    number: int
    document: DocumentId
    file: str
    place: Place
    quote: str
    chunk: ChunkId | None = None
    values: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """One input of a calculation and the citation it comes from."""

    name: str
    amount: Amount
    citation: int


@dataclass(frozen=True, slots=True)
class Calculation:
    """A shown calculation: ``formula`` in words of the operands, and its exact result."""

    formula: str
    operands: tuple[Operand, ...]
    result: Amount


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of an answer's table, and the citations that carry it; empty where nothing is
    disclosed.
    """

    text: str
    amount: Amount | None = None
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Figures side by side: ``columns`` are headers, every row has as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...] = ()


class Reason(StrEnum):
    """Why an answer was declined."""

    NOT_FOUND = "not_found"
    """Nothing this person may read says it. Looks the same whether or not others may."""
    NOT_DISCLOSED = "not_disclosed"
    """Documents of that company and period are here, and do not give it."""
    AMBIGUOUS = "ambiguous"
    """Several companies or measures could be meant; the message asks which."""
    CONTRADICTORY = "contradictory"
    """Sources give different figures, and nothing says which is right."""
    DOUBTFUL = "doubtful"
    """The figure is there, and failed the checks it was put to."""
    INCOMPARABLE = "incomparable"
    """The figures are in different currencies or units."""
    SENSELESS = "senseless"
    """The calculation has no meaning for the figures there are."""
    UNSUPPORTED = "unsupported"
    """The model answered, and no sentence survived the check against its evidence."""
    OFF_TOPIC = "off_topic"
    """Advice, a prediction, or nothing that documents could answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that were asked, in full: what it came to, or why it was declined.

    ``amount`` and ``choice`` are as in an answer; with a ``reason`` there is a ``message`` instead.
    """

    asked: str
    amount: Amount | None = None
    choice: str | None = None
    reason: Reason | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Grounded:
    """An answer whose every number stands at a cited place or in a shown calculation.

    ``amount`` and ``choice`` are the answer in a form a program can use, if it has one.
    ``table`` holds the same figures as the sentences where there are several. ``assumptions`` are
    the defaults taken ("合并报表口径"); ``withheld`` counts sentences that
    were dropped because a number in them had no support. ``parts`` are those of a question that
    asks several things, and whatever of it is declined while the rest is answered.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    amount: Amount | None = None
    choice: str | None = None
    calculations: tuple[Calculation, ...] = ()
    assumptions: tuple[str, ...] = ()
    withheld: int = 0
    table: AnswerTable | None = None
    parts: tuple[Part, ...] = ()
    kind: Literal["grounded"] = "grounded"

    @property
    def text(self) -> str:
        """Return the sentences with their ``[n]`` marks."""
        return "".join(
            claim.text + "".join(f"[{n}]" for n in claim.citations) for claim in self.claims
        )


@dataclass(frozen=True, slots=True)
class Declined:
    """An honest no: the reason, a sentence for the reader, and the nearest evidence."""

    reason: Reason
    message: str
    nearest: tuple[Citation, ...] = ()
    kind: Literal["declined"] = "declined"


Answer = Grounded | Declined


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """Return every source an answer shows: those it rests on, or the nearest to a decline."""
    match answer:
        case Grounded():
            return answer.citations
        case Declined():
            return answer.nearest
