"""What was read from a picture with little trust, said as flaws with their places."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.model.document import Flaw
from yanku.model.place import Box, OnPage
from yanku.parse.ink import Ink
from yanku.parse.seen import Spoken

_UNSURE_PAGE = 0.85
_UNSURE_FIGURE = 0.8
_FEW_LETTERS = 20
_MOST = 40
"""Figures named one by one on a page; more of them are one flaw."""


def doubts_of(ink: Ink, words: Sequence[Spoken]) -> tuple[Flaw, ...]:
    """Return what a person should look at: a page that reads badly, figures that are not sure."""
    doubts = []
    letters = sum(len(each.word.text) for each in words)
    mean = sum(each.trust * len(each.word.text) for each in words) / max(1, letters)
    if letters >= _FEW_LETTERS and mean < _UNSURE_PAGE:
        doubts.append(
            Flaw(
                "unsure_scan",
                f"Page {ink.number} was read from a picture with little certainty ({mean:.0%}); "
                "compare its figures with the page.",
                OnPage(ink.number),
            )
        )
    unsure = [each for each in words if _is_unsure(each)]
    doubts += [_unsure(ink, each) for each in unsure[:_MOST]]
    if len(unsure) > _MOST:
        more = f"{len(unsure) - _MOST} more figures on page {ink.number} are not certain."
        doubts.append(Flaw("unsure_figure", more, OnPage(ink.number)))
    return tuple(doubts)


def _is_unsure(spoken: Spoken) -> bool:
    return spoken.trust < _UNSURE_FIGURE and any(map(str.isdigit, spoken.word.text))


def _unsure(ink: Ink, spoken: Spoken) -> Flaw:
    word = spoken.word
    place = ink.place(Box(word.x0, word.y0, word.x1, word.y1))
    said = f"“{word.text}” on page {ink.number}"
    if spoken.signed:
        return Flaw("unsure_sign", f"{said} may have no minus; it is hard to see.", place)
    if not spoken.trust:
        odd = f"{said} is written unlike its column; something of it may be lost."
        return Flaw("unsure_figure", odd, place)
    return Flaw("unsure_figure", f"{said} may be read wrongly ({spoken.trust:.0%} certain).", place)
