"""Lines of running text made into headings, paragraphs, items of lists and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yanku.model.document import Heading, Paragraph, Role
from yanku.parse.glue import run_on
from yanku.parse.headings import heading_level, numbering
from yanku.parse.ink import Ink, Line, is_wide, united

_BULLET = re.compile(
    r"[●•▪■◆◇➢▶►◼○✦➤]\s?(?=\S)|[–—\-*☐·]\s|[a-z][.)]\s|(?:[ivx]{1,4})[.)]\s|[①-⑳⑴-⒇❶-❿]"
)
_MARKED = re.compile(r"[□√☑☒✓]|其中[：:]")
_NOTE = re.compile(
    r"(?:附?注|备注)\s?\d{0,2}\s?[：:]|注\s?[\d①-⑩]{1,2}\s|[（(【\[]注\s?\d{0,2}[)）】\]]"
    r"|notes?\s?\d{0,2}\s?:|(?:资料|数据)来源\s?[：:]|sources?\s?:|[*†‡§]{1,3}\s?(?=[^\s\d*])",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"(?:\d{1,2}|[¹²³⁰⁴-⁹]{1,2}|[a-e]|[（(](?:\d{1,2}|[a-e])[）)])\s?(?=[^\d.,，%\s])"
)
_END = ("。", "；", "！", "？", ".", ";", ":", "：", "!", "?", "…")
_STOPS = ("。", "；", ".", ";", "！", "？", "!", "?", "”", "）", ")")
_CLOSING = "”’\"'）)】]》"
_FEW = 5
_BRACKETED = 3
_LONG = 25
"""Characters of a line that is more likely running text than a title."""
_APART = 1.9
"""Sizes of the font from line to line within a text at most, behind a title."""


@dataclass(frozen=True, slots=True)
class Text:
    """A block of text; ``hangs`` tells that it stops in mid-sentence at the foot of its column.

    ``goes_on`` tells that it may go on with such a one: it begins the column and nothing marks
    a beginning.
    """

    block: Heading | Paragraph
    size: float
    hangs: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How text is set on a page: the size of most of it, and where its lines end."""

    body: float
    right: float = 0.0


def ends(text: str) -> bool:
    """Tell whether a text ends a sentence."""
    return text.rstrip(_CLOSING)[-1:] in _END


def is_note(text: str) -> bool:
    """Tell a remark by what it begins with: 注：, 资料来源：, Note:, *."""
    return _NOTE.match(text) is not None


def texts_of(ink: Ink, lines: Sequence[Line], measure: Measure) -> list[Text]:
    """Return what consecutive lines of one column say."""
    if not lines:
        return []
    column = _Column(lines, measure)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and column.runs_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [column.text(ink, group) for group in groups]


class _Column:
    """What the lines of one column have in common."""

    def __init__(self, lines: Sequence[Line], measure: Measure) -> None:
        self._body = measure.body
        self._left = min(line.x0 for line in lines)
        right = sorted(line.x1 for line in lines)[int(len(lines) * 0.9)]
        few = len(lines) < _FEW
        self._right = max(right, measure.right) if few else right
        steps = [b.y1 - a.y1 for a, b in pairwise(lines) if b.y1 - a.y1 < 3.2 * a.size]
        self._pitch = median(steps) if len(steps) >= _FEW - 2 else 0.0

    def runs_on(self, group: Sequence[Line], line: Line) -> bool:
        """Tell whether a line goes on with the paragraph above it."""
        last, size = group[-1], line.size
        step = line.y1 - last.y1
        if step > max(2.4 * size, 1.2 * self._pitch) or abs(size - last.size) > 0.25 * size:
            return False
        text, above = line.text, last.text
        if self._begins(text, group) or re.search(r"[□√☑☒✓]\s?(?:不适用|适用|是|否)$", above):
            return False
        if self._pitch and step > 1.35 * self._pitch and ends(above):
            return False
        if _is_indented(line, group, self._left):
            return False
        ended = ends(above)
        if ended and line.x1 < self._right - 6 * size and text[-1:] not in _STOPS:
            return False  # what stands on a line of its own and is no sentence introduces something
        apart = step > _APART * size and not self._is_set_alike(last, line)
        if len(group) == 1 and apart and self._is_heading(last):
            return False  # the longest line of its column, and yet a title of its own
        if self._is_full(last, line, ended=ended):
            return True
        if len(group) == 1 and heading_level(last, above, self._body) is not None:
            return False
        if len(above) >= _LONG and line.x1 <= last.x1 + size and line.x0 <= last.x0 + 0.5 * size:
            return not ended
        return False

    def _is_set_alike(self, last: Line, line: Line) -> bool:
        """Tell long lines of one look as far apart as all are: wide spacing makes no title."""
        step = line.y1 - last.y1
        same = last.bold == line.bold and abs(line.size - last.size) < 0.06 * line.size
        return same and len(last.text) >= _LONG and 0 < step < 1.15 * self._pitch

    def _is_heading(self, line: Line) -> bool:
        return heading_level(line, line.text, self._body) is not None

    def _begins(self, text: str, group: Sequence[Line]) -> bool:
        if _BULLET.match(text) or _MARKED.match(text) or _NOTE.match(text):
            return True
        depth = numbering(text)
        if depth is None:
            return False
        # A number at the start of a line is no numbering where the sentence above is cut: 参见附注
        # 五、over （十一）.
        last = group[-1]
        cut = self._is_full(last, last, ended=True)
        if depth == _BRACKETED and not ends(last.text):
            return not cut or self._is_heading(last)
        return not (depth >= 4 and len(group) > 1 and cut)

    def _is_full(self, last: Line, line: Line, *, ended: bool) -> bool:
        """Tell whether the line above had no room for the first word of this one."""
        room = self._right - last.x1
        if last.x0 > self._left + 0.5 * (self._right - self._left):
            return False  # a date or a name set at the right
        if ended:
            return room < 1.0 * line.size
        return room < max(2.2 * line.size, _first_width(line) + 0.4 * line.size)

    def text(self, ink: Ink, group: Sequence[Line]) -> Text:
        """Return the block that the lines of a group form."""
        words = ""
        for line in group:
            words = run_on(words, line.text.strip())
        place = ink.place(united(line.box for line in group))
        first, last = group[0], group[-1]
        level = self._level(group, words)
        block: Heading | Paragraph
        if level is not None:
            block = Heading(words, level, place)
        else:
            block = Paragraph(words, place, self._role(ink, first, words))
        plain = isinstance(block, Paragraph) and block.role in (Role.TEXT, Role.ITEM)
        hangs = plain and not ends(words) and self._right - last.x1 < 2.2 * last.size
        open_ = plain and block.text[:1] not in "□√☑☒✓" and first.x0 < self._left + 1.4 * first.size
        begins = _BULLET.match(words) or _NOTE.match(words) or numbering(words) is not None
        return Text(block, first.size, hangs and len(words) > 20, open_ and not begins)

    def _level(self, group: Sequence[Line], words: str) -> int | None:
        if _NOTE.match(words):
            return None
        first = group[0]
        if len(group) == 1:
            return heading_level(first, words, self._body)
        if len(group) > 3 or any(line.bold != first.bold for line in group):
            return None
        if not first.bold and first.size < self._body * 1.12:
            return None
        return heading_level(first, words, self._body)

    def _role(self, ink: Ink, first: Line, words: str) -> Role:
        if _NOTE.match(words):
            return Role.NOTE
        small = first.size < 0.92 * self._body and first.y0 > 0.25 * ink.height
        if small and _FOOTNOTE.match(words):
            return Role.NOTE
        depth = numbering(words)
        if _BULLET.match(words) or (depth is not None and depth >= 3):
            return Role.ITEM
        return Role.TEXT


def _is_indented(line: Line, group: Sequence[Line], left: float) -> bool:
    """Tell a first line set in; the lines of an item hang under its text, not under its mark."""
    last, size = group[-1], line.size
    if line.x0 <= left + 1.4 * size or line.x0 <= last.x0 + 0.5 * size:
        return False
    first = group[0]
    item = _BULLET.match(first.text) or numbering(first.text) is not None or _NOTE.match(first.text)
    if item and len(group) == 1 and len(first.words) > 1:
        return abs(line.x0 - first.words[1].x0) > 0.8 * size
    return True


def _first_width(line: Line) -> float:
    """Return how wide the part of a line is that no break may fall into."""
    word = line.words[0]
    if not word.text:
        return 0.0
    count = 0
    for character in word.text:
        if is_wide(character):
            break
        count += 1
    return max(1, count) * (word.x1 - word.x0) / len(word.text)
