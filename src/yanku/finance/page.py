"""A question while it is being read: its text, and which of its characters are understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yanku.finance.labels import has_han
from yanku.finance.saying import say
from yanku.model.blank import BLANK

_SHORT = re.compile(r"(?<![A-Za-z])[A-Z][A-Z&]{1,6}(?![A-Za-z])")
_LETTERS = re.compile(r"[A-Za-z]+")
_LATIN_A_HAN = 4
"""Letters that weigh as much as one Chinese character: about a word."""


@dataclass(slots=True)
class Page:
    """The question, and what has been understood of it.

    ``notes`` are sentences about how it was read, ``said`` the names of measures in it.
    """

    text: str
    language: str
    taken: list[bool] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = [False] * len(self.text)

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as understood."""
        for position in range(start, end):
            self.taken[position] = True

    def take_all(self, pattern: re.Pattern[str]) -> bool:
        """Mark everything that matches in what is left; tell whether anything did."""
        found = [m.span() for m in pattern.finditer(self.rest) if m[0].strip(BLANK + " ")]
        for start, end in found:
            self.take(start, end)
        return bool(found)

    def free(self, start: int, end: int) -> bool:
        """Tell whether nothing of a stretch is understood yet."""
        return not any(self.taken[start:end])

    @property
    def rest(self) -> str:
        """Return the text with what is understood blanked out; positions stay."""
        return "".join(BLANK if t else c for c, t in zip(self.text, self.taken, strict=True))

    def note(self, key: str, **values: str) -> None:
        """Tell of how something was read, once."""
        text = say(key, self.language, **values)
        if text not in self.notes:
            self.notes.append(text)


def language_of(text: str, typed: str = "") -> str:
    """Return ``zh`` or ``en``; a Chinese name in an English question leaves it English.

    Abbreviations in what was ``typed`` (ROE, EBITDA) are of no language.
    """
    short = {word.lower() for word in _SHORT.findall(typed)}
    words = [word for word in _LETTERS.findall(text) if word not in short and len(word) > 1]
    han = sum(has_han(sign) for sign in text)
    if not han and not words and typed:
        return language_of(typed)
    latin = sum(map(len, words))
    return "zh" if han and latin <= _LATIN_A_HAN * han else "en"


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with some stretches blanked out; positions stay."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = BLANK * (end - start)
    return "".join(signs)
