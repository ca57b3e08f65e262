"""Answers a second with many in flight: our engine, llama.cpp's server, vLLM on a processor.

The same model and the same prompts for all of them: evidence of some 600 tokens, another for each
answer, 48 tokens of answer. llama.cpp's server is tried with several numbers of slots, and its best
counts. Each engine is started, warmed, measured and ended before the next.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from model import prompt
from serving_whole import engine, many

from yanku.ports import Message, Sampling

_WARM = 1_000_000
_PATIENCE_S = 300


async def prompts(count: int, tokens: int) -> list[list[Message]]:
    model = await engine()
    made = [await prompt(model, tokens, seed) for seed in (_WARM, *range(count))]
    await model.close()
    return made


async def ours(asked: Sequence[Sequence[Message]], in_flight: int, tokens: int) -> float:
    model = await engine()

    async def one(messages: Sequence[Message]) -> None:
        async for _ in model.generate(messages, Sampling(max_tokens=tokens)):
            pass

    await one(asked[0])
    took = await many([partial(one, messages) for messages in asked[1:]], in_flight)
    await model.close()
    return (len(asked) - 1) / took


async def served(
    url: str, asked: Sequence[Sequence[Message]], in_flight: int, tokens: int
) -> float:
    """Return the answers a second of an OpenAI-compatible server."""
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE_S) as client:

        async def one(messages: Sequence[Message]) -> None:
            body = {
                "model": "m",
                "messages": [{"role": said.role, "content": said.content} for said in messages],
                "max_tokens": tokens,
                "temperature": 0,
            }
            (await client.post("/v1/chat/completions", json=body)).raise_for_status()

        await one(asked[0])
        took = await many([partial(one, messages) for messages in asked[1:]], in_flight)
    return (len(asked) - 1) / took


@contextmanager
def running(command: Sequence[str], port: int, more: Mapping[str, str]) -> Iterator[str]:
    """Run a server until the block ends; it is there when ``/health`` says so."""
    url = f"http://127.0.0.1:{port}"
    log = Path(f"/tmp/serving-{port}.log")  # noqa: S108 - of a benchmark
    with log.open("wb") as said:
        server = subprocess.Popen(  # noqa: S603 - what the caller names
            command, stdout=said, stderr=said, env={**os.environ, **more}, start_new_session=True
        )
        try:
            end = time.monotonic() + _PATIENCE_S
            while not _healthy(url):
                if server.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"{command[0]} did not start: {log.read_text()[-800:]}")
                time.sleep(0.2)
            yield url
        finally:
            os.killpg(server.pid, 15)
            server.wait(60)
            log.unlink()


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.TransportError:
        return False


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run(options: argparse.Namespace) -> dict[str, float]:
    asked = asyncio.run(prompts(options.questions, options.prompt_tokens))
    each: Callable[[str], Awaitable[float]] = lambda url: served(  # noqa: E731 - short
        url, asked, options.in_flight, options.answer_tokens
    )
    found = {"ours": asyncio.run(ours(asked, options.in_flight, options.answer_tokens))}
    threads = str(len(os.sched_getaffinity(0)))
    if options.llama_server:
        for slots in options.slots:
            port, room = _port(), slots * 1024
            command = [
                str(options.llama_server), "-m", str(options.gguf), "--port", str(port),
                "-c", str(room), "-np", str(slots), "-t", threads, "--no-webui",
            ]  # fmt: skip
            with running(command, port, {}) as url:
                found[f"llama.cpp, {slots} slots"] = asyncio.run(each(url))
        best = max(rate for name, rate in found.items() if name.startswith("llama"))
        found["ours / llama.cpp"] = found["ours"] / best
    if options.vllm:
        port = _port()
        command = [
            str(options.vllm / "bin" / "vllm"), "serve", str(options.checkpoint),
            "--served-model-name=m", "--port", str(port), "--host=127.0.0.1",
            "--max-model-len=1024", f"--max-num-seqs={options.in_flight}", "--dtype=bfloat16",
        ]  # fmt: skip
        more = {"VLLM_CPU_KVCACHE_SPACE": "2", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}
        with running(command, port, more) as url:
            found["vLLM"] = asyncio.run(each(url))
        found["ours / vLLM"] = found["ours"] / found["vLLM"]
    return found
