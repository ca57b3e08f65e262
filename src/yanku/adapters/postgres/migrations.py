"""The schema, brought forward step by numbered step."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from psycopg.sql import SQL

from yanku.adapters.postgres.pool import Connection, Pool, transaction
from yanku.errors import MigrationError

LOCK = 0x79616E6B75
"""Key of the advisory lock ("yanku" in ASCII) under which the schema changes."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: ``name`` is its file name, which sorts; ``sql`` is never changed once released."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the step's text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """Return every step this program knows, oldest first."""
    folder = resources.files("yanku.adapters.postgres") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(Migration(file.name, file.read_text(encoding="utf-8")) for file in files)


async def migrate(pool: Pool, steps: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Apply the steps that are missing, each in its transaction; return their names.

    Raises MigrationError if the schema has steps this program does not know, or other text in one.
    """
    known = migrations() if steps is None else steps
    applied = []
    for step in known:
        async with transaction(pool) as connection:
            await _lock(connection)
            if step.name in await _recorded(connection, known):
                continue
            await connection.execute(SQL(step.sql))
            await connection.execute(
                "INSERT INTO migrations (name, sha256) VALUES (%s, %s)", (step.name, step.digest)
            )
            applied.append(step.name)
    return tuple(applied)


async def _lock(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL, "
        "applied timestamptz NOT NULL DEFAULT now())"
    )


async def _recorded(connection: Connection, known: tuple[Migration, ...]) -> set[str]:
    rows = await (await connection.execute("SELECT name, sha256 FROM migrations")).fetchall()
    digests = {step.name: step.digest for step in known}
    for row in rows:
        if row["name"] not in digests:
            raise MigrationError(
                f"The database has the schema step {row['name']}, which this program does not "
                "know: it was made by a newer version. Install that version or restore a backup."
            )
        if digests[row["name"]] != row["sha256"]:
            raise MigrationError(
                f"The schema step {row['name']} in the database is not the one of this program. "
                "Install the version that made it, or restore a backup."
            )
    return {row["name"] for row in rows}
