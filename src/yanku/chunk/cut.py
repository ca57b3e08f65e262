"""Documents cut into chunks that stand alone, each line of them knowing its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from yanku.chunk.context import context_line, heading_line
from yanku.chunk.places import leaf, united
from yanku.chunk.rows import Line, table_lines
from yanku.chunk.sentences import one_line, pieces, size
from yanku.chunk.titles import ITEM_LEVEL, begins_item, is_item_title, said_unit
from yanku.model.document import Document, Heading, Paragraph, Table
from yanku.model.finance import Profile
from yanku.model.library import Chunk, DocumentId, chunk_id
from yanku.model.place import InSheet

CHUNKER = "rows-and-sentences 3"
"""Part of every chunk's id: change it whenever the same document would be cut differently."""

LIMIT = 350.0
"""Target length of a chunk in Chinese characters, about 170 to 210 tokens."""

_SMALL = LIMIT / 4
"""A section or introduction up to this size does not make a chunk of its own."""

_LARGEST = LIMIT * 1.2
"""Size a chunk may have when it takes a small rest."""

_LONGEST_CAPTION = 40
"""Captions up to this length are whole in the context; longer ones become a line as well."""


@dataclass(slots=True)
class _Draft:
    """Lines that will be one chunk, and the way down to the first of them.

    Where headings begin it, ``lead`` is the way down to what all of its text stands under.
    """

    path: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    unit: str = ""
    lines: list[Line] = field(default_factory=list)
    size: float = 0.0
    only_headings: bool = True

    def may_go_on(self, path: tuple[str, ...]) -> bool:
        """Tell whether what stands under ``path`` may join: little so far, and from above it."""
        small = self.only_headings or self.size <= _SMALL
        return small and path[: len(self.path)] == self.path

    def takes_rest(self, rest: _Draft) -> bool:
        """Tell whether what is left over is too little for a chunk and stands on the same leaf."""
        return (
            bool(rest.lines)
            and rest.size <= _SMALL
            and self.size + rest.size <= _LARGEST
            and leaf(self.lines[0].place) == leaf(rest.lines[0].place)
        )

    def fits(self, line: Line) -> bool:
        """Tell whether a line may be added: same page or sheet, and room for it."""
        if not self.lines:
            return True
        same = leaf(self.lines[0].place) == leaf(line.place)
        return same and self.size + size(line.text) <= LIMIT

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.size += size(line.text)


def cut(document: Document, id: DocumentId, profile: Profile) -> tuple[Chunk, ...]:
    """Return the chunks of a document in reading order; the same input gives the same chunks.

    ``text`` holds every number of paragraphs, headings and cells as printed; captions and units
    stand in ``context``. A chunk stays on one page or sheet.
    """
    head = heading_line(profile, document.name)
    return tuple(
        Chunk(
            id=chunk_id(id, ordinal, CHUNKER),
            document=id,
            ordinal=ordinal,
            context=context_line(head, max(draft.path, draft.lead, key=len), draft.unit),
            text="\n".join(line.text for line in draft.lines),
            place=united([line.place for line in draft.lines]),
            lines=tuple(line.place for line in draft.lines),
        )
        for ordinal, draft in enumerate(_drafts(document))
    )


def _drafts(document: Document) -> list[_Draft]:
    cutter = _Cutter()
    for block in document.body:
        match block:
            case Heading():
                cutter.heading(block)
            case Paragraph():
                cutter.paragraph(block)
            case Table():
                cutter.table(block)
    cutter.close()
    return cutter.done


class _Cutter:
    """Walks the blocks of a document and remembers the headings above."""

    def __init__(self) -> None:
        self.done: list[_Draft] = []
        self._headings: list[Heading] = []
        self._draft = _Draft()
        self._goes_on = False

    def heading(self, block: Heading) -> None:
        """Start a chunk, or go on with a small one of the same part."""
        while self._headings and self._headings[-1].level >= block.level:
            self._headings.pop()
        apart = begins_item(block.text) and not self._draft.only_headings
        if apart or not self._draft.may_go_on(self._path()):
            self.close()
        self._draft.lead = _shared(self._draft.lead, self._path())
        for piece in pieces(one_line(block.text), LIMIT):
            self._add(Line(piece, block.place), self._path())
        self._headings.append(block)

    def paragraph(self, block: Paragraph) -> None:
        """Add sentences to the chunk under the same heading as far as there is room."""
        if is_item_title(block.text):
            self.heading(Heading(block.text, ITEM_LEVEL, block.place))
            return
        self._lead()
        for piece in pieces(one_line(block.text), LIMIT):
            self._add(Line(piece, block.place), self._path())
            self._draft.only_headings = False

    def table(self, block: Table) -> None:
        """Cut a table by rows; what little stands right before it joins its first chunk."""
        if not self._draft.may_go_on(self._path()):
            self.close()
        self._lead()
        way = self._table_path(block)
        if self._draft.lines:
            self._draft.path += way[len(self._path()) :]
            self._draft.lead += way[len(self._path()) :] if self._draft.lead else ()
        for line in (*_caption_lines(block), *table_lines(block, LIMIT)):
            self._add(line, (*way, *line.under))
            self._draft.unit = block.unit or said_unit(heading.text for heading in self._headings)
        self.close()

    def close(self) -> None:
        """End the chunk at hand; a small rest joins the chunk it goes on from."""
        if self._goes_on and self.done[-1].takes_rest(self._draft):
            for line in self._draft.lines:
                self.done[-1].add(line)
        elif self._draft.lines:
            self.done.append(self._draft)
        self._draft = _Draft()
        self._goes_on = False

    def _add(self, line: Line, path: tuple[str, ...]) -> None:
        if not self._draft.fits(line):
            self.close()
            self._goes_on = True
        if not self._draft.lines:
            self._draft.path = path
        self._draft.add(line)

    def _lead(self) -> None:
        """Let a chunk that only has headings yet stand under them: they head what follows."""
        if self._draft.lines and self._draft.only_headings:
            self._draft.lead = self._path()

    def _path(self) -> tuple[str, ...]:
        return tuple(one_line(heading.text) for heading in self._headings)

    def _table_path(self, table: Table) -> tuple[str, ...]:
        place = table.places[0] if table.places else None
        sheet = (place.sheet,) if isinstance(place, InSheet) else ()
        return (*self._path(), *sheet, one_line(table.caption))


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the way that two have in common."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return tuple(part for part, _ in pairs)


def _caption_lines(table: Table) -> list[Line]:
    caption = one_line(table.caption)
    if not table.places or len(caption) <= _LONGEST_CAPTION:
        return []
    return [Line(piece, table.places[0]) for piece in pieces(caption, LIMIT)]
