"""The HTTP door of a test house, and people who knock on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from tests.houses import PASSWORD, add_person, open_test_house

from yanku.entry.http.app import create_app
from yanku.model.people import Principal
from yanku.ports import Clock, Model
from yanku.settings import CacheSettings, ReleaseSettings
from yanku.wiring import House

ORIGIN = "http://yanku.test"


@dataclass(frozen=True, slots=True)
class Door:
    """An application over a house."""

    house: House
    app: FastAPI

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a client; an error of the application is a response and not an exception."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def person(self, name: str, *groups: str) -> Principal:
        """Add a member of these groups."""
        return await add_person(self.house, name, *groups)

    @asynccontextmanager
    async def bearer(self, person: Principal) -> AsyncIterator[httpx.AsyncClient]:
        """Open a client with an API token."""
        token = await self.house.accounts.add_token(person, "test", 1)
        async with self.client(Authorization=f"Bearer {token}") as client:
            yield client

    @asynccontextmanager
    async def browser(self, person: Principal) -> AsyncIterator[httpx.AsyncClient]:
        """Open a client that has signed in and behaves as a browser on the console does."""
        async with self.client(Origin=ORIGIN) as client:
            body = {"name": person.name, "password": PASSWORD}
            (await client.post("/api/v1/session", json=body)).raise_for_status()
            yield client


@asynccontextmanager
async def open_door(
    database_url: str,
    folder: Path,
    *,
    model: Model | None = None,
    server: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    versions: Mapping[str, Model] | None = None,
    releases: ReleaseSettings | None = None,
    cache: CacheSettings | None = None,
) -> AsyncIterator[Door]:
    """Open a house and its door, without the console."""
    async with open_test_house(
        database_url,
        folder,
        model=model,
        server=server,
        clock=clock,
        versions=versions,
        releases=releases,
        cache=cache,
    ) as house:
        yield Door(house, create_app(house, console=False))


@asynccontextmanager
async def serving(door: Door) -> AsyncIterator[str]:
    config = uvicorn.Config(door.app, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def upload(
    client: httpx.AsyncClient,
    name: str,
    content: bytes | str,
    *,
    groups: tuple[str, ...] = (),
    replaces: str = "",
    key: str = "",
) -> httpx.Response:
    """Send a file the way a form does."""
    data = {"group": list(groups)} | ({"replaces": replaces} if replaces else {})
    body = content.encode() if isinstance(content, str) else content
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post(
        "/api/v1/documents", files={"file": (name, body)}, data=data, headers=headers
    )
