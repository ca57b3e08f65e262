"""Finds what a figure must be to count: 超过100亿元, between 5% and 15%, 为负, 同比下滑."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yanku.finance.spoken import Spoken
from yanku.model.amount import Amount, PrintedAmount, find_amounts
from yanku.model.blank import BLANK
from yanku.model.inquiry import Bound
from yanku.model.numeral import value_of

_ABOVE = (
    r"超过了?|超出|高于|大于|多于|高过|突破了?|破了?|超"
    r"|(?:above|over|more than|greater than|higher than"
    r"|exceed(?:s|ed|ing)?|topp?(?:s|ed|ing)?)(?![a-z])|>"
)
_AT_LEAST = r"不低于|不少于|不小于|至少|达到|at least|no less than|>=|≥"
_BELOW = r"低于|小于|少于|不足|不到|(?:below|under|less than|lower than)(?![a-z])|<"
_AT_MOST = r"不超过|不高于|不大于|不多于|至多|at most|no more than|not more than|<=|≤"
_BOUND = re.compile(
    rf"(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<above>{_ABOVE})|(?P<below>{_BELOW})"
)
_BETWEEN = re.compile(r"(?:介于|处于|在|between|from|in the range of)\s*$")
_TO = re.compile(r"\s*(?:到|至|-|—|–|~|和|与|and|to)\s*")
_WITHIN = re.compile(r"(?:之间|区间|范围)(?:内|里)?的?")
_SIGN = re.compile(
    r"(?P<loss>为负(?:数|值)?|是负(?:数|值|的)|小于零|\bnegative\b)"
    r"|(?P<gain>为正(?:数|值)?|是正(?:数|值|的)|大于零|\bpositive\b)"
)
_AFTER = re.compile(r"的?(?:及)?(?P<least>以上)|(?P<most>以下|以内|之内)")
_LATELY = re.compile(
    r"(?:(?P<loss>亏损(?:金?额)?|亏|\b(?:net )?loss(?:es)?(?: of)?|\blost)"
    r"|(?P<down>(?:同比|环比)?(?:下降|下滑|下跌|减少|降低|降幅|跌幅|跌|降)(?:幅度|额)?"
    r"|\b(?:f[ae]ll(?:en)?|declined?|decreased?|dropp?(?:ed)?|down|shrank)(?: by| of)?)"
    r"|(?P<rate>(?:同比|环比)?(?:增长率|增幅|涨幅|增速|增长幅度)|\bgrowth(?: rate)?(?: of)?)"
    r"|(?P<up>(?:同比|环比)?(?:增长|上升|上涨|增加|提高|涨|增)额?"
    r"|\b(?:gr[eo]wn?|rose|risen|increased?|gain(?:ed)?|up)(?: by| of)?))"
    r"(?:了)?(?:是否|是不是|有没有|有无)?(?:已经?)?\s*$"
)
"""A rise, a fall or a loss whose size a bound is of: 下降超过10%, 亏损超过1亿元."""
_SPOKEN = re.compile(
    r"(?<![几数第近十百千万亿\d.])(?:[一二两三四五六七八九十][一二三四五六七八九十百千零]*|[百千])[万亿]+"
)
_NEAR = 3
"""Characters that may stand between a bound and the measure after it that it is of."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound as a text says it, at ``text[start:end]``."""

    start: int
    end: int
    bound: Bound
    moves: bool = False
    """It is of a rise or a fall, and not of the figure itself."""
    loss: bool = False
    """It is of a loss."""

    def turned(self) -> Limit:
        """Return the bound of a loss as one of the result: above 1 is below −1."""
        bound = replace(self.bound, value=-self.bound.value, below=not self.bound.below)
        return replace(self, bound=bound, loss=True)


def find_limits(text: str) -> tuple[Limit, ...]:
    """Return the bounds that a text in the form of ``plain`` sets, in order."""
    printed = _amounts(text)
    limits: list[Limit] = []
    at = 0
    while at < len(printed):
        pair = _range(text, printed[at : at + 2])
        found = pair or tuple(_single(text, printed[at]))
        limits += _of_moves(text, found)
        at += 2 if pair else 1
    for sign in _SIGN.finditer(text):
        zero = Bound(Decimal(0), below=bool(sign["loss"]))
        limits.append(Limit(sign.start(), sign.end(), zero))
    return tuple(sorted(limits, key=lambda limit: limit.start))


def _amounts(text: str) -> list[PrintedAmount]:
    """Return the amounts of a text, 五亿 without its 元 among them."""
    printed = list(find_amounts(text))
    for m in _SPOKEN.finditer(text):
        read = value_of(m[0].replace("两", "二") if m[0][0] not in "百千" else f"一{m[0]}")
        if read is not None and all(m.end() <= p.start or p.end <= m.start() for p in printed):
            value, step = map(Decimal, read)
            printed.append(PrintedAmount(m.start(), m.end(), m[0], Amount(value, ""), step / 2))
    return sorted(printed, key=lambda one: one.start)


def _of_moves(text: str, found: Sequence[Limit]) -> Iterator[Limit]:
    """Turn the bounds of a fall or a loss around: 下降超过10% is growth below −10%.

    One that sets an upper end alone (降幅低于10%) still means a fall.
    """
    if not found or (m := _LATELY.search(text[: found[0].start])) is None:
        yield from found
        return
    rises = bool(m["up"] or m["rate"])
    moves, loss = m["loss"] is None, m["loss"] is not None
    for limit in found:
        bound = limit.bound if rises else limit.turned().bound
        yield Limit(m.start(), limit.end, bound, moves, loss)
    if m["rate"] is None and all(limit.bound.below for limit in found):
        yield Limit(m.start(), found[0].end, Bound(Decimal(0), below=not rises), moves, loss)


def _range(text: str, printed: Sequence[PrintedAmount]) -> tuple[Limit, ...]:
    """Read "在10亿到20亿元之间"; what stands with the second figure alone is meant of both."""
    if len(printed) < 2:
        return ()
    low, high = printed
    if _TO.fullmatch(text[low.end : high.start]) is None:
        return ()
    before, after = _BETWEEN.search(text[: low.start]), _WITHIN.match(text, high.end)
    joined = re.fullmatch(r"\s*(?:-|—|–|~|到|至)\s*", text[low.end : high.start])
    if before is None and after is None and not (joined and high.amount.unit):
        return ()
    first = low.amount
    if not first.unit and re.fullmatch(r"[\d.]+", low.text.strip()):
        words = text[high.start : high.end].lstrip("0123456789.,")
        first = next((p.amount for p in find_amounts(low.text.strip() + words)), first)
    one, other = sorted((first.value, high.amount.value))
    start = before.start() if before else low.start
    end = after.end() if after else high.end
    unit = high.amount.unit
    return (
        Limit(start, end, Bound(one, unit, or_equal=True)),
        Limit(start, end, Bound(other, unit, below=True, or_equal=True)),
    )


def _single(text: str, printed: PrintedAmount) -> Iterator[Limit]:
    before = [
        m
        for m in _BOUND.finditer(text, 0, printed.start)
        if not text[m.end() : printed.start].strip()
    ]
    after = _AFTER.match(text, printed.end)
    value, unit = printed.amount.value, printed.amount.unit
    if before:
        m = before[-1]
        equal = bool(m["at_least"] or m["at_most"])
        bound = Bound(value, unit, below=bool(m["below"] or m["at_most"]), or_equal=equal)
        yield Limit(m.start(), printed.end, bound)
    elif after is not None:
        bound = Bound(value, unit, below=bool(after["most"]), or_equal=True)
        yield Limit(printed.start, after.end(), bound)


def attached(
    limits: Sequence[Limit], spoken: Sequence[Spoken], metrics: Sequence[str], text: str
) -> tuple[Bound, ...] | None:
    """Return the bounds, each with the measure it is of; None where that is not plain.

    A bound is of the measure named before it, or of the one right after it. Two of one measure
    must leave a range open.
    """
    if len(metrics) <= 1:
        bounds = tuple(limit.bound for limit in limits)
        return bounds if _fit(bounds) else None
    told = [one for one in spoken if one.identifier in metrics]
    found: list[Bound] = []
    for limit in limits:
        whose = _owner(limit, limits, told, text)
        if whose is None:
            return None
        found.append(replace(limit.bound, measure=metrics.index(whose.identifier)))
    by_measure = [[b for b in found if b.measure == n] for n in range(len(metrics))]
    return tuple(found) if all(_fit(bounds) for bounds in by_measure) else None


def _owner(
    limit: Limit, limits: Sequence[Limit], told: Sequence[Spoken], text: str
) -> Spoken | None:
    after = [one for one in told if one.start - limit.end >= 0]
    near = [one for one in after if len(text[limit.end : one.start].strip(BLANK + " 的")) == 0]
    near = [one for one in near if one.start - limit.end <= _NEAR]
    before = [one for one in told if one.end <= limit.start]
    if before:
        last = max(before, key=lambda one: one.end)
        between = [
            other for other in limits if last.end <= other.start and other.end <= limit.start
        ]
        if not between:
            return last
    return near[0] if near else None


def _fit(bounds: Sequence[Bound]) -> bool:
    """Tell whether bounds of one measure are one, or the two ends of a range."""
    if len(bounds) <= 1:
        return True
    if len(bounds) > 2 or bounds[0].below == bounds[1].below:
        return False
    if len({bound.unit for bound in bounds} - {""}) > 1:
        return False
    low, high = sorted(bounds, key=lambda bound: bound.below)
    return low.value < high.value
