# ruff: noqa: D102 - the name of a claim is its sentence
"""A queue in memory, and what every queue must do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from yanku.ports import Handler, Queue


@dataclass(slots=True)
class _Job:
    kind: str
    payload: Mapping[str, str]
    once: str
    tries: int = 0


class MemoryQueue:
    """The queue (``ports.Queue``) for tests that need no database: one job at a time, in order."""

    def __init__(self, tries: int = 4) -> None:
        self._tries = tries
        self._waiting: list[_Job] = []
        self._running = 0
        self.failed: list[tuple[str, Mapping[str, str]]] = []

    async def put(self, kind: str, payload: Mapping[str, str], *, once: str = "") -> None:
        """Add a job; with ``once``, not if an equal one still waits."""
        if not once or all(job.once != once for job in self._waiting):
            self._waiting.append(_Job(kind, dict(payload), once))

    async def waiting(self) -> int:
        """Return how many jobs wait or run."""
        return len(self._waiting) + self._running

    async def work(self, handlers: Mapping[str, Handler], *, until_empty: bool = False) -> None:
        """Run jobs by kind until cancelled, or until none of these kinds is left."""
        while True:
            job = next((job for job in self._waiting if job.kind in handlers), None)
            if job is not None:
                self._waiting.remove(job)
                await self._run(job, handlers[job.kind])
            elif until_empty:
                return
            await asyncio.sleep(0)

    async def _run(self, job: _Job, handler: Handler) -> None:
        self._running += 1
        try:
            await handler(job.payload)
        except asyncio.CancelledError:
            self._waiting.insert(0, job)
            raise
        except Exception:  # noqa: BLE001 - whatever a handler raises, the job is tried again
            job.tries += 1
            if job.tries < self._tries:
                self._waiting.append(job)
            else:
                self.failed.append((job.kind, job.payload))
        finally:
            self._running -= 1


class QueueConformance:
    """What every queue must do; a subclass gives a fixture ``queue`` that pauses little."""

    async def test_a_job_is_run_once_with_its_payload(self, queue: Queue) -> None:
        seen: list[Mapping[str, str]] = []

        async def handler(payload: Mapping[str, str]) -> None:
            seen.append(dict(payload))

        await queue.put("greet", {"name": "安", "kind": "x"})
        assert await queue.waiting() == 1
        await queue.work({"greet": handler}, until_empty=True)
        await queue.work({"greet": handler}, until_empty=True)
        assert seen == [{"name": "安", "kind": "x"}]
        assert await queue.waiting() == 0

    async def test_jobs_run_in_the_order_they_came(self, queue: Queue) -> None:
        seen = []

        async def handler(payload: Mapping[str, str]) -> None:
            seen.append(payload["n"])

        for n in range(12):
            await queue.put("count", {"n": str(n)})
        await queue.work({"count": handler}, until_empty=True)
        assert seen == [str(n) for n in range(12)]

    async def test_once_means_one_that_waits(self, queue: Queue) -> None:
        runs = 0

        async def handler(_payload: Mapping[str, str]) -> None:
            nonlocal runs
            runs += 1
            if runs == 1:
                # The first one runs and waits no more: what came meanwhile is new work.
                await queue.put("embed", {}, once="embed")
                await queue.put("embed", {}, once="embed")

        for _ in range(3):
            await queue.put("embed", {}, once="embed")
        assert await queue.waiting() == 1
        await queue.work({"embed": handler}, until_empty=True)
        assert runs == 2

    async def test_jobs_of_other_kinds_are_left_alone(self, queue: Queue) -> None:
        async def handler(payload: Mapping[str, str]) -> None:
            raise AssertionError(payload)

        await queue.put("other", {})
        await asyncio.wait_for(queue.work({"mine": handler}, until_empty=True), 60)
        assert await queue.waiting() == 1

    async def test_a_job_that_raises_is_tried_again_and_nothing_else_suffers(
        self, queue: Queue
    ) -> None:
        tries: dict[str, int] = {"bad": 0, "shaky": 0, "good": 0}

        async def handler(payload: Mapping[str, str]) -> None:
            tries[payload["name"]] += 1
            first_time = tries[payload["name"]] == 1
            if payload["name"] == "bad" or (payload["name"] == "shaky" and first_time):
                raise ValueError("no luck")

        for name in ("shaky", "bad", "good"):
            await queue.put("try", {"name": name}, once=name)
        await queue.work({"try": handler}, until_empty=True)
        assert tries["good"] == 1
        assert tries["shaky"] == 2
        assert 2 <= tries["bad"] <= 10
        assert await queue.waiting() == 0

    async def test_work_that_comes_later_is_done_without_being_asked(self, queue: Queue) -> None:
        done = asyncio.Event()

        async def handler(_payload: Mapping[str, str]) -> None:
            done.set()

        worker = asyncio.create_task(queue.work({"late": handler}))
        await asyncio.sleep(0.05)
        await queue.put("late", {})
        await asyncio.wait_for(done.wait(), 60)
        worker.cancel()
        with pytest.raises(asyncio.CancelledError):
            await worker

    async def test_a_job_cut_short_by_stopping_is_done_by_the_next_worker(
        self, queue: Queue
    ) -> None:
        begun, runs = asyncio.Event(), []

        async def handler(payload: Mapping[str, str]) -> None:
            runs.append(payload)
            begun.set()
            if len(runs) < 3:
                await asyncio.sleep(600)

        await queue.put("long", {"n": "1"}, once="long")
        for _ in range(2):
            begun.clear()
            worker = asyncio.create_task(queue.work({"long": handler}))
            await asyncio.wait_for(begun.wait(), 60)
            worker.cancel()
            with pytest.raises(asyncio.CancelledError):
                await worker
            assert await queue.waiting() == 1
        await queue.work({"long": handler}, until_empty=True)
        assert runs == [{"n": "1"}] * 3
        assert await queue.waiting() == 0
