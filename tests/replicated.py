"""A router over replicas that do as told, on a clock that leaps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from yanku.errors import (
    ModelUnavailable,
    YankuError,
)
from yanku.ports import Message, Sampling
from yanku.serving.breaker import State
from yanku.serving.replica import Replica
from yanku.serving.routing import Router, RoutingRules, rank
from yanku.testing.leaping import run_leaping
from yanku.testing.replicas import ScriptedModel, Turn

T = TypeVar("T")
DOWN = ModelUnavailable("no line")
GOOD = Turn()
LONG = 10_000.0


def _always(turn: Turn, _question: str) -> Turn:
    return turn


class House:
    """Replicas ``a``, ``b``, … that do what their turns say; probes are answered at once."""

    def __init__(self, *turns: Turn | Callable[[str], Turn], **rules: Any) -> None:
        self.probes: dict[str, Callable[[], Awaitable[None]]] = {}
        self.models = [
            ScriptedModel(name, turn if callable(turn) else partial(_always, turn))
            for name, turn in zip("abcdefgh", turns, strict=False)
        ]
        self.router = Router(
            [Replica(model.name, model, self._pulse(model.name)) for model in self.models],
            RoutingRules(**rules),
        )

    def _pulse(self, name: str) -> Callable[[], Awaitable[None]]:
        async def pulse() -> None:
            if name in self.probes:
                await self.probes[name]()

        return pulse

    async def answer(self, question: str = "问", *, whole: bool = False) -> str:
        asked = [Message("user", question)]
        sampling = Sampling(max_tokens=64, whole=whole)
        return "".join([piece async for piece in self.router.generate(asked, sampling)])

    async def outcome(self, question: str = "问", *, whole: bool = False) -> str | YankuError:
        try:
            return await self.answer(question, whole=whole)
        except YankuError as error:
            return error

    def question_for(self, name: str) -> str:
        """Return a question that goes to this replica when nobody is busy."""
        return next(
            said
            for said in (f"问题{number}" for number in range(1000))
            if self.first_for(said) == name
        )

    def first_for(self, question: str) -> str:
        return min((model.name for model in self.models), key=lambda name: rank(question, name))

    def asked(self) -> dict[str, int]:
        return {model.name: len(model.played) for model in self.models}

    def state(self, name: str) -> State:
        return next(one for one in self.router.snapshot() if one.name == name).state


def story(told: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return run_leaping(told())


async def forever() -> None:
    await asyncio.sleep(LONG)


async def fails() -> None:
    raise DOWN
