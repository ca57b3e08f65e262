"""Releases on a real server with real endpoints: the page in a browser, and the commands."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, expect
from tests.e2e.conftest import serving
from tests.houses import PASSWORD

from yanku.ports import Model
from yanku.testing.defects import Defective
from yanku.testing.endpoint import endpoint
from yanku.testing.model import FakeModel

pytestmark = pytest.mark.browser

LAKE = "北岸仓库由物流部负责管理，总投资为3.6亿元。"
ASKED = {"question": "概括北岸仓库的管理"}


def echo() -> Model:
    said = FakeModel(lambda messages: messages[-1].content.replace("\n", "。"))
    return Defective(said, delay_s=0.02)


@dataclass
class Site:
    """A server, and people with tokens who ask."""

    address: str
    home: Path
    tokens: list[str]

    def ask(self, times: int) -> list[str]:
        """Ask so often, by random people; return the answers."""
        chance, said = random.Random(5), []
        with httpx.Client(base_url=self.address, timeout=60) as client:
            for _ in range(times):
                headers = {"Authorization": f"Bearer {chance.choice(self.tokens)}"}
                response = client.post("/api/v1/ask", json=ASKED, headers=headers)
                said.append(response.raise_for_status().text)
        return said

    def run(self, *words: str) -> str:
        """Run a command against the server."""
        yanku = str(Path(sys.executable).with_name("yanku"))
        command = [yanku, "release", *words, "--home", str(self.home)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def endpoints(*models: Model) -> Iterator[list[str]]:
    """Serve models on ports of their own, from a thread."""
    ready, over, urls = threading.Event(), asyncio.Event(), []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with AsyncExitStack() as stack:
            urls.extend([await stack.enter_async_context(endpoint(each)) for each in models])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield urls
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(30)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with endpoints(echo(), echo(), FakeModel("资料未提及。")) as (base, following, bad):
        versions = {
            "hunyuan-next": {"name": "hunyuan", "url": following},
            "hunyuan-bad": {"name": "hunyuan", "url": bad},
        }
        with serving(
            YANKU_MODEL__NAME="hunyuan",
            YANKU_MODEL__URL=base,
            YANKU_RELEASES__VERSIONS=json.dumps(versions),
            YANKU_RELEASES__REHEARSALS="8",
            YANKU_ANSWERS__WHERE="off",
        ) as served:
            yield Site(served.address, served.home, furnish(served.address, served.setup))


def furnish(address: str, setup: str) -> list[str]:
    """Add people and a document; return the people's tokens."""
    headers = {"Origin": address}
    tokens = []
    with httpx.Client(base_url=address, headers=headers, timeout=60) as chief:
        body = {"token": setup.rpartition("=")[2], "name": "chief", "password": PASSWORD}
        chief.post("/api/v1/setup", json=body).raise_for_status()
        group = chief.post("/api/v1/groups", json={"name": "desk"}).json()["id"]
        for number in range(10):
            person = {"name": f"p{number}", "password": PASSWORD}
            id = chief.post("/api/v1/users", json=person).raise_for_status().json()["id"]
            chief.put(f"/api/v1/groups/{group}/members/{id}").raise_for_status()
            with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
                client.post("/api/v1/session", json=person).raise_for_status()
                made = client.post("/api/v1/tokens", json={"name": "t"}).raise_for_status()
                tokens.append(made.json()["secret"])
        files = {"file": ("lake.txt", LAKE.encode())}
        sent = chief.post("/api/v1/documents", files=files, data={"group": group})
        document = sent.raise_for_status().json()["id"]
        with chief.stream("GET", f"/api/v1/documents/{document}/progress", timeout=200) as told:
            last = [line for line in told.iter_lines() if line.startswith("data:")][-1]
        assert '"live"' in last, last
    return tokens


async def enter(browser: Browser, site: Site, locale: str, name: str = "chief") -> Page:
    context = await browser.new_context(
        base_url=site.address, locale=locale, viewport={"width": 1280, "height": 1000}
    )
    signed = await context.request.post(
        f"{site.address}/api/v1/session",
        data={"name": name, "password": PASSWORD},
        headers={"Origin": site.address},
    )
    assert signed.ok, await signed.text()
    return await context.new_page()


async def test_a_release_is_started_watched_and_ended_on_its_page(
    browser: Browser, site: Site, pictures: Path
) -> None:
    page = await enter(browser, site, "zh-CN")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto("/releases")
    await expect(page.get_by_role("heading", name="模型发布")).to_be_visible()
    # By keyboard alone: the weight, then the button, then the one that says it again.
    weight = page.get_by_label("用户百分比")
    await weight.fill("50")
    await page.get_by_role("button", name="开始").focus()
    await page.keyboard.press("Enter")
    sure = page.get_by_role("dialog")
    await expect(sure).to_contain_text("50 % 的用户将由 hunyuan-next 回答")
    await page.keyboard.press("Escape")
    await expect(sure).to_have_count(0)
    assert "tried" not in site.run("status")
    await page.get_by_role("button", name="开始").press("Enter")
    await sure.get_by_role("button", name="开始").press("Enter")
    await expect(page.get_by_text("试用中：hunyuan-next")).to_be_visible()
    said = await asyncio.to_thread(site.ask, 60)
    assert all("3.6" in answer for answer in said)
    charts = page.locator("svg.chart")
    await expect(charts).to_have_count(4, timeout=15_000)
    assert "新版本 50 %" in str(await charts.first.get_attribute("aria-label"))
    await page.screenshot(path=pictures / "releases-zh.png", full_page=True)
    await page.get_by_role("button", name="退回").click()
    await sure.get_by_role("button", name="退回").click()
    await expect(page.get_by_text("没有版本在试用。")).to_be_visible()
    await expect(page.get_by_role("cell", name="退回")).to_be_visible()
    assert complaints == []


async def test_a_bad_version_is_seen_going_back_by_itself(
    browser: Browser, site: Site, pictures: Path
) -> None:
    site.run("start", "hunyuan-bad", "--weight", "50", "--why", "a try")
    page = await enter(browser, site, "en-US")
    await page.emulate_media(color_scheme="dark")
    await page.goto("/releases")
    await expect(page.get_by_text("On trial: hunyuan-bad, 50 % of the users")).to_be_visible()
    for _ in range(20):
        said = await asyncio.to_thread(site.ask, 20)
        assert all("3.6" in answer for answer in said)
        if "tried" not in site.run("status"):
            break
    told = page.locator("p.trouble")
    await expect(told).to_contain_text("hunyuan-bad rolled back: declines", timeout=15_000)
    await expect(page.get_by_role("cell", name="a guard").first).to_be_visible()
    await page.screenshot(path=pictures / "releases-en-dark.png", full_page=True)
    newest, started = site.run("history", "--limit", "2").splitlines()
    assert "hunyuan-bad  rolled back  by a guard: declines" in newest
    assert "started 50.0%  by chief: a try" in started


async def test_others_than_administrators_find_nothing(browser: Browser, site: Site) -> None:
    page = await enter(browser, site, "en-US", "p0")
    response = await page.goto("/releases")
    assert response is not None
    assert response.status == 404
