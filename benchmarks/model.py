"""Measures answers and tokens a second of the laptop model, by number of answers in flight.

    .venv/bin/python benchmarks/model.py [--in-flight 1 4 8 16] [--prompt-tokens 600] [--json]

Each prompt is evidence of about that many tokens, different for every answer, under one common
instruction, as when questions are asked over filings.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import platformdirs

from yanku.adapters.model_openvino import OpenVinoModel
from yanku.adapters.store import ModelStore
from yanku.ports import Message, Model, Sampling

MODEL = "qwen2.5-coder-1.5b-instruct-q4"
TASK = "你是证券公司的研究助手。只根据下面的材料回答，每句话后用[n]标明出处；材料没有的就说没有。"
METRICS = ["营业收入", "净利润", "资产总额", "负债合计", "研发费用", "经营活动现金流量净额", "存货"]


@dataclass(frozen=True)
class Row:
    """One line of the table; seconds and rates as a person at the clock sees them."""

    in_flight: int
    answers: int
    answers_per_s: float
    answer_tokens_per_s: float
    prompt_tokens_per_s: float
    first_piece_s: float
    answer_s: float


async def prompt(model: Model, tokens: int, seed: int) -> list[Message]:
    chance = random.Random(seed)  # noqa: S311 - made-up figures
    lines: list[str] = []
    while await model.count_tokens(TASK + "\n".join(lines)) < tokens - 40:
        now, before = chance.randint(10**6, 10**9), chance.randint(10**6, 10**9)
        lines.append(
            f"[{len(lines) + 1}] {chance.choice(METRICS)}：本期 {now:,} 元，上期 {before:,} 元"
        )
    question = f"{chance.choice(METRICS)}本期比上期变化了多少？"
    return [Message("system", TASK), Message("user", "\n".join([*lines, "", question]))]


async def answer(model: Model, asked: list[Message], tokens: int) -> tuple[float, float, int]:
    began, first, pieces = time.monotonic(), 0.0, []
    async for piece in model.generate(asked, Sampling(max_tokens=tokens)):
        first = first or time.monotonic() - began
        pieces.append(piece)
    return first, time.monotonic() - began, await model.count_tokens("".join(pieces))


async def measure(model: Model, in_flight: int, rounds: int, length: int, tokens: int) -> Row:
    count = in_flight * rounds
    seeds = range(in_flight * 10_000, in_flight * 10_000 + count)
    prompts = [await prompt(model, length, seed) for seed in seeds]
    slots = asyncio.Semaphore(in_flight)

    async def one(asked: list[Message]) -> tuple[float, float, int]:
        async with slots:
            return await answer(model, asked, tokens)

    began = time.monotonic()
    done = await asyncio.gather(*(one(asked) for asked in prompts))
    took = time.monotonic() - began
    return Row(
        in_flight,
        count,
        round(count / took, 2),
        round(sum(made for _, _, made in done) / took, 1),
        round(count * length / took, 1),
        round(median(first for first, _, _ in done), 2),
        round(median(whole for _, whole, _ in done), 2),
    )


async def run(options: argparse.Namespace) -> None:
    cache = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    model = await OpenVinoModel.load(ModelStore(cache / "models"), MODEL)
    print(f"{MODEL} verified and loaded in {model.load_seconds:.1f} s")
    if not options.json:
        print("in flight  answers  answers/s  tokens/s  prompt tokens/s  first s  answer s")
    for in_flight in options.in_flight:
        row = await measure(
            model, in_flight, options.rounds, options.prompt_tokens, options.answer_tokens
        )
        if options.json:
            print(json.dumps(asdict(row)))
        else:
            print(
                f"{row.in_flight:9}  {row.answers:7}  {row.answers_per_s:9}  "
                f"{row.answer_tokens_per_s:8}  {row.prompt_tokens_per_s:15}  "
                f"{row.first_piece_s:7}  {row.answer_s:8}",
                flush=True,
            )
    await model.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[1, 4, 8, 16])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--prompt-tokens", type=int, default=600)
    parser.add_argument("--answer-tokens", type=int, default=48)
    parser.add_argument("--json", action="store_true")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
