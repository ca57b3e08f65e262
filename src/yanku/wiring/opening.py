"""Settings to adapters: everything a home needs, opened, and closed in reverse."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from yanku.adapters.clock import SystemClock
from yanku.adapters.embed_e5 import E5Embedder
from yanku.adapters.embed_openai import OpenAIEmbedder
from yanku.adapters.files import LocalFiles
from yanku.adapters.postgres.answers import PostgresAnswers
from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.migrations import migrate
from yanku.adapters.postgres.people import PostgresPeople
from yanku.adapters.postgres.pool import Pool, open_pool
from yanku.adapters.postgres.queue import PostgresQueue
from yanku.adapters.postgres.releases import PostgresReleases
from yanku.adapters.postgres.server import EmbeddedPostgres
from yanku.adapters.postgres.usage import PostgresUsage
from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.adapters.sandbox_nursery import Nursery
from yanku.chunk.cut import CHUNKER
from yanku.flows.find import Part
from yanku.ports import Answers, Embedder, Index
from yanku.serving.answers import AnswersInMemory
from yanku.serving.fleet import Fleet
from yanku.serving.policies import policy_named
from yanku.settings import CacheSettings, Settings
from yanku.wiring.joining import build
from yanku.wiring.metering import new_meters
from yanku.wiring.models import model_of, versions_of
from yanku.wiring.parts import House, Parts
from yanku.wiring.reading import reader_of


@asynccontextmanager
async def open_house(
    settings: Settings, *, fresh_index: bool = False, without: frozenset[Part] = frozenset()
) -> AsyncIterator[House]:
    """Open everything a home needs, and close it in reverse.

    The chat model loads at its first question. With ``fresh_index`` the index in this process is
    thrown away, which also opens a damaged one; then it must be rebuilt. Raises HomeBusy when
    another process has the home's index open, DatabaseUnavailable, IndexUnavailable,
    MigrationError.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        house = build(settings, await _open_parts(settings, stack, fresh_index), without)
        if not settings.index.url:
            # Alone with the home, so nothing is being added: what is unknown is left over.
            await house.keep.sweep()
        async with house.following():
            yield house


async def _open_parts(settings: Settings, stack: AsyncExitStack, fresh_index: bool) -> Parts:
    embedder = _embedder(settings, stack)
    index = await _open_index(settings, f"{embedder.name}, {CHUNKER}", fresh=fresh_index)
    stack.push_async_callback(index.close)
    pool = await _open_database(settings, stack)
    meters, fleet = new_meters(pool), Fleet()
    model = model_of(settings, meters, fleet=fleet)
    stack.push_async_callback(model.close)
    nursery = Nursery()
    stack.push_async_callback(asyncio.to_thread, nursery.close)
    versions = versions_of(settings, meters, fleet)
    for version in versions.values():
        stack.push_async_callback(version.close)
    return Parts(
        library=PostgresLibrary(pool),
        facts=PostgresFactBook(pool),
        ledger=PostgresLedger(pool),
        people=PostgresPeople(pool),
        # One more than readers, so that vectors in the making hold no document up.
        queue=PostgresQueue(pool, concurrency=settings.parser.workers + 1),
        files=LocalFiles(settings.home / "files"),
        reader=reader_of(settings.parser, nursery),
        renderer=reader_of(settings.parser, nursery),
        index=index,
        embedder=embedder,
        model=model,
        versions=versions,
        release_book=PostgresReleases(pool),
        fleet=fleet,
        clock=SystemClock(),
        answers=answers_of(settings.answers, pool),
        usage=PostgresUsage(pool),
        meters=meters,
    )


def answers_of(chosen: CacheSettings, pool: Pool) -> Answers | None:
    """Return where answers are kept, or None if they are not."""
    match chosen.where:
        case "off":
            return None
        case "database":
            return PostgresAnswers(pool, capacity=chosen.answers, hours=chosen.hours)
        case "memory":
            policy = policy_named(chosen.policy, chosen.answers)
            return AnswersInMemory(policy, seconds=chosen.hours * 3600, now=time.monotonic)


async def _open_database(settings: Settings, stack: AsyncExitStack) -> Pool:
    url = settings.database.url.get_secret_value()
    if not url:
        server = EmbeddedPostgres(settings.home / "postgres")
        url = await asyncio.to_thread(server.start)
        stack.callback(server.close)
    pool = await open_pool(url, size=settings.database.pool_size)
    stack.push_async_callback(pool.close)
    await migrate(pool)
    return pool


async def _open_index(settings: Settings, made_by: str, *, fresh: bool) -> Index:
    chosen, dimensions = settings.index, settings.embedder.dimensions
    if chosen.url:
        # Imported where chosen: the cluster's client alone takes a second to import.
        from qdrant_client import AsyncQdrantClient

        from yanku.adapters.qdrant_server import ServerIndex

        key = chosen.api_key.get_secret_value() or None
        client = AsyncQdrantClient(url=chosen.url, api_key=key)
        return await ServerIndex.open(client, chosen.collection, dimensions)
    folder = settings.home / "index"
    return await EdgeIndex.open(folder, dimensions, made_by=made_by, fresh=fresh)


def _embedder(settings: Settings, stack: AsyncExitStack) -> Embedder:
    chosen = settings.embedder
    if not chosen.url:
        return E5Embedder()
    key = chosen.api_key.get_secret_value()
    client = httpx.AsyncClient(
        base_url=chosen.url.rstrip("/") + "/",
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=httpx.Timeout(settings.model.timeout_s, connect=5),
        trust_env=False,
        follow_redirects=False,
    )
    stack.push_async_callback(client.aclose)
    return OpenAIEmbedder(client, chosen.model, chosen.dimensions)
