"""The story of a search: question and scope to hits that may be used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import fsum

from yanku.chunk.cut import CHUNKER
from yanku.finance.bearing import bearing
from yanku.finance.followup import continued, so_far
from yanku.finance.mentions import as_typed
from yanku.finance.names import known_as
from yanku.finance.ontology import Ontology
from yanku.finance.saying import say
from yanku.finance.several import read_question
from yanku.finance.wants import wanted
from yanku.flows.rows import Rows, chunks_of
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, chunk_id
from yanku.model.people import AsOf, Scope
from yanku.model.search import Channel, Filter, Hit, Probe
from yanku.ports import Clock, Embedder, FactBook, Index, Library
from yanku.retrieve.evidence import balanced, distinct
from yanku.retrieve.fuse import Fused, fuse
from yanku.retrieve.standing import stands_in
from yanku.retrieve.tokens import Tokens

_DEPTH = 60
"""Candidates per channel: enough that fusion and the join with PostgreSQL leave a full page."""
_WEIGHTS = {Channel.WORDS: 1.0, Channel.VECTORS: 0.3, Channel.FACTS: 3.0, Channel.ROWS: 3.0}
"""Where the very figure stands, or a row says that it does, comes first.

In filings words tell rows apart and vectors do not: equal weights pushed right rows out."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for, how, and what was found, best first."""

    inquiry: Inquiry
    filter: Filter
    hits: tuple[Hit, ...]


class Part(StrEnum):
    """What can be taken out of the house to measure what it is worth."""

    FACTS = "facts"
    """Every question goes to tables and text, and no hit is found by its figure."""
    FILTERS = "filters"
    """Company and year are words of a question and no conditions."""
    NUMBER_CHECKS = "number-checks"
    """What the model says is believed."""


class Find:
    """Understands a question and finds the evidence its reader may see."""

    def __init__(
        self,
        *,
        index: Index,
        library: Library,
        facts: FactBook,
        embedder: Embedder,
        tokens: Tokens,
        ontology: Ontology,
        clock: Clock,
        without: frozenset[Part] = frozenset(),
    ) -> None:
        self._index = index
        self._library = library
        self._facts = facts
        self._embedder = embedder
        self._tokens = tokens
        self._ontology = ontology
        self._clock = clock
        self._without = without

    async def inquiry(
        self,
        question: str,
        *,
        scope: Scope,
        before: Sequence[str] = (),
        among: Sequence[Company] = (),
    ) -> Inquiry:
        """Return the question understood, knowing only companies the scope can see.

        ``before`` are the questions of the same conversation, oldest first: one that leans on
        them is made whole, and the inquiry says so. With ``among``, only these companies count.
        """
        companies = among or await self._facts.companies(scope=scope)
        today = scope.as_of.day or self._clock.now().date()
        about = so_far(before, companies, self._ontology, today)
        whole = continued(about, question, companies, self._ontology, today) if about else None
        told = as_typed(whole, about, question) if whole else question
        inquiry = read_question(told, companies, self._ontology, today)
        if told != question:
            note = say("continued", inquiry.language, question=told)
            inquiry = replace(inquiry, asked=question, assumptions=(note, *inquiry.assumptions))
        return _known(inquiry, scope.as_of)

    async def search(self, question: str, *, scope: Scope, limit: int = 10) -> Search:
        """Return hits for a question; company and year found in it are hard conditions."""
        return await self.evidence(
            await self.inquiry(question, scope=scope), scope=scope, limit=limit
        )

    async def evidence(
        self,
        inquiry: Inquiry,
        *,
        scope: Scope,
        limit: int = 10,
        later: bool = False,
        earlier: bool = False,
        also: Sequence[str] = (),
    ) -> Search:
        """Return hits for a question already understood.

        With ``later``, or where figures are asked for, also those of documents on the years after:
        their tables repeat the year asked about beside their own. With ``earlier``, those on the
        year before, which say what is planned. ``also`` are other words for what is asked.
        """
        condition = Filter()
        if Part.FILTERS not in self._without:
            figures = inquiry.figure or inquiry.task is not Task.TEXT
            condition = filter_of(inquiry, later=later or figures, earlier=earlier)
        words = self._tokens.of(" ".join((inquiry.question, *also)))
        vector = await self._embedder.query(inquiry.question)
        probes = [Probe(words, vector, condition, _DEPTH)]
        if condition != Filter():
            # Documents that name no company or year of their own (memos, notes) match no filter.
            probes.append(Probe(words, vector, Filter(), _DEPTH))
        by_rows = Rows(inquiry, self._ontology)
        shares = by_rows.probes(condition, self._tokens)
        found = await asyncio.gather(
            *(self._index.search(probe, scope=scope) for probe in (*probes, *shares))
        )
        rankings = found[: len(probes)]
        if standing := await self._standing(inquiry, scope):
            rankings[0] = {**rankings[0], Channel.FACTS: standing}
        within = chunks_of((rankings[0], *found[len(probes) :]))
        known = await self._library.chunks(chunks_of((*rankings, *found)), scope=scope)
        if shares:
            rankings[0] = {**rankings[0], Channel.ROWS: by_rows.ranked(within, known)}
        fused = [fuse(ranking, _WEIGHTS) for ranking in rankings]
        hits = _hits(fused[0], known)
        if len(fused) > 1:
            hits += [hit for hit in _hits(fused[1], known) if _speaks_of(hit, inquiry)]
        return Search(inquiry, condition, balanced(distinct(hits), limit))

    async def around(self, hits: Sequence[Hit], *, scope: Scope) -> tuple[Hit, ...]:
        """Return hits with the chunks before and after each, in reading order, best document first.

        What is not live and readable is left out.
        """
        order = dict.fromkeys(hit.chunk.document for hit in hits)
        wanted = {
            (hit.chunk.document, hit.chunk.ordinal + step): hit
            for step in (-1, 1, 0)
            for hit in hits
            if hit.chunk.ordinal + step >= 0
        }
        ids = {key: chunk_id(*key, CHUNKER) for key in wanted}
        known = await self._library.chunks(list(ids.values()), scope=scope)
        rank = {document: n for n, document in enumerate(order)}
        return tuple(
            replace(wanted[key], chunk=known[ids[key]][0])
            for key in sorted(wanted, key=lambda key: (rank[key[0]], key[1]))
            if ids[key] in known
        )

    async def nearness(self, question: str, texts: Sequence[str]) -> tuple[float, ...]:
        """Return how near in meaning each text is to a question: the cosine of their vectors."""
        if not texts:
            return ()
        asked = await self._embedder.query(question)
        vectors = await self._embedder.passages(list(texts))
        return tuple(fsum(a * b for a, b in zip(asked, v, strict=True)) for v in vectors)

    async def _standing(self, inquiry: Inquiry, scope: Scope) -> tuple[ChunkId, ...]:
        """Return the chunks in which the very figures asked for stand, the best first."""
        known = inquiry.metrics and inquiry.companies and inquiry.task is not Task.TEXT
        if not known or Part.FACTS in self._without:
            return ()
        sourced = await self._facts.facts(wanted(inquiry, self._ontology), scope=scope)
        places = [
            (entry.id, fact.place)
            for fact, entry in bearing(inquiry, sourced, self._ontology)[:_DEPTH]
        ]
        near = await self._library.chunks_at(places, scope=scope) if places else ()
        by_document: dict[DocumentId, list[Chunk]] = {}
        for chunk, entry in near:
            by_document.setdefault(entry.id, []).append(chunk)
        return tuple(
            dict.fromkeys(
                chunk.id
                for document, place in places
                for chunk in by_document.get(document, ())
                if any(stands_in(place, line) for line in chunk.lines)
            )
        )


def known_by(as_of: AsOf, language: str) -> tuple[str, ...]:
    """Return the sentence that tells as of when an answer is, and a hint; neither for now."""
    moment = f"{as_of.held.astimezone():%Y-%m-%d %H:%M}" if as_of.held else ""
    match as_of.held, as_of.public:
        case None, None:
            return ()
        case None, day:
            return (say("public_by", language, day=str(day)),)
        case _, None:
            return (say("held", language, day=moment),)
        case _, day:
            note = say("as_of", language, day=_whole(str(day), moment))
            return (note, say("public_instead", language))


def _known(inquiry: Inquiry, as_of: AsOf) -> Inquiry:
    """Return the inquiry with a sentence that tells as of when it is answered."""
    told = known_by(as_of, inquiry.language)
    return replace(inquiry, as_of="".join(told), assumptions=(*told[:1], *inquiry.assumptions))


def _whole(day: str, moment: str) -> str:
    """Return the day alone if the moment is its end."""
    return day if moment in {day, f"{day} 23:59"} else moment


def filter_of(inquiry: Inquiry, *, later: bool = False, earlier: bool = False) -> Filter:
    """Return the hard conditions a question sets on documents.

    ``later`` admits two years more: a report repeats the figures of the year before, and its
    summary those of the two years before. ``earlier`` admits the year before.
    """
    years = {
        year
        for period in inquiry.periods
        for year in {(period.start or period.end).year, period.end.year}
    }
    after = {year + more for year in years for more in (1, 2) if later}
    years |= after | {year - 1 for year in years if earlier}
    companies = {key for company in inquiry.companies for key in known_as(company)}
    return Filter(frozenset(companies), frozenset(years))


def _hits(fused: Sequence[Fused], known: Mapping[ChunkId, tuple[Chunk, Entry]]) -> list[Hit]:
    found = []
    for item in fused:
        if item.chunk in known:
            chunk, entry = known[item.chunk]
            found.append(Hit(chunk, entry.name, entry.profile, item.score, item.ranks))
    return found


def _speaks_of(hit: Hit, inquiry: Inquiry) -> bool:
    """Tell whether a chunk outside the conditions speaks of a company asked for.

    In a document of another company its own words must name it, as a table of peers does.
    """
    text = hit.chunk.text
    if hit.profile.company is None:
        text += hit.chunk.context
    elif not inquiry.companies:
        return False
    return not inquiry.companies or any(
        name in text for company in inquiry.companies for name in (company.name, *company.aliases)
    )
