"""An answer's table on the screen: figures with their sources, a picture of them, and files."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from nicegui import ui

from yanku.entry.ui.elements import attributes, box, link, text
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
        "scaled": "单位：{unit}",
    },
    "en": {
        "table": "Figures",
        "chart": "Chart",
        "none": "—",
        "csv": "Export CSV",
        "xlsx": "Export Excel",
        "scaled": "in {unit}",
    },
}
_FEWEST_FOR_A_CHART = 3
_COLOURS = ["#1d6f5f", "#c8871e", "#4c6fb5", "#9a4d6b"]
_SCALES = {
    "zh": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
    "en": ((Decimal(10**9), "bn"), (Decimal(10**6), "m")),
}


def draw_table(table: AnswerTable, language: Language, chip: Chip, receipt: str) -> None:
    """Draw the table; with a receipt also the links to its files."""
    words = _WORDS[language]
    with box("figures"):
        if len(table.rows) >= _FEWEST_FOR_A_CHART:
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
    """Draw money and counts as bars, percentages as lines on an axis of their own."""
    words = _WORDS[language]
    columns = [at for at in range(len(table.columns)) if _is_figure(table, at)]
    names = [" ".join(c.text for c in row if c.amount is None and c.text) for row in table.rows]
    scale, mark = _scale(table, columns, language)
    series: list[dict[str, Any]] = []
    for number, at in enumerate(columns):
        share = _unit(table, at) in {"%", "pp"}
        series.append(
            {
                "name": table.columns[at],
                "type": "line" if share else "bar",
                "yAxisIndex": 1 if share and len(columns) > 1 else 0,
                "data": [_shown(row[at], Decimal(1) if share else scale) for row in table.rows],
                "itemStyle": {"color": _COLOURS[number % len(_COLOURS)]},
                "barMaxWidth": 42,
                "connectNulls": False,
            }
        )
    slanted = len(names) > 6
    axis: dict[str, Any] = {"type": "value", "name": mark, "splitLine": {"show": True}}
    options = {
        "animation": False,
        # The first of slanted labels reaches beyond the axis.
        "grid": {
            "left": 44 if slanted else 12,
            "right": 12,
            "top": 46,
            "bottom": 8,
            "containLabel": True,
        },
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": names,
            "axisLabel": {"interval": 0, "rotate": 30 if slanted else 0},
        },
        "yAxis": [axis, {"type": "value", "name": "%", "splitLine": {"show": False}}],
        "series": series,
    }
    chart = ui.echart(options).classes("figures-chart")
    attributes(
        chart,
        role="img",
        aria_label=f"{words['chart']}: {', '.join(table.columns[at] for at in columns)}",
    )


def _unit(table: AnswerTable, at: int) -> str:
    return next((row[at].amount.unit for row in table.rows if row[at].amount is not None), "")  # type: ignore[union-attr]


def _scale(table: AnswerTable, columns: list[int], language: Language) -> tuple[Decimal, str]:
    """Return by what the bars are divided so that an axis can be read, and what to call it."""
    values = [
        abs(row[at].amount.value)  # type: ignore[union-attr]
        for row in table.rows
        for at in columns
        if row[at].amount is not None and _unit(table, at) not in {"%", "pp"}
    ]
    largest = max(values, default=Decimal(0))
    for scale, mark in _SCALES[language]:
        if largest >= scale:
            return scale, mark
    return Decimal(1), ""


def _shown(cell: TableCell, scale: Decimal) -> float | None:
    """Return a figure for the picture, where a few digits are enough; the table has them all."""
    return round(float(cell.amount.value / scale), 4) if cell.amount is not None else None
