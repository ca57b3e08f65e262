"""Pages of ink made into a document's blocks, with tables and sentences joined across pages."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from yanku.model.document import Block, Heading, Paragraph, Role, Table
from yanku.parse.contents import is_entry
from yanku.parse.cut import made_whole
from yanku.parse.furniture import Edges, Mark, edges_of, labels_of, running_titles
from yanku.parse.grid import announced_unit, bare_unit
from yanku.parse.ink import Ink
from yanku.parse.layout import Layout, Maybe, Part, layout_of, sizes_of
from yanku.parse.paragraphs import Text
from yanku.parse.piece import Piece
from yanku.parse.table import continues, is_unit_line, tables_of, title_above

_LOOK_AROUND = 4
_STANDING = re.compile(
    r"除.{0,14}(?:注明|说明|指明|标明|列示)?.{0,4}外|unless otherwise|all amounts", re.I
)
_CONTINUED = re.compile(
    r"[（(]?\s*(?:续\s*表?|接上页|continued)\s*[)）]?|.{0,30}[（(]续[)）]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What consecutive pages say, and the page numbers printed on them."""

    blocks: tuple[Block, ...]
    labels: Mapping[int, str]


def blocks_of(inks: Iterable[Ink]) -> tuple[Block, ...]:
    """Return the blocks of consecutive pages in reading order."""
    return reading_of(inks).blocks


def reading_of(inks: Iterable[Ink]) -> Reading:
    """Return the blocks of consecutive pages in reading order, and the pages' labels."""
    assembly = _Assembly()
    numbers: dict[int, tuple[tuple[str, bool], ...]] = {}
    sizes: Counter[float] = Counter()
    for ink, titles in _with_titles(inks, sizes):
        layout = layout_of(ink, titles, sizes)
        numbers.setdefault(ink.number, layout.furniture.numbers)
        assembly.add(layout, titles)
    return Reading(assembly.finished(), labels_of(numbers))


def _with_titles(
    inks: Iterable[Ink], sizes: Counter[float]
) -> Iterator[tuple[Ink, frozenset[Mark]]]:
    """Yield each page with its running titles, reading no more than a few pages ahead.

    ``sizes`` is counted on as pages are read.
    """
    window: deque[tuple[Ink, Edges]] = deque()
    past: deque[Edges] = deque(maxlen=_LOOK_AROUND)
    for ink in inks:
        window.append((ink, edges_of(ink)))
        sizes.update(sizes_of(ink))
        if len(window) > _LOOK_AROUND:
            yield _next(window, past)
    while window:
        yield _next(window, past)


def _next(window: deque[tuple[Ink, Edges]], past: deque[Edges]) -> tuple[Ink, frozenset[Mark]]:
    ink, edges = window.popleft()
    titles = running_titles(edges, [*past, *(e for _, e in window)])
    past.append(edges)
    return ink, titles


def _said_below(block: Heading | Paragraph) -> str:
    """Return the unit that a note (注：金额单位为万元) names for the table above it."""
    is_note = isinstance(block, Paragraph) and block.role is Role.NOTE and len(block.text) <= 80
    return announced_unit(block.text) if is_note else ""


@dataclass(slots=True)
class _Assembly:
    """Blocks so far, and the table or the sentence that may go on.

    ``unit`` is what the document says holds wherever nothing else is printed, ``inherited`` the
    unit of a table right above. ``held`` are running lines between the parts of a table: they
    follow it.
    """

    blocks: list[Block] = field(default_factory=list)
    unit: str = ""
    open: list[Piece] = field(default_factory=list)
    caption: str = ""
    table_unit: str = ""
    inherited: str = ""
    held: list[Block] = field(default_factory=list)
    hanging: tuple[int, float] | None = None
    """Where the paragraph stands that stops in mid-sentence, and the size it is set in."""

    def add(self, layout: Layout, titles: frozenset[Mark]) -> None:
        """Take up a page."""
        for text, _ in titles:
            self._notice(text)
        self._keep(layout.furniture.header)
        first = True
        for part in layout.parts:
            self._part(part, first)
            first = first and isinstance(part, Text) and self._is_aside(part)
        self._keep(layout.furniture.footer)

    def finished(self) -> tuple[Block, ...]:
        """Return all blocks, without lines that only name the unit of a table."""
        self._close()
        return tuple(
            block
            for number, block in enumerate(self.blocks)
            if not (isinstance(block, Paragraph) and self._is_only_unit(number, block.text))
        )

    def _is_only_unit(self, number: int, text: str) -> bool:
        after = self.blocks[number + 1] if number + 1 < len(self.blocks) else None
        return is_unit_line(text) or (isinstance(after, Table) and bool(bare_unit(text)))

    def _keep(self, furniture: Iterable[Paragraph]) -> None:
        (self.held if self.open else self.blocks).extend(furniture)

    def _part(self, part: Part, first: bool) -> None:
        if isinstance(part, Maybe):
            if not (self.open and self._goes_on(part.piece, first)):
                for each in part.otherwise:
                    self._part(each, first)
                    first = False
                return
            part = part.piece
        if isinstance(part, Piece):
            self.hanging = None
            self._piece(part, first)
            return
        self._notice(part.block.text)
        if first and self._is_aside(part):
            return
        self._close(_said_below(part.block))
        self._text(part)

    def _is_aside(self, text: Text) -> bool:
        """Tell what stands between the parts of a table without ending it."""
        block = text.block
        return (
            bool(self.open)
            and isinstance(block, Paragraph)
            and (is_unit_line(block.text) or _CONTINUED.fullmatch(block.text) is not None)
        )

    def _text(self, text: Text) -> None:
        """Take up a text; what a column's end cut off goes to the sentence it belongs to."""
        block = text.block
        if isinstance(block, Heading) or block.role is Role.NOTE:
            self.hanging = None if isinstance(block, Heading) else self.hanging
            self.blocks.append(block)
            return
        last = self._hung(text)
        if last is None:
            self.blocks.append(block)
            at = len(self.blocks) - 1
        else:
            first, *rest = made_whole(last[1], block)
            self.blocks[last[0]] = first
            self.blocks.extend(rest)
            at = len(self.blocks) - 1 if rest else last[0]
        self.hanging = (at, text.size) if text.hangs else None

    def _hung(self, text: Text) -> tuple[int, Paragraph] | None:
        """Return the paragraph that this text goes on with."""
        if self.hanging is None or not text.goes_on:
            return None
        at, size = self.hanging
        block = self.blocks[at]
        if abs(size - text.size) > 0.1 * size or not isinstance(block, Paragraph):
            return None
        return at, block

    def _notice(self, text: str) -> None:
        if len(text) < 80 and _STANDING.search(text) and (unit := announced_unit(text)):
            self.unit = unit

    def _piece(self, piece: Piece, first: bool) -> None:
        if self.open and self._goes_on(piece, first):
            self.open.append(piece)
            return
        self._close()
        before = self._before()
        self.caption, self.table_unit = title_above(before[-8:])
        above = before[-1] if before else None
        if isinstance(above, Table) and not self.caption:
            # Nothing is printed between the two: what was said of the first holds for both.
            self.caption, self.inherited = above.caption, above.unit
        self.open = [piece]

    def _before(self) -> list[Block]:
        """Return what stands above a table; remarks and contents end what they are of."""
        before: list[Block] = []
        for block in reversed(self.blocks[-24:]):
            if isinstance(block, Paragraph) and block.role is Role.NOTE:
                if not announced_unit(block.text):
                    break
            elif isinstance(block, Paragraph) and is_entry(block):
                break
            elif isinstance(block, Paragraph) and block.role.is_furniture:
                continue
            before.insert(0, block)
        return before

    def _goes_on(self, piece: Piece, first: bool) -> bool:
        last = self.open[-1]
        if (piece.ink.number, piece.ink.part) == (last.ink.number, last.ink.part):
            near = 0 <= piece.box.y0 - last.box.y1 < 6 and piece.ruled
            return near and continues(last, piece)
        return first and piece.ink.follows(last.ink) and continues(last, piece)

    def _close(self, below: str = "") -> None:
        """End the table that is open; ``below`` is the unit that a note right under it says."""
        if self.open:
            tables = tables_of(self.open, self.caption, self.table_unit)
            elsewhere = below or self.inherited or self.unit
            if elsewhere and not any(table.unit for table in tables):
                # What holds unless otherwise stated: the table's own headers come before it.
                tables = tables_of(self.open, self.caption, elsewhere)
            self.blocks.extend(tables)
        self.blocks.extend(self.held)
        self.open, self.held, self.caption, self.table_unit = [], [], "", ""
        self.inherited = ""
