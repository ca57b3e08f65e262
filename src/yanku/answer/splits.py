"""Reads what a question asks of a part of a company: a product, a business, a region."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yanku.model.inquiry import Inquiry

Plain = Callable[[str], str]
"""Gives a text the form in which questions are read."""


class Want(StrEnum):
    """What is asked of a part."""

    AMOUNT = "amount"
    SHARE = "share"
    GROWTH = "growth"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class PartAsked:
    """A part by its ``name`` as typed, or the first of all parts of a ``kind`` by the want.

    ``each`` asks for all of them.
    """

    name: str
    wants: tuple[Want, ...]
    kind: str = ""
    lowest: bool = False
    each: bool = False


_MONEY = r"(?:营业|销售|主营业务|业务)?(?:收入|营收|销售额|销售金额)"
_WANTS = (
    (
        Want.SHARE,
        re.compile(
            r"占比|比重|占(?:了)?(?:多少|几|总|全部|公司|营|主营|收入).{0,8}|占.{0,10}比[例重]|百分之几"
        ),
    ),
    (Want.GROWTH, re.compile(r"同比|增速|增长|增幅|下降|变动|涨了?|降了?")),
    (Want.MARGIN, re.compile(r"毛利率")),
    (Want.AMOUNT, re.compile(rf"{_MONEY}|卖得")),
)
_FIRST = re.compile(
    rf"(?:{_MONEY}|占比|比重|毛利率|收入占比|销售占比|同比|增速|增长|占(?=多少|比|总|营|收入|公司))"
)
_KINDS = r"(?P<{0}>产品|品类|业务|板块|地区|区域|市场|行业|渠道|销售模式)"
_WHICH = (
    re.compile(rf"(?:哪个|哪类|哪种|哪一?[个类种块]|什么){_KINDS.format('kind')}"),
    re.compile(rf"最(?:高|大|多|低|小|少|快|慢|好|差)的(?:是哪[个类种])?{_KINDS.format('kind')}"),
    re.compile(
        rf"{_KINDS.format('kind')}(?:中|里|当中).{{0,12}}最(?:高|大|多|低|小|少|快|慢|好|差)"
    ),
)
_EACH = re.compile(rf"(?:各|每个|每类|分|按)(?:个|类|种|大)?(?:主要)?{_KINDS.format('kind')}")
_MOST = re.compile(r"最(?:高|大|多|快|好)|第一")
_LEAST = re.compile(r"最(?:低|小|少|慢|差)")
_GENERIC = re.compile(
    r"^(?:的|其|在|来自|来源于|公司)+|(?:的|产品|业务|板块|分部|地区|市场|部分|相关)+$"
)
_NAME = re.compile(r"[\w、与和及&（）()·\-/]{1,18}")
_NO_PART = re.compile(
    r"^(?:其他|其它|主营|营业|营业外|利息|投资|汇兑|补助|政府补助|公司|母公司|本期|平均|人均|每股|研发|费用"
    r"|净|毛|手续费|佣金|租赁|非经常性|预计|预测)?$|前[一二三四五六七八九十\d]+大?|客户|供应商|员工|人员|境外资产|关联"
)
_TOTAL_SAID = re.compile(r"总计?|合计|全部|整体")
TOTAL = "合计"
"""The name under which all parts together are asked for."""
_ASKS = re.compile(r"[呢吗呀啊?？。!！,，\s]+")


def part_asked(inquiry: Inquiry, blanked: str) -> PartAsked | None:
    """Return what is asked of a part; None if the question is about none, or says more.

    ``blanked`` is the question in plain form without its company and periods.
    """
    text = _ASKS.sub(" ", blanked).strip()
    wants = tuple(want for want, pattern in _WANTS if pattern.search(text))
    moved = Want.MARGIN in wants and (Want.GROWTH in wants or "增减" in text or "变化" in text)
    if moved:
        return None  # The change of a margin stands in a column of its own.
    if inquiry.language != "zh" or not wants or not inquiry.companies or inquiry.unknown:
        return None
    if (which := next((m for p in _WHICH if (m := p.search(text)) is not None), None)) is not None:
        first = _MOST.search(text) or _LEAST.search(text)
        want = _ordering(wants)
        low = _LEAST.search(text) is not None
        return PartAsked("", (want,), which["kind"], low) if first else None
    if (every := _EACH.match(text)) is not None:
        return PartAsked("", (_ordering(wants),), every["kind"], each=True)
    measure = _FIRST.search(text)
    if measure is None:
        return None
    name = _trimmed(text[: measure.start()])
    if _TOTAL_SAID.fullmatch(name):
        return PartAsked(TOTAL, (Want.AMOUNT,)) if Want.AMOUNT in wants else None
    if not name or not _NAME.fullmatch(name) or _NO_PART.search(name):
        return None
    wants = tuple(sorted(_asked(wants, text), key=list(Want).index))
    return PartAsked(name, wants)


def _trimmed(name: str) -> str:
    shorter = _GENERIC.sub("", name.strip(" 的,、"))
    return shorter if shorter == name else _trimmed(shorter)


def _ordering(wants: Sequence[Want]) -> Want:
    """Return what puts parts in order: of several the narrowest."""
    for want in (Want.MARGIN, Want.GROWTH, Want.SHARE):
        if want in wants:
            return want
    return Want.AMOUNT


def _asked(wants: Sequence[Want], text: str) -> tuple[Want, ...]:
    """Return what is asked: 收入占比 asks for the share, 收入多少、占比多少 for both."""
    beside = re.search(rf"{_MONEY}(?:是|有|为)?多少|{_MONEY}(?:和|与|及|、|以及)", text)
    if len(wants) > 1 and beside is None:
        return tuple(want for want in wants if want is not Want.AMOUNT)
    return tuple(wants)
