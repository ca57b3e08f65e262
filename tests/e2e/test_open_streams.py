"""Five hundred answers are written at once, and everybody gets their own."""

from __future__ import annotations

import asyncio
import json
import resource

import httpx
import pytest
from tests.e2e.conftest import serving
from tests.houses import PASSWORD

from yanku.testing.engine import engines

_STREAMS = 500
DEPOTS = [f"丁{number:03}仓库" for number in range(_STREAMS)]
MEMO = "\n\n".join(f"{depot}由物流部负责管理。" for depot in DEPOTS)


@pytest.mark.slow
async def test_five_hundred_open_streams_each_end_with_their_own_answer() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4 * _STREAMS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4 * _STREAMS, hard), hard))
    room = str(2 * _STREAMS)
    async with engines(1, service_s=20.0, slots=2 * _STREAMS) as (engine,):
        with serving(
            YANKU_MODEL__URL=engine.url,
            YANKU_MODEL__NAME="stub",
            YANKU_MODEL__IN_FLIGHT=room,
            YANKU_ADMISSION__WAITING=room,
            YANKU_ADMISSION__WAITING_EACH=room,
        ) as served:
            limits = httpx.Limits(max_connections=2 * _STREAMS)
            async with httpx.AsyncClient(
                base_url=served.address,
                headers={"Origin": served.address},
                timeout=300,
                limits=limits,
            ) as client:
                chief = {"token": served.setup.rpartition("=")[2], "name": "chief"}
                said = await client.post("/api/v1/setup", json=chief | {"password": PASSWORD})
                said.raise_for_status()
                sent = await client.post(
                    "/api/v1/documents", files={"file": ("memo.txt", MEMO.encode())}
                )
                id = sent.raise_for_status().json()["id"]
                await client.get(f"/api/v1/documents/{id}/progress", timeout=300)
                ended = asyncio.gather(*(_ask(client, depot) for depot in DEPOTS))
                most = 0
                while not ended.done():
                    most = max(most, (await engine.seen())["inside"])
                    await asyncio.sleep(0.2)
                receipts = await ended
    assert len(set(receipts)) == _STREAMS
    assert most > _STREAMS / 2, "they were not open at once"


async def _ask(client: httpx.AsyncClient, depot: str) -> str:
    body = {"question": f"请概括一下{depot}的管理"}
    headers = {"Accept": "text/event-stream"}
    last = ""
    async with client.stream("POST", "/api/v1/ask", json=body, headers=headers) as told:
        assert told.status_code == 200
        async for line in told.aiter_lines():
            last = line.removeprefix("data:") if line.startswith("data:") else last
    return str(json.loads(last)["receipt"])
