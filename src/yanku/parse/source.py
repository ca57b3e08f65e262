"""What a reader is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yanku.model.document import Block, Digest, Document, Flaw, Member, Page

OnPage = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader accepts before it raises SourceTooLarge."""

    max_bytes: int = 512 * 1024**2
    max_pages: int = 3_000
    max_pixels: int = 100_000_000
    max_cells: int = 2_000_000
    max_unpacked_bytes: int = 1024**3
    max_ratio: int = 200
    """How many times its packed size a large part may unpack to."""
    max_members: int = 2_000
    ocr_dpi: int = 200


@dataclass(frozen=True, slots=True)
class Content:
    """What was read: pages, blocks in reading order, what could not be read, files inside."""

    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    flaws: tuple[Flaw, ...] = ()
    members: tuple[Member, ...] = ()

    def document(self, digest: Digest, name: str, media_type: str) -> Document:
        """Return the document of the file that says this."""
        return Document(digest, name, media_type, self.pages, self.blocks, self.flaws, self.members)


Read = Callable[[Path, str, Limits, OnPage], Content]
"""A reader of one kind of file: (path, name for messages, limits, progress) → content."""
