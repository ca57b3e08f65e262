"""Vectors in this process: multilingual-e5-small in eight bits, on OpenVINO."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from yanku.adapters.e5.input import Input
from yanku.adapters.e5.weights import NAME, Weights, carried, read_weights
from yanku.errors import ModelUnavailable

_T = TypeVar("_T")

_BATCH = 8
"""Texts a call: more are no faster, and this few are done in a fraction of a second."""


class E5Embedder:
    """An Embedder on this machine's processors.

    ``threads`` is how many processors passages take, by default all this process may use. A
    question has a thread and an engine of its own and never waits behind passages. The model is
    read when the first text comes, about two seconds; a door that needs no vectors does not pay.
    """

    def __init__(self, threads: int = 0) -> None:
        self.name = NAME
        self.dimensions = 384
        self._model = _Model(threads or len(os.sched_getaffinity(0)))
        self._passages = ThreadPoolExecutor(1, "yanku-passages")
        self._queries = ThreadPoolExecutor(1, "yanku-query")

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text; of a long text only its first 512 tokens count.

        Raises ModelMissing, ModelCorrupt or ModelUnavailable.
        """
        if not texts:
            return []
        cut = await _run(self._passages, lambda: self._model.pieces("passage: ", texts))
        vectors: dict[int, tuple[float, ...]] = {}
        # Texts of like length together: what is padded is computed, too.
        order = sorted(range(len(cut)), key=lambda n: len(cut[n]))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            batch = [cut[n] for n in some]
            rows = await _run(self._passages, partial(self._model.of_passages, batch))
            vectors.update(zip(some, rows, strict=True))
        return [vectors[n] for n in range(len(texts))]

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question; raise as ``passages`` does."""
        return await _run(self._queries, lambda: self._model.of_query(text))


class _Model:
    """What is read once and used by two threads: words and graph, and an engine for each."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._reading = Lock()

    def pieces(self, prefix: str, texts: Sequence[str]) -> list[list[int]]:
        """Return the pieces of texts; the model was trained to be told what a text is."""
        return [self._read[0].pieces(prefix + text) for text in texts]

    def of_passages(self, pieces: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:
        """Return the vectors of texts in pieces."""
        return self._vectors(self._passage_engine, pieces)

    def of_query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question."""
        (vector,) = self._vectors(self._query_engine, self.pieces("query: ", [text]))
        return vector

    def _vectors(self, engine: Any, pieces: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:  # noqa: ANN401 - untyped
        rows = engine.infer(self._read[0].batch(pieces))[0].astype(np.float64)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return [tuple(row.tolist()) for row in rows]

    @property
    def _read(self) -> tuple[Input, Any]:
        with self._reading:
            return self._read_once

    @cached_property
    def _read_once(self) -> tuple[Input, Any]:
        return _named_failures(lambda: _read(read_weights(carried())))

    # Requests of one compiled model wait for one another, so questions have a model of their own.
    @cached_property
    def _passage_engine(self) -> Any:  # noqa: ANN401 - OpenVINO has no types
        return _named_failures(lambda: _compiled(self._read[1], self._threads))

    @cached_property
    def _query_engine(self) -> Any:  # noqa: ANN401 - as above
        return _named_failures(lambda: _compiled(self._read[1], self._threads))


def _read(weights: Weights) -> tuple[Input, Any]:
    # Imported at the first text: OpenVINO alone takes half a second.
    from yanku.adapters.e5.graph import eight_bit
    from yanku.adapters.e5.ranges import read_ranges

    return Input(weights), eight_bit(weights, read_ranges()).model


def _compiled(model: Any, threads: int) -> Any:  # noqa: ANN401 - as above
    import openvino as ov

    properties = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        # What is not in eight bits is the same on every machine, whatever else it could do.
        "INFERENCE_PRECISION_HINT": "f32",
        # Parsers and the server share the cores; a pinned thread waits for one.
        "ENABLE_CPU_PINNING": False,
    }
    return ov.Core().compile_model(model, "CPU", properties).create_infer_request()


def _named_failures(make: Callable[[], _T]) -> _T:
    try:
        return make()
    except (ImportError, RuntimeError) as error:
        raise ModelUnavailable(
            f"The embedding model cannot be loaded ({error}); reinstall openvino, or name an "
            "embedding endpoint in the settings."
        ) from error


async def _run(executor: ThreadPoolExecutor, work: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(executor, work)
