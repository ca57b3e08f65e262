"""Whether the text layer of a page says what the page shows, or is garbage of its fonts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import StrEnum

_ENOUGH = 60
"""Characters from which on a page can be judged."""
_CODES = re.compile(r"\(cid:\d+\)", re.IGNORECASE)
_MISREAD = re.compile(r"[ÃÂ][\u0080-\u00bf¡-¿]|â€|ï¼|锟斤拷|烫烫|鐨勫|涓€|鍏徃|閲戦|骞村")
_ORDINARY = re.compile(
    r"[A-Za-z0-9\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3，。、；：？！（）《》“”‘’【】—…·"
    r".,;:?!()\[\]%％+\-–−/$¥￥€£&'\"@#*=<>~|_√□☑•●①-⑳ⅠⅡⅢⅣⅤ]"
)
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "公司本期末额产资金度比增长减少元万报告经营业务收入利润股份权益负债现金流量净合计总应收付款项目"
    "变化率及其等按实际关联方情况说明第节适用否无上市财务费管理研投成交易保险银行信用风险市场客户"
)


class Garbage(StrEnum):
    """What is wrong with the text of a page."""

    CODES = "codes"
    """Numbers of glyphs stand where characters should: (cid:123)."""
    PRIVATE = "private"
    """Characters that mean something in the page's own font alone."""
    MISREAD = "misread"
    """Text that was written in one encoding and read in another."""
    SHIFTED = "shifted"
    """Letters that make no words: every glyph is given another's character."""


def garbage_in(text: str) -> Garbage | None:
    """Return what is wrong with the text of a page; None if it can be read or is too short."""
    signs = [c for c in text if not c.isspace()]
    total = len(signs)
    codes = sum(len(m) for m in _CODES.findall(text))
    if codes * 10 > max(total, 1):
        return Garbage.CODES
    if total < _ENOUGH:
        return None
    misread = sum(len(m) for m in _MISREAD.findall(text))
    if misread * 12 > total or _is_foreign(signs):
        return Garbage.MISREAD
    private = sum(
        unicodedata.category(c) in {"Co", "Cn", "Cc", "Cs"} or c == "\ufffd" for c in signs
    )
    if private * 10 > total:
        return Garbage.PRIVATE
    return Garbage.SHIFTED if _is_shifted(signs) else None


def _is_foreign(signs: list[str]) -> bool:
    """Tell Chinese read as a western or as another Chinese encoding."""
    latin = sum("\u0080" <= c <= "\u024f" for c in signs)
    letters = sum(c.isascii() and c.isalpha() for c in signs)
    # No language of Europe writes more than every fifth letter with a sign of its own.
    if latin * 3 > len(signs) and latin > letters:
        return True
    han = Counter(c for c in signs if "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff")
    common = sum(count for c, count in han.items() if c in _COMMON_HAN)
    return han.total() >= 2 * _ENOUGH and len(han) > 40 and common * 20 < han.total()


def _is_shifted(signs: list[str]) -> bool:
    ordinary = sum(_ORDINARY.match(c) is not None for c in signs)
    if ordinary * 2 < len(signs):
        # Pages in scripts of their own (Thai, Arabic, Cyrillic) hold words, not scraps.
        return len({unicodedata.name(c, "?").split()[0] for c in signs}) > 12
    letters = [c.lower() for c in signs if c.isascii() and c.isalpha()]
    if len(letters) < 4 * _ENOUGH or len(letters) * 2 < len(signs):
        return False
    return sum(c in "aeiou" for c in letters) * 5 < len(letters)
