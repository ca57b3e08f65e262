"""A house for tests: everything real but the two models, which are quick and predictable."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from yanku.access.scope import scope_of
from yanku.adapters.clock import SystemClock
from yanku.adapters.files import LocalFiles
from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.people import PostgresPeople
from yanku.adapters.postgres.pool import open_pool
from yanku.adapters.postgres.queue import PostgresQueue
from yanku.adapters.postgres.releases import PostgresReleases
from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.adapters.sandbox import SandboxReader
from yanku.model.library import Entry, State
from yanku.model.people import Principal, Role
from yanku.parse.source import Limits
from yanku.ports import Clock, Model, Reader
from yanku.settings import CacheSettings, ReleaseSettings, load_settings
from yanku.testing.embedder import FakeEmbedder
from yanku.testing.model import FakeModel
from yanku.wiring import House, Parts, answers_of, build
from yanku.wiring.metering import new_meters

PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests


@asynccontextmanager
async def open_test_house(
    database_url: str,
    folder: Path,
    *,
    model: Model | None = None,
    reader: Reader | None = None,
    clock: Clock | None = None,
    cache: CacheSettings | None = None,
    server: Mapping[str, Any] | None = None,
    versions: Mapping[str, Model] | None = None,
    releases: ReleaseSettings | None = None,
) -> AsyncIterator[House]:
    """Open a house on a migrated database of its own; its index and files are in ``folder``."""
    embedder = FakeEmbedder()
    pool = await open_pool(database_url)
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    reader = reader or SandboxReader(Limits(), memory_bytes=2 * 1024**3, wall_time_s=120)
    try:
        yield build(
            load_settings(
                folder,
                development=True,
                server=dict(server or {}),
                releases=releases or ReleaseSettings(),
            ),
            Parts(
                library=PostgresLibrary(pool),
                facts=PostgresFactBook(pool),
                ledger=PostgresLedger(pool),
                people=PostgresPeople(pool),
                queue=PostgresQueue(pool, poll_s=0.1),
                files=LocalFiles(folder / "files"),
                reader=reader,
                renderer=reader,
                index=index,
                embedder=embedder,
                model=model or FakeModel(),
                clock=clock or SystemClock(),
                release_book=PostgresReleases(pool),
                versions=versions or {},
                answers=answers_of(cache or CacheSettings(), pool),
                meters=new_meters(pool),
            ),
        )
    finally:
        await index.close()
        await pool.close()


async def add_person(house: House, name: str, *groups: str) -> Principal:
    """Add a member who is in these groups, made where they do not exist."""
    admin = await house.accounts.local()
    person = await house.accounts.add_user(admin, name, PASSWORD, Role.MEMBER)
    known = {group.name: group.id for group in await house.accounts.groups(admin)}
    for group in groups:
        if group not in known:
            known[group] = (await house.accounts.add_group(admin, group)).id
        await house.accounts.join(admin, person.user, known[group])
    return await house.accounts.by_name(name)


async def add_text(house: House, folder: Path, name: str, text: str, owner: Principal) -> Entry:
    """Add a text file, work the queue empty, and return the live entry."""
    path = folder / name
    path.write_text(text, "utf-8")
    entry = await house.ingest.add(path, name, owner=owner)
    await house.work(vectors=True, until_empty=True)
    live = await house.library.entry(entry.id, scope=scope_of(owner))
    assert live.state is State.LIVE, live.failure
    return live
