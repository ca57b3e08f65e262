"""The whole pipeline to chunks and facts, without vectors: ``python benchmarks/ingest.py DATA``.

Reads documents as the worker does, each in its sandboxed child and two at a time, cuts chunks,
takes facts and counts words; nothing is stored. Prints pages a second, by the clock and by
processor time, and the peak memory of the child that reads a long generated report.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from pypdf import PdfReader, PdfWriter
from rich.console import Console
from rich.progress import Progress

from yanku.adapters.sandbox_nursery import Nursery
from yanku.chunk.cut import cut
from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.profile import profile_of
from yanku.model.library import DocumentId
from yanku.retrieve.tokens import Tokens
from yanku.settings import load_settings
from yanku.testing.samples.make import ANNUAL, SCAN, make_samples
from yanku.wiring.reading import reader_of

_MIB = 1024**2
_WATCH_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Done:
    """What reading some documents came to."""

    pages: int
    chunks: int
    facts: int
    wall_s: float
    cpu_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, nargs="*", help="files or folders to read too")
    parser.add_argument("--most", type=int, default=6, help="documents of each folder")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--pages", type=int, default=250, help="pages of the long report")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        samples = make_samples(Path(folder) / "samples")
        long = _long(samples.folder / ANNUAL, Path(folder) / "long.pdf", asked.pages)
        sets = {"generated report": [samples.folder / ANNUAL] * 2}
        sets["generated scan"] = [samples.folder / SCAN] * 2
        for given in asked.documents:
            sets[given.name if given.is_file() else given.parent.name] = _some(given, asked.most)
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
        print("| documents | pages | chunks | facts | pages/s | pages per CPU second |")
        print("|---|---|---|---|---|---|")
        for name, files in sets.items():
            print(_line(name, [asyncio.run(_read(files)) for _ in range(asked.rounds)]))
        done, peak = asyncio.run(_watched(long))
        print(_line(f"report of {asked.pages} pages", [done]))
        print(
            f"\npeak memory of the child that read the {asked.pages} pages: {peak / _MIB:,.0f} MiB"
        )


def _some(given: Path, most: int) -> list[Path]:
    if given.is_file():
        return [given]
    files = sorted(path for path in given.iterdir() if path.is_file())
    return files[:: max(1, len(files) // most)][:most]


def _long(source: Path, target: Path, pages: int) -> Path:
    """Write a report of many pages: the sample's own, over and over."""
    own = PdfReader(source).pages
    writer = PdfWriter()
    for number in range(pages):
        writer.add_page(own[number % len(own)])
    writer.write(target)
    return target


async def _read(files: Sequence[Path]) -> Done:
    """Read files two at a time, as two cores do best, through the whole pipeline."""
    ontology = load_ontology()
    tokens = Tokens(ontology.vocabulary())
    nursery = Nursery()
    reader = reader_of(load_settings(Path(tempfile.gettempdir()) / "no-home").parser, nursery)
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=len(files))

        async def one(path: Path) -> tuple[int, int, int]:
            document = await reader.read(path, path.name)
            profile = profile_of(document)
            chunks = cut(document, DocumentId("benchmark"), profile)
            facts = facts_of(document, profile, ontology)
            for chunk in chunks:
                tokens.of(f"{chunk.context}\n{chunk.text}")
            progress.advance(task)
            return len(document.pages), len(chunks), len(facts)

        found = await asyncio.gather(*(one(path) for path in files))
    wall = time.perf_counter() - wall
    nursery.close()  # what its children took counts once it has ended
    cpu = sum(os.times()[:4]) - cpu
    pages, chunks, facts = (sum(each) for each in zip(*found, strict=True))
    return Done(pages, chunks, facts, wall, cpu)


async def _watched(path: Path) -> tuple[Done, int]:
    """Read one file and return the most memory that its child and the child's own had at once."""
    peak = 0

    async def watch() -> None:
        nonlocal peak
        own = psutil.Process()
        while True:
            peak = max(peak, _resident(own))
            await asyncio.sleep(_WATCH_EVERY_S)

    watching = asyncio.create_task(watch())
    try:
        return await _read([path]), peak
    finally:
        watching.cancel()


def _resident(own: psutil.Process) -> int:
    total = 0
    for child in own.children(recursive=True):
        try:
            total += int(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return total


def _line(name: str, rounds: Sequence[Done]) -> str:
    wall = statistics.median(done.wall_s for done in rounds)
    cpu = statistics.median(done.cpu_s for done in rounds)
    last = rounds[-1]
    return (
        f"| {name} | {last.pages} | {last.chunks} | {last.facts} | "
        f"{last.pages / wall:.1f} | {last.pages / cpu:.1f} |"
    )


if __name__ == "__main__":
    main()
