"""The door for this machine's own commands: a socket file in the home, only its owner may open it.

A server holds the search index open, and only one process can. So while it runs, ``yanku ask`` and
its like hand their work to it through this socket, with the same methods as ``Desk``.

    yanku ask ── open_desk ──┬─ no server: Desk(House)            in this process
                             └─ server:    RemoteDesk ── socket ── control_app ── Desk(House)
"""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
from pydantic import TypeAdapter, validate_call
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from yanku import errors
from yanku.entry.desk import Desk
from yanku.errors import StoreError, YankuError
from yanku.flows.ask import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_STREAMED = "ask"


def socket_path(home: Path) -> Path:
    """Return where a home's server listens for this machine's commands."""
    return home / "run" / "control.sock"


def _methods() -> dict[str, tuple[inspect.Signature, TypeAdapter[Any]]]:
    return {
        name: (
            inspect.signature(method),
            TypeAdapter(typing.get_type_hints(method, include_extras=True)["return"]),
        )
        for name, method in inspect.getmembers(Desk, inspect.isfunction)
        if not name.startswith("_") and name != _STREAMED
    }


def control_app(desk: Desk) -> Starlette:
    """Return the application behind the socket."""
    routes = [Route(f"/{_STREAMED}", _asking(desk), methods=["POST"])]
    for name, (_, result) in _methods().items():
        routes.append(Route(f"/{name}", _calling(desk, name, result), methods=["POST"]))
    return Starlette(routes=routes)


def _calling(
    desk: Desk, name: str, result: TypeAdapter[Any]
) -> Callable[[Request], Awaitable[Response]]:
    method = validate_call(getattr(desk, name))

    async def call(request: Request) -> Response:
        try:
            value = await method(**await request.json())
        except YankuError as error:
            return JSONResponse({"code": error.code, "message": str(error)}, status_code=422)
        return Response(result.dump_json(value), media_type="application/json")

    return call


def _asking(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        arguments = await request.json()

        async def lines() -> AsyncIterator[bytes]:
            try:
                async for event in desk.ask(**arguments):
                    yield _EVENT.dump_json(event) + b"\n"
            except YankuError as error:
                yield json.dumps({"code": error.code, "message": str(error)}).encode() + b"\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    return call


class RemoteDesk:
    """Speaks to the server that has the home open; has every method of ``Desk``."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(
        self,
        question: str,
        person: str,
        after: str = "",
        as_of: str = "",
        public_by: str = "",
    ) -> AsyncIterator[Event]:
        """Yield the events of an answer, as of a day or moment if one is given."""
        body = {"question": question, "person": person, "after": after}
        body |= {"as_of": as_of, "public_by": public_by}
        async with self._client.stream("POST", f"/{_STREAMED}", json=body) as response:
            async for line in response.aiter_lines():
                _raise_if_error(line)
                yield _EVENT.validate_json(line)

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        signature, result = _methods()[name]

        async def call(*args: object, **kwargs: object) -> object:
            bound = signature.bind(self, *args, **kwargs)
            body = {key: value for key, value in bound.arguments.items() if key != "self"}
            response = await self._client.post(f"/{name}", content=_DUMP.dump_json(body))
            if response.status_code == 422:
                _raise_if_error(response.text)
            if response.status_code != 200:
                raise StoreError(f"the running server failed at {name}; see its log")
            return result.validate_json(response.content)

        return call


_DUMP: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def _raise_if_error(line: str) -> None:
    found = json.loads(line)
    if isinstance(found, dict) and set(found) == {"code", "message"}:
        raise _error_named(found["code"])(found["message"])


def _error_named(code: str) -> type[YankuError]:
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, YankuError) and error("").code == code:
            return error
    return YankuError
