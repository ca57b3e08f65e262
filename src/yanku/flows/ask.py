"""The story of a question: scope, facts or evidence, checked sentences, and a receipt."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass, replace
from time import perf_counter

from yanku.access.scope import scope_of
from yanku.answer.cells import told_by_tables
from yanku.answer.compose import cited, compose
from yanku.answer.declining import as_known, decline_missing, decline_unasked, declined
from yanku.answer.draft import Draft
from yanku.answer.evidence import Line, lines_of
from yanku.answer.prompt import PROMPT, prompt
from yanku.answer.quotation import cited as quotable
from yanku.answer.quotation import quoted
from yanku.answer.sentences import Sentences
from yanku.answer.worked import asks_for_one, asks_for_work, worked_out
from yanku.chunk.cut import CHUNKER
from yanku.errors import InvalidRequest
from yanku.finance.compute import settle, wanted
from yanku.finance.dates import periods_in
from yanku.finance.measures import base_of, called
from yanku.finance.names import known_as
from yanku.finance.ontology import Ontology
from yanku.finance.wants import WITNESSES, periods_of
from yanku.flows.events import Done, Event, Looking, Sentence
from yanku.flows.find import Find, Part
from yanku.flows.memory import Case, Memory
from yanku.flows.quoting import Quoting, Sight
from yanku.model.answer import Answer, Citation, Claim, Declined, Reason
from yanku.model.call import NOBODY, Call
from yanku.model.finance import Period
from yanku.model.inquiry import Cause, Finding, Inquiry, Missing, Task
from yanku.model.kept import Reuse
from yanku.model.library import DocumentId
from yanku.model.people import NOW, AsOf, Principal, Scope, UserId
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.search import Hit
from yanku.ports import Clock, FactBook, FactQuery, Ledger, Library, Models, Sampling
from yanku.retrieve.evidence import fitting
from yanku.retrieve.tokens import Tokens
from yanku.serving.closing import closing_stream
from yanku.serving.quiet import Quiet

__all__ = [
    "ALONE",
    "Ask",
    "AskLimits",
    "Context",
    "Done",
    "Event",
    "Looking",
    "Sentence",
]

_LONGEST_QUESTION = 2000
_TURNS = 20
"""Earlier questions of a conversation that are looked at."""
_CANDIDATES = 30
"""Hits looked at for those that speak of what is asked about."""


@dataclass(frozen=True, slots=True)
class AskLimits:
    """How much evidence a model is shown, and how long it may answer, in tokens."""

    evidence_tokens: int = 480
    answer_tokens: int = 160


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on: the receipt of the answer before, or earlier questions.

    ``questions`` are the oldest first. ``as_of`` is the state of knowledge to answer from; None is
    that of the answer before, or now. ``within`` narrows the person's rights to these reader keys.
    """

    after: ReceiptId | None = None
    questions: tuple[str, ...] = ()
    as_of: AsOf | None = None
    within: frozenset[str] | None = None


ALONE = Context()
"""A question that leans on nothing."""


class Ask:
    """Answers a question from what a person may read, and leaves a receipt."""

    def __init__(
        self,
        *,
        find: Find,
        quoting: Quoting,
        facts: FactBook,
        library: Library,
        ledger: Ledger,
        models: Models,
        tokens: Tokens,
        ontology: Ontology,
        clock: Clock,
        limits: AskLimits,
        quiet: Quiet,
        memory: Memory,
        version: str,
        terms: str = "",
        without: frozenset[Part] = frozenset(),
    ) -> None:
        self._find = find
        self._quoting = quoting
        self._facts = facts
        self._library = library
        self._ledger = ledger
        self._models = models
        self._model = models.for_call(NOBODY)
        self._tokens = tokens
        self._ontology = ontology
        self._clock = clock
        self._limits = limits
        self._quiet = quiet
        self._memory = memory
        self._version = version
        self._terms = terms
        self._without = without

    def with_memory(self, memory: Memory) -> Ask:
        """Return the same, with another memory of what was answered."""
        other = copy(self)
        other._memory = memory
        return other

    def _for(self, principal: Principal, call: Call) -> Ask:
        """Return the same with the model that serves this person's call."""
        group = min(principal.groups, default="")
        whose = replace(call, user=principal.user, group=group)
        other = copy(self)
        other._model = self._models.for_call(whose)
        return other

    async def answer(
        self,
        question: str,
        *,
        principal: Principal,
        context: Context = ALONE,
        call: Call = NOBODY,
    ) -> Done:
        """Return the whole answer at once."""
        whole = replace(call, whole=True)
        happening = self.stream(question, principal=principal, context=context, call=whole)
        async with aclosing(happening) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event
        raise AssertionError("a stream of events ends with Done")

    async def stream(
        self,
        question: str,
        *,
        principal: Principal,
        context: Context = ALONE,
        call: Call = NOBODY,
    ) -> AsyncGenerator[Event, None]:
        """Yield what happens, sentence by sentence; the last event is Done.

        Raises InvalidRequest for an empty or overlong question, NotFound if the receipt in
        ``context`` is not one's own, ModelError if the model is needed and not to be had.
        """
        with self._quiet.asking():
            bound = self._for(principal, call)
            async with aclosing(bound._told(question, principal, context)) as events:
                async for event in events:
                    yield event

    async def _told(
        self, question: str, principal: Principal, context: Context
    ) -> AsyncGenerator[Event, None]:
        started = perf_counter()
        before, as_of = await self._said_before(context, scope_of(principal))
        scope = scope_of(principal, as_of, within=context.within)
        inquiry = await self._find.inquiry(_checked(question), scope=scope, before=before)
        yield Looking(inquiry)
        case = Case(inquiry, scope, self._settled(context, scope), self._versions(), started)
        async with aclosing(self._memory.through(case, lambda: self._worked_out(case))) as events:
            async for event in events:
                yield event

    async def _worked_out(self, case: Case) -> AsyncGenerator[Event, None]:
        inquiry, scope, started = case.inquiry, case.scope, case.started
        unasked = decline_unasked(inquiry)
        if Part.FACTS in self._without:
            inquiry = replace(inquiry, task=Task.TEXT)
            case = replace(case, inquiry=inquiry)
        if unasked is not None:
            receipt = await self._open(inquiry, scope, ())
            yield await self._surely_close(receipt, unasked, started)
        elif inquiry.task is Task.TEXT:
            told = await self._from_tables(inquiry, scope, started)
            if told is not None:
                yield told
                return
            async with aclosing(self._from_text(case)) as events:
                async for event in events:
                    yield event
        else:
            yield await self._from_facts(inquiry, scope, started)

    async def _said_before(self, context: Context, scope: Scope) -> tuple[Sequence[str], AsOf]:
        if not context.after:
            return context.questions[-_TURNS:], context.as_of or NOW
        receipt = await self._ledger.receipt(context.after, scope=scope)
        return (receipt.reading or receipt.question,), context.as_of or receipt.as_of

    async def _from_facts(self, inquiry: Inquiry, scope: Scope, started: float) -> Done:
        """Answer from facts alone: no model has a say in a number that is a fact."""
        for _ in range(2):  # Once more if a document goes away between reading and release.
            facts = await self._facts.facts(wanted(inquiry, self._ontology), scope=scope)
            outcome = settle(inquiry, facts, self._ontology)
            if isinstance(outcome, Missing):
                # Where facts contradict one another no single cell may answer in their place.
                lacking = outcome.cause is Cause.LACKING
                told = await self._from_tables(inquiry, scope, started) if lacking else None
                return told or await self._decline(inquiry, outcome, scope, started)
            receipt = await self._open(inquiry, scope, (), _documents(outcome))
            done = await self._close(receipt, compose(inquiry, outcome, self._named), started)
            if done is not None:
                return done
        return await self._decline(inquiry, Missing(""), scope, started)

    async def _from_tables(self, inquiry: Inquiry, scope: Scope, started: float) -> Done | None:
        """Answer with the one cell of a table that a question describes, or work it out of several,
        if there are such.
        """
        told = asks_for_one(inquiry, self._tokens.of)
        if not told and not asks_for_work(inquiry, self._tokens.of):
            return None
        search = await self._find.evidence(inquiry, scope=scope, limit=_CANDIDATES, later=True)
        base = base_of(inquiry.metrics[0]) if inquiry.metrics else ""
        unit = self._ontology.measure(base).unit if base else ""
        lines, words = lines_of(search.hits), self._tokens.of
        answer = told_by_tables(inquiry, lines, words, periods_in, unit=unit) if told else None
        answer = answer or worked_out(inquiry, lines, words)
        if answer is None:
            return None
        receipt = await self._open(inquiry, scope, search.hits)
        return await self._close(receipt, answer, started)

    async def _decline(
        self, inquiry: Inquiry, missing: Missing, scope: Scope, started: float
    ) -> Done:
        # Nothing here is near a company that is not in the library.
        hits: Sequence[Hit] = ()
        if not inquiry.unknown and not missing.operands:
            hits = (await self._find.evidence(inquiry, scope=scope, limit=3)).hits
        nearest = tuple(
            line.citation(number) for number, line in enumerate(_first_lines(hits), start=1)
        )
        nearest = nearest or cited(missing.operands, inquiry.language)
        known, of_the_figure = await self._known(missing, scope)
        answer = as_known(
            decline_missing(inquiry, missing, nearest, known, of_the_figure=of_the_figure), inquiry
        )
        documents = tuple(dict.fromkeys(operand.entry.id for operand in missing.operands))
        receipt = await self._open(inquiry, scope, hits, documents)
        return await self._surely_close(receipt, answer, started)

    async def _known(self, missing: Missing, scope: Scope) -> tuple[Sequence[Period], bool]:
        """Return the periods there are figures for: of the measure, or else of the company."""
        if missing.company is None or missing.cause is not Cause.LACKING:
            return (), True
        query = FactQuery(companies=known_as(missing.company), metrics=frozenset({missing.metric}))
        found = periods_of(await self._facts.facts(query, scope=scope))
        if found:
            return found, True
        query = FactQuery(companies=known_as(missing.company), metrics=WITNESSES)
        return periods_of(await self._facts.facts(query, scope=scope)), False

    async def _from_text(self, case: Case) -> AsyncGenerator[Event, None]:
        """Quote the sentences that answer; without any, let the model put likely ones in words.

        What a document says is better shown than paraphrased, and is there at once. Of the
        model's words only sentences that the evidence carries are released.
        """
        inquiry, scope, started = case.inquiry, case.scope, case.started
        sight = await self._quoting.look(inquiry, scope=scope)
        if inquiry.unknown and not inquiry.companies and not self._quoting.names(inquiry, sight):
            yield await self._decline(inquiry, Missing(""), scope, started)
            return
        if sight.choice.quotes:
            told = self._from_quotes(inquiry, sight, scope, started)
        elif sight.likely:
            told = self._from_model(case, sight)
        else:
            answer = _nothing_found(inquiry, quotable(sight.nearest))
            receipt = await self._open(inquiry, scope, sight.hits)
            yield await self._surely_close(receipt, answer, started)
            return
        async with aclosing(told) as events:
            async for event in events:
                yield event

    async def _from_quotes(
        self, inquiry: Inquiry, sight: Sight, scope: Scope, started: float
    ) -> AsyncGenerator[Event, None]:
        receipt = await self._open(inquiry, scope, sight.hits)
        answer = quoted(inquiry, sight.choice)
        for claim in answer.claims:
            sources = tuple(c for c in answer.citations if c.number in claim.citations)
            if await self._may_quote(sources, scope):
                yield Sentence(claim, sources)
        done = await self._close(receipt, answer, started)
        gone = _nothing_found(inquiry)
        yield done or await self._surely_close(receipt, gone, started)

    async def _from_model(self, case: Case, sight: Sight) -> AsyncGenerator[Event, None]:
        inquiry, scope, started = case.inquiry, case.scope, case.started
        again = await self._from_same_evidence(case, sight.hits)
        if again is not None:
            yield again
            return
        lines = await self._shown(sight.likely)
        receipt = await self._open(inquiry, scope, sight.hits)
        checked = Part.NUMBER_CHECKS not in self._without
        draft = Draft(inquiry.question, lines, self._tokens.of, checked=checked)
        async with aclosing(self._sentences(inquiry, lines)) as sentences:
            async for text in sentences:
                claim = draft.offer(text)
                if claim is None:
                    continue
                if await self._still_there(claim, draft, scope):
                    yield Sentence(claim, draft.citations)
                else:
                    draft.withdraw(claim)
        answer = draft.answer(inquiry)
        self._models.told(self._model, answer)
        done = await self._close(receipt, answer, started)
        gone = _nothing_found(inquiry)
        if done is not None:
            await self._memory.keep_evidence(case, sight.hits, done)
        yield done or await self._surely_close(receipt, gone, started)

    async def _from_same_evidence(self, case: Case, hits: Sequence[Hit]) -> Done | None:
        """Say again what the model made of exactly these passages."""
        answer = await self._memory.same_evidence(case, hits) if hits else None
        if answer is None:
            return None
        cache = (("cache", Reuse.EVIDENCE.value),)
        receipt = await self._open(case.inquiry, case.scope, hits, marks=cache)
        done = await self._close(receipt, answer, case.started)
        return replace(done, reuse=Reuse.EVIDENCE) if done else None

    async def _shown(self, likely: Sequence[Line]) -> tuple[Line, ...]:
        """Return the likely lines, best first, as far as the model's budget goes."""
        return await fitting(likely, self._limits.evidence_tokens, self._tokens_in)

    async def _sentences(
        self, inquiry: Inquiry, lines: Sequence[Line]
    ) -> AsyncGenerator[str, None]:
        cutter = Sentences()
        pieces = self._model.generate(
            prompt(inquiry.question, lines, inquiry.language),
            Sampling(max_tokens=self._limits.answer_tokens),
        )
        async with aclosing(closing_stream(pieces)) as answer:
            async for piece in answer:
                for sentence in cutter.add(piece):
                    yield sentence
        for sentence in cutter.rest():
            yield sentence

    async def _still_there(self, claim: Claim, draft: Draft, scope: Scope) -> bool:
        """Tell whether every source of a claim may still be quoted."""
        return await self._may_quote(
            [c for c in draft.citations if c.number in claim.citations], scope
        )

    async def _may_quote(self, citations: Sequence[Citation], scope: Scope) -> bool:
        chunks = {citation.chunk for citation in citations if citation.chunk}
        return len(await self._library.chunks(list(chunks), scope=scope)) == len(chunks)

    async def _tokens_in(self, line: Line) -> int:
        return await self._model.count_tokens(f"{line.source.chunk.context}\n{line.text}\n")

    async def _open(
        self,
        inquiry: Inquiry,
        scope: Scope,
        hits: Sequence[Hit],
        documents: tuple[DocumentId, ...] = (),
        marks: tuple[tuple[str, str], ...] = (),
    ) -> ReceiptId:
        receipt = Receipt(
            id=ReceiptId(uuid.uuid4().hex),
            at=self._clock.now(),
            user=scope.user,
            question=inquiry.asked or inquiry.question,
            reading=inquiry.question if inquiry.asked else "",
            readers=scope.readers,
            as_of=scope.as_of,
            hits=tuple(hit.chunk.id for hit in hits),
            documents=documents or tuple(dict.fromkeys(hit.chunk.document for hit in hits)),
            versions=(*self._versions(), *marks),
        )
        await self._ledger.open(receipt)
        return receipt.id

    async def _close(self, receipt: ReceiptId, answer: Answer, started: float) -> Done | None:
        latency_ms = round((perf_counter() - started) * 1000)
        if await self._ledger.close(receipt, answer, latency_ms):
            return Done(receipt, answer, latency_ms)
        return None

    async def _surely_close(self, receipt: ReceiptId, answer: Declined, started: float) -> Done:
        """Close with a decline; its nearest evidence goes if it is not there any more."""
        done = await self._close(receipt, answer, started)
        done = done or await self._close(receipt, replace(answer, nearest=()), started)
        if done is None:
            raise AssertionError("a decline without evidence cites nothing that could be gone")
        return done

    def _named(self, metric: str, language: str) -> str:
        return called(metric, language, self._ontology)

    def _settled(self, context: Context, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Return what an answer depends on beside the question, its readers and the library.

        Whatever else a context or a scope comes to hold is part of it without being named here.
        """
        leaning = replace(context, after=None, questions=())
        rights = replace(scope, user=UserId(""), readers=frozenset())
        return (
            *self._versions(),
            ("terms", self._terms),
            ("limits", repr(self._limits)),
            ("context", repr(leaning)),
            ("scope", repr(rights)),
        )

    def _versions(self) -> tuple[tuple[str, str], ...]:
        return (
            ("yanku", self._version),
            ("model", f"{self._model.name} {self._model.version}"),
            ("prompt", PROMPT),
            ("chunker", CHUNKER),
        )


def _checked(question: str) -> str:
    question = question.strip()
    if not question:
        raise InvalidRequest("the question is empty; type what you want to know")
    if len(question) > _LONGEST_QUESTION:
        raise InvalidRequest(
            f"the question has {len(question)} characters, {_LONGEST_QUESTION} are accepted; "
            "shorten it"
        )
    return question


def _nothing_found(inquiry: Inquiry, nearest: tuple[Citation, ...] = ()) -> Declined:
    return as_known(declined(Reason.NOT_FOUND, inquiry.language, nearest), inquiry)


def _documents(finding: Finding) -> tuple[DocumentId, ...]:
    operands = (*finding.operands, *finding.also, *finding.otherwise)
    return tuple(dict.fromkeys(operand.entry.id for operand in operands))


def _first_lines(hits: Sequence[Hit]) -> list[Line]:
    lines = lines_of(hits)
    return [next(line for line in lines if line.hit == n) for n in sorted({x.hit for x in lines})]
