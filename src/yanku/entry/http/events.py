"""Server-sent events: named JSON messages, and a sign of life while nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel

from yanku.entry.http.calls import ended
from yanku.entry.http.problems import incident, problem_of
from yanku.errors import YankuError

T = TypeVar("T")
_QUIET_S = 10.0

Event = tuple[str, BaseModel]
"""A name and what is sent with it."""


def stream(events: AsyncGenerator[Event], *, quiet_s: float = _QUIET_S) -> StreamingResponse:
    """Return events as a response; an error becomes a last event named ``problem``."""
    return StreamingResponse(
        _encoded(events, quiet_s),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _encoded(events: AsyncGenerator[Event], quiet_s: float) -> AsyncIterator[bytes]:
    following = _next(events)
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=quiet_s)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            event = _outcome(following)
            if event is None:
                return
            name, body = event
            yield format_sse_event(event=name, data_str=body.model_dump_json())
            if name == "problem":
                return
            following = _next(events)
    finally:
        # The reader may be gone: what is being worked on for them is let go of.
        # Apart from this request, whose every wait is cut short once its client has gone.
        await asyncio.shield(asyncio.ensure_future(_let_go(following, events)))


async def apart(events: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield the same, but let none of it be worked on by the task of the request.

    Once the client has gone, the server cuts short whatever that task waits for, again and again:
    also what has to be finished, such as giving a connection back.
    """
    following = _next(events)
    try:
        while True:
            await asyncio.wait({following})
            event = following.result()
            if event is None:
                return
            yield event
            following = _next(events)
    finally:
        await asyncio.shield(asyncio.ensure_future(_let_go(following, events)))


async def _let_go(following: asyncio.Task[Any], events: AsyncGenerator[Any]) -> None:
    await ended(following)
    await events.aclose()


def _next(events: AsyncGenerator[T]) -> asyncio.Task[T | None]:
    async def step() -> T | None:
        return await anext(events, None)

    return asyncio.create_task(step())


def _outcome(task: asyncio.Task[Event | None]) -> Event | None:
    """Return the event, a problem in its place, or None at the end."""
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, YankuError):
        return "problem", problem_of(error)
    return "problem", incident(error)
