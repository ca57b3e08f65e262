"""Tells strips of a shaded column or row from ruling lines, when both are drawn as thin fills.

│ label      ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▏   A cell of figures is shaded in pieces: room for the sign of
│ Cash       ▒$▒▒▒▒▒▒9,889▒▏   money, the figure, and a strip of a point or two for the
│ Goodwill   ▒▒▒▒▒▒▒▒▒▒242▒▏   bracket. The strip is part of the shade, and parts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from yanku.parse.ink import Ruling

Colour = tuple[int, int, int]
_Rect = tuple[float, float, float, float]

_PALE = 185
"""Mean of the channels from which on a fill is shade that text is read on."""
_TOUCH = 0.7
_BESIDE = 0.5
"""Share of the shorter of two sides along which they touch."""
_ALL_BUT = 0.9
"""Share of the strips of one colour that lie beside its areas, where they are all shade."""


def is_pale(colour: Colour) -> bool:
    """Tell a shade behind text from ink."""
    return sum(colour) >= 3 * _PALE


@dataclass(slots=True)
class Washes:
    """The pale areas of a page and the pale strips that may belong to them."""

    strips: dict[Colour, list[tuple[Ruling, _Rect]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _edges: dict[tuple[Colour, bool, int], list[Ruling]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def area(self, colour: Colour, box: _Rect) -> None:
        """Take up an area that is filled with one colour."""
        x0, y0, x1, y1 = box
        for at in (x0, x1):
            self._edges[colour, True, round(at)].append(Ruling(at, y0, y1))
        for at in (y0, y1):
            self._edges[colour, False, round(at)].append(Ruling(at, x0, x1))

    def strip(self, colour: Colour, ruling: Ruling, box: _Rect) -> None:
        """Take up a fill so thin that it may be a line."""
        self.strips[colour].append((ruling, box))

    def shaded(self) -> set[int]:
        """Return the ids of rulings that are shade: all of one colour, or none of it.

        Lines of a frame in the colour of its header run on where nothing is shaded.
        """
        found: set[int] = set()
        for colour, strips in self.strips.items():
            beside = [self._is_beside(colour, box) for _, box in strips]
            if sum(beside) >= _ALL_BUT * len(strips):
                found.update(id(ruling) for ruling, _ in strips)
        return found

    def _is_beside(self, colour: Colour, box: _Rect) -> bool:
        x0, y0, x1, y1 = box
        upright = y1 - y0 > x1 - x0
        start, end, sides = (y0, y1, (x0, x1)) if upright else (x0, x1, (y0, y1))
        return any(
            abs(edge.at - at) <= _TOUCH
            and min(end, edge.end) - max(start, edge.start)
            >= _BESIDE * min(end - start, edge.end - edge.start)
            for at in sides
            for near in (-1, 0, 1)
            for edge in self._edges.get((colour, upright, round(at) + near), ())
        )
