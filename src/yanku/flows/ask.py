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
from yanku.answer.compose import compose
from yanku.answer.declining import decline_missing, declined
from yanku.answer.draft import Draft
from yanku.answer.evidence import Line, about, lines_of
from yanku.answer.prompt import PROMPT, prompt
from yanku.answer.sentences import Sentences
from yanku.chunk.cut import CHUNKER
from yanku.errors import InvalidRequest
from yanku.finance.compute import settle, wanted
from yanku.finance.dates import periods_in
from yanku.finance.measures import called, names_of
from yanku.finance.ontology import Ontology
from yanku.flows.events import Done, Event, Looking, Sentence
from yanku.flows.find import Find
from yanku.flows.memory import Case, Memory
from yanku.model.answer import Answer, Claim, Declined, Reason
from yanku.model.call import NOBODY, Call
from yanku.model.inquiry import Finding, Inquiry, Missing, Task
from yanku.model.kept import Reuse
from yanku.model.library import DocumentId
from yanku.model.people import Principal, Scope, UserId
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.search import Hit
from yanku.ports import Clock, FactBook, Ledger, Library, Models, Sampling
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

    evidence_tokens: int = 1100
    answer_tokens: int = 384
    hits: int = 6


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on: the receipt of the answer before, or earlier questions.

    ``questions`` are the oldest first.
    """

    after: ReceiptId | None = None
    questions: tuple[str, ...] = ()


ALONE = Context()
"""A question that leans on nothing."""


class Ask:
    """Answers a question from what a person may read, and leaves a receipt."""

    def __init__(
        self,
        *,
        find: Find,
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
    ) -> None:
        self._find = find
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
        scope = scope_of(principal)
        before = await self._said_before(context, scope)
        inquiry = await self._find.inquiry(_checked(question), scope=scope, before=before)
        yield Looking(inquiry)
        case = Case(inquiry, scope, self._settled(context, scope), self._versions(), started)
        async with aclosing(self._memory.through(case, lambda: self._worked_out(case))) as events:
            async for event in events:
                yield event

    async def _worked_out(self, case: Case) -> AsyncGenerator[Event, None]:
        inquiry, scope, started = case.inquiry, case.scope, case.started
        if inquiry.task is Task.TEXT and not (inquiry.unknown and not inquiry.companies):
            told = await self._from_tables(inquiry, scope, started)
            if told is not None:
                yield told
                return
            async with aclosing(self._from_text(case)) as events:
                async for event in events:
                    yield event
        else:
            yield await self._from_facts(inquiry, scope, started)

    async def _said_before(self, context: Context, scope: Scope) -> Sequence[str]:
        if not context.after:
            return context.questions[-_TURNS:]
        receipt = await self._ledger.receipt(context.after, scope=scope)
        return (receipt.reading or receipt.question,)

    async def _from_facts(self, inquiry: Inquiry, scope: Scope, started: float) -> Done:
        """Answer from facts alone: no model has a say in a number that is a fact."""
        for _ in range(2):  # Once more if a document goes away between reading and release.
            facts = await self._facts.facts(wanted(inquiry, self._ontology), scope=scope)
            outcome = settle(inquiry, facts, self._ontology)
            if isinstance(outcome, Missing):
                told = await self._from_tables(inquiry, scope, started)
                return told or await self._decline(inquiry, outcome, scope, started)
            receipt = await self._open(inquiry, scope, (), _documents(outcome))
            done = await self._close(receipt, compose(inquiry, outcome, self._named), started)
            if done is not None:
                return done
        return await self._decline(inquiry, Missing(""), scope, started)

    async def _from_tables(self, inquiry: Inquiry, scope: Scope, started: float) -> Done | None:
        """Answer with the one cell of a table that a question describes, if there is one."""
        if not inquiry.figure or inquiry.unknown:
            return None
        search = await self._find.evidence(inquiry, scope=scope, limit=_CANDIDATES, later=True)
        unit = self._ontology.measure(inquiry.metrics[0]).unit if inquiry.metrics else ""
        answer = told_by_tables(
            inquiry, lines_of(search.hits), self._tokens.of, periods_in, unit=unit
        )
        if answer is None:
            return None
        receipt = await self._open(inquiry, scope, search.hits)
        return await self._close(receipt, answer, started)

    async def _decline(
        self, inquiry: Inquiry, missing: Missing, scope: Scope, started: float
    ) -> Done:
        # Nothing here is near a company that is not in the library.
        hits: Sequence[Hit] = ()
        if not inquiry.unknown:
            hits = (await self._find.evidence(inquiry, scope=scope, limit=3)).hits
        nearest = tuple(
            line.citation(number) for number, line in enumerate(_first_lines(hits), start=1)
        )
        answer = decline_missing(inquiry, missing, nearest)
        receipt = await self._open(inquiry, scope, hits)
        return await self._surely_close(receipt, answer, started)

    async def _from_text(self, case: Case) -> AsyncGenerator[Event, None]:
        """Let the model put evidence into words; release only sentences the evidence carries."""
        inquiry, scope, started = case.inquiry, case.scope, case.started
        hits = await self._evidence(inquiry, scope)
        again = await self._from_same_evidence(case, hits)
        if again is not None:
            yield again
            return
        receipt = await self._open(inquiry, scope, hits)
        gone = declined(Reason.NOT_FOUND, inquiry.language)
        if not hits:
            yield await self._surely_close(receipt, gone, started)
            return
        lines = about(lines_of(hits), self._names(inquiry))
        draft = Draft(inquiry.question, lines, self._tokens.of)
        async with aclosing(self._sentences(inquiry, hits)) as sentences:
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
        if done is not None:
            await self._memory.keep_evidence(case, hits, done)
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

    async def _evidence(self, inquiry: Inquiry, scope: Scope) -> tuple[Hit, ...]:
        """Return the best hits that speak of what is asked about and fit the prompt."""
        search = await self._find.evidence(inquiry, scope=scope, limit=_CANDIDATES)
        lines = about(lines_of(search.hits), self._names(inquiry))
        speaking = {line.source.chunk.id for line in lines}
        hits = [hit for hit in search.hits if hit.chunk.id in speaking]
        return await fitting(
            hits[: self._limits.hits], self._limits.evidence_tokens, self._tokens_in
        )

    def _names(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Return every name of the metrics asked about; empty if the question names none."""
        return tuple(
            name for metric in inquiry.metrics for name in names_of(metric, self._ontology)
        )

    async def _sentences(self, inquiry: Inquiry, hits: Sequence[Hit]) -> AsyncGenerator[str, None]:
        cutter = Sentences()
        pieces = self._model.generate(
            prompt(inquiry.question, hits, inquiry.language),
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
        cited = [c.chunk for c in draft.citations if c.number in claim.citations and c.chunk]
        return len(await self._library.chunks(cited, scope=scope)) == len(set(cited))

    async def _tokens_in(self, hit: Hit) -> int:
        return await self._model.count_tokens(f"{hit.chunk.context}\n{hit.chunk.text}\n")

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


def _documents(finding: Finding) -> tuple[DocumentId, ...]:
    operands = (*finding.operands, *finding.also)
    return tuple(dict.fromkeys(operand.entry.id for operand in operands))


def _first_lines(hits: Sequence[Hit]) -> list[Line]:
    lines = lines_of(hits)
    return [next(line for line in lines if line.hit == n) for n in sorted({x.hit for x in lines})]
