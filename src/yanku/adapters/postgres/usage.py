"""What people and keys have used of the models, in PostgreSQL, one count for all servers."""

from __future__ import annotations

from datetime import datetime

from yanku.adapters.postgres.pool import Pool, transaction
from yanku.ports import Used


class PostgresUsage:
    """Counts by subject and minute (``ports.Usage``)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def use(self, subject: str, now: datetime, *, requests: int, tokens: int) -> Used:
        """Add to a subject's counts and return what it used lately, this included."""
        async with transaction(self._pool) as connection:
            await connection.execute("SET LOCAL synchronous_commit = off")
            await connection.execute(
                "INSERT INTO usage_counts AS u (subject, minute, requests, tokens) "
                "VALUES (%s, date_trunc('minute', %s::timestamptz), %s, %s) "
                "ON CONFLICT (subject, minute) DO UPDATE SET "
                "requests = u.requests + excluded.requests, tokens = u.tokens + excluded.tokens",
                (subject, now, requests, tokens),
            )
            found = await connection.execute(
                "SELECT coalesce(sum(requests) FILTER (WHERE minute = "
                "date_trunc('minute', %(now)s::timestamptz)), 0)::int AS minute, "
                "coalesce(sum(requests), 0)::int AS day, "
                "coalesce(sum(tokens), 0)::bigint AS tokens "
                "FROM usage_counts WHERE subject = %(subject)s "
                "AND minute > %(now)s::timestamptz - interval '1 day'",
                {"subject": subject, "now": now},
            )
            row = await found.fetchone()
            await connection.execute(
                "DELETE FROM usage_counts WHERE subject = %s "
                "AND minute < %s::timestamptz - interval '2 days'",
                (subject, now),
            )
        return Used(row["minute"], row["day"], row["tokens"]) if row else Used(0, 0, 0)
