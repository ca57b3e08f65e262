"""The story of an answer given again: what it is kept under, who may have it, when it is stale."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import perf_counter

from yanku.finance.names import said_in
from yanku.flows.events import Done, Event
from yanku.model.answer import Answer, Grounded, citations_of
from yanku.model.inquiry import Inquiry, Task
from yanku.model.kept import Edition, EditionMark, Kept, Reuse
from yanku.model.people import NOW, Scope
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.search import Hit
from yanku.ports import Answers, Clock, Ledger, Library
from yanku.serving.flights import Flights

_TRIES = 3
"""How often a question is looked up anew because the library changed under it."""
REUSED = "cache"
"""Under what name a receipt says that its answer was given before: no part that took part."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_END = re.compile(r"[\s?!.。]+$")


@dataclass(frozen=True, slots=True)
class Case:
    """A question understood, who asks, and everything else its answer depends on.

    ``settled`` names what takes part: product, model, prompt, sampling, and what else the context
    of the question sets, such as a day as of which it is asked.
    """

    inquiry: Inquiry
    scope: Scope
    settled: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    started: float


Work = Callable[[], AsyncGenerator[Event, None]]


class Memory:
    """Gives an answer again while it is still what would be answered; without ``answers``, never.

    ``reused`` counts by reason, ``missed`` what was answered anew, ``asked`` all questions.
    """

    def __init__(
        self, *, answers: Answers | None, library: Library, ledger: Ledger, clock: Clock
    ) -> None:
        self._answers = answers
        self._library = library
        self._ledger = ledger
        self._clock = clock
        self._flights = Flights()
        self.reused: Counter[Reuse] = Counter()
        self.asked = self.missed = 0

    async def size(self) -> int:
        """Return how many answers are kept."""
        return await self._answers.size() if self._answers else 0

    async def through(self, case: Case, work: Work) -> AsyncGenerator[Event, None]:
        """Yield Done with a kept answer, or what ``work`` yields, and keep what it ends with."""
        self.asked += 1
        async with aclosing(self._answered(case, work)) as events:
            async for event in events:
                if isinstance(event, Done) and event.reuse is None:
                    self.missed += 1
                yield event

    async def _answered(self, case: Case, work: Work) -> AsyncGenerator[Event, None]:
        if not self._serves(case):
            async with aclosing(work()) as events:
                async for event in events:
                    yield event
            return
        for _ in range(_TRIES):
            edition = await self._library.edition(scope=case.scope)
            keys = self._keys(case, edition)
            done = await self._again(case, keys, edition) or await self._joined(case, keys, edition)
            if done is not None:
                yield done
                return
            if self._flights.find(_flight(keys, edition)) is None:
                break
        async with aclosing(self._led(case, keys, edition, work)) as events:
            async for event in events:
                yield event

    async def same_evidence(self, case: Case, hits: Sequence[Hit]) -> Answer | None:
        """Return what was answered over exactly these passages, which the asker may all read."""
        if self._answers is None or not self._serves(case):
            return None
        kept = await self._answers.kept(_evidence_key(case, hits), EditionMark(""))
        if kept is None:
            return None
        self.reused[Reuse.EVIDENCE] += 1
        return kept.answer

    async def keep_evidence(self, case: Case, hits: Sequence[Hit], done: Done) -> None:
        """Keep an answer for when the same passages are found again."""
        if self._serves(case):
            kept = Kept(
                done.answer,
                done.receipt,
                tuple(hit.chunk.id for hit in hits),
                tuple(dict.fromkeys(hit.chunk.document for hit in hits)),
            )
            await self._keep(_evidence_key(case, hits), kept)

    def _serves(self, case: Case) -> bool:
        """Tell whether anything is kept for a case: editions count changes of now alone."""
        return self._answers is not None and case.scope.as_of == NOW

    async def _again(self, case: Case, keys: dict[Reuse, str], edition: Edition) -> Done | None:
        assert self._answers is not None  # noqa: S101 - for the type checker
        for reuse, key in keys.items():
            kept = await self._answers.kept(key, edition.mark)
            if kept is not None:
                return await self._repeat(case, kept, edition, reuse)
        return None

    async def _joined(self, case: Case, keys: dict[Reuse, str], edition: Edition) -> Done | None:
        flight = self._flights.find(_flight(keys, edition))
        kept = await flight.outcome() if flight else None
        return await self._repeat(case, kept, edition, Reuse.JOINED) if kept else None

    async def _led(
        self, case: Case, keys: dict[Reuse, str], edition: Edition, work: Work
    ) -> AsyncGenerator[Event, None]:
        flying = _flight(keys, edition)
        if self._flights.find(flying) is not None:  # Given up on joining: go alone.
            async with aclosing(work()) as events:
                async for event in events:
                    yield event
            return
        with self._flights.lead(flying) as flight:
            async with aclosing(work()) as events:
                async for event in events:
                    if isinstance(event, Done):
                        kept = await self._remember(case, keys, edition, event)
                        flight.land(kept)
                    yield event

    async def _remember(
        self, case: Case, keys: dict[Reuse, str], edition: Edition, done: Done
    ) -> Kept:
        receipt = await self._ledger.receipt(done.receipt, scope=case.scope)
        cited = (citation.document for citation in citations_of(done.answer))
        documents = tuple(dict.fromkeys((*receipt.documents, *cited)))
        kept = Kept(done.answer, done.receipt, receipt.hits, documents, edition.mark)
        await self._keep(keys[Reuse.EXACT], kept)
        # Words had no part in an answer that facts gave: it belongs to the plan.
        if Reuse.PLAN in keys and isinstance(done.answer, Grounded) and not receipt.hits:
            await self._keep(keys[Reuse.PLAN], kept)
        return kept

    async def _keep(self, key: str, kept: Kept) -> None:
        assert self._answers is not None  # noqa: S101 - for the type checker
        await self._answers.keep(key, kept)
        # Forgotten while it was being kept: whoever forgot may have looked before it was here.
        there = await self._library.existing(kept.documents)
        if gone := set(kept.documents) - there:
            await self._answers.drop(gone)

    async def _repeat(self, case: Case, kept: Kept, edition: Edition, reuse: Reuse) -> Done | None:
        """Give an answer again, with a receipt of its own; None if it may not be any more."""
        latency_ms = round((perf_counter() - case.started) * 1000)
        receipt = Receipt(
            id=ReceiptId(uuid.uuid4().hex),
            at=self._clock.now(),
            user=case.scope.user,
            question=case.inquiry.asked or case.inquiry.question,
            reading=case.inquiry.question if case.inquiry.asked else "",
            readers=case.scope.readers,
            hits=kept.hits,
            documents=kept.documents,
            versions=(*case.versions, (REUSED, reuse.value)),
            answer=kept.answer,
            latency_ms=latency_ms,
        )
        if not await self._ledger.repeat(receipt, of=kept.receipt, edition=edition.mark):
            return None
        self.reused[reuse] += 1
        return Done(receipt.id, kept.answer, latency_ms, reuse)

    def _keys(self, case: Case, edition: Edition) -> dict[Reuse, str]:
        """Return what an answer may be kept under; the reader keys that open anything are in it."""
        day = self._clock.now().date().isoformat()
        common = (edition.readers, case.settled, day)
        inquiry = case.inquiry
        keys = {Reuse.EXACT: _digest("exact", *common, _as_read(inquiry))}
        if inquiry.task is not Task.TEXT and not inquiry.asked:
            said = tuple(said_in(company, inquiry.question) for company in inquiry.companies)
            plan = replace(inquiry, question="", topic=())
            keys[Reuse.PLAN] = _digest("plan", *common, plan, said)
        return keys


def plain_question(question: str) -> str:
    """Return a question without what never matters: full width, blanks, the mark at its end.

    Neither case nor signs such as ² are touched: MW and mW differ, and so do 10² and 102.
    """
    return _END.sub("", " ".join(question.translate(_WIDE).split()))


def _as_read(inquiry: Inquiry) -> Inquiry:
    return replace(
        inquiry,
        question=plain_question(inquiry.question),
        asked=plain_question(inquiry.asked),
    )


def _evidence_key(case: Case, hits: Sequence[Hit]) -> str:
    seen = tuple((hit.chunk, hit.file, hit.profile) for hit in hits)
    return _digest("evidence", case.settled, _as_read(case.inquiry), seen)


def _flight(keys: dict[Reuse, str], edition: Edition) -> str:
    return keys[Reuse.EXACT] + edition.mark


def _digest(*parts: object) -> str:
    """Return a key of frozen values: their ``repr`` shows every field, and so tells them apart."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
