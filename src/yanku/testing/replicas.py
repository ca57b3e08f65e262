"""Models that do what a script says, on whatever clock the loop has, and note what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from yanku.errors import ModelUnavailable, YankuError
from yanku.ports import Message, Sampling


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer: wait ``first_s``, say ``pieces`` (``each_s`` apart), then fail or end.

    ``silent_after`` pieces it says nothing more, for ever. A piece is the model's name, or
    ``said``, and its number.
    """

    pieces: int = 4
    first_s: float = 0.1
    each_s: float = 0.02
    failure: YankuError | None = None
    silent_after: int | None = None
    said: str = ""


@dataclass(slots=True)
class Played:
    """What became of one answer: when it was asked for, first said something, and was closed."""

    question: str
    began: float
    first: float | None = None
    closed: float | None = None
    whole: bool = False
    """It came to its end."""


@dataclass(slots=True)
class ScriptedModel:
    """A Model that does what ``script`` returns for a question; ``played`` is what it did."""

    name: str
    script: Callable[[str], Turn]
    version: str = "1"
    window: int = 8192
    counts: bool = True
    played: list[Played] = field(default_factory=list)

    async def generate(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> AsyncGenerator[str, None]:
        """Yield the pieces of its turn: ``NAME.0``, ``NAME.1`` and so on."""
        loop, question = asyncio.get_running_loop(), messages[-1].content
        turn = self.script(question)
        playing = Played(question, loop.time())
        self.played.append(playing)
        try:
            for number in range(min(turn.pieces, sampling.max_tokens)):
                if number == turn.silent_after:
                    await asyncio.sleep(1e9)
                await asyncio.sleep(turn.each_s if number else turn.first_s)
                playing.first = playing.first or loop.time()
                yield f"{turn.said or self.name}.{number} "
            if turn.silent_after is not None and turn.silent_after >= turn.pieces:
                await asyncio.sleep(1e9)
            if turn.failure is not None:
                await asyncio.sleep(turn.each_s)
                raise turn.failure
            playing.whole = True
        finally:
            playing.closed = loop.time()

    async def count_tokens(self, text: str) -> int:
        """Return the number of characters, if it ``counts``."""
        if not self.counts:
            raise ModelUnavailable("it does not count tokens")
        return len(text)

    async def close(self) -> None:
        """Let go of nothing."""
