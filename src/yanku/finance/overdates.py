"""Reads what is asked over several dates: in every one of them, date by date, or each its own."""

from __future__ import annotations

import re
from dataclasses import replace

from yanku.finance.labels import plain
from yanku.finance.measures import base_of
from yanku.finance.periods import spell, year_before
from yanku.model.inquiry import Inquiry, Span, Task

_IN_EVERY = re.compile(
    r"(?:均|(?<!哪)都|每年都|始终|一直|同时)(?!有哪|是哪|有谁|是谁|包括|有什么)"
    r"|\b(?:both|all (?:three|four|five|the)|every|each) (?:of (?:the|these) )?years?\b"
)

_APIECE = re.compile(r"各(?:自|家|是|为|有|多少)|分别|\beach\b|\brespectively\b")


def is_of_one_date(inquiry: Inquiry) -> bool:
    """Tell whether a ranking is of one date; a growth may name the year that it is from."""
    periods = inquiry.periods
    if len(periods) < 2 or inquiry.run is not None:
        return True
    grows = inquiry.metrics[0] != base_of(inquiry.metrics[0])
    first, other = sorted(periods, key=lambda p: p.end, reverse=True)[:2]
    return grows and len(periods) == 2 and other == year_before(first)


def in_every(inquiry: Inquiry) -> Inquiry:
    """Return a ranking that holds in every one of its dates as one over a run of them."""
    if inquiry.task is not Task.RANK or is_of_one_date(inquiry):
        return inquiry
    if _IN_EVERY.search(plain(inquiry.question)) is None:
        return inquiry
    return replace(inquiry, run=Span(len(inquiry.periods)), span=None)


def company_by_company(inquiry: Inquiry) -> tuple[Inquiry, ...]:
    """Return a sum or mean over time for each of its companies, where each one's own is asked for;
    none where one figure of all of them is.
    """
    over = len(inquiry.periods) > 1 or inquiry.span is not None
    if inquiry.task is not Task.TOTAL or inquiry.everyone or not over or inquiry.unknown:
        return ()
    if len(inquiry.companies) < 2 or _APIECE.search(plain(inquiry.question)) is None:
        return ()
    return tuple(
        replace(inquiry, question=f"{company.name}：{inquiry.question}", companies=(company,))
        for company in inquiry.companies
    )


def date_by_date(inquiry: Inquiry) -> tuple[Inquiry, ...]:
    """Return a ranking for each of its dates; none where it is of one, or no ranking."""
    if inquiry.task is not Task.RANK or inquiry.unknown or is_of_one_date(inquiry):
        return ()
    ordered = sorted(inquiry.periods, key=lambda p: p.end)
    return tuple(
        replace(
            inquiry,
            question=f"{spell(period, inquiry.language)}：{inquiry.question}",
            periods=(period,),
            span=None,
        )
        for period in ordered
    )
