"""Brings printed labels and spoken names into the one form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from yanku.finance.script import simplified

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_SPACE_BY_HAN = re.compile(rf"(?<=[{HAN}）)(（、，:：])\s+|\s+(?=[{HAN}）)(（、，:：])")

# Numbering and words that only arrange a statement: 一、 （二） 1. (3) 其中： 减： 加：
_LEAD = re.compile(
    r"""^(?:
      [一二三四五六七八九十]{1,3}[、.,:]
    | \([一二三四五六七八九十]{1,3}\)[、.:]?
    | \(?[ivx]{1,4}[.)、]
    | \d{1,2}(?:[、)]|\.(?!\d))
    | \(\d{1,2}\)[、.:]?
    | (?:其中|减|加|加/减|减/加|包括|其他)[:,]
    | (?:including|include|less|add|plus|of\ which|wherein|among\ which)[:,]\s*
    | [*#△▲☆★●•·\-–—]+
    )\s*""",
    re.VERBOSE,
)

# "(亏损以“-”号填列)", "(元/股)", "(或股东权益)": the same line in other words, or its unit.
_ASIDE = re.compile(
    r"""\((?:
      或[^()]* | [^()]*填列[^()]* | [^()]*[号表]示[^()]* | [^()]*以[“"'”-][^()]*
    | (?:单位:?)?(?:人民币|港币)?[百千万亿十]{0,2}(?:元|美元|港元|股|人|户)
      (?:/股|/每股)?(?:,?人民币)?
    | 人民币[^()]{0,6} | %|百分比|倍|次|次/年|如有|如适用|如涉及 | 经重述|重述后?|已重述
    | 附?注[^()]{0,12} | \d{1,2} | [一二三四五六七八九十]{1,2} | 续 | 含税 | 未经审计 | 经审计
    | (?:in\ )?(?:rmb|cny|usd|hkd|us\$|hk\$)[^()]* | in\ [^()]*(?:thousand|million|yuan|rmb)s?[^()]*
    | yuan[^()]* | [^()]*(?:indicated|expressed|presented|listed|denoted|filled|stated)[^()]*
    | or\ [^()]* | notes?\ ?[^()]{0,12} | restated | continued | if\ any | unaudited | audited
    | [a-z] | pp&e | including\ [^()]*
    )\)""",
    re.VERBOSE,
)

# The other sign of a line that may go either way: 净利润/(亏损), (decrease)/increase
_OTHER_SIGN = re.compile(
    r"""\s*/?\s*\((?:净|net\ )?(?:
      亏损|损失|减少|使用|所用|支付|流出|负债|支出|下降|收益|收入|利得|费用|亏损总额|亏损净额
    | loss|losses|decrease|used\ (?:in|for|by)|used|required\ by|outflow|expenses?|deficit|gains?
    | income|credit|deductions?|benefits?(?:\ from)?|provision(?:\ for)?|provided\ by|provided
    )(?:净?额)?\)\s*/?\s*""",
    re.VERBOSE,
)
_ALLOWANCE = re.compile(
    r",?\s*\b(?:net of|less|after)\s+(?:an?\s+|the\s+)?"
    r"(?:related\s+|respective\s+)?(?:allowances?|accumulated|reserves?)\b.*$"
)
"""What a balance is net of, with its own figures: 8 and 9 are no part of the line's name."""
_DASHED = re.compile(r"\s*[–—]+\s*|(?<=[a-z])\s+-\s+(?=[a-z])")
_UNCLOSED = re.compile(r"\((?:净?亏损|净?损失|或|(?:人民币)?[百千万亿]?元)[^()]*$")
_DROPPED = re.compile(rf"[、,;:“”\"'’‘·。]|(?<=[{HAN}])-(?=[{HAN}])")


def plain(text: str) -> str:
    """Return text in one width, one case and one script, without layout's spaces around Han."""
    text = simplified(unicodedata.normalize("NFKC", text).casefold().strip())
    text = re.sub(r"\s+", " ", text)
    return _SPACE_BY_HAN.sub("", text)


def bare(label: str) -> str:
    """Return a row label without numbering, units, footnotes and asides, for exact comparison."""
    text = plain(label).replace("〔", "(").replace("〕", ")").replace("[", "(").replace("]", ")")
    if not has_han(text):
        text = _ALLOWANCE.sub("", _DASHED.sub(" ", text))
    text = _UNCLOSED.sub("", _ASIDE.sub("", text))
    text = _OTHER_SIGN.sub(lambda m: " " if m[0].isascii() else "", text)
    text = text.strip()
    while (shorter := _LEAD.sub("", text)) != text:
        text = shorter.strip()
    text = _DROPPED.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" .")


def expanded(pattern: str) -> tuple[str, ...]:
    """Return every name a pattern stands for: ``"归{属于,}母"`` is 归属于母 and 归母."""
    parts = re.split(r"\{([^{}]*)\}", pattern)
    choices = [part.split(",") if n % 2 else [part] for n, part in enumerate(parts)]
    return tuple("".join(choice) for choice in product(*choices))


_CASH_WORDS = {
    "收到的现金": expanded("{所,}{收到,得到,获得,取得,收取}的现金"),
    "支付的现金": expanded("{所,}{支付,付出,花费}的现金"),
}


def other_words(names: Iterable[str]) -> tuple[str, ...]:
    """Return names with those by which people ask for the same cash: 所得到的现金 is 收到的现金."""
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        for printed, asked in _CASH_WORDS.items():
            stem, said, rest = name.partition(printed)
            if said and not rest:
                found.update(dict.fromkeys(f"{stem.removesuffix('所')}{word}" for word in asked))
    return tuple(found)


def has_han(text: str) -> bool:
    """Tell whether a text holds Chinese characters."""
    return re.search(f"[{HAN}]", text) is not None
