"""Counts what became of questions, by the door they came through."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum

from yanku.errors import YankuError
from yanku.flows.events import Done, Event
from yanku.model.answer import Declined, Grounded
from yanku.model.meters import ANSWER_TIME, ANSWERS, CITATIONS, FAILED_ANSWERS
from yanku.ports import Meters


class Door(StrEnum):
    """Where questions come in."""

    API = "api"
    OPENAI = "openai"
    CONSOLE = "console"
    COMMAND = "command"


async def counted(
    meters: Meters, door: Door, happening: AsyncGenerator[Event, None]
) -> AsyncGenerator[Event, None]:
    """Yield the same events; count how they end."""
    try:
        async with aclosing(happening) as events:
            async for event in events:
                if isinstance(event, Done):
                    _count(meters, door, event)
                yield event
    except YankuError as error:
        meters.add(FAILED_ANSWERS, door.value, error.code)
        raise


def _count(meters: Meters, door: Door, done: Done) -> None:
    answer = done.answer
    reason = answer.reason.value if isinstance(answer, Declined) else ""
    meters.add(ANSWERS, door.value, answer.kind, reason)
    meters.observe(ANSWER_TIME, done.latency_ms / 1000, door.value, answer.kind)
    if isinstance(answer, Grounded):
        meters.observe(CITATIONS, len(answer.citations), door.value)
