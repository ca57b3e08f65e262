"""Chunks that a person may read, by their ids, their places and the headings they stand under."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import LiteralString

from yanku.adapters.postgres import codec, contents, known
from yanku.adapters.postgres.pool import Connection
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry
from yanku.model.people import Scope
from yanku.model.place import InSheet, OnPage, Place

_CHUNKS: LiteralString = (
    "SELECT c.id AS chunk, c.ordinal, c.context, c.text, c.place, c.lines, e.* "
    "FROM chunks c JOIN entries e ON e.id = c.document WHERE "
)


async def by_ids(
    connection: Connection, ids: Sequence[ChunkId], scope: Scope
) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
    """Return those of the chunks that are known and readable, in the order asked for."""
    found = await connection.execute(
        f"{_CHUNKS} c.id = ANY(%(ids)s) AND {known.usable(scope, 'e')} "
        "ORDER BY array_position(%(ids)s::text[], c.id)",
        {"ids": [codec.text(id) for id in ids], **known.given(scope)},
    )
    return {chunk.id: (chunk, entry) for chunk, entry in await contents.pairs(found)}


async def at_places(
    connection: Connection, places: Sequence[tuple[DocumentId, Place]], scope: Scope
) -> Sequence[tuple[Chunk, Entry]]:
    """Return the chunks with a line on the same page or sheet as one of the places."""
    keys = dict.fromkeys((document, _key(place)) for document, place in places)
    found = await connection.execute(
        f"{_CHUNKS} {known.usable(scope, 'e')} AND c.document = ANY(%(documents)s) "
        "AND EXISTS (SELECT FROM unnest(%(documents)s::text[], %(keys)s::jsonb[]) "
        "AS at(document, key) WHERE at.document = c.document "
        "AND c.lines @> jsonb_build_array(at.key))",
        {
            "documents": [codec.text(document) for document, _ in keys],
            "keys": [key for _, key in keys],
            **known.given(scope),
        },
    )
    return await contents.pairs(found)


async def headed(
    connection: Connection, heading: str, companies: Collection[str], scope: Scope
) -> Sequence[Entry]:
    """Return the documents of these companies with a chunk under a heading that matches."""
    found = await connection.execute(
        "SELECT e.* FROM entries e "  # noqa: S608
        f"WHERE {known.usable(scope, 'e')} "
        "AND (e.profile->'company'->>'code' = ANY(%(companies)s) "
        "OR e.profile->'company'->>'name' = ANY(%(companies)s)) "
        "AND EXISTS (SELECT FROM chunks c WHERE c.document = e.id AND c.context ~* %(heading)s) "
        "ORDER BY e.profile->'period'->>'end' DESC NULLS LAST, e.added DESC, e.id",
        {
            "companies": [codec.text(company) for company in companies],
            "heading": _below(heading),
            **known.given(scope),
        },
    )
    return [codec.entry_of(row) for row in await found.fetchall()]


async def under(
    connection: Connection, heading: str, document: DocumentId, scope: Scope
) -> Sequence[tuple[Chunk, Entry]]:
    """Return a document's chunks under headings that match, in reading order."""
    found = await connection.execute(
        f"{_CHUNKS} {known.usable(scope, 'e')} AND c.document = %(document)s "
        "AND c.context ~* %(heading)s ORDER BY c.ordinal",
        {
            "document": codec.text(document),
            "heading": _below(heading),
            **known.given(scope),
        },
    )
    return await contents.pairs(found)


def _below(heading: str) -> str:
    """Return the expression for a context whose way down has such a heading."""
    return codec.text(f" > (?:{heading})")


def _key(place: Place) -> str:
    """Return what the place of every line on the same page or sheet has."""
    match place:
        case OnPage():
            return json.dumps({"page": place.page})
        case InSheet():
            return json.dumps({"sheet": codec.text(place.sheet)})
        case _:
            return json.dumps({"kind": place.kind})
