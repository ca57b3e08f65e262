"""Finds how a figure is to be shown: in which unit, to how many decimals."""

from __future__ import annotations

import re

from yanku.finance.page import Page

_UNIT = re.compile(
    r"(?:多少|几|几个|以|单位[:是为]*|用|按|折合)(?:个)?(?P<zh>万亿|百万|千万|亿|万|千)(?P<base>元|股|人)?"
    r"(?:(?:来|为单位)?(?:表示|显示|列示|计算?|展示)|为单位|计)?"
    r"|(?<![\d.零〇一二两三四五六七八九十百千万亿])(?P<after>万亿|百万|千万|亿|万|千)元[)）]?[?？]?$"
    r"|(?<=[,，\s用入收润产债额金款资货])(?P<tail>万亿|百万|千万|亿|万)[?？]?$"
    r"|\bin (?:(?:usd|us dollars?|u\.s\. dollars?|rmb|cny|hkd) |(?:us|hk)?\$ ?)?"
    r"(?P<en>thousand|million|billion)s?\b"
    r"|\bhow many (?P<en2>thousand|million|billion)s?\b"
)
_N = r"[一二两三四五六1-6]"
DECIMALS = re.compile(
    r"(?:在|[(（])?(?:计算)?(?:结果|数值|答案)?(?:请|且|并且?|均|都|需要?|要|四舍五入)*(?:保留|精确|取|四舍五入)"
    rf"(?:到|至|为)?(?:(?:小数点?)?后?(?P<after>{_N})位(?:小数)?|(?P<n>{_N})位小数|(?P<none>整数|个位))"
    r"(?:点)?(?:即可|就行)?(?:的情况下)?[)）]?"
    r"|\b(?:rounded )?(?:to|with) (?P<en>one|two|three|four|[1-4]) decimals?(?: places?)?\b"
)
_WORDS = {
    **{sign: n for n, sign in enumerate("一二三四五六", start=1)},
    **{word: n for n, word in enumerate(("one", "two", "three", "four"), start=1)},
    "两": 2,
}


def decimals_in(page: Page) -> int | None:
    """Return to how many decimals figures are wanted, and take the words; None: as printed."""
    m = DECIMALS.search(page.rest)
    if m is None:
        return None
    page.take(m.start(), m.end())
    if m["none"]:
        return 0
    said = m["after"] or m["n"] or m["en"]
    return _WORDS.get(said) or int(said)


def unit_in(page: Page) -> str:
    """Return the printed unit that figures are wanted in (亿元), and take it; empty: none."""
    m = _UNIT.search(page.text)
    if m is None:
        return ""
    if m["zh"]:
        # Of 研发费用亿 the 用 belongs to the measure.
        start = m.start() if page.free(m.start(), m.end()) else m.start("zh")
        if page.free(start, m.end()):
            page.take(start, m.end())
    if m["after"]:
        if page.free(m.start("after"), m.end()):
            page.take(m.start("after"), m.end())
        return f"{m['after']}元"
    if m["tail"]:
        page.take(m.start("tail"), m.end())
        return f"{m['tail']}元"
    if m["zh"]:
        return m["zh"] + (m["base"] or "元")
    return str(m["en"] or m["en2"])
