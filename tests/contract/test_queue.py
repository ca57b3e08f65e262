"""Both queues do what every queue must do, and the real one outlives its workers."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.adapters.postgres.queue import PostgresQueue
from yanku.model.library import State
from yanku.ports import Queue
from yanku.testing.library import an_entry
from yanku.testing.queue import MemoryQueue, QueueConformance

WORKER = """
import asyncio, sys
from yanku.adapters.postgres.pool import open_pool, transaction
from yanku.adapters.postgres.queue import PostgresQueue

async def main(url, pause):
    pool = await open_pool(url)

    async def handler(payload):
        async with transaction(pool) as connection:
            await connection.execute("INSERT INTO begun (job) VALUES (%s)", (payload["n"],))
        await asyncio.sleep(float(pause))
        async with transaction(pool) as connection:
            await connection.execute(
                "INSERT INTO effects (job) VALUES (%s) ON CONFLICT DO NOTHING", (payload["n"],)
            )

    await PostgresQueue(pool, poll_s=0.1).work({"effect": handler}, until_empty=pause == "0")
    await pool.close()

asyncio.run(main(*sys.argv[1:]))
"""


class TestMemoryQueue(QueueConformance):
    @pytest.fixture
    def queue(self) -> Queue:
        return MemoryQueue()


class TestPostgresQueue(QueueConformance):
    @pytest.fixture
    def queue(self, pool: Pool) -> Queue:
        return PostgresQueue(pool, pause_s=0.01, poll_s=0.1)


@pytest.fixture
def start_worker(database_url: str, tmp_path: Path) -> Callable[[str], subprocess.Popen[bytes]]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)

    def start(pause: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(script), database_url, pause])

    return start


async def rows(pool: Pool, table: str) -> list[str]:
    async with transaction(pool) as connection:
        found = await connection.execute(f"SELECT job FROM {table} ORDER BY job".encode())  # noqa: S608
        return [row["job"] for row in await found.fetchall()]


async def until_begun(pool: Pool, count: int) -> None:
    async def poll() -> None:
        while len(await rows(pool, "begun")) < count:
            await asyncio.sleep(0.02)

    await asyncio.wait_for(poll(), 120)


async def make_tables(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await connection.execute("CREATE TABLE begun (job text)")
        await connection.execute("CREATE TABLE effects (job text PRIMARY KEY)")


async def test_what_killed_workers_left_is_done_by_the_next_exactly_once_in_effect(
    pool: Pool, start_worker: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    await make_tables(pool)
    queue = PostgresQueue(pool)
    for n in range(5):
        await queue.put("effect", {"n": str(n)}, once=str(n))
    for killed in range(1, 4):
        worker = start_worker("600")
        await until_begun(pool, killed)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert await rows(pool, "effects") == []
    assert await queue.waiting() == 5
    last = start_worker("0")
    assert await asyncio.to_thread(last.wait, 120) == 0
    assert await rows(pool, "effects") == ["0", "1", "2", "3", "4"]
    assert await rows(pool, "begun") == ["0", "0", "0", "0", "1", "2", "3", "4"]
    assert await queue.waiting() == 0


async def test_a_worker_that_runs_takes_over_from_one_that_is_killed(
    pool: Pool, start_worker: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    await make_tables(pool)
    queue = PostgresQueue(pool)
    await queue.put("effect", {"n": "0"})
    doomed = start_worker("600")
    await until_begun(pool, 1)
    heir = start_worker("0.01")
    try:
        await asyncio.sleep(1)
        assert await rows(pool, "begun") == ["0"]  # a busy worker is not a dead one
        doomed.kill()
        await until_begun(pool, 2)
    finally:
        for worker in (doomed, heir):
            worker.kill()
            worker.wait()


async def test_a_worker_frozen_for_long_keeps_its_job(
    pool: Pool, start_worker: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    await make_tables(pool)
    queue = PostgresQueue(pool)
    await queue.put("effect", {"n": "0"})
    frozen = start_worker("600")
    try:
        await until_begun(pool, 1)
        os.kill(frozen.pid, signal.SIGSTOP)
        waiting = PostgresQueue(pool, poll_s=0.05)

        async def steal(_payload: Mapping[str, str]) -> None:
            raise AssertionError("the job of a living worker was taken")

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting.work({"effect": steal}, until_empty=True), 1.5)
    finally:
        frozen.kill()
        frozen.wait()


async def test_a_job_that_kills_its_workers_is_given_up_and_its_document_says_so(
    pool: Pool,
) -> None:
    library = PostgresLibrary(pool)
    entry = await library.add(an_entry("deadly"))
    queue = PostgresQueue(pool, deaths=2)

    async def die_and_sweep() -> State:
        async with transaction(pool) as connection:
            taken = await connection.execute(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'"
            )
            assert taken.rowcount == 1
        await queue.work({}, until_empty=True)
        return (await library.job_entry(entry.id)).state

    assert [await die_and_sweep() for _ in range(3)] == [State.QUEUED, State.QUEUED, State.FAILED]
    assert await queue.waiting() == 0
    assert (await library.add(entry)).state is State.QUEUED
    assert await queue.waiting() == 1


async def test_a_retry_does_not_break_on_an_equal_job_that_came_meanwhile(pool: Pool) -> None:
    queue = PostgresQueue(pool, pause_s=0.01, poll_s=0.05)
    runs = 0

    async def handler(_payload: Mapping[str, str]) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            await queue.put("embed", {}, once="embed")
            raise ValueError("no luck")

    await queue.put("embed", {}, once="embed")
    await queue.work({"embed": handler}, until_empty=True)
    assert runs == 3
    assert await queue.waiting() == 0


async def test_work_goes_on_after_the_server_has_dropped_every_connection(pool: Pool) -> None:
    queue = PostgresQueue(pool, poll_s=0.1)
    done = asyncio.Event()

    async def handler(_payload: Mapping[str, str]) -> None:
        done.set()

    worker = asyncio.create_task(queue.work({"late": handler}))
    await asyncio.sleep(0.3)
    async with transaction(pool) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await queue.put("late", {})
    await asyncio.wait_for(done.wait(), 60)
    worker.cancel()
    await asyncio.wait([worker])
