"""Quotes what answers a kind of question in the part of a report of a fixed form: Item 1, 1A, 7."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from yanku.answer.choosing import Choice, Quote, extended
from yanku.answer.cues import folded, sends_elsewhere
from yanku.answer.passages import Passage
from yanku.model.blank import BLANK
from yanku.model.chapter import FixedPart, Way
from yanku.model.matter import Asks, Matter, Term

_OPENING = 40
"""Sentences of a section that are its opening."""
_TITLE = range(25, 330)
"""Characters of a title that is a sentence: "We depend on few suppliers, which could harm us."."""
_LONGER = 1.5
"""How many times as long as a title the paragraph under it is at least."""
_BULLET = re.compile(r"^\s*[•●▪◦·–—\-]")
_BEGINS = re.compile(r"(?:\* ?)?(?:[A-Z0-9“\"']|[^\x00-\x7f])")
_WORDS = 5
"""Fewer words are no sentence that says anything."""


def told_in_fixed(
    part: FixedPart,
    matter: Matter,
    every: Sequence[Passage],
    names: Sequence[str],
    also: Sequence[Term] = (),
) -> Choice:
    """Return what to quote of a section's passages, which stand in reading order.

    ``names`` are those of the company, folded; what is quoted must speak of the terms ``also``
    that the question has beside its part. Nothing is chosen where nothing says what is asked.
    """
    below = [(rank, p) for p in every if (rank := _rank(part, p)) is not None]
    if also:
        below = [(rank, p) for rank, p in below if _speaks_of(also, p)]
    match part.way:
        case Way.TITLES:
            return _titles(part, [p for _, p in below], every)
        case Way.OPENING | Way.TELLING:
            return _told(part, matter, below, every, names)
        case Way.MATTER:
            return Choice()


def stands_in_part(part: FixedPart, passage: Passage) -> bool:
    """Tell whether a passage stands under one of the headings of a part."""
    return _rank(part, passage) is not None


def _rank(part: FixedPart, passage: Passage) -> int | None:
    return part.rank(tuple(folded(title).strip() for title in passage.above[1:]))


def _speaks_of(terms: Sequence[Term], passage: Passage) -> bool:
    text = folded(" ".join((passage.text, *passage.above[1:])))
    return all(any(_stands(name, text) for name in term.names) for term in terms)


def _stands(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as a whole word, be it of several."""
    if not name.isascii():
        return name.replace(" ", "") in text.replace(" ", "")
    if name.endswith(("y", "ies")):
        written = re.escape(name.removesuffix("ies").removesuffix("y")) + "(?:y|ies)"
    else:
        written = re.escape(name.removesuffix("s")) + "(?:s|es)?"
    return re.search(rf"(?<![a-z0-9]){written}(?![a-z0-9])", text) is not None


def _told(
    part: FixedPart,
    matter: Matter,
    below: Sequence[tuple[int, Passage]],
    every: Sequence[Passage],
    names: Sequence[str],
) -> Choice:
    """Return the first sentences that say what is asked, under the best heading that has any."""
    for wanted in sorted({rank for rank, _ in below}):
        found = [p for rank, p in below if rank == wanted and _is_prose(part, p)]
        if part.way is Way.OPENING:
            found = found[:_OPENING]
        texts = {p.order: _masked(p.text, names) for p in found}
        denied = [p for p in found if part.denies and part.denies.search(texts[p.order])]
        no = {p.order for p in denied}
        told = [p for p in found if p.order not in no and _tells(part, texts[p.order]) is not None]
        if part.way is Way.TELLING:
            told.sort(key=lambda p: _tells(part, texts[p.order]) or 0)
        if denied or told:
            return _answered(part, matter, denied, told, every)
    return Choice()


def _answered(
    part: FixedPart,
    matter: Matter,
    denied: Sequence[Passage],
    told: Sequence[Passage],
    every: Sequence[Passage],
) -> Choice:
    """Return quotations, with yes or no where the question asks whether and the part can say."""
    whether = Asks.WHETHER in matter.asks and part.denies is not None
    both = [one for pair in zip_longest(denied, told) for one in pair if one is not None]
    chosen = both if whether else [*told, *denied]
    kept: list[Passage] = []
    for one in chosen:
        # What goes on in the same paragraph is quoted with what it goes on from.
        near = any(one.line == other.line for other in kept)
        if not near and not any(_same(one, other) for other in kept):
            kept.append(one)
    short = part.way is not Way.OPENING
    quotes = tuple(Quote(extended(one, every, short=short)) for one in kept[: part.most])
    # Where one sentence says yes and another no, each of a part, the reader must see both.
    return Choice(quotes, holds=not denied if whether and not (denied and told) else None)


def _tells(part: FixedPart, text: str) -> int | None:
    """Return how surely a (folded) text says what is asked: 0 is surest, None not at all."""
    if sends_elsewhere(text) or (part.skips is not None and part.skips.search(text)):
        return None
    return next((n for n, said in enumerate(part.tells) if said.search(text)), None)


def _is_prose(part: FixedPart, passage: Passage) -> bool:
    """Tell sentences; some things are told by a short line too, which looks like a heading."""
    if passage.is_row or passage.is_jumble or passage.is_ticked:
        return False
    if _BULLET.match(passage.text) or passage.is_heading:
        return False
    if part.short:
        return True
    whole = _BEGINS.match(passage.text) is not None and len(passage.text.split()) >= _WORDS
    return not passage.is_title and (whole or not passage.text.isascii())


def _masked(text: str, names: Sequence[str]) -> str:
    said = folded(text)
    for name in names:
        said = re.sub(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", BLANK, said)
    return said


def _same(one: Passage, other: Passage) -> bool:
    a, b = ("".join(p.text.split()) for p in (one, other))
    return a in b or b in a


def _titles(part: FixedPart, below: Sequence[Passage], every: Sequence[Passage]) -> Choice:
    """Return the titles of a section's parts, of each group in turn as far as there is room.

    A report groups its risks; the first of every group tells more than the first of all.
    """
    groups: dict[tuple[str, ...], list[Passage]] = {}
    for passage in below:
        if _heads(part, passage, every):
            groups.setdefault(passage.above, []).append(passage)
    turns: Iterator[Passage] = (
        one for turn in zip_longest(*groups.values()) for one in turn if one is not None
    )
    found = list(turns)
    chosen = sorted(found[: part.most], key=lambda passage: passage.order)
    if len(found) < 2:
        return Choice()
    return Choice(tuple(Quote((one,)) for one in chosen), count=len(found))


def _heads(part: FixedPart, passage: Passage, every: Sequence[Passage]) -> bool:
    """Tell a sentence that is a line of its own, and heads the paragraphs after it."""
    text = passage.text.strip()
    alone = passage.line.text.strip() == text and len(text) in _TITLE
    if not alone or passage.is_row or _BULLET.match(text) or not _BEGINS.match(text):
        return False
    if text.endswith((":", ";", ",")) or _tells(part, folded(text)) is None:
        return False
    after = next((p for p in every[passage.order + 1 :] if p.line != passage.line), None)
    return (
        after is not None
        and not _BULLET.match(after.text)
        and len(after.line.text) > _LONGER * len(text)
    )
