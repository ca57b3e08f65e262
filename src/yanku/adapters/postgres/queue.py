"""Jobs as rows in PostgreSQL, worked on by procrastinate's worker.

A worker holds an advisory lock while it lives. PostgreSQL lets go of the lock in the moment the
worker's process dies, however it dies, so its jobs are taken up again at once, and a worker that
is merely busy is never mistaken for a dead one. Heartbeats stand behind it for a machine that
vanishes from the network without a word.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta

import psycopg
from procrastinate import App, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker
from psycopg import AsyncConnection

from yanku.adapters.postgres.jobs import add_job
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.errors import DatabaseUnavailable
from yanku.ports import Handler

PRESENCE = 0x79616E
"""First half of the advisory lock's key; the second is the worker's number."""

logger = logging.getLogger(__name__)


class PostgresQueue:
    """The queue (``ports.Queue``).

    ``concurrency`` jobs run at a time; one that raises is tried ``tries`` times in all, after
    growing pauses of ``pause_s``; one during which ``deaths`` workers died is given up.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        concurrency: int = 1,
        tries: int = 4,
        pause_s: float = 2.0,
        deaths: int = 30,
        poll_s: float = 1.0,
        silence_s: float = 60.0,
    ) -> None:
        self._pool = pool
        self._concurrency = concurrency
        self._retry = _Retry(tries, pause_s)
        self._deaths = deaths
        self._poll_s = poll_s
        self._silence_s = silence_s

    async def put(self, kind: str, payload: Mapping[str, str], *, once: str = "") -> None:
        """Add a job; with ``once``, not if an equal one still waits."""
        async with transaction(self._pool) as connection:
            await add_job(connection, kind, payload, once)

    async def waiting(self) -> int:
        """Return how many jobs wait or run."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT count(*) AS n FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            )
            row = await found.fetchone()
        return int(row["n"]) if row else 0

    async def work(self, handlers: Mapping[str, Handler], *, until_empty: bool = False) -> None:
        """Run jobs by kind until cancelled, or until none of these kinds waits or runs anywhere.

        A job cut short by cancelling goes back to the queue. A lost server is waited for.
        """
        while True:
            try:
                await self._work_once(handlers, until_empty)
                if until_empty and not await self._left(handlers):
                    return
            except (ConnectorException, DatabaseUnavailable, psycopg.OperationalError) as error:
                if until_empty:
                    raise DatabaseUnavailable(
                        f"The queue lost PostgreSQL: {error}. What was begun is taken up again."
                    ) from error
                logger.warning("The queue lost PostgreSQL and tries again: %s", error)
            await asyncio.sleep(self._poll_s / 5 if until_empty else self._poll_s)

    async def _work_once(self, handlers: Mapping[str, Handler], until_empty: bool) -> None:
        async with AsyncExitStack() as stack:
            presence = await AsyncConnection.connect(str(self._pool.conninfo), autocommit=True)
            await stack.enter_async_context(presence)
            app = App(connector=PsycopgConnector())
            app.job_manager = _Manager(app.connector, self._pool, presence)
            await app.open_async(self._pool)
            for kind, handler in handlers.items():
                app.task(name=kind, queue=kind, retry=self._retry)(_task(handler))
            await self._sweep()
            sweeper = asyncio.create_task(self._sweep_on())
            stack.push_async_callback(_end, sweeper)
            await _run(self._worker(app, handlers, until_empty))

    def _worker(self, app: App, handlers: Mapping[str, Handler], until_empty: bool) -> Worker:
        return Worker(
            app,
            queues=list(handlers),
            concurrency=self._concurrency,
            wait=not until_empty,
            fetch_job_polling_interval=self._poll_s,
            update_heartbeat_interval=self._silence_s / 6,
            stalled_worker_timeout=self._silence_s,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    async def _left(self, handlers: Mapping[str, Handler]) -> bool:
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
                "AND queue_name = ANY(%s) LIMIT 1",
                (list(handlers),),
            )
            return found.rowcount == 1

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(self._poll_s)
            with suppress(DatabaseUnavailable):  # the worker notices it too, and starts afresh
                await self._sweep()

    async def _sweep(self) -> None:
        """Give the jobs of dead workers back."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "WITH dead AS ("
                "SELECT job.id FROM procrastinate_jobs job "
                "LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id "
                "WHERE job.status = 'doing' AND (worker.id IS NULL "
                "OR worker.last_heartbeat < now() - make_interval(secs => %(silence)s) "
                "OR NOT EXISTS (SELECT FROM pg_locks held WHERE held.locktype = 'advisory' "
                "AND held.database = (SELECT oid FROM pg_database "
                "WHERE datname = current_database()) "
                "AND held.classid = %(presence)s AND held.objid = worker.id AND held.granted)) "
                "FOR UPDATE OF job SKIP LOCKED) "
                "UPDATE procrastinate_jobs job SET worker_id = NULL, queueing_lock = NULL, "
                "abort_requested = false, status = CASE WHEN (SELECT count(*) "
                "FROM procrastinate_events event WHERE event.job_id = job.id "
                "AND event.type = 'deferred_for_retry') < %(deaths)s "
                "THEN 'todo'::procrastinate_job_status ELSE 'failed' END "
                "FROM dead WHERE job.id = dead.id",
                {"silence": self._silence_s, "presence": PRESENCE, "deaths": self._deaths},
            )


class _Retry(BaseRetryStrategy):
    """Tries a few times; being cancelled is no failure (no ``retry_at``: see ``_Manager``)."""

    def __init__(self, tries: int, pause_s: float) -> None:
        self._tries = tries
        self._pause_s = pause_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if job.attempts + 1 >= self._tries:
            return None
        pause = timedelta(seconds=self._pause_s * 3**job.attempts)
        return RetryDecision(retry_at=datetime.now(UTC) + pause)


class _Manager(JobManager):
    """Procrastinate's job manager, whose workers are known to live while they hold a lock."""

    def __init__(self, connector: object, pool: Pool, presence: AsyncConnection) -> None:
        super().__init__(connector)  # type: ignore[arg-type]
        self._pool = pool
        self._presence = presence

    async def register_worker(self) -> int:
        """Register a worker and hold its lock before it can take a job."""
        worker = await super().register_worker()
        await self._presence.execute("SELECT pg_advisory_lock(%s, %s)", (PRESENCE, worker))
        return worker

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,  # noqa: ARG002 - procrastinate's signature
        queue: str | None = None,  # noqa: ARG002
        lock: str | None = None,  # noqa: ARG002
    ) -> None:
        """Put a job back; without ``retry_at`` it was no failure and counts as no attempt.

        Its queueing lock is dropped: another job with the same one may wait by now, and
        procrastinate's own retry would break on the unique index.
        """
        async with transaction(self._pool) as connection:
            await connection.execute(
                "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, "
                "queueing_lock = NULL, abort_requested = false, scheduled_at = %s, "
                "attempts = attempts + %s WHERE id = %s AND status = 'doing'",
                (retry_at, 0 if retry_at is None else 1, job.id),
            )


def _task(handler: Handler) -> Callable[..., Awaitable[None]]:
    async def task(**payload: str) -> None:
        await handler(payload)

    return task


async def _run(worker: Worker) -> None:
    """Run a worker to its end; when cancelled, interrupt its jobs and let it put them back."""
    running: asyncio.Task[None] = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        worker.shutdown_graceful_timeout = 0
        worker.stop()  # type: ignore[no-untyped-call]
        await running
        raise


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
