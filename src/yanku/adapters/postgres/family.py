"""Documents inside documents: how they come, who reads them, and which go with their container.

    a.zip ──┬── a.zip/b.xlsx          read by whoever reads a.zip; goes when a.zip goes
            └── a.zip/c.eml ── a.zip/c.eml/d.pdf

A document stays if it was also added on its own, or lies in another container that stays. Whoever
changes more than one series takes the family's lock before any other, so that what lies in what
does not change meanwhile; then all series at once, in the order everybody keeps.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yanku.adapters.postgres import codec, series
from yanku.adapters.postgres.pool import Connection
from yanku.errors import Conflict, NotFound
from yanku.model.library import DocumentId, Entry, Kin

_LOCK = 0x79616E6B66
_MOST_LEVELS = 64

_OWN = "EXISTS (SELECT FROM grants g WHERE g.document = {} AND g.via = '')"


async def lock(connection: Connection) -> None:
    """Let nobody else change what lies in what until this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


async def adopt(
    connection: Connection, parent: DocumentId, members: Sequence[tuple[str, Entry]]
) -> None:
    """Register the files (path inside, document) in a container; raise NotFound if it is gone."""
    await lock(connection)
    await lock_with(connection, parent)
    await series.lock_all(connection, [parent, *(entry.id for _, entry in members)])
    if parent not in await series.lock(connection, parent):
        raise NotFound(f"The document {parent} was deleted while it was being read.")
    above = await _above(connection, parent)
    for name, entry in members:
        if entry.id not in above:  # an archive made to hold itself holds nothing new
            await _adopt_one(connection, parent, codec.text(name), entry)
    await pass_on(connection, [parent])


async def _adopt_one(connection: Connection, parent: DocumentId, name: str, entry: Entry) -> None:
    before = await _predecessor(connection, parent, name, entry.id)
    in_series, version = await _following(connection, before) if before else (entry.id, 1)
    await series.register(connection, entry, in_series, version, frozenset(), via=parent)
    await connection.execute(
        "INSERT INTO members (parent, child, name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (parent, entry.id, name),
    )
    await connection.execute(
        f"UPDATE documents SET name = %s WHERE id = %s AND NOT {_OWN.format('id')}",  # noqa: S608
        (codec.text(entry.name), entry.id),
    )


async def _predecessor(
    connection: Connection, parent: DocumentId, name: str, child: DocumentId
) -> DocumentId | None:
    """Return the file of the same name in the version before, if nothing else holds it."""
    found = await connection.execute(
        "SELECT m.child FROM members m JOIN documents p ON p.id = m.parent "  # noqa: S608
        "JOIN documents n ON n.id = %(parent)s AND n.series = p.series AND p.version < n.version "
        "WHERE m.name = %(name)s AND m.child <> %(child)s "
        f"AND NOT {_OWN.format('m.child')} AND NOT EXISTS (SELECT FROM members o "
        "JOIN documents q ON q.id = o.parent WHERE o.child = m.child AND q.series <> n.series) "
        "AND NOT EXISTS (SELECT FROM members o WHERE o.child = m.child AND o.parent = n.id) "
        "ORDER BY p.version DESC LIMIT 1",
        {"parent": parent, "name": name, "child": child},
    )
    row = await found.fetchone()
    return DocumentId(row["child"]) if row else None


async def _following(connection: Connection, before: DocumentId) -> tuple[str, int]:
    versions = await series.lock(connection, before)
    old = await series.read(connection, before)
    return old.series, max(number for number, _ in versions.values()) + 1


async def pass_on(connection: Connection, parents: Collection[DocumentId]) -> list[DocumentId]:
    """Let the readers of containers read what lies in them, however deep; return what that is."""
    reached: list[DocumentId] = []
    level = list(parents)
    for _ in range(_MOST_LEVELS):
        if not level:
            break
        await connection.execute("DELETE FROM grants WHERE via = ANY(%s)", (level,))
        await connection.execute(
            "INSERT INTO grants (document, reader, via) "
            "SELECT DISTINCT m.child, g.reader, m.parent FROM members m "
            "JOIN grants g ON g.document = m.parent WHERE m.parent = ANY(%s)",
            (level,),
        )
        found = await connection.execute(
            "SELECT DISTINCT child FROM members WHERE parent = ANY(%s) ORDER BY child", (level,)
        )
        level = [DocumentId(row["child"]) for row in await found.fetchall()]
        reached += level
    return reached


async def going_with(
    connection: Connection, containers: Collection[DocumentId]
) -> list[DocumentId]:
    """Return the documents that nothing holds once these containers are gone, themselves left out.

    A superseded container still holds its files: its bytes are kept.
    """
    return await _closure(
        connection,
        containers,
        "NOT EXISTS (SELECT FROM members o WHERE o.child = m.child "
        "AND NOT o.parent = ANY(%(gone)s))",
    )


async def left_behind(
    connection: Connection, containers: Collection[DocumentId]
) -> list[DocumentId]:
    """Return the documents that no current container holds once these are superseded.

    One with a newer version answers until that has been read, as any replaced document does.
    """
    return await _closure(
        connection,
        containers,
        "NOT EXISTS (SELECT FROM members o JOIN documents p ON p.id = o.parent "
        "WHERE o.child = m.child AND NOT o.parent = ANY(%(gone)s) AND p.state <> 'superseded') "
        "AND NOT EXISTS (SELECT FROM documents n JOIN documents d ON d.series = n.series "
        "WHERE d.id = m.child AND n.version > d.version)",
    )


async def _closure(
    connection: Connection, containers: Collection[DocumentId], condition: str
) -> list[DocumentId]:
    gone = list(containers)
    found: list[DocumentId] = []
    while True:
        rows = await connection.execute(
            f"SELECT DISTINCT m.child FROM members m WHERE m.parent = ANY(%(gone)s) "  # noqa: S608
            f"AND NOT m.child = ANY(%(gone)s) AND NOT {_OWN.format('m.child')} AND {condition} "
            "ORDER BY m.child",
            {"gone": gone},
        )
        more = [DocumentId(row["child"]) for row in await rows.fetchall()]
        if not more:
            return found
        gone += more
        found += more


async def lock_with(connection: Connection, document: DocumentId) -> None:
    """Lock a document's series and whatever lies in any version of it, however deep."""
    found = await connection.execute(
        "WITH RECURSIVE below(id) AS (SELECT o.id FROM documents d "
        "JOIN documents o ON o.series = d.series WHERE d.id = %s UNION "
        "SELECT m.child FROM members m JOIN below ON m.parent = below.id) SELECT id FROM below",
        (codec.text(document),),
    )
    await series.lock_all(connection, [DocumentId(row["id"]) for row in await found.fetchall()])


async def is_container(connection: Connection, document: DocumentId) -> bool:
    """Tell whether files lie in any version of a document."""
    found = await connection.execute(
        "SELECT FROM documents d JOIN documents o ON o.series = d.series "
        "JOIN members m ON m.parent = o.id WHERE d.id = %s LIMIT 1",
        (document,),
    )
    return await found.fetchone() is not None


async def let_go(connection: Connection, containers: Collection[DocumentId]) -> None:
    """End what containers let people read that is read through something else as well."""
    await connection.execute(
        "DELETE FROM grants g WHERE g.via = ANY(%(gone)s) AND EXISTS (SELECT FROM grants o "
        "WHERE o.document = g.document AND NOT o.via = ANY(%(gone)s))",
        {"gone": list(containers)},
    )


async def has_fallen(connection: Connection, document: DocumentId) -> bool:
    """Tell whether a document has lost every container that held it, and was nothing else."""
    found = await connection.execute(
        "SELECT bool_and(p.state = 'superseded') AS fallen FROM members m "  # noqa: S608
        "JOIN documents p ON p.id = m.parent "
        f"WHERE m.child = %(id)s AND NOT {_OWN.format('m.child')}",
        {"id": document},
    )
    row = await found.fetchone()
    return bool(row and row["fallen"])


async def refuse_held(
    connection: Connection, documents: Collection[DocumentId], message: str
) -> None:
    """Raise Conflict if documents lie in a container that is none of them."""
    found = await connection.execute(
        "SELECT c.name AS child, p.name AS parent FROM members m "
        "JOIN documents c ON c.id = m.child JOIN documents p ON p.id = m.parent "
        "WHERE m.child = ANY(%(ids)s) AND NOT m.parent = ANY(%(ids)s) "
        "ORDER BY p.state = 'superseded', p.added LIMIT 1",
        {"ids": list(documents)},
    )
    row = await found.fetchone()
    if row is not None:
        raise Conflict(message.format(child=row["child"], parent=row["parent"]))


async def kin(connection: Connection, document: DocumentId) -> Kin:
    """Return how deep a document lies, and how much its outermost container holds by now."""
    found = await connection.execute(
        "WITH RECURSIVE up(id, depth) AS (SELECT %(id)s::text, 0 UNION "
        "SELECT m.parent, up.depth + 1 FROM members m JOIN up ON m.child = up.id "
        "WHERE up.depth < %(most)s), "
        "top(id) AS (SELECT id FROM up WHERE NOT EXISTS "
        "(SELECT FROM members m WHERE m.child = up.id) ORDER BY depth DESC, id LIMIT 1), "
        "down(id) AS (SELECT id FROM top UNION "
        "SELECT m.child FROM members m JOIN down ON m.parent = down.id) "
        "SELECT (SELECT max(depth) FROM up) AS depth, count(*) AS files, "
        "coalesce(sum(d.size), 0) AS bytes FROM down JOIN documents d ON d.id = down.id "
        "WHERE down.id NOT IN (SELECT id FROM top)",
        {"id": document, "most": _MOST_LEVELS},
    )
    row = await found.fetchone()
    return Kin(row["depth"], row["files"], int(row["bytes"])) if row else Kin()


async def _above(connection: Connection, document: DocumentId) -> frozenset[str]:
    found = await connection.execute(
        "WITH RECURSIVE up(id) AS (SELECT %s::text UNION "
        "SELECT m.parent FROM members m JOIN up ON m.child = up.id) SELECT id FROM up",
        (document,),
    )
    return frozenset(row["id"] for row in await found.fetchall())
