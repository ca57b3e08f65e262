"""Answers an inquiry from facts: finds the figures, calculates, compares, or says what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from yanku.finance.along import best_period, streak, when, whether
from yanku.finance.choose import Chosen, Figures, Sourced, also_of, notes_of, without_repeats
from yanku.finance.desk import Desk, period_of
from yanku.finance.everyone import side_by_side
from yanku.finance.folded import between, growth_a_year, total
from yanku.finance.formula import divided
from yanku.finance.found import Found, missing_beside, rows_of
from yanku.finance.lack import Lack
from yanku.finance.many import rank, series, shared_period
from yanku.finance.measures import COMPOUND, GROWTH, SINCE, base_of, called, fitted
from yanku.finance.names import said_in
from yanku.finance.ontology import Ontology
from yanku.finance.periods import spell, year_before
from yanku.finance.saying import say
from yanku.finance.wants import own_formula, wanted
from yanku.model.amount import Amount
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Cause, Finding, Inquiry, Missing, Task

_SIDES = frozenset(
    {Task.LOOKUP, Task.RATIO, Task.GROWTH, Task.COMPARE, Task.DIFFERENCE, Task.MULTIPLE}
)
"""Tasks in which each company named has figures of its own."""

__all__ = ["settle", "wanted"]


def settle(inquiry: Inquiry, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    """Return what the facts say to an inquiry, or what they lack; never a guess.

    ``facts`` are those that ``wanted`` asks for, with the documents they stand in.
    """
    ontology = own_formula(inquiry, ontology)
    figures = Figures(facts, inquiry.consolidation, inquiry.language)
    desk = Desk(figures, ontology, inquiry.part)
    if inquiry.unknown:
        return Missing("、".join(inquiry.unknown), known=_beside_unknown(inquiry, desk))
    if inquiry.task is Task.TEXT or not inquiry.metrics or not inquiry.companies:
        return Missing(inquiry.question)
    match inquiry.task:
        case Task.RANK:
            return rank(inquiry, desk)
        case Task.SERIES if inquiry.everyone:
            return side_by_side(inquiry, desk)
        case Task.SERIES:
            return series(inquiry, desk)
        case Task.TOTAL:
            return total(inquiry, desk)
        case Task.WHEN:
            return when(inquiry, desk)
        case Task.STREAK:
            return streak(inquiry, desk)
        case Task.WHETHER:
            return whether(inquiry, desk)
        case Task.COMPARE if inquiry.span is not None and len(inquiry.companies) == 1:
            return best_period(inquiry, desk)
        case Task.COMPARE:
            return _compare(inquiry, desk)
        case Task.DIFFERENCE | Task.MULTIPLE:
            return between(inquiry, desk)
        case Task.GROWTH if inquiry.metrics[0].endswith(COMPOUND):
            return growth_a_year(inquiry, desk)
        case Task.RATIO if len(inquiry.metrics) == 2 and _plain(inquiry.metrics, ontology):
            return _share(inquiry, desk)
        case Task.GROWTH if len(inquiry.periods) == 2 and not _between_two(inquiry):
            return _changes_between(inquiry, desk)
        case Task.GROWTH if _between_two(inquiry):
            return _change_between(inquiry, desk, inquiry.periods[0], inquiry.periods[1])
        case _:
            return _each(inquiry, desk)


def _between_two(inquiry: Inquiry) -> bool:
    return len(inquiry.periods) == 2 and len(inquiry.metrics) == 1 and len(inquiry.companies) == 1


def _plain(metrics: Sequence[str], ontology: Ontology) -> bool:
    return all(name in ontology.metrics for name in metrics)


def _each(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Answer one measure, or several side by side (then without one amount of their own)."""
    found, gaps = [], []
    for company, name, period in _sides(inquiry):
        finding = desk.measure(company, name, period)
        if isinstance(finding, Lack):
            gaps.append(finding)
            continue
        at = period_of(finding, period) if period else finding.operands[0].fact.period
        found.append(Found(company, name, at, finding))
    if not found:
        return desk.missing(gaps[0])
    told = found[0].finding if len(found) == 1 and not gaps else rows_of(found)
    return replace(told, gaps=tuple(desk.missing(gap) for gap in gaps))


def _sides(inquiry: Inquiry) -> list[tuple[Company, str, Period | None]]:
    """Return whose figures, which and of when are asked for side by side."""
    if inquiry.pairs:
        return [(one, name, at) for one, at in inquiry.pairs for name in inquiry.metrics]
    periods: tuple[Period | None, ...] = inquiry.periods or (None,)
    return list(product(inquiry.companies, inquiry.metrics, periods))


def _beside_unknown(inquiry: Inquiry, desk: Desk) -> Finding | None:
    """Return the figures of those companies that are known, where another is not."""
    if inquiry.task not in _SIDES or not inquiry.companies or not inquiry.metrics:
        return None
    told = _each(inquiry, desk)
    return told if isinstance(told, Finding) and told.rows else _alone(inquiry, told)


def _alone(inquiry: Inquiry, told: Finding | Missing) -> Finding | None:
    if isinstance(told, Missing) or told.amount is None:
        return None
    at = told.period or told.operands[0].fact.period
    return rows_of([Found(inquiry.companies[0], inquiry.metrics[0], at, told)])


def _compare(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Choose the company, the period or the measure of one company with the most or the least."""
    found: list[tuple[Decimal, str, Finding]] = []
    known: list[Found] = []
    lack: Lack | None = None
    for company, name, period in _tries(inquiry, desk):
        finding = desk.measure(company, name, period)
        if isinstance(finding, Lack):
            lack = lack or finding
            continue
        if finding.amount is None:
            return Missing(inquiry.question)
        one = Found(company, name, period, finding)
        found.append((finding.amount.value, _called_apart(inquiry, one, desk), finding))
        known.append(one)
    if lack is not None:
        return missing_beside(lack, known, desk)
    if len(inquiry.metrics) > 1 and len({one.amount.unit for one in known}) > 1:
        return rows_of(known)  # A rate and an amount stand side by side, and neither is higher.
    chosen = _choice(inquiry, found)
    calculated = any(one.finding.formula for one in known)
    if isinstance(chosen, Missing) or not (calculated or len(inquiry.metrics) > 1):
        return chosen
    return replace(rows_of(known), choice=chosen.choice, tied=chosen.tied)


def _tries(inquiry: Inquiry, desk: Desk) -> list[tuple[Company, str, Period]]:
    """Return the figures that are held against one another."""
    company, name = inquiry.companies[0], inquiry.metrics[0]
    if inquiry.pairs:
        return [(one, name, period) for one, period in inquiry.pairs]
    if len(inquiry.companies) == 1 and len(inquiry.metrics) == 1:
        return [(company, name, period) for period in inquiry.periods]
    at = inquiry.periods[0] if inquiry.periods else shared_period(inquiry, desk)
    if at is None:
        return []
    every = product(inquiry.companies, inquiry.metrics)
    return [(one, metric, fitted(at, metric, desk.ontology)) for one, metric in every]


def _called_apart(inquiry: Inquiry, one: Found, desk: Desk) -> str:
    """Return what a figure is called by what it differs in from those beside it."""
    if len(inquiry.metrics) > 1:
        return called(one.name, desk.language, desk.ontology)
    if len(inquiry.companies) > 1:
        return said_in(one.company, inquiry.question)
    return spell(one.period, desk.language)


def _choice(inquiry: Inquiry, found: Sequence[tuple[Decimal, str, Finding]]) -> Finding | Missing:
    units = {finding.amount.unit for _, _, finding in found if finding.amount is not None}
    if len(found) < 2:
        return Missing(inquiry.question)
    if len(units) != 1:
        every = tuple(operand for _, _, f in found for operand in f.operands)
        return Missing("、".join(sorted(units)), True, Cause.UNITS, operands=every)
    pick = min if inquiry.lowest else max
    value, _, _ = pick(found, key=lambda item: item[0])
    best = [choice for other, choice, _ in found if other == value]
    operands = without_repeats([operand for _, _, f in found for operand in f.operands])
    notes = dict.fromkeys(note for _, _, f in found for note in f.assumptions)
    formula = next((f.formula for _, _, f in found if f.formula), "")
    return Finding(
        operands,
        choice="、".join(best),
        formula=formula,
        assumptions=tuple(notes),
        tied=len(best) > 1,
    )


def _share(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return the first metric as a percentage of the second."""
    company, names = inquiry.companies[0], inquiry.metrics
    period = inquiry.periods[0] if inquiry.periods else desk.latest(company, names[0])
    if period is None:
        return desk.missing(Lack(company, names[0], None))
    figures: list[Chosen] = []
    for name in names:
        figure = desk.figure(company, name, fitted(period, name, desk.ontology))
        if figure is None:
            return desk.missing(Lack(company, name, period))
        figures.append(figure)
    top, bottom = (figure.fact.amount.value for figure in figures)
    operands = tuple(desk.operand(f, n) for f, n in zip(figures, names, strict=True))
    if not bottom or len({operand.fact.amount.unit for operand in operands}) != 1:
        return desk.missing(desk.senseless(company, names[0], period, operands))
    return Finding(
        operands,
        amount=Amount(divided(top * 100, bottom), "%"),
        formula=f"{operands[0].name} ÷ {operands[1].name} × 100%",
        assumptions=notes_of(figures),
        also=also_of(figures),
    )


def _changes_between(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return several changes between the two periods that the question names itself."""
    now, then = inquiry.periods
    found, gaps = [], []
    for company, name in product(inquiry.companies, inquiry.metrics):
        changes = name != base_of(name)
        for period in (now,) if changes else (now, then):
            at = fitted(period, name, desk.ontology)
            before = fitted(then, name, desk.ontology)
            told = (
                desk.change(company, name, at, before)
                if changes
                else desk.measure(company, name, at)
            )
            if isinstance(told, Lack):
                gaps.append(told)
                continue
            far = changes and then != year_before(now) and name.endswith(GROWTH)
            found.append(Found(company, base_of(name) + SINCE if far else name, at, told))
    if not found:
        return desk.missing(gaps[0])
    return replace(rows_of(found), gaps=tuple(desk.missing(gap) for gap in gaps))


def _change_between(inquiry: Inquiry, desk: Desk, now: Period, then: Period) -> Finding | Missing:
    """Return a change between two periods that the question names itself.

    Each figure is then the one a question for it alone would get, as first reported; where the
    later report restates the earlier figure, the change on that basis is told too.
    """
    company, name = inquiry.companies[0], inquiry.metrics[0]
    base = base_of(name)
    current, before = (
        desk.figure(company, base, p) if base in desk.ontology.metrics else None
        for p in (now, then)
    )
    if current is None or before is None:
        finding = desk.change(company, name, now, then)
        return desk.missing(finding) if isinstance(finding, Lack) else finding
    named = desk.changed(name, current, before)
    if named is None:
        operands = (desk.operand(current, base), desk.operand(before, base))
        return desk.missing(desk.senseless(company, name, now, operands))
    beside = desk.figures.beside(current, base, then)
    other = desk.changed(name, current, beside) if beside is not None else None
    if beside is None or other is None or other.amount is None or other.amount == named.amount:
        return named
    note = say(
        "comparable",
        desk.language,
        value=f"{beside.fact.amount.value:,f}",
        change=f"{round(other.amount.value, 2):,f}{other.amount.unit}",
    )
    return replace(named, assumptions=(*named.assumptions, note))
