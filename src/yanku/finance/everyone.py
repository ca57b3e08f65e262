"""Figures of every company of the library side by side, and how many of them disclose any."""

from __future__ import annotations

from dataclasses import replace

from yanku.finance.desk import Desk
from yanku.finance.lack import Lack
from yanku.finance.many import coverage, series, shared_period
from yanku.finance.periods import spell
from yanku.finance.saying import say
from yanku.model.inquiry import Finding, Inquiry, Missing


def side_by_side(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the measures of all companies that disclose any of them, and name the others.

    Without a period of its own it is the latest that most of them have, and that is noted.
    """
    notes: tuple[str, ...] = ()
    if not inquiry.periods and inquiry.span is None:
        period = shared_period(inquiry, desk)
        if period is None:
            return desk.missing(Lack(inquiry.companies[0], inquiry.metrics[0], None))
        inquiry = replace(inquiry, periods=(period,))
        notes = (say("latest", desk.language, when=spell(period, desk.language)),)
    known = tuple(
        one
        for one in inquiry.companies
        if not isinstance(series(replace(inquiry, companies=(one,)), desk), Missing)
    )
    finding = series(replace(inquiry, companies=known) if known else inquiry, desk)
    if isinstance(finding, Missing):
        return finding
    absent = [one for one in inquiry.companies if one not in known]
    told = coverage(inquiry, len(known), (), absent, desk)
    return replace(finding, assumptions=(*notes, *finding.assumptions, *told))
