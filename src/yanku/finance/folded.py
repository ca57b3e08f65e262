"""Makes one figure of several: sums, means, differences between companies, growth a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import product
from statistics import median

from yanku.finance.choose import without_repeats
from yanku.finance.desk import Desk
from yanku.finance.formula import divided
from yanku.finance.found import Found, in_units, missing_beside, rows_of
from yanku.finance.lack import Lack
from yanku.finance.many import closes_a_year, in_a_row, rank, shared_period, spanned
from yanku.finance.measures import base_of, called, fitted
from yanku.finance.names import said_in
from yanku.finance.periods import months, spell, year_before
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Fold, Inquiry, Missing, Task

_DIGITS = 34


def total(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the sum or mean of a measure over the companies and periods asked about."""
    if inquiry.top or inquiry.bounds:
        return _total_of_chosen(inquiry, desk)
    found: list[Found] = []
    lacks: list[Lack] = []
    for company in inquiry.companies:
        periods = _total_periods(inquiry, company, desk)
        if not periods:
            return desk.missing(Lack(company, inquiry.metrics[0], None))
        for name, period in product(inquiry.metrics, periods):
            at = fitted(period, name, desk.ontology)
            finding = desk.measure(company, name, at)
            if isinstance(finding, Lack):
                lacks.append(finding)
            else:
                found.append(Found(company, name, at, finding))
    if lacks and not (inquiry.everyone and inquiry.fold is not Fold.SUM and len(found) > 1):
        # A sum without one of its parts is a wrong number.
        return missing_beside(lacks[0], found, desk)
    return _covering(inquiry, _added_up(inquiry, found, desk), lacks, desk)


def _covering(
    inquiry: Inquiry, told: Finding | Missing, lacks: Sequence[Lack], desk: Desk
) -> Finding | Missing:
    """Return a mean or a middle of all companies with how many of them it is of."""
    if isinstance(told, Missing) or not inquiry.everyone or inquiry.fold is Fold.SUM:
        return told
    known = len(inquiry.companies) - len({lack.company.code for lack in lacks})
    notes = [say("coverage", desk.language, all=str(len(inquiry.companies)), known=str(known))]
    if lacks:
        names = dict.fromkeys(lack.company.called(inquiry.question) for lack in lacks)
        notes.append(say("gaps", desk.language, names="、".join(names)))
    return replace(told, assumptions=(*told.assumptions, *notes))


def _added_up(inquiry: Inquiry, found: Sequence[Found], desk: Desk) -> Finding | Missing:
    if len(found) < 2:
        return Missing(inquiry.question)
    if len({item.amount.unit for item in found}) != 1:
        return in_units(found)
    return _folded(inquiry, found, desk)


def _total_of_chosen(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the sum or mean over the companies that a ranking or bounds choose.

    They are put in order by the last measure; the first is added up, and must be there for all.
    """
    folded, by = inquiry.metrics[0], inquiry.metrics[-1]
    bounds = tuple(replace(bound, measure=0) for bound in inquiry.bounds)
    chooser = replace(inquiry, task=Task.RANK, metrics=(by,), bounds=bounds, fold=None)
    chosen = rank(chooser, desk)
    if isinstance(chosen, Missing):
        return chosen
    period = inquiry.periods[0] if inquiry.periods else shared_period(chooser, desk)
    picked = set((chosen.choice or "").split("、"))
    found: list[Found] = []
    for company in inquiry.companies:
        if said_in(company, inquiry.question) not in picked or period is None:
            continue
        at = fitted(period, folded, desk.ontology)
        finding = desk.measure(company, folded, at)
        if isinstance(finding, Lack):
            return desk.missing(finding)
        found.append(Found(company, folded, at, finding))
    added = _added_up(inquiry, found, desk)
    if isinstance(added, Missing):
        return added
    names = say("chosen_by", desk.language, names=chosen.choice or "")
    notes = dict.fromkeys((*added.assumptions, *chosen.assumptions, names))
    # What the companies were chosen by is shown too.
    also = without_repeats([*added.also, *chosen.operands])
    return replace(added, assumptions=tuple(notes), also=also)


def _total_periods(inquiry: Inquiry, company: Company, desk: Desk) -> list[Period]:
    name = inquiry.metrics[0]
    if inquiry.run is not None:
        last = inquiry.periods[0] if inquiry.periods else desk.latest(company, name)
        return in_a_row(last, inquiry.run, desk, name) if last is not None else []
    if inquiry.span is not None:
        return spanned(inquiry.span, inquiry, company, desk)
    if inquiry.periods:
        return list(inquiry.periods)
    one = shared_period(inquiry, desk)
    return [one] if one is not None else []


def _folded(inquiry: Inquiry, found: Sequence[Found], desk: Desk) -> Finding:
    values = [item.amount.value for item in found]
    amount = Amount(sum(values, Decimal(0)), found[0].amount.unit)
    companies = {item.company.code for item in found}
    periods = {item.period for item in found}
    measures = {item.name for item in found}
    names = [
        (item.company.name if len(companies) > 1 else "")
        + (spell(item.period, desk.language) if len(periods) > 1 and len(measures) == 1 else "")
        + (called(item.name, desk.language, desk.ontology) if len(measures) > 1 else "")
        for item in found
    ]
    formula = " + ".join(names)
    finding = rows_of(found)
    notes = finding.assumptions
    if inquiry.fold is Fold.MEAN:
        amount = Amount(divided(amount.value, Decimal(len(values))), amount.unit)
        formula = f"({formula}) ÷ {len(values)}"
        notes = (*notes, say("mean_of", desk.language, count=str(len(values))))
    if inquiry.fold is Fold.RANGE:
        high, low = values.index(max(values)), values.index(min(values))
        amount = Amount(values[high] - values[low], _apart_in(amount.unit))
        formula = f"{names[high]} − {names[low]}"
    if inquiry.fold is Fold.MEDIAN:
        amount = Amount(median(values), amount.unit)
        formula = say("median_of", desk.language, count=str(len(values)))
    if inquiry.run is not None:
        ends = [spell(item.period, desk.language) for item in (found[0], found[-1])]
        notes = (*notes, say("trailing", desk.language, start=ends[0], end=ends[1]))
    return replace(finding, amount=amount, formula=formula, assumptions=notes)


def between(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return by how much, or how many times, one figure is above another.

    The two are of two companies, of two measures, or of two periods, in the order of the question.
    """
    name = inquiry.metrics[0]
    period = inquiry.periods[0] if inquiry.periods else shared_period(inquiry, desk)
    if period is None:
        return desk.missing(Lack(inquiry.companies[0], name, None))
    found: list[Found] = []
    lack: Lack | None = None
    for company, metric, when in _two(inquiry, period):
        at = fitted(when, metric, desk.ontology)
        finding = desk.measure(company, metric, at)
        if isinstance(finding, Lack):
            lack = lack or finding
        else:
            found.append(Found(company, metric, at, finding))
    if lack is not None:
        return missing_beside(lack, found, desk)
    one, other = (item.amount for item in found)
    multiple = inquiry.task is Task.MULTIPLE
    if one.unit != other.unit:
        return in_units(found)
    operands = without_repeats([operand for item in found for operand in item.finding.operands])
    if multiple and (other.value <= 0 or one.value < 0):
        return desk.missing(desk.senseless(found[0].company, name, found[0].period, operands))
    amount = (
        Amount(divided(one.value, other.value), "times")
        if multiple
        else Amount(one.value - other.value, _apart_in(one.unit))
    )
    sign = "÷" if multiple else "−"
    formula = f" {sign} ".join(_told_apart(found, desk))
    latest = say("latest", desk.language, when=spell(found[0].period, desk.language))
    notes = () if inquiry.periods else (latest,)
    finding = rows_of(found)
    return replace(
        finding, amount=amount, formula=formula, assumptions=(*finding.assumptions, *notes)
    )


def _apart_in(unit: str) -> str:
    """Return the unit in which two figures are apart: percentages in percentage points."""
    return "pp" if unit == "%" else unit


def _two(inquiry: Inquiry, period: Period) -> list[tuple[Company, str, Period]]:
    if inquiry.pairs:
        return [(company, inquiry.metrics[0], when) for company, when in inquiry.pairs[:2]]
    if len(inquiry.companies) == 2:
        return [(company, inquiry.metrics[0], period) for company in inquiry.companies]
    company = inquiry.companies[0]
    if len(inquiry.metrics) == 2:
        return [(company, name, period) for name in inquiry.metrics]
    periods = inquiry.periods if len(inquiry.periods) > 1 else (period, year_before(period))
    return [(company, inquiry.metrics[0], when) for when in periods[:2] if when is not None]


def _told_apart(found: Sequence[Found], desk: Desk) -> list[str]:
    """Return what each of two figures is called by what they differ in."""
    one, other = found
    if one.company.code != other.company.code:
        dated = one.period != other.period
        when = [spell(item.period, desk.language) if dated else "" for item in found]
        return [f"{item.company.name}{at}" for item, at in zip(found, when, strict=True)]
    if one.name != other.name:
        return [called(item.name, desk.language, desk.ontology) for item in found]
    return [spell(item.period, desk.language) for item in found]


def growth_a_year(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the compound annual growth rate: (last ÷ first)^(1 ÷ years) − 1.

    "近三年" counts three steps of a year, so four figures lie on the way.
    """
    company, base = inquiry.companies[0], base_of(inquiry.metrics[0])
    ends = _ends(inquiry, company, desk)
    if ends is None:
        return desk.missing(Lack(company, base, None))
    first, last = (fitted(end, base, desk.ontology) for end in ends)
    found: list[Found] = []
    for period in (first, last):
        finding = desk.measure(company, base, period)
        if isinstance(finding, Lack):
            return desk.missing(finding)
        found.append(Found(company, base, period, finding))
    start, end = (item.amount for item in found)
    years = last.end.year - first.end.year
    operands = without_repeats([operand for item in found for operand in item.finding.operands])
    if years < 1 or start.unit != end.unit or start.value <= 0 or end.value <= 0:
        return desk.missing(desk.senseless(company, base, last, operands))
    words = [spell(period, desk.language) for period in (first, last)]
    return Finding(
        operands,
        Amount(_compound(start.value, end.value, years), "%"),
        formula=f"({words[1]} ÷ {words[0]})^(1/{years}) − 1",
        assumptions=(
            *dict.fromkeys(note for item in found for note in item.finding.assumptions),
            say("cagr_years", desk.language, start=words[0], end=words[1], years=str(years)),
        ),
    )


def _ends(inquiry: Inquiry, company: Company, desk: Desk) -> tuple[Period, Period] | None:
    if len(inquiry.periods) >= 2:
        ordered = sorted(inquiry.periods, key=lambda p: p.end)
        return ordered[0], ordered[-1]
    if inquiry.span is None or not inquiry.span.count:
        return None
    whole = [p for p in desk.known(company, inquiry.metrics[0]) if closes_a_year(p)]
    last = inquiry.periods[0] if inquiry.periods else next(iter(whole), None)
    if last is None:
        return None
    year = last.end.year
    return months(year - inquiry.span.count, 1, 12), months(year, 1, 12)


def _compound(start: Decimal, end: Decimal, years: int) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        return ((end / start) ** (Decimal(1) / years) - 1) * 100
