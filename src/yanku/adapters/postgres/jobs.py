"""Rows of the job queue, written within somebody else's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from yanku.adapters.postgres.pool import Connection
from yanku.model.library import DocumentId

PARSE = "parse"
"""The kind of job that reads a document; its payload is ``{"document": id}``."""


async def add_job(
    connection: Connection, kind: str, payload: Mapping[str, str], once: str = ""
) -> None:
    """Add a job that exists exactly if the transaction commits; with ``once`` at most one waits.

    Jobs of the same ``once`` never run at the same time.
    """
    await connection.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock, queueing_lock) "
        "VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING",
        (kind, kind, Jsonb(dict(payload)), once or None, once or None),
    )


async def add_parse_job(connection: Connection, document: DocumentId) -> None:
    """Add the job that reads a document, unless one waits or runs."""
    once = f"{PARSE}:{document}"
    found = await connection.execute(
        "SELECT FROM procrastinate_jobs WHERE lock = %s AND status IN ('todo', 'doing')", (once,)
    )
    if await found.fetchone() is None:
        await add_job(connection, PARSE, {"document": document}, once)


async def drop_parse_jobs(connection: Connection, documents: Sequence[DocumentId]) -> None:
    """Remove every trace of reading some documents; a job at work finds its document gone."""
    await connection.execute(
        "DELETE FROM procrastinate_jobs WHERE lock = ANY(%s) AND status <> 'doing'",
        ([f"{PARSE}:{document}" for document in documents],),
    )
