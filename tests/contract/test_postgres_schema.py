"""The schema only moves forward, and tells when somebody else has moved it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import resources

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from yanku.adapters.postgres.migrations import Migration, migrate, migrations
from yanku.adapters.postgres.pool import Pool, open_pool, transaction
from yanku.adapters.postgres.server import EmbeddedPostgres
from yanku.errors import MigrationError


@pytest.fixture
async def empty(server: EmbeddedPostgres, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    name = f"empty_{abs(hash(request.node.name))}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    pool = await open_pool(server.url(name))
    yield pool
    await pool.close()


async def tables(pool: Pool) -> set[str]:
    async with transaction(pool) as connection:
        found = await connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return {row["tablename"] for row in await found.fetchall()}


def test_each_step_has_a_number_of_its_own_higher_than_the_one_before() -> None:
    numbers = [int(step.name.split("_")[0]) for step in migrations()]
    assert numbers == sorted(set(numbers))


def test_the_queue_has_the_schema_of_the_installed_procrastinate() -> None:
    """When this fails, procrastinate was upgraded: add its migrations as a step of ours."""
    folder = resources.files("yanku.adapters.postgres") / "migrations"
    ours = (folder / "0001_queue.sql").read_text(encoding="utf-8")
    assert ours.split("\n", 1)[1] == SchemaManager.get_schema()


async def test_many_at_once_bring_a_database_forward_once(empty: Pool) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(5)))
    names = [step.name for step in migrations()]
    assert sorted(name for each in applied for name in each) == names
    assert await migrate(empty) == ()
    assert {"documents", "procrastinate_jobs", "users", "receipts"} <= await tables(empty)


async def test_a_step_that_fails_leaves_nothing_of_itself(empty: Pool) -> None:
    good = Migration("0001_a.sql", "CREATE TABLE a (n int)")
    bad = Migration("0002_b.sql", "CREATE TABLE b (n int); SELECT nonsense")
    with pytest.raises(psycopg.Error):
        await migrate(empty, (good, bad))
    assert await tables(empty) == {"migrations", "a"}
    assert await migrate(empty, (good, replace(bad, sql="CREATE TABLE b (n int)"))) == (bad.name,)


async def test_a_newer_schema_is_refused(empty: Pool) -> None:
    one, two = Migration("0001_a.sql", "SELECT 1"), Migration("0002_b.sql", "SELECT 1")
    await migrate(empty, (one, two))
    with pytest.raises(MigrationError, match=r"0002_b\.sql.*newer"):
        await migrate(empty, (one,))


async def test_an_altered_step_is_refused(empty: Pool) -> None:
    one = Migration("0001_a.sql", "SELECT 1")
    await migrate(empty, (one,))
    with pytest.raises(MigrationError, match=r"0001_a\.sql"):
        await migrate(empty, (replace(one, sql="SELECT 2"),))
