"""The story of a free part: what is asked for, to what stands under its heading in a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.answer.choosing import Quote
from yanku.answer.evidence import lines_of
from yanku.answer.free_parts import told_in_free
from yanku.answer.passages import Passage, passages
from yanku.chunk.cut import CHUNKER
from yanku.finance.dates import periods_in
from yanku.finance.fiscal import is_of
from yanku.finance.names import is_known_as, known_as
from yanku.flows.fitting import is_of_other_plan
from yanku.model.chapter import Chapter
from yanku.model.finance import Profile, ReportKind
from yanku.model.inquiry import Inquiry
from yanku.model.library import DocumentId, chunk_id
from yanku.model.people import Scope
from yanku.model.search import Hit
from yanku.ports import FactBook, Library

_DOCUMENTS = 3
"""Documents looked through for a heading, the likeliest first."""
_BATCH = 200
"""Chunks of a document that are fetched at once."""
_AHEAD = 4
"""Years that forecasts are made for in advance; other notes are of their year or the one before."""
_WHOLE_YEARS = (ReportKind.ANNUAL, ReportKind.HALF_YEAR)
_BY_OTHERS = re.compile(r"券商|研报|研究报告|点评|分析师|机构|深度报告|\b(?:broker|analyst)")


@dataclass(frozen=True, slots=True)
class Read:
    """What is quoted of a chapter, and the chunks that it stands in; empty without the chapter."""

    quotes: tuple[Quote, ...] = ()
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """A document that was read: its chunks, and their sentences in reading order."""

    whole: tuple[Hit, ...]
    every: tuple[Passage, ...]

    @classmethod
    def of(cls, whole: tuple[Hit, ...]) -> _Known:
        return cls(whole, passages(lines_of(whole)))


class FreeParts:
    """Finds what stands under the heading that a question is for."""

    def __init__(self, library: Library, facts: FactBook) -> None:
        self._library = library
        self._facts = facts

    async def told(
        self, chapters: Sequence[Chapter], inquiry: Inquiry, *, scope: Scope
    ) -> tuple[Read, ...]:
        """Return for each chapter what the first of the likeliest documents says that has it.

        The first that no document has ends them. A document is read once for all of them.
        """
        names = {name for one in inquiry.companies for name in known_as(one)}
        profiles = await self._facts.profiles(scope=scope) if chapters and names else ()
        own = [
            (document, profile)
            for document, profile in profiles
            if is_known_as(profile.company, names)
        ]
        known: dict[DocumentId, _Known] = {}
        told: list[Read] = []
        for chapter in chapters:
            told.append(Read())
            for document in _likeliest(chapter, inquiry, own)[:_DOCUMENTS]:
                if document not in known:
                    known[document] = _Known.of(await self._whole(document, scope))
                if (read := _read(chapter, inquiry, known[document])).quotes:
                    told[-1] = read
                    break
            else:
                break
        return tuple(told)

    async def _whole(self, document: DocumentId, scope: Scope) -> tuple[Hit, ...]:
        """Return every chunk of a document in reading order, as far as it may be read."""
        found: list[Hit] = []
        while True:
            start = len(found)
            ids = [chunk_id(document, n, CHUNKER) for n in range(start, start + _BATCH)]
            known = await self._library.chunks(ids, scope=scope)
            chunks = [known[one] for one in ids if one in known]
            found += [Hit(chunk, entry.name, entry.profile, 0.0, {}) for chunk, entry in chunks]
            if len(chunks) < _BATCH:
                return tuple(found)


def _read(chapter: Chapter, inquiry: Inquiry, known: _Known) -> Read:
    """Return what a document says of a chapter; empty if it does not have it."""
    quotes = told_in_free(chapter, known.every, lambda p: not is_of_other_plan(p, inquiry))
    if chapter.dated:
        years = {period.end.year for period in inquiry.periods}
        quotes = tuple(quote for quote in quotes if years <= _years_in(quote.text))
    cited = {p.line.source.chunk.id for quote in quotes for p in quote.passages}
    return Read(quotes, tuple(one for one in known.whole if one.chunk.id in cited))


def _likeliest(
    chapter: Chapter, inquiry: Inquiry, own: Sequence[tuple[DocumentId, Profile]]
) -> list[DocumentId]:
    """Return the documents that may have the chapter, the likeliest first."""
    by_others = chapter.by_others or _BY_OTHERS.search(inquiry.question) is not None
    may = [(document, profile) for document, profile in own if _may_have(profile, inquiry, chapter)]
    may.sort(key=lambda one: _standing(one[1], by_others=by_others))
    return [document for document, _ in may]


def _may_have(profile: Profile, inquiry: Inquiry, chapter: Chapter) -> bool:
    if not inquiry.periods:
        return True
    if profile.period is None:
        written = profile.published
        ahead = _AHEAD if chapter.dated else 0
        years = [period.end.year for period in inquiry.periods]
        return written is None or any(y - ahead <= written.year <= y + 1 for y in years)
    return any(is_of(profile, asked) for asked in inquiry.periods)


def _years_in(text: str) -> set[int]:
    return {period.end.year for period in periods_in(text)}


def _standing(profile: Profile, *, by_others: bool) -> tuple[bool, bool, bool, int]:
    """Return the order of documents: whose words are asked for, whole, of a year, and late."""
    filing = profile.period is not None
    day = profile.period.end if profile.period is not None else profile.published
    return (
        filing is by_others,
        profile.abstract,
        filing and profile.report not in _WHOLE_YEARS,
        -(day.toordinal() if day is not None else 0),
    )
