"""Finds or calculates one measure of one company for one period."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from yanku.finance.choose import (
    Chosen,
    Figures,
    also_of,
    is_of_others,
    notes_of,
    without_repeats,
)
from yanku.finance.formula import DAYS, change_in_words, divided, evaluate, in_words, pseudo
from yanku.finance.gathered import parts_of
from yanku.finance.identities import laws_leaving_out
from yanku.finance.lack import Lack
from yanku.finance.measures import GROWTH, QUARTERLY, base_of, fitted, in_percent
from yanku.finance.names import known_as
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import (
    opening,
    quarter_before,
    spell,
    year_before,
)
from yanku.finance.pieced import Pieced, pieced
from yanku.finance.ratios import Ratio
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Cause, Finding, Missing, Operand

PER_PERSON = "per_person"
"""The unit of a ratio that shares money out to people."""


class Desk:
    """The figures at hand, and the arithmetic on them for one company at a time."""

    def __init__(
        self, figures: Figures, ontology: Ontology, part: tuple[int, int] | None = None
    ) -> None:
        self.figures = figures
        self.part = part
        self.ontology = ontology
        self.language = figures.language

    def measure(self, company: Company, name: str, period: Period | None) -> Finding | Lack:
        """Return a metric, a ratio or a change; without a period, the latest there is."""
        said = period is not None
        period = period or self.latest(company, name)
        if period is None:
            return Lack(company, name, None)
        base = base_of(name)
        at = fitted(period, base, self.ontology)
        if name != base:
            then = quarter_before(at) if name.endswith(QUARTERLY) else year_before(at)
            if then is None:
                return self._no_quarter(company, name, at)
            finding = self.change(company, name, at, then)
        elif base in self.ontology.ratios:
            finding = self.ratio(company, base, at)
        else:
            finding = self.value(company, base, at)
        if said or isinstance(finding, Lack):
            return finding
        note = say("latest", self.language, when=spell(at, self.language))
        return replace(finding, assumptions=(*finding.assumptions, note))

    def _no_quarter(self, company: Company, name: str, period: Period) -> Lack:
        """Return that a stretch has no quarter before it: 环比 of a year."""
        figure = self.figure(company, self.first_metric(name), period)
        operands = (self.operand(figure, base_of(name)),) if figure is not None else ()
        cause = Cause.SENSELESS if operands else Cause.LACKING
        return Lack(company, name, period, cause, operands)

    def value(self, company: Company, name: str, period: Period) -> Finding | Lack:
        """Return a printed figure, or a quarter's as the difference of two printed ones."""
        figure = self.figure(company, name, period)
        if figure is not None:
            return Finding(
                (self.operand(figure, name),),
                figure.fact.amount,
                assumptions=figure.notes,
                also=also_of([figure]),
                otherwise=tuple(Operand("", fact, entry) for fact, entry in figure.otherwise),
            )
        if parts := self._parts(company, name, period):
            total = sum((part.fact.amount.value for part in parts), Decimal(0))
            return Finding(
                tuple(map(_printed, parts)),
                Amount(total, parts[0].fact.amount.unit),
                formula=" + ".join(part.fact.label for part in parts),
                assumptions=notes_of(parts),
                also=also_of(parts),
            )
        return self._quarter(company, name, period) or Lack(company, name, period)

    def _parts(self, company: Company, metric: str, period: Period) -> list[Chosen]:
        """Return the parts of a line that its statement prints no sum of; none unless all of them
        stand in one document.
        """
        found: list[Chosen] = []
        for part in parts_of(metric):
            figure = self.figure(company, part, period)
            if figure is None:
                break
            found.append(figure)
        alone = {(one.entry.id, one.fact.amount.unit) for one in found}
        return found if len(alone) == 1 else []

    def _pieced(self, company: Company, name: str, period: Period) -> Pieced | None:
        """Return a stretch that no report prints out of those that are printed, for flows of money:
        第三季度 is 前三季度 − 上半年, 上半年 the sum of its quarters.
        """
        if self.ontology.metrics[name].unit != "money" or period.start is None:
            return None

        def figure(at: Period) -> Chosen | None:
            return self.figure(company, name, at)

        return pieced(period, figure, self.language)

    def _quarter(self, company: Company, name: str, period: Period) -> Finding | None:
        found = self._pieced(company, name, period)
        if found is None:
            return None
        operands = tuple(
            Operand(spell(f.fact.period, self.language), f.fact, f.entry) for f in found.figures
        )
        return Finding(
            operands,
            found.amount,
            formula=f" {found.sign} ".join(operand.name for operand in operands),
            assumptions=(*notes_of(found.figures), *found.notes),
            also=also_of(found.figures),
            period=period,
        )

    def ratio(self, company: Company, name: str, period: Period) -> Finding | Lack:
        """Return a ratio as the report prints it, else by its formula, or by other lines."""
        ratio = self.ontology.ratios[name]
        first = self._printed_or_calculated(company, ratio, period)
        if not isinstance(first, Lack) or first.cause is not Cause.LACKING:
            return first
        tried = (self._calculated(company, other, period) for other in ratio.others)
        return next((told for told in tried if isinstance(told, Finding)), first)

    def _printed_or_calculated(
        self, company: Company, ratio: Ratio, period: Period
    ) -> Finding | Lack:
        if ratio.printed:
            at = fitted(period, ratio.printed, self.ontology)
            printed = self.figure(company, ratio.printed, at)
            if printed is not None:
                others = is_of_others(printed.entry)
                own = self._by_own_reports(company, ratio, period) if others else None
                return own or Finding(
                    (self.operand(printed, ratio.id),),
                    printed.fact.amount,
                    assumptions=printed.notes,
                    also=also_of([printed]),
                )
        return self._calculated(company, ratio, period)

    def _by_own_reports(self, company: Company, ratio: Ratio, at: Period) -> Finding | None:
        """Return a ratio by lines of the company's own reports alone, if they have them."""
        told = self._calculated(company, ratio, at)
        own = isinstance(told, Finding) and not any(is_of_others(o.entry) for o in told.operands)
        return told if own and isinstance(told, Finding) else None

    def _calculated(self, company: Company, ratio: Ratio, period: Period) -> Finding | Lack:
        """Return a ratio by its formula."""
        values: dict[str, Decimal] = {}
        figures: list[tuple[str, Chosen]] = []
        absent: list[str] = []
        whose: Period | None = None
        for operand in ratio.operands:
            at = fitted(period, operand, self.ontology)
            days = [at, opening(period)] if operand in ratio.averaged else [at]
            found = [self.figure(company, operand, day) for day in days]
            if found == [None] and operand in ratio.nil and self._is_nil(company, operand, at):
                values[operand] = Decimal(0)
                absent.append(self.ontology.name(operand, self.language))
                continue
            taken: list[Decimal] = []
            for day, figure in zip(days, found, strict=True):
                parts = [figure] if figure is not None else self._parts(company, operand, day)
                made = self._pieced(company, operand, day) if not parts else None
                if made is not None and not made.notes:
                    figures += [(operand, part) for part in made.figures]
                    taken.append(made.amount.value)
                    whose = period
                    continue
                if not parts:
                    return Lack(company, operand, day)
                figures += [(operand, part) for part in parts]
                taken.append(sum((part.fact.amount.value for part in parts), Decimal(0)))
            values[operand] = taken[0]
            if operand in ratio.averaged:
                values[f"average({operand})"] = sum(taken, Decimal(0)) / len(taken)
                values[f"change({operand})"] = taken[0] - taken[-1]
        if period.start is not None:
            values[DAYS] = Decimal((period.end - period.start).days + 1)
        whole = values.keys() >= pseudo(ratio.formula)
        result = evaluate(ratio.formula, values) if whole else None
        money = {figure.fact.amount.unit for _, figure in figures}
        money -= {"people"} if ratio.unit == PER_PERSON else set()
        if result is None or (len(money) != 1 and figures):
            operands = tuple(self._operand_of(name, one, period) for name, one in figures)
            return self.senseless(company, ratio.id, period, operands)
        names = {operand: self.ontology.name(operand, self.language) for operand in ratio.operands}
        names[DAYS] = say("days", self.language, count=str(values.get(DAYS, "")))
        formula = in_words(ratio.formula, names, self.language)
        if ratio.unit == "%":
            result, formula = result * 100, f"{formula} × 100%"
        if not figures:
            return Lack(company, ratio.id, period)
        unit = {"money": min(money), PER_PERSON: f"{min(money)}/person"}.get(ratio.unit, ratio.code)
        told = (say("nil", self.language, names="、".join(absent)),) if absent else ()
        return Finding(
            tuple(self._operand_of(name, one, period) for name, one in figures),
            Amount(result, unit),
            formula=formula,
            assumptions=(*notes_of([figure for _, figure in figures]), *told),
            also=also_of([figure for _, figure in figures]),
            period=whose,
        )

    def _is_nil(self, company: Company, metric: str, day: Period) -> bool:
        """Tell whether a line is nothing: it is not printed, and its statement adds up without."""
        if self.figures.of(known_as(company), metric, day):
            return False  # It is printed, and may not be used.
        for law in laws_leaving_out(metric):
            total = self.figure(company, law.total, day)
            passed = {check.name for check in total.fact.checks if check.passed} if total else set()
            if law.name in passed:
                return True
        return False

    def change(self, company: Company, name: str, now: Period, then: Period) -> Finding | Lack:
        """Return growth in percent, or the change in the measure's own unit.

        The figure before is taken from the same document's comparative column where it has one.
        """
        base = base_of(name)
        measure = self.ontology.measure(base)
        current = self.figure(company, base, now) if isinstance(measure, Metric) else None
        if current is None:
            return self._derived_change(company, name, now, then)
        before = self.figures.beside(current, base, then) or self.figure(company, base, then)
        if before is None:
            return self._derived_change(company, name, now, then)
        return self.changed(name, current, before) or self.senseless(
            company, name, now, (self.operand(current, base), self.operand(before, base))
        )

    def changed(self, name: str, current: Chosen, before: Chosen) -> Finding | None:
        """Return the change between two printed figures; None if it makes no sense."""
        amount = self._difference(name, current.fact.amount, before.fact.amount)
        if amount is None:
            return None
        labels = (say("current", self.language), say("previous", self.language))
        pairs = zip(labels, (current, before), strict=True)
        operands = tuple(Operand(label, chosen.fact, chosen.entry) for label, chosen in pairs)
        formula = change_in_words(amount, *labels)
        return Finding(
            operands,
            amount,
            formula=formula,
            assumptions=notes_of([current, before]),
            also=also_of([current, before]),
        )

    def _derived_change(
        self, company: Company, name: str, now: Period, then: Period
    ) -> Finding | Lack:
        """Return the change of what is itself calculated: a ratio, or a quarter from two sums."""
        base = base_of(name)
        found: list[Finding] = []
        for period in (now, then):
            plain = base not in self.ontology.ratios
            finding = (self.value if plain else self.ratio)(company, base, period)
            if isinstance(finding, Lack):
                return finding
            found.append(finding)
        first, second = found
        if first.amount is None or second.amount is None:
            return Lack(company, name, now)
        amount = self._difference(name, first.amount, second.amount)
        if amount is None:
            return self.senseless(company, name, now, (*first.operands, *second.operands))
        label = self.ontology.name(base, self.language)
        gap = " " if self.language == "en" else ""
        words = [f"{spell(period, self.language)}{gap}{label}" for period in (now, then)]
        hows = [finding.formula for finding in found]
        alike = [label] if hows[0] == hows[1] else words
        told = [f"{word} = {how}" for word, how in zip(alike, hows, strict=False) if how]
        return Finding(
            without_repeats([*first.operands, *second.operands]),
            amount,
            formula=("; " if gap else "；").join([change_in_words(amount, *words), *told]),
            assumptions=tuple(dict.fromkeys((*first.assumptions, *second.assumptions))),
            period=now,
        )

    def _difference(self, name: str, now: Amount, then: Amount) -> Amount | None:
        """Return the change between two amounts as the measure tells it; None if it has none."""
        if now.unit != then.unit:
            return None
        if not name.endswith((GROWTH, QUARTERLY)):
            points = in_percent(self.ontology.measure(base_of(name)))
            return Amount(now.value - then.value, "pp" if points else now.unit)
        if not then.value:
            return None
        return Amount(divided((now.value - then.value) * 100, abs(then.value)), "%")

    def figure(self, company: Company, metric: str, period: Period) -> Chosen | None:
        """Return the printed figure to use; None if there is none that may be used."""
        return self.figures.choose(known_as(company), metric, period)

    def operand(self, figure: Chosen, name: str) -> Operand:
        """Return a figure under the name that people call ``name`` by."""
        return Operand(self.ontology.name(name, self.language), figure.fact, figure.entry)

    def _operand_of(self, metric: str, figure: Chosen, at: Period) -> Operand:
        """Return a figure of a formula: a part of a line under the name that is printed, and one
        of another stretch than the ratio's, of which it is what is left, with its period.
        """
        if figure.fact.metric != metric:
            return _printed(figure)
        named = self.operand(figure, metric)
        start = figure.fact.period.start
        if start is None or at.start is None or figure.fact.period == at or start == at.start:
            return named
        gap = " " if self.language == "en" else ""
        return replace(named, name=f"{spell(figure.fact.period, self.language)}{gap}{named.name}")

    def latest(self, company: Company, name: str) -> Period | None:
        """Return the latest period for which a measure's first operand is known."""
        return next(iter(self.known(company, name)), None)

    def known(self, company: Company, name: str) -> list[Period]:
        """Return the periods for which a measure's first operand is known, the latest first."""
        return self.figures.ends(known_as(company), self.first_metric(name), self.part)

    def senseless(
        self, company: Company, name: str, period: Period, operands: tuple[Operand, ...]
    ) -> Lack:
        """Return that the figures are there, and that nothing can be made of them."""
        alike = len({operand.fact.amount.unit for operand in operands}) == 1
        return Lack(company, name, period, Cause.SENSELESS if alike else Cause.UNITS, operands)

    def missing(self, lack: Lack) -> Missing:
        """Name what lacks and why, and tell whether the reports that should have it are here."""
        if lack.cause is not Cause.LACKING:
            return Missing(self._what(lack), True, lack.cause, operands=lack.operands)
        metric = self.first_metric(lack.identifier)
        rejected = (
            self.figures.rejected(known_as(lack.company), metric, lack.period)
            if lack.period is not None
            else None
        )
        if rejected is not None:
            cause = Cause.CONTRADICTORY if rejected.contradictory else Cause.DOUBTFUL
            operands = tuple(Operand("", fact, entry) for fact, entry in rejected.sourced)
            return Missing(self._what(lack), True, cause, lack.company, metric, operands)
        known = lack.period is not None and any(
            entry.profile.period is not None and entry.profile.period.end == lack.period.end
            for _, entry in self.figures.about(known_as(lack.company))
        )
        return Missing(self._what(lack), known, company=lack.company, metric=metric)

    def first_metric(self, name: str) -> str:
        """Return the metric whose periods are those of a measure."""
        measure = self.ontology.measure(base_of(name))
        return measure.id if isinstance(measure, Metric) else measure.operands[0]

    def _what(self, lack: Lack) -> str:
        name = self.ontology.name(base_of(lack.identifier), self.language)
        when = spell(lack.period, self.language) if lack.period is not None else ""
        if self.figures.consolidation is Consolidation.PARENT:
            name = say("of_parent", self.language, name=name)
        return " ".join(part for part in (lack.company.name, when, name) if part)


def _printed(figure: Chosen) -> Operand:
    """Return a figure under the name by which its row is printed."""
    return Operand(figure.fact.label, figure.fact, figure.entry)


def period_of(finding: Finding, asked: Period) -> Period:
    """Return the period a finding is of: a company's own year, where it is called by another."""
    own = [o.fact.period for o in finding.operands if o.fact.period.is_instant == asked.is_instant]
    return finding.period or (own[0] if own else asked)
