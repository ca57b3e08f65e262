"""Pages of ink made into the blocks of a document, with tables joined across pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yanku.model.document import Block, Paragraph, Table
from yanku.parse.grid import announced_unit
from yanku.parse.ink import Ink
from yanku.parse.layout import Edges, Part, edges_of, parts_of, running_titles
from yanku.parse.piece import Piece
from yanku.parse.table import continues, is_unit_line, table_of, title_above

_LOOK_AROUND = 4
_STANDING = re.compile(
    r"除.{0,14}(?:注明|说明|指明|标明|列示)?.{0,4}外|unless otherwise|all amounts", re.I
)
_CONTINUED = re.compile(
    r"[（(]?\s*(?:续\s*表?|接上页|continued)\s*[)）]?|.{0,30}[（(]续[)）]", re.IGNORECASE
)


def blocks_of(inks: Iterable[Ink]) -> tuple[Block, ...]:
    """Return the blocks of consecutive pages in reading order."""
    assembly = _Assembly()
    for ink, titles in _with_titles(inks):
        assembly.add(parts_of(ink, titles), titles)
    return assembly.finished()


def _with_titles(inks: Iterable[Ink]) -> Iterator[tuple[Ink, frozenset[tuple[str, int]]]]:
    """Yield each page with its running titles, reading no more than a few pages ahead."""
    window: deque[tuple[Ink, Edges]] = deque()
    past: deque[Edges] = deque(maxlen=_LOOK_AROUND)
    for ink in inks:
        window.append((ink, edges_of(ink)))
        if len(window) > _LOOK_AROUND:
            yield _next(window, past)
    while window:
        yield _next(window, past)


def _next(
    window: deque[tuple[Ink, Edges]], past: deque[Edges]
) -> tuple[Ink, frozenset[tuple[str, int]]]:
    ink, edges = window.popleft()
    titles = running_titles(edges, [*past, *(e for _, e in window)])
    past.append(edges)
    return ink, titles


@dataclass(slots=True)
class _Assembly:
    """Blocks so far, and the table that may go on.

    ``unit`` is what the document says holds wherever nothing else is printed.
    """

    blocks: list[Block] = field(default_factory=list)
    unit: str = ""
    open: list[Piece] = field(default_factory=list)
    caption: str = ""
    table_unit: str = ""

    def add(self, parts: list[Part], titles: frozenset[tuple[str, int]]) -> None:
        """Take up a page."""
        for text, _ in titles:
            self._notice(text)
        first = True
        for part in parts:
            if isinstance(part, Piece):
                self._piece(part, first)
                first = False
                continue
            self._notice(part.text)
            aside = isinstance(part, Paragraph) and (
                is_unit_line(part.text) or _CONTINUED.fullmatch(part.text)
            )
            if first and self.open and aside:
                continue
            self._close()
            first = False
            self.blocks.append(part)

    def finished(self) -> tuple[Block, ...]:
        """Return all blocks, without lines that only name the unit of a table."""
        self._close()
        return tuple(
            b for b in self.blocks if not (isinstance(b, Paragraph) and is_unit_line(b.text))
        )

    def _notice(self, text: str) -> None:
        if len(text) < 80 and _STANDING.search(text) and (unit := announced_unit(text)):
            self.unit = unit

    def _piece(self, piece: Piece, first: bool) -> None:
        if self.open and self._goes_on(piece, first):
            self.open.append(piece)
            return
        self._close()
        self.caption, self.table_unit = title_above(self.blocks[-8:])
        above = self.blocks[-1] if self.blocks else None
        if isinstance(above, Table) and not self.caption:
            # Nothing is printed between the two: what was said of the first holds for both.
            self.caption, self.table_unit = above.caption, above.unit
        self.open = [piece]

    def _goes_on(self, piece: Piece, first: bool) -> bool:
        last = self.open[-1]
        if piece.ink.number == last.ink.number:
            near = 0 <= piece.box.y0 - last.box.y1 < 6 and piece.ruled
            return near and continues(last, piece)
        return first and piece.ink.number == last.ink.number + 1 and continues(last, piece)

    def _close(self) -> None:
        if self.open:
            unit = self.table_unit or self.unit
            self.blocks.append(table_of(self.open, self.caption, unit))
        self.open, self.caption, self.table_unit = [], "", ""
