"""Goes on with an answer that broke off after its beginning was shown.

another engine:   writes it again from the start ──▶ equal to what was shown? left out
                                                 ──▶ then what is new is shown
                                                 ──▶ it differs: nothing more is shown
"""

from __future__ import annotations

from yanku.errors import ModelUnavailable


class Shown:
    """What was shown of one answer. ``text`` stands, whoever writes the rest."""

    def __init__(self) -> None:
        self.text = ""
        self._at = 0

    def begin_again(self) -> None:
        """Expect the answer from its start."""
        self._at = 0

    def new_in(self, piece: str) -> str:
        """Return what of a piece was not shown yet; raise OtherWords if it is not as shown."""
        known = self.text[self._at : self._at + len(piece)]
        if not piece.startswith(known):
            raise OtherWords
        self._at += len(piece)
        fresh = piece[len(known) :]
        self.text += fresh
        return fresh

    def ended(self) -> None:
        """Raise OtherWords if the answer was longer when it was shown."""
        if self._at < len(self.text):
            raise OtherWords


class OtherWords(ModelUnavailable):
    """Another engine words the answer otherwise than its shown beginning."""
