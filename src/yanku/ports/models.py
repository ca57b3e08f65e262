"""Chat models, which of them serves, and what people use of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from yanku.model.answer import Answer
from yanku.model.call import Call


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to generate. Temperature 0 is greedy and reproducible.

    ``whole`` tells that nothing is shown before the answer is complete: it may be begun anew, and
    come in one piece. ``schema`` is a JSON schema (its text) of an object that the answer conforms
    to, empty for free text; what ``max_tokens`` cuts off is no JSON. ``brief`` asks whether the
    model writes at all: nothing is added for thoughts, so there may be nothing but these, and
    no piece; and an endpoint that fails is not tried again.
    """

    max_tokens: int = 512
    temperature: float = 0.0
    stop: tuple[str, ...] = ()
    whole: bool = False
    schema: str = ""
    brief: bool = False


class Model(Protocol):
    """A chat model. ``name`` and ``version`` go into receipts."""

    name: str
    version: str
    window: int
    """Longest prompt plus answer, in tokens."""

    def generate(self, messages: Sequence[Message], sampling: Sampling) -> AsyncIterator[str]:
        """Yield pieces of the answer as they come; closing the iterator frees the engine."""
        ...

    async def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        ...

    async def close(self) -> None:
        """Let go of memory and connections."""
        ...


class Models(Protocol):
    """The models behind one name: which of them serves is decided call by call."""

    def for_call(self, call: Call) -> Model:
        """Return the model that serves a call; name and version are those of its release."""
        ...

    def told(self, model: Model, answer: Answer | None) -> None:
        """Learn what became of an answer that a model of ``for_call`` wrote; None is a failure."""
        ...

    async def close(self) -> None:
        """Let go of all of them."""
        ...


@dataclass(frozen=True, slots=True)
class Used:
    """What one subject asked in this minute and in the last 24 hours."""

    requests_in_minute: int
    requests_in_day: int
    tokens_in_day: int


class Usage(Protocol):
    """Counts what people and keys use of the models."""

    async def use(self, subject: str, now: datetime, *, requests: int, tokens: int) -> Used:
        """Add to a subject's counts and return what it used lately, this included."""
        ...
