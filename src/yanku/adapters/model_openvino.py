"""A chat model on this machine's processor, through OpenVINO GenAI."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from yanku.adapters.openvino_process import EngineProcess, EngineSettings, EngineState
from yanku.adapters.store import ModelStore
from yanku.errors import ModelUnavailable, PromptTooLong, YankuError
from yanku.model.meter import Reading
from yanku.model.meters import (
    ENGINE_BATCH,
    ENGINE_BATCHED,
    ENGINE_REQUESTS,
    ENGINE_STEPS,
    KV_BYTES,
    KV_PEAK,
    KV_USED,
    MODEL_LOAD,
    MODEL_LOADS,
)
from yanku.ports import Message, Sampling
from yanku.serving.request import check_request
from yanku.serving.stops import StopFilter

READINGS = (
    ENGINE_BATCH, ENGINE_BATCHED, ENGINE_REQUESTS, ENGINE_STEPS, KV_BYTES, KV_PEAK, KV_USED,
    MODEL_LOAD, MODEL_LOADS,
)  # fmt: skip
"""What ``OpenVinoModel.readings`` tells."""

if TYPE_CHECKING:
    import openvino_genai as genai

# A document may contain the marks that end a turn; read as text they must not end one.
_MARK = re.compile(r"<(?=\|[A-Za-z0-9_▁]+\|>)")

# The tokenizer silently cuts at the window (8192 tokens), and a character has four at most.
_STRETCH = 2000


class OpenVinoModel:
    """Model over one engine process. ``load_seconds`` is what verifying and loading took,
    ``verify_seconds`` the first part of it.

    ``verified`` returns the folder of the files after checking each of them, or raises.
    An engine that dies fails the answers it was writing with ModelUnavailable; the next request
    starts another.
    """

    def __init__(
        self,
        verified: Callable[[], Path],
        *,
        name: str,
        version: str,
        window: int,
        kv_cache_gb: int = 1,
        threads: int = 0,
    ) -> None:
        self.name, self.version, self.window = name, version, window
        self.load_seconds = self.verify_seconds = 0.0
        self._loads: Counter[str] = Counter()
        self._verified = verified
        self._settings = EngineSettings(kv_cache_gb, threads)
        self._tokenizer: genai.Tokenizer | None = None
        self._engine: EngineProcess | None = None
        self._starting = asyncio.Lock()

    @classmethod
    async def load(
        cls,
        store: ModelStore,
        name: str,
        *,
        window: int | None = None,
        kv_cache_gb: int = 1,
        threads: int = 0,
    ) -> OpenVinoModel:
        """Verify and load a model of the store, ready to answer.

        Raises ModelMissing, ModelCorrupt (nothing is loaded then) and ModelUnavailable.
        ``kv_cache_gb`` is the memory for prompts and answers in flight, besides the weights;
        ``threads`` 0 means every core this process may use.
        """
        manifest = store.manifest(name)
        model = cls(
            lambda: store.verify(name),
            name=name,
            version=manifest.version,
            window=min(window or manifest.window, manifest.window),
            kv_cache_gb=kv_cache_gb,
            threads=threads,
        )
        await model._running()
        return model

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield pieces of the answer; whole characters only."""
        check_request(messages, sampling)
        engine, tokenizer = await self._running()
        prompt = _prompt(tokenizer, messages)
        # A prompt that the tokenizer cut has as many tokens as the window, so it is refused here.
        if len(prompt) + sampling.max_tokens > self.window:
            raise PromptTooLong(
                f"the prompt has {len(prompt)} tokens or more and the answer may have "
                f"{sampling.max_tokens}; {self.name} takes {self.window} in all. Ask about less."
            )
        text, stops = _Text(tokenizer), StopFilter(sampling.stop)
        async with aclosing(
            engine.generate(prompt, sampling.max_tokens, sampling.temperature, sampling.schema)
        ) as batches:
            async for tokens in batches:
                if piece := stops.feed(text.feed(tokens)):
                    yield piece
                if stops.met:
                    return
        if piece := stops.feed(text.end()) + stops.end():
            yield piece

    async def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's tokens, without any template around it."""
        _, tokenizer = await self._running()
        plain = _harmless(text)
        stretches = (plain[at : at + _STRETCH] for at in range(0, len(plain), _STRETCH))
        return sum(len(_tokens(tokenizer, stretch)) for stretch in stretches)

    async def readings(self) -> list[Reading]:
        """Return how loading went and what the engine does (``ports.Look``)."""
        state = self._engine.state if self._engine else EngineState()
        load_s = self.load_seconds - self.verify_seconds
        return [
            Reading(ENGINE_REQUESTS, state.requests, (self.name,)),
            Reading(ENGINE_BATCH, state.batch, (self.name,)),
            Reading(ENGINE_STEPS, state.steps, (self.name,)),
            Reading(ENGINE_BATCHED, state.batched, (self.name,)),
            Reading(KV_USED, state.kv_used, (self.name,)),
            Reading(KV_PEAK, state.kv_peak, (self.name,)),
            Reading(KV_BYTES, state.kv_bytes, (self.name,)),
            Reading(MODEL_LOAD, self.verify_seconds, (self.name, "verify")),
            Reading(MODEL_LOAD, load_s, (self.name, "load")),
            *(Reading(MODEL_LOADS, count, (self.name, how)) for how, count in self._loads.items()),
        ]

    async def close(self) -> None:
        """End the engine; its memory is free when this returns."""
        async with self._starting:
            engine, self._engine, self._tokenizer = self._engine, None, None
        if engine is not None:
            await asyncio.to_thread(engine.close)

    async def _running(self) -> tuple[EngineProcess, genai.Tokenizer]:
        async with self._starting:
            if self._engine is None or self._tokenizer is None or self._engine.dead:
                try:
                    await self._start()
                except YankuError as error:
                    self._loads[error.code] += 1
                    raise
                self._loads["ok"] += 1
            assert self._engine is not None  # noqa: S101 - for the type checker
            return self._engine, self._tokenizer

    async def _start(self) -> None:
        began = time.monotonic()
        if self._engine is not None:
            await asyncio.to_thread(self._engine.close)
        engine = EngineProcess(self._settings)
        try:
            folder = await asyncio.to_thread(self._verified)
            self.verify_seconds = time.monotonic() - began
            tokenizer, _ = await asyncio.gather(
                asyncio.to_thread(_tokenizer_in, folder), asyncio.to_thread(engine.load, folder)
            )
        except BaseException:
            await asyncio.shield(asyncio.to_thread(engine.close))
            raise
        self._engine, self._tokenizer = engine, tokenizer
        self.load_seconds = time.monotonic() - began


def _tokenizer_in(folder: Path) -> genai.Tokenizer:
    # Not before it is needed: the server is up without it, and sooner.
    import openvino_genai as genai

    try:
        return genai.Tokenizer(folder)
    except RuntimeError as error:
        raise ModelUnavailable(f"the tokenizer in {folder.name} cannot be read: {error}") from error


class _Text:
    """Token numbers to text, piece by piece, holding back a character that is not yet whole.

    A token decodes differently at the start of a text than within it, so each stretch is decoded
    after the one before it, and the difference is the new text.
    """

    def __init__(self, tokenizer: genai.Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._before: list[int] = []
        self._new: list[int] = []

    def feed(self, tokens: Sequence[int]) -> str:
        """Return the text these tokens complete; empty while a character lacks bytes."""
        self._new.extend(tokens)
        added = self._added()
        if not added or added.endswith("\N{REPLACEMENT CHARACTER}"):
            return ""
        self._before, self._new = self._new, []
        return added

    def end(self) -> str:
        """Return what the last tokens say, without a character that was never completed."""
        added, self._new = self._added(), []
        return added.rstrip("\N{REPLACEMENT CHARACTER}")

    def _added(self) -> str:
        before = self._tokenizer.decode(self._before) if self._before else ""
        whole = self._tokenizer.decode(self._before + self._new) if self._new else before
        return str(whole)[len(before) :]


def _prompt(tokenizer: genai.Tokenizer, messages: Sequence[Message]) -> list[int]:
    turns = [{"role": said.role, "content": _harmless(said.content)} for said in messages]
    return _tokens(tokenizer, tokenizer.apply_chat_template(turns, add_generation_prompt=True))


def _tokens(tokenizer: genai.Tokenizer, text: str) -> list[int]:
    if not text:
        return []
    encoded = tokenizer.encode(text, add_special_tokens=False).input_ids
    return [int(token) for token in encoded.data[0]]


def _harmless(text: str) -> str:
    return _MARK.sub("< ", text)
