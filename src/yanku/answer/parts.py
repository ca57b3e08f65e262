"""Answers for a part of a company from the table that splits its figures, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.answer.cells import PeriodsIn, is_of_company
from yanku.answer.evidence import Line
from yanku.answer.splits import TOTAL, PartAsked, Want
from yanku.answer.wording import period_worded, worded
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, Calculation, Claim, Grounded, Operand, TableCell
from yanku.model.finance import Period
from yanku.model.inquiry import Inquiry
from yanku.model.library import DocumentId

Plain = Callable[[str], str]

_SHARE = re.compile(r"占.{0,10}(?:比|%)|占比|比重")
_AMOUNT = re.compile(r"收\s*入|营收|金额|销售额")
_SALES = re.compile(
    r"收\s*入|营收|销售额|分(?:产品|行业|地区|区域|业务|板块|渠道|客户|品类)(?!成本)"
)
"""What a table of parts says of itself; without it an amount is of something else."""
_OF_A_YEAR = frozenset({Want.AMOUNT, Want.SHARE})
"""What stands twice under one header is of two years; two changes are of two measures."""
_MOVES = re.compile(r"比上年|同比|增减|增长|增速|变动|yoy|增幅|降幅")
_NOT_SALES = re.compile(r"成本|费用|利润|资产|量|库存|单价|价格|客户|采购")
_OTHER_ROW = re.compile(r":[^|\d]*(?:成本|费用|产量|生产量|销售量|库存量|研发投入)[^|\d:]*(?:\||$)")
"""A row whose second cell says that it is no sales: 消费性电子 | 项目: 销货成本 | 金额: …"""
_TOTAL = re.compile(r"(?:营业收入|主营业务(?:收入)?|收入)?(?:合计|总计)|总收入|全部")
_LEAD = re.compile(
    r"^(?:其中[::]?|[加减][::]|[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]|[-—·•])\s*"
)
_TAIL = re.compile(r"(?:产品|业务|板块|类|分部|行业|地区|市场|收入|销售收入|销售)+$")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]$")
_SPLIT = re.compile(
    r"分(?:产品|行业|地区|区域|业务|板块|渠道|客户|品类)|收入(?:构成|拆分|明细|结构)"
)
_ALIKE = (
    frozenset({"海外", "境外", "国外", "国际", "中国境外", "境外地区", "国外地区", "海外地区"}),
    frozenset({"境内", "国内", "中国境内", "中国大陆", "内地", "大陆", "国内地区", "境内地区"}),
)
_MONEY = frozenset({"CNY", "USD", "HKD", "EUR"})
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


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of a part: the row's label and group, what it is, of when, and its line.

    ``inner`` is a row that is a part of another (其中).
    """

    label: str
    group: str
    want: Want
    period: Period
    amount: Amount
    line: Line
    inner: bool = False

    @property
    def table(self) -> tuple[int, str]:
        """Return what tells its table from others."""
        return (self.line.hit, self.group)

    @property
    def document(self) -> DocumentId:
        """Return the document it stands in."""
        return self.line.source.chunk.document

    @property
    def is_total(self) -> bool:
        """Tell the row that sums up the others."""
        return _TOTAL.fullmatch(self.label.replace(" ", "")) is not None


def told_by_parts(
    inquiry: Inquiry, asked: PartAsked, lines: Sequence[Line], periods_in: PeriodsIn, plain: Plain
) -> Grounded | None:
    """Return what tables of parts say to a question for one of them, or for the first of all.

    A share or a growth that is not printed is worked out of the amounts of the same table. Where
    two tables say otherwise, or two rows could be meant, nothing is told.
    """
    figures = [f for line in lines if is_of_company(inquiry, line)
               for f in _figures(line, lines, periods_in, plain)]  # fmt: skip
    period = _period(inquiry, figures)
    if period is None:
        return None
    if asked.kind:
        return _first(inquiry, asked, [f for f in figures if f.period == period])
    rows = _of_part(asked.name, figures)
    told = [_told(want, period, rows, figures) for want in asked.wants]
    found = [one for one in told if one is not None]
    return _answer(inquiry, asked, found) if len(found) == len(told) else None


def _figures(
    line: Line, lines: Sequence[Line], periods_in: PeriodsIn, plain: Plain
) -> Iterator[_Figure]:
    """Yield the figures of a row; a column without a period of its own is of the one before it.

    Where a header stands twice, the second is of the year before.
    """
    stated = line.stated()
    if len(stated) < 1 or not stated[0].label or _OTHER_ROW.search(line.text):
        return
    own = line.source.profile.period
    current = own
    seen: set[tuple[Want | None, str]] = set()
    group = _group(line, lines)
    sales = _SALES.search(" ".join([group, line.source.chunk.context, *(s.header for s in stated)]))
    moves = sum(1 for one in stated if _MOVES.search(plain(one.header)))
    for one in stated if sales is not None else ():
        header = plain(one.header)
        named = periods_in(one.header)
        want = _want(header, one.amount, dated=bool(named))
        if want is Want.GROWTH and moves > 1 and not _AMOUNT.search(header):
            want = None  # The change of what? Of what was made, sold, or earned.
        if len(named) == 1:
            current = named[0]
        elif want in _OF_A_YEAR and (want, header) in seen and current == own and own is not None:
            current = _year_before(own)
        seen.add((want, header))
        at = own if want is Want.GROWTH and not named else current
        if want is not None and at is not None and not at.is_instant:
            inner = plain(one.label).startswith("其中")
            label = _LEAD.sub("", plain(one.label)).strip()
            yield _Figure(label, group, want, at, _tidy(one.amount), line, inner)


def _tidy(amount: Amount) -> Amount:
    """Return an amount without the zeros that its scale left behind."""
    whole = amount.value == amount.value.to_integral_value()
    return Amount(amount.value.quantize(Decimal(1)), amount.unit) if whole else amount


def _want(header: str, amount: Amount, *, dated: bool) -> Want | None:
    """Return what stands under a header; None for anything but a part's sales and margins."""
    if "毛利率" in header:
        return Want.MARGIN if amount.unit == "%" and not _MOVES.search(header) else None
    if _NOT_SALES.search(header):
        return None
    if amount.unit == "%":
        if _MOVES.search(header):
            return Want.GROWTH if "比重" not in header and "占" not in header else None
        return Want.SHARE if _SHARE.search(header) else None
    if amount.unit not in _MONEY or _MOVES.search(header) or _SHARE.search(header):
        return None
    return Want.AMOUNT if _AMOUNT.search(header) or dated else None


def _group(line: Line, lines: Sequence[Line]) -> str:
    """Return the title that a row stands under in its table (分产品), or the last over it."""
    group = ""
    for other in lines:
        if other.hit == line.hit and not other.stated() and len(other.text) < 20:
            group = other.text.strip() if _SPLIT.match(other.text.strip()) else group
        if other is line:
            break
    over = [m[0] for m in _SPLIT.finditer(line.source.chunk.context)]
    return group or (over[-1] if over else "")


def _year_before(period: Period) -> Period | None:
    if period.start is None:
        return None
    try:
        return Period(
            period.end.replace(year=period.end.year - 1),
            period.start.replace(year=period.start.year - 1),
        )
    except ValueError:  # The 29th of February.
        return None


def _period(inquiry: Inquiry, figures: Sequence[_Figure]) -> Period | None:
    """Return the one period asked for; without any the latest that figures are of."""
    if len(inquiry.periods) == 1:
        return inquiry.periods[0]
    if inquiry.periods:
        return None
    return max((f.period for f in figures), key=lambda p: p.end, default=None)


def _base(label: str) -> str:
    """Return a row's label without numbering, asides and words that only say of what kind."""
    text = _ASIDE.sub("", _LEAD.sub("", label.replace(" ", "")))
    return _TAIL.sub("", text) or text


def _of_part(name: str, figures: Sequence[_Figure]) -> list[_Figure]:
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


def _only(figures: Sequence[_Figure]) -> _Figure | None:
    """Return the figure that all say; None if there is none, or they differ."""
    values = {(f.amount.value, f.amount.unit) for f in figures}
    return figures[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure of a part, printed or worked out of two."""

    want: Want
    figures: tuple[_Figure, ...]
    amount: Amount
    formula: str = ""


def _told(
    want: Want, period: Period, rows: Sequence[_Figure], every: Sequence[_Figure]
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
    before = _year_before(period) if want is Want.GROWTH else None
    then = _only([f for f in rows if f.want is Want.AMOUNT and f.period == before])
    return _ratio(want, amount, then, "−") if then is not None else None


def _ratio(want: Want, one: _Figure, other: _Figure, sign: str) -> _Told | None:
    """Return one figure as a share of another, or its growth over it, in percent."""
    if not other.amount.value or one.amount.unit != other.amount.unit:
        return None
    value = one.amount.value / other.amount.value
    value = (value - 1 if sign == "−" else value) * 100
    names = (f"{one.label}收入", f"{other.label}" if sign == "÷" else "上年")
    formula = f"{names[0]} ÷ {names[1]}{' − 1' if sign == '−' else ''}"
    return _Told(want, (one, other), Amount(value, "%"), formula)


def _first(inquiry: Inquiry, asked: PartAsked, figures: Sequence[_Figure]) -> Grounded | None:
    """Return which part comes first in the one table of its kind that has all of them."""
    [want] = asked.wants
    kinds = re.compile(_KINDS[asked.kind])
    tables: dict[tuple[int, str], list[_Figure]] = {}
    for figure in figures:
        if kinds.search(figure.group):
            tables.setdefault(figure.table, []).append(figure)
    orders = [
        order
        for table in tables.values()
        if (order := _in_order(want, table, lowest=asked.lowest)) and _is_whole(table)
    ]
    if not orders or len({order[0].label for order in orders}) != 1:
        return None
    return _ordered(inquiry, asked, orders[0])


def _in_order(want: Want, table: Sequence[_Figure], *, lowest: bool) -> list[_Figure]:
    parts = [f for f in table if not f.is_total and not f.inner]
    # Who has the largest share has the largest amount too.
    printed = any(f.want is want for f in parts) or want is not Want.SHARE
    by = want if printed else Want.AMOUNT
    rows = {f.label: f for f in parts if f.want is by}
    ordered = sorted(rows.values(), key=lambda f: f.amount.value, reverse=not lowest)
    return ordered if len(ordered) > 1 else []


def _is_whole(table: Sequence[_Figure]) -> bool:
    """Tell whether the parts of a table come to its total, so that none of them lacks."""
    for want in (Want.SHARE, Want.AMOUNT):
        rows = {f.label: f for f in table if f.want is want and not f.inner}
        totals = [f.amount.value for f in rows.values() if f.is_total]
        parts = sum((f.amount.value for f in rows.values() if not f.is_total), Decimal(0))
        whole = Decimal(100) if want is Want.SHARE else totals[0] if totals else None
        if parts and whole:
            return abs(parts - whole) <= _CLOSE * abs(whole)
    return False


_NAMES = {
    Want.AMOUNT: "收入",
    Want.SHARE: "收入占比",
    Want.GROWTH: "收入同比增长率",
    Want.MARGIN: "毛利率",
}


def _subject(inquiry: Inquiry, figure: _Figure) -> str:
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


def _ordered(inquiry: Inquiry, asked: PartAsked, order: Sequence[_Figure]) -> Grounded:
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
    text = f"{_subject(inquiry, first)}的{name}{place}，为{said}。"
    return Grounded(
        claims=(Claim(text, (_number(first.line, lines),)),),
        citations=tuple(line.citation(n) for n, line in enumerate(lines, start=1)),
        amount=first.amount,
        choice=first.label,
        assumptions=inquiry.assumptions,
        table=AnswerTable((first.group or "项目", name), rows),
    )
