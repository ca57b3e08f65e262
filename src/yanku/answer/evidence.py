"""Turns hits into numbered lines of evidence, and finds the lines that carry a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.answer.check import carries
from yanku.answer.stated import Stated, Words, is_spoken_of, stated_in
from yanku.model.amount import find_amounts
from yanku.model.answer import Citation
from yanku.model.place import Place
from yanku.model.search import Hit

_QUOTE_LIMIT = 240
_ALIKE = 0.4
_GROUP = re.compile(r"[^|。.;；]{1,40}[:：]")
"""The title of rows in a table, on a line of its own or at the end of the way down."""
_REACH = 2
"""Lines above one that may name what it speaks of."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one hit: what it says, where, and which hit (from 1) it belongs to.

    ``group`` is the title over the rows it is one of ("Japan:"), where that stands in the hit.
    """

    hit: int
    text: str
    place: Place
    source: Hit
    group: str = ""

    @property
    def heading(self) -> str:
        """Return what stands over this line: the way down to its chunk, with its own group.

        A chunk's way is that of its first line, and rows of another group may follow.
        """
        context = self.source.chunk.context
        if not self.group:
            return context
        way, mark, last = context.rpartition(" > ")
        own = way if mark and _GROUP.match(last) else context
        return f"{own} > {self.group}"

    def citation(self, number: int) -> Citation:
        """Return this line as source ``number`` of an answer."""
        return Citation(
            number=number,
            document=self.source.chunk.document,
            file=self.source.file,
            place=self.place,
            quote=self.text[:_QUOTE_LIMIT],
            chunk=self.source.chunk.id,
            values=tuple(stated.amount for stated in self.stated()),
        )

    def stated(self) -> tuple[Stated, ...]:
        """Return the amounts of this line with their row and column."""
        return stated_in(self.text, self.source.chunk.context)


def lines_of(hits: Sequence[Hit]) -> tuple[Line, ...]:
    """Return every line of every hit, in order, each with its own place where it has one."""
    found: list[Line] = []
    for number, hit in enumerate(hits, start=1):
        texts = hit.chunk.text.split("\n")
        places = hit.chunk.lines if len(hit.chunk.lines) == len(texts) else ()
        group = ""
        for i, text in enumerate(texts):
            group = text.strip() if _GROUP.fullmatch(text.strip()) else group
            if text.strip():
                place = places[i] if places else hit.chunk.place
                found.append(Line(number, text, place, hit, group))
    return tuple(found)


def about(lines: Sequence[Line], names: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines that speak of any of the names, in themselves or just before.

    "变动原因说明：…" two lines below "研发费用" speaks of it; the same words about another item do
    not. Without names every line qualifies.
    """
    if not names:
        return tuple(lines)
    folded = [name.casefold() for name in names]
    kept = []
    for i, line in enumerate(lines):
        near = [other for other in lines[max(0, i - _REACH) : i + 1] if other.hit == line.hit]
        said = " ".join([line.source.chunk.context, *(other.text for other in near)]).casefold()
        if any(name in said for name in folded):
            kept.append(line)
    return tuple(kept)


def carriers(
    sentence: str,
    lines: Sequence[Line],
    words: Words,
    *,
    question: str = "",
    named: frozenset[int] = frozenset(),
) -> tuple[Line, ...]:
    """Return the fewest lines that together carry a sentence, or nothing.

    With numbers: for each number, the line that holds it, in a row and column that the sentence
    or the question speaks of, and shares most words with the sentence; nothing if one number
    stands nowhere. Without: the line that shares most words, if it shares at least two fifths of
    them. Lines of hits the sentence itself names (``[2]``) win ties.
    """
    said = frozenset(words(sentence))
    if not said:
        return ()

    def likeness(line: Line) -> tuple[float, bool]:
        shared = len(said & frozenset(words(f"{line.source.chunk.context} {line.text}")))
        return shared / len(said), line.hit in named

    printed = find_amounts(sentence)
    if not printed:
        best = max(lines, key=likeness, default=None)
        return (best,) if best is not None and likeness(best)[0] >= _ALIKE else ()
    chosen: list[Line] = []
    for number in printed:
        holders = [
            line
            for line in lines
            if any(
                carries(stated.amount, number, falling=True)
                and is_spoken_of(stated, f"{question} {sentence}", words)
                for stated in line.stated()
            )
        ]
        if not holders:
            return ()
        best = max(holders, key=likeness)
        if best not in chosen:
            chosen.append(best)
    return tuple(chosen)
