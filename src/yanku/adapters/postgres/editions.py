"""What the library is for one person: which of their keys open anything, and what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from yanku.adapters.postgres.pool import Connection
from yanku.model.kept import Edition, EditionMark

_MANY = 256
"""Rows of one reader that are worth folding into one."""


async def edition(connection: Connection, readers: Iterable[str]) -> Edition:
    """Return the edition for these reader keys, as this transaction sees it.

    A key that opens no document leaves no trace in it, so that people who differ only in such keys
    share answers.
    """
    found = await connection.execute(
        "SELECT asked.reader, count(c.n) AS rows, coalesce(sum(c.n), 0)::bigint AS changes "
        "FROM unnest(%s::text[]) AS asked(reader) "
        "LEFT JOIN library_changes c ON c.reader = asked.reader "
        "WHERE EXISTS (SELECT FROM grants g WHERE g.reader = asked.reader) "
        'GROUP BY asked.reader ORDER BY asked.reader COLLATE "C"',
        (list(readers),),
    )
    rows = await found.fetchall()
    for row in rows:
        if row["rows"] > _MANY:
            await _fold(connection, row["reader"])
    changes = "\n".join(f"{row['changes']} {row['reader']}" for row in rows)
    mark = hashlib.sha256(changes.encode()).hexdigest()
    return Edition(tuple(row["reader"] for row in rows), EditionMark(mark))


async def _fold(connection: Connection, reader: str) -> None:
    """Make one row of many; the sum, which is all that counts, stays."""
    await connection.execute(
        "WITH gone AS (DELETE FROM library_changes WHERE ctid IN (SELECT ctid FROM library_changes "
        "WHERE reader = %(reader)s FOR UPDATE SKIP LOCKED) RETURNING n) "
        "INSERT INTO library_changes (reader, n) SELECT %(reader)s, sum(n) FROM gone "
        "HAVING count(*) > 0",
        {"reader": reader},
    )
