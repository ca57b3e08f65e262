"""Releases of model versions in PostgreSQL, one truth for all servers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Placeholder
from pydantic import TypeAdapter

from yanku.adapters.postgres import codec
from yanku.adapters.postgres.codec import Row
from yanku.adapters.postgres.pool import Connection, Pool, transaction
from yanku.errors import Conflict
from yanku.model.release import (
    NOTHING,
    Act,
    Breach,
    Bucket,
    ReleaseState,
    ShadowPair,
    Tallies,
    Tally,
    Turn,
)
from yanku.ports.releases import BLOCK

_BREACH = TypeAdapter(Breach)
_PAIR = TypeAdapter(ShadowPair)
_COUNTS = tuple(field.name for field in fields(Tally))
_STEP = timedelta(seconds=10)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_TURNS = (
    "SELECT number, at, act, subject, stable, candidate, previous, weight, shadow, release, "
    "who, why, breach FROM release_turns ORDER BY number DESC LIMIT %s"
)


class PostgresReleases:
    """Turns, counts and pairs of answers (``ports.ReleaseBook``)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def state(self) -> ReleaseState:
        """Return the state after the last turn."""
        turns = await self.history(1)
        return turns[0].after if turns else ReleaseState()

    async def turn(self, turn: Turn) -> None:
        """Add a turn; raise Conflict if another came first."""
        after = turn.after
        breach = None if turn.breach is None else codec.json(_BREACH, turn.breach)
        try:
            async with transaction(self._pool) as connection:
                made = await connection.execute(
                    "INSERT INTO release_turns (number, at, act, subject, stable, candidate, "
                    "previous, weight, shadow, release, who, why, breach) "
                    "SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s "
                    "WHERE (SELECT coalesce(max(number), 0) FROM release_turns) = %s",
                    (after.number, turn.at, turn.act.value, turn.candidate, after.stable,
                     after.candidate, after.previous, after.weight, after.shadow, after.release,
                     codec.text(turn.who), codec.text(turn.why), breach, after.number - 1),
                )  # fmt: skip
        except psycopg.errors.UniqueViolation as error:
            raise _changed() from error
        if made.rowcount != 1:
            raise _changed()

    async def history(self, limit: int = 100) -> Sequence[Turn]:
        """Return the turns, newest first."""
        async with transaction(self._pool) as connection:
            rows = await (await connection.execute(_TURNS, (limit,))).fetchall()
        return [_turn_of(row) for row in rows]

    async def count(self, state: ReleaseState, seen: Tallies, at: datetime) -> Tallies:
        """Add what was seen and return the sums of the present stretch."""
        key = (state.release, state.number)
        async with transaction(self._pool) as connection:
            # Nothing is lost that matters if this is not on the disk.
            await connection.execute("SET LOCAL synchronous_commit = off")
            block = await _present_block(connection, key)
            for candidate, tally in ((False, seen.stable), (True, seen.candidate)):
                if tally != NOTHING:
                    await _add(connection, (*key, block, _bucket(at), candidate), tally)
            sums = await _sums(
                connection, SQL("release = %s AND turn = %s AND block = %s"), (*key, block)
            )
            return Tallies(*sums, await _stretches(connection, state.release))

    async def totals(self, release: str) -> Tallies:
        """Return the sums over a whole release."""
        async with transaction(self._pool) as connection:
            sums = await _sums(connection, SQL("release = %s"), (release,))
            return Tallies(*sums, await _stretches(connection, release))

    async def series(self, release: str, step: timedelta, limit: int = 120) -> Sequence[Bucket]:
        """Return the last steps of a release, oldest first."""
        query = SQL(
            "SELECT date_bin(%s, at, %s) AS step, candidate, {} FROM release_counts "
            "WHERE release = %s GROUP BY step, candidate ORDER BY step DESC LIMIT %s"
        ).format(_summed())
        async with transaction(self._pool) as connection:
            found = await connection.execute(query, (step, _EPOCH, release, 2 * limit + 2))
            rows = await found.fetchall()
        steps: dict[datetime, dict[bool, Tally]] = {}
        for row in rows:
            steps.setdefault(row["step"], {})[row["candidate"]] = _tally_of(row)
        return [
            Bucket(at, both.get(False, NOTHING), both.get(True, NOTHING))
            for at, both in sorted(steps.items())[-limit:]
        ]

    async def keep_pair(self, pair: ShadowPair) -> None:
        """Keep how two versions answered one question."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "INSERT INTO release_pairs (release, receipt, at, pair) VALUES (%s, %s, %s, %s)",
                (pair.release, pair.receipt, pair.at, codec.json(_PAIR, pair)),
            )

    async def pairs(self, release: str, limit: int = 2000) -> Sequence[ShadowPair]:
        """Return a release's pairs, newest first."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT pair FROM release_pairs WHERE release = %s ORDER BY n DESC LIMIT %s",
                (release, limit),
            )
            rows = await found.fetchall()
        return [_PAIR.validate_python(row["pair"]) for row in rows]

    async def forget(self, before: datetime, kept: Collection[str]) -> int:
        """Forget counts and pairs from before, except of releases that are kept."""
        gone = 0
        async with transaction(self._pool) as connection:
            for table in ("release_counts", "release_pairs"):
                query = SQL("DELETE FROM {} WHERE at < %s AND release <> ALL(%s)")
                done = await connection.execute(
                    query.format(Identifier(table)), (before, list(kept))
                )
                gone += done.rowcount
        return gone


async def _present_block(connection: Connection, key: tuple[str, int]) -> int:
    found = await connection.execute(
        "SELECT block, sum(requests) FILTER (WHERE candidate) AS tried FROM release_counts "
        "WHERE release = %s AND turn = %s GROUP BY block ORDER BY block DESC LIMIT 1",
        key,
    )
    row = await found.fetchone()
    if row is None:
        return 1
    return int(row["block"]) + (1 if (row["tried"] or 0) >= BLOCK else 0)


async def _stretches(connection: Connection, release: str) -> int:
    found = await connection.execute(
        "SELECT count(DISTINCT (turn, block)) AS n FROM release_counts WHERE release = %s",
        (release,),
    )
    row = await found.fetchone()
    return max(1, int(row["n"])) if row else 1


async def _add(
    connection: Connection, key: tuple[str, int, int, datetime, bool], tally: Tally
) -> None:
    names = [Identifier(name) for name in _COUNTS]
    query = SQL(
        "INSERT INTO release_counts AS c (release, turn, block, at, candidate, {}) "
        "VALUES (%s, %s, %s, %s, %s, {}) ON CONFLICT (release, turn, block, at, candidate) "
        "DO UPDATE SET {}"
    ).format(
        SQL(", ").join(names),
        SQL(", ").join([Placeholder()] * len(names)),
        SQL(", ").join(SQL("{0} = c.{0} + excluded.{0}").format(name) for name in names),
    )
    await connection.execute(query, (*key, *(getattr(tally, name) for name in _COUNTS)))


async def _sums(
    connection: Connection, where: SQL, values: tuple[object, ...]
) -> tuple[Tally, Tally]:
    query = SQL("SELECT candidate, {} FROM release_counts WHERE {} GROUP BY candidate").format(
        _summed(), where
    )
    rows = await (await connection.execute(query, values)).fetchall()
    both = {row["candidate"]: _tally_of(row) for row in rows}
    return both.get(False, NOTHING), both.get(True, NOTHING)


def _summed() -> Composed:
    return SQL(", ").join(
        SQL("sum({0})::bigint AS {0}").format(Identifier(name)) for name in _COUNTS
    )


def _tally_of(row: Row) -> Tally:
    return Tally(*(int(row[name]) for name in _COUNTS))


def _bucket(at: datetime) -> datetime:
    return at - (at - _EPOCH) % _STEP


def _turn_of(row: Row) -> Turn:
    after = ReleaseState(
        row["number"],
        row["stable"],
        row["candidate"],
        row["previous"],
        row["weight"],
        row["shadow"],
        row["release"],
    )
    breach = None if row["breach"] is None else _BREACH.validate_python(row["breach"])
    act = Act(row["act"])
    return Turn(row["at"], act, row["subject"], after, row["who"], row["why"], breach)


def _changed() -> Conflict:
    return Conflict("the release was changed meanwhile; look at its status and try again")
