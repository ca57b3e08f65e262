"""Measures one folder of OpenVINO files, in a process that does nothing else.

Run as a program it reads an order (JSON) from standard input and prints one line of JSON:

    → {"folder": …, "precision": "int8", "prompts": […], "in_flight": [1, 8, 32], "tokens": 48, …}
    ← {"load_s": …, "memory_mb": …, "speeds": […], "answers": […], "losses": […]}
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yanku.errors import ModelUnavailable

_PASSAGE_TOKENS = 384
_LEAD_TOKENS = 16
"""What only leads into a passage: nobody could guess how a text begins. The rest is scored."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure. ``turns`` are chats to answer; ``passages`` texts to be surprised by.

    ``hint`` is the arithmetic the engine is told to use; empty leaves it to the engine.
    """

    folder: str
    turns: Sequence[Sequence[dict[str, str]]]
    passages: Sequence[str]
    in_flight: Sequence[int] = (1, 8, 32)
    tokens: int = 48
    answers_each: int = 2
    hint: str = ""
    kv_cache_gb: int = 2
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Speed:
    """Rates with so many answers in flight."""

    in_flight: int
    answers_per_s: float
    tokens_per_s: float
    prompt_tokens_per_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one model did. ``losses`` has (negative log likelihood, tokens) of each passage past its
    beginning.
    """

    load_s: float
    first_answer_s: float
    memory_mb: float
    peak_mb: float
    speeds: tuple[Speed, ...]
    answers: tuple[str, ...]
    losses: tuple[tuple[float, int], ...]


def measure(order: Order) -> Measured:
    """Measure in a process of its own; raise ModelUnavailable if that ends badly."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__],
        input=json.dumps(asdict(order)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.strip()[-800:] or "it said nothing"
        raise ModelUnavailable(f"measuring {order.folder} ended ({done.returncode}): {last}")
    said = json.loads(done.stdout.splitlines()[-1])
    said["speeds"] = tuple(Speed(**speed) for speed in said["speeds"])
    said["answers"] = tuple(said["answers"])
    said["losses"] = tuple((loss, tokens) for loss, tokens in said["losses"])
    return Measured(**said)


class _Bench:
    """The engine under measurement, answering many prompts with so many in flight."""

    def __init__(self, order: Order) -> None:
        import openvino_genai as genai

        self._genai, self._order = genai, order
        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = order.kv_cache_gb
        scheduler.enable_prefix_caching = False  # the same prompts are asked more than once
        scheduler.max_num_batched_tokens = 512
        began = time.monotonic()
        self._pipeline = genai.ContinuousBatchingPipeline(
            order.folder, scheduler, "CPU", _properties(order)
        )
        self._tokenizer = self._pipeline.get_tokenizer()
        self.load_s = time.monotonic() - began
        self._ids = 0

    def prompts(self) -> list[Any]:
        """Return the chats as the model's own template writes them, in tokens."""
        return [self._encode(turns) for turns in self._order.turns]

    def answer(
        self, prompts: Sequence[Any], in_flight: int, tokens: int, *, full: bool
    ) -> list[str]:
        """Answer greedily; with ``full`` each answer has exactly so many tokens."""
        config = self._genai.GenerationConfig()
        config.max_new_tokens = tokens
        config.apply_chat_template = False
        config.eos_token_id = self._tokenizer.get_eos_token_id()
        config.ignore_eos = full
        waiting = list(enumerate(prompts))
        running: dict[int, Any] = {}
        answers: dict[int, list[int]] = {number: [] for number, _ in waiting}
        while waiting or running:
            while waiting and len(running) < in_flight:
                number, prompt = waiting.pop(0)
                self._ids += 1
                running[number] = self._pipeline.add_request(self._ids, prompt, config)
            self._pipeline.step()
            for number, handle in list(running.items()):
                while handle.can_read():
                    for output in handle.read().values():
                        answers[number].extend(output.generated_ids)
                if handle.get_status() != self._genai.GenerationStatus.RUNNING:
                    del running[number]
        return [str(self._tokenizer.decode(answers[number])) for number in sorted(answers)]

    def speed(self, prompts: Sequence[Any], in_flight: int) -> Speed:
        """Measure with so many in flight, each followed by another."""
        count = in_flight * self._order.answers_each
        asked = [prompts[number % len(prompts)] for number in range(count)]
        began = time.monotonic()
        self.answer(asked, in_flight, self._order.tokens, full=True)
        took = time.monotonic() - began
        read = sum(int(prompt.shape[1]) for prompt in asked)
        return Speed(in_flight, count / took, count * self._order.tokens / took, read / took)

    def _encode(self, turns: Sequence[dict[str, str]]) -> Any:  # noqa: ANN401 - a tensor
        text = self._tokenizer.apply_chat_template(list(turns), add_generation_prompt=True)
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids


def _losses(order: Order) -> list[tuple[float, int]]:
    """Return how surprised the model is by each passage past its beginning: a sum, in nats."""
    import numpy as np
    import openvino
    import openvino_genai as genai

    tokenizer = genai.Tokenizer(order.folder)
    model = openvino.Core().compile_model(
        Path(order.folder) / "openvino_model.xml", "CPU", _properties(order)
    )
    request, found = model.create_infer_request(), []
    for passage in order.passages:
        tokens = np.array(tokenizer.encode(passage, add_special_tokens=False).input_ids.data)
        tokens = tokens[:, :_PASSAGE_TOKENS]
        length = tokens.shape[1]
        request.reset_state()
        request.infer(
            {
                "input_ids": tokens,
                "attention_mask": np.ones_like(tokens),
                "position_ids": np.arange(length)[None],
                "beam_idx": np.zeros(1, dtype=np.int32),
            }
        )
        logits = request.get_tensor("logits").data[0, :-1].astype(np.float64)
        high = logits.max(axis=1)
        total = high + np.log(np.exp(logits - high[:, None]).sum(axis=1))
        loss = total - logits[np.arange(length - 1), tokens[0, 1:]]
        scored = loss[_LEAD_TOKENS - 1 :]
        found.append((float(scored.sum()), len(scored)))
    return found


def _properties(order: Order) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "INFERENCE_NUM_THREADS": order.threads or len(os.sched_getaffinity(0)),
        "ENABLE_CPU_PINNING": False,
    }
    if order.hint:
        properties["INFERENCE_PRECISION_HINT"] = order.hint
    return properties


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _main() -> None:
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries print
    order = Order(**json.loads(sys.stdin.read()))
    bench = _Bench(order)
    load_s = bench.load_s
    prompts = bench.prompts()
    began = time.monotonic()
    bench.answer(prompts[:1], 1, 1, full=True)  # the first packs the weights
    first_answer_s = time.monotonic() - began
    memory_mb = _resident_mb()
    speeds = [bench.speed(prompts, in_flight) for in_flight in order.in_flight]
    answers = bench.answer(prompts, max(order.in_flight), order.tokens, full=False)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del bench
    measured = Measured(
        load_s=load_s,
        first_answer_s=first_answer_s,
        memory_mb=memory_mb,
        peak_mb=peak_mb,
        speeds=tuple(speeds),
        answers=tuple(answers),
        losses=tuple(_losses(order)),
    )
    out.write(json.dumps(asdict(measured)) + "\n")
    out.flush()
    os._exit(0)  # the engine's own teardown is slow


if __name__ == "__main__":
    _main()
