"""Settles which of several facts for the same figure to use, and says so where it matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from yanku.finance.agreement import Sourced as Sourced
from yanku.finance.agreement import agree, compared, differing, is_original, rounding
from yanku.finance.fiscal import is_called
from yanku.finance.periods import (
    is_fiscal_year,
    nominal_end,
    spell,
)
from yanku.finance.saying import say
from yanku.model.amount import Amount
from yanku.model.finance import (
    CONFIRMED,
    LEGIBLE,
    REPEATED,
    SECOND_READING,
    STATEMENTS,
    Confidence,
    Consolidation,
    Fact,
    Period,
    ReportKind,
)
from yanku.model.inquiry import Operand
from yanku.model.library import Entry
from yanku.model.place import InSheet, OnPage

_DOUBTS = {
    SECOND_READING: "doubtful_reading",
    LEGIBLE: "doubtful_print",
    REPEATED: "doubtful_repeat",
    CONFIRMED: "doubtful_elsewhere",
}


_ALSO_HERE, _ALSO_ELSEWHERE = 2, 2
"""Other pages of the document, and other documents, that are named where they say the same."""
_THOUSANDFOLD = 3
_EARLY = {1, 2}
"""Months in which a year ends that companies name by it or by the year before."""
_MANY_DIGITS = 5
"""Fewer digits could be the same by chance."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The fact to use, what a reader must be told about the choice, and where it stands as well.

    ``also`` holds facts that say the same on other pages of the document and in other documents,
    ``otherwise`` what a later document, or another one on the period, says instead.
    """

    fact: Fact
    entry: Entry
    notes: tuple[str, ...] = ()
    also: tuple[Sourced, ...] = ()
    otherwise: tuple[Sourced, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Facts for a figure none of which may be used: they differ, or are doubtful."""

    sourced: tuple[Sourced, ...]
    contradictory: bool


def _named(entry: Entry, behind: int | None) -> Entry:
    """Return a document with its company's name for the year, where only others say it."""
    if behind is None or entry.profile.behind is not None:
        return entry
    return replace(entry, profile=replace(entry.profile, behind=behind))


@dataclass(frozen=True, slots=True)
class Figures:
    """The facts at hand, asked for by a company's codes and names, metric and period."""

    sourced: Sequence[Sourced]
    consolidation: Consolidation
    language: str
    _whose: Mapping[str, Sequence[int]] = field(init=False, repr=False, compare=False)
    """Where the facts of each company stand: of hundreds, each asked for alone."""

    def __post_init__(self) -> None:
        """Note where each company's facts stand."""
        places = defaultdict[str, list[int]](list)
        for at, (fact, _) in enumerate(self.sourced):
            places[fact.company.code].append(at)
        object.__setattr__(self, "_whose", places)

    def about(self, company: frozenset[str]) -> list[Sourced]:
        """Return every fact of a company, by its codes and names, in their order."""
        places = sorted(at for code in company for at in self._whose.get(code, ()))
        return [self.sourced[at] for at in places]

    def of(self, company: frozenset[str], metric: str, period: Period) -> list[Sourced]:
        """Return every fact that could be this figure."""
        behind = self._behind(company)
        return [
            (fact, entry)
            for fact, entry in ((f, _named(e, behind)) for f, e in self.about(company))
            if fact.metric == metric
            and (fact.period == period or is_called(fact.period, period, entry.profile))
            and fact.consolidation is self.consolidation
        ]

    def _behind(self, company: frozenset[str]) -> int | None:
        """Return by how much a company's documents say its year's name is behind, if as one."""
        own = {entry.profile.behind for _, entry in self.about(company)}
        said = own - {None}
        return said.pop() if len(said) == 1 else None

    def ends(
        self, company: frozenset[str], metric: str, part: tuple[int, int] | None = None
    ) -> list[Period]:
        """Return the periods this figure is known for, the latest first.

        ``part`` are the first and last month of the part of a year that they must be.
        """
        periods = {
            fact.period
            for fact, _ in self.about(company)
            if fact.metric == metric
            and fact.consolidation is self.consolidation
            and (part is None or _is_part(fact.period, part))
        }
        return sorted(periods, key=lambda p: (p.end, -(p.start or p.end).toordinal()), reverse=True)

    def choose(self, company: frozenset[str], metric: str, period: Period) -> Chosen | None:
        """Return the fact to use, or None if there is none that may be used.

        In this order: the report on the period itself before later ones' comparatives; of later
        ones the nearest in time, as restated there; the surer figure, as its checks say; a
        statement before a list of indicators; a full report before its abstract; the
        version published last. Facts that failed every test are not used, and neither is one of
        two equally good ones that differ.
        """
        return chosen(self.of(company, metric, period), self.language)

    def rejected(self, company: frozenset[str], metric: str, period: Period) -> Rejected | None:
        """Return the facts for a figure that ``choose`` finds none to use among, and why."""
        held = compared(self.of(company, metric, period))
        if not held:
            return None
        sound = _sound(held)
        ranked = sorted(sound or held, key=lambda s: _rank(*s))
        differ = [s for s in ranked[1:] if not agree(ranked[0][0], s[0])]
        failed = {c.kind for f, _ in held for c in f.checks if not c.passed}
        # Documents that only contradict one another are no doubtful readings.
        disputed = bool(differ) and failed == {CONFIRMED}
        return Rejected((ranked[0], *differ[:1]), contradictory=bool(sound) or disputed)

    def beside(self, current: Chosen, metric: str, period: Period) -> Chosen | None:
        """Return another period's figure from the same statement of the same document.

        That is what a growth is measured against: the comparative column is on the same basis as
        the current one, restated if need be.
        """
        same = [
            (fact, entry)
            for fact, entry in self.of(frozenset({current.fact.company.code}), metric, period)
            if entry.id == current.entry.id
        ]
        inside = [s for s in same if s[0].statement is current.fact.statement]
        restated = [s for s in inside or same if s[0].restated]
        return chosen(restated or inside or same, self.language)


def chosen(candidates: Sequence[Sourced], language: str) -> Chosen | None:
    """Return the best of some facts for one figure; Figures.choose tells the order."""
    held = compared(candidates)
    sound = _sound(held)
    if not sound:
        return None
    ranked = sorted(sound, key=lambda s: _rank(*s))
    best = ranked[0]
    rivals = [s for s in ranked if _rank(*s)[:4] == _rank(*best)[:4]]
    if any(_unsettled(best, rival) for rival in rivals) or _slipped(best, sound):
        return None
    rivals = [s for s in rivals if agree(best[0], s[0])]
    fact, entry = _finest(best, rivals)
    later = _later(fact, entry, sound)
    notes = (*_notes(fact, entry, later, language), *doubts(fact, language))
    instead = (*later[:1], *_own_rivals(fact, entry, held))
    return Chosen(fact, entry, notes, _also(fact, entry, ranked), instead)


def _is_part(period: Period, part: tuple[int, int]) -> bool:
    """Tell whether a period is a part of a year, or the day on which that part ends."""
    if period.start is None:
        return period.end.month == part[1]
    alike = (period.start.month, period.end.month) == part
    return alike and period.start.year == period.end.year


def _sound(held: Sequence[Sourced]) -> list[Sourced]:
    """Return the facts that may be used."""
    sound = [s for s in held if s[0].confidence is not Confidence.DOUBTFUL]
    # A figure that fails a law and passes another may be right where its neighbour is misread.
    return sound or [s for s in held if any(c.passed for c in s[0].checks)]


def _also(fact: Fact, entry: Entry, ranked: Sequence[Sourced]) -> tuple[Sourced, ...]:
    """Return where else the figure stands: other pages of the document, and other documents."""
    same = [s for s in ranked if s[0].place != fact.place and agree(fact, s[0])]
    pages = {_page(s): s for s in reversed(same) if s[1].id == entry.id}
    pages.pop(_page((fact, entry)), None)
    others = {s[1].id: s for s in reversed(same) if s[1].id != entry.id}
    here = [s for s in same if s in pages.values()]
    elsewhere = [s for s in same if s in others.values()]
    return (*here[:_ALSO_HERE], *elsewhere[:_ALSO_ELSEWHERE])


def _page(sourced: Sourced) -> Hashable:
    """Return what a reader turns to: a page, a sheet, a line."""
    place = sourced[0].place
    match place:
        case OnPage(page=page):
            return page
        case InSheet(sheet=sheet):
            return sheet
        case _:
            return place


def doubts(fact: Fact, language: str) -> tuple[str, ...]:
    """Return a sentence for each kind of check that a fact failed."""
    failed = dict.fromkeys(check.kind for check in fact.checks if not check.passed)
    return tuple(say(_DOUBTS.get(kind, "doubtful"), language) for kind in failed)


def _unsettled(best: Sourced, rival: Sourced) -> bool:
    """Tell whether two facts differ and nothing says which is right.

    Of two reports on one period the one published later is the corrected one, and of a report and
    its abstract the report.
    """
    if agree(best[0], rival[0]) or best[1].profile.abstract is not rival[1].profile.abstract:
        return False
    return best[1].id == rival[1].id or best[1].profile.published == rival[1].profile.published


def _slipped(best: Sourced, sound: Sequence[Sourced]) -> bool:
    """Tell whether other documents have the same digits in another unit, and are not outnumbered.

    Nothing in business grows a thousandfold to the last digit: one of them was read in 万元 or 亿元
    that is printed in 元.
    """
    others = {s[1].id for s in sound if s[1].id != best[1].id and _same_digits(best[0], s[0])}
    witnesses = {s[1].id for s in sound if agree(best[0], s[0])}
    return bool(others) and len(others) >= len(witnesses)


def _same_digits(one: Fact, other: Fact) -> bool:
    a, b = abs(one.amount.value), abs(other.amount.value)
    if not a or not b or one.amount.unit != other.amount.unit:
        return False
    digits = [value.normalize().as_tuple().digits for value in (a, b)]
    apart = abs(a.adjusted() - b.adjusted())
    return apart >= _THOUSANDFOLD and digits[0] == digits[1] and len(digits[0]) >= _MANY_DIGITS


def _rank(fact: Fact, entry: Entry) -> tuple[int, int, int, int, int, int, int]:
    """Return a sort key: what comes first is better."""
    profile = entry.profile
    own = profile.period is not None and profile.period.end == fact.period.end
    published = profile.published or (profile.period.end if profile.period else date.min)
    late = profile.period.end.toordinal() if profile.period is not None else 10**7
    return (
        0 if own else 1,
        0 if own else late,
        0 if own or fact.restated or not is_original(fact) else 1,
        fact.confidence.rank,
        0 if fact.statement in STATEMENTS else 1,
        1 if profile.abstract else 0,
        -published.toordinal(),
    )


def _is_after(one: Entry, other: Entry) -> bool:
    """Tell whether a document reports on a later period."""
    a, b = one.profile.period, other.profile.period
    return a is not None and b is not None and a.end > b.end


def _finest(best: Sourced, rivals: Iterable[Sourced]) -> Sourced:
    """Return the least rounded of facts that agree."""
    return min(rivals, key=lambda s: (rounding(s[0].amount.value), _rank(*s)), default=best)


def _later(fact: Fact, entry: Entry, others: Sequence[Sourced]) -> list[Sourced]:
    """Return what later reports made of a figure of the report on the period itself."""
    period = entry.profile.period
    if period is None or period.end != fact.period.end:
        return []
    found = differing(fact, entry, others)
    return [(f, e) for f, e in found if f.restated or _is_after(e, entry)]


def _own_rivals(fact: Fact, entry: Entry, held: Sequence[Sourced]) -> list[Sourced]:
    """Return what other documents on the period itself give: its abstract, or a second report."""
    end = fact.period.end
    found = [
        (f, e)
        for f, e in differing(fact, entry, held)
        if not is_original(f) and e.profile.period is not None and e.profile.period.end == end
    ]
    return list({e.id: (f, e) for f, e in reversed(found)}.values())[:_ALSO_ELSEWHERE]


def _written(amount: Amount, language: str) -> str:
    unit = "元" if (amount.unit, language) == ("CNY", "zh") else f" {amount.unit}"
    return f"{amount.value:,f}{unit}"


def _notes(fact: Fact, entry: Entry, later: Sequence[Sourced], language: str) -> tuple[str, ...]:
    """Tell of a figure not from its own report, and of what later reports made of it."""
    period = entry.profile.period
    own = period is not None and period.end == fact.period.end
    notes = []
    if is_fiscal_year(fact.period):
        early = nominal_end(fact.period.end).month in _EARLY and entry.profile.behind is None
        key = "fiscal_year_unnamed" if early else "fiscal_year"
        notes.append(say(key, language, when=spell(fact.period, language)))
    if not own and entry.profile.report is not ReportKind.OTHER and period is not None:
        key = "restated_comparative" if fact.restated else "comparative"
        notes.append(say(key, language, when=spell(period, language)))
    if later:
        first, document = later[0]
        key = "later_restated" if first.restated else "later_differs"
        what = f"{spell(fact.period, language)} {fact.label}"
        value = _written(first.amount, language)
        notes.append(say(key, language, what=what, file=document.name, value=value))
    return tuple(notes)


def is_of_others(entry: Entry) -> bool:
    """Tell a broker's note or an analyst's workbook from a company's own report."""
    return entry.profile.report is ReportKind.OTHER


def notes_of(figures: Sequence[Chosen]) -> tuple[str, ...]:
    """Return what is to be told of the choice of some figures, each once."""
    return tuple(dict.fromkeys(note for figure in figures for note in figure.notes))


def also_of(figures: Sequence[Chosen]) -> tuple[Operand, ...]:
    """Return where else some figures stand, each place once."""
    return without_repeats([Operand("", f, e) for figure in figures for f, e in figure.also])


def without_repeats(operands: Sequence[Operand]) -> tuple[Operand, ...]:
    """Return operands in order, each once."""
    seen = {(o.name, o.fact, o.entry.id): o for o in operands}
    return tuple(seen.values())
