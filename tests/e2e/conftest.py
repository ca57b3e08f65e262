"""A real server with its console, a real browser, and documents to ask about."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from tests.houses import PASSWORD

from yanku.testing.samples.make import ANNUAL, MEMO, QUARTERLY, WORKBOOK, Samples, make_samples

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_S = 240
UPLOADED = (ANNUAL, QUARTERLY, WORKBOOK, MEMO)


@dataclass(frozen=True)
class Served:
    """A running server; ``setup`` is the link it printed at first start."""

    address: str
    setup: str
    home: Path


@dataclass(frozen=True)
class Furnished:
    """A server with an administrator "chief", a member "mina" of no group, and documents."""

    address: str
    documents: dict[str, str]
    group: str

    async def enter(self, context: BrowserContext, name: str = "chief") -> None:
        """Sign a browser in."""
        response = await context.request.post(
            f"{self.address}/api/v1/session",
            data={"name": name, "password": PASSWORD},
            headers={"Origin": self.address},
        )
        assert response.ok, await response.text()


@contextmanager
def serving(**settings: str) -> Iterator[Served]:
    """Run ``yanku serve`` on a home of its own; ``settings`` are environment variables."""
    # Not pytest's own folder: that is shut to the account that root's PostgreSQL runs as.
    home = Path(tempfile.mkdtemp(prefix="yanku-console-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "YANKU_SERVER__PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        # A gigabyte that few of these tests need; those that do load it with their question.
        "YANKU_MODEL__LOAD_AT_START": "false",
    }
    environment = os.environ | own | settings
    command = [str(Path(sys.executable).with_name("yanku")), "serve", "--home", str(home)]
    log = home.with_suffix(".log")
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            yield Served(f"http://127.0.0.1:{port}", _setup_link(log, server), home)
        finally:
            server.terminate()
            server.wait(60)
            shutil.rmtree(home, ignore_errors=True)
            log.unlink()


def _setup_link(log: Path, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        if link := re.search(r"http\S+/setup\?token=\S+", log.read_text("utf-8")):
            return link[0]
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Write the sample documents."""
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def furnished(samples: Samples) -> Iterator[Furnished]:
    """Run a server that has read its documents."""
    _need_chromium()
    with (
        serving() as served,
        httpx.Client(
            base_url=served.address, headers={"Origin": served.address}, timeout=60
        ) as client,
    ):
        secret = served.setup.rpartition("=")[2]
        chief = {"token": secret, "name": "chief", "password": PASSWORD}
        me = client.post("/api/v1/setup", json=chief).raise_for_status().json()
        member = {"name": "mina", "password": PASSWORD}
        client.post("/api/v1/users", json=member).raise_for_status()
        group = client.post("/api/v1/groups", json={"name": "研究部"}).json()["id"]
        client.put(f"/api/v1/groups/{group}/members/{me['id']}").raise_for_status()
        documents = {}
        for name in UPLOADED:
            files = {"file": (name, (samples.folder / name).read_bytes())}
            sent = client.post("/api/v1/documents", files=files, data={"group": group})
            documents[name] = sent.raise_for_status().json()["id"]
        for id in documents.values():
            with client.stream("GET", f"/api/v1/documents/{id}/progress", timeout=600) as told:
                last = [line for line in told.iter_lines() if line.startswith("data:")][-1]
            assert '"live"' in last, last
        yield Furnished(served.address, documents, group)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium."""
    _need_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Name the folder for screenshots, to be looked at after a run."""
    folder = Path(tempfile.gettempdir()) / "yanku-screenshots"
    folder.mkdir(exist_ok=True)
    return folder


def _need_chromium() -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; scripts/system-packages installs it for root")


@pytest.fixture
async def context(browser: Browser, furnished: Furnished) -> AsyncIterator[BrowserContext]:
    """Open a browser of the administrator's, in Chinese."""
    context = await browser.new_context(
        base_url=furnished.address, locale="zh-CN", viewport={"width": 1440, "height": 900}
    )
    await furnished.enter(context)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """Open a page that may not complain."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


async def ask(page: Page, question: str) -> None:
    """Ask on the page and wait for the answer, which stands above those before it."""
    turns = page.locator(".turn")
    before = await turns.count()
    await page.get_by_role("textbox", name=re.compile("问题|Question")).fill(question)
    await page.keyboard.press("Enter")
    await expect(turns).to_have_count(before + 1)
    answer = turns.first.locator(".answer[aria-busy=false]")
    await expect(answer).to_be_visible(timeout=240_000)
