"""Lets requests into the models: as many at once as serve best, in fair turns, or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

from yanku.errors import AnswerBrokeOff, DeadlinePassed, ModelUnavailable, Overloaded
from yanku.model.answer import Answer
from yanku.model.call import Call
from yanku.ports import Message, Model, Models, Sampling
from yanku.serving.closing import closing_stream
from yanku.serving.fair import FairQueue
from yanku.serving.limit import BestLimit

_RECENT = 256
_CHARACTERS = 2
"""Characters of a prompt to a token, about; only shares of the engine depend on it."""

Spent = Callable[[Call, int], None]
"""Called with what an answer cost, in tokens of prompt and answer, about."""
Waited = Callable[[float], None]
"""Called with the seconds until a request's turn."""


@dataclass(eq=False, slots=True)
class _Ticket:
    admitted: asyncio.Future[None]


class Admission:
    """Models that are entered in turn (``ports.Models``).

    ``waiting`` is the longest line, ``waiting_each`` that of one user. Who would not begin before
    their deadline, or finds the line full, is refused at once with Overloaded and a time to come
    back. ``refused`` counts by reason, ``inside`` and ``in_line`` are what they say.
    """

    REASONS = ("full", "user", "deadline")
    """Why a request is refused."""

    def __init__(
        self,
        models: Models,
        limit: BestLimit,
        *,
        waiting: int,
        waiting_each: int,
        spent: Spent = lambda _call, _tokens: None,
        waited: Waited = lambda _seconds: None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.limit = limit
        self.inside = 0
        self.refused: Counter[str] = Counter()
        self.waits: deque[float] = deque(maxlen=_RECENT)
        self._models = models
        self._waiting, self._waiting_each = waiting, waiting_each
        self._spent, self._waited = spent, waited
        self._now = now
        self._line: FairQueue[_Ticket] = FairQueue()
        self._takes_s = 1.0

    @property
    def in_line(self) -> int:
        """Return how many requests wait."""
        return len(self._line)

    def for_call(self, call: Call) -> Model:
        """Return the model that serves this call; its answers wait for their turn."""
        return _Admitted(self, self._models.for_call(call), call)

    def told(self, model: Model, answer: Answer | None) -> None:
        """Pass on what became of an answer that this model helped to write."""
        if isinstance(model, _Admitted):
            self._models.told(model.model, answer)

    async def close(self) -> None:
        """Close the models."""
        await self._models.close()

    def expected_wait_s(self) -> float:
        """Return how long somebody who comes now would wait, about."""
        if self.inside < self.limit.value and not self._line:
            return 0.0
        return (len(self._line) + 1) * self._takes_s / max(self.limit.value, 1)

    @asynccontextmanager
    async def place(self, call: Call, cost: float) -> AsyncIterator[None]:
        """Hold one of the places inside."""
        came = self._now()
        if self.inside >= self.limit.value or self._line:
            self._refuse_hopeless(call)
            await self._turn(call, cost)
        else:
            self.inside += 1
        began = self._now()
        self.waits.append(began - came)
        self._waited(began - came)
        try:
            yield
        finally:
            self.inside -= 1
            self._takes_s += 0.1 * (self._now() - began - self._takes_s)
            self.limit.finished(self._now(), others_wait=len(self._line) > 0)
            self._let_in()

    def spent(self, call: Call, tokens: int) -> None:
        """Note what an answer cost."""
        self._spent(call, tokens)

    def _refuse_hopeless(self, call: Call) -> None:
        wait_s = self.expected_wait_s()
        if len(self._line) >= self._waiting:
            self._refuse(
                "full",
                f"{self.inside} answers are being written and "
                f"{len(self._line)} waited for; try again shortly",
                wait_s,
            )
        if self._line.of_user(call) >= self._waiting_each:
            self._refuse(
                "user",
                f"{self._waiting_each} of your own questions wait already; "
                "let them be answered first",
                wait_s,
            )
        if call.until is not None and self._now() + wait_s > call.until:
            self._refuse(
                "deadline",
                f"your answer would not begin for {wait_s:.1f} s, which is "
                "later than you wait; try again with more time",
                wait_s,
            )

    def _refuse(self, reason: str, message: str, wait_s: float) -> None:
        self.refused[reason] += 1
        raise Overloaded(message, max(1.0, min(wait_s, 60.0)))

    async def _turn(self, call: Call, cost: float) -> None:
        ticket = _Ticket(asyncio.get_running_loop().create_future())
        self._line.add(ticket, call, cost)
        try:
            async with _until(call, self._now):
                await ticket.admitted
        except BaseException:
            if ticket.admitted.done() and not ticket.admitted.cancelled():
                self.inside -= 1  # Let in, and gone in the same moment.
                self._let_in()
            else:
                self._line.remove(ticket, call)
            raise

    def _let_in(self) -> None:
        while len(self._line) and self.inside < self.limit.value:
            ticket = self._line.take()
            if not ticket.admitted.done():
                self.inside += 1
                ticket.admitted.set_result(None)


class _Admitted:
    """One call's model: what it generates has waited for its turn."""

    def __init__(self, admission: Admission, model: Model, call: Call) -> None:
        self.name, self.version, self.window = model.name, model.version, model.window
        self.model = model
        self._admission = admission
        self._call = call

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the model's pieces; closing this frees the place, and the engine, at once.

        Raises AnswerBrokeOff where the model fails after its first piece.
        """
        asked = sum(len(said.content) for said in messages) // _CHARACTERS
        sampling = replace(sampling, whole=sampling.whole or self._call.whole)
        answered = 0
        async with self._admission.place(self._call, asked + sampling.max_tokens):
            try:
                stream = closing_stream(self.model.generate(messages, sampling))
                async with aclosing(stream) as pieces:
                    while True:
                        async with _until(self._call, monotonic):
                            piece = await anext(pieces, None)
                        if piece is None:
                            return
                        answered += 1
                        yield piece
            except ModelUnavailable as error:
                if not answered:
                    raise
                raise AnswerBrokeOff(str(error)) from error
            finally:
                self._admission.spent(self._call, asked + answered)

    async def count_tokens(self, text: str) -> int:
        """Return the model's own count; it needs no place."""
        return await self.model.count_tokens(text)

    async def close(self) -> None:
        """Close nothing: the model is everybody's."""


@asynccontextmanager
async def _until(call: Call, now: Callable[[], float]) -> AsyncIterator[None]:
    """Raise DeadlinePassed when the asker stops waiting."""
    if call.until is None:
        yield
        return
    try:
        async with asyncio.timeout(max(0.0, call.until - now())):
            yield
    except TimeoutError as error:
        raise DeadlinePassed("the answer took longer than you wait; nothing was given") from error
