"""The picture of an answer's table: bars and lines, on an axis for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yanku.answer.wording import unit_worded
from yanku.entry.ui.words import Language
from yanku.model.answer import AnswerTable, TableCell

_FEWEST, _MOST = 3, 80
"""Rows that are worth a picture, and those that can still be told apart in one."""
_AXES = 2
"""Units that a picture can have; what is in a third is in the table alone."""
_COLOURS = ("#1d6f5f", "#c8871e", "#4c6fb5", "#9a4d6b", "#7a8a2b", "#8d6cab", "#b5543a", "#5a7d8c")
_DASHES = ("solid", "dashed", "dotted")
_GREY = "rgba(128, 128, 128, .28)"
"""Lines of the grid, on light and dark paper."""
_COMPANIES = frozenset({"公司", "Company"})
"""Headers of tables whose rows are companies and no course of time."""
_SHARES = frozenset({"%", "pp"})
_SCALES = {
    "zh": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
    "en": ((Decimal(10**9), "bn"), (Decimal(10**6), "m")),
}
_SLANTED = 6
_WIDTH = 44
"""Pixels that a row needs so that its name can be read."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What the library that draws is given, which columns are drawn, and how wide it must be."""

    options: dict[str, Any]
    columns: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class _Axis:
    """A unit, by what its figures are divided, and what that is called."""

    unit: str
    scale: Decimal
    name: str


def plot_of(table: AnswerTable, language: Language) -> Plot | None:
    """Return the picture of a table; None where too little is there to be seen."""
    units = {at: _unit(table, at) for at in range(1, len(table.columns))}
    drawn = [at for at, unit in units.items() if unit]
    kinds = list(dict.fromkeys(_kind(units[at]) for at in drawn))[:_AXES]
    drawn = [at for at in drawn if _kind(units[at]) in kinds]
    if not _FEWEST <= len(table.rows) <= _MOST or not drawn:
        return None
    axes = [_axis(table, [at for at in drawn if _kind(units[at]) == k], language) for k in kinds]
    names = [" ".join(c.text for c in row if c.amount is None and c.text) for row in table.rows]
    series = [
        _series(table, at, axes, kinds.index(_kind(units[at])), number)
        for number, at in enumerate(drawn)
    ]
    columns = tuple(table.columns[at] for at in drawn)
    return Plot(_options(names, axes, series), columns, _WIDTH * len(names))


def _unit(table: AnswerTable, at: int) -> str:
    """Return the one unit of a column's figures; of several no picture can be made."""
    units = {row[at].amount.unit for row in table.rows if row[at].amount is not None}  # type: ignore[union-attr]
    return (next(iter(units)) or " ") if len(units) == 1 else ""


def _kind(unit: str) -> str:
    return "%" if unit in _SHARES else unit


def _axis(table: AnswerTable, columns: Sequence[int], language: Language) -> _Axis:
    unit = _unit(table, columns[0]).strip()
    word = _kind(unit) if unit in _SHARES else unit_worded(unit, language)
    values = [
        abs(row[at].amount.value)  # type: ignore[union-attr]
        for row in table.rows
        for at in columns
        if row[at].amount is not None
    ]
    largest = max(values, default=Decimal(0))
    for scale, mark in _SCALES[language]:
        if largest >= scale:
            return _Axis(unit, scale, f"{mark}{word}" if language == "zh" else f"{word} {mark}")
    return _Axis(unit, Decimal(1), word)


def _series(
    table: AnswerTable, at: int, axes: Sequence[_Axis], axis: int, number: int
) -> dict[str, Any]:
    """Return one column: bars, or a line (of companies: dots) for shares and a second unit."""
    line = axis > 0 or axes[axis].unit in _SHARES
    # A line from one company to the next would say that something lies between them.
    mark = "scatter" if table.columns[0] in _COMPANIES else "line"
    return {
        "name": table.columns[at],
        "type": mark if line else "bar",
        "yAxisIndex": axis,
        "data": [_shown(row[at], axes[axis].scale) for row in table.rows],
        "itemStyle": {"color": _COLOURS[number % len(_COLOURS)]},
        "lineStyle": {"type": _DASHES[number // len(_COLOURS) % len(_DASHES)]},
        "barMaxWidth": 42,
        "connectNulls": False,
    }


def _options(
    names: Sequence[str], axes: Sequence[_Axis], series: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    slanted = len(names) > _SLANTED
    return {
        "animation": False,
        # The first of slanted labels reaches beyond the axis.
        "grid": {
            "left": 44 if slanted else 12,
            "right": 12,
            "top": 62,
            "bottom": 8,
            "containLabel": True,
        },
        "legend": {"top": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {
            "type": "category",
            "data": list(names),
            "axisLabel": {"interval": 0, "rotate": 30 if slanted else 0},
        },
        "yAxis": [
            {
                "type": "value",
                "name": axis.name,
                "splitLine": {"show": at == 0, "lineStyle": {"color": _GREY}},
            }
            for at, axis in enumerate(axes)
        ],
        "series": list(series),
    }


def _shown(cell: TableCell, scale: Decimal) -> float | None:
    """Return a figure for the picture, where a few digits are enough; the table has them all."""
    return round(float(cell.amount.value / scale), 4) if cell.amount is not None else None
