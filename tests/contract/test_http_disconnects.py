"""Clients go away in every moment of an answer, and nothing is left of them."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.doors import Door, open_door, serving
from tests.houses_direct import publish_text

from yanku.access.scope import group_key
from yanku.adapters.model_openai import OpenAiModel
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool
from yanku.settings import CacheSettings
from yanku.testing.engine import EngineProcess, engines

DEPOTS = [f"丁{number:02}仓库" for number in range(30)]
MEMO = "\n\n".join(f"{depot}由物流部负责管理。" for depot in DEPOTS)
_AT_ONCE = 10
_CLEARED_S = 60.0


@dataclass
class Site:
    """A server over an engine, and people with tokens."""

    door: Door
    engine: EngineProcess
    port: int
    tokens: list[str]

    async def ask(self, chance: random.Random) -> int:
        """Begin to ask, and go away at some moment; return how many bytes came."""
        body, path = _question(chance)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            f"Authorization: Bearer {chance.choice(self.tokens)}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        came = 0
        patient = chance.random() < 0.5  # Until something came, that is, and for a while after.
        if patient:
            came = len(await reader.read(16))
        try:
            async with asyncio.timeout(chance.expovariate(3.0 if patient else 7.0)):
                while read := await reader.read(chance.choice((16, 4096))):
                    came += len(read)
        except TimeoutError:
            pass
        if chance.random() < 0.5:
            writer.transport.abort()  # Without a word, as a killed process does.
        writer.close()
        return came

    async def left(self) -> dict[str, int]:
        """Return what is still held, by name."""
        house = self.door.house
        pool = _pool(self.door)
        lent = pool.get_stats()
        return {
            "places": house.admission.inside,
            "line": house.admission.in_line,
            "flights": len(house.memory._flights._flights),
            "work": len(house.releasing.releases._working),
            "connections": lent["pool_size"] - lent["pool_available"],
            "waiting for connections": lent["requests_waiting"],
            "answers at the engine": (await self.engine.seen())["inside"],
        }


def _question(chance: random.Random) -> tuple[bytes, str]:
    said = f"请概括一下{chance.choice(DEPOTS)}的管理"
    if chance.random() < 0.3:
        messages = [{"role": "user", "content": said}]
        asked = {"model": "yanku", "stream": True, "messages": messages}
        return json.dumps(asked).encode(), "/v1/chat/completions"
    return json.dumps({"question": said}).encode(), "/api/v1/ask"


def _pool(door: Door) -> Pool:
    library = door.house.library
    assert isinstance(library, PostgresLibrary)
    return library._pool


@asynccontextmanager
async def site(database_url: str, folder: Path) -> AsyncIterator[Site]:
    async with engines(1, service_s=0.3, slots=8, pieces=20) as (engine,):
        model = OpenAiModel(engine.url, "stub", window=8192)
        cache = CacheSettings(where="memory")
        async with open_door(database_url, folder, model=model, cache=cache) as door:
            people = [await door.person(f"p{number}", "desk") for number in range(5)]
            readers = {group_key(group) for person in people for group in person.groups}
            chief = await door.house.accounts.local()
            await publish_text(door.house, chief, MEMO, readers=readers)
            tokens = [await door.house.accounts.add_token(each, "t", 1) for each in people]
            async with serving(door) as address:
                yield Site(door, engine, urlsplit(address).port or 0, tokens)
        await model.close()


@pytest.mark.parametrize("clients", [60, pytest.param(1000, marks=pytest.mark.slow)])
async def test_clients_that_go_away_in_any_moment_leave_nothing_behind(
    database_url: str, tmp_path: Path, clients: int
) -> None:
    chance = random.Random(clients)
    async with site(database_url, tmp_path) as served:
        await served.ask(random.Random(1))
        await asyncio.sleep(1)
        tasks, files = asyncio.all_tasks(), len(list(Path("/proc/self/fd").iterdir()))
        came: list[int] = []
        waiting = iter(range(clients))

        async def knock() -> None:
            for _ in waiting:
                bytes_ = await served.ask(chance)
                came.append(bytes_)

        await asyncio.gather(*(knock() for _ in range(_AT_ONCE)))
        assert len(came) == clients
        assert sum(bytes_ > 0 for bytes_ in came) >= clients / 3, "hardly anybody saw anything"
        assert 0 in came, "nobody went early"
        ends = asyncio.get_running_loop().time() + _CLEARED_S
        while any((left := await served.left()).values()):
            assert asyncio.get_running_loop().time() < ends, str(left)
            await asyncio.sleep(0.1)
        remaining = asyncio.all_tasks() - tasks
        assert len(remaining) <= 2, remaining
        assert len(list(Path("/proc/self/fd").iterdir())) <= files + 60
        async with served.door.client(Authorization=f"Bearer {served.tokens[0]}") as client:
            said = await client.post(
                "/api/v1/ask", json={"question": f"请概括一下{DEPOTS[0]}的管理"}
            )
            assert said.status_code == 200, said.text
