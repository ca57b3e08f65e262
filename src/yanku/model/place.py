"""Where something stands in a source, carried unchanged from the parser to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch), origin at the top left, y growing downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def united(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


@dataclass(frozen=True, slots=True)
class OnPage:
    """A page, counted from 1, and the box on it; no box means the whole page."""

    page: int
    box: Box | None = None
    kind: Literal["page"] = "page"


@dataclass(frozen=True, slots=True)
class InSheet:
    """A sheet by name and a cell or range in A1 notation, such as ``B4`` or ``B4:F9``."""

    sheet: str
    cells: str
    kind: Literal["sheet"] = "sheet"


@dataclass(frozen=True, slots=True)
class InText:
    """Lines of a document without pages, counted from 1, both ends included.

    For a Word file a line is one paragraph or one table row, in reading order.
    """

    first_line: int
    last_line: int
    kind: Literal["text"] = "text"


Place = OnPage | InSheet | InText


def page_number(place: Place | None) -> int:
    """Return the page of a place, 0 if it is on none."""
    return place.page if isinstance(place, OnPage) else 0


def column_number(letters: str) -> int:
    """Return the number of a sheet's column from 1: ``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(maxsize=20_000)
def column_letters(number: int) -> str:
    """Return the letters of a sheet's column counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
