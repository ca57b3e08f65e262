"""Answers with the figure that sentences give for a measure and a period, where no table does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.answer.cells import is_of_company
from yanku.answer.evidence import Line
from yanku.answer.wording import period_worded, worded
from yanku.model.amount import Amount, PrintedAmount, find_amounts
from yanku.model.answer import Claim, Grounded
from yanku.model.finance import Period
from yanku.model.inquiry import Inquiry

Plain = Callable[[str], str]
PeriodSpans = Callable[[str], Sequence[tuple[int, int, Period]]]
"""The periods that a text in plain form names, with where it does."""

_BETWEEN = re.compile(
    r"[\s,:的]*(?:(?:公司|集团|本公司|单季度?|单季|当季|当期|整体|总体|综合|合计|分别|共|其|年|期|实现|录得|报|看|来看)[\s,:的]*)*"
)
"""What may stand between a period and a measure of the company as a whole."""
_IS = re.compile(
    r"\s*(?:约|大约)?(?:为|是|达到?|达|约为|录得|(?:同比|环比)?(?:提升|提高|增长|上升|回升|升|下降|下滑|降低|回落|降)(?:至|到))?\s*约?\s*"
)
_LIST = re.compile(r"(?P<names>[^,。;:()（）]{2,80}?)(?:分别|依次)(?:为|是|达到?|录得)\s*")
_JOINT = re.compile(r"[、和与及]|以及")
_AHEAD = re.compile(
    r"预计|预测|有望|预期|将(?:达|为|在)|目标|指引|假设|预估|expect|forecast|guidance"
)
_SHORT_YEAR = re.compile(r"(?<![\d.a-z])(?P<y>\d\d)(?=q[1-4](?![\d]))")
_QUARTER_FIRST = re.compile(r"(?<![\d.a-z])(?P<q>[1-4])q(?:20)?(?P<y>\d\d)(?!\d)")
_SENTENCE = re.compile(r"[^。;；!！?？]+")
_MONEY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure as a sentence gives it."""

    printed: PrintedAmount
    line: Line


def told_in_words(
    inquiry: Inquiry,
    lines: Sequence[Line],
    spans: PeriodSpans,
    names: Collection[str],
    *,
    unit: str,
    called: str,
    plain: Plain,
) -> Grounded | None:
    """Return the figure that sentences about the company give for a measure and a period.

    ``names`` are what the measure is called, ``unit`` is its own (``%``, ``money``). Only the words
    of the company as a whole may stand between period, measure and figure; a forecast is none, and
    sentences that give different figures tell nothing.
    """
    if len(inquiry.companies) != 1 or len(inquiry.periods) != 1 or len(inquiry.metrics) != 1:
        return None
    period = inquiry.periods[0]
    found = [
        _Said(printed, line)
        for line in lines
        if line.source.profile.company is not None and is_of_company(inquiry, line)
        for sentence in _SENTENCE.findall(_with_long_years(plain(line.text)))
        if not _AHEAD.search(sentence)
        for printed in _figures(sentence, period, spans, names)
        if _fits(printed.amount, unit)
    ]
    best = _agreed(found)
    return _answer(inquiry, period, best, found, called) if best is not None else None


def _with_long_years(text: str) -> str:
    """Return a text with 24q4 and 4q24 as 2024q4: nothing written of late means another century."""
    text = _QUARTER_FIRST.sub(r"20\g<y>q\g<q>", text)
    return _SHORT_YEAR.sub(r"20\g<y>", text)


def _figures(
    sentence: str, period: Period, spans: PeriodSpans, names: Collection[str]
) -> Iterator[PrintedAmount]:
    """Yield what a sentence gives for the measure right after naming the period."""
    for _, end, named in spans(sentence):
        if named != period:
            continue
        start = _after(sentence, end)
        rest = sentence[start:]
        own = max((n for n in names if rest.startswith(n)), key=len, default="")
        one = _next(rest, len(own)) if own else None
        if (one := one or _in_list(rest, names)) is not None:
            yield one


def _after(text: str, start: int) -> int:
    m = _BETWEEN.match(text, start)
    return m.end() if m is not None else start


def _next(text: str, start: int) -> PrintedAmount | None:
    """Return the amount that a text goes on with after a measure's name."""
    m = _IS.match(text, start)
    at = m.end() if m is not None else start
    return next((one for one in find_amounts(text) if one.start == at), None)


def _in_list(text: str, names: Collection[str]) -> PrintedAmount | None:
    """Return the amount in the place of a measure: 毛利率、净利率分别为62.2%、24.6%."""
    m = _LIST.match(text)
    if m is None:
        return None
    said = [name.strip(" 的") for name in _JOINT.split(m["names"])]
    said[0] = said[0][_after(said[0], 0) :]
    at = [n for n, name in enumerate(said) if name in names]
    values = [one for one in find_amounts(text) if one.start >= m.end()][: len(said)]
    if len(at) != 1 or len(values) != len(said) or values[0].start != m.end():
        return None
    gaps = (text[a.end : b.start] for a, b in pairwise(values))
    return values[at[0]] if all(_JOINT.fullmatch(gap.strip()) for gap in gaps) else None


def _fits(amount: Amount, unit: str) -> bool:
    return _MONEY.fullmatch(amount.unit) is not None if unit == "money" else amount.unit == unit


def _agreed(found: Sequence[_Said]) -> _Said | None:
    """Return the most exact of figures that may all be one; None where two of them cannot."""
    best = min(found, key=lambda one: one.printed.half_step, default=None)
    if best is None:
        return None
    value = best.printed.amount.value
    apart = any(
        abs(one.printed.amount.value - value) > one.printed.half_step + best.printed.half_step
        or one.printed.amount.unit != best.printed.amount.unit
        for one in found
    )
    return None if apart else best


def _answer(
    inquiry: Inquiry, period: Period, best: _Said, found: Sequence[_Said], called: str
) -> Grounded:
    lines = [best.line]
    lines += [one.line for one in found if one.line not in lines][:1]
    amount, language = best.printed.amount, inquiry.language
    said = worded(amount, language, inquiry.unit, inquiry.decimals)
    when, whose = period_worded(period, language), inquiry.companies[0].called(inquiry.question)
    if language == "en":
        text, note = f"{whose}: {called}, {when}, was {said}.", "given in a sentence, not a table"
    else:
        text, note = f"{whose}{when}{called}为{said}。", "取自正文叙述，不是报表中的数"
    return Grounded(
        claims=(Claim(text, tuple(range(1, len(lines) + 1))),),
        citations=tuple(line.citation(n) for n, line in enumerate(lines, start=1)),
        amount=amount,
        assumptions=(*inquiry.assumptions, note),
    )
