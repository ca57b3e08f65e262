"""The saved values behind an Office chart as a table: a row for each category or point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from yanku.model.amount import read_amount
from yanku.parse.grid import GridCell, announced_unit, label_unit
from yanku.parse.numberformat import GENERAL, Shown, exact, show
from yanku.parse.slide import Grid
from yanku.parse.wordtext import local, within

_MAX_POINTS = 20_000
_MAX_SERIES = 500
_ACROSS = frozenset({"scatterChart", "bubbleChart"})


@dataclass(slots=True)
class _Series:
    """One line, bar or slice: its name, the unit of its axis, and its values by point."""

    name: str
    unit: str
    labels: dict[int, str] = field(default_factory=dict)
    values: dict[int, Shown] = field(default_factory=dict)


def read_chart(root: etree._Element) -> Grid:
    """Return the table of a chart's saved values, without cells if it holds none."""
    space = next(within(root, "plotArea"), None)
    if space is None:
        return _extended(root)
    units = _units_of_axes(space)
    title = _title(root)
    series: list[_Series] = []
    for plot in space:
        if not local(plot).endswith("Chart"):
            continue
        axes = [_value(each) for each in plot if local(each) == "axId"]
        unit = next((units[each] for each in axes if each in units), "")
        for each in plot:
            if local(each) == "ser" and len(series) < _MAX_SERIES:
                series += _read_series(each, unit, across=local(plot) in _ACROSS)
    return Grid(tuple(_cells(series)), caption=title, unit=announced_unit(title), headers=1)


def _read_series(element: etree._Element, unit: str, *, across: bool) -> Iterator[_Series]:
    parts = {local(each): each for each in element}
    name = " ".join(_texts(parts.get("tx")).values())
    labels = _texts(parts.get("cat"))
    if not across:
        yield _Series(name, unit, labels, _numbers(parts.get("val")))
        return
    yield _Series(f"{name} X".strip(), "", {}, _numbers(parts.get("xVal")))
    yield _Series(f"{name} Y".strip(), unit, {}, _numbers(parts.get("yVal")))
    if "bubbleSize" in parts:
        yield _Series(f"{name} •".strip(), "", {}, _numbers(parts["bubbleSize"]))


def _texts(element: etree._Element | None) -> dict[int, str]:
    """Return the texts of a name or of categories, by point; levels of a category are joined."""
    if element is None:
        return {}
    inner, *outer = [_level(each) for each in within(element, "lvl")] or [_level(element)]
    if not inner:
        return {0: "".join(each.text or "" for each in within(element, "v"))}
    return {
        at: " ".join(filter(None, (*(_carried(each, at) for each in reversed(outer)), text)))
        for at, text in inner.items()
    }


def _level(element: etree._Element) -> dict[int, str]:
    """Return the texts of one level of categories; numbers as their format shows them."""
    code = next((each.text or GENERAL for each in within(element, "formatCode")), GENERAL)
    found = {}
    for at, text in _points(element):
        stored = exact(text) if code != GENERAL else None
        found[at] = text if stored is None else show(stored, code).text
    return found


def _carried(level: dict[int, str], at: int) -> str:
    """Return what an outer level says of a point: it names only the first of each group."""
    return level[max(named)] if (named := [each for each in level if each <= at]) else ""


def _numbers(element: etree._Element | None) -> dict[int, Shown]:
    if element is None:
        return {}
    common = next((each.text or GENERAL for each in within(element, "formatCode")), GENERAL)
    found = {}
    for each in within(element, "pt"):
        at = each.get("idx", "")
        stored = exact("".join(v.text or "" for v in within(each, "v")))
        if stored is not None and _is_index(at):
            found[int(at)] = _shown(stored, each.get("formatCode") or common)
    return found


def _shown(stored: Decimal, code: str) -> Shown:
    shown = show(stored, code)
    # A format that hides the number or its digits hides them from the axis, not from the chart.
    return shown if shown.text.strip() else show(stored, GENERAL)


def _points(element: etree._Element) -> Iterator[tuple[int, str]]:
    for each in within(element, "pt"):
        at = each.get("idx", "")
        if _is_index(at):
            yield int(at), " ".join("".join(v.text or "" for v in within(each, "v")).split())


def _is_index(text: str) -> bool:
    return text.isdecimal() and len(text) < 9 and int(text) < _MAX_POINTS


# ── titles and units ────────────────────────────────────────────────────────────────────────────


def _title(element: etree._Element) -> str:
    """Return the title of a chart or an axis, empty if it has none of its own."""
    holder = next(within(element, "title"), None)
    if holder is None:
        return ""
    said = [each.text or "" for each in holder.iter("{*}t", "{*}v")]
    return " ".join("".join(said).split())


def _units_of_axes(space: etree._Element) -> dict[str, str]:
    """Return the unit that each value axis announces, by the axis's id."""
    found = {}
    for axis in space:
        if local(axis) != "valAx" or any(local(each) == "dispUnits" for each in axis):
            continue  # an axis shown in millions says nothing about the values, stored in ones
        title = _title(axis)
        id_ = next((_value(each) for each in axis if local(each) == "axId"), "")
        bare = title.strip(" ()（）") if read_amount("1" + title.strip(" ()（）")) else ""
        unit = announced_unit(title) or label_unit(title) or bare
        if unit:
            found[id_] = unit
    return found


def _value(element: etree._Element) -> str:
    return element.get("val") or ""


# ── the grid ────────────────────────────────────────────────────────────────────────────────────


def _cells(series: Sequence[_Series]) -> Iterator[GridCell]:
    filled = [each for each in series if each.values]
    points = sorted({at for each in filled for at in each.values})
    labels: dict[int, str] = {}
    for each in filled:
        for at, text in each.labels.items():
            labels.setdefault(at, text)
    for column, each in enumerate(filled, 1):
        if each.name:
            yield GridCell(0, column, each.name)
    for row, at in enumerate(points, 1):
        yield GridCell(row, 0, labels.get(at) or str(at + 1))
        for column, each in enumerate(filled, 1):
            if (shown := each.values.get(at)) is not None:
                yield GridCell(row, column, shown.text, _plain(shown, each.unit))


def _plain(shown: Shown, unit: str) -> str:
    """Return the number with the unit of its axis, unless it shows one of its own."""
    own = read_amount(shown.plain)
    if own is None or own.unit or not unit:
        return shown.plain
    with_unit = f"{shown.plain}{unit}"
    return with_unit if read_amount(with_unit) == read_amount(shown.plain, unit) else shown.plain


def _extended(root: etree._Element) -> Grid:
    """Return the values of a chart of the newer kind (waterfall, funnel, treemap)."""
    labels: dict[int, str] = {}
    series: list[_Series] = []
    names = ["".join(v.text or "" for v in within(each, "v")) for each in within(root, "tx")]
    for data in within(root, "data"):
        for dimension in data:
            points = {
                int(at): each.text or ""
                for each in within(dimension, "pt")
                if _is_index(at := each.get("idx", ""))
            }
            if local(dimension) == "strDim":
                labels = labels or points
            elif local(dimension) == "numDim":
                code = next((e.get("formatCode") or GENERAL for e in within(dimension, "lvl")),
                            GENERAL)  # fmt: skip
                values = {at: _shown(v, code) for at, t in points.items()
                          if (v := exact(t)) is not None}  # fmt: skip
                name = names[len(series)] if len(series) < len(names) else ""
                series.append(_Series(name, "", labels, values))
    title = _title(root)
    return Grid(tuple(_cells(series)), caption=title, unit=announced_unit(title), headers=1)
