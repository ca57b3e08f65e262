"""Makes questions that choose, count and look along time, each with the answer it must get.

The answers are worked out here, from the figures alone: a figure a company, measure and year.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.ontology import Ontology

Figures = Mapping[tuple[str, str, int], Decimal]
"""Yuan by (company's name, metric, year)."""
_HUNDRED_MILLION = 10**8


@dataclass(frozen=True, slots=True)
class Wider:
    """A question, its kind, and what it must get: names or years, a number, or a decline."""

    question: str
    kind: str
    names: frozenset[str] | None = None
    number: Decimal | None = None

    @property
    def declines(self) -> bool:
        """Tell that the figures do not settle it."""
        return self.names is None and self.number is None


@dataclass(frozen=True, slots=True)
class Maker:
    """What questions are made of. ``years`` are in order; the last is asked about most."""

    figures: Figures
    companies: Sequence[str]
    metrics: Sequence[str]
    years: Sequence[int]
    ontology: Ontology
    chance: random.Random

    def name(self, metric: str) -> str:
        """Return what the measure is called."""
        return self.ontology.name(metric)

    def order(self, metric: str, year: int) -> list[str]:
        """Return the companies, the highest figure first."""
        return sorted(self.companies, key=lambda c: -self.figures[c, metric, year])

    def two(self) -> tuple[str, str]:
        """Return two measures."""
        one, other = self.chance.sample(list(self.metrics), 2)
        return one, other


def wider(maker: Maker, count: int) -> Iterator[Wider]:
    """Yield questions; the maker's seed decides which."""
    makers: Sequence[Callable[[Maker], Wider]] = (
        _place, _range, _both, _run, _best, _first, _whether, _streak, _of_chosen,
        _best_of_chosen, _moved, _times, _apart,
    )  # fmt: skip
    for _ in range(count):
        yield maker.chance.choice(makers)(maker)


def _place(m: Maker) -> Wider:
    metric, year, n = m.chance.choice(m.metrics), m.years[-1], m.chance.choice((2, 3, 4))
    low = m.chance.random() < 0.4
    last, way = ("倒数", "") if low else ("", m.chance.choice("高大多"))
    text = m.chance.choice(
        (
            f"{year}年{m.name(metric)}{last}第{'二三四'[n - 2]}{way}的公司是哪家",
            f"{year}年{m.name(metric)}排{last}第{n}的是谁",
        )
    )
    order = m.order(metric, year)
    return Wider(text, "place", frozenset({(order[::-1] if low else order)[n - 1]}))


def _range(m: Maker) -> Wider:
    metric, year = m.chance.choice(m.metrics), m.years[-1]
    low, high = sorted(m.chance.sample(range(1, 99), 2))
    said = m.chance.choice(
        (f"在{low}亿元到{high}亿元之间", f"介于{low}亿至{high}亿元", f"在{low}到{high}亿元之间")
    )
    chosen = {
        c
        for c in m.companies
        if low * _HUNDRED_MILLION <= m.figures[c, metric, year] <= high * _HUNDRED_MILLION
    }
    return Wider(f"{year}年{m.name(metric)}{said}的公司有哪些", "range", frozenset(chosen))


def _both(m: Maker) -> Wider:
    (one, other), year = m.two(), m.years[-1]
    limits = [m.chance.randrange(5, 60) for _ in range(2)]
    above = [m.chance.random() < 0.5 for _ in range(2)]
    said = [
        f"{m.name(metric)}{'超过' if up else '低于'}{limit}亿元"
        for metric, limit, up in zip((one, other), limits, above, strict=True)
    ]
    joint, count = m.chance.choice(("且", "并且", "、", "同时")), m.chance.random() < 0.5
    chosen = frozenset(
        c
        for c in m.companies
        if all(
            (m.figures[c, metric, year] > limit * _HUNDRED_MILLION) is up
            for metric, limit, up in zip((one, other), limits, above, strict=True)
        )
    )
    text = f"{year}年{joint.join(said)}的公司有{'几家' if count else '哪些'}"
    if count:
        return Wider(text, "both", number=Decimal(len(chosen)))
    return Wider(text, "both", chosen)


def _run(m: Maker) -> Wider:
    metric, up = m.chance.choice(m.metrics), m.chance.random() < 0.5
    pairs = list(zip(m.years[-3:], m.years[-2:], strict=False))
    chosen = {
        c
        for c in m.companies
        if all((m.figures[c, metric, b] > m.figures[c, metric, a]) is up for a, b in pairs)
    }
    text = f"{m.name(metric)}连续两年{'增长' if up else '下降'}的公司有哪些"
    return Wider(text, "run", frozenset(chosen))


def _best(m: Maker) -> Wider:
    company, metric = m.chance.choice(m.companies), m.chance.choice(m.metrics)
    low = m.chance.random() < 0.3
    pick = min if low else max
    year = pick(m.years, key=lambda y: m.figures[company, metric, y])
    text = f"{company}哪一年{m.name(metric)}最{'低' if low else '高'}"
    return Wider(text, "best", frozenset({f"{year}年"}))


def _first(m: Maker) -> Wider:
    company, metric = m.chance.choice(m.companies), m.chance.choice(m.metrics)
    limit = m.chance.randrange(5, 95)
    text = f"{company}{m.name(metric)}首次超过{limit}亿元是哪一年"
    years = [y for y in m.years if m.figures[company, metric, y] > limit * _HUNDRED_MILLION]
    if years and years[0] == m.years[0]:
        return Wider(text, "first")  # What was before is not known.
    return Wider(text, "first", frozenset({f"{years[0]}年"} if years else ()))


def _whether(m: Maker) -> Wider:
    company, metric, year = m.chance.choice(m.companies), m.chance.choice(m.metrics), m.years[-1]
    limit = m.chance.randrange(5, 95)
    text = m.chance.choice(
        (
            f"{company}{year}年{m.name(metric)}是否超过{limit}亿元",
            f"{company}{year}年{m.name(metric)}有没有超过{limit}亿元？",
        )
    )
    yes = m.figures[company, metric, year] > limit * _HUNDRED_MILLION
    return Wider(text, "whether", frozenset({"是" if yes else "否"}))


def _streak(m: Maker) -> Wider:
    company, metric = m.chance.choice(m.companies), m.chance.choice(m.metrics)
    years = list(m.years)
    count = 0
    while len(years) > 1:
        now = years.pop()
        if m.figures[company, metric, now] <= m.figures[company, metric, years[-1]]:
            break
        count += 1
    return Wider(f"{company}{m.name(metric)}连续几年增长", "streak", number=Decimal(count))


def _of_chosen(m: Maker) -> Wider:
    (by, folded), year, n = m.two(), m.years[-1], m.chance.choice((2, 3, 5))
    whole = sum((m.figures[c, folded, year] for c in m.order(by, year)[:n]), Decimal(0))
    if m.chance.random() < 0.5:
        text = f"{year}年{m.name(by)}前{n}名的公司{m.name(folded)}合计"
        return Wider(text, "of chosen", number=whole)
    text = f"{year}年{m.name(by)}前{n}的公司平均{m.name(folded)}是多少"
    return Wider(text, "of chosen", number=whole / n)


def _best_of_chosen(m: Maker) -> Wider:
    (by, ranked), year, limit = m.two(), m.years[-1], m.chance.randrange(5, 80)
    low = m.chance.random() < 0.3
    left = [c for c in m.companies if m.figures[c, by, year] > limit * _HUNDRED_MILLION]
    most = f"{m.name(ranked)}最{'低' if low else '高'}"
    text = m.chance.choice(
        (
            f"{year}年{m.name(by)}超过{limit}亿元的公司中{most}的是哪家",
            f"{year}年{most}且{m.name(by)}超过{limit}亿元的公司",
        )
    )
    pick = min if low else max
    best = pick(left, key=lambda c: m.figures[c, ranked, year]) if left else None
    return Wider(text, "best of chosen", frozenset({best} if best else ()))


def _moved(m: Maker) -> Wider:
    metric, (before, now) = m.chance.choice(m.metrics), m.years[-2:]
    limit, rises = m.chance.randrange(1, 90), m.chance.random() < 0.5
    growth = {
        c: (m.figures[c, metric, now] - m.figures[c, metric, before])
        * 100
        / abs(m.figures[c, metric, before])
        for c in m.companies
    }
    word = m.chance.choice(("增长", "同比增长", "增速") if rises else ("下降", "同比下滑", "降幅"))
    chosen = {c for c, rate in growth.items() if (rate > limit if rises else rate < -limit)}
    text = f"{now}年{m.name(metric)}{word}超过{limit}%的公司有哪些"
    return Wider(text, "moved", frozenset(chosen))


def _times(m: Maker) -> Wider:
    company, metric = m.chance.choice(m.companies), m.chance.choice(m.metrics)
    last, first = m.years[-1], m.years[0]
    number = m.figures[company, metric, last] / m.figures[company, metric, first]
    return Wider(f"{company}{last}年{m.name(metric)}是{first}年的几倍", "times", number=number)


def _apart(m: Maker) -> Wider:
    company, (one, other), year = m.chance.choice(m.companies), m.two(), m.years[-1]
    number = m.figures[company, one, year] - m.figures[company, other, year]
    text = f"{company}{year}年{m.name(one)}比{m.name(other)}多多少"
    return Wider(text, "apart", number=number)
