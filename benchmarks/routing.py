"""What replicas are worth: throughput from one to five, and what is felt when one goes.

    python benchmarks/routing.py [--replicas 5] [--seconds 10] [--rounds 3]

Each replica is a process of its own on this machine that speaks OpenAI's protocol over a socket and
takes a fixed time for an answer, ``--slots`` at once; the router and the client of the product ask
them. Nothing is computed by the replicas, so what is lost is lost by routing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from yanku.adapters.model_openai import OpenAiModel
from yanku.errors import YankuError
from yanku.ports import Message, Sampling
from yanku.serving.breaker import State
from yanku.serving.replica import Replica
from yanku.serving.routing import Router
from yanku.testing.engine import EngineProcess, engines

_PREFIX = "你是证券公司的资料助手。只根据给出的资料回答。" * 20
_WARM_S = 2.0
_NORMAL = 1.5
"""Normal is no longer than so many times what 95 % took before."""


@dataclass
class Load:
    """So many people who ask one question after another."""

    router: Router
    people: int
    whole: bool = True
    ended: list[tuple[float, float]] = field(default_factory=list)
    """When each answer ended and how long it took."""
    failed: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have them ask until the block ends."""
        asking = [asyncio.create_task(self._person(number)) for number in range(self.people)]
        try:
            yield
        finally:
            for person in asking:
                person.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    async def _person(self, number: int) -> None:
        for turn in itertools.count():
            asked = [Message("user", f"{_PREFIX}\n{number}-{turn}")]
            began = time.monotonic()
            try:
                async for _ in self.router.generate(asked, Sampling(whole=self.whole)):
                    pass
                self.ended.append((time.monotonic(), time.monotonic() - began))
            except YankuError:
                self.failed += 1

    def rate(self, since: float, until: float) -> float:
        """Return the answers a second between two moments."""
        return sum(since < at <= until for at, _ in self.ended) / (until - since)


@asynccontextmanager
async def routed(replicas: Sequence[EngineProcess]) -> AsyncIterator[Router]:
    models = [OpenAiModel(one.url, "stub", window=8192, pauses_s=()) for one in replicas]
    router = Router(
        [Replica(one.url, model, model.pulse) for one, model in zip(replicas, models, strict=True)]
    )
    router.watch()
    try:
        yield router
    finally:
        await router.close()


async def answers_a_second(replicas: Sequence[EngineProcess], people: int, seconds: float) -> float:
    async with routed(replicas) as router:
        load = Load(router, people)
        async with load.running():
            await asyncio.sleep(_WARM_S)
            began = time.monotonic()
            await asyncio.sleep(seconds)
            return load.rate(began, time.monotonic())


async def scaling(chosen: argparse.Namespace) -> None:
    per_replica, lines = 2 * chosen.slots, []
    async with engines(
        chosen.replicas, service_s=chosen.service_s, slots=chosen.slots, pieces=4
    ) as started:
        for round_ in range(chosen.rounds):
            one = await answers_a_second(started[:1], per_replica, chosen.seconds)
            all_ = await answers_a_second(started, per_replica * chosen.replicas, chosen.seconds)
            lines.append(all_ / one)
            print(f"round {round_ + 1}: {one:.2f} → {all_:.2f} answers/s, {all_ / one:.2f}×")
    most = chosen.slots / chosen.service_s
    print(
        f"1 → {chosen.replicas} replicas ({most:.0f} answers/s each at most): "
        f"median {statistics.median(lines):.2f}×, least {min(lines):.2f}×"
    )


async def going(name: str, go: Callable[[EngineProcess], None], rounds: int) -> None:
    for whole in (True, False):
        for _ in range(rounds):
            await _one_goes(name, go, whole=whole)


async def _one_goes(name: str, go: Callable[[EngineProcess], None], *, whole: bool) -> None:
    async with engines(3, service_s=0.2, slots=32) as started, routed(started) as router:
        load = Load(router, 16, whole)
        async with load.running():
            await asyncio.sleep(3)
            before = sorted(took for _, took in load.ended[16:])
            usual = before[len(before) * 95 // 100]
            gone = time.monotonic()
            go(started[0])
            while router.snapshot()[0].state is State.CLOSED:
                await asyncio.sleep(0.01)
            ejected = time.monotonic() - gone
            await asyncio.sleep(5)
            slow = [at for at, took in load.ended if at > gone and took > _NORMAL * usual]
        print(
            f"| {name}, 16 in flight, {'shown whole' if whole else 'streamed'} | {load.failed} | "
            f"{ejected:.2f} s | {max(slow, default=gone) - gone:.2f} s | "
            f"{max(took for at, took in load.ended if at > gone):.2f} s |",
            flush=True,
        )


async def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicas", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--service-s", type=float, default=0.4)
    asked.add_argument("--slots", type=int, default=4)
    chosen = asked.parse_args()
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    await scaling(chosen)
    print("| what | failed | left out after | latency normal after | slowest answer |")
    print("|---|---|---|---|---|")
    await going("killed", EngineProcess.kill, chosen.rounds)
    await going("frozen", EngineProcess.freeze, 1)
    print(f"load at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
