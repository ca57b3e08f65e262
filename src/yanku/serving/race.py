"""One answer: replicas are asked one after another, or side by side, until one of them begins it.

chosen ──▶ attempt ── first piece (or, of an answer shown whole, the last) ──▶ won
   ▲          │
   │          ├─ failed, busy, given up ──▶ the next replica, while attempts are left
   │          └─ nothing for too long ────▶ another beside it; who begins first wins
   └─ nobody left to ask: those asked before, after a pause
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Protocol

from yanku.errors import ModelRefused, ModelUnavailable, Overloaded, YankuError
from yanku.ports import Message, Sampling
from yanku.serving.breaker import Outcome
from yanku.serving.replica import Attempt, Replica

_PAUSE_S = 0.3
_LONGEST_REST_S = 10.0
_AGREED = 2
"""So many replicas that say nothing, or refuse, are right about the request."""


class Choice(Protocol):
    """Chooses whom to ask for one answer, and judges how long it took to begin."""

    attempts: int

    def next_one(self, tried: Sequence[Replica]) -> Replica | None:
        """Return the best replica to ask, none of those tried; None if there is none."""
        ...

    def hedge_after_s(self) -> float | None:
        """Return how long to wait for a beginning before another replica is asked, if ever."""
        ...

    def may_hedge(self) -> bool:
        """Tell whether one more answer may be asked for twice, and count it."""
        ...

    def outcome(self, replica: Replica, first_s: float) -> Outcome:
        """Return whether a beginning that took this long was slow."""
        ...


class Race:
    """The attempts at one answer; ``avoided`` are asked when there are no others.

    Whoever makes one closes it, whatever happened.
    """

    def __init__(
        self,
        choice: Choice,
        messages: Sequence[Message],
        sampling: Sampling,
        work: int,
        avoided: Sequence[Replica] = (),
    ) -> None:
        self._choice = choice
        self._avoided = tuple(avoided)
        self._messages, self._sampling, self._work = messages, sampling, work
        self._running: list[Attempt] = []
        self._tried: list[Replica] = []
        self._suspects: list[Replica] = []
        """Who said nothing, or refused: to blame only if another replica answers."""
        self._failures: list[YankuError] = []
        self._loop = asyncio.get_running_loop()
        self.hedge: Attempt | None = None
        self.winner: Attempt | None = None

    @property
    def retries(self) -> int:
        """Return how many attempts were made because another failed."""
        return max(0, len(self._tried) - 1 - (self.hedge is not None))

    async def won(self) -> list[str]:
        """Return what the winner has said by now; the others are closed.

        Without a winner, the answer is empty. Raises what went wrong last if none begins.
        """
        while await self._ask_another():
            while self._running and self.winner is None:
                await self._watch()
            if self.winner is not None:
                await self._settle(self.winner)
                return self.winner.task.result()
        if self._failures and all(isinstance(error, _NothingSaid) for error in self._failures):
            return []
        raise self._told()

    async def rest(self) -> AsyncGenerator[str, None]:
        """Yield what the winner says after that, and note how it ended."""
        winner = self.winner
        if winner is None or winner.first_s is None:
            return
        try:
            async with aclosing(winner.rest()) as pieces:
                async for piece in pieces:
                    yield piece
        except ModelUnavailable as error:
            winner.replica.fails(error, self._loop.time())
            raise
        winner.replica.answered += 1
        outcome = self._choice.outcome(winner.replica, winner.first_s)
        winner.replica.breaker.note(outcome, self._loop.time())

    async def close(self) -> None:
        """Have all engines stop."""
        await _close([*self._running, *([self.winner] if self.winner else [])])

    async def _watch(self) -> None:
        """Wait until an attempt ends, or for as long as one waits for a beginning."""
        done, _ = await asyncio.wait(
            [attempt.task for attempt in self._running],
            timeout=self._patience_s(),
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not done:
            self._hedge()
        for attempt in [a for a in self._running if a.task in done]:
            error = _error_of(attempt)
            if error is not None:
                self._lost(attempt, error)
            elif self.winner is None:
                self.winner = attempt  # One that ended a moment later is closed with the losers.

    def _lost(self, attempt: Attempt, error: YankuError) -> None:
        """Note why an attempt is not the answer; raise what is the request's own fault."""
        self._running.remove(attempt)
        attempt.let_go()
        self._failures.append(error)
        match error:
            case ModelRefused() | _NothingSaid():
                self._suspects.append(attempt.replica)
                attempt.replica.trouble = str(error)
            case Overloaded():
                rest_s = min(error.retry_after_s, _LONGEST_REST_S)
                attempt.replica.busy_until = self._loop.time() + rest_s
            case ModelUnavailable():
                attempt.replica.fails(error, self._loop.time())
            case _:
                raise error

    async def _ask_another(self) -> bool:
        """Ask the next replica; False if there have been enough, or there is none."""
        agreed = len(self._suspects) >= _AGREED
        if agreed or len(self._tried) >= self._choice.attempts:
            return False
        replica = self._choice.next_one((*self._tried, *self._avoided))
        if replica is None and self._avoided:
            replica = self._choice.next_one(self._tried)
        if replica is None and any(_may_pass(error) for error in self._failures):
            await asyncio.sleep(_PAUSE_S)
            replica = self._choice.next_one(())
        if replica is not None:
            self._ask(replica)
        return replica is not None

    def _ask(self, replica: Replica) -> Attempt:
        attempt = Attempt(replica, self._messages, self._sampling, self._work)
        self._tried.append(replica)
        self._running.append(attempt)
        return attempt

    def _patience_s(self) -> float | None:
        after_s = self._choice.hedge_after_s()
        (first, *more) = self._running
        if after_s is None or self.hedge or more or first.first_s is not None:
            return None
        left_s = after_s - first.waited_s
        return left_s if left_s > 0 else None

    def _hedge(self) -> None:
        """Ask another replica beside the one that has not begun."""
        if self._running[0].first_s is not None or len(self._tried) >= self._choice.attempts:
            return
        replica = self._choice.next_one(self._tried)
        if replica is not None and replica.usable and self._choice.may_hedge():
            self.hedge = self._ask(replica)

    async def _settle(self, winner: Attempt) -> None:
        """Close who lost, and blame who said nothing where the winner said something."""
        now = self._loop.time()
        losers = [attempt for attempt in self._running if attempt is not winner]
        for loser in losers:
            if loser.first_s is None:
                outcome = self._choice.outcome(loser.replica, loser.waited_s)
                loser.replica.breaker.note(outcome, now)
        for suspect in self._suspects:
            suspect.fails(_NothingSaid(suspect.trouble), now)
        await _close(losers)
        self._running = []

    def _told(self) -> YankuError:
        """Return what the asker hears of the failures."""
        if not self._failures:
            return ModelUnavailable(
                "no replica of the model generates anything; each is tried again all the time, "
                "and used as soon as it does"
            )
        busy = [error for error in self._failures if isinstance(error, Overloaded)]
        if len(busy) == len(self._failures):
            return min(busy, key=lambda error: error.retry_after_s)
        return next(
            error for error in reversed(self._failures) if not isinstance(error, Overloaded)
        )


class _NothingSaid(ModelUnavailable):
    """The replica ended the answer without having said anything."""


def _error_of(attempt: Attempt) -> YankuError | None:
    """Return why an attempt that ended is no answer; raise what nobody foresaw."""
    if attempt.task.cancelled():
        return ModelUnavailable(f"{attempt.replica.name} fell silent")
    error = attempt.task.exception()
    if error is None:
        nothing = f"{attempt.replica.name} ended an answer without having said anything"
        return None if attempt.task.result() else _NothingSaid(nothing)
    if isinstance(error, YankuError):
        return error
    raise error


def _may_pass(error: YankuError) -> bool:
    """Tell whether the same replica may do better in a moment."""
    return not isinstance(error, ModelRefused | Overloaded | _NothingSaid)


async def _close(attempts: Sequence[Attempt]) -> None:
    for attempt in attempts:
        attempt.let_go()
    for attempt in attempts:
        await attempt.closed()
