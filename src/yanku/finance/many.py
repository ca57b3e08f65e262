"""Answers over many companies or periods: rankings and series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from yanku.finance.desk import Desk, Lack
from yanku.finance.measures import called, fitted, is_instant
from yanku.finance.names import said_in
from yanku.finance.periods import closing, is_full_year, months, quarter, spell
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import Company, Fact, Period
from yanku.model.inquiry import (
    Cause,
    Finding,
    Inquiry,
    Missing,
    Operand,
    Row,
    Span,
    Step,
)
from yanku.model.library import DocumentId

_MOST_PERIODS = 40
_BESIDE_THE_FIRST = 10
_MOST_NAMES = 10
"""Companies that disclose nothing are named up to so many."""


@dataclass(frozen=True, slots=True)
class Found:
    """One of several findings, and what it is about."""

    company: Company
    name: str
    period: Period
    finding: Finding

    @property
    def amount(self) -> Amount:
        """Return the figure; what is measured has one."""
        if self.finding.amount is None:
            raise AssertionError("a measure has an amount")
        return self.finding.amount


def rows_of(found: Sequence[Found]) -> Finding:
    """Return several findings as the rows of one; a figure that several rest on is there once."""
    operands: dict[tuple[Fact, DocumentId], Operand] = {}
    for item in found:
        for operand in item.finding.operands:
            operands.setdefault((operand.fact, operand.entry.id), operand)
    places = {key: at for at, key in enumerate(operands)}
    notes = dict.fromkeys(note for f in found for note in f.finding.assumptions)
    rows = tuple(_row(item, places) for item in found)
    return Finding(tuple(operands.values()), assumptions=tuple(notes), rows=rows)


def _row(item: Found, places: Mapping[tuple[Fact, DocumentId], int]) -> Row:
    at = tuple(places[(o.fact, o.entry.id)] for o in item.finding.operands)
    return Row(item.company, item.name, item.period, item.amount, at, item.finding.formula)


# ── rankings ──


def rank(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Order companies by a measure, or keep those that meet a bound; say how many disclose it."""
    name = inquiry.metrics[0]
    period = inquiry.periods[0] if inquiry.periods else shared_period(inquiry, desk)
    if period is None:
        return desk.missing(Lack(inquiry.companies[0], name, None))
    period = fitted(period, name, desk.ontology)
    found: list[Found] = []
    gaps: list[Lack] = []
    for company in inquiry.companies:
        finding = desk.measure(company, name, period)
        if isinstance(finding, Lack):
            gaps.append(Lack(company, name, period))
        elif finding.amount is not None:
            found.append(Found(company, name, period, finding))
    if not found:
        return desk.missing(gaps[0])
    if gaps and not inquiry.everyone:
        return desk.missing(gaps[0])  # A company that was named must not fall out silently.
    kept, others = _of_one_unit(found)
    kept.sort(key=lambda item: item.amount.value, reverse=not inquiry.lowest)
    notes = _coverage(inquiry, len(kept), others, [gap.company for gap in gaps], desk)
    if not inquiry.periods:
        notes = (say("latest", desk.language, when=spell(period, desk.language)), *notes)
    return _ranked(inquiry, kept, notes)


def _ranked(inquiry: Inquiry, kept: list[Found], notes: tuple[str, ...]) -> Finding | Missing:
    bound = inquiry.bound
    if bound is not None:
        unit = kept[0].amount.unit
        if bound.unit and bound.unit != unit:
            return in_units(kept)
        kept = [item for item in kept if bound.met_by(item.amount.value)]
    shown = kept[: inquiry.top] if inquiry.top else kept
    if inquiry.top and len(kept) > inquiry.top:
        edge = kept[inquiry.top - 1].amount.value
        shown += [item for item in kept[inquiry.top :] if item.amount.value == edge]
    # Who is first is better seen beside who comes next.
    finding = rows_of(kept[:_BESIDE_THE_FIRST] if inquiry.top == 1 else shown)
    names = "、".join(said_in(item.company, inquiry.question) for item in shown)
    amount = Amount(Decimal(len(kept)), "") if inquiry.counted else None
    return replace(
        finding,
        amount=amount,
        choice=names if not inquiry.counted else None,
        assumptions=(*finding.assumptions, *notes),
    )


def in_units(found: Sequence[Found]) -> Missing:
    """Return that figures in several currencies or units are not put together."""
    units = dict.fromkeys(item.amount.unit for item in found)
    operands = tuple(operand for item in found for operand in item.finding.operands)
    return Missing("、".join(units), True, Cause.UNITS, operands=operands)


def _of_one_unit(found: Sequence[Found]) -> tuple[list[Found], list[Company]]:
    """Return what can be compared: the figures in the unit most have; and whose the others are."""
    units = Counter(item.amount.unit for item in found)
    usual = units.most_common(1)[0][0]
    kept = [item for item in found if item.amount.unit == usual]
    return kept, [item.company for item in found if item.amount.unit != usual]


def _coverage(
    inquiry: Inquiry,
    known: int,
    others: Sequence[Company],
    absent: Sequence[Company],
    desk: Desk,
) -> tuple[str, ...]:
    notes = []
    if inquiry.everyone:
        everyone = str(len(inquiry.companies))
        notes.append(say("coverage", desk.language, all=everyone, known=str(known + len(others))))
    if absent:
        names = "、".join(company.name for company in absent[:_MOST_NAMES])
        key = "gaps" if len(absent) <= _MOST_NAMES else "gaps_among"
        notes.append(say(key, desk.language, names=names))
    if others:
        names = "、".join(company.name for company in others)
        notes.append(say("mixed_units", desk.language, names=names))
    return tuple(notes)


def shared_period(inquiry: Inquiry, desk: Desk) -> Period | None:
    """Return the latest period all companies named have; of the whole library, that most have."""
    name = inquiry.metrics[0]
    counts = Counter(p for company in inquiry.companies for p in desk.known(company, name))
    if not counts:
        return None
    most = max(counts.values())
    if most < len(inquiry.companies) and not inquiry.everyone:
        return None
    enough = [p for p, n in counts.items() if n == most]
    return max(enough, key=lambda p: (p.end, -(p.start or p.end).toordinal()))


# ── series ──


def series(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Return measures over periods, company by company; what is not disclosed stays a gap."""
    found: list[Found] = []
    gaps: list[Lack] = []
    cells: list[Found | Lack] = []
    for company in inquiry.companies:
        for period in _periods(inquiry, company, desk):
            for name in inquiry.metrics:
                at = fitted(period, name, desk.ontology)
                finding = desk.measure(company, name, at)
                if isinstance(finding, Lack):
                    gaps.append(Lack(company, name, at))
                    cells.append(gaps[-1])
                else:
                    found.append(Found(company, name, at, finding))
                    cells.append(found[-1])
    if not found:
        lack = gaps[0] if gaps else Lack(inquiry.companies[0], inquiry.metrics[0], None)
        return desk.missing(lack)
    return _with_gaps(inquiry, rows_of(found), cells, gaps, desk)


def _with_gaps(
    inquiry: Inquiry,
    finding: Finding,
    cells: Sequence[Found | Lack],
    gaps: Sequence[Lack],
    desk: Desk,
) -> Finding:
    """Return the rows with the gaps in their places, named in a note."""
    filled = iter(finding.rows)
    rows = []
    for cell in cells:
        if isinstance(cell, Lack) and cell.period is not None:
            rows.append(Row(cell.company, cell.identifier, cell.period, None))
        elif not isinstance(cell, Lack):
            rows.append(next(filled))
    notes = finding.assumptions
    if gaps:
        many = len(inquiry.companies) > 1
        names = dict.fromkeys(_gap_in_words(gap, desk, many=many) for gap in gaps)
        notes = (*notes, say("gaps", desk.language, names="、".join(names)))
    return replace(finding, rows=tuple(rows), assumptions=notes)


def _gap_in_words(gap: Lack, desk: Desk, *, many: bool) -> str:
    when = spell(gap.period, desk.language) if gap.period is not None else ""
    name = called(gap.identifier, desk.language, desk.ontology)
    return " ".join(part for part in (gap.company.name if many else "", when, name) if part)


def _periods(inquiry: Inquiry, company: Company, desk: Desk) -> list[Period]:
    """Return the periods of a series in order of time."""
    if inquiry.span is None:
        return _in_time(inquiry.periods)
    return spanned(inquiry.span, inquiry, company, desk)


def spanned(span: Span, inquiry: Inquiry, company: Company, desk: Desk) -> list[Period]:
    """Return the periods a span means for a company, in order of time.

    Without periods of its own they are counted back from the latest figure known. Years are
    whole years; quarters go up to the latest one known.
    """
    name = inquiry.metrics[0]
    known = desk.known(company, name)
    if span.step is Step.QUARTER:
        years = sorted({p.end.year for p in inquiry.periods})
        ends = {p.end for p in known}
        return _quarters(years, span.count, ends, is_instant(name, desk.ontology))
    if inquiry.periods:
        return _in_time(inquiry.periods)
    part = desk.part or (1, 12)
    whole = [p.end.year for p in known if desk.part is not None or closes_a_year(p)]
    if not whole:
        return []
    last, first = max(whole), min(whole)
    count = min(span.count or last - first + 1, _MOST_PERIODS)
    return [months(year, *part) for year in range(last - count + 1, last + 1)]


def _in_time(periods: Sequence[Period]) -> list[Period]:
    return sorted(periods, key=lambda p: (p.end, p.start or p.end))


def _quarters(years: list[int], count: int, ends: set[date], instant: bool) -> list[Period]:
    """Return the quarters of some years, or the last ``count`` (0: all), up to the latest end."""
    if not ends:
        return []
    last, named = max(ends), bool(years)
    years = years or list(range(min(ends).year - 1, last.year + 1))
    periods = [quarter(year, number) for year in years for number in (1, 2, 3, 4)]
    upto = [p for p in periods if p.end <= last]
    if not named:
        upto = upto[-count:] if count else [p for p in upto if p.end >= min(ends)]
    upto = upto[-_MOST_PERIODS:]
    return [closing(p) for p in upto] if instant else upto


def closes_a_year(period: Period) -> bool:
    """Tell whole years, and the days on which they end."""
    if period.is_instant:
        return (period.end.month, period.end.day) == (12, 31)
    return is_full_year(period)
