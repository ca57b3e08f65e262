"""Word files as headings, paragraphs and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw, Heading, Paragraph, Role
from yanku.model.place import InText
from yanku.parse.captions import caption_above
from yanku.parse.grid import GridCell, make_table
from yanku.parse.leftout import left_out
from yanku.parse.numbering import Numbering
from yanku.parse.outline import numbered_level
from yanku.parse.package import Package, open_package
from yanku.parse.paragraphs import is_note
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordtext import local, paragraph_text, styles_of, value, within

_MAX_COLUMNS = 1_000
_BULLETS = ("•", "●", "▪", "■", "◆", "➢")


def read_word(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a DOCX: deleted and hidden text is left out, tracked insertions are taken as made."""
    with open_package(path, name, limits) as package:
        content = _Reader(package, name, limits).read()
    on_page(1, 1)
    return content


@dataclass(slots=True)
class _Row:
    """One row of a table while it is read."""

    line: int
    header: bool
    cells: list[tuple[int, int, str, bool]] = field(default_factory=list)
    """(first column, columns, text, carries on the cell above)."""


class _Reader:
    """Reads one file; ``_line`` counts paragraphs and table rows from 1."""

    def __init__(self, package: Package, shown: str, limits: Limits) -> None:
        self._package = package
        self._shown = shown
        self._cells_left = limits.max_cells
        self._main = package.main_part("word/document.xml")
        self._links = package.relations(self._main)
        self._levels = styles_of(self._shared("styles"))
        self._numbering = Numbering(self._shared("numbering"), self._shared("styles"))
        self._line = 0
        self._part = Role.TEXT
        self._blocks: list[Block] = []
        self._found: dict[str, int] = {}

    def read(self) -> Content:
        """Return the content of the file: its body, then its notes, headers and footers."""
        root = self._package.xml(self._main)
        body = next((each for each in root if local(each) == "body"), None)
        if body is None:
            raise BrokenSource(f"{self._shown} has no document body.")
        self._read_children(body)
        for kind in ("footnotes", "endnotes"):
            self._read_notes(kind)
        self._read_margins()
        return Content((), tuple(self._blocks), tuple(self._flaws()))

    def _shared(self, kind: str) -> etree._Element | None:
        part = next((r.target for r in self._links.values() if r.kind == kind), "")
        return self._package.xml(part) if part in self._package.names else None

    # ── running text ────────────────────────────────────────────────────────────────────────────

    def _read_children(self, parent: etree._Element) -> None:
        for each in parent:
            match local(each):
                case "p":
                    self._read_paragraph(each)
                case "tbl":
                    self._read_table(each)
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag":
                    self._read_children(each)
                case "AlternateContent":
                    self._read_children(next(iter(each), each))
                case "altChunk":
                    self._count("altChunk")

    def _read_paragraph(self, element: etree._Element) -> None:
        text = paragraph_text(element, self._found)
        boxes = list(within(element, "txbxContent"))
        if text:
            self._line += 1
            place = InText(self._line, self._line)
            level = self._level(element, text) if self._part is Role.TEXT else None
            label = self._numbering.label(element)
            shown = f"{label}{text}" if label else text
            if level is not None:
                self._blocks.append(Heading(shown, level, place))
            else:
                self._blocks.append(Paragraph(shown, place, self._role(element, text)))
        for box in boxes:
            self._read_children(box)

    def _role(self, element: etree._Element, text: str) -> Role:
        if self._part is not Role.TEXT:
            return self._part
        if self._numbering.holds(element) or text.startswith(_BULLETS):
            return Role.ITEM
        return Role.NOTE if is_note(text) else Role.TEXT

    def _level(self, element: etree._Element, text: str) -> int | None:
        properties = next((each for each in element if local(each) == "pPr"), None)
        if properties is not None:
            for each in properties:
                if local(each) == "outlineLvl":
                    number = value(each)
                    if number.isdecimal():
                        return int(number) + 1 if int(number) < 9 else None
            style = next((value(each) for each in properties if local(each) == "pStyle"), "")
            if style in self._levels:
                return self._levels[style]
        return numbered_level(text)

    def _read_notes(self, kind: str) -> None:
        root = self._shared(kind)
        self._part = Role.NOTE
        for note in root if root is not None else ():
            if local(note) in {"footnote", "endnote"} and "type" not in _plain_names(note):
                self._read_children(note)
        self._part = Role.TEXT

    def _read_margins(self) -> None:
        """Read headers and footers once each: they often hold the company's name and code."""
        seen: set[str] = set()
        for link in sorted(self._links.values(), key=lambda each: each.target):
            if link.kind not in {"header", "footer"} or link.target not in self._package.names:
                continue
            for each in within(self._package.xml(link.target), "p"):
                text = paragraph_text(each, self._found)
                if text in seen or not any(c.isalpha() for c in text):
                    continue
                seen.add(text)
                self._line += 1
                role = Role.HEADER if link.kind == "header" else Role.FOOTER
                self._blocks.append(Paragraph(text, InText(self._line, self._line), role))

    # ── tables ──────────────────────────────────────────────────────────────────────────────────

    def _read_table(self, element: etree._Element) -> None:
        rows = [self._row(each) for each in _rows(element)]
        cells = _grid(rows)
        if len({(c.row, c.column) for c in cells}) <= 1:
            self._frame(cells, rows)
            return
        line_of = [row.line for row in rows]
        caption, unit = caption_above(self._blocks)
        table = make_table(
            cells,
            lambda c: InText(line_of[c.row], line_of[min(c.last_row, len(line_of) - 1)]),
            (InText(rows[0].line, rows[-1].line),),
            caption=caption,
            unit=unit,
            headers=_marked_headers(rows),
        )
        self._blocks.append(table)

    def _frame(self, cells: list[GridCell], rows: list[_Row]) -> None:
        """Keep a table of one filled cell as the framed paragraph that it is."""
        if cells:
            self._blocks.append(Paragraph(cells[0].text, InText(rows[0].line, rows[-1].line)))

    def _row(self, element: etree._Element) -> _Row:
        self._line += 1
        header = any(local(e) == "tblHeader" and value(e) not in {"0", "false", "off"}
                     for p in element if local(p) == "trPr" for e in p)  # fmt: skip
        row = _Row(self._line, header)
        column = 0
        for p in element:
            if local(p) == "trPr":
                column += sum(_number(e) for e in p if local(e) == "gridBefore")
        for cell in _cells(element):
            span, carried = _cell_shape(cell)
            self._cells_left -= 1
            if self._cells_left < 0:
                raise SourceTooLarge(f"{self._shown} has too many table cells; split it.")
            row.cells.append((column, span, self._cell_text(cell), carried))
            column += span
        return row

    def _cell_text(self, cell: etree._Element) -> str:
        texts = (paragraph_text(each, self._found) for each in within(cell, "p"))
        return "\n".join(text for text in texts if text)

    # ── what was not read ───────────────────────────────────────────────────────────────────────

    def _count(self, what: str) -> None:
        self._found[what] = self._found.get(what, 0) + 1

    def _flaws(self) -> Iterator[Flaw]:
        names = self._package.names
        embedded = any("/embeddings/" in n or "/activeX/" in n for n in names)
        noted = any(r.kind == "comments" for r in self._links.values())
        yield from left_out(
            {
                "pictures": self._found.get("drawing", 0),
                "hidden": self._found.get("hidden", 0),
                "deleted": self._found.get("deleted", 0),
                "objects": self._found.get("altChunk", 0) + embedded,
                "comments": int(noted),
            }
        )
        if any(n.endswith("vbaProject.bin") for n in names):
            yield Flaw("macros", "The file holds macros; they were not run.")
        outside = [r for r in self._links.values() if r.external and r.kind != "hyperlink"]
        if outside:
            yield Flaw("external_links", f"{len(outside)} links to outside were not followed.")


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for each in table:
        if local(each) == "tr":
            yield each
        elif local(each) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _rows(each)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for each in row:
        if local(each) == "tc":
            yield each
        elif local(each) in {"sdt", "sdtContent", "customXml"}:
            yield from _cells(each)


def _cell_shape(cell: etree._Element) -> tuple[int, bool]:
    """Return how many columns a cell spans, and whether it carries on the cell above."""
    span, carried = 1, False
    for properties in cell:
        if local(properties) == "tcPr":
            for each in properties:
                if local(each) == "gridSpan":
                    span = max(1, min(_number(each), _MAX_COLUMNS))
                elif local(each) == "vMerge":
                    carried = value(each) != "restart"
    return span, carried


def _grid(rows: list[_Row]) -> list[GridCell]:
    """Return the cells of a table; a cell carried on from above makes that one taller."""
    open_: dict[int, GridCell] = {}
    done: list[GridCell] = []
    for number, row in enumerate(rows):
        below: dict[int, GridCell] = {}
        for column, span, text, carried in row.cells:
            above = open_.pop(column, None)
            if carried and above is not None:
                cell = GridCell(
                    above.row, column, "\n".join(filter(None, (above.text, text))), "", None,
                    number - above.row + 1, above.column_span,
                )  # fmt: skip
            else:
                if above is not None:
                    done.append(above)
                cell = GridCell(number, column, text, "", None, 1, span)
            below[column] = cell
        done += open_.values()
        open_ = below
    done += open_.values()
    return [
        GridCell(c.row, c.column, c.text, c.text, None, c.row_span, c.column_span)
        for c in done
        if c.text
    ]


def _marked_headers(rows: list[_Row]) -> int | None:
    """Return how many rows are marked to repeat as headers; None if the file does not say."""
    count = 0
    while count < len(rows) and rows[count].header:
        count += 1
    return count or None


def _number(element: etree._Element) -> int:
    text = value(element)
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _plain_names(element: etree._Element) -> set[str]:
    return {str(key).rsplit("}", 1)[-1] for key in element.keys()}  # noqa: SIM118 - lxml, no dict
