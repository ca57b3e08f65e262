"""Small line charts as SVG: no script, and the colours are those of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from nicegui import ui
from nicegui.element import Element

_WIDE, _HIGH = 420, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 10, 24


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a name, a style class, and a value for each moment, None where there is none."""

    name: str
    style: str
    values: Sequence[float | None]


def line_chart(
    title: str,
    moments: Sequence[datetime],
    lines: Sequence[Line],
    shown: Callable[[float], str],
    *,
    least: float,
) -> Element:
    """Add a chart; its highest mark is ``least`` or more. Its latest values are told in words."""
    top = max([least, *(v for line in lines for v in line.values if v is not None)])
    marks = "".join(_mark(top * part, top, shown(top * part)) for part in (0.0, 0.5, 1.0))
    drawn = "".join(_drawn(line, len(moments), top) for line in lines)
    said = "; ".join(f"{line.name} {_last(line, shown)}" for line in lines)
    told = escape(f"{title}: {said}", quote=True)
    body = (
        f'<svg class="chart" viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{told}">'
        f"{marks}{drawn}{_times(moments)}</svg>"
    )
    return ui.html(body, sanitize=False)


def _last(line: Line, shown: Callable[[float], str]) -> str:
    found = [value for value in line.values if value is not None]
    return shown(found[-1]) if found else "–"


def _x(at: int, of: int) -> float:
    return _LEFT + (_WIDE - _LEFT - _RIGHT) * (at / (of - 1) if of > 1 else 0.5)


def _y(value: float, top: float) -> float:
    return _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * (value / top)


def _mark(value: float, top: float, label: str) -> str:
    y = _y(value, top)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>'
    )


def _drawn(line: Line, of: int, top: float) -> str:
    points = [
        (_x(at, of), _y(value, top)) for at, value in enumerate(line.values) if value is not None
    ]
    if not points:
        return ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<polyline class="line {line.style}" points="{path}"/>'
        f'<circle class="dot {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    )


def _times(moments: Sequence[datetime]) -> str:
    if not moments:
        return ""
    first, last = (f"{moment.astimezone():%H:%M:%S}" for moment in (moments[0], moments[-1]))
    y = _HIGH - 6
    return (
        f'<text x="{_LEFT}" y="{y}">{first}</text>'
        f'<text x="{_WIDE - _RIGHT}" y="{y}" text-anchor="end">{last}</text>'
    )
