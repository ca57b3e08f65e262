"""How many documents and jobs are in which state, and how the pool of connections stands."""

from __future__ import annotations

from yanku.adapters.postgres.pool import Pool, transaction
from yanku.model.library import State
from yanku.model.meter import Reading
from yanku.model.meters import DOCUMENTS, JOBS, POOL, POOL_MOST, POOL_TIMEOUTS, POOL_WAITING

COUNTED = (DOCUMENTS, JOBS)
POOLED = (POOL, POOL_MOST, POOL_WAITING, POOL_TIMEOUTS)
_KINDS = ("parse", "embed")
_STATES = ("todo", "doing", "failed")
_NAME = "postgresql"


class Census:
    """Looks (``ports.Look``) at one database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def counted(self) -> list[Reading]:
        """Return documents and jobs by state; raise DatabaseUnavailable."""
        async with transaction(self._pool) as connection:
            found = await connection.execute("SELECT state, count(*) AS n FROM entries GROUP BY 1")
            documents = {str(row["state"]): int(row["n"]) for row in await found.fetchall()}
            found = await connection.execute(
                "SELECT queue_name AS kind, status::text AS state, count(*) AS n "
                "FROM procrastinate_jobs GROUP BY 1, 2"
            )
            rows = await found.fetchall()
        jobs = {(str(row["kind"]), str(row["state"])): int(row["n"]) for row in rows}
        empty = {(kind, state): 0 for kind in _KINDS for state in _STATES}
        return [
            *(Reading(DOCUMENTS, documents.get(state, 0), (state.value,)) for state in State),
            *(Reading(JOBS, number, labels) for labels, number in (empty | jobs).items()),
        ]

    async def pooled(self) -> list[Reading]:
        """Return how many connections are used, and who waits for one."""
        stats = self._pool.get_stats()
        size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
        return [
            Reading(POOL, idle, (_NAME, "idle")),
            Reading(POOL, max(0, size - idle), (_NAME, "used")),
            Reading(POOL_MOST, stats.get("pool_max", 0), (_NAME,)),
            Reading(POOL_WAITING, stats.get("requests_waiting", 0), (_NAME,)),
            Reading(POOL_TIMEOUTS, stats.get("requests_errors", 0), (_NAME,)),
        ]
