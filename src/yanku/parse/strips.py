"""Level lines across a table without a frame: they part its header from its rows, and end it.

──────────────────────────────────────
项目              2024年        2023年      between two lines, and no figures: the header
──────────────────────────────────────
营业收入          1,234.56      1,111.11
──────────────────────────────────────      what stands above the last line belongs to a row
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yanku.parse.cells import announced_unit
from yanku.parse.heads import pieces_of
from yanku.parse.ink import Ink, Line, Ruling

_MOST = 0.85
"""A line, or the pieces of one, cover this share of the table's width."""
_SAME = 1.5
_MAX_LINES = 12
_LONG = 48.0
_TIGHT, _WIDE = 0.45, 2.5
"""Sizes of print between lines of one title, and between lines of one header at most."""
_LARGER, _SHORT = 1.1, 9.0


def lines_across(ink: Ink, x0: float, x1: float) -> list[float]:
    """Return the heights at which rulings run from one side of a table to the other."""
    heights: list[float] = []
    group: list[Ruling] = []
    for ruling in [*sorted(ink.level), None]:
        if group and (ruling is None or ruling.at - group[0].at > _SAME):
            if _covered(group, x0, x1) > _MOST * (x1 - x0):
                heights.append(group[0].at)
            group = []
        if ruling is not None:
            group.append(ruling)
    return heights


def _covered(group: Sequence[Ruling], x0: float, x1: float) -> float:
    total, end = 0.0, x0
    for ruling in sorted(group, key=lambda each: each.start):
        start = max(ruling.start, end)
        total += max(0.0, min(ruling.end, x1) - start)
        end = max(end, ruling.end)
    return total


def header_between(
    heights: Sequence[float], lines: Sequence[Line], edge: float, floor: int, start: int
) -> range | None:
    """Return the lines of the header above line ``start``: those between two lines across.

    ``edge`` is where the columns of figures begin; what lies left of it alone is a section's title.
    """
    above = [y for y in heights if y < _middle(lines[start])]
    for lower, upper in pairwise(reversed(above)):
        inside = [i for i in range(floor, start) if upper < _middle(lines[i]) < lower]
        if not inside or all(lines[i].x1 < edge for i in inside):
            continue
        first = _first_title(lines, inside, edge)
        kept = range(first, inside[-1] + 1)
        if len(kept) > _MAX_LINES or any(_length(lines[i]) > _LONG for i in kept):
            return None
        return kept
    return None


def _first_title(lines: Sequence[Line], inside: Sequence[int], edge: float) -> int:
    """Return the first line that is a title of columns.

    The upper line may be that of the page's head, or of what stands above: the table's own title,
    its unit, and whatever is set wider apart than the lines of a header do not belong to it.
    """
    first = inside[-1]
    for i in reversed(inside[:-1]):
        line, gap = lines[i], lines[i + 1].y0 - lines[i].y1
        alone = len(pieces_of(line)) == 1
        apart = gap > _TIGHT * line.size
        if gap > _WIDE * line.size or (alone and line.x1 > edge and announced_unit(line.text)):
            break
        # The title of the labels stands in the middle of a header of several levels.
        beside = i - 1 in inside and line.y0 < lines[i - 1].y1
        title = line.x0 < edge and _is_title(line, lines[inside[-1]], edge)
        if alone and apart and title and not beside:
            break
        first = i
    return first


def _is_title(line: Line, header: Line, edge: float) -> bool:
    """Tell a title of a table from the title of its labels, which is short and no larger."""
    large = line.size > _LARGER * header.size
    return large or line.x1 > edge or line.x1 - line.x0 > _SHORT * line.size


def last_above(heights: Sequence[float], lines: Sequence[Line], last: int) -> int:
    """Return the last line of a row that goes on below line ``last``, up to a line across."""
    foot = next((y for y in heights if y > _middle(lines[last])), None)
    if foot is None:
        return last
    end = last
    while end + 1 < len(lines) and _middle(lines[end + 1]) < foot:
        end += 1
        if end - last > 2 or lines[end].y0 - lines[end - 1].y1 > 0.6 * lines[end].size:
            return last
    return end


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _length(line: Line) -> float:
    """Return how long the longest run of words is that no wide gap parts, in sizes of the font."""
    longest, begun = 0.0, line.words[0].x0
    for left, right in pairwise(line.words):
        if right.x0 - left.x1 > line.size:
            longest, begun = max(longest, left.x1 - begun), right.x0
    return max(longest, line.x1 - begun) / line.size
