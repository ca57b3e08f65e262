"""Reads from rows of tables what they say of the parts of a company."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.answer.cells import PeriodsIn
from yanku.answer.evidence import Line
from yanku.answer.splits import Want
from yanku.answer.wording import MONEY
from yanku.model.amount import Amount
from yanku.model.finance import Period
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
_TOTAL = re.compile(r"(?:营业收入|主营业务(?:收入)?|收入)?(?:合计|总计|小计)|总收入|全部")
LEAD = re.compile(
    r"^(?:其中[::]?|[加减][::]|[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]|[-—·•])\s*"
)
_SPLIT = re.compile(
    r"[分按](?:销售)?(?:产品|行业|地区|区域|业务|板块|渠道|客户|品类|模式)"
    r"|收入(?:构成|拆分|明细|结构)"
)
"""Titles under which a figure is split."""
_UNIT = re.compile(r"\s*单位\s*[:：].*$")


@dataclass(frozen=True, slots=True)
class Figure:
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
    def table(self) -> tuple[DocumentId, tuple[str, ...], str]:
        """Return what tells its table from others, wherever it was cut: its heading and title."""
        titles = (_UNIT.sub("", one) for one in self.line.source.chunk.context.split(" > "))
        return (self.document, tuple(t for t in titles if not _SPLIT.match(t)), self.group)

    @property
    def document(self) -> DocumentId:
        """Return the document it stands in."""
        return self.line.source.chunk.document

    @property
    def is_total(self) -> bool:
        """Tell the row that sums up the others."""
        return _TOTAL.fullmatch(self.label.replace(" ", "")) is not None


def figures_in(
    line: Line, lines: Sequence[Line], periods_in: PeriodsIn, plain: Plain
) -> Iterator[Figure]:
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
            current = own.years_back(1)
        seen.add((want, header))
        at = own if want is Want.GROWTH and not named else current
        if want is not None and at is not None and not at.is_instant:
            inner = plain(one.label).startswith("其中")
            label = LEAD.sub("", plain(one.label)).strip()
            yield Figure(label, group, want, at, _tidy(one.amount), line, inner)


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
    if amount.unit not in MONEY or _MOVES.search(header) or _SHARE.search(header):
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
