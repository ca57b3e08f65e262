"""Answers that look along time: which year was best, when first, for how long, whether."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from yanku.finance.desk import Desk, period_of
from yanku.finance.found import Found, in_units, rows_of
from yanku.finance.lack import Lack
from yanku.finance.many import closes_a_year, in_a_row, spanned
from yanku.finance.measures import fitted
from yanku.finance.periods import quarter_before, spell, year_before
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import Period
from yanku.model.inquiry import Finding, Inquiry, Missing, Span, Step, Turn

_RESULTS = re.compile("profit|eps|income")
_PROFIT = {1: ("盈利", "profit"), 0: ("盈亏相抵", "neither"), -1: ("亏损", "loss")}
_SIGN = {1: ("正", "positive"), 0: ("零", "zero"), -1: ("负", "negative")}
_YES, _NO = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}


def best_period(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the period with the most or the least of a measure, of all that are known."""
    found = _solid(_along(inquiry, desk))
    if isinstance(found, Lack):
        return desk.missing(found)
    if len(found) < 2:
        return _nothing(inquiry, desk)
    if len({item.amount.unit for item in found}) != 1:
        return in_units(found)
    values = [item.amount.value for item in found]
    edge = min(values) if inquiry.lowest else max(values)
    best = [item for item in found if item.amount.value == edge]
    return _told(inquiry, desk, found, best)


def when(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the periods that meet a bound: the first, the last, or each of those known.

    A first one is only known as such where the period before it is known not to meet it.
    """
    along = _along(inquiry, desk)
    found = _solid(along)
    if isinstance(found, Lack):
        return desk.missing(found)
    if not found:
        return _nothing(inquiry, desk)
    if (wrong := _in_other_unit(inquiry, found)) is not None:
        return wrong
    met = _met(inquiry, found)
    first = met[:1] and met[0] is found[0] and inquiry.turn is Turn.FIRST and not inquiry.periods
    if first:
        before = _before(found[0], inquiry)
        return desk.missing(Lack(found[0].company, inquiry.metrics[0], before))
    chosen = {Turn.FIRST: met[:1], Turn.LAST: met[-1:]}.get(inquiry.turn or Turn.EACH, met)
    return _told(inquiry, desk, found, chosen)


def streak(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return for how many periods in a row, up to the latest, a bound has been met."""
    along = _along(inquiry, desk)
    found = [item for item in along if isinstance(item, Found)]
    if not found:
        return _nothing(inquiry, desk)
    if (wrong := _in_other_unit(inquiry, found)) is not None:
        return wrong
    in_row: list[Found] = []
    ended: Found | Lack | None = None
    for item in reversed(along):
        if isinstance(item, Lack) or not _meets(inquiry, item):
            ended = item
            break
        in_row.insert(0, item)
    if not in_row and isinstance(ended, Lack):
        return desk.missing(ended)
    shown = [*([ended] if isinstance(ended, Found) else []), *in_row]
    finding = rows_of(shown)
    step = inquiry.span.step if inquiry.span is not None else Step.YEAR
    unit = "quarters" if step is Step.QUARTER else "years"
    notes = finding.assumptions
    if not isinstance(ended, Found):
        when = spell(in_row[0].period, desk.language)
        notes = (*notes, say("at_least", desk.language, when=when))
    return replace(finding, amount=Amount(Decimal(len(in_row)), unit), assumptions=notes)


def whether(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return yes or no: whether a company's figure meets the bounds, in all periods of a run."""
    company, name = inquiry.companies[0], inquiry.metrics[0]
    last = inquiry.periods[0] if inquiry.periods else _latest(inquiry, desk)
    if last is None:
        return desk.missing(Lack(company, name, None))
    run = inquiry.run or Span(1)
    found: list[Found] = []
    two = len(inquiry.periods) == 2 and not inquiry.run
    periods = in_a_row(last, run, desk, name) if inquiry.run else [last]
    for period in [year_before(last), last] if inquiry.turned else periods:
        at = fitted(period, name, desk.ontology)
        finding = (
            desk.change(company, name, *inquiry.periods) if two else desk.measure(company, name, at)
        )
        if isinstance(finding, Lack):
            return desk.missing(finding)
        found.append(Found(company, name, period_of(finding, at), finding))
    if (wrong := _in_other_unit(inquiry, found)) is not None:
        return wrong
    met = all(_meets(inquiry, item) for item in found)
    if inquiry.turned:
        met = _met(inquiry, found) == found[-1:]
    finding = rows_of(found)
    notes = finding.assumptions
    if not inquiry.periods:
        notes = (*notes, say("latest", desk.language, when=spell(found[-1].period, desk.language)))
    choice = (_YES if met else _NO)[desk.language]
    if inquiry.sided:
        choice = _side(found[0], desk)
    return replace(finding, choice=choice, assumptions=tuple(dict.fromkeys(notes)))


def _latest(inquiry: Inquiry, desk: Desk) -> Period | None:
    """Return the latest period known; of years in a row, the latest whole year."""
    company, name = inquiry.companies[0], inquiry.metrics[0]
    years = inquiry.turned or (inquiry.run is not None and inquiry.run.step is Step.YEAR)
    if not years or desk.part is not None:
        return desk.latest(company, name)
    return next((p for p in desk.known(company, name) if closes_a_year(p)), None)


def _along(inquiry: Inquiry, desk: Desk) -> list[Found | Lack]:
    """Return the figure of each period in order of time; what begins before all figures is not."""
    company, name = inquiry.companies[0], inquiry.metrics[0]
    if inquiry.span is not None:
        periods = spanned(inquiry.span, inquiry, company, desk)
    else:
        periods = sorted(inquiry.periods, key=lambda p: p.end)
    found: list[Found | Lack] = []
    for period in periods:
        at = fitted(period, name, desk.ontology)
        finding = desk.measure(company, name, at)
        found.append(finding if isinstance(finding, Lack) else Found(company, name, at, finding))
    while found and isinstance(found[0], Lack) and not inquiry.periods:
        found.pop(0)  # The reports on record begin later.
    return found


def _solid(along: Sequence[Found | Lack]) -> list[Found] | Lack:
    """Return the figures, or the first that lacks among them: nothing is best of what has gaps."""
    for item in along:
        if isinstance(item, Lack):
            return item
    return [item for item in along if isinstance(item, Found)]


def _meets(inquiry: Inquiry, item: Found) -> bool:
    return all(bound.met_by(item.amount.value) for bound in inquiry.bounds)


def _met(inquiry: Inquiry, found: Sequence[Found]) -> list[Found]:
    """Return the items that meet the bounds: with ``turned``, only after one that does not."""
    if not inquiry.turned:
        return [item for item in found if _meets(inquiry, item)]
    pairs = pairwise(found)
    return [now for before, now in pairs if _meets(inquiry, now) and not _meets(inquiry, before)]


def _side(item: Found, desk: Desk) -> str:
    """Return profit or loss, or the bare sign of what is neither."""
    sign = (item.amount.value > 0) - (item.amount.value < 0)
    words = _PROFIT if _RESULTS.search(item.name) else _SIGN
    return words[sign][1 if desk.language == "en" else 0]


def _in_other_unit(inquiry: Inquiry, found: Sequence[Found]) -> Missing | None:
    units = {bound.unit for bound in inquiry.bounds} - {""}
    strange = [item for item in found if units and item.amount.unit not in units]
    return in_units(strange) if strange else None


def _before(item: Found, inquiry: Inquiry) -> Period:
    step = inquiry.span.step if inquiry.span is not None else Step.YEAR
    end = item.period
    if step is Step.QUARTER and (earlier := quarter_before(end)) is not None:
        return earlier
    return year_before(end)


def _told(inquiry: Inquiry, desk: Desk, found: Sequence[Found], chosen: Sequence[Found]) -> Finding:
    finding = rows_of(found)
    words = [spell(item.period, desk.language) for item in (found[0], found[-1])]
    over = say("over", desk.language, start=words[0], end=words[1], count=str(len(found)))
    names = "、".join(spell(item.period, desk.language) for item in chosen)
    return replace(
        finding,
        choice=names or None,
        assumptions=(*finding.assumptions, over),
        tied=inquiry.turn is None and len(chosen) > 1,
    )


def _nothing(inquiry: Inquiry, desk: Desk) -> Missing:
    return desk.missing(Lack(inquiry.companies[0], inquiry.metrics[0], None))
