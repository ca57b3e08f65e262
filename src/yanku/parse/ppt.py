"""Old PowerPoint files (PPT, and WPS's own DPS): a page for each slide, as for newer ones."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import olefile

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw, Origin, Page
from yanku.model.place import OnPage as Place
from yanku.parse.pptfile import DOCUMENT_ATOM, SLIDE_LIST, SLIDE_PERSIST, PowerPointFile, Record
from yanku.parse.pptshapes import ShapeReader, Told, texts_in
from yanku.parse.slide import slide_blocks
from yanku.parse.source import Content, Limits, OnPage

_MAX_BYTES = 512 * 1024**2
_UNIT = 8.0
"""Master units a point: 576 an inch."""
_SLIDES, _NOTES = 0, 2
_SHOW_INFO, _NOTES_ATOM, _VBA, _VBA_ATOM = 0x03F9, 0x03F1, 0x03FF, 0x0400
_OBJECTS, _EMBEDDED, _DOCUMENT_INFO = 0x0409, 0x0FCC, 0x07D0
_HIDDEN = 0x04


def read_ppt(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a PowerPoint 97–2003 file; hidden slides are told, charts in it are not read."""
    stream, current = _streams(path, name)
    try:
        return _Reader(PowerPointFile(stream, current, name), name, limits).read(on_page)
    except struct.error as error:
        raise BrokenSource(f"{name} is damaged ({error}).") from error


def _streams(path: Path, name: str) -> tuple[bytes, bytes]:
    if path.stat().st_size > _MAX_BYTES:
        raise SourceTooLarge(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; split it.")
    try:
        with olefile.OleFileIO(str(path)) as ole:
            return (
                ole.openstream("PowerPoint Document").read(),
                ole.openstream("Current User").read(),
            )
    except (OSError, ValueError, IndexError, TypeError, struct.error) as error:
        raise BrokenSource(f"{name} is a damaged PowerPoint file ({error}).") from error


@dataclass(frozen=True, slots=True)
class _Listed:
    """A slide or page of notes in the document's list, with the texts of its outline."""

    object: int
    id: int
    texts: tuple[Told, ...]


class _Reader:
    """Reads one file."""

    def __init__(self, file: PowerPointFile, shown: str, limits: Limits) -> None:
        self._file = file
        self._shown = shown
        self._limits = limits
        self._flaws: list[Flaw] = []
        self._shapes = ShapeReader(file, shown, limits.max_cells)

    def read(self, on_page: OnPage) -> Content:
        """Return the slides as pages."""
        width, height = self._size()
        slides = list(self._listed(_SLIDES))
        if len(slides) > self._limits.max_pages:
            raise SourceTooLarge(
                f"{self._shown} has {len(slides):,} slides; "
                f"the limit is {self._limits.max_pages:,}."
            )
        notes = dict(self._notes())
        pages: list[Page] = []
        blocks: list[Block] = []
        for number, each in enumerate(slides, 1):
            pages.append(Page(number, width, height, Origin.NATIVE))
            blocks += self._slide(number, each, notes.get(each.id, []))
            on_page(number, len(slides))
        return Content(tuple(pages), tuple(blocks), (*self._flaws, *self._left_out()))

    def _size(self) -> tuple[float, float]:
        atom = self._file.find(self._file.document, DOCUMENT_ATOM)
        if atom is not None and atom.end - atom.start >= 8:
            width, height = struct.unpack("<ii", self._file.content(atom)[:8])
            if 0 < width < 10**6 and 0 < height < 10**6:
                return width / _UNIT, height / _UNIT
        return 720.0, 540.0

    def _listed(self, which: int) -> Iterator[_Listed]:
        """Yield the slides, or pages of notes, in their order."""
        for holder in self._file.inside(self._file.document):
            if holder.kind != SLIDE_LIST or holder.instance != which:
                continue
            heads: list[tuple[Record, list[Record]]] = []
            for each in self._file.inside(holder):
                if each.kind == SLIDE_PERSIST:
                    heads.append((each, []))
                elif heads:
                    heads[-1][1].append(each)
            for head, texts in heads:
                number, _, _, id_ = struct.unpack("<IIII", self._file.content(head)[:16])
                yield _Listed(number, id_, tuple(texts_in(self._file, texts)))

    def _notes(self) -> Iterator[tuple[int, list[str]]]:
        for each in self._listed(_NOTES):
            page = self._file.object(each.object)
            atom = self._file.find(page, _NOTES_ATOM) if page is not None else None
            if page is None or atom is None or atom.end - atom.start < 4:
                continue
            (slide,) = struct.unpack("<I", self._file.content(atom)[:4])
            yield slide, self._shapes.notes(page)

    def _slide(self, number: int, listed: _Listed, notes: list[str]) -> list[Block]:
        slide = self._file.object(listed.object)
        if slide is None:
            detail = f"Slide {number} is missing from the file."
            self._flaws.append(Flaw("broken_page", detail, Place(number)))
            return []
        info = self._file.find(slide, _SHOW_INFO)
        flags = self._file.content(info)[10:11] if info is not None else b""
        if flags and flags[0] & _HIDDEN:
            detail = f"Slide {number} is hidden; it was not read."
            self._flaws.append(Flaw("hidden_slide", detail, Place(number)))
            return []
        pictures: Counter[str] = Counter()
        shapes = self._shapes.slide(slide, listed.texts, pictures)
        if pictures["pictures"]:
            detail = f"Slide {number}: {pictures['pictures']} pictures or charts were not read."
            self._flaws.append(Flaw("pictures", detail, Place(number)))
        return slide_blocks(number, shapes, notes)

    def _left_out(self) -> Iterator[Flaw]:
        document = self._file.document
        objects = self._file.find(document, _OBJECTS)
        if objects is not None and self._file.find(objects, _EMBEDDED) is not None:
            yield Flaw("embedded_files", "Files embedded in the slides were not opened.")
        info = self._file.find(document, _DOCUMENT_INFO)
        code = self._file.find(info, _VBA) if info is not None else None
        atom = self._file.find(code, _VBA_ATOM) if code is not None else None
        if atom is not None and any(self._file.content(atom)[4:8]):
            yield Flaw("macros", "The file holds macros; they were not run.")
