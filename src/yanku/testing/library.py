"""Small documents for tests of whatever keeps documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from yanku.model.amount import Amount
from yanku.model.document import Digest, Document, Origin, Page, Paragraph
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    ReportKind,
    Statement,
)
from yanku.model.library import Chunk, DocumentId, Entry, State, chunk_id, document_id
from yanku.model.people import UserId
from yanku.model.place import Box, OnPage

ADDED = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
CHUNKER = "sample-1"


def an_entry(
    text: str,
    owner: str = "ann",
    *,
    readers: Iterable[str] = (),
    added: datetime = ADDED,
    name: str = "report.txt",
) -> Entry:
    """Return a document of ``owner`` whose bytes are a text."""
    digest = Digest(hashlib.sha256(text.encode()).hexdigest())
    id = document_id(UserId(owner), digest)
    return Entry(
        id=id,
        series=id,
        version=1,
        name=name,
        digest=digest,
        size=len(text.encode()),
        media_type="text/plain",
        owner=UserId(owner),
        state=State.QUEUED,
        added=added,
        readers=frozenset(readers),
    )


def a_document(entry: Entry, text: str) -> Document:
    """Return what a parser would see: one page, one paragraph."""
    return Document(
        digest=entry.digest,
        name=entry.name,
        media_type=entry.media_type,
        pages=(Page(1, 595.0, 842.0, Origin.TEXT_LAYER),),
        blocks=(Paragraph(text, a_place()),),
    )


def a_profile(company: str = "Reed Mills", published: date | None = None) -> Profile:
    """Return a profile of an annual report of 2025."""
    return Profile(
        title=f"{company} 2025",
        company=Company(code_of(company), company, (company.split()[0],)),
        report=ReportKind.ANNUAL,
        period=Period(date(2025, 12, 31), date(2025, 1, 1)),
        published=published,
    )


def some_chunks(document: DocumentId, text: str, count: int = 2) -> list[Chunk]:
    """Return ``count`` chunks that say a text."""
    return [
        Chunk(
            id=chunk_id(document, ordinal, CHUNKER),
            document=document,
            ordinal=ordinal,
            context="Reed Mills 2025",
            text=f"{text} ({ordinal})",
            place=a_place(),
            lines=(a_place(),),
        )
        for ordinal in range(count)
    ]


def a_fact(
    value: str = "12.50", company: str = "Reed Mills", metric: str = "operating_revenue"
) -> Fact:
    """Return one figure of an income statement of 2025."""
    return Fact(
        company=Company(code_of(company), company),
        metric=metric,
        label="营业收入",
        period=Period(date(2025, 12, 31), date(2025, 1, 1)),
        consolidation=Consolidation.CONSOLIDATED,
        statement=Statement.INCOME,
        amount=Amount(Decimal(value), "CNY"),
        place=a_place(),
        column="2025年度",
    )


def a_place() -> OnPage:
    """Return a line on the first page."""
    return OnPage(1, Box(10.0, 20.5, 300.25, 32.0))


def code_of(company: str) -> str:
    """Return a securities code for a made-up company."""
    return str(int(hashlib.sha256(company.encode()).hexdigest(), 16) % 900_000 + 100_000)
