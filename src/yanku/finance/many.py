"""Answers over many companies or periods: rankings and series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from yanku.finance.desk import Desk
from yanku.finance.found import Found, in_units, missing_beside, rows_of
from yanku.finance.lack import Lack
from yanku.finance.measures import called, fitted, is_instant
from yanku.finance.names import said_in
from yanku.finance.overdates import is_of_one_date
from yanku.finance.periods import closing, is_full_year, months, quarter, spell, years_back
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Bound, Finding, Inquiry, Missing, Row, Span, Step

_MOST_PERIODS = 40
_BESIDE_THE_FIRST = 10
_MOST_NAMES = 10
_MOST_GAPS = 4
"""Companies that disclose nothing are named up to so many."""


# ── rankings ──


def rank(inquiry: Inquiry, desk: Desk) -> Finding | Missing:
    """Order companies by a measure, or keep those that meet bounds; say how many disclose it."""
    if not is_of_one_date(inquiry):
        return Missing(inquiry.question)
    period = inquiry.periods[0] if inquiry.periods else shared_period(inquiry, desk)
    if period is None:
        return desk.missing(Lack(inquiry.companies[0], inquiry.metrics[0], None))
    candidates, gaps = measured(inquiry, desk, _run_up_to(inquiry, period, desk))
    if not candidates:
        return desk.missing(gaps[0])
    if gaps and not inquiry.everyone:
        # A company that was named must not fall out silently.
        return missing_beside(gaps[0], [item for one in candidates for item in one.every], desk)
    kept, others = _of_one_unit(candidates)
    kept.sort(key=lambda one: one.main.amount.value, reverse=not inquiry.lowest)
    notes = coverage(inquiry, len(kept), others, [gap.company for gap in gaps], desk)
    if not inquiry.periods:
        notes = (say("latest", desk.language, when=spell(period, desk.language)), *notes)
    if inquiry.run is not None:
        notes = (_run_in_words(kept[0], desk), *notes)
    return _ranked(inquiry, kept, notes, desk)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that might be chosen: its figures by measure, each over one or more periods."""

    company: Company
    figures: tuple[tuple[Found, ...], ...]

    @property
    def main(self) -> Found:
        """Return the figure that puts companies in order: of the first measure, the latest."""
        return self.figures[0][-1]

    @property
    def every(self) -> tuple[Found, ...]:
        """Return all figures, period by period."""
        return tuple(one for over in zip(*self.figures, strict=True) for one in over)

    def meets(self, bounds: Sequence[Bound], *, turned: bool = False) -> bool:
        """Tell whether every bound is met in every period; ``turned``: now, and not before."""
        if turned:
            over = self.figures[0]
            met = [all(b.met_by(one.amount.value) for b in bounds) for one in over]
            return met == [False, True]
        return all(
            bound.met_by(one.amount.value)
            for bound in bounds
            for one in self.figures[bound.measure]
        )


def measured(
    inquiry: Inquiry, desk: Desk, periods: Sequence[Period]
) -> tuple[list[Candidate], list[Lack]]:
    """Return the companies that all figures are there for, and the first lack of each other."""
    found: list[Candidate] = []
    gaps: list[Lack] = []
    for company in inquiry.companies:
        figures = _figures(inquiry, company, periods, desk)
        if isinstance(figures, Lack):
            gaps.append(figures)
        else:
            found.append(Candidate(company, figures))
    return found, gaps


def _figures(
    inquiry: Inquiry, company: Company, periods: Sequence[Period], desk: Desk
) -> tuple[tuple[Found, ...], ...] | Lack:
    table: list[tuple[Found, ...]] = []
    for name in inquiry.metrics:
        row: list[Found] = []
        for period in periods:
            at = fitted(period, name, desk.ontology)
            finding = desk.measure(company, name, at)
            if isinstance(finding, Lack):
                return finding
            row.append(Found(company, name, at, finding))
        table.append(tuple(row))
    return tuple(table)


def _run_up_to(inquiry: Inquiry, period: Period, desk: Desk) -> list[Period]:
    """Return the periods in a row that end with one, or those that the question names itself."""
    if inquiry.turned:
        return [years_back(period, 1), period]
    if inquiry.run is None:
        return [period]
    if len(inquiry.periods) == inquiry.run.count:
        return _in_time(inquiry.periods)
    last = max(inquiry.periods, key=lambda p: p.end) if inquiry.periods else period
    return in_a_row(last, inquiry.run, desk, inquiry.metrics[0])


def in_a_row(last: Period, run: Span, desk: Desk, name: str) -> list[Period]:
    """Return so many periods, the last one given, in order of time."""
    if run.step is Step.YEAR:
        return [years_back(last, n) for n in range(run.count - 1, -1, -1)]
    number = (last.end.month - 1) // 3
    first = last.end.year * 4 + number - run.count + 1
    quarters = [quarter(n // 4, n % 4 + 1) for n in range(first, first + run.count)]
    return [closing(p) for p in quarters] if is_instant(name, desk.ontology) else quarters


def _run_in_words(candidate: Candidate, desk: Desk) -> str:
    over = candidate.figures[0]
    words = [spell(item.period, desk.language) for item in (over[0], over[-1])]
    return say("run", desk.language, start=words[0], end=words[1], count=str(len(over)))


def _ranked(
    inquiry: Inquiry, kept: list[Candidate], notes: tuple[str, ...], desk: Desk
) -> Finding | Missing:
    if (wrong := wrong_unit(inquiry.bounds, kept)) is not None:
        return wrong
    kept = [one for one in kept if one.meets(inquiry.bounds, turned=inquiry.turned)]
    if inquiry.place > len(kept):
        name = called(inquiry.metrics[0], desk.language, desk.ontology)
        return Missing(say("too_few", desk.language, name=name, count=str(len(kept))), True)
    chosen = topped(kept, inquiry)
    # Who is first is better seen beside who comes next, and who is third beside who comes before.
    seen = max(inquiry.place, _BESIDE_THE_FIRST if inquiry.top == 1 else 0)
    shown = kept[:seen] if seen and not inquiry.beside else chosen
    told, gaps = _told_beside(inquiry, chosen, desk)
    finding = rows_of([*(item for one in shown for item in one.every), *told])
    finding = replace(finding, gaps=tuple(desk.missing(gap) for gap in gaps))
    names = "、".join(said_in(one.company, inquiry.question) for one in chosen)
    amount = Amount(Decimal(len(kept)), "") if inquiry.counted else None
    return replace(
        finding,
        amount=amount,
        choice=names if not inquiry.counted else None,
        assumptions=(*finding.assumptions, *notes),
        tied=bool(inquiry.place or inquiry.top == 1) and len(chosen) > 1,
    )


def _told_beside(
    inquiry: Inquiry, chosen: Sequence[Candidate], desk: Desk
) -> tuple[list[Found], list[Lack]]:
    """Return what else is asked of those who are chosen, and what of it lacks."""
    found: list[Found] = []
    gaps: list[Lack] = []
    for one in chosen:
        for name in inquiry.beside:
            at = fitted(one.main.period, name, desk.ontology)
            finding = desk.measure(one.company, name, at)
            if isinstance(finding, Lack):
                gaps.append(finding)
            else:
                found.append(Found(one.company, name, at, finding))
    return found, gaps


def topped(kept: Sequence[Candidate], inquiry: Inquiry) -> list[Candidate]:
    """Return those that are asked for of some in order; equal figures share a place."""
    if inquiry.run is not None and inquiry.top:
        return _at_the_top_of_each(kept, inquiry)
    if inquiry.place:
        edge = kept[inquiry.place - 1].main.amount
        return [one for one in kept if one.main.amount == edge]
    if not inquiry.top or len(kept) <= inquiry.top:
        return list(kept)
    edge = kept[inquiry.top - 1].main.amount
    more = [one for one in kept[inquiry.top :] if one.main.amount == edge]
    return [*kept[: inquiry.top], *more]


def _at_the_top_of_each(kept: Sequence[Candidate], inquiry: Inquiry) -> list[Candidate]:
    """Return those that are among the first of every period."""
    first: list[set[str]] = []
    for at in range(len(kept[0].figures[0]) if kept else 0):
        values = sorted(
            (one.figures[0][at].amount.value for one in kept), reverse=not inquiry.lowest
        )
        edge = values[: inquiry.top][-1]
        first.append(
            {
                one.company.code
                for one in kept
                if (one.figures[0][at].amount.value - edge) * (-1 if inquiry.lowest else 1) >= 0
            }
        )
    return [one for one in kept if all(one.company.code in codes for codes in first)]


def wrong_unit(bounds: Sequence[Bound], kept: Sequence[Candidate]) -> Missing | None:
    """Return that a bound is in another unit than the figures it is for; None if none is."""
    for bound in bounds:
        figures = [item for one in kept for item in one.figures[bound.measure]]
        if bound.unit and any(item.amount.unit != bound.unit for item in figures):
            return in_units(figures)
    return None


def _of_one_unit(found: Sequence[Candidate]) -> tuple[list[Candidate], list[Company]]:
    """Return what can be compared: the figures in the units most have; and whose the others are."""
    units = Counter(_units(one) for one in found)
    usual = units.most_common(1)[0][0]
    kept = [one for one in found if _units(one) == usual]
    return kept, [one.company for one in found if _units(one) != usual]


def _units(one: Candidate) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(item.amount.unit for item in over) for over in one.figures)


def coverage(
    inquiry: Inquiry,
    known: int,
    others: Sequence[Company],
    absent: Sequence[Company],
    desk: Desk,
) -> tuple[str, ...]:
    """Return how many companies disclose what is asked, and who does not."""
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
    enough = {p: n for p, n in counts.items() if n == most}
    if inquiry.everyone:
        # Who names no period means a year, also where a stretch of one is known of some more.
        enough = {p: n for p, n in counts.items() if is_full_year(p) and 2 * n >= most} or enough
    return max(enough, key=lambda p: (enough[p], p.end, -(p.start or p.end).toordinal()))


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
        notes = (*notes, _gaps_in_words(tuple(names), desk.language))
    return replace(finding, rows=tuple(rows), assumptions=notes)


def _gaps_in_words(names: Sequence[str], language: str) -> str:
    """Name a few gaps, and count many: the table shows where they are."""
    if len(names) > _MOST_GAPS:
        return say("gaps_counted", language, count=str(len(names)))
    return say("gaps", language, names="、".join(names))


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
