"""The story of a chapter: a question for a part of a report to what stands there."""

from __future__ import annotations

from yanku.answer.choosing import Choice, Quote, extended, holds_of, speaking_of
from yanku.answer.evidence import lines_of
from yanku.answer.fixed_parts import stands_in_part, told_in_fixed
from yanku.answer.moved import moved
from yanku.answer.passages import passages
from yanku.finance.chapters import fixed_chapter, free_chapters
from yanku.finance.names import called_in_texts
from yanku.flows.fitting import fits
from yanku.flows.fixed_parts import FixedParts
from yanku.flows.free_parts import FreeParts
from yanku.flows.matters import Matters
from yanku.flows.sight import Sight
from yanku.model.chapter import Chapter, Way
from yanku.model.inquiry import Inquiry
from yanku.model.library import ChunkId
from yanku.model.matter import Asks, Matter, Term
from yanku.model.people import Scope
from yanku.model.search import Hit


class Chapters:
    """Answers questions for a part of a report: from where its form has it, or its headings."""

    def __init__(self, *, fixed: FixedParts, free: FreeParts, matters: Matters) -> None:
        self._fixed = fixed
        self._free = free
        self._matters = matters

    async def seen(self, inquiry: Inquiry, matter: Matter, *, scope: Scope) -> Sight | None:
        """Return what the part of a report says that a question is for; None without one."""
        fixed = await self.in_fixed(inquiry, matter, scope=scope)
        return fixed or await self.in_free(inquiry, matter, scope=scope)

    async def in_fixed(self, inquiry: Inquiry, matter: Matter, *, scope: Scope) -> Sight | None:
        """Return what reports of a fixed form say; None if none has the part asked for.

        Where they have it and nothing in it says what is asked, nothing is quoted.
        """
        chapter = fixed_chapter(inquiry.question, inquiry.companies)
        if chapter is None or chapter.fixed is None:
            return None
        hits = await self._fixed.hits(inquiry, chapter.fixed, scope=scope)
        also = self._matters.beside(chapter, matter)
        if chapter.fixed.way is Way.MATTER:
            return _moved(chapter, inquiry, matter, hits, also)
        every = passages(lines_of(hits))
        choice = told_in_fixed(chapter.fixed, matter, every, _names(inquiry), also)
        if not hits or (also and not choice.quotes):
            return None
        return Sight(matter=matter, hits=hits, choice=choice)

    async def in_free(self, inquiry: Inquiry, matter: Matter, *, scope: Scope) -> Sight | None:
        """Return what stands under the headings that a question is for; None without them."""
        quotes: dict[str, Quote] = {}
        hits: dict[ChunkId, Hit] = {}
        for chapter in free_chapters(matter, inquiry.companies):
            told = await self._free.told(chapter, inquiry, scope=scope)
            found = speaking_of(self._matters.beside(chapter, matter), told.quotes)
            if not found:
                return None  # Of two things that are asked for one would be half an answer.
            quotes |= {f"{quote.text}{quote.said}": quote for quote in found}
            hits |= {hit.chunk.id: hit for hit in told.hits}
        chosen = tuple(quotes.values())
        holds = holds_of(matter, chosen) if Asks.WHETHER in matter.asks else None
        choice = Choice(chosen, holds)
        return Sight(matter=matter, hits=tuple(hits.values()), choice=choice) if quotes else None


def _moved(
    chapter: Chapter, inquiry: Inquiry, matter: Matter, hits: tuple[Hit, ...], also: list[Term]
) -> Sight | None:
    """Return why the measure moved; None without one, or where nothing is on its period."""
    part = chapter.fixed
    if part is None or not any(term.measure for term in matter.terms):
        return None
    every = passages(lines_of(hits))
    below = [p for p in every if stands_in_part(part, p) and fits(p, inquiry)]
    told = moved(matter, below, _names(inquiry), [term for term in also if not term.measure])
    quotes = [Quote(extended(p, every, short=True)) for p in told[: part.most]]
    return Sight(matter, hits, Choice(tuple(quotes))) if below else None


def _names(inquiry: Inquiry) -> tuple[str, ...]:
    """Return what texts may call the companies of a question, the longest names first."""
    said = {name for company in inquiry.companies for name in called_in_texts(company)}
    return tuple(sorted(said, key=len, reverse=True))
