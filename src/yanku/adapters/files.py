"""Original bytes, and what was made from them, in a folder on this machine.

root/ab/abcdef…/<name>     one folder per document, fanned out by the id's first two digits
root/.doomed/…             folders on their way out; swept at start
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from yanku.errors import InvalidRequest, NotFound
from yanku.model.library import DocumentId

LONGEST_NAME = 200
"""Bytes of a name; most file systems take 255."""

OLDEST_COPY_S = 24 * 3600.0
"""Age at which a copy that never arrived is taken for a crash's leftover."""


class LocalFiles:
    """The file store (``ports.Files``). Copies appear whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._coming = root / ".coming"
        self._doomed = root / ".doomed"
        for folder in (self._coming, self._doomed):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()

    async def put(self, document: DocumentId, name: str, source: Path) -> None:
        """Keep a copy of a file under a document; atomic, safe to repeat."""
        await asyncio.to_thread(self._put, document, name, source)

    async def path(self, document: DocumentId, name: str) -> Path:
        """Return a local path to read from; raise NotFound if there is none."""
        path = self._folder(document) / safe_name(name)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound(f"There is no file {name} of the document {document}.")
        return path

    async def drop(self, document: DocumentId) -> None:
        """Remove everything kept under a document; it cannot be read once this returns."""
        await asyncio.to_thread(self._drop, document)

    async def documents(self) -> frozenset[DocumentId]:
        """Return the documents that anything is kept under."""
        return await asyncio.to_thread(self._documents)

    def _documents(self) -> frozenset[DocumentId]:
        fans = (fan for fan in self._root.iterdir() if fan != self._doomed and fan.is_dir())
        return frozenset(DocumentId(folder.name) for fan in fans for folder in fan.iterdir())

    def _put(self, document: DocumentId, name: str, source: Path) -> None:
        target = self._folder(document) / safe_name(name)
        copy = self._coming / secrets.token_hex(8)
        try:
            with source.open("rb") as reading, copy.open("xb") as writing:
                shutil.copyfileobj(reading, writing, 1 << 20)
                writing.flush()
                os.fsync(writing.fileno())
            while not _moved(copy, target):
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        finally:
            copy.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what a crash left; a young copy may be another process's work."""
        for leftover in self._coming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - leftover.stat().st_mtime > OLDEST_COPY_S:
                    leftover.unlink()
        for leftover in self._doomed.iterdir():
            shutil.rmtree(leftover, ignore_errors=True)

    def _drop(self, document: DocumentId) -> None:
        doomed = self._doomed / secrets.token_hex(8)
        try:
            self._folder(document).rename(doomed)
        except FileNotFoundError:
            return
        _sync(self._folder(document).parent)
        shutil.rmtree(doomed, ignore_errors=True)  # what is left is swept at the next start

    def _folder(self, document: DocumentId) -> Path:
        if re.fullmatch(r"[0-9A-Za-z_-]{3,128}", document) is None:
            raise InvalidRequest(f"{document!r} is not the id of a document.")
        return self._root / document[:2] / document


def safe_name(name: str) -> str:
    """Return a name that stays within its folder on any file system, the same for the same name.

    A name that had to be changed gets a piece of its digest, so that two never become one.
    """
    safe = re.sub(r"[^\w.() +=@,-]", "_", name).lstrip(".").strip()
    while len(safe.encode()) > LONGEST_NAME:
        safe = safe[len(safe) // 8 + 1 :]  # keep the end, where the suffix is
    if safe and safe == name:
        return safe
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{digest}-{safe}"


def _moved(copy: Path, target: Path) -> bool:
    """Move a copy to its place; False if its folder is missing, or was dropped in that moment."""
    try:
        copy.replace(target)
        _sync(target.parent)
    except FileNotFoundError:
        return not copy.exists()
    return True


def _sync(folder: Path) -> None:
    """Make a rename in a folder survive power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
