"""Quotes what the paragraphs of a note begin with: the claims that its author makes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.answer.choosing import Quote
from yanku.answer.cues import folded, is_formal
from yanku.answer.headings import is_headlike
from yanku.answer.passages import Passage

_BULLET = re.compile(r"^\s*[^\w\s（(\[【〔《“\"'’”）)\]】√□,，。.;；:：<>+\-—$%￥¥@]\s*")
_CLAIM = re.compile(r"^(?P<claim>[^:：。]{8,60})[:：](?=.{2,})")
"""A claim with its grounds behind a colon: 在手订单充足，全年可期：…"""
_SHORT = 48
"""Longest sentence that is a claim, where its paragraph goes on with the grounds."""
_MOST = 8
_OTHER = re.compile(
    r"^\W*(?:事件|风险提示|投资建议|盈利预测|估值|资料来源|数据来源|注|证券分析师|分析师|联系人|执业"
    r"|[^:：。]{0,12}Table_|.{0,40}(?:分析师|执业编号|研究员|硕士|博士|邮 *箱)"
    r"|[^:：。]{0,20}股票代码|公司[^。]{0,12}未经审计|E=|[^:：。]{0,24}(?:资料|数据)来源|分.{1,4}看"
    r"|[^:：。]{0,40}(?:点评|[（(]\d{4,6}[^:：。]{0,24}[)）])[:：])"
)
"""What a paragraph of its own kind begins with."""


def leads(section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the claims of a note in its order."""
    found: list[Quote] = []
    seen: set[str] = set()
    for at, passage in enumerate(section):
        follows = section[at + 1] if at + 1 < len(section) else None
        told = _claim(passage, follows)
        if told and told not in seen:
            seen.add(told)
            found.append(Quote((passage,), said=told))
    return tuple(found[:_MOST]) if len(found) > 1 else ()


def _claim(passage: Passage, follows: Passage | None) -> str:
    """Return the claim that a paragraph begins with; empty if it begins with none."""
    text = passage.text.strip()
    if passage.before or passage.is_row or passage.is_ticked or passage.is_jumble:
        return ""
    if any(is_formal(folded(title)) for title in (text, *passage.above[1:])):
        return ""
    bare = _BULLET.sub("", text, count=1)
    if _OTHER.match(bare) or is_headlike(passage):
        return ""
    if (claim := _CLAIM.match(bare)) is not None:
        return claim["claim"].strip()
    goes_on = follows is not None and follows.line == passage.line
    marked = bare != text
    return bare if (goes_on or marked) and len(bare) <= _SHORT and bare.endswith("。") else ""
