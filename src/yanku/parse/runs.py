"""Where a run of rows ends, among lines of text: rows with figures, and those between without.

五、净利润                       1,234     1,111      a row: its figures stand under others
（一）按经营持续性分类                          a row without figures: as far apart as rows are
持续经营净利润                   1,234     1,111
法定代表人：                                    the end: set apart, and over no column
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from yanku.parse.bands import Row, meets
from yanku.parse.header import breaks, height
from yanku.parse.headings import numbering
from yanku.parse.heads import Band
from yanku.parse.ink import Line
from yanku.parse.piece import is_figure

_MAX_PLAIN_LINES = 3
_SINGLE = 1.3
"""Sizes of the font: rows are at least this far apart."""
_FEW = 2
_APART, _REGULAR = 1.3, 1.2
"""Pitches: what is set further apart begins anew; rows are hardly ever."""
_ROOM = 2.6
"""Pitches: the room that the first row of a part of a table may have above it."""
_EVEN = 0.12
"""Shares by which the distance of rows without figures may be off, and the size of letters."""
_MAX_NIL_LINES = 24
_TITLE_END = re.compile(r"[。；，：:]$")
_REFERENCE = re.compile(r"[一二三四五六七八九十]+、?[（(]?\d{0,3}[)）]?")
_PERIOD = re.compile(
    r"(?:FY|CY|[1-4]Q|Q[1-4]|[12]H|H[12])?'?(?:19|20)?\d\d(?:年度?)?(?:[1-4]Q|Q[1-4]|[12]H|H[12])?"
    r"(?:[AEFPaefp]|[（(][AEFPaefp][)）])?|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?"
)
_DIGIT = re.compile(r"\d")


def figures_in(row: Row) -> int:
    """Count the figures in a row that has a label or several figures; 0 if it is running text."""
    if len(row) < 2:
        return 0
    count = sum(is_figure(c.text) for c in row)
    digits = sum(is_figure(c.text) and bool(_DIGIT.search(c.text)) for c in row[1:])
    return count if digits else 0


def pitch_of(rows: Sequence[Row]) -> float:
    """Return the usual distance of rows that stand on one line each, else the widest there is."""
    pairs = [(a, b) for a, b in pairwise(rows) if a and b]
    steps = [height(b[0]) - height(a[0]) for a, b in pairs if figures_in(a) and figures_in(b)]
    if steps:
        return median(steps)
    widest = max((height(b[0]) - height(a[0]) for a, b in pairs), default=0.0)
    return max(widest, _SINGLE * rows[0][0].size)


def run_end(lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], start: int) -> int:
    """Return the last line of the run of rows that begins at a row with figures."""
    last, plain, pitch = start, 0, pitch_of(rows[start : start + 40])
    edge = _first_edge(rows[start : start + 40])
    for i in range(start + 1, len(lines)):
        gap = lines[i].y0 - lines[i - 1].y1
        near = height(lines[i]) - height(lines[i - 1]) < 0.85 * pitch
        near = near and lines[i].x1 < max(c.x1 for c in rows[last] if is_figure(c.text))
        near = near and gap < 0.75 * lines[i].size
        if _is_nil(lines[i], lines[i - 1], rows[i], edge, pitch) and i - last < _MAX_NIL_LINES:
            continue
        plain += not near  # lines set as near as those of one cell are no rows of their own
        if gap > 3.0 * lines[i].size or plain > _MAX_PLAIN_LINES:
            break
        if figures[i]:
            last, plain = i, 0
            continue
        if _heads_anew(lines, start, i) or _is_header(lines, rows, figures, i, last, pitch):
            break
        if _is_numbered_row(lines, rows, figures, i, last, pitch):
            continue
        if not near and (breaks(lines[i], rows[i]) or _crosses(rows[i], rows[last])):
            break
    return _last_label(lines, rows, start, last)


def _heads_anew(lines: Sequence[Line], start: int, at: int) -> bool:
    """Tell the header of another table: the periods of the one above, over other labels.

    利润表        2023A   2024E          │ the header above the rows
    营业收入        100     120          │
    主要财务比率  2023A   2024E          ← here
    """
    label, periods = _split_periods(lines[at])
    if len(periods) < _FEW or not label:
        return False
    above = [_split_periods(line) for line in lines[max(0, start - _MAX_PLAIN_LINES) : start]]
    return any(periods == theirs and label != its for its, theirs in above)


def _first_edge(rows: Sequence[Row]) -> float:
    """Return where the first figures of some rows begin."""
    return min(c.x0 for row in rows if figures_in(row) for c in row[1:] if is_figure(c.text))


def _is_nil(line: Line, above: Line, row: Row, edge: float, pitch: float) -> bool:
    """Tell a row without figures, or of dashes: set as far below the one above as rows are."""
    step = height(line) - height(above)
    label = row[0].x1 < edge and not _TITLE_END.search(line.text)
    label = label and not figures_in(row) and all(is_figure(c.text) for c in row[1:])
    even = abs(step - pitch) < _EVEN * pitch and _alike(line, above)
    return label and even and (numbering(line.text) or 7) > 2


def _alike(one: Line, other: Line) -> bool:
    """Tell lines of one size; fonts of two scripts in one line differ a little."""
    return abs(one.size - other.size) < _EVEN * max(one.size, other.size)


def _is_header(
    lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], at: int, last: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell the header of a table right below another: titles over columns, set apart from it."""
    if height(lines[at]) - height(lines[at - 1]) < _APART * pitch or last != at - 1:
        return False
    below = range(at, min(at + 1 + _MAX_PLAIN_LINES, len(lines)))
    foot = next((i for i in below if figures[i]), None)
    if foot is None or foot == at:
        return False
    edge = rows[last][0].x0 + 3 * rows[last][0].size
    over = [c for row in rows[at:foot] for c in row if c.x0 > edge]
    return len(over) >= _FEW and not any(is_figure(c.text) for c in over)


def _is_numbered_row(
    lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], at: int, last: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell a row that only arranges those below it, though it is numbered like a heading.

    五、净利润                  1,234     1,111
    （一）按经营持续性分类                          ← here
    持续经营净利润              1,234     1,111     set as far apart as rows, under one column

    Above it may be more room: a statement leaves some before each of its parts.
    """
    below = range(at + 1, min(at + 2 + _MAX_PLAIN_LINES, len(lines)))
    next_ = next((i for i in below if figures[i]), None)
    if len(rows[at]) != 1 or next_ is None:
        return False
    if not all(is_figure(c.text) for row in rows[at + 1 : next_] for c in row[1:]):
        return False  # words beside a label are the header of another table; dashes are not
    near = lines[at : next_ + 1]
    regular = all(height(b) - height(a) < _REGULAR * pitch for a, b in pairwise(near))
    regular = regular and height(lines[at]) - height(lines[at - 1]) < _ROOM * pitch
    alike = all(_alike(row[0], lines[at]) for row in rows[at : next_ + 1])
    ends = [c.x1 for row in rows[max(0, last - 9) : last + 1] for c in row if is_figure(c.text)]
    under = all(
        any(abs(c.x1 - end) < c.size for end in ends) for c in rows[next_] if is_figure(c.text)
    )
    edge = min(c.x0 for c in rows[last] if is_figure(c.text))
    return regular and alike and under and lines[at].x0 < edge


def _split_periods(line: Line) -> tuple[str, tuple[str, ...]]:
    """Return what a line says before the periods it ends on, and those."""
    texts = [word.text for word in line.words]
    at = len(texts)
    while at and _PERIOD.fullmatch(texts[at - 1]):
        at -= 1
    return "".join(texts[:at]), tuple(texts[at:])


def _crosses(row: Row, figures: Row) -> bool:
    """Tell a sentence, which runs from under the labels far under the figures."""
    edge = min(c.x1 for c in figures if is_figure(c.text))
    return len(row) == 1 and row[0].x0 < edge - 60 and row[0].x1 > edge + 40


def _last_label(lines: Sequence[Line], rows: Sequence[Row], start: int, last: int) -> int:
    """Take in the lines below the last figures on which their label ends."""
    pitch = pitch_of(rows[start : last + 1])
    while last + 1 < len(lines) and len(rows[last + 1]) == 1:
        below = lines[last + 1]
        if height(below) - height(lines[last]) >= 0.85 * pitch:
            break
        if below.x0 > rows[last][0].x1:
            break
        last += 1
    edge = _first_edge(rows[start : last + 1])
    foot = last
    while foot + 1 < len(lines) and _is_nil(
        lines[foot + 1], lines[foot], rows[foot + 1], edge, pitch
    ):
        foot += 1
    if foot + 1 == len(lines):
        return foot  # rows without figures at the foot of a page: the table goes on overleaf
    foot_line = lines[last + 1].text if last + 2 == len(lines) else ""
    if foot_line.endswith(("：", ":")) or numbering(foot_line):
        # A section's title at the foot of a page: its rows stand overleaf.
        title, above = lines[last + 1], lines[last]
        near = height(title) - height(above) < 1.2 * pitch
        near = near or title.y0 - above.y1 < pitch - 0.8 * above.size
        return last + 1 if near and len(rows[last + 1]) == 1 else last
    return last


def last_nil(lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], last: int) -> int:
    """Take in rows below the last figures in which dashes stand under every column they fill."""
    while last + 1 < len(lines) and len(rows[last + 1]) > 1 and bands:
        label, *rest = rows[last + 1]
        if lines[last + 1].y0 - lines[last].y1 > 3.0 * lines[last].size or label.x1 > bands[0][0]:
            break
        if not all(is_figure(c.text) and meets(c, bands) for c in rest):
            break
        last += 1
    return last


def first_nil(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, start: int
) -> int:
    """Return the first row above the first figures in which there are dashes instead."""
    pitch = pitch_of(rows[start:])
    while start - 1 >= floor and len(rows[start - 1]) > 1:
        label, *rest = rows[start - 1]
        step = height(lines[start]) - height(lines[start - 1])
        figures = [c for c in rest if not _REFERENCE.fullmatch(c.text)]
        nil = all(is_figure(c.text) and meets(c, bands) for c in figures)
        if not figures or not nil or label.x1 > bands[0][0] or step > 1.6 * pitch:
            break
        start -= 1
    return start


def first_label(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, start: int
) -> int:
    """Return the first line of the first row: its label may begin above its figures."""
    pitch = pitch_of(rows[start:])
    first = start
    while first - 1 >= floor and len(rows[first - 1]) == 1 and bands:
        above = lines[first - 1]
        step = height(lines[first]) - height(above)
        section = above.text.endswith(("：", ":")) and step < 1.3 * pitch
        section = section or _opens_rows(lines, rows, bands, floor, first - 1, pitch)
        if above.x1 > bands[0][0] or (step >= 0.85 * pitch and not section):
            break
        first -= 1
    return first


def _opens_rows(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, at: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell a label between the header and the first figures: a row, not a heading."""
    above = range(max(floor, at - _MAX_PLAIN_LINES), at)
    titles = [c for i in above if lines[i].x1 > bands[0][0] for c in rows[i] if meets(c, bands)]
    over = {band for band in bands for c in titles if c.x0 < band[1] and c.x1 > band[0]}
    room = height(lines[at]) - height(lines[at - 1]) if at > floor else 0.0
    near = height(lines[at + 1]) - height(lines[at]) < _REGULAR * pitch and room < _ROOM * pitch
    return near and len(over) >= _FEW and not any(is_figure(c.text) for c in titles)
