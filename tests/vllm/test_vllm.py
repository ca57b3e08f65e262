"""The engine of the cluster, run for real on a processor, behind our own adapter.

`make test-vllm` makes an environment with vLLM and runs this; pipeline parallel and cards cannot be
tried so, and are not.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from yanku.adapters.model_openai import Manner, OpenAiModel
from yanku.errors import ModelUnavailable, PromptTooLong
from yanku.ports import Message, Sampling
from yanku.serving.architecture import known_models
from yanku.serving.launching import Launch
from yanku.serving.sizing import Cache, Weights, Wish, plan, read_cards

VENV = os.environ.get("YANKU_VLLM", "")
pytestmark = [
    pytest.mark.vllm,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not VENV, reason="needs vLLM; run make test-vllm"),
]
PROMPTS = [f"第{number}季度营业收入是多少？revenue {number * 37}" for number in range(6)]
LONG = Sampling(max_tokens=48)


def made(folder: Path, kind: str) -> Path:
    maker = Path(__file__).with_name("tiny_model.py")
    subprocess.run([f"{VENV}/bin/python", maker, folder, kind], check=True, capture_output=True)
    return folder


@contextmanager
def serving(folder: Path, log: Path, *options: str, binding: str = "0") -> Iterator[str]:
    """Serve a model, and yield the address of its API once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        f"{VENV}/bin/vllm", "serve", str(folder), "--served-model-name=tiny", "--port", str(port),
        "--host=127.0.0.1", "--max-model-len=768", "--max-num-seqs=8", "--dtype=float32",
        "--enforce-eager", *options,
    ]  # fmt: skip
    environment = {
        **os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": binding,
        "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1",
    }  # fmt: skip
    with log.open("w") as said:
        server = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, start_new_session=True
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}/health", log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, 9)
                server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + 600
    while time.monotonic() < ends:
        assert server.poll() is None, log.read_text()[-3000:]
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("tiny")
    return {kind: made(place / kind, kind) for kind in ("random", "scripted")}


@pytest.fixture(scope="module")
def random_model(folders: dict[str, Path]) -> Iterator[str]:
    with serving(folders["random"], folders["random"] / "log") as url:
        yield url


@pytest.fixture(scope="module")
def scripted_model(folders: dict[str, Path]) -> Iterator[str]:
    log = folders["scripted"] / "log"
    with serving(folders["scripted"], log, "--reasoning-parser=qwen3") as url:
        yield url


def model(url: str, manner: Manner | None = None, **options: Any) -> OpenAiModel:
    return OpenAiModel(url, "tiny", window=768, manner=manner, **options)


async def said(url: str, prompt: str, sampling: Sampling = LONG, **options: Any) -> str:
    asked = model(url, **options)
    try:
        messages = [Message("user", prompt)]
        return "".join([piece async for piece in asked.generate(messages, sampling)])
    finally:
        await asked.close()


async def tokens(url: str, prompt: str) -> list[str]:
    """Return the tokens of an answer as the engine numbers them, not as text."""
    body = {
        "model": "tiny", "messages": [{"role": "user", "content": prompt}], "max_tokens": 48,
        "temperature": 0, "logprobs": True, "return_tokens_as_token_ids": True,
    }  # fmt: skip
    async with httpx.AsyncClient(timeout=120) as client:
        response = await client.post(f"{url}/chat/completions", json=body)
    return [token["token"] for token in response.json()["choices"][0]["logprobs"]["content"]]


async def running(url: str) -> float:
    """Return how many answers the engine is writing."""
    async with httpx.AsyncClient(timeout=30) as client:
        text = (await client.get(f"{url.removesuffix('/v1')}/metrics")).text
    found = [line for line in text.splitlines() if line.startswith("vllm:num_requests_running")]
    return sum(float(line.rpartition(" ")[2]) for line in found)


async def test_two_ranks_say_the_same_tokens_as_one(
    random_model: str, folders: dict[str, Path]
) -> None:
    alone = [await tokens(random_model, prompt) for prompt in PROMPTS]
    log = folders["random"] / "log2"
    with serving(folders["random"], log, "--tensor-parallel-size=2", binding="0|1") as url:
        together = [await tokens(url, prompt) for prompt in PROMPTS]
    assert together == alone
    assert len({tuple(answer) for answer in alone}) > 1
    assert all(len(answer) > 1 for answer in alone)


async def test_an_answer_streams_and_repeats_itself(random_model: str) -> None:
    asked = model(random_model)
    pieces = [piece async for piece in asked.generate([Message("user", PROMPTS[0])], LONG)]
    await asked.close()
    assert len(pieces) > 1
    assert "".join(pieces) == await said(random_model, PROMPTS[0])


async def test_answers_at_once_are_the_answers_one_by_one(random_model: str) -> None:
    alone = [await said(random_model, prompt) for prompt in PROMPTS]
    assert await asyncio.gather(*(said(random_model, prompt) for prompt in PROMPTS)) == alone


async def becomes(url: str, number: int, *, within_s: float) -> bool:
    """Tell whether so many answers are in the making before the time is over."""
    until = time.monotonic() + within_s
    while await running(url) != number:
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True


async def test_letting_go_of_an_answer_frees_the_engine(random_model: str) -> None:
    extra = {"ignore_eos": True}
    asked = model(random_model, Manner(extra=extra))
    async with aclosing(
        asked.generate([Message("user", "on and on")], Sampling(max_tokens=700))
    ) as pieces:
        await anext(pieces)
        # The engine counts once a step: the first word may be here before its count.
        assert await becomes(random_model, 1, within_s=5)
    assert await becomes(random_model, 0, within_s=2)
    await asked.close()


async def test_the_engine_counts_tokens(random_model: str) -> None:
    asked = model(random_model, Manner(exact_tokens=True))
    counted = await asked.count_tokens("营业收入 12")
    await asked.close()
    assert counted == len("营业收入 12".encode())  # this tokenizer's tokens are bytes


async def test_a_counter_that_is_not_there_is_said(scripted_model: str) -> None:
    asked = OpenAiModel(
        f"{scripted_model}/no/v1", "tiny", window=99, manner=Manner(exact_tokens=True)
    )
    with pytest.raises(ModelUnavailable, match="exact_tokens"):
        await asked.count_tokens("x")
    await asked.close()


async def test_a_prompt_that_does_not_fit_is_named(random_model: str) -> None:
    asked = OpenAiModel(random_model, "tiny", window=100_000)
    with pytest.raises(PromptTooLong):
        _ = [piece async for piece in asked.generate([Message("user", "长" * 2000)], LONG)]
    await asked.close()


async def test_structured_output_holds_to_its_form(random_model: str) -> None:
    """A form without free blanks: a random model would fill them up to its limit."""
    extra = {"structured_outputs": {"regex": r'\{"found":(true|false),"unit":"(CNY|USD)"\}'}}
    for prompt in PROMPTS[:3]:
        manner = Manner(extra=extra)
        text = await said(random_model, prompt, Sampling(max_tokens=200), manner=manner)
        answer = json.loads(text)
        assert isinstance(answer["found"], bool)
        assert answer["unit"] in ("CNY", "USD")


async def test_thoughts_are_parted_by_the_engine_and_left_out_by_us(
    scripted_model: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "yanku.model")
    text = await said(scripted_model, "?", manner=Manner(show_thinking=True))
    assert text.strip() == "42!"
    thought = "".join(record.args[0] for record in caplog.records if record.args)  # type: ignore[index, misc]
    assert thought.strip() == "ab"


async def test_thinking_is_turned_off_through_the_template_as_shipped(
    scripted_model: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "yanku.model")
    manner = Manner(thinking=False, show_thinking=True, extra={"include_reasoning": True})
    await said(scripted_model, "?", manner=manner)
    assert not any("ab" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("name", ["hunyuan-a13b-instruct", "qwen3-8b", "qwen2.5-72b-instruct"])
@pytest.mark.parametrize("cards", ["8xH20-96G", "2x8xA100-40G"])
def test_the_engine_understands_the_command_a_plan_prints(
    folders: dict[str, Path], name: str, cards: str
) -> None:
    """Its own parser reads every argument; what it makes of them is what was planned."""
    known, found = known_models()[name], read_cards(cards)
    wish = Wish(Weights.FP8, Cache.FP8, 8192)
    layout = plan(known.architecture, found, wish)
    launch = Launch(str(folders["random"]), "m", known.architecture, layout, found, wish)
    command = shlex.split(launch.commands()[0].replace("$FIRST_NODE", "127.0.0.1"))
    program = (
        "import sys, json\n"
        "from vllm.entrypoints.launchers.cli_args import make_arg_parser\n"
        "from vllm.utils.argparse_utils import FlexibleArgumentParser\n"
        "read = make_arg_parser(FlexibleArgumentParser()).parse_args(sys.argv[1:])\n"
        "print(json.dumps([read.tensor_parallel_size, read.pipeline_parallel_size,"
        " read.max_model_len, read.reasoning_parser, read.tool_call_parser]))\n"
        "from vllm.reasoning import ReasoningParserManager as Thoughts\n"
        "from vllm.tool_parsers import ToolParserManager as Tools\n"
        "read.reasoning_parser and Thoughts.get_reasoning_parser(read.reasoning_parser)\n"
        "Tools.get_tool_parser(read.tool_call_parser)\n"
    )
    done = subprocess.run(
        [f"{VENV}/bin/python", "-c", program, *command[2:]], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said_back = json.loads(done.stdout.splitlines()[-1])
    assert said_back[:3] == [layout.tensor, layout.pipeline, layout.length]
