"""Cuts a stream of text into sentences as they become complete."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A full stop inside 12.5 or U.S. does not end a sentence; a mark [n] after it belongs to it.
_END = re.compile(r"(?:[。！？!?；;\n]|(?<![0-9A-Z])\.(?=\s))\s*(?:\[\d+\]\s*)*")
_MARK = re.compile(r"\[(\d+)\]")
_ANY_MARK = re.compile(r"\[(?:\d+(?:\s*[,，、]\s*\d+)*|编号|n|number)\]")


@dataclass(slots=True)
class Sentences:
    """Collects pieces; ``add`` returns the sentences they complete, ``rest`` what is left."""

    _buffer: str = field(default="")

    def add(self, piece: str) -> list[str]:
        """Take a piece of text; return the sentences that are now certainly complete."""
        self._buffer += piece
        complete: list[str] = []
        # An open bracket may become a mark of the sentence before it: wait until it is told.
        while (end := _END.search(self._buffer)) and self._buffer[end.end() :][:1] not in {"", "["}:
            complete.append(self._buffer[: end.end()])
            self._buffer = self._buffer[end.end() :]
        return [sentence for sentence in complete if sentence.strip()]

    def rest(self) -> list[str]:
        """Return what no further piece will complete."""
        left, self._buffer = self._buffer, ""
        return [left] if left.strip() else []


def marks(sentence: str) -> frozenset[int]:
    """Return the numbers of the ``[n]`` marks in a sentence."""
    return frozenset(int(number) for number in _MARK.findall(sentence))


def without_marks(sentence: str) -> str:
    """Return the sentence without its ``[n]`` marks, ready for the bound ones.

    A small model may also copy the words of its instruction as a mark.
    """
    return _ANY_MARK.sub("", sentence).strip()
