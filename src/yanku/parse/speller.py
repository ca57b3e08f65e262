"""What the picture of one line of writing says, letter by letter: the recogniser on OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yanku.parse.engine import hands, letters, network

Pixels = NDArray[Any]

HEIGHT = 48
"""Pixels: how high every line is shown to the recogniser."""
_PIECE = 8
"""Strips that one thread reads before another may have its turn."""
_NARROWEST = 48
_WIDEST_USUAL = 1280
_STEPS = ((16, 96), (32, 256), (64, 512), (128, 3200))
"""Pixels between usual widths, up to a width: about a twelfth of a strip is left empty."""
LONGEST = 3200
"""Pixels: a line longer than this is squeezed."""
_STEP = 8
"""Pixels of a line per decision of the recogniser."""
_GREY = 127


class Letter(NamedTuple):
    """One letter, ``at`` pixels from the left of its strip, read with ``trust`` from 0 to 1."""

    text: str
    at: float
    trust: float


class Speller:
    """Reads strips of ``HEIGHT`` pixels; several at a time, none wider than it has to be."""

    def __init__(self) -> None:
        self._network = network("rec")

    @cached_property
    def _letters(self) -> tuple[str, ...]:
        return letters()

    def spell(self, strips: Sequence[Pixels]) -> list[tuple[Letter, ...]]:
        """Return the letters on each strip, from left to right."""
        # Strips of one width after another: each new width costs the engine a moment.
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[1])
        pieces = [order[i : i + _PIECE] for i in range(0, len(order), _PIECE)]
        found: list[tuple[Letter, ...]] = [()] * len(strips)

        def read(piece: list[int]) -> None:
            for index in piece:
                with self._network.answer(_padded(strips[index])[None]) as said:
                    found[index] = self._decoded(said[0])

        for _ in hands().map(read, pieces) if len(pieces) > 1 else map(read, pieces):
            pass
        return found

    def _decoded(self, said: NDArray[Any]) -> tuple[Letter, ...]:
        """Return the letters: runs of the same decision are one letter, blanks part them."""
        best = said.argmax(axis=1)
        starts = np.flatnonzero(np.diff(best, prepend=-1))
        ends = np.append(starts[1:], len(best))
        found = []
        for start, end in zip(starts, ends, strict=True):
            if best[start] == 0:
                continue
            votes = said[start:end]
            peak = votes[votes[:, best[start]].argmax()]
            trust = 1.0 / float(np.exp(peak - peak.max()).sum())
            found.append(Letter(self._letters[best[start]], (start + end) / 2 * _STEP, trust))
        return tuple(found)


def usual_widths() -> list[int]:
    """Return the widths of most strips, in pixels."""
    return sorted({_usual(width) for width in range(_NARROWEST, _WIDEST_USUAL + 1, 16)})


def _usual(width: int) -> int:
    """Return the next usual width, of which there are few: each takes 7 MiB of code and weights."""
    step = next(step for step, most in _STEPS if width <= most)
    return max(_NARROWEST, -(-width // step) * step)


def _padded(strip: Pixels) -> Pixels:
    """Return the strip as wide as the next usual width."""
    width = min(strip.shape[1], LONGEST)
    padded = np.full((HEIGHT, _usual(width), 3), _GREY, np.uint8)
    padded[:, :width] = strip[:, :width]
    return padded
