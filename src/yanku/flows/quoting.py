"""The story of a quotation: a question for text to the sentences that answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanku.answer.choosing import candidates, choose
from yanku.answer.evidence import Line, lines_of
from yanku.answer.forms import form_titles
from yanku.answer.free_parts import only_saying
from yanku.answer.passages import passages
from yanku.answer.quote import SURE, Scored, scored
from yanku.answer.worked import result_asked
from yanku.answer.workings import Work, asks_for_share, states_result, states_share
from yanku.finance.chapters import free_chapters
from yanku.finance.labels import has_han, plain
from yanku.finance.names import is_known_as, known_as
from yanku.flows.chapters import Chapters
from yanku.flows.find import Find
from yanku.flows.fitting import fits, is_of_period
from yanku.flows.matters import Matters
from yanku.flows.sight import Sight
from yanku.model.inquiry import Inquiry
from yanku.model.matter import Asks, Matter
from yanku.model.people import Scope
from yanku.retrieve.tokens import Tokens

_LOOKED_AT = 60
_CANDIDATES = 24
"""Of the hits looked at, those read: first the documents on the period asked about."""
_NEIGHBOURS = 8
"""Hits whose neighbours are read as well."""
_SHOWN = 10
"""Sentences shown to a model."""


_TITLES = {
    "风险": ("可能面对的风险", "面临的风险", "风险因素", "应对措施"),
    "risks": ("risk factors", "principal risks"),
}
"""Titles under which reports list several things of a kind."""
_NO_RESULT = frozenset({Asks.WHETHER, Asks.REASON, Asks.RESPONSE, Asks.LISTED, Asks.METHOD})
"""Kinds of questions in which a change is spoken of and its size is not asked for."""


class Quoting:
    """Finds what may be quoted in answer to a question."""

    def __init__(self, *, find: Find, chapters: Chapters, matters: Matters, tokens: Tokens) -> None:
        self._find = find
        self._chapters = chapters
        self._matters = matters
        self._tokens = tokens

    async def look(self, inquiry: Inquiry, *, scope: Scope) -> Sight:
        """Return what the documents of a scope offer to quote."""
        matter = self._matters.of(inquiry)
        told = await self._chapters.seen(inquiry, matter, scope=scope)
        return told or await self._found(inquiry, matter, scope)

    async def _found(self, inquiry: Inquiry, matter: Matter, scope: Scope) -> Sight:
        """Return what a search offers to quote."""
        search = await self._find.evidence(
            inquiry, scope=scope, limit=_LOOKED_AT, earlier=True, also=self._also(matter)
        )
        ranked = sorted(search.hits, key=lambda hit: not is_of_period(hit, inquiry))[:_CANDIDATES]
        best = await self._find.around(ranked[:_NEIGHBOURS], scope=scope)
        seen = {hit.chunk.id for hit in best}
        hits = (*best, *(hit for hit in ranked if hit.chunk.id not in seen))
        every = passages(lines_of(hits))
        found = scored(matter, every, lambda passage: fits(passage, inquiry))
        found = _own(found, inquiry)
        if Asks.WHETHER not in matter.asks:
            titles = form_titles(every)
            found = tuple(one for one in found if one.passage.order not in titles)
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
        asked = free_chapters(matter, inquiry.companies)
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

    def names(self, inquiry: Inquiry, sight: Sight) -> bool:
        """Tell whether what is quoted is of those whom no document is known to be of.

        A document may speak of a company without being recognised as its report.
        """
        words = {word for name in inquiry.unknown for word in plain(name).split()}
        quoted = [
            plain(" ".join((quote.passages[0].above[0], quote.text)))
            for quote in sight.choice.quotes
        ]
        named = words - self._matters.vocabulary.filler
        return bool(quoted) and all(word in text for word in named for text in quoted)

    def _also(self, matter: Matter) -> tuple[str, ...]:
        """Return words by which answers are found besides those of the question."""
        hints = [
            word for kind in sorted(matter.asks) for word in self._matters.vocabulary.hints[kind]
        ]
        listed = Asks.LISTED in matter.asks or Asks.SUMMARY in matter.asks
        titles = [t for term in matter.terms for t in _TITLES.get(term.said, ()) if listed]
        return (*_translated(matter), *hints, *titles)


def _own(found: Sequence[Scored], inquiry: Inquiry) -> tuple[Scored, ...]:
    """Return what documents of the companies asked about say, where any of them is sure.

    What another company's report says of them counts where their own say nothing.
    """
    names = {name for company in inquiry.companies for name in known_as(company)}
    own = [
        one
        for one in found
        if (company := one.passage.line.source.profile.company) is None
        or is_known_as(company, names)
    ]
    sure = any(one.share >= SURE and one.answers for one in own)
    return tuple(own) if names and sure else tuple(found)


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
