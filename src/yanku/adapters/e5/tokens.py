"""Cuts text into the pieces the model knows: the most probable ones (SentencePiece unigram)."""

from __future__ import annotations

import math
import re

from yanku.adapters.e5.weights import WINDOW, Vocabulary

_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""What stands for a space inside pieces."""
_SPACES = re.compile(" {2,}")
_UNKNOWN_COSTS = 10.0
"""An unknown character is this much less probable than the rarest piece."""
_LONGEST = 8 * WINDOW
"""Characters looked at: few pieces are longer than eight, and the window ends the rest."""


class Tokens:
    """Text to the numbers of its pieces, between the marks of start and end.

    The best cut of a text ends with the best cut of what stands before its last piece (Viterbi):

        best[end] = max over start of  best[start] + score(text[start:end])
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._numbers = {piece: n for n, piece in enumerate(vocabulary.pieces)}
        # Text that spells this mark is not the mark.
        del self._numbers[vocabulary.pieces[vocabulary.unknown]]
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_COSTS
        self._longest: dict[str, int] = {}
        for piece in self._numbers:
            if len(piece) > self._longest.get(piece[:2], 0):
                self._longest[piece[:2]] = len(piece)

    def of(self, text: str) -> list[int]:
        """Return at most 512 numbers; what goes beyond is cut off."""
        words = self._vocabulary
        return [words.start, *self._cut(self._normal(text))[: WINDOW - 2], words.end]

    def _normal(self, text: str) -> str:
        text = _SPACES.sub(" ", text[:_LONGEST].translate(self._vocabulary.replaced))
        return (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE)

    def _cut(self, text: str) -> list[int]:
        numbers, scores, longest = self._numbers, self._vocabulary.scores, self._longest
        length = len(text)
        best = [-math.inf] * (length + 1)
        best[0] = 0.0
        came_by = [(0, 0)] * (length + 1)
        for start in range(length):
            here = best[start]
            furthest = min(length, start + longest.get(text[start : start + 2], 1))
            for end in range(start + 1, furthest + 1):
                number = numbers.get(text[start:end])
                if number is not None and here + scores[number] > best[end]:
                    best[end] = here + scores[number]
                    came_by[end] = (start, number)
            if here + self._unknown_score > best[start + 1]:
                best[start + 1] = here + self._unknown_score
                came_by[start + 1] = (start, self._vocabulary.unknown)
        return _way_back(came_by)


def _way_back(came_by: list[tuple[int, int]]) -> list[int]:
    found = []
    end = len(came_by) - 1
    while end:
        end, number = came_by[end]
        found.append(number)
    return found[::-1]
