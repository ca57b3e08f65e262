"""Answers from facts and from single cells of tables, and why there is none."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.compose import cited, compose, known_beside
from yanku.answer.declining import as_known, decline_missing
from yanku.answer.evidence import Line, lines_of
from yanku.answer.quotation import quoted
from yanku.finance.agreement import Sourced
from yanku.finance.compute import settle, wanted
from yanku.finance.instead import disclose_more, instead
from yanku.finance.measures import called
from yanku.finance.names import known_as
from yanku.finance.placed import placed
from yanku.finance.wants import WITNESSES, periods_of
from yanku.flows.events import Done
from yanku.flows.from_tables import FromTables
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.receipts import Receipts
from yanku.flows.sight import Sight
from yanku.flows.told import Told, Unanswered
from yanku.model.finance import Period
from yanku.model.inquiry import Cause, Finding, Inquiry, Missing
from yanku.model.library import DocumentId
from yanku.model.people import Scope
from yanku.model.search import Hit
from yanku.ports import FactQuery

_CANDIDATES = 30
"""Hits looked at for those that speak of what is asked about."""


class FromFacts:
    """Answers that no model has a say in."""

    def __init__(self, means: Means) -> None:
        self._with = means
        self._tables = FromTables(means)
        self._receipts = Receipts(means)

    async def answer(self, case: Case) -> Done:
        """Answer from facts, or from a table's cells where they lack, or say what is missing."""
        for _ in range(2):  # Once more if a document goes away between reading and release.
            done = await self.released(case, await self.told(case))
            if done is not None:
                return done
        return await self.decline(case, Missing(""))

    async def released(self, case: Case, told: Told) -> Done | None:
        """Return an answer with its receipt; None if one of its sources is gone."""
        receipt = await self._receipts.open(case, told.hits, told.documents)
        return await self._receipts.close(case, receipt, told.answer)

    async def told(self, case: Case) -> Told:
        """Return what facts say, or a table's cells where they lack, or what is missing."""
        inquiry, outcome = await self._settled(case)
        if not isinstance(outcome, Missing):
            return Told(compose(inquiry, outcome, self._named), (), _documents(outcome))
        # Where facts contradict one another no single cell may answer in their place.
        lacking = outcome.cause is Cause.LACKING
        told = await self._without_facts(case) if lacking else None
        return told or await self.told_missing(case, outcome)

    async def _settled(self, case: Case) -> tuple[Inquiry, Finding | Missing]:
        """Return what facts say to an inquiry, or to the one that may be told in its place."""
        inquiry, ontology = case.inquiry, self._with.ontology
        facts, outcome = await self._looked_up(inquiry, case.scope)
        if inquiry.standing:
            inquiry = placed(inquiry, lambda one: settle(one, facts, ontology))
            return inquiry, settle(inquiry, facts, ontology)
        lacks = isinstance(outcome, Missing) and outcome.cause is Cause.LACKING
        other = instead(inquiry, ontology) if lacks or inquiry.everyone else None
        if other is None:
            return inquiry, outcome
        others, told = await self._looked_up(other, case.scope)
        if isinstance(told, Finding) and (lacks or disclose_more(facts, others, inquiry, other)):
            return other, told
        return inquiry, outcome

    async def _looked_up(
        self, inquiry: Inquiry, scope: Scope
    ) -> tuple[Sequence[Sourced], Finding | Missing]:
        facts = await self._with.facts.facts(wanted(inquiry, self._with.ontology), scope=scope)
        return facts, settle(inquiry, facts, self._with.ontology)

    async def _without_facts(self, case: Case) -> Told | None:
        """Return what chapters or tables say of a figure, if any does."""
        inquiry, chapters = case.inquiry, self._with.chapters
        matter = self._with.matters.of(inquiry)
        return (
            self._quoted(case, await chapters.in_fixed(inquiry, matter, scope=case.scope))
            or await self._tables.told(case)
            or await self._tables.in_words(case)
            or self._quoted(case, await chapters.in_free(inquiry, matter, scope=case.scope))
        )

    def _quoted(self, case: Case, sight: Sight | None) -> Told | None:
        """Return what says the figure in words: how many people work there."""
        if sight is None or not sight.choice.quotes:
            return None
        return Told(quoted(case.inquiry, sight.choice), sight.hits)

    async def from_tables(self, case: Case) -> Done | None:
        """Answer with what tables say to a question, if they do."""
        told = await self._tables.told(case)
        return await self.released(case, told) if told is not None else None

    async def decline(self, case: Case, missing: Missing) -> Done:
        """Decline with the reason, the nearest evidence, and what there are figures for."""
        told = await self.told_missing(case, missing)
        receipt = await self._receipts.open(case, told.hits, told.documents)
        return await self._receipts.surely_close(case, receipt, told.answer)

    async def told_missing(self, case: Case, missing: Missing) -> Unanswered:
        """Return the decline of what is missing."""
        inquiry, scope = case.inquiry, case.scope
        there = missing.known.operands if missing.known is not None else missing.operands
        # Nothing here is near a company that is not in the library.
        hits: Sequence[Hit] = ()
        if not inquiry.unknown and not there:
            hits = (await self._with.find.evidence(inquiry, scope=scope, limit=3)).hits
        nearest = tuple(
            line.citation(number) for number, line in enumerate(_first_lines(hits), start=1)
        )
        nearest = nearest or cited(there, inquiry.language)
        known, of_the_figure = await self._known(missing, scope)
        beside = known_beside(inquiry, missing, self._named)
        answer = decline_missing(
            inquiry, missing, nearest, known, of_the_figure=of_the_figure, told=beside
        )
        documents = tuple(dict.fromkeys(operand.entry.id for operand in there))
        return Unanswered(as_known(answer, inquiry), tuple(hits), documents)

    async def _known(self, missing: Missing, scope: Scope) -> tuple[Sequence[Period], bool]:
        """Return the periods there are figures for: of the measure, or else of the company."""
        if missing.company is None or missing.cause is not Cause.LACKING:
            return (), True
        query = FactQuery(companies=known_as(missing.company), metrics=frozenset({missing.metric}))
        found = periods_of(await self._with.facts.facts(query, scope=scope))
        if found:
            return found, True
        query = FactQuery(companies=known_as(missing.company), metrics=WITNESSES)
        return periods_of(await self._with.facts.facts(query, scope=scope)), False

    def _named(self, metric: str, language: str) -> str:
        return called(metric, language, self._with.ontology)


def _documents(finding: Finding) -> tuple[DocumentId, ...]:
    operands = (*finding.operands, *finding.also, *finding.otherwise)
    return tuple(dict.fromkeys(operand.entry.id for operand in operands))


def _first_lines(hits: Sequence[Hit]) -> list[Line]:
    lines = lines_of(hits)
    return [next(line for line in lines if line.hit == n) for n in sorted({x.hit for x in lines})]
