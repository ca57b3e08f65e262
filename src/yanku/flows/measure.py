"""The story of a measurement: a set's documents in, its questions asked, a verdict on each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.finance.ontology import Ontology
from yanku.flows.ask import Ask, Done, Looking
from yanku.flows.find import Find
from yanku.flows.ingest import Ingest
from yanku.flows.inquest import Failure, Inquest
from yanku.flows.printed import stands_on
from yanku.flows.retrieval import Reach, reaches
from yanku.flows.scoring import Question, Verdict, decimal_of, judge, normal
from yanku.model.amount import Amount
from yanku.model.answer import Answer, Citation, Grounded
from yanku.model.document import Document
from yanku.model.inquiry import Inquiry
from yanku.model.library import DocumentId
from yanku.model.people import Principal
from yanku.model.place import InSheet, OnPage
from yanku.ports import FactBook, Library


@dataclass(frozen=True, slots=True)
class Measured:
    """One question asked: the prediction as it is written to a file, the verdict on it, and why
    it is not right.
    """

    prediction: Mapping[str, Any]
    verdict: Verdict
    failure: Failure | None = None


class Measure:
    """Asks the questions of an evaluation set and judges the answers."""

    def __init__(
        self,
        *,
        ingest: Ingest,
        ask: Ask,
        find: Find,
        library: Library,
        facts: FactBook,
        ontology: Ontology,
    ) -> None:
        self._ingest = ingest
        self._ask = ask
        self._find = find
        self._library = library
        self._parsed: dict[DocumentId, Document] = {}
        self._inquest = Inquest(find=find, library=library, facts=facts, ontology=ontology)

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
            inquiry, answer = await self._asked(question, principal)
            prediction = prediction_of(question.id, answer, perf_counter() - started)
            on_page = await self._on_cited_page(question, prediction, answer, principal)
            verdict = judge(question, prediction, on_page=on_page)
            failure = None
            if not verdict.right:
                failure = await self._inquest.cause(question, inquiry, answer, principal=principal)
            yield Measured(prediction, verdict, failure)

    async def _asked(self, question: Question, principal: Principal) -> tuple[Inquiry, Answer]:
        inquiry: Inquiry | None = None
        async with aclosing(self._ask.stream(question.text, principal=principal)) as events:
            async for event in events:
                if isinstance(event, Looking):
                    inquiry = event.inquiry
                elif isinstance(event, Done) and inquiry is not None:
                    return inquiry, event.answer
        raise AssertionError("a stream of events begins with Looking and ends with Done")

    def search(
        self, questions: Iterable[Question], *, principal: Principal
    ) -> AsyncIterator[Reach]:
        """Search for each question's evidence, and ask nothing."""
        return reaches(questions, self._find, principal=principal)

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
            if document and stands_on(value, rows, document, citation.place):
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
