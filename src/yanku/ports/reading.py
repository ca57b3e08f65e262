"""Files as bytes, and the readers that make documents of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yanku.model.document import Document, Flaw, Member
from yanku.model.library import DocumentId

OnPages = Callable[[int, int], Awaitable[None]]
"""Called with (pages done, pages in all) while a document is read."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files taken out of a file, each where it lies now, and why others were left out."""

    members: tuple[tuple[Member, Path], ...]
    flaws: tuple[Flaw, ...] = ()


class Reader(Protocol):
    """Reads files, apart from this process."""

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        """Return the document in the file; raise a SourceError that says what is wrong with it."""
        ...

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
        ...

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder; raise a SourceError.

        A file without members gives none. Members are named in the answer, never on the disk.
        """
        ...

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Write a copy that opens without a password; raise WrongPassword, or a SourceError.

        The password goes nowhere else.
        """
        ...


class Files(Protocol):
    """Keeps the original bytes, and what was made from them, per document."""

    async def put(self, document: DocumentId, name: str, source: Path) -> None:
        """Keep a copy of a file under a document; atomic, safe to repeat."""
        ...

    async def path(self, document: DocumentId, name: str) -> Path:
        """Return a local path to read from; raise NotFound if there is none."""
        ...

    async def drop(self, document: DocumentId) -> None:
        """Remove everything kept under a document; it cannot be read once this returns."""
        ...

    async def documents(self) -> frozenset[DocumentId]:
        """Return the documents that anything is kept under."""
        ...
