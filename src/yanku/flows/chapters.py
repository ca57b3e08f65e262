"""The story of a chapter: a question for a part of a report to what stands there."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.choosing import Choice, Quote, extended, holds_of, speaking_of
from yanku.answer.evidence import lines_of
from yanku.answer.fixed_parts import stands_in_part, told_in_fixed
from yanku.answer.moved import moved
from yanku.answer.passages import passages
from yanku.finance.chapters import fixed_chapters, free_chapters
from yanku.finance.names import called_in_texts
from yanku.flows.fitting import fits
from yanku.flows.fixed_parts import FixedParts
from yanku.flows.free_parts import FreeParts
from yanku.flows.matters import Matters
from yanku.flows.sight import Sight
from yanku.model.chapter import Chapter, FixedPart, Way
from yanku.model.inquiry import Inquiry
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
        chapters = fixed_chapters(inquiry.question, inquiry.companies)
        also = self._matters.beside(chapters, matter)
        told: list[Sight] = []
        for chapter in chapters:
            found = await self._fixed_part(chapter, inquiry, matter, also, scope)
            if found is None or (len(chapters) > 1 and not found.choice.quotes):
                return None  # Of two things that are asked for one would be half an answer.
            told.append(found)
        return _together(matter, told) if told else None

    async def _fixed_part(
        self,
        chapter: Chapter,
        inquiry: Inquiry,
        matter: Matter,
        also: Sequence[Term],
        scope: Scope,
    ) -> Sight | None:
        if chapter.fixed is None:
            return None
        hits = await self._fixed.hits(inquiry, chapter.fixed, scope=scope)
        if chapter.fixed.way is Way.MATTER:
            return _moved(chapter.fixed, inquiry, matter, hits, also)
        every = passages(lines_of(hits))
        choice = told_in_fixed(chapter.fixed, matter, every, _names(inquiry), also)
        if not hits or (also and not choice.quotes):
            return None
        return Sight(matter=matter, hits=hits, choice=choice)

    async def in_free(self, inquiry: Inquiry, matter: Matter, *, scope: Scope) -> Sight | None:
        """Return what stands under the headings that a question is for; None without them."""
        chapters = free_chapters(matter, inquiry.companies)
        also = self._matters.beside(chapters, matter)
        told: list[Sight] = []
        for found in await self._free.told(chapters, inquiry, scope=scope):
            quotes = speaking_of(also, found.quotes)
            if not quotes:
                return None  # Of two things that are asked for one would be half an answer.
            holds = holds_of(matter, quotes) if Asks.WHETHER in matter.asks else None
            told.append(Sight(matter, found.hits, Choice(quotes, holds)))
        return _together(matter, told) if told else None


def _together(matter: Matter, parts: Sequence[Sight]) -> Sight:
    """Return what all parts say, each sentence once."""
    if len(parts) == 1:
        return parts[0]
    quotes = {f"{q.text}{q.said}": q for part in parts for q in part.choice.quotes}
    hits = {hit.chunk.id: hit for part in parts for hit in part.hits}
    return Sight(matter, tuple(hits.values()), Choice(tuple(quotes.values())))


def _moved(
    part: FixedPart, inquiry: Inquiry, matter: Matter, hits: tuple[Hit, ...], also: Sequence[Term]
) -> Sight | None:
    """Return why the measure moved; None without one, or where nothing is on its period."""
    if not any(term.measure for term in matter.terms):
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
