"""Connections are lent for one transaction, or for one statement, and come back as they were."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from yanku.adapters.postgres.census import Census
from yanku.adapters.postgres.pool import Connection, Pool, open_pool, single, transaction
from yanku.errors import DatabaseUnavailable
from yanku.model.library import State
from yanku.model.meters import DOCUMENTS, JOBS, POOL, POOL_MOST


@pytest.fixture
async def alone(database_url: str) -> AsyncIterator[Pool]:
    """Open a pool of one connection, so that everybody gets the same."""
    pool = await open_pool(database_url, size=1)
    async with transaction(pool) as connection:
        await connection.execute("CREATE TABLE things (name text PRIMARY KEY)")
    yield pool
    await pool.close()


async def names(pool: Pool) -> list[str]:
    async with single(pool) as connection:
        found = await connection.execute("SELECT name FROM things ORDER BY name")
        return [str(row["name"]) for row in await found.fetchall()]


async def test_a_single_statement_holds_at_once(alone: Pool) -> None:
    async with single(alone) as connection:
        await connection.execute("INSERT INTO things VALUES ('a')")
    assert await names(alone) == ["a"]


async def half(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await connection.execute("INSERT INTO things VALUES ('b')")
        raise RuntimeError("half way")


async def end(pool: Pool) -> None:
    async with single(pool) as connection:
        await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_after_a_single_statement_transactions_are_whole_again(alone: Pool) -> None:
    await names(alone)
    with pytest.raises(RuntimeError):
        await half(alone)
    assert await names(alone) == []


async def test_a_statement_that_fails_spoils_no_connection(alone: Pool) -> None:
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await end(alone)
        assert await names(alone) == []


async def test_the_census_counts_what_is_there_and_names_what_is_not(alone: Pool) -> None:
    counted = {(one.meter, one.labels): one.value for one in await Census(alone).counted()}
    assert {(DOCUMENTS, (state.value,)) for state in State} <= counted.keys()
    assert counted[JOBS, ("parse", "failed")] == 0
    async with transaction(alone) as connection:
        await connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('parse', 'parse', 'failed'), ('other', 'other', 'todo')"
        )
    counted = {(one.meter, one.labels): one.value for one in await Census(alone).counted()}
    assert counted[JOBS, ("parse", "failed")] == counted[JOBS, ("other", "todo")] == 1


async def test_the_pool_is_counted_while_its_connection_is_lent(alone: Pool) -> None:
    async with transaction(alone):
        pooled = {(one.meter, one.labels[1:]): one.value for one in await Census(alone).pooled()}
    assert pooled[POOL, ("used",)] == pooled[POOL_MOST, ()] == 1
    assert pooled[POOL, ("idle",)] == 0


@pytest.mark.parametrize("lent", [transaction, single])
async def test_whoever_is_called_off_while_giving_a_connection_back_takes_none_along(
    alone: Pool, lent: Callable[[Pool], AbstractAsyncContextManager[Connection]]
) -> None:
    has_it, may_go = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with lent(alone) as connection:
            await connection.execute("SELECT 1")
            has_it.set()
            await may_go.wait()

    working = asyncio.create_task(work())
    await has_it.wait()
    async with alone._lock:  # Others are being served in this moment.
        may_go.set()
        await asyncio.sleep(0.2)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    async with asyncio.timeout(5):
        assert await names(alone) == []
