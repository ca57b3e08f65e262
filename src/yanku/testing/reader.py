"""What every Reader promises, and a Reader without walls for tests of what comes after."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import (
    BrokenSource,
    EmptySource,
    EncryptedSource,
    MismatchedSource,
    NotFound,
    SourceTooLarge,
    UnsupportedSource,
    WrongPassword,
)
from yanku.model.amount import Amount
from yanku.model.document import Digest, Document, Heading, Table
from yanku.parse.reader import read_unasked, render_source, unlock_source, unpack_source
from yanku.parse.sniff import safe_name
from yanku.parse.source import Limits
from yanku.ports import OnPages, Reader, Unpacked

TABLE = "# 利润\n\n单位：万元\n\n| 项目 | 2024年 |\n| --- | --- |\n| 营业收入 | 1,234.56 |\n"


class OpenReader:
    """Reads in this very process: quick, and only for files a test has made itself."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        """Return the document in the file; raise a SourceError that says what is wrong with it."""
        if not path.is_file():
            raise NotFound(f"{safe_name(name)} is not there.")
        told: list[tuple[int, int]] = []
        with tempfile.TemporaryDirectory() as scratch:
            format_, content = await asyncio.to_thread(
                read_unasked,
                path,
                name,
                self._limits,
                lambda done, total: told.append((done, total)),
                Path(scratch),
            )
        if on_pages is not None:
            for done, total in told:
                await on_pages(done, total)
        digest = Digest(hashlib.sha256(path.read_bytes()).hexdigest())
        return content.document(digest, safe_name(name), format_.media_type)

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
        return await asyncio.to_thread(render_source, path, name, page, dpi, self._limits)

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder, under numbers."""
        if not path.is_file():
            raise NotFound(f"{safe_name(name)} is not there.")
        return await asyncio.to_thread(unpack_source, path, name, folder, self._limits)

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Write a copy that opens without a password; raise WrongPassword, or a SourceError."""
        if not path.is_file():
            raise NotFound(f"{safe_name(name)} is not there.")
        await asyncio.to_thread(unlock_source, path, name, password, target, self._limits)


class ReaderContract:
    """The promises of ``ports.Reader``; a subclass gives the fixture ``reader``.

    ``small_reader`` is the same kind of reader with ``max_bytes`` of 1,000.
    """

    async def test_a_document_is_read_with_its_digest_and_kind(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """Digest, kind, headings and amounts in base units arrive."""
        path = tmp_path / "any"
        path.write_text(TABLE, encoding="utf-8")
        document = await reader.read(path, "利润.md")
        assert document.digest == hashlib.sha256(TABLE.encode()).hexdigest()
        assert (document.name, document.media_type) == ("利润.md", "text/markdown")
        assert isinstance(document.blocks[0], Heading)
        table = next(each for each in document.blocks if isinstance(each, Table))
        assert Amount(Decimal("12345600"), "CNY") in [cell.amount for cell in table.cells]

    async def test_reading_twice_gives_the_same_document(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """Nothing in a document depends on when or under which name it is read."""
        path = tmp_path / "any"
        path.write_text(TABLE, encoding="utf-8")
        first = await reader.read(path, "a.md")
        assert await reader.read(path, "a.md") == first
        renamed = await reader.read(path, "b.md")
        assert replace(renamed, name="a.md") == first

    async def test_progress_ends_with_all_pages_done(self, reader: Reader, tmp_path: Path) -> None:
        """The last progress told is the whole."""
        path = tmp_path / "any"
        path.write_text(TABLE, encoding="utf-8")
        told: list[tuple[int, int]] = []

        async def on_pages(done: int, total: int) -> None:
            told.append((done, total))

        await reader.read(path, "a.md", on_pages)
        assert told
        assert told[-1][0] == told[-1][1]

    @pytest.mark.parametrize(
        ("name", "data", "error"),
        [
            ("a.pdf", b"", EmptySource),
            ("a.pdf", b"plain words", MismatchedSource),
            ("a.py", b"print()", UnsupportedSource),
            ("a.docx", b"PK\x03\x04 and no more", BrokenSource),
        ],
    )
    async def test_a_bad_file_has_one_named_error_that_names_the_file(
        self, reader: Reader, tmp_path: Path, name: str, data: bytes, error: type[Exception]
    ) -> None:
        """Each kind of trouble has its own error, and the message names the file."""
        path = tmp_path / "any"
        path.write_bytes(data)
        with pytest.raises(error, match=name):
            await reader.read(path, name)

    async def test_a_file_over_the_limit_is_refused(
        self, small_reader: Reader, tmp_path: Path
    ) -> None:
        """One byte too many is too many."""
        path = tmp_path / "any"
        path.write_bytes(b"x" * 1001)
        with pytest.raises(SourceTooLarge):
            await small_reader.read(path, "a.txt")

    async def test_a_missing_file_is_not_found(self, reader: Reader, tmp_path: Path) -> None:
        """A path without a file raises NotFound."""
        with pytest.raises(NotFound):
            await reader.read(tmp_path / "none", "a.txt")

    async def test_a_document_without_pages_has_no_picture(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """Rendering is for kinds that have pages."""
        path = tmp_path / "any"
        path.write_text(TABLE, encoding="utf-8")
        with pytest.raises(UnsupportedSource):
            await reader.render(path, "a.md", 1, 72)

    async def test_a_page_is_rendered_and_a_page_that_is_not_there_is_not_found(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """A page comes as PNG; the page after the last does not come."""
        path = tmp_path / "any"
        path.write_bytes(_one_page())
        image = await reader.render(path, "a.pdf", 1, 36)
        assert image.startswith(b"\x89PNG\r\n\x1a\n")
        with pytest.raises(NotFound):
            await reader.render(path, "a.pdf", 2, 36)

    async def test_the_files_in_an_archive_come_out_under_numbers(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """Each file has its name in the answer, its bytes on the disk, and none is anywhere else.

        What no reader here can read is left out, and said.
        """
        path, folder = tmp_path / "any", tmp_path / "out"
        parts = {"../内/表.md": TABLE.encode(), "run.exe": b"MZ\x90\0" + bytes(60)}
        path.write_bytes(_zipped(parts))
        folder.mkdir()
        taken = await reader.unpack(path, "a.zip", folder)
        ((member, where),) = taken.members
        assert (member.name, member.size) == ("内/表.md", len(TABLE.encode()))
        assert where.parent == folder
        assert where.read_text("utf-8") == TABLE
        assert [each.name for each in folder.iterdir()] == [where.name]
        assert [flaw.code for flaw in taken.flaws] == ["unread_member"]
        assert sorted(each.name for each in tmp_path.iterdir()) == ["any", "out"]

    async def test_a_file_without_members_gives_none(self, reader: Reader, tmp_path: Path) -> None:
        """A text has nothing inside, and that is no error."""
        path, folder = tmp_path / "any", tmp_path / "out"
        path.write_text(TABLE, encoding="utf-8")
        folder.mkdir()
        assert (await reader.unpack(path, "a.md", folder)).members == ()

    async def test_a_protected_file_opens_with_its_password_only(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """Without it the file is EncryptedSource, with another WrongPassword, then a plain copy."""
        path, plain = tmp_path / "any", tmp_path / "plain"
        path.write_bytes(_one_page("open sesame"))
        with pytest.raises(EncryptedSource, match=r"a\.pdf"):
            await reader.read(path, "a.pdf")
        with pytest.raises(WrongPassword, match=r"a\.pdf") as caught:
            await reader.unlock(path, "a.pdf", "close sesame", plain)
        assert "sesame" not in str(caught.value)
        assert not plain.exists()
        await reader.unlock(path, "a.pdf", "open sesame", plain)
        assert "one page" in repr(await reader.read(plain, "a.pdf"))

    async def test_a_file_that_asks_for_no_password_is_read_though_it_is_encrypted(
        self, reader: Reader, tmp_path: Path
    ) -> None:
        """An owner's password alone keeps nobody from reading."""
        path = tmp_path / "any"
        path.write_bytes(_one_page(""))
        assert "one page" in repr(await reader.read(path, "a.pdf"))


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _one_page(password: str | None = None) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    lock = None if password is None else StandardEncryption(password, "owner", strength=128)
    canvas = Canvas(out, encrypt=lock)
    canvas.drawString(72, 720, "one page")
    canvas.save()
    return out.getvalue()
