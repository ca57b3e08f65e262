"""Connections to PostgreSQL, lent for one transaction at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from yanku.errors import DatabaseUnavailable

Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]

OLDEST = 150_000
"""PostgreSQL 15, as the server counts its versions."""


async def open_pool(url: str, *, size: int = 10, timeout_s: float = 10.0) -> Pool:
    """Return an open pool of up to ``size`` connections; raise DatabaseUnavailable."""
    await _check_server(url, timeout_s)
    pool = Pool(
        url,
        kwargs={"row_factory": dict_row},
        min_size=1,
        max_size=size,
        timeout=timeout_s,
        open=False,
        configure=_configure,
        check=Pool.check_connection,
    )
    try:
        await pool.open(wait=True, timeout=timeout_s)
    except PoolTimeout as error:
        await pool.close()
        raise DatabaseUnavailable(f"{_where(url)} gives no connection: {error}") from error
    return pool


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection for one transaction; raise DatabaseUnavailable if the server is gone."""
    try:
        async with _lent(pool) as connection:
            yield connection
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise _incomplete(error) from error


@asynccontextmanager
async def single(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection for one statement, its own transaction: one journey instead of three."""
    try:
        async with _lent(pool) as connection:
            await connection.set_autocommit(True)
            try:
                yield connection
            finally:
                await connection.set_autocommit(False)
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise _incomplete(error) from error


async def _check_server(url: str, timeout_s: float) -> None:
    try:
        async with await AsyncConnection.connect(url, connect_timeout=int(timeout_s)) as probe:
            version = probe.info.server_version
            encoding = probe.info.parameter_status("server_encoding")
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise DatabaseUnavailable(f"{_where(url)} does not answer: {str(error).strip()}") from error
    if version < OLDEST:
        raise DatabaseUnavailable(f"{_where(url)} is {version // 10_000}; 15 or newer is needed")
    if encoding != "UTF8":
        raise DatabaseUnavailable(f"{_where(url)} keeps {encoding}; make the database with UTF8")


async def _configure(connection: Connection) -> None:
    # A receipt is durable when it is written, whatever the server's default says.
    await connection.execute("SET synchronous_commit = on")
    await connection.execute("SET TIME ZONE 'UTC'")
    await connection.commit()


@asynccontextmanager
async def _lent(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection as the pool does, and give it back whatever happens.

    The pool's own way waits for the pool when giving back, and loses the connection for good where
    that is called off in that moment, as it is when a client goes away.
    """
    connection = await pool.getconn()
    try:
        async with connection:
            yield connection
    finally:
        await asyncio.shield(asyncio.ensure_future(pool.putconn(connection)))


def _incomplete(error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"PostgreSQL did not complete the work: {str(error).strip()}. Try again."
    )


def _where(url: str) -> str:
    """Name a server without its password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "PostgreSQL at the configured URL (which is not a valid one)"
    return f"PostgreSQL at {parts.get('host', 'localhost')}, database {parts.get('dbname', '')}"
