"""The versions of a document, and how a document becomes one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yanku.access.scope import user_key
from yanku.adapters.postgres import codec, jobs
from yanku.adapters.postgres.pool import Connection
from yanku.errors import Conflict, NotAllowed, NotFound
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import Scope, UserId


async def register(
    connection: Connection,
    entry: Entry,
    series: str,
    version: int,
    readers: frozenset[str],
    *,
    via: str = "",
) -> None:
    """Add a document with its readers and its parse job, or wake the one that is there.

    ``via`` is the container it comes in, empty if it is added on its own.
    """
    readers |= {user_key(entry.owner)}
    if await _insert(connection, entry, series, version):
        await grant(connection, entry.id, readers, via=via)
        await jobs.add_parse_job(connection, entry.id)
        return
    versions = await lock(connection, entry.id)
    if entry.id not in versions:
        raise await _refused(connection, entry, series, version)
    if not via:
        await _make_own(connection, entry, readers)
    number, state = versions[entry.id]
    newest = number == max(each for each, _ in versions.values())
    if state is State.FAILED:
        await queue_again(connection, entry, None)
    elif state is State.SUPERSEDED and (newest or (via and not await is_own(connection, entry.id))):
        # It went with its container and is back, or a newer container brought its bytes back.
        following = number if newest else max(each for each, _ in versions.values()) + 1
        await queue_again(connection, entry, following)
    elif state in (State.QUEUED, State.PARSING):
        await jobs.add_parse_job(connection, entry.id)


async def _refused(connection: Connection, entry: Entry, series: str, version: int) -> Conflict:
    """Say why a document could neither be inserted nor found."""
    taken = await connection.execute(
        "SELECT FROM documents WHERE series = %s AND version = %s", (series, version)
    )
    if await taken.fetchone() is not None:
        return Conflict(f"{entry.name}: there is another document of its series {series}.")
    return Conflict(f"{entry.name} was deleted in the same moment; add it again.")


async def succeed(connection: Connection, entry: Entry, replaced: DocumentId) -> None:
    """Register a document as the next version of another one's series."""
    versions = await lock(connection, replaced)
    if not versions:
        raise not_found(replaced)
    old = await read(connection, replaced)
    if old.owner != entry.owner:
        raise not_found(replaced)
    following = max(number for number, _ in versions.values()) + 1
    if entry.id in versions:
        if versions[entry.id][1] is State.SUPERSEDED:
            await _make_own(connection, entry, entry.readers | {user_key(entry.owner)})
            await queue_again(connection, entry, following)
        else:
            await register(connection, entry, old.series, following, old.readers)
        return
    own = frozenset({user_key(entry.owner)})
    await register(connection, entry, old.series, following, entry.readers - own or old.readers)
    if (added := await read(connection, entry.id)).series != old.series:
        raise Conflict(
            f"The same bytes are in the library already, as {added.name}; delete that document "
            f"first if it is to replace {old.name}."
        )


async def is_own(connection: Connection, document: DocumentId) -> bool:
    """Tell whether somebody added a document on its own, and not only something it lies in."""
    found = await connection.execute(
        "SELECT FROM grants WHERE document = %s AND via = '' LIMIT 1", (codec.text(document),)
    )
    return await found.fetchone() is not None


async def _make_own(connection: Connection, entry: Entry, readers: frozenset[str]) -> None:
    """Let a document that came in a container stand on its own from now on."""
    if not await is_own(connection, entry.id):
        await grant(connection, entry.id, readers)
        await connection.execute(
            "UPDATE documents SET name = %s, source = %s WHERE id = %s",
            (codec.text(entry.name), codec.text(entry.source), entry.id),
        )


async def _insert(connection: Connection, entry: Entry, series: str, version: int) -> bool:
    # Without a target: with one, two who add the same document at once may meet on the other
    # unique key, and one of them would fail instead of waiting.
    inserted = await connection.execute(
        "INSERT INTO documents (id, series, version, name, digest, size, media_type, owner, "
        "state, added, source, profile) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'queued', %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (
            entry.id,
            series,
            version,
            codec.text(entry.name),
            entry.digest,
            entry.size,
            entry.media_type,
            entry.owner,
            entry.added,
            codec.text(entry.source),
            codec.json(codec.PROFILE, entry.profile),
        ),
    )
    return inserted.rowcount == 1


async def queue_again(connection: Connection, entry: Entry, version: int | None) -> None:
    """Have a document read once more; with ``version``, as that version of its series."""
    await connection.execute(
        "UPDATE documents SET state = 'queued', failure_code = NULL, failure_message = NULL, "
        "pages_done = 0, version = coalesce(%s, version), "
        "added = CASE WHEN %s THEN added ELSE %s END WHERE id = %s",
        (version, version is None, entry.added, entry.id),
    )
    await jobs.add_parse_job(connection, entry.id)


async def supersede(connection: Connection, documents: Sequence[DocumentId], at: datetime) -> None:
    """Make documents SUPERSEDED at a moment; what was read in them is kept."""
    await connection.execute(
        "UPDATE documents SET state = 'superseded', failure_code = NULL, "
        "failure_message = NULL WHERE id = ANY(%s)",
        (list(documents),),
    )
    await connection.execute(
        "UPDATE lives SET until = greatest(since, %s) WHERE document = ANY(%s) AND until IS NULL",
        (at, list(documents)),
    )


async def enliven(connection: Connection, document: DocumentId, at: datetime) -> None:
    """Note that a document is LIVE from a moment on, unless it is already."""
    await connection.execute(
        "INSERT INTO lives (document, since) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (document, at),
    )


async def grant(
    connection: Connection, document: DocumentId, readers: frozenset[str], *, via: str = ""
) -> None:
    """Add readers to a document that has none, of its own or through a container."""
    await connection.execute(
        "INSERT INTO grants (document, reader, via) SELECT %s, unnest(%s::text[]), %s",
        (document, sorted(readers), via),
    )


async def read(connection: Connection, document: DocumentId) -> Entry:
    """Return a document whoever asks; raise NotFound if there is none."""
    found = await connection.execute("SELECT * FROM entries WHERE id = %s", (codec.text(document),))
    row = await found.fetchone()
    if row is None:
        raise not_found(document)
    return codec.entry_of(row)


async def lock(connection: Connection, document: DocumentId) -> dict[DocumentId, tuple[int, State]]:
    """Lock all versions of a document's series; return their numbers and states, none if gone.

    The advisory lock comes first: a version added while we wait must not escape, and locking it
    afterwards would break the order.
    """
    found = await connection.execute(
        "SELECT series, pg_advisory_xact_lock(hashtextextended(series, 0)) "
        "FROM documents WHERE id = %s",
        (codec.text(document),),
    )
    row = await found.fetchone()
    if row is None:
        return {}
    found = await connection.execute(
        "SELECT id, version, state FROM documents WHERE series = %s ORDER BY id FOR UPDATE",
        (row["series"],),
    )
    rows = await found.fetchall()
    return {DocumentId(row["id"]): (row["version"], State(row["state"])) for row in rows}


async def lock_all(connection: Connection, documents: Sequence[DocumentId]) -> None:
    """Lock all versions of several documents' series, in the order of their ids."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(s.series, 0)) FROM "
        "(SELECT DISTINCT series FROM documents WHERE id = ANY(%s) ORDER BY series) s",
        (list(documents),),
    )
    await connection.execute(
        "SELECT FROM documents WHERE series IN (SELECT series FROM documents WHERE id = ANY(%s)) "
        "ORDER BY id FOR UPDATE",
        (list(documents),),
    )


async def lock_own(connection: Connection, document: DocumentId, scope: Scope) -> list[DocumentId]:
    """Lock all versions of a document that is the person's own; return their ids."""
    versions = await lock(connection, document)
    found = await connection.execute(
        "SELECT d.owner FROM documents d WHERE d.id = %s AND EXISTS "
        "(SELECT FROM grants g WHERE g.document = d.id AND g.reader = ANY(%s))",
        (codec.text(document), list(scope.readers)),
    )
    row = await found.fetchone()
    if row is None:
        raise not_found(document)
    if UserId(row["owner"]) != scope.user:
        raise NotAllowed("Only the owner of a document may delete it or choose its readers.")
    return list(versions)


def not_found(document: DocumentId) -> NotFound:
    """Return the one error for what is not there and for what is not yours."""
    return NotFound(f"There is no document {document}.")
