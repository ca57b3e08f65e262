"""ODS: cells as stored and as shown, streamed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from yanku.errors import SourceTooLarge
from yanku.model.document import Block, Flaw
from yanku.parse.grid import GridCell
from yanku.parse.numberformat import exact
from yanku.parse.package import Package, open_package
from yanku.parse.regions import sheet_blocks
from yanku.parse.sniff import locked
from yanku.parse.source import Content, Limits, OnPage

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MAX_REPEATED = 1_000
"""A filled cell or row repeated more often than this is an attack or a mistake."""


@dataclass(slots=True)
class _Sheet:
    name: str
    hidden: bool
    cells: list[GridCell] = field(default_factory=list)
    row: int = 0
    repeat: int = 1
    column: int = 0
    row_start: int = 0
    row_hidden: bool = False
    hidden_rows: int = 0


def read_opendocument(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read the visible cells of every visible sheet."""
    with open_package(path, name, limits) as package:
        if package.asks_password:
            raise locked(name)
        content = _Reader(package, name, limits).read()
    on_page(1, 1)
    return content


class _Reader:
    """Reads content.xml once, from top to bottom."""

    def __init__(self, package: Package, shown: str, limits: Limits) -> None:
        self._package = package
        self._shown = shown
        self._cells_left = limits.max_cells
        self._max_cells = limits.max_cells
        self._hidden_styles: set[str] = set()
        self._blocks: list[Block] = []
        self._flaws: list[Flaw] = []

    def read(self) -> Content:
        """Return the content of the file."""
        sheet: _Sheet | None = None
        tags = ("style", "table", "table-row", "table-cell", "covered-table-cell")
        for event, element in self._package.walk("content.xml", tags):
            tag = etree.QName(element).localname
            if tag == "style" and event == "end":
                self._note_style(element)
            elif tag == "table" and event == "start":
                hidden = (element.get(_TABLE + "style-name") or "") in self._hidden_styles
                sheet = _Sheet(element.get(_TABLE + "name") or "?", hidden)
            elif tag == "table" and sheet is not None:
                self._finish(sheet)
                sheet = None
            elif sheet is not None:
                self._step(sheet, tag, event, element)
        if any(n.startswith(("Basic/", "Scripts/")) for n in self._package.names):
            self._flaws.append(Flaw("macros", "The file holds macros; they were not run."))
        if any(n.startswith("Pictures/") for n in self._package.names):
            self._flaws.append(Flaw("pictures", "Pictures in the workbook were not read."))
        return Content((), tuple(self._blocks), tuple(self._flaws))

    def _note_style(self, element: etree._Element) -> None:
        for each in element:
            if each.get(_TABLE + "display") == "false":
                self._hidden_styles.add(element.get(_STYLE + "name") or "")

    def _step(self, sheet: _Sheet, tag: str, event: str, element: etree._Element) -> None:
        if tag == "table-row" and event == "start":
            sheet.repeat = _count(element, "number-rows-repeated")
            sheet.column, sheet.row_start = 0, len(sheet.cells)
            sheet.row_hidden = element.get(_TABLE + "visibility", "visible") != "visible"
        elif tag == "table-row":
            self._end_row(sheet)
        elif event == "end" and tag in {"table-cell", "covered-table-cell"}:
            self._cell(sheet, element, covered=tag.startswith("covered"))

    def _cell(self, sheet: _Sheet, element: etree._Element, *, covered: bool) -> None:
        repeat = _count(element, "number-columns-repeated")
        text = (
            ""
            if covered
            else "\n".join(
                "".join(each.itertext()) for each in element.iterchildren(_TEXT + "p")
            ).strip()
        )
        if text:
            self._spend(repeat)
            for n in range(repeat):
                sheet.cells.append(
                    GridCell(
                        sheet.row,
                        sheet.column + n,
                        text,
                        _plain(element, text),
                        _formula(element),
                        _count(element, "number-rows-spanned"),
                        _count(element, "number-columns-spanned"),
                        _stored(element, text),
                    )
                )
        sheet.column += repeat

    def _end_row(self, sheet: _Sheet) -> None:
        made = sheet.cells[sheet.row_start :]
        if made and sheet.row_hidden:
            del sheet.cells[sheet.row_start :]
            sheet.hidden_rows += sheet.repeat
        elif made and sheet.repeat > 1:
            self._spend(len(made) * sheet.repeat)
            sheet.cells += [
                c._replace(row=c.row + n, row_span=1, column_span=1)
                for n in range(1, sheet.repeat)
                for c in made
            ]
        sheet.row += sheet.repeat

    def _spend(self, count: int) -> None:
        self._cells_left -= count
        if self._cells_left < 0 or count > _MAX_REPEATED * 1000:
            raise SourceTooLarge(
                f"{self._shown} has more than {self._max_cells:,} cells; split it."
            )

    def _finish(self, sheet: _Sheet) -> None:
        if sheet.hidden:
            detail = f"The sheet {sheet.name!r} is hidden; it was not read."
            self._flaws.append(Flaw("hidden_sheet", detail))
            return
        if sheet.hidden_rows:
            detail = f"{sheet.name!r} has {sheet.hidden_rows} hidden rows that were not read."
            self._flaws.append(Flaw("hidden_rows", detail))
        self._blocks += sheet_blocks(sheet.name, sheet.cells)


def _count(element: etree._Element, name: str) -> int:
    value = element.get(_TABLE + name) or "1"
    return max(1, int(value)) if re.fullmatch(r"\d{1,8}", value) else 1


def _formula(element: etree._Element) -> str | None:
    written = element.get(_TABLE + "formula")
    return re.sub(r"^[a-z]+:", "", written) if written else None


def _stored(element: etree._Element, text: str) -> str:
    """Return the number or the day that the file holds, where the text is another."""
    number = exact(element.get(_OFFICE + "value") or "")
    if number is not None:
        held = f"{number:f}"
    else:
        held = (element.get(_OFFICE + "date-value") or "").removesuffix("T00:00:00")
    return "" if held == text else held.replace("T", " ")


def _plain(element: etree._Element, text: str) -> str:
    """Return the stored number where the shown one is its rounding, else the text as shown."""
    kind = element.get(_OFFICE + "value-type") or "string"
    if kind in {"date", "time", "boolean"}:
        return ""
    stored = exact(element.get(_OFFICE + "value") or "")
    if kind == "string" or stored is None:
        return text
    sign = "%" if kind == "percentage" else ""
    value = stored * 100 if sign else stored
    digits = re.sub(r"[^\d.]", "", text)
    try:
        shown = Decimal(digits)
    except InvalidOperation:
        return text
    exponent = shown.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    if abs(abs(value) - shown) > half:
        return text  # shown in thousands, or by a format of its own: the eye counts
    plain = f"{value:,f}" if "," in text else f"{value:f}"
    suffix = re.sub(r"^.*[\d)）]", "", text) if not sign else "%"
    return plain + suffix.strip(" )）")
