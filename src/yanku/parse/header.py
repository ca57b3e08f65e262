"""Where the header of a table without a frame begins, above its first row of figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.parse.bands import Row
from yanku.parse.cells import announced_unit
from yanku.parse.headings import is_formality, numbering
from yanku.parse.heads import Band, pieces_of
from yanku.parse.ink import Line, is_wide
from yanku.parse.strips import header_between

_MAX_HEADER_LINES = 12
_LONG = 45  # Han characters of a line that is a sentence and no label
_UNIT_ONLY = re.compile(r"\s*[（(]|\s*(?:金额|货币|计量)?单位|\s*in\s|\s*units?\b", re.IGNORECASE)
_SAID = re.compile(r"\s*(?:币种|审计类型|金额单位|编制单位|currency)\s*[:：]", re.IGNORECASE)


def breaks(line: Line, row: Row) -> bool:
    """Tell lines that cannot stand inside a table: headings, units, sentences."""
    text = line.text
    if len(row) == 1 and (announced_unit(text) or (numbering(text) or 7) < 7):
        return not text.rstrip().endswith(("：", ":"))
    return len(row) == 1 and (_length(text) > _LONG or text.endswith(("。", "；")))


def _length(text: str) -> float:
    """Return how long a text is in Han characters."""
    return sum(1.0 if is_wide(character) else 0.5 for character in text)


def first_header(lines: Sequence[Line], bands: Sequence[Band], floor: int, start: int) -> int:
    """Return the first line of the headers above: those over columns, and those close to them."""
    if not bands:
        return start
    first = start
    for i in range(start - 1, max(floor, start - _MAX_HEADER_LINES) - 1, -1):
        gap = lines[i + 1].y0 - lines[i].y1
        chunks = pieces_of(lines[i])
        wide = 4.0 if first == start and _over_each(chunks, bands) else 2.5
        if gap > wide * lines[i].size:
            break
        over = [c for c in chunks if c.x1 > bands[0][0] - 4]
        apart = gap > 0.45 * lines[i].size
        if (apart and len(over) == 1 and _is_unit(over[0].text)) or _is_preamble(chunks):
            break
        if len(chunks) >= 2 and over and not _is_sentence(chunks):
            first = i
        elif gap < 0 and i < start - 1:
            # Titles of different depth, each set in the middle: their lines lie between each other.
            first = i if first < start else start
        elif not _beside_header(lines, i, bands, first, start):
            break
        elif first < start and over and gap < 0.75 * lines[i].size:
            first = i
    while first < start and not any(c.x1 > bands[0][0] - 4 for c in pieces_of(lines[first])):
        first += 1
    return first


def _over_each(chunks: Row, bands: Sequence[Band]) -> bool:
    """Tell titles of which each stands over a column of its own, and two at least."""
    over = [[b for b in bands if c.x0 < b[1] and c.x1 > b[0]] for c in chunks]
    return len(chunks) > 1 and all(len(each) == 1 for each in over[-2:])


def _is_preamble(chunks: Row) -> bool:
    """Tell the line above a header that says unit, currency and audit: none is a column's title."""
    units = [_is_unit(c.text) for c in chunks]
    said = [_SAID.match(c.text) is not None for c in chunks]
    # Units alone, one to a column, are the second lines of its titles: Amount (RMB'000).
    return (
        len(chunks) > 1
        and any(units)
        and any(said)
        and all(map(any, zip(units, said, strict=True)))
    )


def _is_unit(text: str) -> bool:
    return bool(announced_unit(text) and _UNIT_ONLY.match(text))


def ruled_header(
    across: Sequence[float], lines: Sequence[Line], bands: Sequence[Band], floor: int, at: int
) -> range | None:
    """Return the header between lines across, with its upper levels between lines further up."""
    edge = bands[0][0]
    header = header_between(across, lines, edge, floor, at)
    above = header
    while above is not None and header is not None:
        header = range(above.start, header.stop)
        above = header_between(across, lines, edge, floor, header.start)
        if above is None or above.stop != header.start:
            break
        if not any(_is_titles(lines[i], edge) for i in above):
            break
        if any(_is_formal(lines[i], edge) for i in above):
            break
    return header


def _is_titles(line: Line, edge: float) -> bool:
    """Tell titles of columns from the title of a table, and from its unit."""
    chunks = pieces_of(line)
    return len(chunks) > 1 and line.x1 > edge and not any(_is_unit(c.text) for c in chunks)


def _is_formal(line: Line, edge: float) -> bool:
    """Tell a line that says who signed or prepared a statement, or its unit: no upper header."""
    chunks = pieces_of(line)
    unit = any(_is_unit(c.text) and c.x1 > edge for c in chunks)
    return unit or any(is_formality(c.text) for c in chunks)


def first_section(
    lines: Sequence[Line], bands: Sequence[Band], first: int, start: int, pitch: float
) -> int:
    """Return where the rows begin: labels alone beneath a header, as far as rows are, are rows."""
    while start - 1 > first and lines[start - 1].x1 < bands[0][0]:
        if height(lines[start - 1]) - height(lines[start - 2]) < 0.85 * pitch:
            break
        start -= 1
    return start


def _is_sentence(chunks: Row) -> bool:
    return max(_length(c.text) for c in chunks) > 40


def _beside_header(
    lines: Sequence[Line], i: int, bands: Sequence[Band], first: int, start: int
) -> bool:
    """Tell a line of one chunk that belongs to a header: it is set as near as lines of one cell."""
    line = lines[i]
    if breaks(line, [line]) and not (line.x1 < bands[0][0] and first < start):
        return False
    if i == start - 1:
        return line.x1 < bands[0][0] or line.x0 > bands[0][0] - 30
    near = lines[i + 1].y0 - line.y1 < 0.75 * line.size
    if line.x1 < bands[0][0]:
        # A label on a line of its own, in the middle of a header of two levels.
        above = pieces_of(lines[i - 1]) if i else []
        near = near or (i > 0 and line.y0 < lines[i - 1].y1)
        return near and len(above) >= 2 and any(c.x1 > bands[0][0] for c in above)
    covered = sum(line.x0 < b1 and line.x1 > b0 for b0, b1 in bands)
    return line.x0 > bands[0][0] - 30 and (near or covered >= 2)


def height(line: Line) -> float:
    """Return the height a line stands at: its middle."""
    return (line.y0 + line.y1) / 2
