"""A real PostgreSQL for the whole run, and a fresh database for each test that asks for one."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from yanku.adapters.postgres.migrations import migrate
from yanku.adapters.postgres.pool import Pool, open_pool
from yanku.adapters.postgres.server import EmbeddedPostgres

TEMPLATE = "yanku_template"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """Run an embedded server, with a migrated database to copy."""
    # Not pytest's own folder: pytest shuts it to other accounts, and root's server runs as one.
    folder = Path(tempfile.mkdtemp(prefix="yanku-pg-"))
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    try:
        _make_template(server)
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_database(server: EmbeddedPostgres) -> Callable[[], str]:
    """Make another empty, migrated database; the URL is returned."""

    def make() -> str:
        name = f"test_{next(_numbers)}"
        _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return server.url(name)

    return make


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """Make an empty, migrated database of the test's own; its URL."""
    return new_database()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connect to the test's own database."""
    pool = await open_pool(database_url)
    yield pool
    await pool.close()


def _make_template(server: EmbeddedPostgres) -> None:
    async def bring_forward() -> None:
        pool = await open_pool(server.url(TEMPLATE))
        await migrate(pool)
        await pool.close()

    _execute(server, f"CREATE DATABASE {TEMPLATE}")
    asyncio.run(bring_forward())


def _execute(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement.encode())
