"""Engines in processes of their own are killed, frozen and spoiled, and nobody who asks notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from yanku.adapters.model_openai import OpenAiModel
from yanku.errors import YankuError
from yanku.ports import Message, Model, Sampling
from yanku.serving.breaker import State
from yanku.serving.replica import Replica
from yanku.serving.routing import Router, RoutingRules
from yanku.testing.engine import EngineProcess, Manner, engines
from yanku.testing.model import FakeModel, ModelContract

IN_FLIGHT = 16
ANSWER = "".join(f"{number} " for number in range(8))


class TestRouted(ModelContract):
    @pytest.fixture
    async def model(self) -> AsyncIterator[Model]:
        router = Router([Replica(name, FakeModel()) for name in "abc"])
        yield router
        await router.close()


@asynccontextmanager
async def routed(
    *replicas: EngineProcess, rules: RoutingRules | None = None
) -> AsyncIterator[Router]:
    """Open a router over engines, as the wiring makes it."""
    made = []
    for engine in replicas:
        model = OpenAiModel(engine.url, "stub", window=8192, pauses_s=())
        made.append(Replica(engine.url, model, model.pulse))
    router = Router(made, rules or RoutingRules())
    router.watch()
    try:
        yield router
    finally:
        await router.close()


@dataclass
class Load:
    """People who ask one question after another, and what came of it: when it ended, how long."""

    router: Router
    whole: bool
    took: list[tuple[float, float]] = field(default_factory=list)
    failed: list[YankuError] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Load]:
        people = [asyncio.create_task(self._person(number)) for number in range(IN_FLIGHT)]
        try:
            yield self
        finally:
            for person in people:
                person.cancel()
            await asyncio.gather(*people, return_exceptions=True)

    async def _person(self, number: int) -> None:
        for turn in range(10_000):
            began = time.monotonic()
            try:
                said = await self._answer(f"第{number}人的第{turn}问")
                assert said == ANSWER
                self.took.append((time.monotonic(), time.monotonic() - began))
            except YankuError as error:
                self.failed.append(error)

    async def _answer(self, question: str) -> str:
        sampling = Sampling(whole=self.whole)
        pieces = self.router.generate([Message("user", question)], sampling)
        return "".join([piece async for piece in pieces])

    def last_slow(self, than_s: float) -> float:
        """Return when the last answer ended that took longer."""
        return max((at for at, took_s in self.took if took_s > than_s), default=0.0)


async def until(condition: Callable[[], bool], within_s: float) -> float:
    """Return how long it took until a condition held."""
    began = time.monotonic()
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)
    return time.monotonic() - began


def state(router: Router, engine: EngineProcess) -> State:
    return next(seen.state for seen in router.snapshot() if seen.name == engine.url)


async def test_nobody_whose_answer_is_shown_whole_notices_a_killed_replica() -> None:
    async with (
        engines(3, service_s=0.2, slots=32) as started,
        routed(*started) as router,
        Load(router, whole=True).running() as load,
    ):
        await asyncio.sleep(1.5)
        usual = max(took for _, took in load.took)
        started[0].kill()
        killed = time.monotonic()
        await until(lambda: state(router, started[0]) is not State.CLOSED, 3)
        await asyncio.sleep(4)
        assert load.failed == []
        assert sum(at > killed + 3 for at, _ in load.took) > IN_FLIGHT
        assert load.last_slow(1.5 * usual) - killed <= 3


@pytest.mark.parametrize("go", [EngineProcess.kill, EngineProcess.freeze], ids=["kill", "freeze"])
async def test_streams_on_a_replica_that_goes_are_written_to_their_end_by_others(
    go: Callable[[EngineProcess], None],
) -> None:
    async with (
        engines(3, service_s=0.4, slots=32) as started,
        routed(*started) as router,
        Load(router, whole=False).running() as load,
    ):
        await asyncio.sleep(1)
        go(started[0])
        await until(lambda: state(router, started[0]) is not State.CLOSED, 10)
        before = len(load.took)
        await asyncio.sleep(1)
        assert load.failed == []
        assert len(load.took) - before > IN_FLIGHT
        assert router.counted["resumed"] > 0


async def test_a_frozen_replica_is_left_out_within_ten_seconds_and_nobody_s_answer_fails() -> None:
    async with (
        engines(3, service_s=0.2, slots=32) as started,
        routed(*started) as router,
        Load(router, whole=True).running() as load,
    ):
        await asyncio.sleep(1)
        started[0].freeze()
        await until(lambda: state(router, started[0]) is not State.CLOSED, 10)
        await asyncio.sleep(1)
        before = len(load.took)
        await asyncio.sleep(1)
        assert load.failed == []
        assert len(load.took) - before > IN_FLIGHT
        assert max(took for _, took in load.took) < 10
        started[0].thaw()
        await until(lambda: state(router, started[0]) is State.CLOSED, 12)
        assert load.failed == []


@pytest.mark.parametrize("manner", [Manner.MUTE, Manner.EMPTY, Manner.FAILING])
async def test_one_that_answers_health_and_generates_nothing_is_left_out_though_nobody_asks(
    manner: Manner,
) -> None:
    async with engines(2, service_s=0.05) as started, routed(*started) as router:
        await asyncio.sleep(0.3)
        await started[0].spoil(manner)
        await until(lambda: state(router, started[0]) is not State.CLOSED, 10)
        async with httpx.AsyncClient() as client:
            health = started[0].url.removesuffix("/v1") + "/health"
            assert (await client.get(health)).status_code == 200
        assert state(router, started[1]) is State.CLOSED
        await started[0].spoil(Manner.WELL)
        await until(lambda: state(router, started[0]) is State.CLOSED, 12)


@pytest.mark.parametrize("manner", [Manner.EMPTY, Manner.FAILING, Manner.CUTTING])
async def test_whole_answers_survive_a_spoiled_replica(manner: Manner) -> None:
    async with (
        engines(2, service_s=0.05, slots=32) as started,
        routed(*started) as router,
        Load(router, whole=True).running() as load,
    ):
        await asyncio.sleep(0.3)
        await started[0].spoil(manner)
        await until(lambda: state(router, started[0]) is not State.CLOSED, 5)
        await asyncio.sleep(0.5)
        assert load.failed == []
        assert load.took


async def test_the_loser_of_a_hedge_is_stopped_at_its_engine() -> None:
    async with (
        engines(2, service_s=0.4, slots=32) as started,
        routed(*started, rules=RoutingRules(hedge_s=0.3, probe_s=60, slow_times=1e9)) as router,
    ):
        await until(lambda: all(one.heard >= 0 for one in router.replicas), 3)
        await asyncio.sleep(0.3)  # The first probes are answers too, and have gone by now.
        probed = await started[0].seen()
        await started[0].spoil(Manner.SLOW)
        asked = [[Message("user", f"问题{number}")] for number in range(12)]
        for messages in asked:
            said = [piece async for piece in router.generate(messages, Sampling(whole=True))]
            assert "".join(said) == ANSWER
        assert router.counted["hedges_won"] > 0
        seen = await started[0].seen()
        # Not every answer is hedged: what the slow one wrote to the end, it was let win.
        won = router.replicas[0].answered
        assert seen == {"inside": 0, "answered": probed["answered"] + won}


async def test_a_closed_answer_frees_its_engine_at_once() -> None:
    async with (
        engines(2, service_s=6.0) as started,
        routed(*started, rules=RoutingRules(probe_s=60)) as router,
    ):

        async def inside() -> int:
            return sum([(await one.seen())["inside"] for one in started])

        async with asyncio.timeout(3):  # Until the first probes have gone.
            while any(one.heard < 0 for one in router.replicas) or await inside():
                await asyncio.sleep(0.05)
        pieces = router.generate([Message("user", "问")], Sampling())
        assert await anext(pieces)
        assert await inside() == 1
        await pieces.aclose()
        async with asyncio.timeout(1):
            while await inside():
                await asyncio.sleep(0.05)
