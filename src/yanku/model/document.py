"""A parsed document: pages, and blocks in reading order, each knowing its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType

from yanku.model.amount import Amount
from yanku.model.place import OnPage, Place

Digest = NewType("Digest", str)
"""SHA-256 of a file's bytes, 64 lower-case hexadecimal digits."""


class Origin(StrEnum):
    """How the text of a page was obtained."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    NATIVE = "native"
    """Read from a format that has no pages of its own (sheet, Word, text)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``number`` from 1, size in points as shown (after rotation).

    ``label`` is the page number printed on it ("12", "iv"), empty if there is none.
    """

    number: int
    width: float
    height: float
    origin: Origin
    label: str = ""


class Role(StrEnum):
    """What a paragraph is for."""

    TEXT = "text"
    ITEM = "item"
    """An item of a list."""
    NOTE = "note"
    """A footnote, or a remark beneath a table."""
    HEADER = "header"
    """A running title at the top of a page."""
    FOOTER = "footer"
    """A running line at the foot of a page."""

    @property
    def is_furniture(self) -> bool:
        """Tell what belongs to the page from what belongs to the text."""
        return self in (Role.HEADER, Role.FOOTER)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the outermost."""

    text: str
    level: int
    place: Place
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, list item or note, without line breaks of the layout.

    Where a sentence runs over the end of a column or page, ``place`` is the part that holds most
    of its figures, and ``also`` names the other.
    """

    text: str
    place: Place
    role: Role = Role.TEXT
    also: tuple[Place, ...] = ()
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table's grid, counted from 0; a spanned area appears once, at its top left.

    ``amount`` is the number in the cell in base units (元, not 万元), if it is a number.
    ``formula`` is a spreadsheet's formula, if it has one. ``stored`` is what the file holds where
    a number format shows something else: a number in full ("1234.567" shown as "1,235"), a moment
    as ISO; empty where the text says it all.
    """

    row: int
    column: int
    text: str
    place: Place
    row_span: int = 1
    column_span: int = 1
    amount: Amount | None = None
    formula: str | None = None
    stored: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under another: those after the row ``head`` up to the row ``last``, its total included.

    The head is a title without figures ("流动资产："), or a row of which those below are parts.
    """

    head: int
    last: int


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells, joined across pages; the first ``header_rows`` rows are headers.

    ``caption`` is the printed title ("合并资产负债表"), ``unit`` the printed unit that holds for
    the table ("万元"); both empty if there is none. ``places`` has one place per part.

    ``confirmed`` are the rows whose figures a second reading of the page, by lines of text and
    without the grid, gives in the same order, ``disputed`` those for which it gives others.
    ``groups`` are the rows that stand under others, outer groups before those inside them.
    """

    cells: tuple[Cell, ...]
    places: tuple[Place, ...]
    rows: int
    columns: int
    header_rows: int = 0
    caption: str = ""
    unit: str = ""
    confirmed: tuple[int, ...] = ()
    disputed: tuple[int, ...] = ()
    groups: tuple[RowGroup, ...] = ()
    kind: Literal["table"] = "table"

    def heads(self, row: int) -> tuple[str, ...]:
        """Return the labels of the rows that a row stands under, outermost first."""
        over = {group.head for group in self.groups if group.head < row <= group.last}
        return tuple(cell.text for cell in self.cells if cell.row in over and self._is_label(cell))

    def _is_label(self, cell: Cell) -> bool:
        return cell.amount is None and cell.text.strip() != "" and cell.column == 0


Block = Heading | Paragraph | Table


def page_of(block: Block) -> int | None:
    """Return the number of the page a block begins on; None if it is on none."""
    places = block.places if isinstance(block, Table) else (block.place,)
    return places[0].page if places and isinstance(places[0], OnPage) else None


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that could not be read, and where; the rest of the document stands.

    ``code`` is stable, for programs and translations; ``detail`` is for people.
    """

    code: str
    detail: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file: an attachment of a mail, an entry of an archive.

    ``name`` is its path inside ("附件/2024.xlsx"), with forward slashes; ``size`` in bytes.
    """

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a parser saw in one file.

    ``members`` are the files in it, which become documents of their own.
    """

    digest: Digest
    name: str
    media_type: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    flaws: tuple[Flaw, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def body(self) -> tuple[Block, ...]:
        """Return the blocks without running titles and feet of pages."""
        return tuple(
            block
            for block in self.blocks
            if not (isinstance(block, Paragraph) and block.role.is_furniture)
        )
