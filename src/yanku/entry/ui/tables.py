"""An answer's table on the screen: figures with their sources, a picture of them, and files."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from yanku.entry.ui.elements import attributes, box, link, text
from yanku.entry.ui.plots import plot_of
from yanku.entry.ui.words import Language
from yanku.model.answer import AnswerTable, TableCell

Chip = Callable[[int], None]
"""Draws the chip of a citation by its number."""

_WORDS = {
    "zh": {
        "table": "数据表",
        "chart": "图示",
        "none": "—",
        "csv": "导出 CSV",
        "xlsx": "导出 Excel",
    },
    "en": {
        "table": "Figures",
        "chart": "Chart",
        "none": "—",
        "csv": "Export CSV",
        "xlsx": "Export Excel",
    },
}


def draw_table(table: AnswerTable, language: Language, chip: Chip, receipt: str) -> None:
    """Draw the table; with a receipt also the links to its files."""
    words = _WORDS[language]
    with box("figures"):
        _chart(table, language)
        with (
            attributes(
                box("figures-scroll"), tabindex="0", role="region", aria_label=words["table"]
            ),
            box("figures-table", "table"),
        ):
            with box("", "thead"), box("", "tr"):
                for column in table.columns:
                    attributes(text("th", column), scope="col")
            with box("", "tbody"):
                for row in table.rows:
                    with box("", "tr"):
                        for at, cell in enumerate(row):
                            _cell(cell, chip, words["none"], is_figure=_is_figure(table, at))
        if receipt:
            with box("figures-files"):
                for kind in ("csv", "xlsx"):
                    href = f"/api/v1/receipts/{receipt}/table.{kind}"
                    attributes(link(words[kind], href, "button quiet"), download=True)


def _cell(cell: TableCell, chip: Chip, none: str, *, is_figure: bool) -> None:
    if not is_figure:
        attributes(text("th", cell.text), scope="row")
        return
    with box("number", "td"):
        if cell.amount is None:
            text("span", cell.text or none, "muted")
            return
        text("span", cell.text)
        for number in cell.citations:
            chip(number)


def _is_figure(table: AnswerTable, at: int) -> bool:
    return at > 0 and any(row[at].amount is not None for row in table.rows)


def _chart(table: AnswerTable, language: Language) -> None:
    """Draw the picture, in a box of its own that can be pushed sideways where it is wide."""
    plot = plot_of(table, language)
    if plot is None:
        return
    words = _WORDS[language]
    told = f"{words['chart']}: {', '.join(plot.columns)}"
    with attributes(box("figures-wide"), tabindex="0", role="region", aria_label=words["chart"]):
        # As SVG, so that its words take the colours of the page, dark or light.
        chart = ui.echart(plot.options, renderer="svg").classes("figures-chart")
        chart.style(f"min-width: {plot.width}px")
        attributes(chart, role="img", aria_label=told)
