"""Characters of a page, one after the other, made into words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from statistics import median_low

from yanku.parse.ink import Ruling, Word
from yanku.parse.marks import narrowed, unmarked, with_raised

_SMALL = 0.82
"""A character of less than this share of its word's height may be a raised mark."""
_RAISED = 0.14
_TOUCHING = 0.35


class Crossing:
    """Tells whether an upright ruling passes between two characters."""

    def __init__(self, upright: tuple[Ruling, ...]) -> None:
        self._rulings = sorted(upright)
        self._at = [r.at for r in self._rulings]

    def between(self, left: float, right: float, y: float) -> bool:
        """Tell whether a ruling stands in ``left..right`` at height ``y``."""
        for i in range(bisect_left(self._at, left), len(self._at)):
            ruling = self._rulings[i]
            if ruling.at > right:
                return False
            if ruling.start <= y <= ruling.end:
                return True
        return False


class Weaver:
    """Puts characters together to words; ``is_bold`` and ``is_askew`` look at one by its index."""

    def __init__(
        self,
        crossing: Crossing,
        is_bold: Callable[[int], bool],
        is_askew: Callable[[int], bool],
    ) -> None:
        self._crossing = crossing
        self._is_bold = is_bold
        self._is_askew = is_askew
        self._seen: dict[tuple[str, int, int], int] = {}
        self._run: list[str] = []
        self._raised: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._heights: list[float] = []
        self._first = 0
        self.words: list[Word] = []
        self.askew: list[Word] = []

    def add(self, index: int, character: str, box: tuple[float, float, float, float]) -> None:
        """Take up the next character of the page."""
        left, top, right, bottom = box
        x0, y0, x1, y1 = self._box
        if self._run:
            if self._is_raised(box):
                self._raised.append(character)
                self._box = (x0, y0, max(x1, right), y1)
                return
            height = bottom - top
            small = min(height, y1 - y0)
            gap = left - x1
            if (
                gap > 0.25 * small
                or gap < -0.5 * height
                or abs((top + bottom) - (y0 + y1)) > small * 0.8
                or self._crossing.between(x1 - 1, left + 1, (top + bottom) / 2)
            ):
                self.close()
        if not self._run:
            self._box, self._first, self._heights = box, index, []
        else:
            self._settle()
            x0, y0, x1, y1 = self._box
            self._box = (x0, min(y0, top), max(x1, right), max(y1, bottom))
        self._run.append(character)
        self._heights.append(bottom - top)

    def _is_raised(self, box: tuple[float, float, float, float]) -> bool:
        """Tell a small character that stands above the base line, right behind its word."""
        left, top, _, bottom = box
        _, y0, x1, y1 = self._box
        height = y1 - y0
        if bottom - top >= _SMALL * height or left - x1 > _TOUCHING * height:
            return False
        above = y1 - bottom > _RAISED * height and top + bottom < y0 + y1
        return above and left >= x1 - 0.2 * height and bottom > y0

    def _settle(self) -> None:
        """Let raised characters go if they are a mark."""
        if self._raised:
            self._run = [with_raised("".join(self._run), "".join(self._raised))]
            self._raised = []

    def close(self) -> None:
        """End the word at hand."""
        if not self._run:
            return
        self._settle()
        text = narrowed(unmarked("".join(self._run)))
        self._run = []
        x0, y0, x1, y1 = self._box
        key = (text, round(x0 / 2), round(y0 / 2))
        if key in self._seen:
            # Printed again with a slight shift: that is how some writers make it bold.
            at = self._seen[key]
            if at >= 0 and (x0, y0) != (self.words[at].x0, self.words[at].y0):
                self.words[at] = self.words[at]._replace(bold=True)
            return
        askew = self._is_askew(self._first)
        bold = not askew and self._is_bold(self._first)
        word = Word(text, x0, y0, x1, y1, self._size(), bold)
        self._seen[key] = -1 if askew else len(self.words)
        (self.askew if askew else self.words).append(word)

    def _size(self) -> float:
        """Return the size of most characters of the word at hand.

        Fonts of two scripts reach up and down differently, so that the box around both is larger
        than either.
        """
        return median_low(self._heights)
