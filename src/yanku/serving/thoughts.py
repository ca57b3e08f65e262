"""Parts what a model thinks from what it answers, wherever the pieces of its stream break.

<think> weighs this and that </think> <answer> Revenue was … </answer>      Hunyuan
<think> weighs this and that </think> Revenue was …                         Qwen, DeepSeek
"""

from __future__ import annotations

from enum import Enum, auto

_OPEN, _CLOSE = "<think>", "</think>"
_ANSWER, _ANSWERED = "<answer>", "</answer>"


class _At(Enum):
    START = auto()
    THOUGHT = auto()
    BETWEEN = auto()
    OPENED = auto()
    ANSWER = auto()
    END = auto()


class ThoughtFilter:
    """Feed it pieces; what it returns is answer alone. ``thought`` is what was left out.

    Only a thought at the very start counts: an answer may speak of ``<think>`` later on.
    """

    def __init__(self) -> None:
        self._at = _At.START
        self._held = ""
        self._thinks = self._wrapped = False
        self.thought = ""

    def feed(self, piece: str) -> str:
        """Return the part of the answer that is certain by now; may be empty."""
        self._held += piece
        said, before = "", None
        while (self._at, self._held) != before:
            before = (self._at, self._held)
            said += self._step()
        return said

    def end(self) -> str:
        """Return what was held back. A thought that never closed is no answer."""
        rest, self._held = self._held, ""
        match self._at:
            case _At.THOUGHT:
                self.thought += rest
                return ""
            case _At.END:
                return ""
            case _:
                return rest

    def _step(self) -> str:
        match self._at:
            case _At.START:
                return self._enter(_OPEN, _At.THOUGHT, _At.BETWEEN)
            case _At.THOUGHT:
                self.thought += self._until(_CLOSE, _At.BETWEEN)
                return ""
            case _At.BETWEEN:
                return self._enter(_ANSWER, _At.OPENED, _At.ANSWER)
            case _At.OPENED:
                self._wrapped, self._held = True, self._held.lstrip("\n")
                self._at = _At.ANSWER if self._held else _At.OPENED
                return ""
            case _At.ANSWER if self._wrapped:
                return self._until(_ANSWERED, _At.END)
            case _At.ANSWER:
                said, self._held = self._held, ""
                return said
            case _:
                self._held = ""
                return ""

    def _enter(self, tag: str, found: _At, otherwise: _At) -> str:
        """Go on if the tag is there or cannot come any more; nothing of it is the answer."""
        bare = self._held.lstrip()
        if bare.startswith(tag):
            self._held, self._at = bare.removeprefix(tag), found
            self._thinks = self._thinks or found is _At.THOUGHT
        elif not tag.startswith(bare):
            # Blanks after a thought are of the thought; without one they are the answer's own.
            self._held, self._at = (bare if self._thinks else self._held), otherwise
        return ""

    def _until(self, tag: str, after: _At) -> str:
        """Return what stands before a tag, holding back what may be its beginning."""
        at = self._held.find(tag)
        if at >= 0:
            said, self._held, self._at = self._held[:at], self._held[at + len(tag) :], after
            return said.rstrip("\n")
        keep = max((n for n in range(1, len(tag)) if self._held.endswith(tag[:n])), default=0)
        # A line break before the tag belongs to it.
        whole = len(self._held) - keep
        whole = len(self._held[:whole].rstrip("\n"))
        said, self._held = self._held[:whole], self._held[whole:]
        return said
