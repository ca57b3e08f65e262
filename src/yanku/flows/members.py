"""The story of a file inside a file: taken out apart, kept, and given to the library as its own."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from yanku.errors import NotFound, SourceTooLarge
from yanku.model.document import Digest, Document, Flaw, Member
from yanku.model.library import DocumentId, Entry, State, document_id
from yanku.ports import Clock, Files, Library, Reader

ORIGINAL = "original"
"""Name under which a document's own bytes are kept."""
UNLOCKED = "unlocked"
"""Name of the copy of a protected file that opens without its password."""
_STEP = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Nesting:
    """How far files inside files are followed: levels, and files and bytes in one outermost."""

    depth: int = 4
    files: int = 2_000
    bytes: int = 1024**3


async def readable_path(files: Files, document: DocumentId) -> Path:
    """Return the bytes of a document to read: its unlocked copy, or else what was added."""
    try:
        return await files.path(document, UNLOCKED)
    except NotFound:
        return await files.path(document, ORIGINAL)


class Members:
    """Brings the files inside a container into the library; may be repeated after a crash."""

    def __init__(
        self, *, library: Library, files: Files, reader: Reader, clock: Clock, nesting: Nesting
    ) -> None:
        self._library = library
        self._files = files
        self._reader = reader
        self._clock = clock
        self._nesting = nesting

    async def bring_in(self, entry: Entry, path: Path, parsed: Document) -> tuple[Flaw, ...]:
        """Add what lies in a container that was read; return what was left out, and why.

        Raises SourceTooLarge if the outermost container holds too much, NotFound if this one was
        forgotten meanwhile.
        """
        if not parsed.members:
            return ()
        kin = await self._library.kin(entry.id)
        if kin.depth >= self._nesting.depth:
            detail = f"Files inside files are read {self._nesting.depth} deep; these lie deeper."
            return (Flaw("nested_too_deep", detail),)
        with tempfile.TemporaryDirectory(prefix="yanku-members-") as folder:
            taken = await self._reader.unpack(path, entry.name, Path(folder))
            files = kin.files + len(taken.members)
            size = kin.bytes + sum(member.size for member, _ in taken.members)
            if files > self._nesting.files or size > self._nesting.bytes:
                raise SourceTooLarge(
                    f"{entry.name} brings its archive to {files:,} files of {size:,} bytes; "
                    f"{self._nesting.files:,} files and {self._nesting.bytes:,} bytes are read. "
                    "Send it in several archives."
                )
            await self._keep(entry, taken.members)
        return taken.flaws

    async def _keep(self, entry: Entry, members: Sequence[tuple[Member, Path]]) -> None:
        found = []
        for number, (member, where) in enumerate(members, 1):
            child = await asyncio.to_thread(_entry_of, entry, member, where, number)
            await self._files.put(child.id, ORIGINAL, where)
            found.append((member.name, child))
        try:
            await self._library.adopt(entry.id, found)
        except NotFound:
            # Forgotten while it was unpacked: leave nothing of its files behind.
            ids = {child.id for _, child in found}
            for gone in ids - await self._library.existing(ids):
                await self._files.drop(gone)
            raise


def _entry_of(container: Entry, member: Member, where: Path, number: int) -> Entry:
    """Return a member as a document; lists show it right behind its container."""
    with where.open("rb") as file:
        digest = Digest(hashlib.file_digest(file, "sha256").hexdigest())
    id_ = document_id(container.owner, digest)
    return Entry(
        id=id_,
        series=id_,
        version=1,
        name=f"{container.name}/{member.name}",
        digest=digest,
        size=member.size,
        media_type=mimetypes.guess_type(member.name)[0] or "application/octet-stream",
        owner=container.owner,
        state=State.QUEUED,
        added=container.added - number * _STEP,
    )
