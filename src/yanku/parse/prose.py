"""What lines on a page look like: running text, or rows of a label and figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from yanku.parse.ink import Line, Word, line_of
from yanku.parse.piece import is_figure

_MIN_LINES = 4
"""Fewer lines are neither a text nor a table."""
_MIN_CHARACTERS = 12
_STOP = re.compile(r"[。，；！？]|[,.;](?:\s|$)")
_MANY = 8


def is_prose(words: Sequence[Word]) -> bool:
    """Tell words that make up sentences; there may be several columns of them."""
    runs: list[int] = [0]
    for left, right in pairwise([words[0], *words]):
        if right.x0 - left.x1 > 2 * left.size:
            runs.append(0)
        runs[-1] += 0 if is_figure(right.text) else len(right.text)
    return sum(run >= _MIN_CHARACTERS for run in runs) * 2 > len(runs)


def has_prose(lines: Sequence[Line]) -> bool:
    """Tell running text: most lines fill the column with words, or many follow each other."""
    if len(lines) < _MIN_LINES:
        return False
    # A line that reaches farther than nearly all others stands above the column, not in it.
    x0, x1 = min(line.x0 for line in lines), sorted(line.x1 for line in lines)[len(lines) * 4 // 5]
    full = [
        line.x1 - line.x0 > 0.7 * (x1 - x0) and is_prose(line.words) and not has_figures(line)
        for line in lines
    ]
    if sum(full) * 2 >= len(lines) or (sum(full) >= 6 and sum(full) * 3 >= len(lines)):
        return True
    ends = sum(
        is_full and not next_is_full and _STOP.search(below.text[-1:]) is not None
        for (is_full, next_is_full), below in zip(pairwise(full), lines[1:], strict=True)
    )
    return ends > 1 and (sum(full) + ends) * 5 >= len(lines) * 3


def has_rows(lines: Sequence[Line]) -> bool:
    """Tell a small table beside a text: most of its lines are a label and a figure."""
    rows = sum(is_row(line.words) for line in lines)
    return len(lines) >= _MIN_LINES and rows * 4 >= len(lines) * 3


def is_row(words: Sequence[Word]) -> bool:
    """Tell a row of a table: it begins with words and ends on a figure."""
    line = line_of(words)
    return not is_figure(line.words[0].text) and is_figure(line.words[-1].text)


def says_something(lines: Sequence[Line]) -> bool:
    """Tell sentences from a few long labels: they have stops, or there are many lines."""
    stops = sum(_STOP.search(line.text) is not None for line in lines)
    return stops * 3 > len(lines) or len(lines) >= _MANY


def own_words(lines: Sequence[Line]) -> float:
    """Return how many of the lines begin with words: a column of bare figures belongs to labels."""
    return sum(not is_figure(line.words[0].text) for line in lines) / max(1, len(lines))


def has_figures(line: Line) -> bool:
    """Tell a line a third of which are figures."""
    return sum(is_figure(w.text) for w in line.words) * 3 >= max(3, len(line.words))
