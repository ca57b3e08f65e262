"""The story of a question asked twice: a version on trial answers it too, and nobody sees it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from yanku.answer.draft import Draft
from yanku.answer.evidence import Line
from yanku.answer.prompt import prompt
from yanku.answer.sentences import Sentences
from yanku.answer.stated import Words
from yanku.errors import YankuError
from yanku.model.amount import find_amounts
from yanku.model.answer import Answer, Declined, Grounded
from yanku.model.call import Call, Priority
from yanku.model.inquiry import Inquiry
from yanku.model.people import Scope
from yanku.model.receipt import ReceiptId
from yanku.model.release import ReleaseState, ShadowPair, Side
from yanku.ports import Clock, Library, Model, Models, ReleaseBook, Sampling
from yanku.serving.closing import closing_stream
from yanku.serving.quiet import Quiet
from yanku.serving.trial import Trial, trial_of, withheld_in

_WAITING = 16
"""Copies that wait at most; more are let go, since they are a sample anyway."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question the stable version answered, the evidence it was shown, and what it made of it."""

    inquiry: Inquiry
    scope: Scope
    lines: Sequence[Line]
    answer: Answer
    receipt: ReceiptId
    model: Model
    sampling: Sampling


class Following(Protocol):
    """Whoever knows which release is being tried."""

    state: ReleaseState


class Shadows:
    """Asks a sample of questions again, one at a time and after everybody else."""

    def __init__(
        self,
        *,
        releases: Following,
        models: Models,
        book: ReleaseBook,
        library: Library,
        words: Words,
        clock: Clock,
        quiet: Quiet,
    ) -> None:
        self._releases = releases
        self._models = models
        self._book = book
        self._library = library
        self._words = words
        self._clock = clock
        self._quiet = quiet
        self._one = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def offer(self, asked: Asked) -> None:
        """Take a question into the sample, or not; this never waits and never raises."""
        state = self._releases.state
        trial = trial_of(asked.model)
        if trial is None or not trial.role.counted or trial.role.on_trial:
            return
        if not state.running or len(self._tasks) >= _WAITING:
            return
        if _position(asked.receipt, state.release) >= state.shadow:
            return
        task = asyncio.create_task(self._compare(asked, trial, state))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def rest(self) -> None:
        """Return when every copy taken so far has been answered."""
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Let go of what is not answered yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _compare(self, asked: Asked, trial: Trial, state: ReleaseState) -> None:
        stable = _side(asked.answer, trial)
        async with self._one:
            await self._quiet.turn()
            if self._releases.state.release != state.release or not self._releases.state.running:
                return
            if not await self._may_still_read(asked):
                return
            at, release = self._clock.now(), state.release
            model = self._models.for_call(Call(priority=Priority.BATCH, shadow=True))
            try:
                answer = await self._answer(asked, model)
                other = _side(answer, trial_of(model))
                same = numbers_of(asked.answer) == numbers_of(answer)
                pair = ShadowPair(release, asked.receipt, at, stable, other, same)
            except YankuError as error:
                pair = ShadowPair(release, asked.receipt, at, stable, None, failure=error.code)
            await self._book.keep_pair(pair)

    async def _may_still_read(self, asked: Asked) -> bool:
        """Tell whether the person may still read all of the evidence, which may be gone by now."""
        chunks = {line.source.chunk.id for line in asked.lines}
        found = await self._library.chunks(list(chunks), scope=asked.scope)
        return len(found) == len(chunks)

    async def _answer(self, asked: Asked, model: Model) -> Answer:
        inquiry, cutter = asked.inquiry, Sentences()
        draft = Draft(inquiry.question, asked.lines, self._words)
        messages = prompt(inquiry.question, asked.lines, inquiry.language)
        async with aclosing(closing_stream(model.generate(messages, asked.sampling))) as pieces:
            async for piece in pieces:
                _offer(draft, cutter.add(piece))
        _offer(draft, cutter.rest())
        return draft.answer(inquiry)


def _offer(draft: Draft, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        draft.offer(sentence)


def numbers_of(answer: Answer) -> frozenset[tuple[Decimal, str]]:
    """Return the amounts in an answer's sentences; of a decline there are none."""
    if isinstance(answer, Declined):
        return frozenset()
    found = (printed.amount for claim in answer.claims for printed in find_amounts(claim.text))
    return frozenset((amount.value, amount.unit) for amount in found)


def _side(answer: Answer, trial: Trial | None) -> Side:
    cited = isinstance(answer, Grounded) and all(claim.citations for claim in answer.claims)
    first_ms, whole_ms = (trial.first_ms, trial.whole_ms) if trial else (0, 0)
    return Side(isinstance(answer, Declined), cited, withheld_in(answer), first_ms, whole_ms)


def _position(receipt: ReceiptId, release: str) -> float:
    digest = hashlib.sha256(f"{release}\0shadow\0{receipt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
