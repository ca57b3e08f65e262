"""No file can do harm: each hostile one costs one clear error or is read within bounds."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from yanku.adapters.sandbox import SandboxReader
from yanku.adapters.sandbox_nursery import Nursery
from yanku.errors import SourceError
from yanku.model.document import Document
from yanku.testing.hostile import Hostile, make_hostile_files
from yanku.testing.reader import TABLE

MIB = 1024**2
CHILD_BYTES = 1024 * MIB
PARENT_GROWTH_BYTES = 400 * MIB


@pytest.fixture(scope="module")
def hostile_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Hostile, ...]:
    return make_hostile_files(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for the children's folders, and see that nothing stays in it."""
    folder = tmp_path / "folders"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


async def _read(reader: SandboxReader, file: Hostile) -> Document | SourceError:
    try:
        return await reader.read(file.path, file.name)
    except SourceError as error:
        return error


async def _most_memory(of: list[int]) -> None:
    """Keep the largest resident size seen of this process, and of its children together."""
    own = psutil.Process(os.getpid())
    while True:
        of[0] = max(of[0], own.memory_info().rss)
        children = 0
        for each in own.children(recursive=True):
            try:
                children += each.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        of[1] = max(of[1], children)
        await asyncio.sleep(0.02)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_every_hostile_file_costs_one_clear_error_and_nothing_else(
    hostile_files: tuple[Hostile, ...], folder: Path, tmp_path: Path
) -> None:
    assert len(hostile_files) >= 30
    good = tmp_path / "good"
    good.write_text(TABLE, encoding="utf-8")
    nursery = Nursery()
    reader = SandboxReader(
        memory_bytes=CHILD_BYTES, wall_time_s=200, folder=folder, nursery=nursery
    )
    expected = await reader.read(good, "good.md")
    before = psutil.Process(os.getpid()).memory_info().rss
    most = [0, 0]
    watch = asyncio.create_task(_most_memory(most))
    wrong: list[str] = []
    for number, file in enumerate(hostile_files):
        wrong += _judge(file, await _read(reader, file))
        if number % 8 == 0 and await reader.read(good, "good.md") != expected:
            wrong.append(f"after {file.name!a} a good file reads differently")
    watch.cancel()
    assert wrong == []
    assert most[0] - before < PARENT_GROWTH_BYTES
    assert 0 < most[1] < CHILD_BYTES + 200 * MIB
    children = psutil.Process(os.getpid()).children(recursive=True)
    assert {each.pid for each in children} <= {nursery.pid}
    nursery.close()
    assert psutil.Process(os.getpid()).children(recursive=True) == []


async def test_small_hostile_files_are_taken_as_they_should_be(
    hostile_files: tuple[Hostile, ...], folder: Path
) -> None:
    small = [file for file in hostile_files if file.path.stat().st_size < 2_000][::2]
    assert len(small) >= 12
    reader = SandboxReader(memory_bytes=CHILD_BYTES, wall_time_s=200, folder=folder)
    wrong = [each for file in small for each in _judge(file, await _read(reader, file))]
    assert wrong == []


def _judge(file: Hostile, got: Document | SourceError) -> list[str]:
    """Return what is wrong with how a file was taken."""
    if isinstance(got, Document):
        shown = got.name
        if not file.read:
            return [f"{file.name!a} was read"]
        if file.flaw and file.flaw not in [flaw.code for flaw in got.flaws]:
            return [f"{file.name!a} has no flaw {file.flaw}: {got.flaws}"]
    else:
        shown = str(got)
        if type(got) not in file.errors:
            return [f"{file.name!a} gave {type(got).__name__}: {got}"]
        if len(shown) > 400 or str(file.path) in shown:
            return [f"{file.name!a} has a message that is no message: {shown!a}"]
    if any(unicodedata.category(c).startswith("C") for c in shown):
        return [f"{file.name!a} shows control characters"]
    return []


async def test_a_name_never_becomes_a_path(
    hostile_files: tuple[Hostile, ...], folder: Path
) -> None:
    climbing = [file for file in hostile_files if "/" in file.name or "\\" in file.name]
    assert len(climbing) >= 2
    for file in climbing:
        document = await SandboxReader(folder=folder).read(file.path, file.name)
        assert not set("/\\\r\n\x1b\u202e") & set(document.name)
        assert document.name.endswith(".csv")


async def test_nothing_a_file_points_to_outside_is_fetched_or_shown(
    hostile_files: tuple[Hostile, ...], folder: Path
) -> None:
    for file in hostile_files:
        if file.name in {"xxe.docx", "outside.docx", "links.xlsx", "climbing.docx"}:
            got = await _read(SandboxReader(folder=folder), file)
            assert "root:" not in repr(got)
    assert not Path("/tmp/climbed").exists()  # noqa: S108 - the place the file climbs to
