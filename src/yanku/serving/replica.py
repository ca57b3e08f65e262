"""One of several engines that serve the same model: what it is busy with, and how it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from yanku.errors import ModelUnavailable, YankuError
from yanku.ports import Message, Model, Sampling
from yanku.serving.breaker import USUAL, Breaker, BreakerRules, Fault, Outcome, State
from yanku.serving.closing import closing_stream

Pulse = Callable[[], Awaitable[None]]
"""Has an engine generate a token; raises ModelError if it does not."""

_PROBE = (Message("user", "1"),)
_SHARE = 0.2
"""How much of the usual time to the first piece each new one is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A replica as an operator sees it. ``for_s`` is how long it has been in its state,
    None from the start.

    ``outstanding`` are answers being written, ``work`` their tokens, about; ``first_s`` is the
    usual time to a first piece, if there was one; ``trouble`` is what went wrong last.
    """

    name: str
    state: State
    fault: Fault | None
    for_s: float | None
    outstanding: int
    work: int
    answered: int
    failed: int
    first_s: float | None
    trouble: str


class Replica:
    """A model's engine called ``name``. ``pulse`` tries it; without one, a short answer does.

    ``heard`` is when a piece came last, ``busy_until`` until when it asked to be left alone.
    ``changed`` is called when its breaker opens, is tried, or closes.
    """

    def __init__(
        self,
        name: str,
        model: Model,
        pulse: Pulse | None = None,
        *,
        rules: BreakerRules = USUAL,
        changed: Callable[[Seen], None] = lambda _seen: None,
    ) -> None:
        self.name, self.model = name, model
        self.pulse = pulse or self._short_answer
        self.attempts: set[Attempt] = set()
        self.answered = self.failed = 0
        self.first_s: float | None = None
        self.heard = self.busy_until = float("-inf")
        self.trouble = ""
        self.breaker = Breaker(rules, lambda now: changed(self.seen(now)))

    @property
    def work(self) -> int:
        """Return the tokens it has still to read and write, about."""
        return sum(attempt.work for attempt in self.attempts)

    @property
    def usable(self) -> bool:
        """Tell whether it gets requests."""
        return self.breaker.state is State.CLOSED

    @property
    def silent(self) -> bool:
        """Tell whether whoever asked it would only wait."""
        return self.breaker.fault is Fault.SILENT

    def came(self, first_s: float) -> None:
        """Note how long a first piece took."""
        before = self.first_s if self.first_s is not None else first_s
        self.first_s = before + _SHARE * (first_s - before)

    def fails(self, error: Exception, now: float) -> None:
        """Note a failure that is its own."""
        self.failed += 1
        self.trouble = str(error)
        self.breaker.note(Outcome.FAILED, now)

    def fails_probe(self, error: YankuError, now: float) -> None:
        """Note that it was tried and answered, and that it generates nothing."""
        self.trouble = str(error)
        self.breaker.probed(now, generates=False)

    def give_up(self) -> None:
        """Let nobody wait for it any longer; who has shown nothing may ask another replica."""
        for attempt in self.attempts:
            attempt.give_up()

    def seen(self, now: float) -> Seen:
        """Return how it does."""
        since = self.breaker.since
        return Seen(
            name=self.name,
            state=self.breaker.state,
            fault=self.breaker.fault,
            for_s=None if since is None else now - since,
            outstanding=len(self.attempts),
            work=self.work,
            answered=self.answered,
            failed=self.failed,
            first_s=self.first_s,
            trouble=self.trouble,
        )

    async def _short_answer(self) -> None:
        pieces = closing_stream(self.model.generate(_PROBE, Sampling(max_tokens=2)))
        async with aclosing(pieces) as answer:
            async for _ in answer:
                return
        raise ModelUnavailable("it ended an answer without having generated anything")


class Attempt:
    """An answer being fetched from one replica, from the moment it was chosen.

    ``task`` ends with the pieces that are there when the answer begins to come, or, ``whole``, when
    it is complete. From then on ``rest`` yields what follows.
    """

    def __init__(
        self, replica: Replica, messages: Sequence[Message], sampling: Sampling, work: int
    ) -> None:
        self.replica, self.work = replica, work
        self.first_s: float | None = None
        self._waiting: asyncio.Timeout | None = None
        self._loop = asyncio.get_running_loop()
        self.began = self._loop.time()
        self._pieces = closing_stream(replica.model.generate(messages, sampling))
        replica.attempts.add(self)
        self.task = asyncio.create_task(self._begin(whole=sampling.whole))

    @property
    def waited_s(self) -> float:
        """Return how long ago it was begun."""
        return self._loop.time() - self.began

    async def rest(self) -> AsyncGenerator[str, None]:
        """Yield what comes after the pieces that ``task`` returned."""
        while (piece := await self._next()) is not None:
            self.replica.heard = self._loop.time()
            yield piece

    def give_up(self) -> None:
        """Have whoever waits for its next piece wait no longer."""
        self.task.cancel()
        if self._waiting is not None:
            self._waiting.reschedule(self._loop.time())

    def let_go(self) -> None:
        """Count no longer as work of the replica, and stop waiting for it."""
        self.replica.attempts.discard(self)
        self.task.cancel()

    async def closed(self) -> None:
        """Return when the engine was told to stop; after ``let_go``."""
        while not self.task.done():
            # More than once: a cancellation that meets a result may be lost.
            self.task.cancel()
            await asyncio.wait({self.task}, timeout=1)
        if not self.task.cancelled():
            self.task.exception()  # Looked at, so that nobody misses it.
        await self._pieces.aclose()

    async def _next(self) -> str | None:
        try:
            async with asyncio.timeout(None) as self._waiting:
                return await anext(self._pieces, None)
        except TimeoutError as error:
            raise ModelUnavailable(f"{self.replica.name} fell silent within an answer") from error
        finally:
            self._waiting = None

    async def _begin(self, *, whole: bool) -> list[str]:
        pieces: list[str] = []
        async for piece in self._pieces:
            self.replica.heard = self._loop.time()
            if self.first_s is None:
                self.first_s = self.waited_s
                self.replica.came(self.first_s)
            pieces.append(piece)
            if not whole:
                break
        return pieces
