"""The story of a question: scope, facts or evidence, checked sentences, and a receipt."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from copy import copy
from dataclasses import replace
from time import perf_counter

from yanku.access.scope import scope_of
from yanku.answer.declining import decline_unasked
from yanku.flows.anew import begun_anew
from yanku.flows.context import ALONE, Context, checked
from yanku.flows.events import Done, Event, Looking, Sentence
from yanku.flows.find import Part
from yanku.flows.from_facts import FromFacts
from yanku.flows.from_text import FromText
from yanku.flows.maturing import ByMaturity
from yanku.flows.means import AskLimits, Means
from yanku.flows.memory import Case, Memory
from yanku.flows.parting import ByParts
from yanku.flows.proposing import Proposing
from yanku.flows.receipts import Receipts
from yanku.flows.registered import ByPlace
from yanku.flows.several import Several
from yanku.model.call import NOBODY, Call
from yanku.model.inquiry import Inquiry, Task
from yanku.model.people import NOW, AsOf, Principal, Scope, UserId
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

_TURNS = 20
"""Earlier questions of a conversation that are looked at."""


class Ask:
    """Answers a question from what a person may read, and leaves a receipt."""

    def __init__(self, means: Means, *, quiet: Quiet) -> None:
        self._quiet = quiet
        self._with = means

    def _having(self, means: Means) -> Ask:
        other = copy(self)
        other._with = means
        return other

    def with_memory(self, memory: Memory) -> Ask:
        """Return the same, with another memory of what was answered."""
        return self._having(replace(self._with, memory=memory))

    def _for(self, principal: Principal, call: Call) -> Ask:
        """Return the same with the model that serves this person's call."""
        whose = replace(call, user=principal.user, group=min(principal.groups, default=""))
        return self._having(replace(self._with, model=self._with.models.for_call(whose)))

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
        """Yield what happens, sentence by sentence; the last event is Done, which replaces them.

        An answer whose engine goes is begun anew once, and shown whole then. Raises
        InvalidRequest for an empty or overlong question, NotFound if the receipt in ``context``
        is not one's own, ModelError if the model is needed and not to be had.
        """
        with self._quiet.asking():
            bound = self._for(principal, call)
            safer = self._for(principal, replace(call, again=True))

            def again(whole: bool) -> AsyncGenerator[Event, None]:
                surely = replace(call, again=True, whole=whole or call.whole)
                return self._for(principal, surely)._told(question, principal, context)

            told = begun_anew(
                lambda: bound._told(question, principal, context),
                again,
                model=bound._with.model,
                whole=call.whole,
                on_trial=safer._with.versions() != bound._with.versions(),
            )
            async with aclosing(told) as events:
                async for event in events:
                    yield event

    async def _told(
        self, question: str, principal: Principal, context: Context
    ) -> AsyncGenerator[Event, None]:
        started = perf_counter()
        before, as_of = await self._said_before(context, scope_of(principal))
        scope = scope_of(principal, as_of, within=context.within)
        inquiry = await self._with.find.inquiry(checked(question), scope=scope, before=before)
        yield Looking(inquiry)
        case = Case(inquiry, scope, self._settled(context, scope), self._with.versions(), started)
        async with aclosing(
            self._with.memory.through(case, lambda: self._worked_out(case))
        ) as events:
            async for event in events:
                yield event

    async def _worked_out(self, case: Case) -> AsyncGenerator[Event, None]:
        if (of_parts := await self._of_parts(case)) is not None:
            yield of_parts
            return
        unasked = decline_unasked(case.inquiry)
        if unasked is not None:
            receipts = Receipts(self._with)
            yield await receipts.surely_close(case, await receipts.open(case, ()), unasked)
            return
        if (told := await ByPlace(self._with).answer(case)) is not None:
            yield told
            return
        from_facts = FromFacts(self._with)
        if Part.FACTS in self._with.without:
            case = replace(case, inquiry=replace(case.inquiry, task=Task.TEXT))
        if case.inquiry.task is Task.SEVERAL:
            yield await Several(self._with).answer(case)
        elif case.inquiry.task is not Task.TEXT:
            yield await from_facts.answer(case)
        elif told := await from_facts.from_tables(case):
            yield told
        elif (proposed := await self._proposed(case)) is not None:
            yield Looking(proposed)
            yield await from_facts.answer(replace(case, inquiry=proposed))
        else:
            async with aclosing(FromText(self._with).answer(case)) as events:
                async for event in events:
                    yield event

    async def _of_parts(self, case: Case) -> Done | None:
        """Return what is asked of segments, regions or products, or of the years in which debt
        falls due, where a report proves it.
        """
        if Part.FACTS in self._with.without:
            return None
        told = await ByMaturity(self._with).told(case)
        if told is None and case.inquiry.beyond is None:
            told = await ByParts(self._with).told(case)
        return await FromFacts(self._with).released(case, told) if told is not None else None

    async def _proposed(self, case: Case) -> Inquiry | None:
        """Return a plan that the model helps to find, where that is wanted."""
        wanted = self._with.limits.plan_seconds > 0 and Part.FACTS not in self._with.without
        return await Proposing(self._with).plan(case) if wanted else None

    async def _said_before(self, context: Context, scope: Scope) -> tuple[Sequence[str], AsOf]:
        if not context.after:
            return context.questions[-_TURNS:], context.as_of or NOW
        receipt = await self._with.ledger.receipt(context.after, scope=scope)
        return (receipt.reading or receipt.question,), context.as_of or receipt.as_of

    def _settled(self, context: Context, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Return what an answer depends on beside the question, its readers and the library.

        Whatever else a context or a scope comes to hold is part of it without being named here.
        """
        leaning = replace(context, after=None, questions=())
        rights = replace(scope, user=UserId(""), readers=frozenset())
        return (
            *self._with.versions(),
            ("terms", self._with.terms),
            ("limits", repr(self._with.limits)),
            ("context", repr(leaning)),
            ("scope", repr(rights)),
        )
