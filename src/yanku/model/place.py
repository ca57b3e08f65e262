"""Where something stands in a source, carried unchanged from the parser to the screen."""

from __future__ import annotations

from dataclasses import dataclass
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
