"""XLSX and XLSM: cells as stored and as shown, streamed part by part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw
from yanku.model.place import InSheet, column_letters, column_number
from yanku.parse.cells import steps_before
from yanku.parse.grid import GridCell
from yanku.parse.numberformat import BUILTIN, GENERAL, Shown, exact, show
from yanku.parse.package import Package, Relation, open_package
from yanku.parse.regions import a1, sheet_blocks
from yanku.parse.source import Content, Limits, OnPage

_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_MAX_MERGES = 100_000
_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class _Styles:
    """Number formats and steps of indentation by style index, and the epoch of dates."""

    formats: tuple[str, ...]
    date1904: bool
    indents: tuple[int, ...] = ()

    def indent(self, style: int) -> int:
        """Return by how many steps cells of a style are set in."""
        return self.indents[style] if 0 <= style < len(self.indents) else 0


@dataclass(slots=True)
class _Sheet:
    """What has been gathered of one sheet so far."""

    name: str
    cells: list[GridCell] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_column_used: set[int] = field(default_factory=set)
    uncomputed: int = 0
    first_uncomputed: str = ""


def read_workbook(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read the visible cells of every visible sheet; whatever else is in the file is a flaw."""
    with open_package(path, name, limits) as package:
        return _Reader(package, name, limits).read(on_page)


class _Reader:
    """Reads one workbook, counting cells as they stream by."""

    def __init__(self, package: Package, shown: str, limits: Limits) -> None:
        self._package = package
        self._shown = shown
        self._limits = limits
        self._cells_left = limits.max_cells
        self._book = package.main_part("xl/workbook.xml")
        self._links = package.relations(self._book)
        self._flaws: list[Flaw] = []

    def read(self, on_page: OnPage) -> Content:
        """Return the content of the workbook."""
        book = self._package.xml(self._book)
        sheets = list(book.iterfind("{*}sheets/{*}sheet"))
        if not sheets:
            raise BrokenSource(f"{self._shown} has no sheets.")
        self._flaws += extras(self._package, self._links.values())
        strings = self._strings()
        styles = self._styles(book)
        blocks: list[Block] = []
        on_page(0, len(sheets))
        for done, each in enumerate(sheets, 1):
            blocks += self._sheet_blocks(each, strings, styles)
            on_page(done, len(sheets))
        return Content((), tuple(blocks), tuple(self._flaws))

    def _sheet_blocks(
        self, entry: etree._Element, strings: list[str], styles: _Styles
    ) -> list[Block]:
        name = entry.get("name") or "?"
        if (entry.get("state") or "visible") != "visible":
            self._flaws.append(
                Flaw("hidden_sheet", f"The sheet {name!r} is hidden; it was not read.")
            )
            return []
        link = next((self._links.get(v) for k, v in entry.items() if k.endswith("}id")), None)
        if link is None or link.external or link.target not in self._package.names:
            raise BrokenSource(f"{self._shown}: the sheet {name!r} is missing from the file.")
        if link.kind != "worksheet":
            detail = f"{name!r} is a {link.kind}, not a worksheet; it was not read."
            self._flaws.append(Flaw("sheet_without_cells", detail))
            return []
        sheet = _Sheet(name)
        self._gather(sheet, link.target, strings, styles)
        self._flaws += _sheet_flaws(sheet)
        return sheet_blocks(name, _merged(sheet))

    # ── parts that all sheets share ─────────────────────────────────────────────────────────────

    def _strings(self) -> list[str]:
        part = next((r.target for r in self._links.values() if r.kind == "sharedStrings"), "")
        if part not in self._package.names:
            return []
        strings = []
        for event, element in self._package.walk(part, ("si",)):
            if event == "end":
                strings.append(_rich_text(element))
                if len(strings) > self._limits.max_cells:
                    raise self._too_many()
        return strings

    def _styles(self, book: etree._Element) -> _Styles:
        properties = book.find("{*}workbookPr")
        date1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        part = next((r.target for r in self._links.values() if r.kind == "styles"), "")
        if part not in self._package.names:
            return _Styles((), date1904)
        root = self._package.xml(part)
        own = {
            each.get("numFmtId"): each.get("formatCode") or GENERAL
            for each in root.iterfind("{*}numFmts/{*}numFmt")
        }
        looks = root.findall("{*}cellXfs/{*}xf")
        formats = tuple(
            own.get(each.get("numFmtId")) or BUILTIN.get(_int(each.get("numFmtId")), GENERAL)
            for each in looks
        )
        indents = tuple(_indent(each.find("{*}alignment")) for each in looks)
        return _Styles(formats, date1904, indents)

    # ── one sheet ───────────────────────────────────────────────────────────────────────────────

    def _gather(self, sheet: _Sheet, part: str, strings: list[str], styles: _Styles) -> None:
        if self._package.count(part, b"</c>") > self._limits.max_cells:
            raise self._too_many()  # seconds instead of minutes, for files written the usual way
        row, column, hidden, hidden_default = -1, -1, False, False
        tags = ("sheetFormatPr", "col", "row", "c", "mergeCell")
        for event, element in self._package.walk(part, tags):
            tag = element.tag.rsplit("}", 1)[-1]
            if event == "start" and tag == "row":
                row = _int(element.get("r"), row + 2) - 1
                column = -1
                hidden = _true(element.get("hidden"), default=hidden_default)
                if not 0 <= row < _MAX_ROWS:
                    raise BrokenSource(f"{self._shown}: {sheet.name!r} has a row {row + 1}.")
            elif event == "end" and tag == "c":
                at, column = self._at(element, row, column)
                cell = self._cell(sheet, element, at, strings, styles)
                if cell is not None:
                    self._keep(sheet, cell, hidden=hidden)
            elif event == "end" and tag == "mergeCell":
                self._merge(sheet, element.get("ref") or "")
            elif event == "end" and tag == "col" and _hidden_column(element):
                span = (_int(element.get("min"), 1) - 1, _int(element.get("max"), 1) - 1)
                sheet.hidden_columns.append(span)
            elif tag == "sheetFormatPr":
                hidden_default = _true(element.get("zeroHeight"), default=False)

    def _at(self, element: etree._Element, row: int, before: int) -> tuple[tuple[int, int], int]:
        """Return where a cell stands; one without a reference follows the one before it."""
        match = _REF.fullmatch(element.get("r") or "")
        column = before + 1 if match is None else column_number(match[1]) - 1
        if not 0 <= column < _MAX_COLUMNS:
            raise BrokenSource(f"{self._shown} has a cell in column {column + 1}.")
        return (row, column), column

    def _keep(self, sheet: _Sheet, cell: GridCell, *, hidden: bool) -> None:
        if hidden:
            if not sheet.hidden_rows or sheet.hidden_rows[-1] != cell.row:
                sheet.hidden_rows.append(cell.row)
            return
        if any(first <= cell.column <= last for first, last in sheet.hidden_columns):
            sheet.hidden_column_used.add(cell.column)
            return
        self._cells_left -= 1
        if self._cells_left < 0:
            raise self._too_many()
        sheet.cells.append(cell)

    def _too_many(self) -> SourceTooLarge:
        return SourceTooLarge(
            f"{self._shown} has more than {self._limits.max_cells:,} cells; "
            "split it, or send only the sheets that matter."
        )

    def _merge(self, sheet: _Sheet, ref: str) -> None:
        corners = ref.split(":")
        first, last = _REF.fullmatch(corners[0]), _REF.fullmatch(corners[-1])
        if first is None or last is None:
            return
        if len(sheet.merges) >= _MAX_MERGES:
            raise SourceTooLarge(f"{self._shown}: {sheet.name!r} merges too many cells.")
        sheet.merges.append(
            (
                int(first[2]) - 1,
                column_number(first[1]) - 1,
                int(last[2]) - 1,
                column_number(last[1]) - 1,
            )
        )

    def _cell(
        self,
        sheet: _Sheet,
        element: etree._Element,
        at: tuple[int, int],
        strings: list[str],
        styles: _Styles,
    ) -> GridCell | None:
        stored = formula = inline = None
        for child in element:
            tag = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            if tag == "v":
                stored = child.text
            elif tag == "f" and child.text:
                formula = "=" + child.text
            elif tag == "is":
                inline = child
        kind = element.get("t") or "n"
        text, plain, held = "", "", ""
        if inline is not None:
            text = plain = _rich_text(inline)
        elif stored is not None:
            text, plain, held = self._shown_value(stored, kind, element.get("s"), strings, styles)
        elif formula is not None:
            sheet.uncomputed += 1
            sheet.first_uncomputed = sheet.first_uncomputed or a1(*at, *at)
            text = formula
        indent = styles.indent(_int(element.get("s"))) + steps_before(text)
        text = text.strip()
        cell = GridCell(*at, text, plain.strip(), formula, stored=held, indent=indent)
        return cell if text else None

    def _shown_value(
        self, stored: str, kind: str, style: str | None, strings: list[str], styles: _Styles
    ) -> Shown:
        match kind:
            case "s":
                index = _int(stored)
                if not 0 <= index < len(strings):
                    raise BrokenSource(f"{self._shown} refers to a text that is not in it.")
                return Shown(strings[index], strings[index])
            case "str":
                return Shown(_unescape(stored), _unescape(stored))
            case "b":
                return Shown("TRUE" if stored.strip() == "1" else "FALSE")
            case "e":
                return Shown(stored)
            case "d":
                return Shown(stored.removesuffix("T00:00:00").replace("T", " "))
        value = exact(stored.strip())
        if value is None:
            return Shown(stored)
        index = _int(style)
        code = styles.formats[index] if 0 <= index < len(styles.formats) else GENERAL
        return show(value, code, date1904=styles.date1904)


def _merged(sheet: _Sheet) -> list[GridCell]:
    """Give each merged area to its top left cell; what lies under the rest of it is not shown."""
    if not sheet.merges or not sheet.cells:
        return sheet.cells
    last_row = max(cell.row for cell in sheet.cells)
    last_column = max(cell.column for cell in sheet.cells)
    spans = {
        (top, left): (
            max(1, min(bottom, last_row) - top + 1),
            max(1, min(right, last_column) - left + 1),
        )
        for top, left, bottom, right in sheet.merges
    }
    out = []
    for cell in sheet.cells:
        rows, columns = spans.get((cell.row, cell.column), (1, 1))
        if (rows, columns) == (1, 1):
            out.append(cell)
        else:
            out.append(cell._replace(row_span=rows, column_span=columns))
    return out


def extras(package: Package, links: Iterable[Relation]) -> Iterator[Flaw]:
    """Yield what a workbook carries besides cells; none of it is opened or followed."""
    names = package.names
    kinds = [each.kind for each in links]
    if "externalLink" in kinds:
        count = kinds.count("externalLink")
        yield Flaw("external_links", f"Links to {count} other workbooks were not followed.")
    if any(n.endswith(("vbaProject.bin", "vbaData.xml")) or "/macrosheets/" in n for n in names):
        yield Flaw("macros", "The file holds macros; they were not run.")
    if any("/embeddings/" in n or "/activeX/" in n for n in names):
        yield Flaw("embedded_files", "Files embedded in the workbook were not opened.")
    if any("/charts/chart" in n for n in names):
        yield Flaw("charts", "Charts were not read; their figures are, where they stand in cells.")
    if any("/media/" in n for n in names):
        yield Flaw("pictures", "Pictures in the workbook were not read.")
    if any("/comments" in n or "/threadedComments/" in n for n in names):
        yield Flaw("comments", "Comments were not read.")
    if "connections" in kinds:
        yield Flaw("external_links", "Connections to databases were not followed.")


def _sheet_flaws(sheet: _Sheet) -> Iterator[Flaw]:
    if sheet.hidden_rows:
        rows = _ranges([row + 1 for row in sheet.hidden_rows])
        detail = f"{sheet.name!r} has hidden rows that were not read: {rows}."
        yield Flaw("hidden_rows", detail)
    if sheet.hidden_column_used:
        columns = ", ".join(column_letters(c + 1) for c in sorted(sheet.hidden_column_used)[:20])
        detail = f"{sheet.name!r} has hidden columns that were not read: {columns}."
        yield Flaw("hidden_columns", detail)
    if sheet.uncomputed:
        yield Flaw(
            "formula_without_value",
            f"{sheet.name!r} has {sheet.uncomputed} formulas whose results are not in the file; "
            "open and save it with a spreadsheet program to store them.",
            InSheet(sheet.name, sheet.first_uncomputed),
        )


def _ranges(numbers: list[int]) -> str:
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    shown = ["-".join(map(str, part)) for part in parts[:20]]
    return ", ".join(shown) + (" and more" if len(parts) > 20 else "")


def _rich_text(element: etree._Element) -> str:
    """Return the text of a string item; readings of Han characters above it are left out."""
    pieces = []
    for each in element.iterchildren():
        tag = each.tag.rsplit("}", 1)[-1] if isinstance(each.tag, str) else ""
        if tag == "t":
            pieces.append(each.text or "")
        elif tag == "r":
            pieces.append(each.findtext("{*}t") or "")
    return _unescape("".join(pieces))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _hidden_column(element: etree._Element) -> bool:
    return _true(element.get("hidden"), default=False) or element.get("width") == "0"


def _indent(alignment: etree._Element | None) -> int:
    return min(_int(alignment.get("indent")), 50) if alignment is not None else 0


def _true(value: str | None, *, default: bool) -> bool:
    return default if value is None else value in {"1", "true", "on"}


def _int(value: str | None, default: int = 0) -> int:
    if value is None or len(value) > 10:
        return default
    try:
        return int(value)
    except ValueError:
        return default
