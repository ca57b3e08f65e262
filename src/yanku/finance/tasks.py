"""Tells which work a question asks for: a lookup, a growth, a ranking, a sum, or none for facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.finance.breadth import Breadth
from yanku.finance.measures import CHANGE, COMPOUND, GROWTH, QUARTERLY, in_percent
from yanku.finance.ontology import Ontology
from yanku.finance.page import Page
from yanku.finance.phrases import Phrases
from yanku.finance.spoken import Spoken
from yanku.model.blank import BLANK
from yanku.model.inquiry import Fold, Task

_EXPLAINED = (
    "soft", "falls_most", "amount_of_change", "quarter_on_quarter", "growth", "compare",
    "which_year", "most", "least", "share", "which_companies", "falling", "apart", "multiple",
)  # fmt: skip
"""Phrases whose words a plan explains."""
_BESIDE = re.compile(
    r"(?:和|与|及|、|以及|,|\band)\s*(?:其|its |the |their )?"
    r"(?:同比|环比|增速|增长|yoy|year-o(?:n|ver)-year|growth)"
)
_ORDER = re.compile(
    r"最[高低大小多少强快慢]|(?:前|(?:倒数)?第)[一二两三四五六七八九十\d]+(?!个?季|个?月|年)"
)
_PART_OF = re.compile(r"占|除以|as (?:an? )?(?:percentage|percent|%|share|proportion) of")
_PART_ASKED = re.compile(
    r"\bhow much of\b|\bin percent\b"
    r"|\b(?:what|which) (?:percent(?:age)?|%|share|proportion|portion|fraction|part) of\b"
)
"""A part of the figure is asked for, whether or not what part is understood."""
_BESIDE_IT = re.compile(r"(?:[和与及、,]|以及|\band) ?(?:其|它们?的?|各自的?|its |their |the )?$")
_RATED = re.compile(
    r"(?<!复合)(?<!年均)(?:增速|增长率|增幅|涨幅|降幅|跌幅)|\bgrowth rates?\b|(?<=□) growth\b"
)
_FALLS = re.compile(r"降幅|跌幅")
_MOST_OF_ALL = re.compile(r"最(?=□)")
_NUMBER_ASKED = re.compile(r"多少|几何|百分之|how much|how many|what (?:is|was|were|are)\b")


@dataclass(frozen=True, slots=True)
class Count:
    """How many companies and periods a question names."""

    companies: int
    periods: int


@dataclass(frozen=True, slots=True)
class Work:
    """The task of a question and the measures it is about.

    ``lowest`` turns an order around, ``one`` tells that the first of it is asked for, ``beside``
    what is asked of who is chosen. ``everyone`` tells that a table is wanted of every company.
    """

    task: Task
    metrics: tuple[str, ...]
    lowest: bool = False
    one: bool = False
    beside: tuple[str, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the words of a question point to."""

    is_text: bool
    compares: bool
    extreme: bool
    lowest: bool
    change: bool
    quarterly: bool
    grows: bool
    shares: bool
    apart: bool
    multiple: bool
    rated: bool
    """A rate of growth is named as a measure of its own: 营收增速比净利润增速高多少."""
    falls: bool


def work_of(
    page: Page,
    metrics: tuple[str, ...],
    spoken: Sequence[Spoken],
    count: Count,
    breadth: Breadth,
    ontology: Ontology,
) -> Work:
    """Return the work asked for; the words that say so are taken."""
    rest = page.rest
    signs = _signs(rest, metrics, breadth, ontology)
    _take(page, ontology, orders=signs.compares or breadth.orders)
    if breadth.whether and breadth.limits:
        page.take_all(ontology.phrases.whether)
    if signs.is_text or breadth.bounds is None:
        return Work(Task.TEXT, metrics)
    changed = tuple(
        _changed(m, ontology, change=signs.change, quarterly=signs.quarterly) for m in metrics
    )
    asked = changed if signs.grows else metrics
    one = len(metrics) == 1
    if breadth.trailing:
        fit = one and count.companies <= 1 and not signs.grows and _adds_up(metrics[0], ontology)
        return Work(Task.TOTAL if fit else Task.TEXT, metrics)
    if breadth.compound:
        fit = count.companies == 1 and (breadth.span is not None or count.periods > 1)
        return Work(Task.GROWTH, (metrics[0] + COMPOUND,)) if fit else Work(Task.TEXT, metrics)
    if (along := _along(breadth, count, signs)) is not None:
        return Work(along if one else Task.TEXT, asked, signs.lowest, one=True)
    if breadth.fold is Fold.RANGE:
        return Work(Task.TOTAL if one else Task.TEXT, asked if signs.rated else metrics)
    if breadth.fold is not None and breadth.orders and count.companies != 1:
        return _of_chosen(metrics, breadth, count)
    chooses = breadth.top or breadth.place or (signs.compares and signs.extreme)
    if (
        chooses
        and count.companies != 1
        and (others := _beside(page.text, spoken, metrics, breadth))
    ):
        first = not (breadth.top or breadth.place)
        low = signs.lowest or breadth.lowest
        return Work(Task.RANK, metrics[:1], low, first, others)
    if breadth.orders and count.companies != 1:
        return _ranking(page, asked, breadth, signs, ontology)
    if breadth.limits or breadth.place:
        return Work(Task.TEXT, metrics)  # One company has no place, and nothing to be chosen from.
    if signs.apart or signs.multiple:
        pairs = (count.companies, max(count.periods, 1), len(metrics))
        task = Task.MULTIPLE if signs.multiple else Task.DIFFERENCE
        if signs.rated:
            rates = tuple(_changed(m, ontology, change=False, quarterly=False) for m in metrics)
            plain = not signs.multiple and not signs.quarterly and not signs.falls
            fit = plain and pairs in {(2, 1, 1), (1, 1, 2), (1, 2, 1), (1, 1, 1)}
            return Work(task if fit else Task.TEXT, rates)
        if pairs in {(2, 1, 1), (1, 1, 2)} or (pairs == (1, 2, 1) and signs.multiple):
            return Work(task, metrics)
        if signs.multiple or (pairs != (1, 1, 1) and pairs[:2] != (1, 2)):
            return Work(Task.TEXT, metrics)
    if signs.apart and count.companies == 1 and count.periods == 2:
        return Work(Task.GROWTH, tuple(name + CHANGE for name in metrics))
    if breadth.fold is not None and not one and count.companies <= 1 and count.periods <= 1:
        fit = breadth.span is None and not signs.grows and not breadth.everyone
        return Work(Task.TOTAL if fit else Task.TEXT, metrics)
    if breadth.fold is not None and (wide := _foldable(breadth, count)) is not None:
        return Work(Task.TOTAL if wide and one else Task.TEXT, metrics)
    if breadth.span is not None or breadth.series:
        both = _BESIDE.search(rest) is not None
        shown = (*(metrics if both or not signs.grows else ()), *(changed if signs.grows else ()))
        return Work(_series(breadth, count), shown, everyone=_of_everyone(breadth, count))
    if signs.shares:
        fit = len(metrics) == 2  # Of three, which is the share and which is asked for itself?
        return Work(Task.RATIO if fit else Task.TEXT, metrics)
    if signs.compares and not one and count.companies == 1 and max(count.periods, 1) == 1:
        return Work(Task.COMPARE, asked, signs.lowest, True)  # Which of its own measures.
    if signs.compares:
        return Work(Task.COMPARE if one else Task.TEXT, asked, signs.lowest, True)
    if breadth.such and not count.companies:
        return Work(Task.TEXT, metrics)
    if _of_everyone(breadth, count):
        if one and count.periods < 2 and not (signs.grows and _BESIDE.search(rest)):
            return Work(Task.RANK, asked)
        shown = _shown(rest, metrics, changed, spoken, ontology) if signs.grows else metrics
        return Work(Task.SERIES, shown, everyone=True)
    if signs.grows:
        shown = _shown(rest, metrics, changed, spoken, ontology)
        if signs.quarterly and "同比" in rest:
            yearly = (_changed(m, ontology, change=signs.change, quarterly=False) for m in metrics)
            return Work(Task.GROWTH, (*metrics, *yearly, *changed))
        # One figure's change shows the figures too.
        alone = one and count.companies == 1 and count.periods < 2
        return Work(Task.GROWTH, changed if alone else shown)
    if (
        one
        and not in_percent(ontology.measure(metrics[0]))
        and (_of_nothing(rest, ontology) or _PART_ASKED.search(page.text))
    ):
        return Work(Task.TEXT, metrics)  # 研发费用占比: of what?
    if count.companies <= 1 and all(name in ontology.ratios for name in metrics):
        return Work(Task.RATIO, metrics)
    return Work(Task.LOOKUP, metrics)


def _along(breadth: Breadth, count: Count, signs: _Signs) -> Task | None:
    """Return a task that looks along time, or asks whether something is so; None for any other."""
    single = count.companies == 1
    if breadth.whether and breadth.limits:
        fit = count.companies <= 1 and not (breadth.such and not single)
        return Task.WHETHER if fit else Task.TEXT
    if breadth.streak is not None:
        return Task.STREAK if single and breadth.limits else Task.TEXT
    if breadth.run is not None:
        return None if breadth.limits and not single else Task.TEXT
    if breadth.turn is not None and single and breadth.limits:
        return Task.WHEN
    if breadth.turn is not None and single and count.periods < 2:
        return Task.COMPARE if signs.extreme else Task.TEXT
    return None


def _ranking(
    page: Page, asked: tuple[str, ...], breadth: Breadth, signs: _Signs, ontology: Ontology
) -> Work:
    """Return a ranking by the first measure; of several each but the first must choose."""
    falling = ontology.phrases.falling.search(page.text) is not None
    lowest = signs.lowest or falling or breadth.lowest
    chooses = {bound.measure for bound in breadth.bounds or ()}
    # "营收超过100亿的公司中净利率最高的" asks for one of those that a bound leaves.
    free = bool(chooses) and 0 not in chooses
    first = not breadth.ranked and not breadth.place
    first = first and (signs.extreme if free else not breadth.limits)
    fit = chooses >= set(range(1, len(asked)))
    # Which of two measures grows cannot be told.
    fit = fit and (len(asked) == 1 or not (signs.grows or breadth.moves))
    return Work(Task.RANK if fit else Task.TEXT, asked, lowest, first)


def _of_chosen(metrics: tuple[str, ...], breadth: Breadth, count: Count) -> Work:
    """Return a sum or mean over the companies that a ranking or a bound chooses."""
    fit = len(metrics) <= 2 and count.periods < 2 and breadth.span is None and not breadth.place
    fit = fit and not breadth.moves and not breadth.counted
    if len(metrics) == 2 and breadth.limits:
        fit = fit and all(bound.measure == 1 for bound in breadth.bounds or ())
    return Work(Task.TOTAL if fit else Task.TEXT, metrics, breadth.lowest)


def _signs(rest: str, metrics: tuple[str, ...], breadth: Breadth, ontology: Ontology) -> _Signs:
    phrases = ontology.phrases
    soft = phrases.soft.search(rest) is not None and _NUMBER_ASKED.search(rest) is None
    read = (
        phrases.whether.sub(lambda m: BLANK * len(m[0]), rest)
        if breadth.whether and breadth.limits
        else rest
    )
    change = phrases.amount_of_change.search(rest) is not None or any(
        limit.moves and limit.bound.value and limit.bound.unit != "%" for limit in breadth.limits
    )
    quarterly = phrases.quarter_on_quarter.search(rest) is not None
    falls = phrases.falls_most.search(rest) is not None
    return _Signs(
        is_text=not metrics or soft or phrases.text.search(read) is not None,
        compares=bool(breadth.turn or _any(rest, phrases.compare, phrases.which_year)),
        extreme=_any(rest, phrases.most, phrases.least, phrases.falls_most, _MOST_OF_ALL),
        lowest=falls or phrases.least.search(rest) is not None,
        change=change,
        quarterly=quarterly,
        grows=change
        or quarterly
        or falls
        or breadth.moves
        or phrases.growth.search(rest) is not None,
        shares=len(metrics) > 1 and _shares(rest, len(metrics), phrases),
        apart=phrases.apart.search(rest) is not None,
        multiple=phrases.multiple.search(rest) is not None,
        rated=_RATED.search(rest) is not None,
        falls=falls or _FALLS.search(rest) is not None,
    )


def _shares(rest: str, measures: int, phrases: Phrases) -> bool:
    """Tell whether one measure is asked for as a share of another: of three only by 占."""
    return (phrases.share if measures == 2 else _PART_OF).search(rest) is not None


def _beside(
    text: str, spoken: Sequence[Spoken], metrics: Sequence[str], breadth: Breadth
) -> tuple[str, ...]:
    """Return what is asked of those whom another measure chooses: 营收最高的公司的净利率."""
    order = _ORDER.search(text)
    plain = not (breadth.limits or breadth.fold or breadth.run or breadth.span)
    plain = plain and (not breadth.ranked or bool(breadth.top or breadth.place))
    if order is None or not plain or len(metrics) < 2:
        return ()
    before = {one.identifier for one in spoken if one.end <= order.start()}
    after = {one.identifier for one in spoken if one.start >= order.end()}
    if before != {metrics[0]} or after != set(metrics[1:]):
        return ()
    return tuple(metrics[1:])


def _of_nothing(rest: str, ontology: Ontology) -> bool:
    """Tell whether a share is asked of one measure, without what it is a share of."""
    return ontology.phrases.share.search(rest) is not None


def _any(text: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.search(text) is not None for pattern in patterns)


def _take(page: Page, ontology: Ontology, *, orders: bool) -> None:
    for name in _EXPLAINED:
        if name in {"most", "least"} and not orders:
            continue
        for m in getattr(ontology.phrases, name).finditer(page.text):
            if page.free(m.start(), m.end()):
                page.take(m.start(), m.end())
        page.take_all(getattr(ontology.phrases, name))


def is_figure(page: Page, work: Work, ontology: Ontology) -> bool:
    """Tell whether one number is asked for, whatever narrows it."""
    phrases = ontology.phrases
    if work.metrics:
        share = work.task is Task.TEXT and phrases.share.search(page.text) is not None
        return len(work.metrics) == 1 and (share or work.task in {Task.LOOKUP, Task.RATIO})
    asked = _NUMBER_ASKED.search(page.text) is not None
    other = (phrases.text, phrases.growth, phrases.compare, phrases.share)
    return asked and not any(pattern.search(page.text) for pattern in other)


def _adds_up(name: str, ontology: Ontology) -> bool:
    """Tell whether the figures of quarters can be added to one of a year."""
    metric = ontology.metrics.get(name)
    return metric is not None and not metric.instant and metric.unit == "money"


def _foldable(breadth: Breadth, count: Count) -> bool | None:
    """Tell whether there is more than one figure to fold; None where the word means nothing.

    "营业收入合计" of one company and year is the figure itself; its mean makes no sense.
    """
    if breadth.span is not None or count.periods > 1 or count.companies > 1 or breadth.everyone:
        return True
    if breadth.fold is Fold.MEDIAN and not count.companies:
        return True  # Only of many companies is there a middle one.
    return None if breadth.fold is Fold.SUM else False


def _of_everyone(breadth: Breadth, count: Count) -> bool:
    """Tell whether figures of every company of the library are asked for, by saying so."""
    return breadth.everyone and not count.companies


def _series(breadth: Breadth, count: Count) -> Task:
    """Return a series, if there are periods it can be over."""
    few = breadth.span is None and count.periods < 2 and not _of_everyone(breadth, count)
    if few and count.periods + count.companies != 1:
        return Task.TEXT
    return Task.SERIES


def _shown(
    rest: str,
    metrics: Sequence[str],
    changed: Sequence[str],
    spoken: Sequence[Spoken],
    ontology: Ontology,
) -> tuple[str, ...]:
    """Return the measures that are asked for themselves, and then the changes.

    A change is asked of the measures before its word: "营收同比、毛利率" is a change and a ratio,
    "营收、净利润及其同比" two figures and two changes.
    """
    phrases = ontology.phrases
    cues = sorted(
        m.start()
        for pattern in (phrases.growth, phrases.quarter_on_quarter, phrases.amount_of_change)
        for m in pattern.finditer(rest)
    )
    ends = {one.identifier: one.end for one in spoken}
    first = min(ends.values(), default=0)
    plain, grows = [], []
    for name, change in zip(metrics, changed, strict=True):
        following = [cue for cue in cues if cue >= ends.get(name, 0)]
        if not following and cues and cues[0] >= first:
            plain.append(name)
            continue
        grows.append(change)
        last = (
            not any(ends.get(name, 0) < end <= following[0] for end in ends.values())
            if following
            else True
        )
        beside = bool(following) and _BESIDE_IT.search(rest[: following[0]]) is not None
        if beside or (not last and in_percent(ontology.measure(name))):
            plain.append(name)  # "毛利率、营收同比": the margin itself may be meant.
    return (*plain, *grows)


def _changed(identifier: str, ontology: Ontology, *, change: bool, quarterly: bool) -> str:
    """Return the identifier of a measure's change: in percent, or in its own unit."""
    points = in_percent(ontology.measure(identifier))
    if quarterly:
        return identifier + QUARTERLY
    return identifier + (CHANGE if change or points else GROWTH)
