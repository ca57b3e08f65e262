"""A source on the screen, with the cited place marked: a page, a sheet or a text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.element import Element

from yanku.entry.ui.elements import attributes, box, button, text
from yanku.entry.ui.places import Area, area_of
from yanku.entry.ui.visit import Visit
from yanku.errors import NotFound
from yanku.model.document import Cell, Page
from yanku.model.library import DocumentId
from yanku.model.place import Box, InSheet, InText, OnPage, Place, column_letters

# Around a cited cell or line this much is shown: enough to read on, little enough for a browser.
_ROWS_AROUND = 60
_COLUMNS_AROUND = 30
_LINES_AROUND = 150


class Viewer:
    """Shows one document; ``show`` turns to a place and marks it."""

    def __init__(self, visit: Visit, document: DocumentId, name: str, pages: int) -> None:
        self._visit = visit
        self._document = document
        self._name = name
        self._pages = pages
        self._cited: Place | None = None
        self._sheets: list[str] = []
        self._root = box("viewer")

    async def show(self, cited: Place) -> None:
        """Show a place; raise NotFound if the document is not there, or not readable."""
        self._cited = cited
        await self._draw(cited)

    async def beginning(self) -> Place:
        """Return where the document begins: its first page, sheet or line."""
        if self._pages:
            return OnPage(1)
        self._sheets = list(await self._sheet_names())
        return InSheet(self._sheets[0], "") if self._sheets else InText(0, 0)

    async def _sheet_names(self) -> Sequence[str]:
        """Return the sheets that have tables, in the document's order."""
        person = await self._visit.who()
        return await self._visit.front.house.view.sheets(self._document, principal=person)

    def _tabs(self, here: str) -> None:
        if len(self._sheets) < 2:
            return
        cited = self._cited if isinstance(self._cited, InSheet) else None
        with box("tools tabs"):
            for sheet in self._sheets:
                cells = cited.cells if cited is not None and cited.sheet == sheet else ""
                tab = button(sheet, self._turner(InSheet(sheet, cells)), "quiet")
                if sheet == here:
                    attributes(tab, aria_current="true")

    def _turner(self, place: Place) -> Callable[[], Awaitable[None]]:
        async def turn() -> None:
            async with self._visit.care():
                await self._draw(place)

        return turn

    async def _draw(self, place: Place) -> None:
        person = await self._visit.who()
        view = self._visit.front.house.view
        match place:
            case OnPage(number, _):
                page = await view.page(self._document, number, principal=person)
                self._draw_page(page)
            case InSheet(sheet, cells):
                found = await view.sheet(self._document, sheet, principal=person)
                self._sheets = self._sheets or list(await self._sheet_names())
                self._root.clear()
                with self._root:
                    self._tabs(sheet)
                    _grid(found, area_of(cells), sheet)
            case InText(first, last):
                lines = await view.lines(self._document, principal=person)
                self._root.clear()
                with self._root:
                    _lines([(line.number, line.text) for line in lines], first, last)
        ui.run_javascript(f"yanku.reveal('{self._root.html_id}')")

    # -- pages --------------------------------------------------------------------------------

    def _draw_page(self, page: Page) -> None:
        words = self._visit.words
        cited = self._cited
        marks = cited.box if isinstance(cited, OnPage) and cited.page == page.number else None
        self._root.clear()
        with self._root:
            self._tools(page.number)
            with attributes(box("scroller"), tabindex="0"), box("paper") as paper:
                paper.style(f"aspect-ratio:{page.width:.2f}/{page.height:.2f}")
                attributes(
                    box("", "img"),
                    src=f"/api/v1/documents/{self._document}/pages/{page.number}.png",
                    alt=words.page_picture.format(file=self._name, n=page.number),
                )
                if marks is not None:
                    _mark(marks, page, words.cited_place)

    def _tools(self, number: int) -> None:
        words = self._visit.words
        with box("tools"):
            back = self._turn("‹", words.previous_page, number - 1)
            text("span", self._page_words(number), "page-number")
            on = self._turn("›", words.next_page, number + 1)
            if number <= 1:
                attributes(back, disabled=True)
            if number >= self._pages:
                attributes(on, disabled=True)
            if isinstance(self._cited, OnPage) and self._cited.page != number:
                button(words.to_cited, self._again, "quiet")
            box("gap")
            for sign, label, factor in (("−", words.zoom_out, 0.8), ("+", words.zoom_in, 1.25)):
                attributes(text("button", sign, "button quiet icon"), type="button",
                           aria_label=label, title=label).on(
                    "click", js_handler=f"(e) => yanku.zoom(e.target, {factor})"
                )  # fmt: skip

    def _page_words(self, number: int) -> str:
        words = self._visit.words
        if self._pages:
            return words.page_of.format(n=number, all=self._pages)
        return words.page_n.format(n=number)

    def _turn(self, sign: str, label: str, number: int) -> Element:
        turn = self._turner(OnPage(number))
        return button(sign, turn, "quiet icon", aria_label=label, title=label)

    async def _again(self) -> None:
        if self._cited is not None:
            async with self._visit.care():
                await self._draw(self._cited)


def _mark(marks: Box, page: Page, label: str) -> None:
    """Lay a box over the picture, in parts of the page: it stays put at any size."""
    grow = 1.5  # Points around the text, so that the frame does not touch the digits.
    left, top = max(0.0, marks.x0 - grow), max(0.0, marks.y0 - grow)
    right, bottom = min(page.width, marks.x1 + grow), min(page.height, marks.y1 + grow)
    shown = attributes(box("marked"), role="img", aria_label=label)
    shown.style(
        f"left:{left / page.width:.4%};top:{top / page.height:.4%};"
        f"width:{(right - left) / page.width:.4%};height:{(bottom - top) / page.height:.4%}"
    )


def _grid(cells: Sequence[Cell], cited: Area | None, sheet: str) -> None:
    """Show the cells around the cited ones as a table with letters and numbers."""
    placed = {
        (area.left, area.top): cell.text
        for cell in cells
        if isinstance(cell.place, InSheet) and (area := area_of(cell.place.cells)) is not None
    }
    if not placed:
        raise NotFound("there is no such sheet")
    shown = _window(cited, max(x for x, _ in placed), max(y for _, y in placed))
    columns, rows = range(shown.left, shown.right + 1), range(shown.top, shown.bottom + 1)
    with attributes(box("scroller"), tabindex="0"):  # noqa: SIM117
        with attributes(box("grid", "table"), aria_label=sheet):
            with box("", "thead"), box("", "tr"):
                text("th", "")
                for column in columns:
                    text("th", column_letters(column))
            with box("", "tbody"):
                for row in rows:
                    with box("", "tr"):
                        text("th", str(row))
                        for column in columns:
                            inside = cited is not None and cited.holds(column, row)
                            _cell(placed.get((column, row), ""), inside=inside)


def _cell(content: str, *, inside: bool) -> None:
    number = content[:1].isdigit() or (content[:1] in "-(−" and content[1:2].isdigit())
    text("td", content, ("marked " if inside else "") + ("number" if number else ""))


def _window(cited: Area | None, width: int, height: int) -> Area:
    top = max(1, cited.top - _ROWS_AROUND) if cited else 1
    left = max(1, cited.left - _COLUMNS_AROUND) if cited else 1
    return Area(
        left=left,
        top=top,
        right=min(width, (cited.left if cited else 1) + _COLUMNS_AROUND),
        bottom=min(height, (cited.top if cited else 1) + _ROWS_AROUND),
    )


def _lines(lines: Sequence[tuple[int, str]], first: int, last: int) -> None:
    """Show the lines around the cited ones."""
    with attributes(box("scroller"), tabindex="0"), box("lines", "ol"):
        for number, content in lines:
            if first - _LINES_AROUND <= number <= last + _LINES_AROUND:
                cited = first <= number <= last
                item = attributes(box("marked" if cited else "", "li"), value=number)
                with item:
                    text("mark" if cited else "span", content)
