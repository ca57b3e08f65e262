"""A stub of an engine in a process of its own: OpenAI-compatible, of fixed speed, and spoilable.

    python -m yanku.testing.engine [--service-s 0.1] [--slots 4] [--pieces 8]

It prints its port. ``slots`` answers are written at once and the others wait, each in ``pieces``
over ``service_s``. ``POST /spoil {"manner": "mute"}`` changes how it behaves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import httpx
import uvicorn

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_STREAM = [(b"content-type", b"text/event-stream")]
_SLOWER = 10


class Manner(StrEnum):
    """How an engine behaves. All of them answer ``/health``."""

    WELL = "well"
    MUTE = "mute"
    """Takes requests and never says anything."""
    EMPTY = "empty"
    """Ends every answer properly, without having said anything."""
    FAILING = "failing"
    SLOW = "slow"
    CUTTING = "cutting"
    """Breaks off in the middle of every answer."""


class Engine:
    """The application. ``answered`` counts whole answers, ``inside`` those being written."""

    def __init__(self, service_s: float, slots: int, pieces: int) -> None:
        self.manner = Manner.WELL
        self.inside = self.answered = 0
        self._service_s, self._pieces = service_s, pieces
        self._slots = asyncio.Semaphore(slots)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        body = b""
        while True:
            came = await receive()
            body += came.get("body", b"")
            if not came.get("more_body"):
                break
        match scope["path"]:
            case "/health":
                await _say(send, 200, {})
            case "/seen":
                await _say(send, 200, {"inside": self.inside, "answered": self.answered})
            case "/spoil":
                self.manner = Manner(json.loads(body)["manner"])
                await _say(send, 200, {})
            case _:
                await self._while_there(receive, self._complete(json.loads(body), send))

    async def _while_there(self, receive: Receive, answer: Awaitable[None]) -> None:
        """Answer until whoever asked goes away."""
        answering = asyncio.ensure_future(answer)
        gone = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await answering
        finally:
            for task in (answering, gone):
                task.cancel()

    async def _complete(self, asked: Message, send: Send) -> None:
        match self.manner:
            case Manner.MUTE:
                await _begin(send)
                await asyncio.Event().wait()
            case Manner.FAILING:
                await _say(send, 500, {"error": {"message": "out of memory"}})
            case Manner.EMPTY:
                await _begin(send)
                await _end(send)
            case _:
                async with self._slots:
                    self.inside += 1
                    try:
                        await self._write(asked, send)
                    finally:
                        self.inside -= 1

    async def _write(self, asked: Message, send: Send) -> None:
        pieces = min(self._pieces, int(asked["max_tokens"]))
        slower = _SLOWER if self.manner is Manner.SLOW else 1
        await _begin(send)
        for number in range(pieces):
            await asyncio.sleep(self._service_s * slower / self._pieces)
            if self.manner is Manner.CUTTING and number >= pieces // 2:
                raise ConnectionAbortedError
            await _piece(send, f"{number} ")
        await _end(send)
        self.answered += 1


async def _say(send: Send, status: int, said: Message) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})


async def _begin(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
    # Headers go out with the first body: a comment, as servers send them to keep a line open.
    await send({"type": "http.response.body", "body": b": here\n\n", "more_body": True})


async def _piece(send: Send, text: str) -> None:
    said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    body = f"data: {json.dumps(said)}\n\n".encode()
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _end(send: Send) -> None:
    said = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    body = f"data: {json.dumps(said)}\n\ndata: [DONE]\n\n".encode()
    await send({"type": "http.response.body", "body": body})


async def _serve(service_s: float, slots: int, pieces: int) -> None:
    config = uvicorn.Config(
        Engine(service_s, slots, pieces),
        port=0,
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the protocol
    await serving


class EngineProcess:
    """An engine running at ``url``; kill it, freeze it, spoil it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self._process = process
        self._root = f"http://127.0.0.1:{port}"

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._process.kill()

    def freeze(self) -> None:
        """Stop it where it stands (SIGSTOP); its port goes on taking connections."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self._process.pid, signal.SIGCONT)

    async def spoil(self, manner: Manner) -> None:
        """Have it behave otherwise from the next request on."""
        async with httpx.AsyncClient(trust_env=False) as client:
            said = {"manner": manner.value}
            (await client.post(f"{self._root}/spoil", json=said)).raise_for_status()

    async def seen(self) -> dict[str, int]:
        """Return how many answers it writes (``inside``) and wrote (``answered``)."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return dict((await client.get(f"{self._root}/seen")).json())

    async def close(self) -> None:
        """End it, and wait until it is gone."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def engines(
    count: int, *, service_s: float = 0.1, slots: int = 4, pieces: int = 8
) -> AsyncIterator[list[EngineProcess]]:
    """Run so many engines until the block ends."""
    started = await asyncio.gather(*(_start(service_s, slots, pieces) for _ in range(count)))
    try:
        yield list(started)
    finally:
        await asyncio.gather(*(engine.close() for engine in started))


async def _start(service_s: float, slots: int, pieces: int) -> EngineProcess:
    options = ("--service-s", str(service_s), "--slots", str(slots), "--pieces", str(pieces))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yanku.testing.engine", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    return EngineProcess(process, int(await process.stdout.readline()))


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--service-s", type=float, default=0.1)
    given.add_argument("--slots", type=int, default=4)
    given.add_argument("--pieces", type=int, default=8)
    chosen = given.parse_args()
    asyncio.run(_serve(chosen.service_s, chosen.slots, chosen.pieces))
