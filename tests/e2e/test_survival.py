"""kill −9 at random moments of ingesting: nothing lost, nothing twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from yanku.access.scope import scope_of
from yanku.model.library import State
from yanku.settings import load_settings
from yanku.wiring import open_house

Content = dict[str, list[tuple[str, str, str]]]


def write_documents(folder: Path, count: int) -> None:
    folder.mkdir()
    for i in range(count):
        lines = [f"# 报告 {i}", ""]
        lines += [
            f"第{n}段:第{i}号公司在{2000 + n}年的收入为{i * 1000 + n}万元。\n" for n in range(60)
        ]
        (folder / f"report-{i:02}.md").write_text("\n".join(lines), "utf-8")


def start_ingesting(
    documents: Path, home: Path, *, stderr: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "yanku.entry.cli", "ingest", str(documents)]
    return subprocess.Popen(
        [*command, "--home", str(home), "--wait", "words"],
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        start_new_session=True,
    )


def kill_everything(process: subprocess.Popen[bytes], home: Path, *, database_too: bool) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if database_too:
        for other in psutil.process_iter(["cmdline"]):
            if str(home) in " ".join(other.info["cmdline"] or []):
                other.kill()


def finish(documents: Path, home: Path) -> None:
    process = start_ingesting(documents, home, stderr=subprocess.PIPE)
    _, stderr = process.communicate(timeout=240)
    assert process.returncode == 0, stderr.decode()


async def content_of(home: Path) -> tuple[Content, int]:
    """Return every document's chunks by name, and how many chunks the index holds."""
    async with open_house(load_settings(home)) as house:
        scope = scope_of(await house.accounts.local())
        entries, after = await house.library.entries(scope=scope, limit=1000)
        assert not after
        names = [entry.name for entry in entries]
        assert len(set(names)) == len(names), "a document is there twice"
        assert {entry.state for entry in entries} == {State.LIVE}
        content: Content = {name: [] for name in names}
        last = None
        while batch := await house.library.every_chunk(last, 500):
            for chunk, entry in batch:
                content[entry.name].append((chunk.text, chunk.context, str(chunk.lines)))
            last = batch[-1][0].id
        return {name: sorted(chunks) for name, chunks in content.items()}, await house.index.count()


@pytest.mark.parametrize(
    ("documents", "kills"), [(12, 4), pytest.param(30, 20, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(900)
def test_documents_survive_kill_nine_exactly_once(
    documents: int, kills: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("survival")
    base.chmod(0o755)
    folder, calm, stormy = base / "documents", base / "calm", base / "stormy"
    write_documents(folder, documents)
    finish(folder, calm)
    chance = random.Random(documents)
    for _ in range(kills):
        process = start_ingesting(folder, stormy)
        time.sleep(chance.uniform(0.5, 5))
        kill_everything(process, stormy, database_too=chance.random() < 0.5)
    finish(folder, stormy)
    expected, expected_count = asyncio.run(content_of(calm))
    found, count = asyncio.run(content_of(stormy))
    assert found == expected
    assert count == expected_count == sum(len(chunks) for chunks in expected.values())
