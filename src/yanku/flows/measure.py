"""The story of a measurement: a set's documents in, its questions asked, a score."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.flows.ask import Ask
from yanku.flows.ingest import Ingest
from yanku.flows.scoring import Question, Verdict, decimal_of, judge, normal
from yanku.model.amount import Amount, find_amounts
from yanku.model.answer import Answer, Citation, Grounded
from yanku.model.document import Block, Document, Table
from yanku.model.library import DocumentId
from yanku.model.people import Principal
from yanku.model.place import InSheet, OnPage, Place
from yanku.ports import Library


@dataclass(frozen=True, slots=True)
class Measured:
    """One question asked: the prediction as it is written to a file, and the verdict on it."""

    prediction: Mapping[str, Any]
    verdict: Verdict


class Measure:
    """Asks the questions of an evaluation set and judges the answers."""

    def __init__(self, *, ingest: Ingest, ask: Ask, library: Library) -> None:
        self._ingest = ingest
        self._ask = ask
        self._library = library
        self._parsed: dict[DocumentId, Document] = {}

    async def add(self, folder: Path, *, principal: Principal) -> AsyncIterator[str]:
        """Queue every file of the set's ``documents``; yield names. Safe to repeat."""
        for path in sorted((folder / "documents").iterdir()):
            if path.is_file():
                await self._ingest.add(path, path.name, owner=principal, source=str(path))
                yield path.name

    async def run(
        self, questions: Iterable[Question], *, principal: Principal
    ) -> AsyncIterator[Measured]:
        """Ask each question in turn and yield prediction and verdict."""
        for question in questions:
            started = perf_counter()
            done = await self._ask.answer(question.text, principal=principal)
            prediction = prediction_of(question.id, done.answer, perf_counter() - started)
            on_page = await self._on_cited_page(question, prediction, done.answer, principal)
            yield Measured(prediction, judge(question, prediction, on_page=on_page))

    async def _on_cited_page(
        self,
        question: Question,
        prediction: Mapping[str, Any],
        answer: Answer,
        principal: Principal,
    ) -> bool:
        """Tell whether the predicted value stands on a cited page, with the row it should have."""
        value = decimal_of(prediction.get("amount"))
        if value is None or not isinstance(answer, Grounded):
            return False
        rows = {normal(row) for _, _, row in question.evidence if row}
        for citation in answer.citations:
            document = await self._document(citation, principal)
            if document and _stands_on(value, rows, document, citation.place):
                return True
        return False

    async def _document(self, citation: Citation, principal: Principal) -> Document | None:
        if citation.document not in self._parsed:
            try:
                self._parsed[citation.document] = await self._library.parsed(
                    citation.document, scope=scope_of(principal)
                )
            except NotFound:
                return None
        return self._parsed[citation.document]


def _stands_on(value: Decimal, rows: set[str], document: Document, place: Place) -> bool:
    return any(
        (not rows or any(row in normal(text) for row in rows)) and value in values
        for block in document.body
        for text, values, where in _lines(block)
        if _same_page(where, place)
    )


def _lines(block: Block) -> list[tuple[str, Sequence[Decimal], Place]]:
    if not isinstance(block, Table):
        return [
            (block.text, [found.amount.value for found in find_amounts(block.text)], block.place)
        ]
    lines: list[tuple[str, Sequence[Decimal], Place]] = []
    for row in range(block.rows):
        cells = [cell for cell in block.cells if cell.row == row]
        if cells:
            text = "|".join(cell.text for cell in cells)
            lines.append((text, [c.amount.value for c in cells if c.amount], cells[0].place))
    return lines


def _same_page(a: Place, b: Place) -> bool:
    if isinstance(a, OnPage) and isinstance(b, OnPage):
        return a.page == b.page
    if isinstance(a, InSheet) and isinstance(b, InSheet):
        return a.sheet == b.sheet
    return type(a) is type(b)


def prediction_of(id_: str, answer: Answer, seconds: float) -> dict[str, Any]:
    """Return an answer as one line of a predictions file."""
    if not isinstance(answer, Grounded):
        return {
            "id": id_,
            "text": answer.message,
            "declined": True,
            "reason": answer.reason.value,
            "amount": None,
            "choice": None,
            "citations": [],
            "seconds": round(seconds, 3),
        }
    amount = answer.amount
    return {
        "id": id_,
        "text": answer.text,
        "declined": False,
        "reason": "",
        "amount": _amount(amount) if amount else None,
        "choice": answer.choice,
        "citations": [_cited(citation) for citation in answer.citations],
        "seconds": round(seconds, 3),
    }


def _amount(amount: Amount) -> dict[str, str]:
    """Return an amount for a scorer; a per-share value is given in its currency, which scorers
    accept for both ``CNY`` and ``CNY/share`` while the other way round they do not.
    """
    return {"value": f"{amount.value:f}", "unit": amount.unit.removesuffix("/share")}


def _cited(citation: Citation) -> dict[str, Any]:
    place = citation.place
    box = place.box if isinstance(place, OnPage) else None
    return {
        "file": citation.file,
        "page": place.page if isinstance(place, OnPage) else None,
        "box": [box.x0, box.y0, box.x1, box.y1] if box else None,
        "sheet": place.sheet if isinstance(place, InSheet) else None,
        "cell": place.cells if isinstance(place, InSheet) else None,
        "quote": citation.quote,
    }
