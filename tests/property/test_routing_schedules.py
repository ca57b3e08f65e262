"""Laws of routing over random schedules: replicas that fail, fall silent, are slow or busy."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from yanku.errors import ModelRefused, ModelUnavailable, Overloaded, YankuError
from yanku.ports import Message, Sampling
from yanku.serving.breaker import BreakerRules
from yanku.serving.replica import Replica
from yanku.serving.routing import Router, RoutingRules
from yanku.testing.leaping import run_leaping
from yanku.testing.replicas import Played, ScriptedModel, Turn

SCHEDULES = 1000
_PATIENCE_S = 100.0


@dataclass
class Asked:
    """One request and what its asker saw."""

    question: str
    whole: bool
    at: float
    leaves_after: int | None
    pieces: list[str] = field(default_factory=list)
    first_at: float | None = None
    open_at_first: int = 0
    ended: str = ""
    """``whole``, ``left``, ``timeout``, or the name of an error."""


class Schedule:
    """A world made from a seed: replicas with moods, and people who ask."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        names = "abcd"[: self.chance.randint(1, 4)]
        self.moods = {name: self.chance.choice(_MOODS) for name in names}
        self.models = [ScriptedModel(name, partial(self._turn, name)) for name in names]
        self.router = Router(
            [
                Replica(one.name, one, self._pulse(one.name), rules=BreakerRules(failures=2))
                for one in self.models
            ],
            RoutingRules(
                attempts=self.chance.randint(1, 4),
                probe_s=self.chance.choice([0.5, 2.0]),
                silence_s=self.chance.choice([1.0, 5.0]),
                hedge_s=self.chance.choice([None, 0.2, 1.0]),
            ),
        )
        self.asked = [self._request(number) for number in range(self.chance.randint(2, 16))]
        self.least = 0

    def plays(self, question: str) -> list[Played]:
        return [one for model in self.models for one in model.played if one.question == question]

    async def run(self) -> None:
        watching = asyncio.create_task(self._watch())
        await asyncio.gather(*(self._ask(one) for one in self.asked))
        watching.cancel()
        await self.router.close()

    async def _watch(self) -> None:
        while True:
            if self.chance.random() < 0.02:
                self.moods[self.chance.choice(list(self.moods))] = self.chance.choice(_MOODS)
            for seen in self.router.snapshot():
                self.least = min(self.least, seen.outstanding, seen.work)
            await asyncio.sleep(0.1)

    async def _ask(self, one: Asked) -> None:
        await asyncio.sleep(one.at)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._listen(one)
        except TimeoutError:
            one.ended = "timeout"
        except YankuError as error:
            one.ended = type(error).__name__
        assert all(play.closed is not None for play in self.plays(one.question)), "left open"

    async def _listen(self, one: Asked) -> None:
        asked = [Message("user", one.question)]
        sampling = Sampling(max_tokens=64, whole=one.whole)
        async with aclosing(self.router.generate(asked, sampling)) as pieces:
            async for piece in pieces:
                if one.first_at is None:
                    one.first_at = asyncio.get_running_loop().time()
                    still = [play for play in self.plays(one.question) if play.closed is None]
                    one.open_at_first = len(still)
                one.pieces.append(piece)
                if len(one.pieces) == one.leaves_after:
                    one.ended = "left"
                    return
        one.ended = "whole"

    def _request(self, number: int) -> Asked:
        return Asked(
            question=f"问题{number}",
            whole=self.chance.random() < 0.5,
            at=self.chance.choice([0.0, self.chance.uniform(0, 20)]),
            leaves_after=self.chance.choice([None, None, None, 1, 3]),
        )

    def _turn(self, name: str, _question: str) -> Turn:
        return self.chance.choice(self.moods[name][0])

    def _pulse(self, name: str) -> Callable[[], Awaitable[None]]:
        async def pulse() -> None:
            await asyncio.sleep(0.05)
            match self.chance.choice(self.moods[name][1]):
                case "silent":
                    await asyncio.sleep(1e9)
                case "fails":
                    raise ModelUnavailable("no")
                case "busy":
                    raise Overloaded("busy", 1.0)

        return pulse


_DOWN, _BUSY = ModelUnavailable("no line"), Overloaded("busy", 2.0)
_GOOD = (Turn(pieces=5), Turn(pieces=1), Turn(pieces=20, each_s=0.1))
_BAD = (
    Turn(pieces=0, first_s=0, failure=_DOWN),
    Turn(pieces=3, failure=_DOWN),
    Turn(pieces=0, failure=ModelRefused("400")),
    Turn(pieces=0),
)
_QUIET = (Turn(silent_after=0), Turn(silent_after=2), Turn(pieces=2, silent_after=2))
_SLOW = (Turn(first_s=3.0), Turn(first_s=0.2), Turn(each_s=2.0))
_MOODS: list[tuple[tuple[Turn, ...], tuple[str, ...]]] = [
    (_GOOD, ("well",)),
    (_GOOD, ("well",)),
    (_BAD, ("fails",)),
    (_QUIET, ("silent",)),
    (_QUIET + _GOOD, ("well", "silent")),
    (_SLOW, ("well",)),
    ((*_GOOD, Turn(pieces=0, failure=_BUSY)), ("well", "busy")),
    (_GOOD + _BAD + _QUIET + _SLOW, ("well", "fails", "silent")),
]


def check(schedule: Schedule, one: Asked) -> None:
    """Hold one request against the laws."""
    plays = schedule.plays(one.question)
    first = [play for play in plays if one.first_at is None or play.began <= one.first_at]
    assert len(first) <= schedule.router.rules.attempts
    speakers = {piece.partition(".")[0] for piece in one.pieces}
    assert len(speakers) <= 1, "pieces of two replicas were mixed"
    assert one.pieces == [f"{name}.{n} " for name in speakers for n in range(len(one.pieces))]
    if one.first_at is not None:
        again = [play for play in plays if play.began > one.first_at]
        told = [play.closed for play in first if play.first is not None]
        assert not (again and one.whole), "asked again after a whole answer began"
        assert all(end is not None and end <= play.began for end in told for play in again), (
            "asked again beside the one that told"
        )
        assert one.open_at_first <= (0 if one.whole else 1), "a loser was left open"
    if one.ended == "whole" and one.pieces:
        assert any(play.whole for play in plays), "a torn answer was given as whole"
    if one.whole and one.ended not in {"whole", "left"}:
        assert one.pieces == [], "part of an answer was shown that was to be whole"


def test_laws_hold_over_a_thousand_random_schedules() -> None:
    seen: set[str] = set()
    counted = 0
    for seed in range(SCHEDULES):
        schedule = Schedule(seed)
        try:
            run_leaping(schedule.run())
            for one in schedule.asked:
                check(schedule, one)
                seen.add(one.ended)
            assert schedule.least == 0
            end = [(model.name, one) for model in schedule.models for one in model.played]
            assert all(one.closed is not None for _, one in end)
            assert all(not replica.attempts for replica in schedule.router.replicas)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        counted += schedule.router.counted["hedges_won"] + schedule.router.counted["retries"]
    # The schedules are worth something only if all of this happened.
    assert {"whole", "left", "timeout", "ModelUnavailable", "Overloaded"} <= seen
    assert counted > SCHEDULES
