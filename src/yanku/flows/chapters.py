"""The story of a section: a question for a part of a report to what stands under its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.answer.chapters import told_in_chapter
from yanku.answer.choosing import Quote
from yanku.answer.evidence import lines_of
from yanku.answer.passages import passages
from yanku.finance.names import known_as
from yanku.flows.find import Find
from yanku.model.chapter import Chapter
from yanku.model.finance import Profile, ReportKind
from yanku.model.inquiry import Inquiry
from yanku.model.people import Scope
from yanku.model.search import Hit

_DOCUMENTS = 3
"""Documents looked through for a heading, the likeliest first."""
_WHOLE_YEARS = (ReportKind.ANNUAL, ReportKind.HALF_YEAR)
_BY_OTHERS = re.compile(r"券商|研报|研究报告|点评|分析师|机构|深度报告|\b(?:broker|analyst)")


class Chapters:
    """Finds what stands under the heading that a question is for."""

    def __init__(self, find: Find) -> None:
        self._find = find

    async def told(
        self, chapter: Chapter, inquiry: Inquiry, hits: Sequence[Hit], *, scope: Scope
    ) -> tuple[tuple[Quote, ...], tuple[Hit, ...]]:
        """Return quotes with the hits they are of; empty where no heading is on the chapter."""
        for hit in _likeliest(chapter, inquiry, hits)[:_DOCUMENTS]:
            whole = await self._find.whole(hit, scope=scope)
            quotes = told_in_chapter(chapter, passages(lines_of(whole)))
            if quotes:
                cited = {p.line.source.chunk.id for quote in quotes for p in quote.passages}
                return quotes, tuple(one for one in whole if one.chunk.id in cited)
        return (), ()


def _likeliest(chapter: Chapter, inquiry: Inquiry, hits: Sequence[Hit]) -> list[Hit]:
    """Return a hit of each document that may have the section, the likeliest first."""
    by_others = chapter.name == "rating" or _BY_OTHERS.search(inquiry.question) is not None
    first: dict[str, Hit] = {}
    for hit in hits:
        if _may_have(hit.profile, inquiry):
            first.setdefault(str(hit.chunk.document), hit)
    return sorted(first.values(), key=lambda hit: _standing(hit.profile, by_others=by_others))


def _may_have(profile: Profile, inquiry: Inquiry) -> bool:
    company, own = profile.company, profile.period
    codes = {code for one in inquiry.companies for code in known_as(one)}
    if company is None or not codes & {company.code, company.name}:
        return False
    if not inquiry.periods:
        return True
    if own is None:
        written = profile.published
        return written is None or any(_is_on(p.end.year, written.year) for p in inquiry.periods)
    return any(own.end == asked.end for asked in inquiry.periods)


def _is_on(year: int, written: int) -> bool:
    return written in (year, year + 1)


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
