"""Reads which place one company has among all of them: 紫金矿业2024年营收排第几."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from yanku.finance.labels import plain
from yanku.finance.names import merged
from yanku.finance.ontology import Ontology
from yanku.model.finance import Company
from yanku.model.inquiry import Finding, Inquiry, Missing, Task

_ASKED = re.compile(
    r"(?:在|于)?(?:库里|库中|资料库|所有公司|全部公司|各公司|这些公司)?(?:中|里|当中)?(?:能|可以)?"
    r"(?:(?:排名?|位列|位居|名列|排在|排行)第?(?:几|多少)(?:名|位)?|(?:是|为|在)?第几(?:名|位)?)(?=$|[?？。呢啊])"
)
_PLAIN = frozenset({Task.LOOKUP, Task.RATIO, Task.GROWTH})

Read = Callable[[str], Inquiry]


def place_asked(
    question: str, companies: Sequence[Company], ontology: Ontology, read: Read
) -> Inquiry | None:
    """Return the ranking of the whole library in which one company's place is asked for; None if
    none is. ``read`` understands a question.
    """
    text = plain(question)
    m = _ASKED.search(text)
    if m is None:
        return None
    one = read(text[: m.start()] + text[m.end() :])
    fits = one.task in _PLAIN and len(one.companies) == 1 and len(one.metrics) == 1
    if not fits or len(one.periods) > 1 or one.span or one.unknown or one.unclear:
        return None
    return replace(
        one,
        question=question,
        task=Task.RANK,
        companies=merged(ontology.known(companies)),
        everyone=True,
        standing=one.companies[0].code,
    )


def placed(inquiry: Inquiry, settle: Callable[[Inquiry], Finding | Missing]) -> Inquiry:
    """Return a ranking that asks for one company's place as one that asks who has that place.

    Without a figure of that company the question is for the figure alone, which then lacks.
    """
    if not inquiry.standing:
        return inquiry
    ranked = settle(inquiry)
    rows = ranked.rows if isinstance(ranked, Finding) else ()
    own = next((row for row in rows if row.company.code == inquiry.standing), None)
    if own is None or own.amount is None:
        alone = tuple(one for one in inquiry.companies if one.code == inquiry.standing)
        return replace(inquiry, companies=alone, task=Task.LOOKUP, everyone=False, standing="")
    value = own.amount.value
    ahead = (row for row in rows if row.amount is not None and row.amount.value > value)
    return replace(inquiry, place=1 + sum(1 for _ in ahead))
