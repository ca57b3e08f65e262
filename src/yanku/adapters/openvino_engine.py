"""The engine process: OpenVINO's continuous batching, token numbers in, token numbers out.

It is a process of its own because ``step()`` keeps the interpreter's lock for as long as the
engine computes (seconds for a long prompt), which would freeze the server; and because what an
engine does wrong then ends the engine only. It speaks in lines of JSON:

    → {"folder": …, "kv_cache_gb": 1, "threads": 0}                        once
    ← {"ready": true}
    → {"id": 7, "prompt": [1, 2], "max_tokens": 64, "temperature": 0.0, "schema": ""}
    → {"cancel": 7}
    ← {"tokens": {"7": [3]}, "ended": {"7": "stop"}, "state": {…}}         after each step

It ends when its standard input does, so it never outlives the server.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import openvino
import openvino_genai as genai

# A longer stretch of a prompt in one step reads no faster on a CPU, and makes others wait longer.
_BATCHED_TOKENS = 512
# Answers over evidence copy much of it: a stretch of the prompt that goes on from the last words is
# tried as the next words, all at once. The engine computes as many for every answer in every step,
# right or wrong. Alone an answer waits for memory, and up to four words a step cost little: answers
# from evidence took 4.0 s after their first words with three guesses, 5.1 with five, 4.2 with two.
# Many at once keep the processor busy without: 16 answers took 15.5 s with five guesses each, and
# 11.1 s with one, which is the fewest the engine takes.
_GUESSED_TOKENS = 3
_LAST_WORDS = 3
# The first step packs the weights, however short its prompt. Measured: after 8 tokens the next
# prompt is read as fast as after 256, within three hundredths of a second, and ready 0.7 s sooner.
_WARM_TOKENS, _WARM_ANSWER = 8, 2


class Inbox:
    """Lines of a pipe, waited for or not."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._rest = b""
        self.ended = False

    def lines(self, *, wait: bool) -> Iterator[dict[str, Any]]:
        """Yield the messages that are there; with ``wait``, at least one, or none at the end."""
        while not self.ended:
            while b"\n" in self._rest:
                line, self._rest = self._rest.split(b"\n", 1)
                wait = False
                yield json.loads(line)
            if not select.select([self._handle], [], [], None if wait else 0)[0]:
                return
            block = os.read(self._handle, 1 << 20)
            self.ended = not block
            self._rest += block


class Engine:
    """The requests in flight, and the pipeline that works on all of them in each step."""

    def __init__(self, pipeline: genai.ContinuousBatchingPipeline, eos: int) -> None:
        self._pipeline = pipeline
        self._eos = eos
        self._handles: dict[int, genai.GenerationHandle] = {}

    @property
    def busy(self) -> bool:
        """Tell whether a step would do anything."""
        return bool(self._handles) or bool(self._pipeline.has_non_finished_requests())

    def take(self, said: dict[str, Any]) -> None:
        """Begin or cancel a request."""
        if "cancel" in said:
            if handle := self._handles.pop(said["cancel"], None):
                handle.cancel()
            return
        prompt = openvino.Tensor(np.array([said["prompt"]], dtype=np.int64))
        self._handles[said["id"]] = self._pipeline.add_request(
            said["id"], prompt, self._config(said)
        )

    def step(self) -> dict[str, Any]:
        """Advance every request and return the tokens that came, and who has ended how."""
        self._pipeline.step()
        tokens: dict[int, list[int]] = {}
        ended: dict[int, str] = {}
        for id, handle in self._handles.items():
            while handle.can_read():
                for output in handle.read().values():
                    tokens.setdefault(id, []).extend(output.generated_ids)
            if handle.get_status() != genai.GenerationStatus.RUNNING:
                ended[id] = handle.get_status().name.lower()
        for id in ended:
            del self._handles[id]
        return {"tokens": tokens, "ended": ended, "state": self._state()}

    def _state(self) -> dict[str, Any]:
        """Return what the pipeline says of itself; its percentages as parts of one."""
        found = self._pipeline.get_metrics()
        return {
            "batch": found.scheduled_requests,
            "kv_used": found.cache_usage / 100,
            "kv_peak": found.max_cache_usage / 100,
            "kv_bytes": found.cache_size_in_bytes,
        }

    def _config(self, said: dict[str, Any]) -> genai.GenerationConfig:
        """Return how to generate; called before the request is among those in flight."""
        config = genai.GenerationConfig()
        config.max_new_tokens = said["max_tokens"]
        config.eos_token_id = self._eos
        config.apply_chat_template = False
        config.num_assistant_tokens = guessed_tokens(len(self._handles) + 1)
        config.max_ngram_size = _LAST_WORDS
        if said["temperature"] > 0:
            config.do_sample = True
            config.temperature = said["temperature"]
        if schema := said.get("schema"):
            structure = genai.StructuredOutputConfig(json_schema=schema)
            config.structured_output_config = structure
        return config


def guessed_tokens(in_flight: int) -> int:
    """Return how far to guess ahead for an answer that is one of so many."""
    return max(1, _GUESSED_TOKENS // in_flight)


def load(folder: str, kv_cache_gb: int, threads: int) -> Engine:
    """Load the OpenVINO files of a folder; the cores of this process, unless told how many.

    The first inference packs the weights, some three seconds on two cores; it is done here.
    """
    scheduler = genai.SchedulerConfig()
    scheduler.cache_size = kv_cache_gb
    scheduler.enable_prefix_caching = True
    scheduler.max_num_batched_tokens = _BATCHED_TOKENS
    properties = {
        # A container may be lent fewer cores than the machine has.
        "INFERENCE_NUM_THREADS": threads or len(os.sched_getaffinity(0)),
        # Parsers and the server share the cores; a pinned thread waits for one though another is
        # free (on a busy machine the same answer took 7 % more processor time when pinned).
        "ENABLE_CPU_PINNING": False,
        "prompt_lookup": True,
    }
    pipeline = genai.ContinuousBatchingPipeline(folder, scheduler, "CPU", properties)
    engine = Engine(pipeline, pipeline.get_tokenizer().get_eos_token_id())
    warm = list(range(_WARM_TOKENS))
    engine.take({"id": 0, "prompt": warm, "max_tokens": _WARM_ANSWER, "temperature": 0.0})
    while engine.busy:
        engine.step()
    return engine


def main() -> None:
    """Serve one model over standard input and output."""
    # Libraries print; the real standard output is ours alone.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        out.flush()

    inbox = Inbox(0)
    first = next(iter(inbox.lines(wait=True)), None)
    if first is None:
        return
    engine = load(**first)
    say({"ready": True})
    while not inbox.ended:
        for said in inbox.lines(wait=not engine.busy):
            engine.take(said)
        if engine.busy and not inbox.ended:
            say(engine.step())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the server is gone
        os._exit(0)
    sys.stderr.flush()
    os._exit(0)  # the engine's own teardown is slow, and there is nothing left to keep
