"""The running text of an OpenDocument file walked in reading order: blocks, lists and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from yanku.model.document import Flaw, Role
from yanku.parse.grid import GridCell
from yanku.parse.leftout import left_out
from yanku.parse.odfstyle import Lists, Styles, own
from yanku.parse.wordtext import local

_MAX_COLUMNS = 1_000
_MAX_REPEATED = 1_000
_GAPS = frozenset({"tab", "line-break", "s"})
_THROUGH = frozenset(
    {"section", "list-item", "list-header", "index-body", "index-title", "table-of-content",
     "alphabetical-index", "illustration-index", "table-index", "user-index", "bibliography",
     "text-box", "g", "a", "numbered-paragraph", "shapes"}
)  # fmt: skip
_DRAWN = frozenset({"frame", "custom-shape", "rect", "ellipse", "polygon", "path", "line",
                    "connector", "g"})  # fmt: skip


class Sink(Protocol):
    """Takes what a document says, in order."""

    def say(self, text: str, level: int | None, role: Role, /) -> None:
        """Take a paragraph or heading."""
        ...

    def table(self, cells: list[GridCell], headers: int | None, /) -> None:
        """Take a table."""
        ...


@dataclass(frozen=True, slots=True)
class _In:
    """Where a paragraph stands: in which list, how deep, and whether it begins an item."""

    list_: str = ""
    style: str = ""
    depth: int = -1


class Walker:
    """Walks the text of one file; notes are kept until ``finish``."""

    def __init__(
        self, sink: Sink, styles: Styles, chart: Callable[[str], etree._Element | None]
    ) -> None:
        self._sink = sink
        self._styles = styles
        self._chart = chart
        self._lists = Lists(styles)
        self._notes: list[etree._Element] = []
        self.found: Counter[str] = Counter()

    def walk(self, parent: etree._Element, role: Role = Role.TEXT, where: _In = _In()) -> None:
        """Send everything beneath an element to the sink."""
        first = True
        for each in parent:
            name = local(each)
            if name in {"p", "h"}:
                self._paragraph(each, role, where, labelled=first)
                first = False
            elif name == "list":
                self._list(each, role, where)
            elif name == "table":
                self._table(each)
            elif name == "tracked-changes":
                self.found["deleted"] += 1
            elif name == "section" and own(each, "display") == "none":
                self.found["hidden"] += 1
            elif name in _DRAWN:
                self._drawn(each, role)
            elif name in _THROUGH:
                self.walk(each, role, where)

    def finish(self) -> None:
        """Send the notes, in their order."""
        notes, self._notes = self._notes, []
        for each in notes:
            self.walk(each, Role.NOTE)

    def lines(self, parent: etree._Element) -> list[str]:
        """Return the paragraphs beneath an element, wherever they stand in it."""
        kept = Kept()
        sink, self._sink = self._sink, kept
        try:
            self.walk(parent)
        finally:
            self._sink = sink
        return [text for text, _ in kept.said]

    def flaws(self) -> Iterator[Flaw]:
        """Return what was left out."""
        return left_out(self.found)

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────────

    def _paragraph(
        self, element: etree._Element, role: Role, where: _In, *, labelled: bool
    ) -> None:
        boxes: list[etree._Element] = []
        pieces: list[str] = []
        if own(element, "style-name") in self._styles.hidden:
            self.found["hidden"] += 1
            return
        self._collect(element, pieces, boxes)
        text = " ".join("".join(pieces).split())
        if text:
            level = own(element, "outline-level") if local(element) == "h" else ""
            listed = where.depth >= 0
            if listed and labelled:
                text = self._lists.label(where.list_, where.depth) + text
            number = int(level) if level.isdecimal() and len(level) < 3 else None
            plain = role is Role.TEXT
            self._sink.say(
                text,
                number if plain else None,
                Role.ITEM if listed and plain and number is None else role,
            )
        for each in boxes:
            self._drawn(each, role)

    def _collect(
        self, element: etree._Element, pieces: list[str], boxes: list[etree._Element]
    ) -> None:
        pieces.append(element.text or "")
        for each in element:
            name = local(each)
            if name in _GAPS:
                pieces.append(" ")
            elif name == "note":
                self._notes += [part for part in each if local(part) == "note-body"]
                pieces += [(p.text or "") for p in each if local(p) == "note-citation"]
            elif name == "annotation":
                self.found["comments"] += 1
            elif name in _DRAWN:
                boxes.append(each)
            elif name in {"hidden-text", "hidden-paragraph"} or (
                name == "span" and own(each, "style-name") in self._styles.hidden
            ):
                self.found["hidden"] += 1
            elif name not in {"tracked-changes", "ruby-text", "annotation-end"}:
                self._collect(each, pieces, boxes)
            pieces.append(each.tail or "")

    def _list(self, element: etree._Element, role: Role, where: _In) -> None:
        style = own(element, "style-name") or where.style
        depth = min(where.depth + 1, 8)
        key = where.list_ if depth else self._lists.open(element, style)
        for item in element:
            if local(item) in {"list-item", "list-header"}:
                self.walk(item, role, _In(key, style, depth))

    def _drawn(self, element: etree._Element, role: Role) -> None:
        """Read a text box, table or chart; anything else drawn is a picture."""
        inner = [local(each) for each in element]
        if "object" in inner and (table := self._chart_in(element)) is not None:
            self._table(table)
            return
        self.found["objects"] += "object" in inner or "object-ole" in inner
        self.found["pictures"] += "image" in inner and "text-box" not in inner
        self.walk(element, role)

    def _chart_in(self, frame: etree._Element) -> etree._Element | None:
        link = next((own(each, "href") for each in frame if local(each) == "object"), "")
        return self._chart(link)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────

    def _table(self, element: etree._Element) -> None:
        cells, headers = self.grid(element)
        self._sink.table(cells, headers)

    def grid(self, table: etree._Element) -> tuple[list[GridCell], int | None]:
        """Return the filled cells of a table, and its header rows where they are marked."""
        cells: list[GridCell] = []
        headers, number = 0, 0
        for row, in_head in _rows(table):
            if own(row, "visibility") in {"collapse", "filter"}:
                self.found["hidden"] += 1
                continue
            headers += in_head
            column = 0
            for each in row:
                if local(each) not in {"table-cell", "covered-table-cell"}:
                    continue
                text = "" if local(each).startswith("covered") else "\n".join(self.lines(each))
                repeat = _count(each, "number-columns-repeated", _MAX_COLUMNS)
                if text and column < _MAX_COLUMNS:
                    spans = (_count(each, "number-rows-spanned", 100_000),
                             _count(each, "number-columns-spanned", _MAX_COLUMNS))  # fmt: skip
                    cells.append(GridCell(number, column, text, text, None, *spans))
                column += repeat
            number += _count(row, "number-rows-repeated", _MAX_REPEATED)
        return cells, headers or None


class Kept:
    """Keeps paragraphs and tells which are items of a list."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []

    def say(self, text: str, _level: int | None, role: Role, /) -> None:
        """Keep a paragraph."""
        self.said.append((text, role is Role.ITEM))

    def table(self, cells: list[GridCell], _headers: int | None, /) -> None:
        """Keep the texts of a table inside a cell."""
        self.said += [(each.text, False) for each in cells]


def _rows(table: etree._Element, head: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    for each in table:
        name = local(each)
        if name == "table-row":
            yield each, head
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(each, head or name == "table-header-rows")


def _count(element: etree._Element, name: str, most: int) -> int:
    text = own(element, name)
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 10 else 1
