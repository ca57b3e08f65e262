"""Settings to adapters to flows: the one place that chooses."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from yanku import __version__
from yanku.adapters.clock import SystemClock
from yanku.adapters.embed_e5 import E5Embedder
from yanku.adapters.embed_openai import OpenAIEmbedder
from yanku.adapters.files import LocalFiles
from yanku.adapters.model_openai import Manner, OpenAiModel
from yanku.adapters.postgres.answers import PostgresAnswers
from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.migrations import migrate
from yanku.adapters.postgres.people import PostgresPeople
from yanku.adapters.postgres.pool import Pool, open_pool
from yanku.adapters.postgres.queue import PostgresQueue
from yanku.adapters.postgres.server import EmbeddedPostgres
from yanku.adapters.postgres.usage import PostgresUsage
from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.adapters.sandbox import SandboxReader
from yanku.adapters.store import ModelStore, Trust, bundled_manifests, read_manifests
from yanku.adapters.store.hubs import Places, source_for
from yanku.adapters.store.web import WebSettings
from yanku.chunk.cut import CHUNKER
from yanku.finance.matter import load_vocabulary
from yanku.finance.ontology import Ontology, load_ontology
from yanku.flows.accounts import Accounts
from yanku.flows.ask import Ask, AskLimits
from yanku.flows.budgets import Budget, Budgets
from yanku.flows.find import Find, Part
from yanku.flows.ingest import Ingest
from yanku.flows.keep import Keep
from yanku.flows.measure import Measure
from yanku.flows.members import Nesting
from yanku.flows.memory import Memory
from yanku.flows.quoting import Quoting
from yanku.flows.replay import Replay
from yanku.flows.unlock import Unlock
from yanku.flows.view import View
from yanku.parse.source import Limits
from yanku.ports import (
    Answers,
    Clock,
    Embedder,
    FactBook,
    Files,
    Index,
    Ledger,
    Library,
    Model,
    Models,
    People,
    Queue,
    Reader,
    Usage,
)
from yanku.retrieve.tokens import Tokens
from yanku.serving.admission import Admission, Spent
from yanku.serving.alone import Alone
from yanku.serving.answers import AnswersInMemory
from yanku.serving.limit import BestLimit
from yanku.serving.policies import policy_named
from yanku.serving.quiet import Quiet
from yanku.settings import BudgetSettings, CacheSettings, ParserSettings, Settings

_MEBIBYTE = 1024**2
TERMS = "terms.toml"
"""A firm's own terms, in the home; docs/terms.md tells what may stand there."""


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
    """The one model, or the first of them; what ``models`` is made of where that is not given."""
    clock: Clock
    models: Models | None = None
    usage: Usage | None = None
    answers: Answers | None = None
    """Where answers are kept to be given again, if they are."""


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
    library: Library
    facts: FactBook
    ledger: Ledger
    queue: Queue
    index: Index
    model: Model
    admission: Admission
    budgets: Budgets
    memory: Memory
    clock: Clock

    async def work(self, *, vectors: bool, until_empty: bool = False) -> None:
        """Work the queue until cancelled or, with ``until_empty``, until nothing waits."""
        handlers = self.ingest.handlers()
        kinds = handlers if vectors else {"parse": handlers["parse"]}
        await self.queue.work(kinds, until_empty=until_empty)


def build(settings: Settings, parts: Parts, without: frozenset[Part] = frozenset()) -> House:
    """Join parts into flows; nothing is opened. ``without`` takes something out, to measure it."""
    ontology = terms_of(settings)
    tokens = Tokens(ontology.vocabulary())
    quiet = Quiet()
    find = Find(
        index=parts.index,
        library=parts.library,
        facts=parts.facts,
        embedder=parts.embedder,
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        without=without,
    )
    quoting = Quoting(
        find=find,
        tokens=tokens,
        ontology=ontology,
        vocabulary=load_vocabulary(ontology),
        clock=parts.clock,
    )
    budgets = _budgets(settings.budgets, parts)
    admission = _admission(settings, parts.models or Alone(parts.model), budgets.spent)
    memory, nothing = (_memory(parts, answers) for answers in (parts.answers, None))
    ask = Ask(
        find=find,
        quoting=quoting,
        facts=parts.facts,
        library=parts.library,
        ledger=parts.ledger,
        models=admission,
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        limits=AskLimits(settings.model.evidence_tokens, settings.model.max_answer_tokens),
        quiet=quiet,
        memory=memory,
        version=__version__,
        terms=_mark_of_terms(settings),
        without=without,
    )
    ingest = Ingest(
        library=parts.library,
        files=parts.files,
        queue=parts.queue,
        reader=parts.reader,
        index=parts.index,
        embedder=parts.embedder,
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        quiet=quiet,
        max_bytes=settings.parser.max_mb * _MEBIBYTE,
        nesting=Nesting(
            settings.parser.max_depth,
            settings.parser.max_members,
            settings.parser.max_unpacked_mb * _MEBIBYTE,
        ),
    )
    return House(
        settings=settings,
        ask=ask,
        replay=Replay(ask=ask, ledger=parts.ledger, library=parts.library),
        find=find,
        ingest=ingest,
        keep=Keep(
            library=parts.library,
            files=parts.files,
            index=parts.index,
            queue=parts.queue,
            ingest=ingest,
            answers=parts.answers,
        ),
        # By the reader that people wait for, never behind a long report being read.
        unlock=Unlock(library=parts.library, files=parts.files, reader=parts.renderer),
        view=View(
            library=parts.library, facts=parts.facts, files=parts.files, reader=parts.renderer
        ),
        accounts=Accounts(
            people=parts.people, clock=parts.clock, session_hours=settings.server.session_hours
        ),
        measure=Measure(
            ingest=ingest,
            ask=ask.with_memory(nothing),
            find=find,
            library=parts.library,
            facts=parts.facts,
            ontology=ontology,
        ),
        library=parts.library,
        facts=parts.facts,
        ledger=parts.ledger,
        queue=parts.queue,
        index=parts.index,
        # Past admission: a server that is busy is well.
        model=parts.model,
        admission=admission,
        budgets=budgets,
        memory=memory,
        clock=parts.clock,
    )


def _budgets(chosen: BudgetSettings, parts: Parts) -> Budgets:
    return Budgets(
        usage=parts.usage,
        clock=parts.clock,
        user=Budget(
            chosen.user_requests_per_minute,
            chosen.user_requests_per_day,
            chosen.user_tokens_per_day,
        ),
        key=Budget(
            chosen.key_requests_per_minute, chosen.key_requests_per_day, chosen.key_tokens_per_day
        ),
    )


def _admission(settings: Settings, models: Models, spent: Spent) -> Admission:
    chosen = settings.admission
    start = settings.model.in_flight
    least, most = (1, chosen.most_in_flight) if chosen.most_in_flight else (start, start)
    return Admission(
        models,
        BestLimit(start, least, most),
        waiting=chosen.waiting,
        waiting_each=chosen.waiting_each,
        spent=spent,
    )


def _memory(parts: Parts, answers: Answers | None) -> Memory:
    return Memory(answers=answers, library=parts.library, ledger=parts.ledger, clock=parts.clock)


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
        yield house


async def _open_parts(settings: Settings, stack: AsyncExitStack, fresh_index: bool) -> Parts:
    embedder = _embedder(settings, stack)
    index = await _open_index(settings, f"{embedder.name}, {CHUNKER}", fresh=fresh_index)
    stack.push_async_callback(index.close)
    pool = await _open_database(settings, stack)
    model = _model(settings)
    stack.push_async_callback(model.close)
    return Parts(
        library=PostgresLibrary(pool),
        facts=PostgresFactBook(pool),
        ledger=PostgresLedger(pool),
        people=PostgresPeople(pool),
        # One more than readers, so that vectors in the making hold no document up.
        queue=PostgresQueue(pool, concurrency=settings.parser.workers + 1),
        files=LocalFiles(settings.home / "files"),
        reader=_reader(settings.parser),
        renderer=_reader(settings.parser),
        index=index,
        embedder=embedder,
        model=model,
        clock=SystemClock(),
        answers=answers_of(settings.answers, pool),
        usage=PostgresUsage(pool),
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


def _model(settings: Settings) -> Model:
    chosen = settings.model
    if chosen.url:
        model: Model = OpenAiModel(
            chosen.url,
            chosen.name,
            window=chosen.window,
            api_key=chosen.api_key.get_secret_value(),
            timeout_s=chosen.timeout_s,
            manner=Manner(
                chosen.thinking,
                chosen.thinking_tokens,
                chosen.show_thinking,
                chosen.exact_tokens,
                chosen.extra,
            ),
        )
    else:
        from yanku.adapters.model_openvino import OpenVinoModel  # As above: half a second.

        store = model_store(settings)
        manifest = store.manifest(chosen.name)
        model = OpenVinoModel(
            lambda: (store.sound if settings.store.mend else store.verify)(chosen.name),
            name=chosen.name,
            version=manifest.version,
            window=manifest.window,
        )
    return model


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


def limits_of(chosen: ParserSettings) -> Limits:
    """Return what a reader accepts."""
    return Limits(
        max_bytes=chosen.max_mb * _MEBIBYTE,
        max_pages=chosen.max_pages,
        max_pixels=chosen.max_megapixels * 1_000_000,
        max_cells=chosen.max_cells,
        max_unpacked_bytes=chosen.max_unpacked_mb * _MEBIBYTE,
        max_ratio=chosen.max_ratio,
        max_members=chosen.max_members,
        ocr_dpi=chosen.ocr_dpi,
    )


def _reader(chosen: ParserSettings) -> Reader:
    return SandboxReader(
        limits_of(chosen),
        memory_bytes=chosen.memory_mb * _MEBIBYTE,
        wall_time_s=chosen.wall_time_s,
        workers=chosen.workers,
    )


def terms_of(settings: Settings) -> Ontology:
    """Return the ontology with the home's own terms; raise SettingsError where they are wrong."""
    return load_ontology(_own_terms(settings))


def _own_terms(settings: Settings) -> Path | None:
    own = settings.home / TERMS
    return own if own.exists() else None


def _mark_of_terms(settings: Settings) -> str:
    """Return what differs whenever a firm's own terms do: answers kept under others are stale."""
    own = _own_terms(settings)
    return hashlib.sha256(own.read_bytes()).hexdigest() if own else ""


def reader_for(settings: Settings) -> Reader:
    """Return a reader for one file, without a home or a database."""
    return _reader(settings.parser)


def model_store(settings: Settings, wanted: str = "") -> ModelStore:
    """Return the models of this machine, shared by its homes.

    ``wanted`` says where to fetch from: ``index``, a hub, or a folder; empty as the settings say.
    """
    chosen = settings.store
    trust = Trust(chosen.trusted_keys, unsigned=chosen.allow_unsigned)
    kept, refused = read_manifests(manifests_folder(settings), trust)
    places = Places(
        chosen.modelscope_url, chosen.huggingface_url, chosen.oci_url, _index_options(settings)
    )
    web = WebSettings(
        proxy=chosen.proxy,
        certificates=chosen.certificates,
        token=chosen.token.get_secret_value(),
        redirect_hosts=chosen.redirect_hosts,
    )
    return ModelStore(
        settings.cache / "models",
        bundled_manifests() | kept,
        choose=lambda manifest: source_for(manifest, places, web, wanted or chosen.source),
        refused=refused,
        workers=chosen.workers,
    )


def manifests_folder(settings: Settings) -> Path:
    """Return the folder of the operator's own manifests."""
    return settings.store.manifests or settings.cache / "manifests"


def _index_options(settings: Settings) -> tuple[str, ...]:
    chosen = settings.store
    wanted = {
        "--index-url": chosen.index_url,
        "--proxy": chosen.proxy,
        "--cert": str(chosen.certificates or ""),
    }
    return tuple(f"{option}={value}" for option, value in wanted.items() if value)
