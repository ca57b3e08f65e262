"""The story of a debt: the year a question asks about, to the last report that lists it."""

from __future__ import annotations

from yanku.answer.maturing import told_of_maturities
from yanku.finance.maturities import CURRENT, LONG, schedule_of, years_of_maturity
from yanku.finance.names import known_as
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.told import Told
from yanku.model.finance import Consolidation, Fact, ReportKind
from yanku.model.library import DocumentId, Entry
from yanku.ports import FactQuery


class ByMaturity:
    """Answers when the debt of one company falls due."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def told(self, case: Case) -> Told | None:
        """Return the answer; None where a question asks for something else, or no table gives it.

        Only the last report before the first year asked about is read: a later one lists what is
        left by then, and an earlier one what was owed before.
        """
        inquiry = case.inquiry
        years = years_of_maturity(inquiry)
        if years is None or len(inquiry.companies) != 1:
            return None
        query = FactQuery(
            companies=known_as(inquiry.companies[0]),
            metrics=LONG | CURRENT,
            consolidation=Consolidation.CONSOLIDATED.value,
        )
        entries: dict[DocumentId, Entry] = {}
        facts: dict[DocumentId, list[Fact]] = {}
        for fact, entry in await self._with.facts.facts(query, scope=case.scope):
            entries[entry.id] = entry
            facts.setdefault(entry.id, []).append(fact)
        dated = [
            (entry.profile.period, entry)
            for entry in entries.values()
            if entry.profile.period is not None
            and entry.profile.report is ReportKind.ANNUAL
            and not any(year <= entry.profile.period.end.year for year in years)
        ]
        if not dated:
            return None
        period, entry = max(dated, key=lambda one: one[0].end)
        document = await self._with.library.parsed(entry.id, scope=case.scope)
        schedule = schedule_of(document, facts[entry.id], period)
        if schedule is None:
            return None
        answer = told_of_maturities(inquiry, years, schedule, entry)
        return Told(answer, (), (entry.id,)) if answer is not None else None
