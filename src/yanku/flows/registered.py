"""The story of a place: the companies registered there, and what is asked of them."""

from __future__ import annotations

from dataclasses import replace

from yanku.answer.evidence import lines_of
from yanku.answer.joined import joined
from yanku.answer.registered import Address, address_on, told_by_place
from yanku.finance.names import is_known_as, known_as
from yanku.finance.registered import Registered, registered_in
from yanku.flows.events import Done
from yanku.flows.from_facts import FromFacts
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.told import Told
from yanku.model.answer import Declined, Grounded
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task
from yanku.model.people import Scope
from yanku.model.search import Hit

_MOST = 200
"""Companies whose address is looked for; more are too many to wait for."""
_HITS = 12
_ASKED = "公司注册地址 registered office"


class ByPlace:
    """Answers questions for the companies that are registered in a place."""

    def __init__(self, means: Means) -> None:
        self._with = means
        self._from_facts = FromFacts(means)

    async def answer(self, case: Case) -> Done | None:
        """Return the answer; None where a question names companies, or none says where it is."""
        asked = registered_in(case.inquiry.question)
        if asked is None or (case.inquiry.companies and not case.inquiry.everyone):
            return None
        every = await self._with.facts.companies(scope=case.scope)
        if not every or len(every) > _MOST:
            return None
        found = [await self._address(company, case.scope) for company in every]
        told = [one for one in found if one is not None]
        if not told:
            return None
        whole = await self._told(case, asked, told, len(every))
        return await self._from_facts.released(case, whole) if whole is not None else None

    async def _told(
        self, case: Case, asked: Registered, told: list[tuple[Address, Hit]], every: int
    ) -> Told | None:
        kept = [one for one, _ in told if asked.where.casefold() in one.said.casefold()]
        listed = told_by_place(
            case.inquiry,
            asked.where,
            kept,
            known=len(told),
            every=every,
            counted=asked.counted and not asked.rest,
        )
        hits = tuple(hit for one, hit in told if one in kept)
        if not asked.rest or not kept:
            return Told(listed, hits)
        inquiry = await self._with.find.inquiry(
            asked.rest, scope=case.scope, among=[one.company for one in kept]
        )
        if inquiry.task is Task.TEXT:
            return None  # Who is registered there would be half an answer.
        rest = await self._from_facts.told(replace(case, inquiry=inquiry))
        return Told(_both(case.inquiry, inquiry, listed, rest), (*hits, *rest.hits), rest.documents)

    async def _address(self, company: Company, scope: Scope) -> tuple[Address, Hit] | None:
        """Return the address in the company's latest report that prints one."""
        inquiry = Inquiry(_ASKED, Task.TEXT, companies=(company,))
        search = await self._with.find.evidence(inquiry, scope=scope, limit=_HITS)
        names = known_as(company)
        own = [hit for hit in search.hits if is_known_as(hit.profile.company, names)]
        late = sorted(own, key=_day, reverse=True)
        for line in lines_of(late):
            if said := address_on(line):
                return Address(company, said, line), line.source
        return None


def _day(hit: Hit) -> int:
    period = hit.profile.period
    return period.end.toordinal() if period is not None else 0


def _both(whole: Inquiry, part: Inquiry, listed: Grounded, rest: Told) -> Grounded | Declined:
    """Return who is registered there and what is asked of them, as one answer."""
    first = replace(whole, task=Task.TEXT, parts=())
    told = joined(replace(whole, parts=(first, part)), [listed, rest.answer])
    if isinstance(told, Grounded) and isinstance(rest.answer, Grounded):
        return replace(told, amount=rest.answer.amount, choice=rest.answer.choice, parts=())
    return told
