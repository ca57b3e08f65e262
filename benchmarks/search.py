"""How fast the in-process index finds: ``python benchmarks/search.py 100000``."""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.model.library import DocumentId, chunk_id
from yanku.model.people import Scope, UserId
from yanku.model.search import Filter, Keys, Posting, Probe

DIMENSIONS = 384
WORDS_EACH = 130
VOCABULARY = 60_000
READERS = [f"g:{n}" for n in range(20)]


class Sample:
    """Postings and questions whose word frequencies fall as in real text (Zipf)."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # a repeatable sample, not a secret
        words = [f"词{n}" for n in range(VOCABULARY)]
        self._words = words
        self._sums = list(accumulate(1 / (n + 3) for n in range(VOCABULARY)))
        self._directions = np.random.default_rng(seed)

    def postings(self, number: int) -> Iterator[Posting]:
        """Yield postings: 50 to a document, readable by three of twenty groups."""
        for n in range(number):
            document = DocumentId(f"document {n // 50}")
            yield Posting(
                chunk_id(document, n, "benchmark"),
                document,
                frozenset(self._chance.sample(READERS, 3)),
                self._drawn(WORDS_EACH),
                Keys(f"{n // 50 % 400:06}", (2015 + n // 50 % 10,)),
                self.vector(),
            )

    def probe(self, filter_company: bool) -> Probe:
        """Return a question of eight words and a vector, if asked for one company's documents."""
        company = (
            frozenset({f"{self._chance.randrange(400):06}"}) if filter_company else frozenset()
        )
        return Probe(self._drawn(8), self.vector(), Filter(company))

    def scope(self) -> Scope:
        """Return someone in five of the groups: may read about two thirds of everything."""
        return Scope(UserId("someone"), frozenset(self._chance.sample(READERS, 5)))

    def vector(self) -> tuple[float, ...]:
        """Return a random direction."""
        raw = self._directions.normal(size=DIMENSIONS)
        return tuple((raw / np.linalg.norm(raw)).tolist())

    def _drawn(self, number: int) -> tuple[str, ...]:
        return tuple(self._chance.choices(self._words, cum_weights=self._sums, k=number))


class PlainBm25:
    """BM25 in plain Python over every posting in scope: what the index is compared with."""

    def __init__(self, postings: Sequence[Posting]) -> None:
        self._rows = [(p, Counter(p.words), len(p.words)) for p in postings]
        self._frequency = Counter(word for p in postings for word in set(p.words))

    def search(self, probe: Probe, scope: Scope) -> list[str]:
        """Return the best fifty chunks."""
        total = len(self._rows)
        idf = {
            w: math.log((total - self._frequency[w] + 0.5) / (self._frequency[w] + 0.5) + 1)
            for w in probe.words
        }
        scores = []
        for posting, counts, length in self._rows:
            if posting.readers & scope.readers:
                norm = 1.2 * (0.25 + 0.75 * length / WORDS_EACH)
                score = sum(idf[w] * 2.2 * tf / (tf + norm) for w in idf if (tf := counts[w]))
                if score:
                    scores.append((score, posting.chunk))
        return [chunk for _, chunk in sorted(scores, reverse=True)[: probe.limit]]


async def timed_searches(
    index: EdgeIndex, sample: Sample, times: int, company: bool
) -> list[float]:
    """Return milliseconds of searches, each with another question and another person."""
    found = []
    for _ in range(times):
        probe, scope = sample.probe(company), sample.scope()
        start = time.perf_counter()
        await index.search(probe, scope=scope)
        found.append((time.perf_counter() - start) * 1000)
    return found


def row(name: str, milliseconds: Sequence[float]) -> list[str]:
    """Return a row of the table: median, 99th percentile, worst."""
    ordered = sorted(milliseconds)
    p99 = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)]
    return [name, *(f"{x:.1f}" for x in (statistics.median(ordered), p99, ordered[-1]))]


async def measure(number: int, times: int, seed: int, optimize: bool) -> Table:
    """Build an index of so many postings and return what searching it takes."""
    table = Table("what", "median ms", "p99 ms", "worst ms", title=f"{number:,} postings")
    sample = Sample(seed)
    kept: list[Posting] = []
    with tempfile.TemporaryDirectory() as folder:
        index = await EdgeIndex.open(Path(folder) / "scoped", DIMENSIONS)
        batch: list[Posting] = []
        writing = 0.0
        for posting in track(sample.postings(number), "writing", total=number):
            batch.append(posting)
            if len(batch) == 2_000 or len(kept) + len(batch) == number:
                start = time.perf_counter()
                await index.put(batch)
                writing += time.perf_counter() - start
                kept += batch
                batch = []
        table.add_row("writing, per 1,000", f"{writing / number * 1e6:.0f}", "", "")
        if optimize:
            start = time.perf_counter()
            await index.optimize()
            table.add_row(
                "optimizing, in all", f"{(time.perf_counter() - start) * 1e3:.0f}", "", ""
            )
        for scoped in (True, False):
            await index.close()
            index = await EdgeIndex.open(Path(folder) / "scoped", DIMENSIONS, scoped_idf=scoped)
            await timed_searches(index, sample, 20, company=False)
            rarity = "own documents" if scoped else "all documents"
            for company in (False, True):
                name = f"hybrid, word rarity from {rarity}{', one company' if company else ''}"
                table.add_row(*row(name, await timed_searches(index, sample, times, company)))
        await index.close()
    table.add_row(*row("BM25 in plain Python, words only", plain_searches(kept, sample)))
    return table


def plain_searches(postings: Sequence[Posting], sample: Sample) -> list[float]:
    """Return milliseconds of a few searches without an index."""
    plain = PlainBm25(postings)
    found = []
    for _ in range(5):
        probe, scope = sample.probe(False), sample.scope()
        start = time.perf_counter()
        plain.search(probe, scope)
        found.append((time.perf_counter() - start) * 1000)
    return found


def main() -> None:
    """Read the arguments and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postings", type=int, nargs="?", default=10_000)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-optimize", action="store_true", help="measure the index as written")
    given = parser.parse_args()
    table = asyncio.run(measure(given.postings, given.searches, given.seed, not given.no_optimize))
    Console().print(table)


if __name__ == "__main__":
    main()
