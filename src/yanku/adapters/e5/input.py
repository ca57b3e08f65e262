"""Text to what the model takes: vectors of pieces, padded to the longest text of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yanku.adapters.e5.tokens import Tokens
from yanku.adapters.e5.weights import WINDOW, Floats, Weights, unpacked


class Input:
    """Cuts texts into pieces, and looks their vectors up.

    The vectors of 250,000 pieces stay packed in the mapped file: unpacked they would take 384 MB,
    and a batch needs a few hundred of them.
    """

    def __init__(self, weights: Weights) -> None:
        hidden = weights.shape.hidden
        self._tokens = Tokens(weights.vocabulary)
        self._words = weights.words()
        places = weights.vector("emb.pos").reshape(WINDOW, hidden)
        self._places = places + weights.vector("emb.type")[:hidden]

    def pieces(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, at most 512."""
        return self._tokens.of(text)

    def batch(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """Return vectors (texts, pieces, hidden) and mask (texts, pieces) of texts in pieces."""
        longest, hidden = max(map(len, texts)), self._places.shape[1]
        vectors = np.zeros((len(texts), longest, hidden), np.float32)
        mask = np.zeros((len(texts), longest), np.float32)
        for row, pieces in enumerate(texts):
            words = unpacked(self._words[pieces]).reshape(-1, hidden)
            vectors[row, : len(pieces)] = words + self._places[: len(pieces)]
            mask[row, : len(pieces)] = 1
        return [vectors, mask]
