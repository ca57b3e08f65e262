"""A page's words and ruled tables parted into regions, in the order they are read.

┌ title across the page ┐        1. what stands across
│ left text │ side box  │        2. the left column, from top to bottom
│ left text │ figures   │        3. the right column
├ a table across again ─┤        4. what stands across
│ a │ b │ c │                    5. … and again, with as many columns as there are
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.parse.ink import Line, Ruling, Word, lines_of
from yanku.parse.paragraphs import is_note
from yanku.parse.piece import Piece, is_figure, is_reference
from yanku.parse.prose import (
    has_prose,
    has_rows,
    is_prose,
    is_row,
    own_words,
    says_something,
)

_MIN_GAP = 8.0
_MIN_ROWS = 4
"""A gap between fewer rows is no gutter."""
_MAX_DEPTH = 5
_MAX_CUTS = 24
_MIN_SHARE = 0.12
"""A column is at least this share of the width that is parted."""
_SENTENCE = 15
_SUM = re.compile(r"\d[,.]\d")
_TITLE = 1.3
_SAME_BASE = 0.12
_MAX_RULINGS = 2
_FIVE_TITLES = 4
_ACROSS, _HEAD_LINES, _HEAD_WORDS = 0.9, 2, 6


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and ruled tables that are read from top to bottom, within ``x0..x1``."""

    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class _Band:
    """What stands at one height: a line, or a ruled table."""

    y: float
    words: tuple[Word, ...]
    piece: Piece | None = None

    def crosses(self, x: float) -> bool:
        if self.piece is not None:
            return self.piece.box.x0 < x - 1 and self.piece.box.x1 > x + 1
        return any(w.x0 < x - 1 and w.x1 > x + 1 for w in self.words)

    def sides(self, x: float) -> tuple[bool, bool]:
        """Tell whether anything stands left and right of ``x``."""
        if self.piece is not None:
            left = self.piece.box.x1 <= x + 1
            return left, not left
        return any(w.x1 <= x + 1 for w in self.words), any(w.x1 > x + 1 for w in self.words)


def in_reading_order(
    words: Sequence[Word], pieces: Sequence[Piece], level: Sequence[Ruling]
) -> list[Region]:
    """Return the regions of a page, to be read one after the other.

    ``level`` are its level rulings: several that pass a gap say that a table goes on beyond it.
    """
    head = _page_head(words, level)
    top = [w for w in words if w.y1 <= head]
    rest = [w for w in words if w.y1 > head]
    return [*([_region(top, ())] if top else ()), *_parted(rest, pieces, level, _MAX_DEPTH)]


def _page_head(words: Sequence[Word], level: Sequence[Ruling]) -> float:
    """Return where the line under a page's head runs: across the page, below a line or two.

    The titles of a table's columns have a line below them too; they say years, or are many.
    """
    if not words:
        return 0.0
    left, right = min(w.x0 for w in words), max(w.x1 for w in words)
    across = sorted(r.at for r in level if r.end - r.start > _ACROSS * (right - left))
    if not across:
        return 0.0
    above = lines_of([w for w in words if w.y1 <= across[0] + 1])
    below = lines_of([w for w in words if w.y1 > across[0] + 1])
    if not 0 < len(above) <= _HEAD_LINES or not below or is_row(below[0].words):
        return 0.0
    titles = any(c.isdigit() or len(line.words) > _HEAD_WORDS for line in above for c in line.text)
    return 0.0 if titles else across[0] + 1


def _parted(
    words: Sequence[Word], pieces: Sequence[Piece], level: Sequence[Ruling], depth: int
) -> Iterator[Region]:
    bands = _bands(words, pieces)
    for _ in range(_MAX_CUTS):
        cut = _cut(bands, level) if depth and bands else None
        if cut is None:
            break
        gutter, first, last = cut
        yield from _parted(*_contents(bands[:first]), level, depth - 1)
        beside_words, beside_pieces = _contents(bands[first : last + 1])
        for right in (False, True):
            yield from _parted(
                [w for w in beside_words if (w.x1 > gutter + 1) == right],
                [p for p in beside_pieces if (p.box.x1 > gutter + 1) == right],
                level,
                depth - 1,
            )
        bands = bands[last + 1 :]
    if bands:
        yield _region(*_contents(bands))


def _bands(words: Sequence[Word], pieces: Sequence[Piece]) -> list[_Band]:
    bands = [_Band((line.y0 + line.y1) / 2, line.words) for line in lines_of(words)]
    bands += [_Band(p.box.y0, (), p) for p in pieces]
    return sorted(bands, key=lambda band: band.y)


def _region(words: Sequence[Word], pieces: Sequence[Piece]) -> Region:
    x0 = min([w.x0 for w in words] + [p.box.x0 for p in pieces])
    x1 = max([w.x1 for w in words] + [p.box.x1 for p in pieces])
    return Region(tuple(lines_of(words)), tuple(sorted(pieces, key=lambda p: p.box.y0)), x0, x1)


def _contents(bands: Sequence[_Band]) -> tuple[list[Word], list[Piece]]:
    words = [w for band in bands for w in band.words]
    return words, [band.piece for band in bands if band.piece is not None]


def _cut(bands: Sequence[_Band], level: Sequence[Ruling]) -> tuple[float, int, int] | None:
    """Return (x, first, last) of the gutter that parts most bands into columns."""
    best: tuple[int, float, int, int] | None = None
    for x in _candidates(bands):
        for first, last in _runs(bands, x):
            if best is not None and last - first < best[0]:
                continue
            stretch = _trimmed(bands, first, last, x)
            if stretch is None or (best is not None and stretch[1] - stretch[0] <= best[0]):
                continue
            if _is_gutter(bands[stretch[0] : stretch[1] + 1], x, level):
                best = (stretch[1] - stretch[0], x, *stretch)
    return None if best is None else best[1:]


def _candidates(bands: Sequence[_Band]) -> list[float]:
    """Return the middles of gaps that many bands have in common."""
    left = min(_edges(band)[0] for band in bands)
    right = max(_edges(band)[1] for band in bands)
    room = _MIN_SHARE * (right - left)
    gaps = [
        (a, b)
        for band in bands
        for a, b in _gaps(band, left, right)
        if b > left + room and a < right - room
    ]
    # The middles of the narrow gaps, and places just before what begins in many bands.
    places = Counter(round((a + b) / 2) for a, b in gaps if b - a < 60)
    places.update(round(b - 4) for _, b in gaps)
    likely = [float(x) for x, _ in places.most_common(24)]
    return [
        x
        for x in likely
        if left + room < x < right - room and sum(a <= x <= b for a, b in gaps) >= _MIN_ROWS
    ]


def _edges(band: _Band) -> tuple[float, float]:
    if band.piece is not None:
        return band.piece.box.x0, band.piece.box.x1
    return band.words[0].x0, max(w.x1 for w in band.words)


def _gaps(band: _Band, left: float, right: float) -> list[tuple[float, float]]:
    if band.piece is not None:
        box = band.piece.box
        return [g for g in ((left, box.x0), (box.x1, right)) if g[1] - g[0] >= _MIN_GAP]
    ends = [(left, left), *((w.x0, w.x1) for w in band.words), (right, right)]
    return [(a[1], b[0]) for a, b in pairwise(ends) if b[0] - a[1] >= _MIN_GAP]


def _runs(bands: Sequence[_Band], x: float) -> list[tuple[int, int]]:
    """Return stretches of bands that leave ``x`` free."""
    runs: list[tuple[int, int]] = []
    start = None
    for i, band in enumerate(bands):
        free = not band.crosses(x) and not _is_row_across(band, x)
        if free and start is None:
            start = i
        elif not free and start is not None:
            runs.append((start, i - 1))
            start = None
    if start is not None:
        runs.append((start, len(bands) - 1))
    return [run for run in runs if run[1] - run[0] + 1 >= _MIN_ROWS]


def _is_row_across(band: _Band, x: float) -> bool:
    """Tell a row of a table that lies across: no prose on the left, figures on the right."""
    left = [w for w in band.words if w.x1 <= x + 1]
    right = [w for w in band.words if w.x1 > x + 1]
    if right and is_reference(right[0].text):
        right = right[1:]
    if not left or not right or not is_figure(right[0].text) or not _on_one_base(band.words):
        return False
    # A long label reads like prose, but no column of text begins with several sums and no words.
    sums = sum(bool(_SUM.search(w.text)) for w in right)
    return all(is_figure(w.text) for w in right) and (sums > 1 or not is_prose(left))


def _on_one_base(words: Sequence[Word]) -> bool:
    low, high = min(w.y1 for w in words), max(w.y1 for w in words)
    return high - low <= _SAME_BASE * max(w.size for w in words) + 0.5


def _trimmed(bands: Sequence[_Band], first: int, last: int, x: float) -> tuple[int, int] | None:
    """Return the stretch without what lies on one side only before and after the columns."""
    both = [i for i in range(first, last + 1) if all(bands[i].sides(x))]
    left = [i for i in range(first, last + 1) if bands[i].sides(x)[0]]
    right = [i for i in range(first, last + 1) if bands[i].sides(x)[1]]
    if not left or not right:
        return None
    start, end = max(left[0], right[0]), min(left[-1], right[-1])
    if start > end and not both:
        return None
    # Text of one column may begin above, or end below, the other's.
    while start > first and _goes_above(bands, start):
        start -= 1
    # What stands above a line across is nearer to a column only if it goes on with it.
    reach = 3.2 if last + 1 == len(bands) else 1.9
    while end < last and _near(bands[end], bands[end + 1], reach):
        end += 1
    end = _without_foot(bands, start, end, x)
    return (start, end) if end - start + 1 >= _MIN_ROWS else None


def _goes_above(bands: Sequence[_Band], start: int) -> bool:
    """Tell whether a column begins above the other one; a larger line is the title of both."""
    above, below = bands[start - 1], bands[start]
    larger = _size(above) > _TITLE * _size(below) > 0
    return _near(above, below, 3.2) and not larger


def _size(band: _Band) -> float:
    return max((w.size for w in band.words), default=0.0)


def _without_foot(bands: Sequence[_Band], start: int, end: int, x: float) -> int:
    """Return the last band of columns without titles of what follows and remarks on both."""
    across = end + 1 < len(bands) and (
        bands[end + 1].crosses(x) or _is_row_across(bands[end + 1], x)
    )
    while across and end > start and not _has_sentence(bands[end], x):
        if not _near(bands[end], bands[end + 1], 2.2):
            break
        end -= 1
    single = end
    while single > start and not all(bands[single].sides(x)) and end - single < 2:
        single -= 1
    alone = end - single
    if 0 < alone <= 2 and all(bands[single].sides(x)) and not _has_sentence(bands[end], x):
        return single
    return end


def _has_sentence(band: _Band, x: float) -> bool:
    """Tell a band that holds more than a title or a remark on one of its sides."""
    if band.piece is not None:
        return True
    left = [w for w in band.words if w.x1 <= x + 1]
    right = [w for w in band.words if w.x1 > x + 1]
    for side in (left, right):
        text = "".join(w.text for w in side)
        if side and is_prose(side) and not is_note(text) and len(text) >= _SENTENCE:
            return True
    return False


def _near(above: _Band, below: _Band, sizes: float) -> bool:
    size = max((w.size for w in (*above.words, *below.words)), default=10.0)
    foot = above.piece.box.y1 if above.piece is not None else above.y
    return below.y - foot < sizes * size


def _is_gutter(bands: Sequence[_Band], x: float, level: Sequence[Ruling]) -> bool:
    """Tell columns of text from columns of a table."""
    if _is_twin(bands, x):
        return True
    top, foot = bands[0].y, bands[-1].y
    through = [r for r in level if top <= r.at <= foot and r.start < x - 8 and r.end > x + 8]
    if len({round(r.at / 3) for r in through}) > _MAX_RULINGS:
        return False
    words, pieces = _contents(bands)
    sides = [
        (lines_of(w for w in words if (w.x1 > x + 1) == right),
         [p for p in pieces if (p.box.x1 > x + 1) == right])
        for right in (False, True)
    ]  # fmt: skip
    (left, left_pieces), (right_, right_pieces) = sides
    if not (left_pieces or right_pieces) and min(own_words(left), own_words(right_)) < 0.5:
        return False
    if not right_pieces and _belong_to(right_, left):
        return False
    prose = [has_prose(left), has_prose(right_)]
    if all(prose):
        return True
    if (left_pieces and prose[1]) or (right_pieces and prose[0]):
        return True
    if (left_pieces or right_pieces) and not any(prose):
        return bool(left_pieces and right_pieces)
    told = [side for side, is_prose in zip((left, right_), prose, strict=True) if is_prose]
    if not any(map(says_something, told)):
        return False
    return not _share_bases(left, right_) or (not prose[1] and has_rows(right_))


def _belong_to(right: Sequence[Line], left: Sequence[Line]) -> bool:
    """Tell lines of nothing but figures, each in the middle of a label of one or more lines."""
    bare = [line for line in right if all(is_figure(w.text) for w in line.words)]
    first = right.index(bare[0]) if bare else 0
    if len(bare) < 2 or len(bare) * 3 < len(right[first:]) * 2:
        return False
    middles = [(a.y0 + b.y1) / 2 for i, a in enumerate(left) for b in left[i : i + 3]]
    beside = [any(abs((f.y0 + f.y1) / 2 - m) < _SAME_BASE * f.size for m in middles) for f in bare]
    return sum(beside) * 3 >= len(bare) * 2


def _share_bases(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Tell rows of one table by their common base lines."""
    few, many = sorted((left, right), key=len)
    if not few:
        return True
    bases = sorted(line.y1 for line in many)
    common = sum(any(abs(line.y1 - b) < _SAME_BASE * line.size for b in bases) for line in few)
    return common * 4 > len(few) * 3


def _is_twin(bands: Sequence[_Band], x: float) -> bool:
    """Tell two tables side by side: each has its own labels, and both repeat the same titles."""
    rows = [band for band in bands if band.piece is None]
    pairs = [
        ([w for w in band.words if w.x1 <= x + 1], [w for w in band.words if w.x1 > x + 1])
        for band in rows
    ]
    pairs = [(a, b) for a, b in pairs if a and b]
    if len(pairs) < _MIN_ROWS:
        return False
    own = sum(is_row(a) and is_row(b) for a, b in pairs)
    return own * 2 >= len(pairs) and any(_same_titles(a, b) for a, b in pairs[:8])


def _same_titles(left: Sequence[Word], right: Sequence[Word]) -> bool:
    a, b = [w.text for w in left], [w.text for w in right]
    size = min(len(a), len(b))
    for n in range(size, 1, -1):
        alike = sum(x == y for x, y in zip(a[-n:], b[-n:], strict=True))
        # In a picture one year of five may be read wrongly.
        if alike == n or (alike == n - 1 and n > _FIVE_TITLES and a[-1] == b[-1]):
            return not any(is_figure(t) and "," in t for t in (*a[-n:], *b[-n:]))
    return False
