"""Answers for a part of a company from the table that splits its figures, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from yanku.answer.cells import PeriodsIn, is_of_company
from yanku.answer.evidence import Line
from yanku.answer.partrows import LEAD, Figure, Plain, figures_in
from yanku.answer.splits import TOTAL, PartAsked, Want
from yanku.answer.wording import period_worded, worded
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, Calculation, Claim, Grounded, Operand, TableCell
from yanku.model.finance import Period
from yanku.model.inquiry import Inquiry

Revenue = Mapping[Period, Decimal]

_TAIL = re.compile(r"(?:产品|业务|板块|类|分部|行业|地区|市场|收入|销售收入|销售)+$")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]$")
_ALIKE = (
    frozenset({"海外", "境外", "国外", "国际", "中国境外", "境外地区", "国外地区", "海外地区"}),
    frozenset({"境内", "国内", "中国境内", "中国大陆", "内地", "大陆", "国内地区", "境内地区"}),
)
_KINDS = {
    "产品": "产品|品类",
    "品类": "产品|品类",
    "业务": "业务|板块|分部|产品|行业",
    "板块": "业务|板块|分部|行业",
    "地区": "地区|区域",
    "区域": "地区|区域",
    "市场": "地区|区域|市场",
    "行业": "行业",
    "渠道": "渠道|销售模式",
    "销售模式": "销售模式|渠道",
}
_CLOSE = Decimal("0.02")
"""A split is whole where its parts come to the total within this part of it."""


def titles_of(asked: PartAsked) -> tuple[str, ...]:
    """Return the titles of tables that split a company's figures into all parts of a kind."""
    kinds = _KINDS[asked.kind].split("|") if asked.kind else ()
    return (
        *(f"分{kind}" for kind in kinds),
        *(("营业收入构成", "占营业收入比重") if kinds else ()),
    )


def told_by_parts(
    inquiry: Inquiry,
    asked: PartAsked,
    lines: Sequence[Line],
    periods_in: PeriodsIn,
    plain: Plain,
    revenue: Revenue = MappingProxyType({}),
) -> Grounded | None:
    """Return what tables of parts say to a question for one of them, or for the first of all.

    A share or a growth that is not printed is worked out of the amounts of the same table. Where
    two tables say otherwise, or two rows could be meant, nothing is told. ``revenue`` is the
    company's own, by period: a table without a total is whole where its parts come to it.
    """
    figures = [f for line in lines if is_of_company(inquiry, line)
               for f in figures_in(line, lines, periods_in, plain)]  # fmt: skip
    period = _period(inquiry, figures)
    if period is None:
        return None
    if asked.kind:
        here = [f for f in figures if f.period == period]
        return _of_kind(inquiry, asked, here, revenue.get(period))
    rows = _of_part(asked.name, figures)
    told = [_told(want, period, rows, figures) for want in asked.wants]
    found = [one for one in told if one is not None]
    return _answer(inquiry, asked, found) if len(found) == len(told) else None


def _period(inquiry: Inquiry, figures: Sequence[Figure]) -> Period | None:
    """Return the one period asked for; without any the latest that figures are of."""
    if len(inquiry.periods) == 1:
        return inquiry.periods[0]
    if inquiry.periods:
        return None
    return max((f.period for f in figures), key=lambda p: p.end, default=None)


def _base(label: str) -> str:
    """Return a row's label without numbering, asides and words that only say of what kind."""
    text = _ASIDE.sub("", LEAD.sub("", label.replace(" ", "")))
    return _TAIL.sub("", text) or text


def _of_part(name: str, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of the part that a name means: the same, else the one that has it in its
    own name; none where two rows could be meant.
    """
    if name == TOTAL:
        return [f for f in figures if f.is_total]
    wanted = _base(name.replace(" ", ""))
    group = next((names for names in _ALIKE if wanted in names), frozenset({wanted}))
    exact = [f for f in figures if _base(f.label) in group or f.label.replace(" ", "") == name]
    if exact:
        return exact
    within = [f for f in figures if _is_within(wanted, _base(f.label)) and not f.is_total]
    return within if len({_base(f.label) for f in within}) == 1 else []


def _is_within(wanted: str, label: str) -> bool:
    """Tell whether a name is part of a row's, or has but one character before it: 抗肿瘤, 肿瘤."""
    return wanted in label or (len(label) > 1 and wanted[1:] == label)


def _only(figures: Sequence[Figure]) -> Figure | None:
    """Return the figure that all say; None if there is none, or they differ."""
    values = {(f.amount.value, f.amount.unit) for f in figures}
    return figures[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure of a part, printed or worked out of two."""

    want: Want
    figures: tuple[Figure, ...]
    amount: Amount
    formula: str = ""


def _told(
    want: Want, period: Period, rows: Sequence[Figure], every: Sequence[Figure]
) -> _Told | None:
    here = [f for f in rows if f.period == period]
    printed = [f for f in here if f.want is want]
    if printed:
        one = _only(printed)
        return _Told(want, (one,), one.amount) if one is not None else None
    amount = _only([f for f in here if f.want is Want.AMOUNT])
    if amount is None:
        return None
    if want is Want.SHARE:
        whole = _only([f for f in every if f.is_total and f.period == period
                       and f.document == amount.document and f.want is Want.AMOUNT])  # fmt: skip
        return _ratio(want, amount, whole, "÷") if whole is not None else None
    before = period.years_back(1) if want is Want.GROWTH else None
    then = _only([f for f in rows if f.want is Want.AMOUNT and f.period == before])
    return _ratio(want, amount, then, "−") if then is not None else None


def _ratio(want: Want, one: Figure, other: Figure, sign: str) -> _Told | None:
    """Return one figure as a share of another, or its growth over it, in percent."""
    if not other.amount.value or one.amount.unit != other.amount.unit:
        return None
    value = one.amount.value / other.amount.value
    value = (value - 1 if sign == "−" else value) * 100
    names = (f"{one.label}收入", f"{other.label}" if sign == "÷" else "上年")
    formula = f"{names[0]} ÷ {names[1]}{' − 1' if sign == '−' else ''}"
    return _Told(want, (one, other), Amount(value, "%"), formula)


def _of_kind(
    inquiry: Inquiry, asked: PartAsked, figures: Sequence[Figure], revenue: Decimal | None
) -> Grounded | None:
    """Return all parts of a kind in their order, or which comes first where none of them lacks."""
    [want] = asked.wants
    kinds = re.compile(_KINDS[asked.kind])
    tables: dict[object, list[Figure]] = {}
    for figure in figures:
        if kinds.search(figure.group):
            tables.setdefault(figure.table, []).append(figure)
    orders = [
        (order, _is_whole(table, revenue))
        for table in tables.values()
        if (order := _in_order(want, table, lowest=asked.lowest))
    ]
    whole = [order for order, is_whole in orders if is_whole]
    if asked.each:
        longest = _longest(whole or [order for order, _ in orders])
        return _ordered(inquiry, asked, longest, whole=bool(whole)) if longest else None
    if not whole or len({order[0].label for order in whole}) != 1:
        return None
    return _ordered(inquiry, asked, whole[0])


def _longest(orders: Sequence[Sequence[Figure]]) -> Sequence[Figure]:
    """Return the table that has all that the others have; empty where they differ."""
    said = [{(f.label, f.amount) for f in order} for order in orders]
    most = max(said, key=len, default=set())
    return orders[said.index(most)] if said and all(one <= most for one in said) else ()


def _in_order(want: Want, table: Sequence[Figure], *, lowest: bool) -> list[Figure]:
    parts = [f for f in table if not f.is_total and not f.inner]
    # Who has the largest share has the largest amount too.
    printed = any(f.want is want for f in parts) or want is not Want.SHARE
    by = want if printed else Want.AMOUNT
    rows = {f.label: f for f in parts if f.want is by}
    ordered = sorted(rows.values(), key=lambda f: f.amount.value, reverse=not lowest)
    return ordered if len(ordered) > 1 else []


def _is_whole(table: Sequence[Figure], revenue: Decimal | None) -> bool:
    """Tell whether the parts of a table come to its total, or to the company's own revenue without
    one, so that none of them lacks.
    """
    for want in (Want.SHARE, Want.AMOUNT):
        rows = {f.label: f for f in table if f.want is want and not f.inner}
        totals = [f.amount.value for f in rows.values() if f.is_total]
        parts = sum((f.amount.value for f in rows.values() if not f.is_total), Decimal(0))
        whole = Decimal(100) if want is Want.SHARE else totals[0] if totals else revenue
        if parts and whole:
            return abs(parts - whole) <= _CLOSE * abs(whole)
    return False


_LISTED = "所列为表中披露的各项，未必是全部"
_NAMES = {
    Want.AMOUNT: "收入",
    Want.SHARE: "收入占比",
    Want.GROWTH: "收入同比增长率",
    Want.MARGIN: "毛利率",
}


def _subject(inquiry: Inquiry, figure: Figure) -> str:
    whose = inquiry.companies[0].name
    return f"{whose}{period_worded(figure.period, 'zh')}“{figure.label}”"


def _answer(inquiry: Inquiry, asked: PartAsked, told: Sequence[_Told]) -> Grounded:
    lines: list[Line] = []
    claims: list[Claim] = []
    for one in told:
        numbers = tuple(_number(f.line, lines) for f in one.figures)
        said = worded(one.amount, "zh", inquiry.unit, inquiry.decimals)
        how = f"（{one.formula}）" if one.formula else ""
        text = f"{_subject(inquiry, one.figures[0])}{_NAMES[one.want]}为{said}{how}。"
        claims.append(Claim(text, tuple(dict.fromkeys(numbers))))
    label = told[0].figures[0].label
    note = () if label == asked.name else (f"“{asked.name}”按表中“{label}”理解",)
    return Grounded(
        claims=tuple(claims),
        citations=tuple(line.citation(n) for n, line in enumerate(lines, start=1)),
        amount=told[0].amount if len(told) == 1 else None,
        calculations=tuple(_calculation(one, lines) for one in told if one.formula),
        assumptions=(*inquiry.assumptions, *note),
    )


def _calculation(one: _Told, lines: list[Line]) -> Calculation:
    operands = tuple(
        Operand(f"{period_worded(f.period, 'zh')}{f.label}", f.amount, _number(f.line, lines))
        for f in one.figures
    )
    return Calculation(one.formula, operands, one.amount)


def _number(line: Line, lines: list[Line]) -> int:
    """Return the number of a line among those cited, and add it where it is new."""
    if line not in lines:
        lines.append(line)
    return lines.index(line) + 1


def _claim(inquiry: Inquiry, figure: Figure, lines: list[Line]) -> Claim:
    said = worded(figure.amount, "zh", inquiry.unit, inquiry.decimals)
    text = f"{_subject(inquiry, figure)}{_NAMES[figure.want]}为{said}。"
    return Claim(text, (_number(figure.line, lines),))


def _ordered(
    inquiry: Inquiry, asked: PartAsked, order: Sequence[Figure], *, whole: bool = True
) -> Grounded:
    lines: list[Line] = []
    first = order[0]
    name, place = _NAMES[first.want], "最低" if asked.lowest else "最高"
    said = worded(first.amount, "zh", inquiry.unit, inquiry.decimals)
    rows = tuple(
        (
            TableCell(f.label),
            TableCell(worded(f.amount, "zh", inquiry.unit), f.amount, (_number(f.line, lines),)),
        )
        for f in order
    )
    told = f"{_subject(inquiry, first)}的{name}{place}，为{said}。"
    claims = (
        tuple(_claim(inquiry, one, lines) for one in order)
        if asked.each
        else (Claim(told, (_number(first.line, lines),)),)
    )
    return Grounded(
        claims=claims,
        citations=tuple(line.citation(n) for n, line in enumerate(lines, start=1)),
        amount=None if asked.each else first.amount,
        choice=None if asked.each else first.label,
        assumptions=(*inquiry.assumptions, *(() if whole else (_LISTED,))),
        table=AnswerTable((first.group or "项目", name), rows),
    )
