"""Words and ruling lines read from the picture of a page, however it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yanku.model.document import Flaw, Origin
from yanku.parse.again import looked_again
from yanku.parse.doubts import doubts_of
from yanku.parse.finder import Finder, Streak, common_angle
from yanku.parse.fitted import fitted
from yanku.parse.flat import Flat, Rect, View, levelled, seen_whole
from yanku.parse.ink import Ink, Ruling, Word
from yanku.parse.peers import compared
from yanku.parse.percents import with_percents
from yanku.parse.photograph import paper_of, straightened, unslanted
from yanku.parse.raised import ends_raised
from yanku.parse.seals import without_seals
from yanku.parse.seen import Reading, words_of
from yanku.parse.sheets import pages_of
from yanku.parse.speller import HEIGHT, LONGEST, Letter, Pixels, Speller
from yanku.parse.stacked import unstacked
from yanku.parse.stray import cleared, dashed, parted, signed
from yanku.parse.strokes import inked, rulings
from yanku.parse.tilt import tilt_of

FINDING_SIDE = 1440
"""Pixels of the long side at which lines are found; they are then read at full resolution."""
_SURE = 0.9
_TRIED = 8
"""Lines by which it is told whether a page stands on its head."""
_TALL = 1.5
_SHORT = 4
"""Letters of a mark that stands alone beside the lines that were found."""
_TRIANGLES = 2
"""Figures with △ for a minus from which others of a page may have lost theirs."""
_SLIP = 1.6
"""Widths of a sheet from which its height makes it a slip of paper."""
_NONE = 0.5
"""Mean trust below which what was read is no writing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was read from a picture, sheet by sheet, and what of it is not certain."""

    inks: tuple[Ink, ...]
    doubts: tuple[Flaw, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """Return all words, each where it stands on its own sheet."""
        return tuple(word for ink in self.inks for word in ink.words)

    @property
    def shown_size(self) -> tuple[float, float]:
        """Return width and height of the picture as shown, in points."""
        return self.inks[0].shown_size


class Eyes:
    """Reads pictures; the networks are loaded when the first one is read."""

    def __init__(self) -> None:
        self._finder = Finder(FINDING_SIDE)
        self._speller = Speller()

    def read(self, picture: Image.Image, number: int, dpi: float) -> Sight:
        """Return what stands on the picture of page ``number`` taken at ``dpi``.

        A page that lies askew, on its side or upside down is turned until its lines are level.
        """
        pixels = without_seals(np.asarray(picture.convert("RGB")), dpi)
        paper = paper_of(pixels)
        view = unslanted(seen_whole(pixels), paper)
        flat, lines = self._upright(*self._standing(view))
        dark = inked(flat.grey())
        level, upright = rulings(dark, dpi, _height(lines), _boxes(lines))
        dark = cleared(dark, level, upright, dpi / 72)
        lines = _single(flat, lines, dark, [Ruling(*(v * dpi / 72 for v in r)) for r in level])
        lines = _completed(flat, lines, *parted(dark, _boxes(lines)))
        readings = self._read(lines, 72 / dpi)
        slip = _is_slip(flat)
        words = [w for reading in readings for w in words_of(reading, upright, slip=slip)]
        triangles = sum(each.word.text.startswith("△") for each in words) >= _TRIANGLES
        words = [signed(each, dark, dpi / 72, triangles=triangles) for each in words]
        words = compared(words, lambda word: ends_raised(word, dark, dpi / 72))
        words = with_percents([dashed(each, dark, dpi / 72) for each in words])
        if not slip:  # there words belong together, and nothing stands in columns
            words = fitted(words, dark, dpi / 72, level=paper is None and flat.bend is None)
        ink = Ink(
            number,
            flat.width * 72 / dpi,
            flat.height * 72 / dpi,
            Origin.OCR,
            tuple(each.word for each in words),
            level,
            upright,
            lens=flat.lens(dpi),
        )
        on = None if paper is None else paper * (72 / dpi)
        return Sight(pages_of(ink, on), doubts_of(ink, words))

    def _standing(self, view: View) -> tuple[View, list[Streak]]:
        """Return the view with most of its lines across, and the lines."""
        streaks = self._finder.find(view.pixels)
        long = [s for s in streaks if s.length > 2 * s.height]
        if sum(abs(s.angle) > 45 for s in long) * 2 <= len(long):
            return view, streaks
        view = view.turned(1)
        return view, self._finder.find(view.pixels)

    def _upright(self, view: View, streaks: list[Streak]) -> tuple[Flat, list[Line]]:
        """Return the level sheet the right way up, and its lines.

        A few lines tell which way is up; those are read when this returns.
        """
        tilt = tilt_of(view.pixels, common_angle(streaks))
        flat = levelled(view, tilt)
        lines = lines_of(flat, streaks)
        tried = sorted(lines, key=lambda line: line.strip.shape[1], reverse=True)[:_TRIED]
        spelled = self._speller.spell([line.strip for line in tried])
        if tried and _trust(spelled) < _SURE:
            over = self._speller.spell([line.strip[::-1, ::-1] for line in tried])
            if _trust(over) > _trust(spelled):
                flat = levelled(view.turned(2), tilt)
                size = np.array(view.size, dtype=np.float64)
                streaks = [replace(s, outline=size - s.outline) for s in streaks]
                return self._straight(flat, streaks, lines_of(flat, streaks))
        for line, letters in zip(tried, spelled, strict=True):
            line.letters = letters
        return self._straight(flat, streaks, lines)

    def _straight(
        self, flat: Flat, streaks: Sequence[Streak], lines: list[Line]
    ) -> tuple[Flat, list[Line]]:
        """Return the sheet with its bends taken out, and the lines as they then stand."""
        straight = straightened(flat, streaks)
        if straight is flat:
            return flat, lines
        return straight, lines_of(straight, self._finder.find(straight.view.pixels))

    def _read(self, lines: Sequence[Line], scale: float) -> list[Reading]:
        """Return the lines that say something, measured in points."""
        rest = [line for line in lines if line.letters is None]
        spelled = self._speller.spell([line.strip for line in rest])
        for line, letters in zip(rest, spelled, strict=True):
            line.letters = letters
        read = [line.letters or () for line in lines]
        read = looked_again(read, [line.strip for line in lines], self._speller.spell)
        for line, weighed in zip(lines, read, strict=True):
            line.letters = weighed
        said = [line for line in lines if not line.stray or _is_mark(line.letters or ())]
        readings = (_reading(line, scale) for line in said)
        return [reading for reading in readings if reading.trust >= _NONE]


@dataclass(slots=True)
class Line:
    """A line of writing: its rectangle on the sheet, its picture, and its letters once read."""

    rect: Rect
    strip: Pixels
    letters: tuple[Letter, ...] | None = None
    stray: bool = False


def _is_slip(flat: Flat) -> bool:
    """Tell a receipt from a sheet by how narrow it is."""
    return flat.height > _SLIP * flat.width


def _boxes(lines: Sequence[Line]) -> list[Rect]:
    return [line.rect for line in lines]


def _single(
    flat: Flat, lines: Sequence[Line], dark: NDArray[Any], level: Sequence[Ruling]
) -> list[Line]:
    """Return the lines, those that were found as one each by itself; rulings are in pixels."""
    usual = _height(lines)
    stacks = unstacked(dark, _boxes(lines), usual, level)
    return [
        each
        for i, line in enumerate(lines)
        for each in ([Line(r, _strip(flat, r, usual)) for r in stacks.get(i, ())] or [line])
    ]


def _completed(
    flat: Flat, lines: Sequence[Line], wider: Mapping[int, Rect], marks: Sequence[Rect]
) -> list[Line]:
    """Return the lines with what was left out of them, and lines of the marks beside them."""
    usual = _height(lines)
    out = list(lines)
    for i, rect in wider.items():
        out[i] = Line(rect, _strip(flat, rect, usual))
    return [*out, *(Line(rect, _strip(flat, rect, usual), stray=True) for rect in marks)]


def _is_mark(letters: Sequence[Letter]) -> bool:
    """Tell a lone mark that is surely a digit, a letter or a dash from dirt.

    A dash has its shape already; there is little to read in it.
    """
    text = "".join(letter.text for letter in letters).strip()
    if not 0 < len(text) <= _SHORT:
        return False
    if not text.strip("-—–−一"):
        return _trust([letters]) >= _NONE
    return text.isalnum() and _trust([letters]) >= _SURE


def lines_of(flat: Flat, streaks: Sequence[Streak]) -> list[Line]:
    """Return the pictures of the lines that were found."""
    rects = _rects(flat, streaks)
    usual = _usual(rects)
    return [Line(rect, _strip(flat, rect, usual)) for rect in rects]


def _usual(rects: Sequence[Rect]) -> float:
    return median(y1 - y0 for _, y0, _, y1 in rects) if rects else 0.0


def _height(lines: Sequence[Line]) -> float:
    """Return how high most lines are, in pixels."""
    return _usual([line.rect for line in lines])


def _reading(line: Line, scale: float) -> Reading:
    x0, y0, x1, y1 = (v * scale for v in line.rect)
    per = (x1 - x0) / line.strip.shape[1]
    letters = (Letter(each.text, x0 + each.at * per, each.trust) for each in line.letters or ())
    return Reading(x0, y0, x1, y1, tuple(letters))


def _rects(flat: Flat, streaks: Sequence[Streak]) -> list[Rect]:
    """Return the lines as upright rectangles of the sheet, widened from their cores."""
    found = []
    for streak in streaks:
        points = flat.levelled(streak.outline)
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        grow = Streak(0, 0, x1 - x0, y1 - y0, 0, streak.outline, 0).growth
        x0, y0 = max(0.0, x0 - grow), max(0.0, y0 - grow)
        x1, y1 = min(flat.width, x1 + grow), min(flat.height, y1 + grow)
        found.append((float(x0), float(y0), float(x1), float(y1)))
    return sorted(found, key=lambda rect: (rect[1], rect[0]))


def _strip(flat: Flat, rect: Rect, usual: float) -> Pixels:
    """Return the picture of a line; one that runs downwards is laid on its side."""
    x0, y0, x1, y1 = rect
    if y1 - y0 <= max(_TALL * (x1 - x0), 2.2 * usual):
        return flat.strip(rect, HEIGHT, LONGEST)
    wide = max(1, round(HEIGHT * (y1 - y0) / (x1 - x0)))
    upright = flat.strip(rect, min(LONGEST, wide), HEIGHT)
    return np.ascontiguousarray(np.rot90(upright))


def _trust(spelled: Sequence[Sequence[Letter]]) -> float:
    """Return the mean trust of all letters."""
    trusts = [letter.trust for letters in spelled for letter in letters]
    return sum(trusts) / len(trusts) if trusts else 0.0
