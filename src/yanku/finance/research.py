"""Tells what others write about a company from what it files itself: a broker's research report."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yanku.finance.labels import plain
from yanku.model.document import Block, Table, page_of

_PAGES = 2
_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"证券研究|研究报告|研究所|equity research|(?:业绩|财报)点评"
        r"|公司(?:点评|深度|研究|信息更新|简评|快报|首次覆盖)",
        r"评级|(?:买入|增持|推荐|优于大市|跑赢(?:行业|大市)|中性)\s*[(（|]\s*(?:维持|首次|上调|下调)"
        r"|\brating\s*[:(]|\b(?:outperform|overweight|maintain (?:buy|hold))\b",
        r"分析师|执业证|执业编号|登记编号|证书编号|\bsac\b|\bs\d{13}\b|\banalysts?\b",
        r"请(?:务必|仔细)?(?:阅读|参阅|参见).{0,20}(?:免责|声明|条款|披露|信息)|分析师披露"
        r"|important disclosures?|disclaimer|analyst certification",
        r"目标价|合理估值|盈利预测|一年最高|52周(?:内)?最高|股价走势|市场走势|target price",
    )
)
"""What such a report has to print, or always prints, on its first pages; each a sign of its own."""
_ENOUGH = 3
_FILED = re.compile(
    r"董事会.{0,60}保证.{0,60}真实|保证.{0,30}报告.{0,30}真实|pursuant to section 13|form 10-[kq]"
)
"""What only a company says of its own report."""


def is_research(blocks: Iterable[Block]) -> bool:
    """Tell a broker's research report by what its first pages print, running titles included."""
    texts = [
        plain(text) for block in blocks if (page_of(block) or 1) <= _PAGES for text in _texts(block)
    ]
    if any(_FILED.search(text) for text in texts):
        return False
    return sum(any(sign.search(text) for text in texts) for sign in _SIGNS) >= _ENOUGH


def is_research_sign(text: str) -> bool:
    """Tell a line that says what kind of report it is, whose, or how it rates the share."""
    return any(sign.search(plain(text)) for sign in _SIGNS)


def _texts(block: Block) -> Iterable[str]:
    return [cell.text for cell in block.cells] if isinstance(block, Table) else [block.text]
