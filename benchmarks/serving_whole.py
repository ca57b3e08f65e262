"""The whole product against its bare engine: the same prompts, asked by people or by nobody.

Documents are invented (``yanku.testing.samples`` and ``benchmarks/texts``), and so are questions:
a summary of what stands under each of their headings. Those for which the product asks its model
are put to the product, many at once: they are understood, searched for, read, worded, checked,
cited, and leave a receipt. Then a fresh engine is given the very prompts that the product made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import platformdirs

from yanku.access.scope import scope_of
from yanku.adapters.clock import SystemClock
from yanku.adapters.embed_e5 import E5Embedder
from yanku.adapters.files import LocalFiles
from yanku.adapters.model_openvino import OpenVinoModel
from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.ledger import PostgresLedger
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.migrations import migrate
from yanku.adapters.postgres.people import PostgresPeople
from yanku.adapters.postgres.pool import open_pool
from yanku.adapters.postgres.queue import PostgresQueue
from yanku.adapters.postgres.releases import PostgresReleases
from yanku.adapters.postgres.server import EmbeddedPostgres
from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.adapters.store import ModelStore
from yanku.flows.events import Sentence
from yanku.model.document import Heading
from yanku.model.people import Principal
from yanku.ports import Message, Model, Sampling
from yanku.serving.closing import closing_stream
from yanku.settings import load_settings
from yanku.testing.model import FakeModel
from yanku.testing.samples.make import make_samples
from yanku.wiring import House, Parts, build, reader_for

MODEL = "qwen2.5-coder-1.5b-instruct-q4"
TEXTS = Path(__file__).parent / "texts" / "documents"
Prompt = tuple[tuple[Message, ...], Sampling]


class Recorder:
    """A model (``ports.Model``) over one that may be changed; ``asked`` is what it was shown,
    ``spoke`` the moment of the first piece of its last answer.
    """

    name, version, window = MODEL, "1", 8192

    def __init__(self) -> None:
        self.model: Model = FakeModel("……")
        self.asked: list[Prompt] = []
        self.spoke = 0.0

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Note a prompt, and pass it on."""
        self.asked.append((tuple(messages), sampling))
        self.spoke = 0.0
        async with aclosing(closing_stream(self.model.generate(messages, sampling))) as pieces:
            async for piece in pieces:
                self.spoke = self.spoke or time.perf_counter()
                yield piece

    async def count_tokens(self, text: str) -> int:
        """Return the model's own count."""
        return await self.model.count_tokens(text)

    async def close(self) -> None:
        """Close nothing."""


@asynccontextmanager
async def house(folder: Path, recorder: Recorder, in_flight: int) -> AsyncIterator[House]:
    settings = load_settings(folder, development=True, model={"in_flight": in_flight})
    async with AsyncExitStack() as stack:
        database = EmbeddedPostgres(folder / "postgres")
        url = await asyncio.to_thread(database.start)
        stack.callback(database.close)
        pool = await open_pool(url)
        stack.push_async_callback(pool.close)
        await migrate(pool)
        embedder, reader = E5Embedder(), reader_for(settings)
        index = await EdgeIndex.open(folder / "index", embedder.dimensions)
        stack.push_async_callback(index.close)
        yield build(
            settings,
            Parts(
                library=PostgresLibrary(pool),
                facts=PostgresFactBook(pool),
                ledger=PostgresLedger(pool),
                people=PostgresPeople(pool),
                queue=PostgresQueue(pool, concurrency=2, poll_s=0.1),
                files=LocalFiles(folder / "files"),
                reader=reader,
                renderer=reader,
                index=index,
                embedder=embedder,
                model=recorder,
                clock=SystemClock(),
                release_book=PostgresReleases(pool),
            ),
        )


async def engine() -> OpenVinoModel:
    """Return the laptop's model with nothing in its caches."""
    cache = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    return await OpenVinoModel.load(ModelStore(cache / "models"), MODEL)


async def candidates(house: House, owner: Principal, files: Sequence[Path]) -> list[str]:
    """Add the documents, and return a question for each heading under which something stands."""
    for path in files:
        await house.ingest.add(path, path.name, owner=owner)
    await house.work(vectors=True, until_empty=True)
    scope, asked = scope_of(owner), []
    entries, _ = await house.library.entries(scope=scope)
    for entry in entries:
        profile = entry.profile
        whose = profile.company.name if profile.company else ""
        document = await house.library.parsed(entry.id, scope=scope)
        for block in document.blocks:
            if isinstance(block, Heading) and 3 < len(block.text) < 60:
                chinese = any(sign >= "\u4e00" for sign in block.text)
                asked.append(
                    f"请概括{whose}的{block.text}"
                    if chinese
                    else f"Summarise {block.text} of {whose}"
                )
    return list(dict.fromkeys(asked))


async def many(work: Sequence[Callable[[], Awaitable[object]]], in_flight: int) -> float:
    """Do all of it with so many at once; return the seconds."""
    slots = asyncio.Semaphore(in_flight)

    async def one(task: Callable[[], Awaitable[object]]) -> None:
        async with slots:
            await task()

    began = time.perf_counter()
    await asyncio.gather(*(one(task) for task in work))
    return time.perf_counter() - began


@asynccontextmanager
async def questioned(
    folder: Path, recorder: Recorder, in_flight: int, questions: int
) -> AsyncIterator[tuple[House, Principal, list[str]]]:
    """Open a house with its documents read; and so many questions that need the model."""
    files = [
        path
        for path in (*make_samples(folder / "samples").files, *sorted(TEXTS.iterdir()))
        if path.suffix not in (".png", ".xlsx") and "扫描" not in path.name
    ]
    async with house(folder / "home", recorder, in_flight) as here:
        owner = await here.accounts.local()
        chosen: list[str] = []
        for question in await candidates(here, owner, files):
            before = len(recorder.asked)
            await here.ask.answer(question, principal=owner)
            if len(recorder.asked) > before:
                chosen.append(question)
        yield here, owner, chosen[:questions]


async def measure(folder: Path, in_flight: int, questions: int, rounds: int) -> dict[str, float]:
    recorder = Recorder()
    async with questioned(folder, recorder, in_flight, questions) as (here, owner, chosen):
        product, bare = [], []
        for _ in range(rounds):
            recorder.asked.clear()
            model = await engine()
            recorder.model = model
            asking = [partial(here.ask.answer, one, principal=owner) for one in chosen]
            product.append(len(chosen) / await many(asking, in_flight))
            await model.close()
            model = await engine()
            asking = [partial(_whole, model, *one) for one in recorder.asked]
            bare.append(len(asking) / await many(asking, in_flight))
            await model.close()
    ratios = [one / other for one, other in zip(product, bare, strict=True)]
    return {
        "questions": len(chosen),
        "product_answers_per_s": median(product),
        "bare_answers_per_s": median(bare),
        "ratio": median(ratios),
        "ratio_least": min(ratios),
        "ratio_most": max(ratios),
    }


async def _whole(model: Model, messages: Sequence[Message], sampling: Sampling) -> str:
    return "".join([piece async for piece in model.generate(messages, sampling)])


async def waits(folder: Path, questions: int) -> dict[str, float]:
    """Ask one question after another, each once; return how long a person waits."""
    recorder = Recorder()
    async with questioned(folder, recorder, 1, questions) as (here, owner, chosen):
        recorder.model = await engine()
        times = [await _wait(here, owner, one, recorder) for one in chosen]
        await recorder.model.close()
    found: dict[str, float] = {"questions": len(chosen)}
    for name, seconds in zip(("token", "sentence", "whole"), zip(*times, strict=True), strict=True):
        least, most = (quantiles(seconds, n=20)[at] for at in (9, 18))
        found |= {f"{name}_median_s": least, f"{name}_95_percent_s": most}
    return found


async def _wait(
    here: House, owner: Principal, question: str, recorder: Recorder
) -> tuple[float, float, float]:
    """Return the seconds to the model's first token, the first checked sentence, and the end."""
    recorder.spoke = shown = 0.0
    began = time.perf_counter()
    async with aclosing(here.ask.stream(question, principal=owner)) as events:
        async for event in events:
            if isinstance(event, Sentence):
                shown = shown or time.perf_counter()
    ended = time.perf_counter()
    return (recorder.spoke or ended) - began, (shown or ended) - began, ended - began


def run_waits(options: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="yanku-serving-") as folder:
        return asyncio.run(waits(Path(folder), options.questions))


def run(options: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="yanku-serving-") as folder:
        return asyncio.run(
            measure(Path(folder), options.in_flight, options.questions, options.rounds)
        )
