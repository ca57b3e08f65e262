"""Prints invented tables as PDF pages: five styles, cut by page ends, side by side."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from yanku.testing.samples.paper import FONT, register_font
from yanku.testing.tables.truth import TrueCell, TrueTable
from yanku.testing.tables.wrapping import broken, wrapped

_TOP, _FOOT = 70.0, 60.0
LEFT, RIGHT = 56.0, A4[0] - 56.0
_PAD = 3.5


class Style(StrEnum):
    """Which lines of a table are drawn."""

    RULED = "ruled"
    THREE_LINE = "three-line"
    LEVEL = "level"
    BARE = "bare"
    ZEBRA = "zebra"


@dataclass(frozen=True, slots=True)
class Setting:
    """How one table is set; ``cuts_rows`` lets a page end go through a row of several lines."""

    style: Style = Style.RULED
    size: float = 8.5
    repeats_header: bool = True
    cuts_rows: bool = False
    tight: bool = False
    """Columns so narrow that some numbers break over lines; only in a frame."""

    @property
    def leading(self) -> float:
        """Return the distance of two lines in a cell."""
        return self.size * 1.3


@dataclass(slots=True)
class _Slice:
    """A row of the grid, or the part of it that stands on one page."""

    row: int
    texts: dict[int, list[str]]
    height: float = 0.0
    y: float = 0.0


@dataclass(slots=True)
class Press:
    """A file being printed; ``y`` counts down from the top of the page."""

    path: Path
    running: str = ""
    y: float = _TOP
    page: int = 1
    canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        """Open the file."""
        register_font()
        self.canvas = Canvas(str(self.path), pagesize=A4, invariant=1)
        self._decorate()

    def say(
        self, text: str, size: float = 10, *, right: bool = False, centre: bool = False
    ) -> None:
        """Print a line of text."""
        if self.y + 2 * size > A4[1] - _FOOT:
            self.new_page()
        self.y += size * 1.5
        self._text(
            text, size, LEFT, RIGHT, self.y, "right" if right else "centre" if centre else "left"
        )

    def gap(self, points: float) -> None:
        """Leave room."""
        self.y += points

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        self.canvas.showPage()
        self.page += 1
        self.y = _TOP
        self._decorate()

    def close(self) -> None:
        """Write the file."""
        self.canvas.showPage()
        self.canvas.save()

    def _decorate(self) -> None:
        if self.running:
            self._text(self.running, 8, LEFT, RIGHT, 40, "left")
        self._text(str(self.page), 8, LEFT, RIGHT, A4[1] - 30, "centre")

    def _text(self, text: str, size: float, x0: float, x1: float, y: float, align: str) -> None:
        width = pdfmetrics.stringWidth(text, FONT, size)
        x = {"left": x0, "right": x1 - width, "centre": (x0 + x1 - width) / 2}[align]
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, A4[1] - y, text)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────

    def table(
        self, table: TrueTable, setting: Setting, x0: float = LEFT, x1: float = RIGHT
    ) -> None:
        """Print a table between two borders, on as many pages as it takes."""
        sheet = _Sheet(table, setting, x0, x1)
        head = sheet.slices(range(table.header_rows))
        need = sum(s.height for s in head) + (sheet.body_height() if table.has_tall_cells else 60)
        if self.y + need > A4[1] - _FOOT:
            self.new_page()
        here = self._placed(head)
        for each in sheet.slices(range(table.header_rows, table.rows)):
            while (room := A4[1] - _FOOT - self.y) < each.height:
                upper = sheet.cut(each, room) if setting.cuts_rows else None
                if upper is not None:
                    here += self._placed([upper])
                self._draw(sheet, here)
                self.new_page()
                here = self._placed(head) if setting.repeats_header else []
            here += self._placed([each])
        self._draw(sheet, here)
        self.gap(10)

    def beside(
        self,
        tables: Sequence[TrueTable],
        setting: Setting,
        halves: Sequence[tuple[float, float]],
    ) -> None:
        """Print tables beside each other, each under its title and unit, on one page."""
        top, low = self.y, self.y
        for table, (x0, x1) in zip(tables, halves, strict=True):
            self.y = top + 16
            self._text(table.title, 9, x0, x1, self.y, "left")
            if table.unit_line:
                self.y += 13
                self._text(table.unit_line, 8, x0, x1, self.y, "right")
            self.y += 5
            self.table(table, setting, x0, x1)
            low = max(low, self.y)
        self.y = low

    def _placed(self, slices: Sequence[_Slice]) -> list[_Slice]:
        out = []
        for each in slices:
            out.append(_Slice(each.row, each.texts, each.height, self.y))
            self.y += each.height
        return out

    def _draw(self, sheet: _Sheet, slices: Sequence[_Slice]) -> None:
        """Draw what stands of a table on one page."""
        table, setting = sheet.table, sheet.setting
        top = {s.row: s.y for s in reversed(slices)}
        bottom = {s.row: s.y + s.height for s in slices}
        if setting.style is Style.ZEBRA:
            self._stripes(sheet, slices)
        for each in slices:
            for column, lines in each.texts.items():
                cell = table.at(each.row, column)
                if cell is None or not lines:
                    continue
                last = max(r for r in range(cell.row, cell.row + cell.row_span) if r in bottom)
                foot = bottom[last] if cell.row_span > 1 else each.y + each.height
                self._cell(sheet, cell, lines, each.y, foot)
        self._rules(sheet, slices, top, bottom)

    def _cell(
        self, sheet: _Sheet, cell: TrueCell, lines: Sequence[str], y0: float, y1: float
    ) -> None:
        setting = sheet.setting
        x0 = sheet.xs[cell.column] + _PAD + cell.indent * setting.size
        x1 = sheet.xs[cell.column + cell.column_span] - _PAD
        align = sheet.alignment(cell)
        free = (y1 - y0 - len(lines) * setting.leading) / 2
        y = y0 + (_PAD if setting.cuts_rows and cell.row_span == 1 else free)
        for n, line in enumerate(lines):
            self._text(
                line, setting.size, x0, x1, y + n * setting.leading + setting.size * 0.95, align
            )

    def _stripes(self, sheet: _Sheet, slices: Sequence[_Slice]) -> None:
        for each in slices:
            if each.row < sheet.table.header_rows or each.row % 2 == 0:
                grey = 0.8 if each.row < sheet.table.header_rows else 0.93
                self.canvas.setFillColor(colors.Color(grey, grey, grey))
                y, width = A4[1] - each.y - each.height, sheet.xs[-1] - sheet.xs[0]
                self.canvas.rect(sheet.xs[0], y, width, each.height, stroke=0, fill=1)
        self.canvas.setFillColor(colors.black)

    def _rules(
        self,
        sheet: _Sheet,
        slices: Sequence[_Slice],
        top: dict[int, float],
        bottom: dict[int, float],
    ) -> None:
        style, table, xs = sheet.setting.style, sheet.table, sheet.xs
        first, last = slices[0].y, slices[-1].y + slices[-1].height
        head = bottom.get(table.header_rows - 1)
        self.canvas.setLineWidth(0.5)
        if style is Style.RULED:
            for x0, y0, x1, y1 in sheet.frames(top, bottom):
                self.canvas.rect(x0, A4[1] - y1, x1 - x0, y1 - y0)
        elif style in (Style.THREE_LINE, Style.LEVEL):
            ys = [first, last] if head is None else [first, head, last]
            if style is Style.LEVEL:
                ys += [s.y + s.height for s in slices if s.row >= table.header_rows]
            for y in ys:
                self.canvas.line(xs[0], A4[1] - y, xs[-1], A4[1] - y)
            for cell in table.cells:
                if cell.column_span > 1 and cell.row in bottom and cell.row < table.header_rows:
                    y = A4[1] - bottom[cell.row]
                    left, right = xs[cell.column], xs[cell.column + cell.column_span]
                    self.canvas.line(left + 2, y, right - 2, y)


class _Sheet:
    """A table measured: the borders of its columns, and its rows cut into lines of text."""

    def __init__(self, table: TrueTable, setting: Setting, x0: float, x1: float) -> None:
        self.table = table
        self.setting = setting
        self.xs = self._borders(x0, x1)

    def _borders(self, x0: float, x1: float) -> list[float]:
        """Share the width out: each column gets what its figures need, labels the rest."""
        table, size = self.table, self.setting.size
        need = [0.0] * table.columns
        for cell in table.cells:
            if cell.column_span == 1 and cell.row >= table.header_rows and not self._is_label(cell):
                width = pdfmetrics.stringWidth(cell.text, FONT, size) + 2 * _PAD + 4
                need[cell.column] = max(need[cell.column], width)
        labels = [
            c
            for c in range(table.columns)
            if any(self._is_label(x) for x in table.cells if x.column == c)
        ]
        figures = [c for c in range(table.columns) if c not in labels]
        for column in figures:
            need[column] = max(need[column], 34.0)
        total, least = (
            sum(need[c] for c in figures),
            (x1 - x0) * (0.3 if len(labels) == 1 else 0.36),
        )
        share = min(1.6, (x1 - x0 - least) / total) * (0.8 if self.setting.tight else 1.0)
        rest = x1 - x0 - share * total
        for column in labels:
            need[column] = rest if len(labels) == 1 else rest * (0.3 if column == 0 else 0.7)
        for column in figures:
            need[column] *= share
        xs = [x0]
        for width in need:
            xs.append(xs[-1] + width)
        return xs

    def fits(self) -> bool:
        """Tell whether every figure stands on one line, and no word is broken."""
        return all(
            len(lines) == 1
            if cell.row >= self.table.header_rows and not self._is_label(cell)
            else not broken(cell.text, lines)
            for cell in self.table.cells
            for lines in [self._lines(cell)]
        )

    def _is_label(self, cell: TrueCell) -> bool:
        return cell.column <= (1 if self.table.has_tall_cells else 0)

    def alignment(self, cell: TrueCell) -> str:
        """Return left for labels, right for figures, and the middle for titles."""
        if cell.row < self.table.header_rows:
            bare = self.setting.style is not Style.RULED
            return "right" if bare and cell.column_span == 1 and cell.column else "centre"
        return "left" if self._is_label(cell) else "right"

    def _lines(self, cell: TrueCell) -> list[str]:
        x0, x1 = self.xs[cell.column], self.xs[cell.column + cell.column_span]
        width = x1 - x0 - 2 * _PAD - cell.indent * self.setting.size
        return wrapped(cell.text, width, FONT, self.setting.size)

    def slices(self, rows: range) -> list[_Slice]:
        """Return rows with the lines of their cells and their heights."""
        setting = self.setting
        out = []
        for row in rows:
            cells = [c for c in self.table.cells if c.row == row]
            texts = {c.column: self._lines(c) for c in cells}
            most = max((len(texts[c.column]) for c in cells if c.row_span == 1), default=1)
            out.append(_Slice(row, texts, most * setting.leading + 2 * _PAD))
        self._make_room(out)
        return out

    def _make_room(self, slices: Sequence[_Slice]) -> None:
        """Make the last row of a tall title so high that the title fits into its rows."""
        rows = {s.row: s for s in slices}
        for cell in self.table.cells:
            own = [rows[r] for r in range(cell.row, cell.row + cell.row_span) if r in rows]
            if len(own) > 1 and len(own) == cell.row_span and cell.row < self.table.header_rows:
                need = len(self._lines(cell)) * self.setting.leading + 2 * _PAD
                own[-1].height += max(0.0, need - sum(s.height for s in own))

    def body_height(self) -> float:
        """Return the height of the rows below the header."""
        return sum(s.height for s in self.slices(range(self.table.header_rows, self.table.rows)))

    def cut(self, row: _Slice, room: float) -> _Slice | None:
        """Take as many lines of a row as there is room for; None if it cannot be cut here."""
        count = int((room - 2 * _PAD) / self.setting.leading)
        most = max(map(len, row.texts.values()))
        if not 1 <= count < most or any(
            c.row_span > 1 for c in self.table.cells if c.row == row.row
        ):
            return None
        upper = {column: lines[:count] for column, lines in row.texts.items()}
        row.texts = {column: lines[count:] for column, lines in row.texts.items()}
        row.height = (most - count) * self.setting.leading + 2 * _PAD
        return _Slice(row.row, upper, count * self.setting.leading + 2 * _PAD)

    def frames(
        self, top: dict[int, float], bottom: dict[int, float]
    ) -> Iterator[tuple[float, float, float, float]]:
        """Yield the box of every field of the grid, blank ones too."""
        covered: set[tuple[int, int]] = set()
        for cell in self.table.cells:
            rows = [r for r in range(cell.row, cell.row + cell.row_span) if r in top]
            columns = range(cell.column, cell.column + cell.column_span)
            covered.update((r, c) for r in rows for c in columns)
            if rows:
                yield self.xs[cell.column], top[rows[0]], self.xs[columns.stop], bottom[rows[-1]]
        for row in top:
            for column in range(self.table.columns):
                if (row, column) not in covered:
                    yield self.xs[column], top[row], self.xs[column + 1], bottom[row]


def random_setting(dice: random.Random, style: Style) -> Setting:
    """Return a setting of a style by chance."""
    return Setting(
        style,
        dice.choice((7.5, 8.5, 9.0)),
        dice.random() < 0.6,
        dice.random() < 0.4,
        style is Style.RULED and dice.random() < 0.15,
    )


def fitting(table: TrueTable, setting: Setting, x0: float, x1: float) -> Setting | None:
    """Return the setting in a size in which figures stay on their lines; None if none does.

    A tight one keeps its size, as its numbers are meant to break.
    """
    if setting.tight:
        return setting
    for size in (setting.size, 7.0, 6.0):
        tried = replace(setting, size=size)
        if _Sheet(table, tried, x0, x1).fits():
            return tried
    return None
