"""Answers from text: sentences quoted, or the model's words as far as the evidence carries them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from yanku.answer.declining import as_known, declined
from yanku.answer.draft import Draft
from yanku.answer.evidence import Line
from yanku.answer.prompt import prompt
from yanku.answer.quotation import cited as quotable
from yanku.answer.quotation import quoted
from yanku.answer.sentences import Sentences
from yanku.flows.events import Done, Event, Sentence
from yanku.flows.find import Part
from yanku.flows.from_facts import FromFacts
from yanku.flows.means import Means
from yanku.flows.memory import REUSED, Case
from yanku.flows.receipts import Receipts
from yanku.flows.shadow import Asked
from yanku.flows.sight import Sight
from yanku.model.answer import Citation, Claim, Declined, Reason
from yanku.model.inquiry import Inquiry, Missing
from yanku.model.kept import Reuse
from yanku.model.people import Scope
from yanku.model.search import Hit
from yanku.ports import Sampling
from yanku.retrieve.evidence import fitting
from yanku.serving.closing import closing_stream


class FromText:
    """Quotes the sentences that answer; without any, lets the model put likely ones in words."""

    def __init__(self, means: Means) -> None:
        self._with = means
        self._receipts = Receipts(means)

    async def answer(self, case: Case) -> AsyncGenerator[Event, None]:
        """Yield what happens; the last event is Done.

        What a document says is better shown than paraphrased, and is there at once. Of the
        model's words only sentences that the evidence carries are released.
        """
        inquiry, scope = case.inquiry, case.scope
        sight = await self._with.quoting.look(inquiry, scope=scope)
        if (
            inquiry.unknown
            and not inquiry.companies
            and not self._with.quoting.names(inquiry, sight)
        ):
            yield await FromFacts(self._with).decline(case, Missing(""))
            return
        if sight.choice.quotes:
            told = self._from_quotes(case, sight)
        elif sight.likely:
            told = self._from_model(case, sight)
        else:
            answer = _nothing_found(inquiry, quotable(sight.nearest))
            receipt = await self._receipts.open(case, sight.hits)
            yield await self._receipts.surely_close(case, receipt, answer)
            return
        async with aclosing(told) as events:
            async for event in events:
                yield event

    async def _from_quotes(self, case: Case, sight: Sight) -> AsyncGenerator[Event, None]:
        inquiry, scope = case.inquiry, case.scope
        receipt = await self._receipts.open(case, sight.hits)
        answer = quoted(inquiry, sight.choice)
        for claim in answer.claims:
            sources = tuple(c for c in answer.citations if c.number in claim.citations)
            if await self._may_quote(sources, scope):
                yield Sentence(claim, sources)
        done = await self._receipts.close(case, receipt, answer)
        gone = _nothing_found(inquiry)
        yield done or await self._receipts.surely_close(case, receipt, gone)

    async def _from_model(self, case: Case, sight: Sight) -> AsyncGenerator[Event, None]:
        inquiry, scope = case.inquiry, case.scope
        again = await self._from_same_evidence(case, sight.hits)
        if again is not None:
            yield again
            return
        lines = await self._shown(sight.likely)
        receipt = await self._receipts.open(case, sight.hits)
        checked = Part.NUMBER_CHECKS not in self._with.without
        draft = Draft(inquiry.question, lines, self._with.tokens.of, checked=checked)
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
        self._with.models.told(self._with.model, answer)
        done = await self._receipts.close(case, receipt, answer)
        gone = _nothing_found(inquiry)
        if done is not None:
            await self._with.memory.keep_evidence(case, sight.hits, done)
            if self._with.shadows is not None:
                sampling, model = self._sampling(), self._with.model
                self._with.shadows.offer(
                    Asked(inquiry, scope, lines, done.answer, done.receipt, model, sampling)
                )
        yield done or await self._receipts.surely_close(case, receipt, gone)

    async def _from_same_evidence(self, case: Case, hits: Sequence[Hit]) -> Done | None:
        """Say again what the model made of exactly these passages."""
        answer = await self._with.memory.same_evidence(case, hits) if hits else None
        if answer is None:
            return None
        cache = ((REUSED, Reuse.EVIDENCE.value),)
        receipt = await self._receipts.open(case, hits, marks=cache)
        done = await self._receipts.close(case, receipt, answer)
        return replace(done, reuse=Reuse.EVIDENCE) if done else None

    async def _shown(self, likely: Sequence[Line]) -> tuple[Line, ...]:
        """Return the likely lines, best first, as far as the model's budget goes."""
        return await fitting(likely, self._with.limits.evidence_tokens, self._tokens_in)

    async def _sentences(
        self, inquiry: Inquiry, lines: Sequence[Line]
    ) -> AsyncGenerator[str, None]:
        cutter = Sentences()
        pieces = self._with.model.generate(
            prompt(inquiry.question, lines, inquiry.language), self._sampling()
        )
        async with aclosing(closing_stream(pieces)) as answer:
            async for piece in answer:
                for sentence in cutter.add(piece):
                    yield sentence
        for sentence in cutter.rest():
            yield sentence

    def _sampling(self) -> Sampling:
        return Sampling(max_tokens=self._with.limits.answer_tokens)

    async def _still_there(self, claim: Claim, draft: Draft, scope: Scope) -> bool:
        """Tell whether every source of a claim may still be quoted."""
        return await self._may_quote(
            [c for c in draft.citations if c.number in claim.citations], scope
        )

    async def _may_quote(self, citations: Sequence[Citation], scope: Scope) -> bool:
        chunks = {citation.chunk for citation in citations if citation.chunk}
        return len(await self._with.library.chunks(list(chunks), scope=scope)) == len(chunks)

    async def _tokens_in(self, line: Line) -> int:
        return await self._with.model.count_tokens(f"{line.source.chunk.context}\n{line.text}\n")


def _nothing_found(inquiry: Inquiry, nearest: tuple[Citation, ...] = ()) -> Declined:
    return as_known(declined(Reason.NOT_FOUND, inquiry.language, nearest), inquiry)
