"""What the picture of one line of writing says, letter by letter: the recogniser on OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from yanku.parse.engine import compiled, letters

Pixels = NDArray[Any]

HEIGHT = 48
"""Pixels: how high every line is shown to the recogniser."""
_STREAMS = 2
_NARROWEST = 48
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
    """Reads strips of ``HEIGHT`` pixels; two at a time, none wider than it has to be."""

    @cached_property
    def _queue(self) -> Any:  # noqa: ANN401 - the library has no types
        return ov.AsyncInferQueue(compiled("rec", streams=_STREAMS), _STREAMS)

    @cached_property
    def _letters(self) -> tuple[str, ...]:
        return letters()

    def spell(self, strips: Sequence[Pixels]) -> list[tuple[Letter, ...]]:
        """Return the letters on each strip, from left to right."""
        found: list[tuple[Letter, ...]] = [()] * len(strips)

        def take(request: Any, index: int) -> None:  # noqa: ANN401
            found[index] = self._decoded(request.get_output_tensor(0).data[0])

        self._queue.set_callback(take)
        # Strips of one width after another: each new width costs the engine a moment.
        for index in sorted(range(len(strips)), key=lambda i: strips[i].shape[1]):
            self._queue.start_async([_padded(strips[index])[None]], index)
        self._queue.wait_all()
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


def _padded(strip: Pixels) -> Pixels:
    """Return the strip as wide as the next usual width, so that few widths are ever seen."""
    width = min(strip.shape[1], LONGEST)
    step = 16 if width <= 256 else 32 if width <= 640 else 64
    wanted = max(_NARROWEST, -(-width // step) * step)
    padded = np.full((HEIGHT, wanted, 3), _GREY, np.uint8)
    padded[:, :width] = strip[:, :width]
    return padded
