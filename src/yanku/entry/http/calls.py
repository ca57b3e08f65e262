"""What a request says about itself, and whether whoever sent it is still there."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from contextlib import suppress
from time import monotonic
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request

from yanku.errors import ClientGone, YankuError
from yanku.model.call import Call, Priority

T = TypeVar("T")
_AGAIN_S = 2.0
"""Longer than a query takes to be called off: a second cancellation would close its connection."""


async def call_of(
    request: Request,
    priority: Annotated[
        str, Header(alias="X-Yanku-Priority", description="batch lets people go first")
    ] = "",
    timeout_s: Annotated[
        float | None,
        Header(alias="X-Yanku-Timeout", gt=0, description="seconds after which you stop waiting"),
    ] = None,
    release: Annotated[
        str,
        Header(alias="X-Yanku-Release", max_length=200, description="a model version by its name"),
    ] = "",
) -> Call:
    """Return on whose behalf, how urgently and until when a model is asked."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    key = hashlib.sha256(secret.encode()).hexdigest()[:32] if scheme.lower() == "bearer" else ""
    return Call(
        key=key,
        priority=Priority.BATCH if priority.lower() == "batch" else Priority.INTERACTIVE,
        until=monotonic() + timeout_s if timeout_s is not None else None,
        release=release,
    )


Calling = Annotated[Call, Depends(call_of)]


async def while_present(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work comes to; end it at once, and raise ClientGone, if the client goes.

    The server runs a handler to its end though nobody waits; an engine has better things to do.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        leaving.cancel()
        await asyncio.shield(asyncio.ensure_future(ended(working)))


async def ended(task: asyncio.Task[Any]) -> None:
    """Return when a task is over, cancelled as often as it takes.

    A cancellation that arrives in the same moment as what was waited for may be lost on the way.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
    with suppress(asyncio.CancelledError, YankuError):
        task.result()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
