"""Models whose answers are measured: first token, each token, the whole, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from time import perf_counter

from yanku.errors import YankuError
from yanku.model.answer import Answer
from yanku.model.call import Call
from yanku.model.meters import EACH_TOKEN, FIRST_TOKEN, GENERATIONS, TOKENS
from yanku.ports import Message, Meters, Model, Models, Sampling
from yanku.serving.closing import closing_stream

_GONE = "cancelled"
_LOST = "internal"


class MeteredModels:
    """Models (``ports.Models``) whose generations are measured."""

    def __init__(
        self, models: Models, meters: Meters, *, now: Callable[[], float] = perf_counter
    ) -> None:
        self._models = models
        self._meters = meters
        self._now = now

    def for_call(self, call: Call) -> Model:
        """Return the model that serves this call."""
        return _Metered(self._models.for_call(call), self._meters, self._now)

    def told(self, model: Model, answer: Answer | None) -> None:
        """Pass on what became of an answer that this model helped to write."""
        if isinstance(model, _Metered):
            self._models.told(model.model, answer)

    async def close(self) -> None:
        """Close the models."""
        await self._models.close()


class _Metered:
    """One call's model."""

    def __init__(self, model: Model, meters: Meters, now: Callable[[], float]) -> None:
        self.name, self.version, self.window = model.name, model.version, model.window
        self.model = model
        self._meters = meters
        self._now = now

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the model's pieces."""
        labels = (self.name, self.version)
        began, first, said = self._now(), None, []
        ended = _LOST
        try:
            stream = closing_stream(self.model.generate(messages, sampling))
            async with aclosing(stream) as pieces:
                async for piece in pieces:
                    if first is None:
                        first = self._now()
                        self._meters.observe(FIRST_TOKEN, first - began, *labels)
                    said.append(piece)
                    yield piece
            last = self._now()
            ended = ""
            await self._count(messages, "".join(said), last - (first or last))
        except (asyncio.CancelledError, GeneratorExit):
            ended = _GONE
            raise
        except YankuError as error:
            ended = error.code
            raise
        finally:
            self._meters.observe(GENERATIONS, self._now() - began, *labels, ended)

    async def count_tokens(self, text: str) -> int:
        """Return the model's own count."""
        return await self.model.count_tokens(text)

    async def close(self) -> None:
        """Close nothing: the model is everybody's."""

    async def _count(self, messages: Sequence[Message], said: str, seconds: float) -> None:
        """Count the tokens of a whole answer: pieces are not tokens, and may hold several."""
        labels = (self.name, self.version)
        read = sum([await self.model.count_tokens(turn.content) for turn in messages])
        written = await self.model.count_tokens(said)
        self._meters.add(TOKENS, *labels, "input", by=read)
        self._meters.add(TOKENS, *labels, "output", by=written)
        if written > 1:
            self._meters.observe(EACH_TOKEN, seconds / (written - 1), *labels)
