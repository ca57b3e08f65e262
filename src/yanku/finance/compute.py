"""Answers an inquiry from facts: finds the figures, calculates, compares, or says what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from yanku.finance.choose import Chosen, Figures, Sourced
from yanku.finance.formula import divided, evaluate, in_words
from yanku.finance.measures import GROWTH, base_of, fitted, in_percent
from yanku.finance.names import known_as, said_in
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import (
    is_quarter,
    months,
    opening,
    spell,
    year_before,
    year_to_date,
)
from yanku.finance.saying import say
from yanku.finance.wants import wanted
from yanku.model.amount import Amount
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Inquiry, Missing, Operand, Task

__all__ = ["settle", "wanted"]


def settle(inquiry: Inquiry, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    """Return what the facts say to an inquiry, or what they lack; never a guess.

    ``facts`` are those that ``wanted`` asks for, with the documents they stand in.
    """
    figures = Figures(facts, inquiry.consolidation, inquiry.language)
    desk = _Desk(inquiry, figures, ontology)
    if inquiry.unknown:
        return Missing("、".join(inquiry.unknown))
    if inquiry.task is Task.TEXT or not inquiry.metrics or not inquiry.companies:
        return Missing(inquiry.question)
    match inquiry.task:
        case Task.COMPARE:
            return desk.compare()
        case Task.RATIO if len(inquiry.metrics) == 2 and _plain(inquiry.metrics, ontology):
            return desk.share()
        case Task.GROWTH if _between_two(inquiry):
            return desk.change_between(inquiry.periods[0], inquiry.periods[1])
        case _:
            return desk.each()


def _between_two(inquiry: Inquiry) -> bool:
    return len(inquiry.periods) == 2 and len(inquiry.metrics) == 1 and len(inquiry.companies) == 1


def _plain(metrics: Sequence[str], ontology: Ontology) -> bool:
    return all(name in ontology.metrics for name in metrics)


@dataclass(frozen=True, slots=True)
class _Lack:
    """What is not there: a metric of a company for a period."""

    company: Company
    identifier: str
    period: Period | None


class _Desk:
    """One inquiry, and the figures to answer it with."""

    def __init__(self, inquiry: Inquiry, figures: Figures, ontology: Ontology) -> None:
        self._inquiry = inquiry
        self._figures = figures
        self._ontology = ontology
        self._language = inquiry.language

    # ── kinds of work ──

    def each(self) -> Finding | Missing:
        """Answer one measure, or several side by side (then without one amount of their own)."""
        inquiry = self._inquiry
        periods: tuple[Period | None, ...] = inquiry.periods or (None,)
        found = []
        for company, name, period in product(inquiry.companies, inquiry.metrics, periods):
            finding = self.measure(company, name, period)
            if isinstance(finding, _Lack):
                return self._missing(finding)
            found.append(finding)
        if len(found) == 1:
            return found[0]
        operands = _without_repeats([operand for f in found for operand in f.operands])
        notes = dict.fromkeys(note for f in found for note in f.assumptions)
        return Finding(operands, assumptions=tuple(notes))

    def compare(self) -> Finding | Missing:
        """Choose the company, or the period of one company, with the most or the least."""
        inquiry = self._inquiry
        name = inquiry.metrics[0]
        if len(inquiry.companies) == 1:
            tries = [(inquiry.companies[0], period) for period in inquiry.periods]
        else:
            one = inquiry.periods[0] if inquiry.periods else self._common_period(name)
            tries = [(company, one) for company in inquiry.companies] if one else []
        found: list[tuple[Decimal, str, Finding]] = []
        for company, period in tries:
            finding = self.measure(company, name, period)
            if isinstance(finding, _Lack):
                return self._missing(finding)
            if finding.amount is None:
                return Missing(inquiry.question)
            single = len(inquiry.companies) == 1
            choice = spell(period, self._language) if single else said_in(company, inquiry.question)
            found.append((finding.amount.value, choice, finding))
        return self._choice(found)

    def _choice(self, found: Sequence[tuple[Decimal, str, Finding]]) -> Finding | Missing:
        units = {finding.amount.unit for _, _, finding in found if finding.amount is not None}
        if len(found) < 2 or len(units) != 1:
            return Missing(self._inquiry.question)
        pick = min if self._inquiry.lowest else max
        value, choice, _ = pick(found, key=lambda item: item[0])
        if sum(1 for other, _, _ in found if other == value) > 1:
            return Missing(self._inquiry.question)
        operands = _without_repeats([operand for _, _, f in found for operand in f.operands])
        notes = dict.fromkeys(note for _, _, f in found for note in f.assumptions)
        formula = next((f.formula for _, _, f in found if f.formula), "")
        return Finding(operands, choice=choice, formula=formula, assumptions=tuple(notes))

    def share(self) -> Finding | Missing:
        """Return the first metric as a percentage of the second."""
        company, names = self._inquiry.companies[0], self._inquiry.metrics
        period = self._inquiry.periods[0] if self._inquiry.periods else None
        period = period or self._latest(company, names[0])
        if period is None:
            return self._missing(_Lack(company, names[0], None))
        figures: list[Chosen] = []
        for name in names:
            figure = self._figure(company, name, fitted(period, name, self._ontology))
            if figure is None:
                return self._missing(_Lack(company, name, period))
            figures.append(figure)
        top, bottom = (figure.fact.amount.value for figure in figures)
        if not bottom:
            return Missing(self._inquiry.question)
        operands = tuple(self._operand(f, n) for f, n in zip(figures, names, strict=True))
        return Finding(
            operands,
            amount=Amount(divided(top * 100, bottom), "%"),
            formula=f"{operands[0].name} ÷ {operands[1].name} × 100%",
            assumptions=_notes(figures),
        )

    def change_between(self, now: Period, then: Period) -> Finding | Missing:
        """Return a change between two periods that the question names itself.

        Each figure is then the one a question for it alone would get, as first reported; where
        the later report restates the earlier figure, the change on that basis is told too.
        """
        company, name = self._inquiry.companies[0], self._inquiry.metrics[0]
        base = base_of(name)
        if base in self._ontology.ratios:
            finding = self.change(company, name, now, then)
            return self._missing(finding) if isinstance(finding, _Lack) else finding
        figures: list[Chosen] = []
        for period in (now, then):
            figure = self._figure(company, base, period)
            if figure is None:
                return self._missing(_Lack(company, base, period))
            figures.append(figure)
        current, before = figures
        named = self._changed(name, current, before)
        if named is None:
            return Missing(self._inquiry.question)
        beside = self._figures.beside(current, base, then)
        other = self._changed(name, current, beside) if beside is not None else None
        if beside is None or other is None or other.amount is None or other.amount == named.amount:
            return named
        note = say(
            "comparable",
            self._language,
            value=f"{beside.fact.amount.value:,f}",
            change=f"{round(other.amount.value, 2):,f}{other.amount.unit}",
        )
        return replace(named, assumptions=(*named.assumptions, note))

    # ── one measure of one company ──

    def measure(self, company: Company, name: str, period: Period | None) -> Finding | _Lack:
        """Return a metric, a ratio or a change; without a period, the latest there is."""
        said = period is not None
        period = period or self._latest(company, name)
        if period is None:
            return _Lack(company, name, None)
        base = base_of(name)
        at = fitted(period, base, self._ontology)
        if name != base:
            finding = self.change(company, name, at, year_before(at))
        elif base in self._ontology.ratios:
            finding = self.ratio(company, base, at)
        else:
            finding = self.value(company, base, at)
        if said or isinstance(finding, _Lack):
            return finding
        note = say("latest", self._language, when=spell(at, self._language))
        return replace(finding, assumptions=(*finding.assumptions, note))

    def value(self, company: Company, name: str, period: Period) -> Finding | _Lack:
        """Return a printed figure, or a quarter's as the difference of two printed ones."""
        figure = self._figure(company, name, period)
        if figure is not None:
            return Finding(
                (self._operand(figure, name),), figure.fact.amount, assumptions=figure.notes
            )
        return self._quarter(company, name, period) or _Lack(company, name, period)

    def _quarter(self, company: Company, name: str, period: Period) -> Finding | None:
        """Return 第三季度 as 前三季度 − 上半年, for flows that only add up."""
        metric = self._ontology.metrics[name]
        start = period.start
        if start is None or start.month == 1 or not is_quarter(period) or metric.unit != "money":
            return None
        parts = (year_to_date(period.end), months(start.year, 1, start.month - 1))
        figures = [self._figure(company, name, part) for part in parts]
        whole, before = figures
        if whole is None or before is None:
            return None
        operands = tuple(
            Operand(spell(f.fact.period, self._language), f.fact, f.entry) for f in (whole, before)
        )
        amount = Amount(whole.fact.amount.value - before.fact.amount.value, whole.fact.amount.unit)
        formula = f"{operands[0].name} − {operands[1].name}"
        return Finding(operands, amount, formula=formula, assumptions=_notes([whole, before]))

    def ratio(self, company: Company, name: str, period: Period) -> Finding | _Lack:
        """Return a ratio as the report prints it, else by its formula."""
        ratio = self._ontology.ratios[name]
        if ratio.printed:
            at = fitted(period, ratio.printed, self._ontology)
            printed = self._figure(company, ratio.printed, at)
            if printed is not None:
                return Finding(
                    (self._operand(printed, name),), printed.fact.amount, assumptions=printed.notes
                )
        values: dict[str, Decimal] = {}
        figures: list[tuple[str, Chosen]] = []
        for operand in ratio.operands:
            at = fitted(period, operand, self._ontology)
            days = [at, opening(period)] if operand in ratio.averaged else [at]
            for day in days:
                figure = self._figure(company, operand, day)
                if figure is None:
                    return _Lack(company, operand, day)
                figures.append((operand, figure))
            taken = [figure.fact.amount.value for _, figure in figures[-len(days) :]]
            key = f"average({operand})" if operand in ratio.averaged else operand
            values[key] = sum(taken, Decimal(0)) / len(taken)
        if len({figure.fact.amount.unit for _, figure in figures}) != 1:
            return _Lack(company, name, period)
        result = evaluate(ratio.formula, values)
        if result is None:
            return _Lack(company, name, period)
        names = {
            operand: self._ontology.name(operand, self._language) for operand in ratio.operands
        }
        formula = in_words(ratio.formula, names, self._language)
        if ratio.unit == "%":
            result, formula = result * 100, f"{formula} × 100%"
        unit = figures[0][1].fact.amount.unit if ratio.unit == "money" else ratio.code
        return Finding(
            tuple(self._operand(figure, operand) for operand, figure in figures),
            Amount(result, unit),
            formula=formula,
            assumptions=_notes([figure for _, figure in figures]),
        )

    def change(self, company: Company, name: str, now: Period, then: Period) -> Finding | _Lack:
        """Return growth in percent, or the change in the measure's own unit.

        The figure before is taken from the same document's comparative column where it has one.
        """
        base = base_of(name)
        measure = self._ontology.measure(base)
        if not isinstance(measure, Metric):
            return self._ratio_change(company, base, now, then)
        current = self._figure(company, base, now)
        if current is None:
            return _Lack(company, base, now)
        before = self._figures.beside(current, base, then) or self._figure(company, base, then)
        if before is None:
            return _Lack(company, base, then)
        return self._changed(name, current, before) or _Lack(company, base, then)

    def _changed(self, name: str, current: Chosen, before: Chosen) -> Finding | None:
        a, b = current.fact.amount, before.fact.amount
        if a.unit != b.unit:
            return None
        labels = (say("current", self._language), say("previous", self._language))
        if name.endswith(GROWTH):
            if not b.value:
                return None
            amount = Amount(divided((a.value - b.value) * 100, abs(b.value)), "%")
            formula = f"({labels[0]} − {labels[1]}) ÷ |{labels[1]}| × 100%"
        else:
            points = in_percent(self._ontology.measure(base_of(name)))
            amount = Amount(a.value - b.value, "pp" if points else a.unit)
            formula = f"{labels[0]} − {labels[1]}"
        pairs = zip(labels, (current, before), strict=True)
        operands = tuple(Operand(label, chosen.fact, chosen.entry) for label, chosen in pairs)
        return Finding(operands, amount, formula=formula, assumptions=_notes([current, before]))

    def _ratio_change(
        self, company: Company, name: str, now: Period, then: Period
    ) -> Finding | _Lack:
        found = [self.ratio(company, name, period) for period in (now, then)]
        first, second = found
        if isinstance(first, _Lack):
            return first
        if isinstance(second, _Lack):
            return second
        if first.amount is None or second.amount is None:
            return _Lack(company, name, now)
        ratio = self._ontology.ratios[name]
        label = ratio.en if self._language == "en" else ratio.zh
        difference = first.amount.value - second.amount.value
        words = (spell(now, self._language), spell(then, self._language))
        return Finding(
            _without_repeats([*first.operands, *second.operands]),
            Amount(difference, "pp" if in_percent(ratio) else first.amount.unit),
            formula=f"{words[0]}{label} − {words[1]}{label}"
            + (f"，{label} = {first.formula}" if first.formula else ""),
            assumptions=tuple(dict.fromkeys((*first.assumptions, *second.assumptions))),
        )

    # ── help ──

    def _figure(self, company: Company, metric: str, period: Period) -> Chosen | None:
        return self._figures.choose(known_as(company), metric, period)

    def _operand(self, figure: Chosen, name: str) -> Operand:
        return Operand(self._ontology.name(name, self._language), figure.fact, figure.entry)

    def _latest(self, company: Company, name: str) -> Period | None:
        """Return the latest period for which a measure's first operand is known."""
        measure = self._ontology.measure(base_of(name))
        first = measure.id if isinstance(measure, Metric) else measure.operands[0]
        known = self._figures.ends(known_as(company), first)
        return known[0] if known else None

    def _common_period(self, name: str) -> Period | None:
        """Return the latest period that all companies have."""
        measure = self._ontology.measure(base_of(name))
        first = measure.id if isinstance(measure, Metric) else measure.operands[0]
        sets = [set(self._figures.ends(known_as(c), first)) for c in self._inquiry.companies]
        common = set.intersection(*sets) if sets else set()
        return max(common, key=lambda p: (p.end, -(p.start or p.end).toordinal()), default=None)

    def _missing(self, lack: _Lack) -> Missing:
        """Name the company, measure and period that lack, and whether their reports are here."""
        name = self._ontology.name(base_of(lack.identifier), self._language)
        when = spell(lack.period, self._language) if lack.period is not None else ""
        known = lack.period is not None and any(
            fact.company.code in known_as(lack.company)
            and entry.profile.period is not None
            and entry.profile.period.end == lack.period.end
            for fact, entry in self._figures.sourced
        )
        return Missing(" ".join(part for part in (lack.company.name, when, name) if part), known)


def _notes(figures: Sequence[Chosen]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for figure in figures for note in figure.notes))


def _without_repeats(operands: Sequence[Operand]) -> tuple[Operand, ...]:
    seen = {(o.name, o.fact, o.entry.id): o for o in operands}
    return tuple(seen.values())
