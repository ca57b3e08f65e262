# ruff: noqa: D102 - the name of a claim is its sentence
"""What every store of files must do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from yanku.errors import NotFound
from yanku.model.library import DocumentId
from yanku.ports import Files

ONE = DocumentId("1" * 32)
TWO = DocumentId("2" * 32)

ODD_NAMES = (
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".hidden",
    "a/b\\c",
    "nul\x00byte",
    "line\nbreak\x1b[31m",
    "half \udcff",
    "年报" * 200 + ".pdf",
    "",
    " ",
)


class FilesConformance:
    """What every store of files must do; a subclass gives a fixture ``files``."""

    async def test_a_file_comes_back_with_its_bytes(self, files: Files, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"\x00one\xff")
        await files.put(ONE, "年报.pdf", source)
        source.write_bytes(b"changed later")
        assert (await files.path(ONE, "年报.pdf")).read_bytes() == b"\x00one\xff"

    async def test_putting_again_replaces(self, files: Files, tmp_path: Path) -> None:
        source = tmp_path / "source"
        for content in (b"one", b"two"):
            source.write_bytes(content)
            await files.put(ONE, "original", source)
        assert (await files.path(ONE, "original")).read_bytes() == b"two"

    async def test_what_was_never_put_is_not_found(self, files: Files, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"one")
        await files.put(ONE, "original", source)
        for document, name in ((ONE, "other"), (TWO, "original"), (ONE, ""), (ONE, ".")):
            with pytest.raises(NotFound):
                await files.path(document, name)

    async def test_dropping_removes_all_of_one_document_and_nothing_else(
        self, files: Files, tmp_path: Path
    ) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"one")
        for document in (ONE, TWO):
            for name in ("original", "page-1.png"):
                await files.put(document, name, source)
        held = await files.path(ONE, "original")
        await files.drop(ONE)
        await files.drop(ONE)
        assert not held.exists()
        for name in ("original", "page-1.png"):
            with pytest.raises(NotFound):
                await files.path(ONE, name)
            assert (await files.path(TWO, name)).read_bytes() == b"one"
        await files.put(ONE, "original", source)
        assert (await files.path(ONE, "original")).read_bytes() == b"one"

    async def test_odd_names_stay_apart_and_within(self, files: Files, tmp_path: Path) -> None:
        source = tmp_path / "source"
        folders = set()
        for number, name in enumerate(ODD_NAMES):
            source.write_bytes(str(number).encode())
            await files.put(ONE, name, source)
        for number, name in enumerate(ODD_NAMES):
            path = await files.path(ONE, name)
            assert path.read_bytes() == str(number).encode()
            folders.add(path.resolve().parent)
        assert len(folders) == 1

    async def test_a_reader_sees_the_old_file_or_the_new_and_never_a_part(
        self, files: Files, tmp_path: Path
    ) -> None:
        contents = {bytes([65 + n]) * 300_000 for n in range(4)}

        async def write(content: bytes) -> None:
            source = tmp_path / f"source {content[:1]!r}"
            source.write_bytes(content)
            for _ in range(10):
                await files.put(ONE, "original", source)

        async def read() -> None:
            for _ in range(40):
                await asyncio.sleep(0)
                assert (await files.path(ONE, "original")).read_bytes() in contents

        await write(min(contents))
        await asyncio.gather(*(write(content) for content in contents), read(), read())

    async def test_what_is_kept_is_listed(self, files: Files, tmp_path: Path) -> None:
        assert await files.documents() == frozenset()
        source = tmp_path / "source"
        source.write_bytes(b"x")
        for document in (DocumentId("aa1"), DocumentId("ab2")):
            await files.put(document, "original", source)
        await files.drop(DocumentId("aa1"))
        assert await files.documents() == {DocumentId("ab2")}
