"""A thousand clients that go away in the middle leave the engine free."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn
from tests.houses import add_person, open_test_house
from tests.houses_direct import publish_text

from yanku.entry.http.app import create_app
from yanku.ports import Message, Sampling
from yanku.settings import CacheSettings
from yanku.testing.model import FakeModel

CLIENTS = 1000


class Endless(FakeModel):
    """Writes sentences until nobody listens."""

    async def generate(
        self,
        messages: Sequence[Message],  # noqa: ARG002 - whatever is asked
        sampling: Sampling,  # noqa: ARG002
    ) -> AsyncGenerator[str, None]:
        self.in_flight += 1
        try:
            while True:
                await asyncio.sleep(0.005)
                yield "南湖项目的总投资为3.6亿元。"
        finally:
            self.in_flight -= 1


@pytest.mark.timeout(280)
async def test_a_thousand_who_go_away_in_the_middle_leave_every_place_free(
    database_url: str, tmp_path: Path
) -> None:
    model = Endless()
    cache = CacheSettings(where="off")
    async with open_test_house(database_url, tmp_path, model=model, cache=cache) as house:
        ann = await add_person(house, "ann")
        await publish_text(house, ann, "南湖项目的总投资为3.6亿元。")
        token = await house.accounts.add_token(ann, "t", 1)
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            config = uvicorn.Config(create_app(house, console=False), log_level="critical")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[bound]))
            while not server.started:
                await asyncio.sleep(0.02)
            chance = random.Random(1)
            gone = 0
            for _ in range(CLIENTS // 40):
                asking = [_ask_and_leave(port, token, chance) for _ in range(40)]
                gone += sum(await asyncio.gather(*asking))
            left = (0, 0, 0)
            for _ in range(300):
                left = (model.in_flight, house.admission.inside, house.admission.in_line)
                if not any(left):
                    break
                await asyncio.sleep(0.02)
            assert not any(left), left
            assert gone == CLIENTS
            server.should_exit = True
            await serving


async def _ask_and_leave(port: int, token: str, chance: random.Random) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = '{"question": "南湖项目的总投资是多少？"}'.encode()
    accept = "text/event-stream" if chance.random() < 0.7 else "application/json"
    head = (
        f"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Accept: {accept}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.read(200), chance.random() * 0.4)
    writer.transport.abort()
    return 1
