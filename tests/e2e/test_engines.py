"""A whole server over several engines: one goes while people ask, and one page tells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect
from tests.e2e.conftest import serving
from tests.houses import PASSWORD

from yanku.testing.engine import EngineProcess, engines

_LONG_MS = 20_000
DEPOTS = [f"{side}{shore}仓库" for side in "东南西北" for shore in ("岸", "郊", "山", "湖")]
MEMO = "\n\n".join(f"{depot}由物流部负责管理。" for depot in DEPOTS)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("go", "shown"), [(EngineProcess.kill, "停用"), (EngineProcess.freeze, "没有输出")]
)
async def test_an_engine_that_goes_is_shown_and_nobody_s_question_fails(
    browser: Browser, pictures: Path, go: Callable[[EngineProcess], None], shown: str
) -> None:
    async with engines(2, service_s=0.3, slots=32) as started:
        urls = json.dumps([engine.url for engine in started])
        with serving(YANKU_MODEL__URLS=urls, YANKU_MODEL__NAME="stub") as served:
            headers = {"Origin": served.address}
            async with httpx.AsyncClient(
                base_url=served.address, headers=headers, timeout=60
            ) as client:
                chief = {"token": served.setup.rpartition("=")[2], "name": "chief"}
                said = await client.post("/api/v1/setup", json=chief | {"password": PASSWORD})
                said.raise_for_status()
                files = {"file": ("memo.txt", MEMO.encode())}
                sent = await client.post("/api/v1/documents", files=files)
                id = sent.raise_for_status().json()["id"]
                await client.get(f"/api/v1/documents/{id}/progress", timeout=60)

                async def ask(depot: str) -> int:
                    body = {"question": f"请概括一下{depot}的管理"}
                    return (await client.post("/api/v1/ask", json=body)).status_code

                asking = [asyncio.create_task(ask(depot)) for depot in DEPOTS]
                while not (await started[0].seen())["inside"]:
                    await asyncio.sleep(0.02)
                go(started[0])
                assert await asyncio.gather(*asking) == [200] * len(DEPOTS)
                ((dead, alive),) = [
                    one["replicas"] for one in (await client.get("/api/v1/replicas")).json()
                ]
                assert dead["failed"] > 0
                assert dead["answered"] + alive["answered"] == len(DEPOTS)
            context = await browser.new_context(
                base_url=served.address, locale="zh-CN", viewport={"width": 1440, "height": 700}
            )
            await context.request.post(
                "/api/v1/session", data={"name": "chief", "password": PASSWORD}, headers=headers
            )
            page = await context.new_page()
            await page.goto("/engines")
            rows = page.locator("tbody tr")
            await expect(rows).to_have_count(2)
            await expect(rows.nth(0)).to_contain_text(shown, timeout=_LONG_MS)
            await expect(rows.nth(1)).to_contain_text("正常")
            await page.screenshot(path=pictures / "engines.png")
            await context.close()
