"""What was read in a document, written and cleared within the library's transactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg import AsyncCursor
from psycopg.rows import DictRow

from yanku.adapters.postgres import codec
from yanku.adapters.postgres.pool import Connection
from yanku.finance.disclosure import public_on
from yanku.model.document import Document
from yanku.model.finance import Company, Fact, Profile
from yanku.model.library import Chunk, DocumentId, Entry
from yanku.parse.parts import Key, parts_of


@dataclass(frozen=True, slots=True)
class Packed:
    """A parsed document as bytes, whole and, if it has several, by its pages or sheets."""

    whole: bytes
    parts: tuple[tuple[Key, bytes], ...]


def packed(parsed: Document) -> Packed:
    """Return a document as bytes; takes a moment for a long one."""
    parts = tuple((key, codec.packed(part)) for key, part in parts_of(parsed))
    return Packed(codec.packed(parsed), parts if len(parts) > 1 else ())


async def clear(connection: Connection, documents: Sequence[DocumentId]) -> None:
    """Remove what was read in some documents; the documents stay."""
    gone = list(documents)
    await connection.execute("DELETE FROM parsed WHERE document = ANY(%s)", (gone,))
    await connection.execute("DELETE FROM parts WHERE document = ANY(%s)", (gone,))
    await connection.execute("DELETE FROM pages WHERE document = ANY(%s)", (gone,))
    await connection.execute("DELETE FROM chunks WHERE document = ANY(%s)", (gone,))
    await connection.execute("DELETE FROM facts WHERE document = ANY(%s)", (gone,))
    await connection.execute("DELETE FROM companies WHERE document = ANY(%s)", (gone,))


async def write(
    connection: Connection,
    document: DocumentId,
    parsed: Document,
    body: Packed,
    profile: Profile,
    chunks: Sequence[Chunk],
    facts: Sequence[Fact],
    seconds: float,
) -> None:
    """Make a document LIVE with what was read in it; ``body`` is ``parsed``, packed."""
    await connection.execute(
        "UPDATE documents SET state = 'live', profile = %s, published = %s, public_on = %s, "
        "flaws = %s, pages_done = %s, page_count = %s, vectors_done = 0, chunk_count = %s, "
        "failure_code = NULL, failure_message = NULL, read_s = %s WHERE id = %s",
        (
            codec.json(codec.PROFILE, profile),
            profile.published,
            public_on(profile, await _added(connection, document)),
            codec.json(codec.FLAWS, parsed.flaws),
            len(parsed.pages),
            len(parsed.pages),
            len(chunks),
            seconds,
            document,
        ),
    )
    await connection.execute(
        "INSERT INTO parsed (document, body) VALUES (%s, %s)", (document, body.whole)
    )
    await _write_parts(connection, document, body.parts)
    await _write_pages(connection, document, parsed)
    await _write_chunks(connection, document, chunks)
    await _write_facts(connection, document, facts)
    await _write_companies(connection, document, profile, facts)


async def _added(connection: Connection, document: DocumentId) -> datetime:
    found = await connection.execute("SELECT added FROM documents WHERE id = %s", (document,))
    row = await found.fetchone()
    if row is None:
        raise AssertionError("a document that is written stands in the library")
    added: datetime = row["added"]
    return added.astimezone(UTC)


async def _write_parts(
    connection: Connection, document: DocumentId, parts: Sequence[tuple[Key, bytes]]
) -> None:
    columns = "COPY parts (document, ordinal, page, sheet, body) FROM STDIN"
    async with connection.cursor() as cursor, cursor.copy(columns) as copy:
        for ordinal, (key, body) in enumerate(parts):
            page, sheet = (key, None) if isinstance(key, int) else (None, codec.text(key))
            await copy.write_row((document, ordinal, page, sheet, body))


async def pairs(found: AsyncCursor[DictRow]) -> list[tuple[Chunk, Entry]]:
    """Return the chunks in a result with their documents, each document read once."""
    entries: dict[str, Entry] = {}
    result = []
    for row in await found.fetchall():
        if row["id"] not in entries:
            entries[row["id"]] = codec.entry_of(row)
        result.append((codec.chunk_of(row), entries[row["id"]]))
    return result


async def _write_pages(connection: Connection, document: DocumentId, parsed: Document) -> None:
    async with (
        connection.cursor() as cursor,
        cursor.copy("COPY pages (document, number, width, height, origin) FROM STDIN") as copy,
    ):
        for page in parsed.pages:
            await copy.write_row(
                (document, page.number, page.width, page.height, page.origin.value)
            )


async def _write_chunks(
    connection: Connection, document: DocumentId, chunks: Sequence[Chunk]
) -> None:
    columns = "COPY chunks (id, document, ordinal, context, text, place, lines) FROM STDIN"
    async with connection.cursor() as cursor, cursor.copy(columns) as copy:
        for chunk in chunks:
            await copy.write_row(
                (
                    chunk.id,
                    document,
                    chunk.ordinal,
                    codec.text(chunk.context),
                    codec.text(chunk.text),
                    codec.json(codec.PLACE, chunk.place),
                    codec.json(codec.PLACES, chunk.lines),
                )
            )


async def _write_facts(connection: Connection, document: DocumentId, facts: Sequence[Fact]) -> None:
    columns = (
        "COPY facts (document, company_code, company_name, company_aliases, metric, label, "
        "period_start, period_end, consolidation, statement, value, unit, place, column_header, "
        "restated, checks) FROM STDIN"
    )
    async with connection.cursor() as cursor, cursor.copy(columns) as copy:
        for fact in facts:
            await copy.write_row(
                (
                    document,
                    codec.text(fact.company.code),
                    codec.text(fact.company.name),
                    codec.json(codec.STRINGS, fact.company.aliases),
                    codec.text(fact.metric),
                    codec.text(fact.label),
                    fact.period.start,
                    fact.period.end,
                    fact.consolidation.value,
                    fact.statement.value,
                    fact.amount.value,
                    codec.text(fact.amount.unit),
                    codec.json(codec.PLACE, fact.place),
                    codec.text(fact.column),
                    fact.restated,
                    codec.json(codec.CHECKS, fact.checks),
                )
            )


async def _write_companies(
    connection: Connection, document: DocumentId, profile: Profile, facts: Sequence[Fact]
) -> None:
    named = [fact.company for fact in facts]
    mentions = _mentions([*named, profile.company] if profile.company else named)
    async with (
        connection.cursor() as cursor,
        cursor.copy("COPY companies (document, code, name, mentions) FROM STDIN") as copy,
    ):
        for (code, name), count in mentions.items():
            await copy.write_row((document, code, name, count))


def _mentions(companies: Iterable[Company]) -> Counter[tuple[str, str]]:
    """Count the names of each company; an alias is known and counts nothing."""
    mentions: Counter[tuple[str, str]] = Counter()
    for company in companies:
        code = codec.text(company.code)
        mentions[code, codec.text(company.name)] += 1
        for alias in company.aliases:
            mentions[code, codec.text(alias)] += 0
    return mentions
