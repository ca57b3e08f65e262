"""What the inputs of the model's multiplications look like, channel by channel.

Measured on texts (``scripts/ranges``) and kept beside this file: only someone who knows how large
numbers get can store them in eight bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from yanku.adapters.e5.weights import Floats

_FILE = "ranges.npz"


@dataclass(frozen=True, slots=True)
class Range:
    """The least, the greatest and the mean value of each channel of one input.

    ``slack`` is by how much the mean moves when each value is rounded to a step of the range that
    the channel is given, in ranges: where most values lie within a step or two it does not vanish.
    """

    low: Floats
    high: Floats
    mean: Floats
    slack: Floats


def read_ranges() -> dict[str, Range]:
    """Return the ranges by the name of the input, ``l0.qkv`` to ``l11.fo``."""
    with (files(__package__) / _FILE).open("rb") as stream, np.load(stream) as kept:
        return {name: Range(*kept[name].astype(np.float32)) for name in kept.files}


def pack_ranges(ranges: Mapping[str, Range]) -> dict[str, npt.NDArray[np.float16]]:
    """Return what ``read_ranges`` reads, for ``numpy.savez``: half precision is far enough."""
    return {
        name: np.stack([one.low, one.high, one.mean, one.slack]).astype(np.float16)
        for name, one in ranges.items()
    }
