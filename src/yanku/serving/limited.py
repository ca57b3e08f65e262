"""Lets only so many requests into a model at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from yanku.errors import Overloaded
from yanku.ports import Message, Model, Sampling
from yanku.serving.closing import closing_stream


class Limited:
    """A Model with at most ``in_flight`` answers at once and ``waiting`` requests in line.

    One more is refused with Overloaded at once, which is kinder than a line without end.
    ``retry_after_s`` is what the refused are told.
    """

    def __init__(
        self, model: Model, *, in_flight: int, waiting: int, retry_after_s: float = 5.0
    ) -> None:
        self.name, self.version, self.window = model.name, model.version, model.window
        self._model = model
        self._slots = asyncio.Semaphore(in_flight)
        self._room = in_flight + waiting
        self._retry_after_s = retry_after_s
        self.inside = 0

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the model's pieces; wait for a slot first, in order of arrival."""
        if self.inside >= self._room:
            raise Overloaded(
                f"{self.inside} answers are being written or waited for; try again shortly",
                self._retry_after_s,
            )
        self.inside += 1
        try:
            async with (
                self._slots,
                aclosing(closing_stream(self._model.generate(messages, sampling))) as pieces,
            ):
                async for piece in pieces:
                    yield piece
        finally:
            self.inside -= 1

    async def count_tokens(self, text: str) -> int:
        """Return the model's own count; it costs no slot."""
        return await self._model.count_tokens(text)

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()
