"""A model with defects put in on purpose: slow, failing at times, mute, or hanging."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from yanku.errors import ModelUnavailable
from yanku.ports import Message, Model, Sampling
from yanku.serving.closing import closing_stream


class Defective:
    """A Model that does what another does, ``delay_s`` later; ``fails`` is asked before each answer
    whether it fails, ``hangs`` whether it never begins, ``breaks`` after how many pieces it breaks
    off, if at all. ``answered`` counts what it was asked.
    """

    def __init__(
        self,
        model: Model,
        *,
        delay_s: float = 0.0,
        fails: Callable[[], bool] = lambda: False,
        hangs: Callable[[], bool] = lambda: False,
        breaks: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.name, self.version, self.window = model.name, model.version, model.window
        self.answered = 0
        self._model = model
        self._delay_s = delay_s
        self._fails = fails
        self._hangs = hangs
        self._breaks = breaks

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the other's pieces, if at all."""
        self.answered += 1
        if self._hangs():
            await asyncio.Event().wait()
        await asyncio.sleep(self._delay_s)
        if self._fails():
            raise ModelUnavailable("a failure put in on purpose")
        left = self._breaks()
        async with aclosing(closing_stream(self._model.generate(messages, sampling))) as pieces:
            async for piece in pieces:
                if left == 0:
                    raise ModelUnavailable("broken off on purpose")
                left = None if left is None else left - 1
                yield piece

    async def count_tokens(self, text: str) -> int:
        """Return the other's count."""
        return await self._model.count_tokens(text)

    async def close(self) -> None:
        """Close the other."""
        await self._model.close()
