"""Letters read from a picture made into words, with numbers as they must be printed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yanku.parse.ink import Ruling, Word, is_wide
from yanku.parse.misread import mended_text
from yanku.parse.speller import Letter

_FONT = 0.86
"""A found line is a little higher than its font."""
_APART, _UNLIKE = 0.7, 0.4
"""Sizes of the font between two letters that belong to different words; a figure and a Han."""
_TOGETHER = 1.2
"""The same on a slip of paper, where nothing stands in columns."""
_COVERED = 0.8
"""Share of a line's height that a ruling crosses if it parts the line; no letter's stroke does."""
_NO_GAP = 1.4
"""Distances of two digits within which no blank is, whatever the recogniser says."""
_BESIDE = 0.45
"""Sizes of the font between two figures, or two years, that stand in columns of their own."""
_PITCHES = 1.9
"""Distances of two digits to the size of their font; lines are found higher than they are."""
_IN_COLUMN = re.compile(
    r"[(（]?[-−–△]?(?:\d{1,3}(?:[,，.]\d{3})+(?:\.\d+)?|\d+\.\d{2})[)）]?%?"
    r"|(?:FY)?(?:19|20)\d\d年?(?:度|末)?[AE]?"
)
_NOTE = re.compile(r"[一二三四五六七八九十]{1,3}[、,，.·]?\d{1,2}")
"""The number of a note, whose middle mark is small: a column of its own."""
_FIGURE = frozenset("0123456789.,，。()（）-−–%")
_ENDING = frozenset(")）")
_CLOSING, _OPENING = frozenset(")）]】》、。；：%"), frozenset("(（[【《")
"""What no blank is printed before, and after."""
_DIGITS = re.compile(r"(?P<sign>[(（]?[-−–]?)(?P<body>[\d.,，。]+)(?P<end>[)）]?%?)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One line as it was read: its box in points, and its letters measured in points."""

    x0: float
    y0: float
    x1: float
    y1: float
    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """Return the line as it reads."""
        return "".join(letter.text for letter in self.letters)

    @property
    def trust(self) -> float:
        """Return the mean trust of its letters, 0 to 1."""
        return sum(each.trust for each in self.letters) / max(1, len(self.letters))

    @property
    def size(self) -> float:
        """Return the size of its font in points."""
        return (self.y1 - self.y0) * _FONT


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word and how sure it is: by its least certain digit, or by its letters on the whole.

    ``start`` and ``end`` are where the middles of its first and last letters stand; ``signed``
    tells a number whose minus was seen and not read.
    """

    word: Word
    trust: float
    start: float
    signed: bool = False
    end: float = math.inf


def words_of(reading: Reading, upright: Sequence[Ruling], *, slip: bool = False) -> list[Spoken]:
    """Return a line as words, cut where an upright ruling or a wide gap parts it.

    On a ``slip`` of paper a gap must be wider.
    """
    marks = [letter for letter in reading.letters if not letter.text.isspace()]
    if not marks:
        return []
    spans = _spans(marks, reading)
    inset = (1 - _COVERED) / 2 * (reading.y1 - reading.y0)
    cuts = [r.at for r in upright if r.start <= reading.y0 + inset and r.end >= reading.y1 - inset]
    cuts = [at for at in cuts if reading.x0 + 4 < at < reading.x1 - 4]
    gaps = [right[0] - left[1] for left, right in pairwise(spans)]
    parts = [0]
    for i, (left, right) in enumerate(pairwise(spans), 1):
        unlike = is_wide(marks[i - 1].text[0]) != is_wide(marks[i].text[0])
        least = _TOGETHER if slip else _UNLIKE if unlike else _APART
        apart = gaps[i - 1] > least * reading.size and marks[i].text not in _ENDING
        if apart or any(sum(left) / 2 < at <= sum(right) / 2 for at in cuts):
            parts.append(i)
    texts = [mark.text for mark in marks]
    if _NOTE.fullmatch("".join(texts)):
        parts = [0]
    pitch = _figure_pitch(marks)
    size = min(reading.size, pitch * _PITCHES) if pitch else reading.size
    parts = _in_columns(texts, gaps, parts, _BESIDE * size)
    whole = len(parts) == 1
    found = []
    for first, end in pairwise([*parts, len(marks)]):
        x0 = reading.x0 if whole else spans[first][0]
        x1 = reading.x1 if whole else spans[end - 1][1]
        text = _text(reading.letters, marks[first].at, marks[end - 1].at)
        text = mended_text(mended_number(text))
        word = Word(text, x0, reading.y0, x1, reading.y1, reading.size)
        trust = _surety(marks[first:end])
        found.append(Spoken(word, trust, marks[first].at, end=marks[end - 1].at))
    return found


def _in_columns(
    marks: Sequence[str], gaps: Sequence[float], parts: Sequence[int], least: float
) -> list[int]:
    """Return where words begin; figures and years side by side are words of their own."""
    found = []
    for first, end in pairwise([*parts, len(marks)]):
        inner = [i for i in range(first + 1, end) if gaps[i - 1] > least]
        runs = ["".join(marks[a:b]) for a, b in pairwise([first, *inner, end])]
        found += [first, *inner] if all(map(_IN_COLUMN.fullmatch, runs)) else [first]
    return found


def _surety(marks: Sequence[Letter]) -> float:
    digits = [mark.trust for mark in marks if mark.text.isdigit()]
    return min(digits) if digits else sum(mark.trust for mark in marks) / len(marks)


def _text(letters: Sequence[Letter], start: float, end: float) -> str:
    """Return what stands from one letter to another, without blanks that no gap stands for."""
    kept = [letter for letter in letters if start <= letter.at <= end]
    figures = [letter for letter in kept if not letter.text.isspace()]
    pitch = _figure_pitch(figures)
    out = []
    for i, letter in enumerate(kept):
        if letter.text.isspace() and 0 < i < len(kept) - 1:
            left, right = kept[i - 1], kept[i + 1]
            if _is_figure(left) and _is_figure(right) and right.at - left.at < _NO_GAP * pitch:
                continue
            if right.text in _CLOSING or left.text in _OPENING:
                continue
            if left.text.isdigit() and right.text in ".," and kept[i + 2 : i + 3]:
                continue
        out.append(letter.text)
    return "".join(out).strip()


def _is_figure(letter: Letter) -> bool:
    return letter.text in _FIGURE


def _figure_pitch(letters: Sequence[Letter]) -> float:
    """Return how far the digits of a number stand apart: wide ones as far as Han characters."""
    steps = [b.at - a.at for a, b in pairwise(letters) if a.text.isdigit() and b.text.isdigit()]
    return median(steps) if steps else 0.0


def _spans(marks: Sequence[Letter], reading: Reading) -> list[tuple[float, float]]:
    """Return from where to where each letter reaches; only its middle is known for sure."""
    wide = [is_wide(mark.text[0]) for mark in marks]
    steps = list(zip(pairwise(marks), pairwise(wide), strict=True))
    full = _pitch([b.at - a.at for (a, b), kinds in steps if all(kinds)], reading.size)
    half = _pitch([b.at - a.at for (a, b), kinds in steps if not any(kinds)], reading.size / 2)
    reach = [(full if each else half) / 2 for each in wide]
    spans = [(mark.at - r, mark.at + r) for mark, r in zip(marks, reach, strict=True)]
    for i, (left, right) in enumerate(pairwise(spans)):
        if left[1] > right[0]:
            meet = (left[1] + right[0]) / 2
            spans[i], spans[i + 1] = (left[0], meet), (meet, right[1])
    return [(max(reading.x0, a), min(reading.x1, b)) for a, b in spans]


def _pitch(steps: Sequence[float], usual: float) -> float:
    """Return how far letters stand apart where nothing parts them."""
    close = [step for step in steps if step < 1.6 * usual]
    return min(median(close), 1.3 * usual) if close else usual


def mended_number(text: str) -> str:
    """Return a number whose separators were mistaken for one another as it must be printed.

    Commas and full stops look alike in a scan. Digits are never touched, and a number stays as it
    is unless its groups of three leave one reading: ``1.234.567,89`` is 1,234,567.89.
    """
    match = _DIGITS.fullmatch(text)
    if match is None:
        return text
    groups = re.split("[.,，。]", match["body"])
    if len(groups) < 3 or not 1 <= len(groups[0]) <= 3:
        return text
    last = groups[-1]
    if any(len(group) != 3 for group in groups[1:-1]) or len(last) not in {1, 2, 3}:
        return text
    joint = "." if len(last) < 3 else ","
    return f"{match['sign']}{','.join(groups[:-1])}{joint}{last}{match['end']}"
