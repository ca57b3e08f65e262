"""Finds out why an answer is not right, from what was read, known, understood and found.

printed? ─no→ parse      known? ─no→ fact      understood? ─no→ understanding
found? ─no→ retrieval    right operands, wrong result? → calculation    else → wording
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.finance.measures import base_of
from yanku.finance.names import known_as
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import year_before
from yanku.flows.find import Find
from yanku.flows.printed import lines_of
from yanku.flows.retrieval import CANDIDATES, TOP, pages_of
from yanku.flows.scoring import Question, normal
from yanku.model.answer import Answer, Declined, Grounded
from yanku.model.document import Document
from yanku.model.finance import Fact
from yanku.model.inquiry import Inquiry, Task
from yanku.model.library import Entry
from yanku.model.people import Principal, Scope
from yanku.model.place import page_number
from yanku.ports import FactBook, FactQuery, Library

_FIGURES = frozenset({"number", "choice"})


class Cause(StrEnum):
    """Where on the way from bytes to an answer it went wrong: the first thing that did."""

    PARSE = "parse"
    """The document was not read, or the row does not stand with its figure on its page."""
    FACT = "fact"
    """The figure was read and is no fact, or another fact was taken."""
    UNDERSTANDING = "understanding"
    """Another company, metric or period was looked for, or a trap was not seen."""
    RETRIEVAL = "retrieval"
    """The page is not among the first ten found."""
    CALCULATION = "calculation"
    """The operands are the expected ones, and the result is not."""
    WORDING = "wording"
    """Everything was at hand, and the answer does not say it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one question was not answered right; ``detail`` is for who mends it."""

    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of evidence as it was read: its document, its lines and the facts on it."""

    file: str
    page: int
    label: str
    entry: Entry | None
    values: tuple[Decimal, ...]
    facts: tuple[Fact, ...]

    @property
    def where(self) -> str:
        return f"{self.file}, page {self.page}, {self.label!r}"


class Inquest:
    """Looks at a failed answer again, with the evidence the set names."""

    def __init__(
        self, *, find: Find, library: Library, facts: FactBook, ontology: Ontology
    ) -> None:
        self._find = find
        self._library = library
        self._facts = facts
        self._ontology = ontology
        self._entries: dict[str, Entry] = {}

    async def cause(
        self, question: Question, inquiry: Inquiry, answer: Answer, *, principal: Principal
    ) -> Failure:
        """Return the first thing that went wrong."""
        scope = scope_of(principal)
        if question.answer["kind"] == "none":
            return _trap(inquiry, answer)
        rows = [await self._row(file, page, row, scope) for file, page, row in question.evidence]
        figure = question.answer["kind"] in _FIGURES
        wanted = _wanted(question)
        failure = _printed(rows, wanted) if figure else _read(rows)
        failure = failure or (_known(rows, wanted) if figure else None)
        failure = failure or self._understood(rows, inquiry, figure=figure)
        failure = failure or await self._found(rows, inquiry, answer, scope)
        return failure or _said(rows, answer)

    async def _row(self, file: str, page: int, label: str, scope: Scope) -> _Row:
        entry = await self._entry(file, scope)
        document = await self._parsed(entry, scope)
        if entry is None or document is None:
            return _Row(file, page, label, None, (), ())
        said = normal(label)
        values = [
            value
            for block in document.body
            for text, amounts, place in lines_of(block)
            if page in {0, page_number(place)} and said in normal(text)
            for value in amounts
        ]
        facts = [
            fact
            for fact, _ in await self._facts.facts(FactQuery(document=entry.id), scope=scope)
            if page in {0, page_number(fact.place)} and _same_label(fact.label, label)
        ]
        return _Row(file, page, label, entry, tuple(values), tuple(facts))

    async def _entry(self, file: str, scope: Scope) -> Entry | None:
        after = ""
        while normal(file) not in self._entries:
            entries, after = await self._library.entries(scope=scope, after=after)
            self._entries |= {normal(entry.name): entry for entry in entries}
            if not after:
                break
        return self._entries.get(normal(file))

    async def _parsed(self, entry: Entry | None, scope: Scope) -> Document | None:
        try:
            return await self._library.parsed(entry.id, scope=scope) if entry else None
        except NotFound:
            return None

    def _understood(
        self, rows: Sequence[_Row], inquiry: Inquiry, *, figure: bool
    ) -> Failure | None:
        named = {key for company in inquiry.companies for key in known_as(company)}
        for row in rows:
            company = row.entry.profile.company if row.entry else None
            if company and inquiry.companies and not named & known_as(company):
                return Failure(Cause.UNDERSTANDING, f"{company.name} was not looked for")
        if not figure:
            return None
        if inquiry.task is Task.TEXT:
            return Failure(Cause.UNDERSTANDING, "taken for a question that facts do not answer")
        metrics, ends = self._metrics(inquiry), _ends(inquiry)
        for row in rows:
            if not any(fact.metric in metrics for fact in row.facts):
                looked = ", ".join(inquiry.metrics) or "nothing"
                return Failure(Cause.UNDERSTANDING, f"{row.label!r}: looked for {looked}")
            if ends and not any(fact.period.end in ends for fact in row.facts):
                periods = ", ".join(str(period.end) for period in inquiry.periods)
                return Failure(Cause.UNDERSTANDING, f"looked for periods that end on {periods}")
        return None

    def _metrics(self, inquiry: Inquiry) -> set[str]:
        found: set[str] = set()
        for asked in inquiry.metrics:
            measure = self._ontology.measure(base_of(asked))
            if isinstance(measure, Metric):
                found.add(measure.id)
            else:
                found |= {*measure.operands, measure.printed}
        return found

    async def _found(
        self, rows: Sequence[_Row], inquiry: Inquiry, answer: Answer, scope: Scope
    ) -> Failure | None:
        """Tell which page was not found; what facts answered was not searched for."""
        if isinstance(answer, Grounded) and all(c.chunk is None for c in answer.citations):
            return None
        search = await self._find.evidence(inquiry, scope=scope, limit=CANDIDATES)
        pages = pages_of(search.hits)[:TOP]
        for row in rows:
            if (normal(row.file), row.page) not in pages:
                return Failure(Cause.RETRIEVAL, f"{row.where} is not among the first {TOP} pages")
        return None


def _trap(inquiry: Inquiry, answer: Answer) -> Failure:
    said = answer.text[:80] if isinstance(answer, Grounded) else answer.message
    cause = Cause.WORDING if inquiry.task is Task.TEXT else Cause.UNDERSTANDING
    return Failure(cause, f"the documents do not say, and the answer is {said!r}")


def _wanted(question: Question) -> Decimal | None:
    """Return the expected figure if it is printed; one that is calculated has several rows, or is
    a percentage of a row in money.
    """
    answer = question.answer
    if answer["kind"] != "number" or len(question.evidence) != 1 or answer.get("unit") == "%":
        return None
    return Decimal(str(answer["value"]))


def _read(rows: Sequence[_Row]) -> Failure | None:
    lost = next((row for row in rows if row.entry is None), None)
    return Failure(Cause.PARSE, f"{lost.file} was not read") if lost else None


def _printed(rows: Sequence[_Row], wanted: Decimal | None) -> Failure | None:
    for row in rows:
        if row.entry is None:
            return Failure(Cause.PARSE, f"{row.file} was not read")
        if not row.values:
            return Failure(Cause.PARSE, f"{row.where}: no such row with figures was read")
        if wanted is not None and wanted not in row.values:
            read = ", ".join(f"{value:f}" for value in row.values[:4])
            return Failure(Cause.PARSE, f"{row.where}: {wanted:f} is expected, {read} was read")
    return None


def _known(rows: Sequence[_Row], wanted: Decimal | None) -> Failure | None:
    for row in rows:
        if not row.facts:
            return Failure(Cause.FACT, f"{row.where}: the row is no fact")
        if wanted is not None and all(fact.amount.value != wanted for fact in row.facts):
            return Failure(Cause.FACT, f"{row.where}: {wanted:f} is no fact")
    return None


def _ends(inquiry: Inquiry) -> set[object]:
    return {p.end for period in inquiry.periods for p in (period, year_before(period))}


def _same_label(one: str, other: str) -> bool:
    a, b = normal(one), normal(other)
    return bool(a and b) and (a in b or b in a)


def _said(rows: Sequence[_Row], answer: Answer) -> Failure:
    """Return what went wrong at the end of the way, where everything before was right."""
    if isinstance(answer, Declined):
        return Failure(Cause.WORDING, f"declined: {answer.reason.value}")
    if not answer.calculations:
        taken = any(c.chunk is None for c in answer.citations)
        return Failure(
            Cause.FACT if taken else Cause.WORDING,
            f"another figure was taken: {answer.text[:80]!r}"
            if taken
            else f"the evidence was found, and the answer is {answer.text[:80]!r}",
        )
    operands = {o.amount.value for shown in answer.calculations for o in shown.operands}
    strange = next((row for row in rows if not operands & set(row.values)), None)
    if strange is not None:
        used = ", ".join(f"{value:f}" for value in sorted(operands))
        return Failure(Cause.FACT, f"no operand stands at {strange.where}: {used}")
    result = answer.calculations[0].result
    return Failure(Cause.CALCULATION, f"{result.value:f} {result.unit} from the right operands")
