"""Lays reports out on A4 pages and remembers on which page every row was printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

FONT = "DroidSansFallback"
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
WIDTH = A4[0] - 44 * mm


@dataclass(frozen=True, slots=True)
class Printed:
    """A row or a sentence as it stands in a file: the truth that a reader of it should find.

    ``table`` names the statement ("balance", "income.parent", "text"), ``key`` the line in it,
    ``amounts`` the printed columns. ``page`` counts from 1, and is 0 in files without pages,
    where ``sheet`` and ``cell`` may tell the place.
    """

    file: str
    page: int
    table: str
    key: str
    label: str
    amounts: tuple[str, ...] = ()
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row to print: a label, its columns, and the key it is remembered by.

    ``reference`` is a note number, printed as a column of its own before the others.
    """

    label: str
    columns: tuple[str, ...]
    key: str = ""
    indent: int = 0
    strong: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a report looks: ``grid`` draws every cell border, else only rules above totals.

    With ``cover``, the first page has no header line.
    """

    header: str
    font: str = FONT
    grid: bool = True
    page_format: str = "{page} / {pages}"
    cjk: bool = True
    cover: bool = True


def money(value: Decimal, empty_zero: bool = True) -> str:
    """Print an amount of 元 with thousands separators and two decimals."""
    return "" if empty_zero and not value else f"{value:,.2f}"


def ten_thousand(value: Decimal) -> str:
    """Print an amount of 元 in 万元 with two decimals."""
    return f"{value / 10_000:,.2f}"


def percent(value: Decimal) -> str:
    """Print a percentage with two decimals and without its sign."""
    return f"{value:,.2f}"


@dataclass(slots=True)
class Paper:
    """A report being written, from top to bottom."""

    file: str
    look: Look
    story: list[Flowable] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)

    def space(self, points: float) -> None:
        """Leave room."""
        self.story.append(Spacer(1, points))

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        self.story.append(PageBreak())

    def title(self, text: str, size: float, space_before: float = 0) -> None:
        """Print a centred line of a given size."""
        style = self._style(size, alignment=TA_CENTER, spaceBefore=space_before, spaceAfter=size)
        self.story.append(Paragraph(self._markup(text), style))

    def heading(self, text: str, level: int = 2) -> None:
        """Print a heading that stays with what follows it."""
        size = {1: 15.0, 2: 12.0, 3: 10.5}[level]
        style = self._style(
            size,
            alignment=TA_CENTER if level == 1 else 0,
            spaceBefore=size * 0.9,
            spaceAfter=size * 0.55,
        )
        # Tables may start low on a page and go on overleaf, but not leave their title behind.
        self.story.append(CondPageBreak(110))
        self.story.append(Paragraph(self._markup(text), style))

    def text(self, text: str, key: str = "") -> None:
        """Print a paragraph; with a key, its pages are remembered under the table "text"."""
        style = self._style(9.8, leading=16.5, firstLineIndent=19.6 if self.look.cjk else 0)
        style.spaceAfter = 4
        self.story.append(self._marked(text, style, "text", Row(text, (), key)))

    def note(self, text: str, right: bool = False) -> None:
        """Print a small line, such as the unit above a table."""
        style = self._style(8.6, alignment=TA_RIGHT if right else 0, spaceBefore=3, spaceAfter=3)
        self.story.append(Paragraph(self._markup(text), style))

    def table(
        self,
        name: str,
        header: Sequence[str],
        rows: Sequence[Row],
        widths: Sequence[float],
        *,
        amounts_right: bool = True,
    ) -> None:
        """Print a table whose header is repeated on every page; ``widths`` are shares."""
        cell = self._style(8.3, leading=10.8)
        centred = self._style(8.3, leading=10.8, alignment=TA_CENTER)
        right = self._style(8.3, leading=10.8, alignment=TA_RIGHT)
        body: list[list[Flowable]] = []
        if header:
            body.append([Paragraph(self._markup(text), centred) for text in header])
        for row in rows:
            style = self._style(8.3, leading=10.8, leftIndent=9.0 * row.indent)
            label = self._marked(row.label, style, name, row)
            texts = row.columns if row.reference is None else (row.reference, *row.columns)
            columns = [
                Paragraph(self._markup(text), right if amounts_right else cell) for text in texts
            ]
            body.append([label, *columns])
        self.story.append(
            Table(
                body,
                colWidths=[WIDTH * share / sum(widths) for share in widths],
                repeatRows=1 if header else 0,
                style=self._borders(rows, bool(header)),
                spaceAfter=8,
            )
        )

    def build(self, path: Path, pages: int) -> int:
        """Write the file, deterministic to the byte; return the number of its pages."""
        document = BaseDocTemplate(
            str(path),
            pagesize=A4,
            invariant=1,
            title=self.look.header,
            author="",
            leftMargin=22 * mm,
            rightMargin=22 * mm,
        )
        frame = Frame(22 * mm, 20 * mm, WIDTH, A4[1] - 44 * mm, 0, 0, 0, 0)

        def decorate(canvas: Canvas, _: object) -> None:
            page = canvas.getPageNumber()
            canvas.saveState()
            canvas.setFont(self.look.font, 8.5)
            if page > 1 or not self.look.cover:
                canvas.drawString(22 * mm, A4[1] - 16 * mm, self.look.header)
                canvas.setLineWidth(0.4)
                canvas.line(22 * mm, A4[1] - 18 * mm, A4[0] - 22 * mm, A4[1] - 18 * mm)
            number = self.look.page_format.format(page=page, pages=pages)
            canvas.drawCentredString(A4[0] / 2, 12 * mm, number)
            canvas.restoreState()

        document.addPageTemplates(PageTemplate("page", [frame], onPage=decorate))
        document.build(self.story)
        return int(document.page)

    def _style(self, size: float, **more: float) -> ParagraphStyle:
        more.setdefault("leading", size * 1.35)
        wrap = "CJK" if self.look.cjk else None
        return ParagraphStyle("s", fontName=self.look.font, fontSize=size, wordWrap=wrap, **more)

    def _markup(self, text: str) -> str:
        """Return text as markup, Chinese in the Chinese font whatever the look."""
        if self.look.font == FONT:
            return escape(text)
        return CHINESE.sub(rf'<font name="{FONT}">\g<0></font>', escape(text))

    def _marked(self, text: str, style: ParagraphStyle, table: str, row: Row) -> Paragraph:
        paragraph = _Marked(self._markup(text), style)
        if row.key:
            paragraph.on_draw = lambda page: self.printed.append(
                Printed(self.file, page, table, row.key, row.label, row.columns)
            )
        return paragraph

    def _borders(self, rows: Sequence[Row], header: bool) -> list[tuple[Any, ...]]:
        common: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
        if self.look.grid:
            common.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
            if header:
                common.append(("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.9, 0.9, 0.9)))
            return common
        common.append(("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black))
        for number, row in enumerate(rows, start=int(header)):
            if row.strong:
                common.append(("LINEABOVE", (1, number), (-1, number), 0.5, colors.black))
        return common


class _Marked(Paragraph):  # type: ignore[misc]
    """A paragraph that tells the page it is drawn on."""

    on_draw: Callable[[int], None] | None = None

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        for part in parts:
            part.on_draw = self.on_draw
        return parts

    def draw(self) -> None:
        super().draw()
        if self.on_draw:
            self.on_draw(self.canv.getPageNumber())


def print_report(path: Path, look: Look, write: Callable[[Paper], None]) -> tuple[Printed, ...]:
    """Print a report, and return where each of its remembered rows stands.

    It is laid out twice, because the footer tells how many pages there are.
    """
    register_font()
    pages = 0
    for _ in range(2):
        paper = Paper(path.name, look)
        write(paper)
        pages = paper.build(path, pages)
    return tuple(paper.printed)


def register_font() -> None:
    """Make the Chinese font known to reportlab, which keeps fonts for the whole process."""
    if FONT in pdfmetrics.getRegisteredFontNames():
        return
    font = files("docvortex") / "resources" / "fonts" / "DroidSansFallbackFull.ttf"
    with as_file(font) as path:
        pdfmetrics.registerFont(TTFont(FONT, str(path)))
