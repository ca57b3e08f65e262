"""What a house is made of, and the house itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from yanku.errors import StoreError
from yanku.flows.accounts import Accounts
from yanku.flows.ask import Ask
from yanku.flows.budgets import Budgets
from yanku.flows.find import Find
from yanku.flows.ingest import Ingest
from yanku.flows.keep import Keep
from yanku.flows.measure import Measure
from yanku.flows.memory import Memory
from yanku.flows.releasing import Releasing
from yanku.flows.replay import Replay
from yanku.flows.shadow import Shadows
from yanku.flows.unlock import Unlock
from yanku.flows.view import View
from yanku.ports import (
    Answers,
    Clock,
    Embedder,
    FactBook,
    Files,
    Index,
    Ledger,
    Library,
    Meters,
    Model,
    People,
    Queue,
    Reader,
    ReleaseBook,
    Usage,
)
from yanku.serving.admission import Admission
from yanku.serving.fleet import Fleet
from yanku.settings import Settings

_TIDY_EACH_S = 3600.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything behind a port; tests hand in their own."""

    library: Library
    facts: FactBook
    ledger: Ledger
    people: People
    queue: Queue
    files: Files
    reader: Reader
    renderer: Reader
    """Draws pages for people who wait, and so never behind a long report being read."""
    index: Index
    embedder: Embedder
    model: Model
    """The model that serves until another version is promoted."""
    clock: Clock
    release_book: ReleaseBook
    versions: Mapping[str, Model] = field(default_factory=dict)
    """Other versions of it by name."""
    fleet: Fleet = field(default_factory=Fleet)
    """The replicas of all models that have several."""
    usage: Usage | None = None
    answers: Answers | None = None
    """Where answers are kept to be given again, if they are."""
    meters: Meters | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The flows, ready to be called, and the parts a door may look at."""

    settings: Settings
    ask: Ask
    replay: Replay
    find: Find
    ingest: Ingest
    keep: Keep
    unlock: Unlock
    view: View
    accounts: Accounts
    measure: Measure
    releasing: Releasing
    shadows: Shadows
    library: Library
    facts: FactBook
    ledger: Ledger
    queue: Queue
    index: Index
    model: Model
    fleet: Fleet
    admission: Admission
    budgets: Budgets
    memory: Memory
    meters: Meters
    clock: Clock

    @asynccontextmanager
    async def following(self, tidy_after_s: float = 60.0) -> AsyncIterator[None]:
        """Follow the releases that all servers share, and forget what is kept for a time only.

        Without, the base version serves. Commands that end at once forget nothing.
        """
        if self.releasing.offered:
            await self.releasing.releases.catch_up()
        tasks = [asyncio.create_task(self._tidy(tidy_after_s))]
        if self.releasing.offered:
            tasks.append(asyncio.create_task(self.releasing.releases.keep_up()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.shadows.close()

    async def _tidy(self, first_after_s: float) -> None:
        await asyncio.sleep(first_after_s)
        while True:
            # While the database does not answer, nothing is forgotten; an hour later, then.
            with suppress(StoreError):
                await self.releasing.tidy(timedelta(days=self.settings.releases.keep_days))
            await asyncio.sleep(_TIDY_EACH_S)

    async def work(self, *, vectors: bool, until_empty: bool = False) -> None:
        """Work the queue until cancelled or, with ``until_empty``, until nothing waits."""
        handlers = self.ingest.handlers()
        kinds = handlers if vectors else {"parse": handlers["parse"]}
        await self.queue.work(kinds, until_empty=until_empty)
