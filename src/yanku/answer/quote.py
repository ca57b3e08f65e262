"""Finds the sentences of the evidence that answer a question by themselves, to quote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from yanku.answer.cues import folded, gives, sends_elsewhere
from yanku.answer.passages import Passage
from yanku.answer.stated import SEPARATOR
from yanku.model.matter import Matter, Term

Fits = Callable[[Passage], bool]
"""Tells whether a passage speaks of the period asked about."""

SURE = 0.72
"""Share of what a question is about that a passage must speak of to answer by itself."""
LIKELY = 0.6
"""The least share with which a passage is worth showing to a model."""
_ABOVE, _BEFORE = 0.85, 0.8
"""What a term counts that only the headings or the sentences before speak of."""
_PARTS = 0.8
_STEM = 3
_MEASURE = 2.5


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage and how much of the question it speaks of (0 to 1)."""

    passage: Passage
    share: float
    own: float
    """The share that stands in its own words."""
    answers: bool
    """Whether it gives what is asked for: a reason to a why, a date to a when."""


def scored(matter: Matter, found: Sequence[Passage], fits: Fits) -> tuple[Scored, ...]:
    """Return the passages that speak of a question's terms, best first.

    Rare terms weigh more than common ones; a term that nothing speaks of weighs most, so that a
    passage on half of the question is not taken for an answer.
    """
    if not matter.terms:
        return ()
    texts = [folded(_told(p)) for p in found]
    weights = {term: _weight(term, texts) for term in matter.terms}
    whole = sum(weights.values())
    kept: list[Scored] = []
    for passage, text in zip(found, texts, strict=True):
        if not fits(passage) or (passage.is_title and not passage.is_ticked):
            continue
        if sends_elsewhere(text):
            continue
        own = sum(w * speaks(term, text) for term, w in weights.items()) / whole
        if own == 0 and not passage.above:
            continue
        share = sum(w * _reach(term, passage, text) for term, w in weights.items()) / whole
        if share >= LIKELY / 2:
            kept.append(Scored(passage, share, own, gives(matter.asks, text)))
    return tuple(sorted(kept, key=lambda s: (-(s.share + s.own / 4 + s.answers), s.passage.order)))


def _weight(term: Term, texts: Sequence[str]) -> float:
    count = sum(1 for text in texts if speaks(term, text) > 0.5)
    weight = log(1 + len(texts) / (1 + count))
    return max(weight, _MEASURE) if term.measure else weight


def _reach(term: Term, passage: Passage, text: str) -> float:
    """Return how surely a passage speaks of a term: in itself, before it, or above it."""
    own = speaks(term, text)
    if own == 1:
        return own
    before = _BEFORE * speaks(term, folded(passage.before))
    above = _ABOVE * max(
        (speaks(term, folded(title)) for title in (*passage.above, *_headers(passage))), default=0.0
    )
    return max(own, before, above)


def speaks(term: Term, text: str) -> float:
    """Return 1 if a (folded) text names a term, less if only its parts, else 0."""
    squeezed = text.replace(" ", "")
    if any(_names(name, text, squeezed) for name in term.names):
        return 1.0
    if not term.parts:
        return 0.0
    return _PARTS * sum(_names(part, text, squeezed) for part in term.parts) / len(term.parts)


def _names(name: str, text: str, squeezed: str) -> bool:
    if not name.isascii():
        return name.replace(" ", "") in squeezed
    stem = name[:-_STEM] if len(name) >= 2 * _STEM + 2 and " " not in name else name
    edge = "" if stem != name else r"(?:s|es)?(?![a-z0-9])"
    return re.search(rf"(?<![a-z0-9]){re.escape(stem)}{edge}", text) is not None


def _told(passage: Passage) -> str:
    """Return what a row says without its headers: they name reasons and give none."""
    if not passage.is_row:
        return passage.text
    label, *cells = passage.text.split(SEPARATOR)
    return " ".join([label, *(cell.rpartition(": ")[2] for cell in cells)])


def _headers(passage: Passage) -> tuple[str, ...]:
    return tuple(cell.rpartition(": ")[0] for cell in passage.text.split(SEPARATOR)[1:])
