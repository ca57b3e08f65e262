"""Vectors from any OpenAI-compatible ``/embeddings`` endpoint."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from yanku.errors import ModelUnavailable

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be different the next time."""
_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How to ask an endpoint.

    ``query_prefix`` and ``passage_prefix`` are what the model wants in front ("query: ").
    ``longest`` is the number of characters after which a text is cut off. A request is tried
    ``attempts`` times, waiting ``wait_s``, then twice as long, …, or as long as the answer says.
    """

    query_prefix: str = ""
    passage_prefix: str = ""
    batch: int = 32
    longest: int = 2_000
    attempts: int = 4
    wait_s: float = 0.5


class OpenAIEmbedder:
    """An Embedder behind HTTP; ``client`` brings base address, key and timeouts."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        model: str,
        dimensions: int,
        manners: Manners = Manners(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = model
        self.dimensions = dimensions
        self._client = client
        self._manners = manners
        self._sleep = sleep

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text; raise ModelUnavailable if the endpoint gives none."""
        vectors: list[tuple[float, ...]] = []
        for start in range(0, len(texts), self._manners.batch):
            batch = texts[start : start + self._manners.batch]
            vectors += await self._embedded(self._manners.passage_prefix, batch)
        return vectors

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question; raise ModelUnavailable if the endpoint gives none."""
        (vector,) = await self._embedded(self._manners.query_prefix, [text])
        return vector

    async def _embedded(self, prefix: str, texts: Sequence[str]) -> list[tuple[float, ...]]:
        # Endpoints refuse an empty text; a blank has a vector that means as little.
        inputs = [prefix + (_clean(text)[: self._manners.longest] or " ") for text in texts]
        response = await self._answered({"model": self.name, "input": inputs})
        try:
            rows = sorted(response.json()["data"], key=lambda row: int(row["index"]))
            found = [[float(x) for x in row["embedding"]] for row in rows]
        except (ValueError, TypeError, KeyError) as error:
            raise self._unavailable("its answer is not a list of embeddings") from error
        if len(found) != len(texts):
            raise self._unavailable(f"it gave {len(found)} vectors for {len(texts)} texts")
        return [self._normal(vector) for vector in found]

    async def _answered(self, body: dict[str, object]) -> httpx.Response:
        wait = self._manners.wait_s
        for attempt in range(1, self._manners.attempts + 1):
            last = attempt == self._manners.attempts
            try:
                response = await self._client.post("embeddings", json=body)
            except httpx.TransportError as error:
                if last:
                    reason = f"{type(error).__name__} {error}".strip()
                    raise self._unavailable(f"{reason}, {attempt} times") from error
                await self._sleep(wait)
            else:
                if response.is_success:
                    return response
                if last or response.status_code not in _PASSING:
                    raise self._unavailable(_refusal(response))
                await self._sleep(_asked_wait(response) or wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)
        raise AssertionError("the last attempt returns or raises")

    def _normal(self, vector: Sequence[float]) -> tuple[float, ...]:
        length = math.sqrt(math.fsum(x * x for x in vector))
        if len(vector) != self.dimensions:
            raise self._unavailable(
                f"its vectors have {len(vector)} numbers and the settings say {self.dimensions}"
            )
        if not math.isfinite(length) or length == 0:
            raise self._unavailable("it gave a vector without a direction")
        return tuple(x / length for x in vector)

    def _unavailable(self, reason: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"The embedding model {self.name!r} at {self._client.base_url} is of no use: {reason}."
        )


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _refusal(response: httpx.Response) -> str:
    said = " ".join(response.text.split())[:200]
    return f"it answered {response.status_code} {response.reason_phrase}: {said}"


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds of a Retry-After, if it gives seconds, within reason."""
    try:
        seconds = float(response.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_S) if math.isfinite(seconds) else None
