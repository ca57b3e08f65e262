"""Answers with the one cell of a table that a question describes, or not at all."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yanku.answer.evidence import Line
from yanku.answer.stated import (
    Stated,
    Words,
    header_unit,
    is_earlier,
    names_row_and_column,
    says_scale,
    unit_over,
)
from yanku.answer.wording import MONEY, in_short, worded
from yanku.answer.workings import asks_for_share
from yanku.model.answer import Claim, Grounded
from yanku.model.finance import Consolidation, Period
from yanku.model.inquiry import Inquiry

PeriodsIn = Callable[[str], tuple[Period, ...]]
"""The periods that a text names."""

_EARLIER = re.compile(
    r"上期|上年|期初|年初|去年|上一|比较期|prior|previous|last year", re.IGNORECASE
)
_LABEL_SHARE = 0.6
"""Less than for a sentence of a model: here every word of the topic must stand there as well."""
_OPENING = re.compile(r"期初|年初|上年度?末|上一?年末|beginning", re.IGNORECASE)
_CHANGE = re.compile(
    r"增减|增长|同比|环比|变动|变化|增幅|降幅|占|比例|比重|贡献"
    r"|change|growth|increase|decrease|share|proportion|% of|yoy",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"预测|预计|目标|计划|预算|(?:19|20)\d\d\s?[eE]\b|forecast|target|budget|guidance",
    re.IGNORECASE,
)
_PARENT = re.compile(r"母公司(?!所有者|股东|普通股)|parent company|\bthe company\b", re.IGNORECASE)
# Words that say which kind of thing follows and not which one it is.
_GENERIC = frozenset(
    [
        *("产品", "业务", "板块", "类", "部门", "项目", "分部", "地区", "行业", "领域", "方面"),
        *("情况", "公司", "本", "所", "其", "实现", "达到", "期间", "当期"),
        *("product", "products", "segment", "segments", "business", "company"),
    ]
)
_SALES = frozenset({"sales", "revenue", "revenues", "sale"})
_LONGEST_DATE = 16
_SCALED = re.compile(
    r"[百千万亿]元|\b(?:thousand|million|billion|trillion)s?\b|\bRMB\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Cell:
    """An amount in a table and the line of evidence it stands on."""

    line: Line
    stated: Stated


def told_by_tables(
    inquiry: Inquiry,
    lines: Sequence[Line],
    words: Words,
    periods_in: PeriodsIn,
    *,
    unit: str = "",
) -> Grounded | None:
    """Return an answer if exactly one figure stands where the question says, else None.

    Every word of the topic must stand in the row, the column, or the headings above them; row and
    column must say nothing the question does not; and the column must be of the period asked for.
    ``unit`` is that of the measure asked for in the ontology's words (``money``, ``%``, …).
    """
    topic = frozenset(word for part in inquiry.topic for word in words(part)) - _GENERIC
    if not topic:
        return None
    unit = "%" if asks_for_share(inquiry.question) else unit
    scaled = {line.source.chunk.document for line in lines if says_scale(line.source.chunk.context)}
    cells = [
        _Cell(line, stated)
        for line in lines
        if is_of_company(inquiry, line)
        for stated in line.stated()
        if (stated.label or stated.header)
        and not (line.source.chunk.document in scaled and _is_bare(stated, line))
        and _is_of_scope(stated, line, inquiry)
        and _has_unit(stated, unit)
        and _describes(_undated(stated, periods_in), line, topic, inquiry, words)
        and _is_of_period(stated, line, inquiry, periods_in)
    ]
    if len({cell.stated.amount for cell in cells}) != 1:
        return None
    return _answer(inquiry, cells[0])


def _is_bare(stated: Stated, line: Line) -> bool:
    """Tell money on no known scale: "$4,224" in a table that says none, beside some in millions."""
    if stated.amount.unit not in MONEY or stated.amount.value % 1:
        return False
    said = unit_over(line.source.chunk.context) or header_unit(stated.header)
    return not said and not _SCALED.search(f"{line.text} {stated.label}")


def is_of_company(inquiry: Inquiry, line: Line) -> bool:
    """Tell whether a line is about a company asked for: by its document, or by its own words."""
    if not inquiry.companies:
        return True
    names = {n for one in inquiry.companies for n in (one.code, one.name, *one.aliases)}
    company = line.source.profile.company
    if company is not None and names & {company.code, company.name, *company.aliases}:
        return True
    said = line.text if company is not None else f"{line.source.chunk.context} {line.text}"
    return any(name in said for name in names)


def _is_of_scope(stated: Stated, line: Line, inquiry: Inquiry) -> bool:
    """Tell whether a figure is of the scope asked for: 母公司 is said where it is meant."""
    said = f"{line.source.chunk.context.partition(' > ')[2]} {stated.header}"
    return bool(_PARENT.search(said)) is (inquiry.consolidation is Consolidation.PARENT)


def _has_unit(stated: Stated, unit: str) -> bool:
    """Tell whether an amount can be of the kind that the measure is."""
    has = stated.amount.unit
    match unit:
        case "money":
            return has in MONEY
        case "%":
            return has == "%"
        case "per_share":
            return has.endswith("/share")
        case _:
            return True


def _undated(stated: Stated, periods_in: PeriodsIn) -> Stated:
    """Return the figure without a row label that only tells when."""
    dated = len(stated.label) <= _LONGEST_DATE and periods_in(stated.label)
    return replace(stated, label="") if dated else stated


def _describes(
    stated: Stated, line: Line, topic: frozenset[str], inquiry: Inquiry, words: Words
) -> bool:
    here = f"{stated.label} {stated.header}"
    for pattern in (_CHANGE, _FORECAST):
        if pattern.search(here) and not pattern.search(inquiry.question):
            return False
    near = frozenset(words(here))
    if not topic & near:
        return False
    if not names_row_and_column(stated, inquiry.question, words, _LABEL_SHARE):
        return False
    here_or_above = near | frozenset(words(line.heading))
    if _SALES & topic and _SALES & here_or_above:
        topic -= _SALES | {"net", "total"}  # What a table calls revenue is asked for as net sales.
    return topic <= here_or_above


def _is_of_period(stated: Stated, line: Line, inquiry: Inquiry, periods_in: PeriodsIn) -> bool:
    """Tell whether a figure is of a period asked for, by its column, its row, or its document."""
    asked = inquiry.periods
    own = line.source.profile.period
    if named := periods_in(stated.header):
        known: tuple[Period, ...] = named
    elif is_earlier(stated):
        before = _before(own, stated.header)
        return before is not None and any(_same(before, other) for other in asked)
    else:
        headings = line.source.chunk.context.split(" > ")[1:]
        told = (periods_in(text) for text in (stated.label, *reversed(headings)))
        known = next((found for found in told if found), (own,) if own is not None else ())
    return not asked or any(_same(one, other) for one in known for other in asked)


def _same(one: Period, other: Period) -> bool:
    starts = {one.start, other.start} - {None}
    return one.end == other.end and len(starts) < 2


def _before(period: Period | None, header: str) -> Period | None:
    """Return the earlier period that a column header means in a report on ``period``."""
    if period is None:
        return None
    if _OPENING.search(header):
        return Period(date(period.end.year - 1, 12, 31))
    last = date(period.end.year - 1, period.end.month, min(period.end.day, 28))
    end = last if period.end.day <= 28 else _month_end(last)
    return Period(end, date(end.year, 1, 1) if period.start else None)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _answer(inquiry: Inquiry, cell: _Cell) -> Grounded:
    amount, language = cell.stated.amount, inquiry.language
    said = worded(amount, language, inquiry.unit, inquiry.decimals)
    short = in_short(amount, language) if not inquiry.unit else ""
    place = " | ".join(part for part in (cell.stated.label, cell.stated.header) if part)
    named = len(inquiry.companies) == 1
    whose = inquiry.companies[0].name if named else cell.line.source.file
    if language == "en":
        text = f"{whose}: {place}: {said}{f' ({short})' if short else ''}."
    else:
        text = f"{whose}“{place}”为{said}{f'（{short}）' if short else ''}。"
    return Grounded(
        claims=(Claim(text, (1,)),),
        citations=(cell.line.citation(1),),
        amount=amount,
        assumptions=inquiry.assumptions,
    )
