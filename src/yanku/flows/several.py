"""Answers a question that asks several things: each part for itself, and all of them in one."""

from __future__ import annotations

from dataclasses import replace

from yanku.answer.declining import decline_unasked, declined
from yanku.answer.joined import joined
from yanku.answer.quotation import cited as quotable
from yanku.answer.quotation import quoted
from yanku.flows.events import Done
from yanku.flows.from_facts import FromFacts
from yanku.flows.from_tables import FromTables
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.told import Told
from yanku.model.answer import Reason
from yanku.model.inquiry import Missing, Task
from yanku.model.library import DocumentId


class Several:
    """Puts together what facts, tables and quotations say to each part; no model takes part."""

    def __init__(self, means: Means) -> None:
        self._with = means
        self._from_facts = FromFacts(means)
        self._tables = FromTables(means)

    async def answer(self, case: Case) -> Done:
        """Answer what can be answered, and decline the rest by name."""
        for _ in range(2):  # Once more if a document goes away between reading and release.
            told = [await self._part(replace(case, inquiry=part)) for part in case.inquiry.parts]
            whole = Told(
                joined(case.inquiry, [one.answer for one in told]),
                tuple({hit.chunk.id: hit for one in told for hit in one.hits}.values()),
                tuple(dict.fromkeys(document for one in told for document in _documents(one))),
            )
            done = await self._from_facts.released(case, whole)
            if done is not None:
                return done
        return await self._from_facts.decline(case, Missing(""))

    async def _part(self, case: Case) -> Told:
        unasked = decline_unasked(case.inquiry)
        if unasked is not None:
            return Told(unasked)
        if case.inquiry.task is not Task.TEXT:
            return await self._from_facts.told(case)
        if case.inquiry.unknown and not case.inquiry.companies:
            return await self._from_facts.told_missing(case, Missing(""))
        return await self._tables.told(case) or await self._quoted(case)

    async def _quoted(self, case: Case) -> Told:
        """Return the sentences that answer a part, or that there are none."""
        inquiry = case.inquiry
        sight = await self._with.quoting.look(inquiry, scope=case.scope)
        if sight.choice.quotes:
            return Told(quoted(inquiry, sight.choice), sight.hits)
        nearest = quotable(sight.nearest)
        return Told(declined(Reason.NOT_FOUND, inquiry.language, nearest), sight.hits)


def _documents(told: Told) -> tuple[DocumentId, ...]:
    return told.documents or tuple(hit.chunk.document for hit in told.hits)
