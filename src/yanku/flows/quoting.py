"""The story of a quotation: a question for text to the sentences that answer it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yanku.answer.chapters import only_saying
from yanku.answer.choosing import Choice, Quote, candidates, choose, extended
from yanku.answer.evidence import Line, lines_of
from yanku.answer.moved import moved
from yanku.answer.passages import Passage, passages
from yanku.answer.quote import SURE, Scored, scored
from yanku.answer.sections import from_section, in_section
from yanku.answer.worked import result_asked
from yanku.answer.workings import Work, asks_for_share, states_result, states_share
from yanku.finance.chapters import chapters_of
from yanku.finance.dates import periods_in
from yanku.finance.fiscal import is_of
from yanku.finance.labels import has_han, plain
from yanku.finance.matter import Vocabulary, matter_of
from yanku.finance.names import called_in_texts
from yanku.finance.ontology import Ontology
from yanku.finance.topics import topic_of
from yanku.flows.chapters import Chapters
from yanku.flows.find import Find
from yanku.flows.sections import Sections
from yanku.model.inquiry import Inquiry
from yanku.model.library import ChunkId
from yanku.model.matter import Asks, Matter, Term
from yanku.model.people import Scope
from yanku.model.search import Hit
from yanku.model.topic import Topic, Way
from yanku.ports import Clock
from yanku.retrieve.tokens import Tokens

_LOOKED_AT = 60
_CANDIDATES = 24
"""Of the hits looked at, those read: first the documents on the period asked about."""
_NEIGHBOURS = 8
"""Hits whose neighbours are read as well."""
_SHOWN = 10
"""Sentences shown to a model."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a question for text: its matter, the hits looked through, what to quote.

    ``likely`` are the lines worth showing to a model where nothing is quoted, best first.
    """

    matter: Matter
    hits: tuple[Hit, ...] = ()
    choice: Choice = field(default_factory=Choice)
    likely: tuple[Line, ...] = ()
    nearest: tuple[Line, ...] = ()


_TITLES = {
    "风险": ("可能面对的风险", "面临的风险", "风险因素", "应对措施"),
    "risks": ("risk factors", "principal risks"),
}
"""Titles under which reports list several things of a kind."""
_ALONE = re.compile(
    r"本报告期|单季|第?[一二三四1-4]季度?|\bQ[1-4]\b|\d{1,2}\s?[-—~至]\s?\d{1,2}\s?月|three months",
    re.IGNORECASE,
)
_DISTRIBUTED = re.compile(
    r"((?:19|20)\d\d)\s?年(?:年?度|中期|半年度|第?[一二三]季度)?[^，。；]{0,6}?(?:利润分配|分红|权益分派|派息)"
)
_NO_RESULT = frozenset({Asks.WHETHER, Asks.REASON, Asks.RESPONSE, Asks.LISTED, Asks.METHOD})
"""Kinds of questions in which a change is spoken of and its size is not asked for."""


class Quoting:
    """Finds what may be quoted in answer to a question."""

    def __init__(
        self,
        *,
        find: Find,
        sections: Sections,
        chapters: Chapters,
        tokens: Tokens,
        ontology: Ontology,
        vocabulary: Vocabulary,
        clock: Clock,
    ) -> None:
        self._find = find
        self._sections = sections
        self._tokens = tokens
        self._ontology = ontology
        self._vocabulary = vocabulary
        self._clock = clock
        self._chapters = chapters

    async def look(self, inquiry: Inquiry, *, scope: Scope) -> Sight:
        """Return what the documents of a scope offer to quote."""
        for looked in (self.in_sections, self.in_chapters):
            if (sight := await looked(inquiry, scope=scope)) is not None:
                return sight
        matter = self._matter(inquiry)
        search = await self._find.evidence(
            inquiry, scope=scope, limit=_LOOKED_AT, earlier=True, also=self._also(matter)
        )
        ranked = sorted(search.hits, key=lambda hit: not _is_of_period(hit, inquiry))[:_CANDIDATES]
        best = await self._find.around(ranked[:_NEIGHBOURS], scope=scope)
        seen = {hit.chunk.id for hit in best}
        hits = (*best, *(hit for hit in ranked if hit.chunk.id not in seen))
        every = passages(lines_of(hits))
        found = scored(matter, every, lambda passage: fits(passage, inquiry))
        sure = candidates(found) if Asks.SUMMARY not in matter.asks else ()
        work = result_asked(inquiry, self._tokens.of)
        if work is not None and not matter.asks & _NO_RESULT:
            # Of a change or a share the figures it is made of are no answer; a sentence may be.
            sure = tuple(one for one in sure if _may_state(one, work))
            found = tuple(one for one in found if _may_state(one, work))
        elif inquiry.language == "en" and work is None and asks_for_share(inquiry.question):
            sure = tuple(one for one in sure if states_share(one.passage.text))
            found = tuple(one for one in found if states_share(one.passage.text))
        near = await self._find.nearness(inquiry.question, [s.passage.text for s in sure])
        choice = choose(matter, sure, near, every)
        asked = chapters_of(matter)
        for chapter in asked:
            choice = replace(choice, quotes=only_saying(chapter, choice.quotes))
        # What no sentence says of who audits or controls, no model may make of others.
        told = () if any(chapter.strict for chapter in asked) else found
        return Sight(
            matter=matter,
            hits=hits,
            choice=choice,
            likely=_lines([s for s in told if s.share >= SURE and s.answers]),
            nearest=_lines(found)[:3],
        )

    async def in_sections(self, inquiry: Inquiry, *, scope: Scope) -> Sight | None:
        """Return what the section says that answers questions of this kind; None without one.

        Where reports have the section and nothing in it says what is asked, nothing is quoted.
        """
        topic = topic_of(inquiry.question, inquiry.companies)
        if topic is None:
            return None
        hits = await self._sections.hits(inquiry, topic, scope=scope)
        matter = self._matter(inquiry)
        every = passages(lines_of(hits))
        names, also = _names(inquiry), self._beside(topic, matter)
        if topic.way is Way.MATTER:
            below = [p for p in every if in_section(topic, p) and fits(p, inquiry)]
            told = moved(matter, below, names, [term for term in also if not term.measure])
            quotes = [Quote(extended(p, every, short=True)) for p in told[: topic.most]]
            measured = any(term.measure for term in matter.terms)
            return Sight(matter, hits, Choice(tuple(quotes))) if measured and below else None
        choice = from_section(topic, matter, every, names, also)
        if not hits or (also and not choice.quotes):
            return None
        return Sight(matter=matter, hits=hits, choice=choice)

    async def in_chapters(self, inquiry: Inquiry, *, scope: Scope) -> Sight | None:
        """Return what stands under the heading that a question is for; None without one."""
        matter = self._matter(inquiry)
        quotes: dict[str, Quote] = {}
        hits: dict[ChunkId, Hit] = {}
        for chapter in chapters_of(matter):
            told = await self._chapters.told(chapter, inquiry, scope=scope)
            if not told.quotes:
                return None  # Of two things that are asked for one would be half an answer.
            quotes |= {f"{quote.text}{quote.said}": quote for quote in told.quotes}
            hits |= {hit.chunk.id: hit for hit in told.hits}
        choice = Choice(tuple(quotes.values()))
        return Sight(matter=matter, hits=tuple(hits.values()), choice=choice) if quotes else None

    def _matter(self, inquiry: Inquiry) -> Matter:
        today = self._clock.now().date()
        return matter_of(inquiry, self._ontology, self._vocabulary, self._tokens.of, today)

    def _beside(self, topic: Topic, matter: Matter) -> list[Term]:
        """Return the terms of a question beside its topic: risks *from China*."""
        known = self._ontology.phrases.everyday | self._vocabulary.filler
        return [
            term
            for term in matter.terms
            if term.said not in known
            and not any(start <= term.start and term.end <= end for start, end in topic.said)
        ]

    def names(self, inquiry: Inquiry, sight: Sight) -> bool:
        """Tell whether what is quoted is of those whom no document is known to be of.

        A document may speak of a company without being recognised as its report.
        """
        words = {word for name in inquiry.unknown for word in plain(name).split()}
        quoted = [
            plain(" ".join((quote.passages[0].above[0], quote.text)))
            for quote in sight.choice.quotes
        ]
        named = words - self._vocabulary.filler
        return bool(quoted) and all(word in text for word in named for text in quoted)

    def _also(self, matter: Matter) -> tuple[str, ...]:
        """Return words by which answers are found besides those of the question."""
        hints = [word for kind in sorted(matter.asks) for word in self._vocabulary.hints[kind]]
        listed = Asks.LISTED in matter.asks or Asks.SUMMARY in matter.asks
        titles = [t for term in matter.terms for t in _TITLES.get(term.said, ()) if listed]
        return (*_translated(matter), *hints, *titles)


def _names(inquiry: Inquiry) -> tuple[str, ...]:
    """Return what texts may call the companies of a question, the longest names first."""
    said = {name for company in inquiry.companies for name in called_in_texts(company)}
    return tuple(sorted(said, key=len, reverse=True))


def _may_state(one: Scored, work: Work) -> bool:
    return not one.passage.is_row and states_result(one.passage.text, work)


def _lines(found: Sequence[Scored]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for one in found:
        if one.passage.line not in lines:
            lines.append(one.passage.line)
        if len(lines) == _SHOWN:
            break
    return tuple(lines)


def _translated(matter: Matter) -> tuple[str, ...]:
    """Return the names of terms in the other language: documents may speak it."""
    return tuple(
        name
        for term in matter.terms
        for name in sorted(term.names)
        if has_han(name) is not has_han(term.said)
    )


def fits(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell whether a passage speaks of a period asked for: by its document, or in its words."""
    if _is_of_other_part(passage, inquiry) or _is_of_other_plan(passage, inquiry):
        return False
    said = periods_in(unicodedata.normalize("NFKC", passage.text))
    if _is_of_period(passage.line.source, inquiry):
        # A report of no period of its own speaks of those that it names.
        open_ = passage.line.source.profile.period is None and bool(inquiry.periods)
        years = {period.end.year for period in inquiry.periods}
        return not (open_ and said) or any(one.end.year in years for one in said)
    return any(one.end == asked.end for one in said for asked in inquiry.periods)


def _is_of_other_part(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell a row of the year so far where a quarter alone is asked for, unless it says it is one.

    Both end on one day, and 本期发生额 is what the statement is of.
    """
    own = passage.line.source.profile.period
    if not passage.is_row or own is None or not inquiry.periods:
        return False
    parts = [p for p in inquiry.periods if p.start is not None and p.end == own.end]
    apart = bool(parts) and all(p.start != own.start for p in parts)
    return apart and _ALONE.search(passage.text) is None


def _is_of_other_plan(passage: Passage, inquiry: Inquiry) -> bool:
    """Tell a sentence on the distribution of another year's profit: 2024年度利润分配, of 2025."""
    years = {int(m[1]) for m in _DISTRIBUTED.finditer(passage.text)}
    return bool(years and inquiry.periods) and not any(p.end.year in years for p in inquiry.periods)


def _is_of_period(hit: Hit, inquiry: Inquiry) -> bool:
    """Tell whether a document may be on a period asked for: one that does not say may."""
    return not inquiry.periods or any(is_of(hit.profile, asked) for asked in inquiry.periods)
