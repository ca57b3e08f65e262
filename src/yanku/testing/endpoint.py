"""An OpenAI-compatible server in this process, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from yanku.ports import Message, Model, Sampling

Answer = Callable[[Request, dict[str, Any]], Awaitable[Response]]


@asynccontextmanager
async def endpoint(model: Model) -> AsyncIterator[str]:
    """Serve a model; yield its base URL."""

    async def answer(_: Request, body: dict[str, Any]) -> Response:
        sampling = Sampling(
            max_tokens=body["max_tokens"],
            temperature=body["temperature"],
            stop=tuple(body.get("stop", ())),
            schema=_schema_in(body),
        )
        asked = [Message(said["role"], said["content"]) for said in body["messages"]]
        return StreamingResponse(_stream(model, asked, sampling), media_type="text/event-stream")

    async with serving(answer) as url:
        yield url


def _schema_in(body: dict[str, Any]) -> str:
    """Return the text of the schema that a request's ``response_format`` names, if any."""
    shape = body.get("response_format", {}).get("json_schema", {})
    return json.dumps(shape["schema"], ensure_ascii=False) if shape else ""


async def _stream(model: Model, asked: list[Message], sampling: Sampling) -> AsyncIterator[str]:
    async for piece in model.generate(asked, sampling):
        yield event({"choices": [{"index": 0, "delta": {"content": piece}}]})
    yield event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    yield "data: [DONE]\n\n"


def event(said: dict[str, Any]) -> str:
    """Return one server-sent event."""
    return f"data: {json.dumps(said)}\n\n"


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """Serve whatever ``answer`` returns on a free port; yield the base URL."""
    app = FastAPI()

    async def completions(request: Request) -> Response:
        return await answer(request, await request.json())

    app.add_api_route("/v1/chat/completions", completions, methods=["POST"], response_model=None)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        server.force_exit = True
        await running
