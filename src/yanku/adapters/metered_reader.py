"""A reader of files whose work is measured: seconds a page, pages, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from yanku.errors import YankuError
from yanku.model.document import Document, Origin
from yanku.model.meters import READ_DOCUMENTS, READ_PAGE, READ_PAGES
from yanku.ports import Meters, OnPages, Reader, Unpacked


class MeteredReader:
    """A Reader (``ports.Reader``) whose reading is measured."""

    def __init__(
        self, reader: Reader, meters: Meters, *, now: Callable[[], float] = perf_counter
    ) -> None:
        self._reader = reader
        self._meters = meters
        self._now = now

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        """Return the document in the file."""
        began = self._now()
        try:
            document = await self._reader.read(path, name, on_pages)
        except YankuError as error:
            self._meters.add(READ_DOCUMENTS, error.code)
            raise
        seconds, pages = self._now() - began, max(1, len(document.pages))
        origin = _origin(document).value
        self._meters.add(READ_DOCUMENTS, "")
        self._meters.add(READ_PAGES, origin, by=pages)
        self._meters.observe(READ_PAGE, seconds / pages, origin)
        return document

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page as PNG."""
        return await self._reader.render(path, name, page, dpi)

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder."""
        return await self._reader.unpack(path, name, folder)

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Write a copy that opens without a password."""
        await self._reader.unlock(path, name, password, target)


def _origin(document: Document) -> Origin:
    """Return how most of a document was read; what has no pages was read natively."""
    origins = [page.origin for page in document.pages]
    return max(Origin, key=origins.count) if origins else Origin.NATIVE
