"""The file store on this machine does what every store of files must do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from yanku.adapters.files import LocalFiles
from yanku.errors import InvalidRequest, NotFound
from yanku.model.library import DocumentId
from yanku.ports import Files
from yanku.testing.files import ONE, FilesConformance


class TestLocalFiles(FilesConformance):
    @pytest.fixture
    def files(self, tmp_path: Path) -> Files:
        return LocalFiles(tmp_path / "files")


@pytest.mark.parametrize("id", ["", "..", "../x", "a/b", "é" * 32, "x" * 200])
async def test_an_id_that_is_none_never_becomes_a_path(tmp_path: Path, id: str) -> None:
    files = LocalFiles(tmp_path / "files")
    source = tmp_path / "source"
    source.write_bytes(b"one")
    with pytest.raises(InvalidRequest):
        await files.put(DocumentId(id), "original", source)
    with pytest.raises(InvalidRequest):
        await files.drop(DocumentId(id))


async def test_a_missing_source_leaves_nothing_behind(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    with pytest.raises(FileNotFoundError):
        await files.put(ONE, "original", tmp_path / "missing")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_what_a_crash_left_half_deleted_is_swept_at_the_next_start(tmp_path: Path) -> None:
    root = tmp_path / "files"
    LocalFiles(root)
    half = root / ".doomed" / "abc"
    half.mkdir()
    (half / "original").write_bytes(b"one")
    LocalFiles(root)
    assert not half.exists()


async def test_putting_while_dropping_ends_in_one_of_the_two(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    source = tmp_path / "source"
    source.write_bytes(b"one")
    for _ in range(50):
        await asyncio.gather(files.put(ONE, "original", source), files.drop(ONE))
    await files.drop(ONE)
    with pytest.raises(NotFound):
        await files.path(ONE, "original")
