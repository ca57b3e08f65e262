"""Finds how many figures a question asks for: spans of periods, tops of rankings, bounds, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.phrases import Phrases
from yanku.model.amount import find_amounts
from yanku.model.inquiry import Bound, Fold, Span, Step

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)},
    **{word: n for n, word in enumerate(_WORDS, start=1)},
    "两": 2,
}
_N = r"[一二两三四五六七八九十]|\d{1,2}"
_N_EN = r"\d{1,2}|" + "|".join(_WORDS)
_EACH_QUARTER = r"(?:各|每)个?(?:单)?季度?|逐季度?|分季度?"
_LATEST_EN = r"(?:over |in |for |during )?the (?:last|past|latest|recent|most recent)"
_SPANS = (
    (
        re.compile(
            rf"(?:最?近|过去|前|这)(?P<n>{_N})个?(?:完整)?(?:会计|财务|财政)?年度?(?:以?来|间|内|里|中)?的?"
            rf"(?P<each>{_EACH_QUARTER})?"
        ),
        Step.YEAR,
    ),
    (re.compile(rf"(?:最?近|过去|前)(?P<n>{_N})个季度(?:以?来|内|里)?"), Step.QUARTER),
    (
        re.compile(
            rf"{_LATEST_EN} (?P<n>{_N_EN})"
            r" (?:fiscal |financial )?years?(?P<each>,? (?:by|each|every|per) quarter)?"
        ),
        Step.YEAR,
    ),
    (
        re.compile(
            rf"{_LATEST_EN} (?P<n>{_N_EN})"
            r" quarters?"
        ),
        Step.QUARTER,
    ),
)
_EVERY = (
    (re.compile(rf"{_EACH_QUARTER}|(?:by|each|every|per) quarter|\bquarterly\b"), Step.QUARTER),
    (
        re.compile(
            r"历年|逐年|各年度?|每年度?|各个?年份"
            r"|(?:by|each|every|per) year|\b(?:yearly|annually)\b"
        ),
        Step.YEAR,
    ),
)
_TOPS = (
    re.compile(
        rf"(?:最[高低大小多少强快慢]的?)?前(?P<n>{_N})(?:名|家|位|大|强|个|只)?(?!年|个?季|个?月)"
    ),
    re.compile(rf"最[高低大小多少强快慢]的?(?P<n>{_N})(?:名|家|位|个|只)"),
    re.compile(rf"(?:后|倒数)(?P<n>{_N})(?:名|家|位)"),
    re.compile(rf"\b(?:which|what|the) (?P<n>{_N_EN}) (?:companies|firms|banks)\b(?! with)"),
    re.compile(r"排(?:名|行)?(?:在)?第(?P<n>一)(?:名|位|的)?"),
    re.compile(
        rf"\b(?:top|bottom)[ -]?(?P<n>{_N_EN})(?![a-z0-9])(?: companies| firms| banks)?(?: by)?"
    ),
    re.compile(
        rf"\b(?P<n>{_N_EN}) (?:companies|firms|banks)? ?with the (?:highest|lowest|most|least)"
    ),
)
_LOW = re.compile(r"最[低小少慢差]|后|倒数|bottom|lowest|least|smallest")
_ABOVE = r"超过了?|高于|大于|多于|突破|超|above|over|more than|greater than|exceed(?:s|ed|ing)?|>"
_AT_LEAST = r"不低于|不少于|不小于|至少|达到|at least|no less than|>=|≥"
_BELOW = r"低于|小于|少于|不足|不到|below|under|less than|<"
_AT_MOST = r"不超过|不高于|不大于|不多于|至多|at most|no more than|<=|≤"
_BOUND = re.compile(
    rf"(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<above>{_ABOVE})|(?P<below>{_BELOW})"
)
_SIGN = re.compile(
    r"(?P<loss>为负(?:数|值)?|是负(?:数|值|的)|小于零|\bnegative\b)"
    r"|(?P<gain>为正(?:数|值)?|是正(?:数|值|的)|大于零|\bpositive\b)"
)
_AFTER = re.compile(r"的?(?:及)?(?P<least>以上)|(?P<most>以下|以内|之内)")
_MOVES = re.compile(
    r"(?<!连续)(?<!年)(?<!都)(?P<down>(?:同比)?(?:下滑|下降|减少|负增长|倒退))(?:了)?(?!率|最|超|幅|多少|额|较|比|情况|百分)"
    r"|(?<!连续)(?<!年)(?<!都)(?<!负)(?P<up>(?:同比)?(?:增长|上升|增加))(?:了)?(?!率|最|超|幅|多少|额|较|比|情况|百分|点)"
)
"""A rise or fall that companies are chosen by."""
_SUCH = re.compile(r"的(?:上市)?(?:公司|企业|银行|券商)(?:有)?(?:哪些|哪几家|几家|多少家|谁)?")
_COUNTED = re.compile(
    r"(?:共|一共|总共)?有?(?<!哪)(?:多少|几)家(?:上市)?(?:公司|企业|银行|券商)?"
    r"|\bhow many (?:companies|firms|banks)"
)


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a question says of how many; ``taken`` are the stretches of text that say it."""

    span: Span | None = None
    fold: Fold | None = None
    top: int = 0
    bound: Bound | None = None
    counted: bool = False
    ranked: bool = False
    series: bool = False
    compound: bool = False
    everyone: bool = False
    moves: bool = False
    such: bool = False
    lowest: bool = False
    taken: tuple[tuple[int, int], ...] = ()

    @property
    def orders(self) -> bool:
        """Tell whether companies are to be put in order or chosen by a bound."""
        return self.ranked or bool(self.top) or self.bound is not None


def breadth_of(rest: str, phrases: Phrases) -> Breadth:
    """Return what a text in the form of ``plain``, with names and periods blanked, says of it."""
    taken: list[tuple[int, int]] = []
    compound = _first(phrases.compound, rest, taken)
    asks = phrases.which_companies.search(rest) or _COUNTED.search(rest) or _SUCH.search(rest)
    span = _span(rest, taken)
    top, lowest = _top(rest, taken)
    bound = _bound(rest, taken)
    moves = bound is None and not top and bool(asks) and (m := _MOVES.search(rest)) is not None
    if moves and m is not None:
        taken.append(m.span())
        bound = Bound(Decimal(0), below=m["down"] is not None)
    ranked = _first(phrases.rank, rest, taken)
    series = _first(phrases.series, rest, taken)
    fold = _fold(rest, phrases, taken) if not compound else None
    counted = bound is not None and _first(_COUNTED, rest, taken)
    if ranked or top or bound is not None:
        _first(phrases.which_companies, rest, taken)
        _first(_SUCH, rest, taken)
    everyone = _first(phrases.everyone, rest, taken)
    return Breadth(
        span,
        fold,
        top,
        bound,
        counted,
        ranked,
        series,
        compound,
        everyone,
        moves,
        bool(asks),
        lowest,
        tuple(taken),
    )


def _first(pattern: re.Pattern[str], text: str, taken: list[tuple[int, int]]) -> bool:
    found = [m.span() for m in pattern.finditer(text)]
    taken.extend(found)
    return bool(found)


def _span(text: str, taken: list[tuple[int, int]]) -> Span | None:
    for pattern, step in _SPANS:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            count = _number(m["n"])
            if "each" in m.groupdict() and m["each"]:
                return Span(4 * count, Step.QUARTER)
            if step is Step.YEAR and (every := _EVERY[0][0].search(text, m.end())):
                taken.append(every.span())
                return Span(4 * count, Step.QUARTER)
            return Span(count, step)
    for pattern, step in _EVERY:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            return Span(0, step)
    return None


def _top(text: str, taken: list[tuple[int, int]]) -> tuple[int, bool]:
    """Return how many of a ranking are wanted, and whether from its lower end."""
    for pattern in _TOPS:
        if (m := pattern.search(text)) is not None:
            taken.append(m.span())
            return _number(m["n"]), _LOW.search(m[0]) is not None
    return 0, False


def _fold(text: str, phrases: Phrases, taken: list[tuple[int, int]]) -> Fold | None:
    if _first(phrases.mean, text, taken):
        return Fold.MEAN
    return Fold.SUM if _first(phrases.total, text, taken) else None


def _bound(text: str, taken: list[tuple[int, int]]) -> Bound | None:
    return next(_bounds(text, taken), None)


def _bounds(text: str, taken: list[tuple[int, int]]) -> Iterator[Bound]:
    for printed in find_amounts(text):
        before = [
            m
            for m in _BOUND.finditer(text, 0, printed.start)
            if not text[m.end() : printed.start].strip()
        ]
        after = _AFTER.match(text, printed.end)
        value, unit = printed.amount.value, printed.amount.unit
        if before:
            m = before[-1]
            taken.append((m.start(), printed.end))
            equal = bool(m["at_least"] or m["at_most"])
            yield Bound(value, unit, below=bool(m["below"] or m["at_most"]), or_equal=equal)
        elif after is not None:
            taken.append((printed.start, after.end()))
            yield Bound(value, unit, below=bool(after["most"]), or_equal=True)
    if (sign := _SIGN.search(text)) is not None:
        taken.append(sign.span())
        yield Bound(Decimal(0), below=bool(sign["loss"]))


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)
