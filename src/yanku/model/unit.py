"""Printed units of measure, and what one of them is in base units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """What a printed unit means: ``code`` of the base unit, and how many of it one is.

    ``万元`` is ``Unit("CNY", 10000)``. The code is empty where only a scale is printed
    ("in millions", "亿").
    """

    code: str
    scale: Decimal


_SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5,
    "万": 4, "千": 3, "百": 2,
    "trillion": 12, "trillions": 12, "tn": 12, "trn": 12,
    "billion": 9, "billions": 9, "bn": 9, "bln": 9,
    "million": 6, "millions": 6, "mn": 6, "mln": 6, "mm": 6, "mil": 6, "'000,000": 6,
    "thousand": 3, "thousands": 3, "'000": 3, "'000s": 3, "000s": 3, "k": 3,
}  # fmt: skip
_SHORT_SCALES = {"b": 9, "m": 6, "k": 3}
"""Read only where they touch a number: ``12.5m``."""

_CURRENCIES = {
    "CNY": "人民币 元 圆 块 rmb cny renminbi yuan ¥",
    "USD": "美元 美金 usd us$ $ dollar dollars us_dollar us_dollars",
    "HKD": "港元 港币 港圆 hkd hk$ hong_kong_dollar hong_kong_dollars hk_dollars",
    "EUR": "欧元 eur € euro euros",
    "JPY": "日元 日圆 jpy japanese_yen yen",
    "GBP": "英镑 gbp £ pound pounds british_pounds pounds_sterling",
    "SGD": "新加坡元 新元 新币 sgd s$ singapore_dollars",
    "AUD": "澳元 澳大利亚元 澳币 aud a$ australian_dollars",
    "CAD": "加元 加拿大元 加币 cad c$ canadian_dollars",
    "NZD": "新西兰元 纽元 nzd nz$ new_zealand_dollars",
    "CHF": "瑞士法郎 瑞郎 chf swiss_francs",
    "KRW": "韩元 韩圆 krw",
    "TWD": "新台币 台币 twd nt$ new_taiwan_dollars",
    "MOP": "澳门元 澳门币 mop mop$",
    "MYR": "林吉特 马币 myr",
    "THB": "泰铢 thb",
    "INR": "印度卢比 卢比 inr",
    "RUB": "卢布 rub",
    "VND": "越南盾 vnd",
    "IDR": "印尼盾 idr",
    "BRL": "雷亚尔 brl r$",
    "SEK": "瑞典克朗 sek",
}
_CENTS = {"人民币分": "CNY", "港仙": "HKD", "美分": "USD", "rmb_cents": "CNY", "hk_cents": "HKD",
          "us_cents": "USD"}  # fmt: skip
_RATIOS = {
    "%": ("%", "1"), "percent": ("%", "1"), "per_cent": ("%", "1"), "pct": ("%", "1"),
    "‰": ("%", "0.1"),
    "个百分点": ("pp", "1"), "百分点": ("pp", "1"), "pp": ("pp", "1"), "ppt": ("pp", "1"),
    "ppts": ("pp", "1"), "pps": ("pp", "1"), "pct_pts": ("pp", "1"),
    "percentage_points": ("pp", "1"), "percentage_point": ("pp", "1"),
    "个基点": ("pp", "0.01"), "基点": ("pp", "0.01"), "bp": ("pp", "0.01"), "bps": ("pp", "0.01"),
    "basis_points": ("pp", "0.01"),
    "倍": ("times", "1"), "次": ("times", "1"), "次/年": ("times", "1"), "times": ("times", "1"),
    "x": ("times", "1"),
}  # fmt: skip
_COUNTS = {
    "shares": "股 shares share",
    "people": "人 名 位 人员 people persons employees",
}
_OTHERS = frozenset(
    {
        *("户", "家", "个", "项", "件", "台", "辆", "套", "笔", "张", "只", "份", "天", "人次"),
        *("桶", "箱", "瓶", "吨", "公斤", "千克", "平方米", "平方公里", "公顷", "亩", "立方米"),
        *("公里", "千瓦时", "兆瓦时", "吉瓦时", "兆瓦", "吉瓦", "千瓦", "度", "米", "升"),
        *("kwh", "mwh", "gwh", "mw", "gw", "kw", "kg", "tonnes", "tons", "days", "barrels"),
        *("customers", "households", "units"),
    }
)


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


_BASES: dict[str, Unit] = {
    **{w: Unit(code, Decimal(1)) for code, names in _CURRENCIES.items() for w in _words(names)},
    **{w.replace("_", " "): Unit(code, Decimal("0.01")) for w, code in _CENTS.items()},
    **{w.replace("_", " "): Unit(code, Decimal(s)) for w, (code, s) in _RATIOS.items()},
    **{w: Unit(code, Decimal(1)) for code, names in _COUNTS.items() for w in _words(names)},
    **{w: Unit(w, Decimal(1)) for w in _OTHERS},
}
_MONEY = frozenset(w for names in [*_CURRENCIES.values(), " ".join(_CENTS)] for w in _words(names))


def _one_of(words: Iterable[str]) -> str:
    """Return an alternation, longest first, in which Latin words end where they end."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        part = re.escape(word).replace(r"\ ", r"\s?")
        parts.append(part + r"(?![a-z])" if re.search(r"[a-z]$", word) else part)
    return "(?:" + "|".join(parts) + ")"


_HAN = re.compile("[\u4e00-\u9fff]")
SCALE_ZH = _one_of([w for w in _SCALES if _HAN.match(w)])
_SCALE_EN = _one_of([w for w in _SCALES if not _HAN.match(w)])
_MONEY_WORD = _one_of(_MONEY)
_PER_SHARE = r"(?:\s?(?:/|／|每|per\s)\s?(?:每)?(?:普通)?(?:股|(?:ordinary\s)?shares?(?![a-z])))"
MARKS = _one_of([w for w in _MONEY if w not in {"元", "圆", "块", "pound", "pounds", "dollar"}])
"""What may stand before a number and say its currency (a regular expression)."""

_COMPOUND = (
    rf"(?:{SCALE_ZH}|{_SCALE_EN})?\s?(?:人民币|港币)?\s?{_one_of(_BASES)}{_PER_SHARE}?(?:人民币)?"
)
UNIT_AFTER = (
    rf"(?P<unit>{_one_of([w for w in _BASES if w.startswith(('千', '百'))])}|{_COMPOUND}"
    rf"|{SCALE_ZH}|{_SCALE_EN}|(?<=\d)[bmk](?![a-z])|(?<=\))[bmk](?![a-z]))"
)
"""What may stand after a number and say its unit (a regular expression with group ``unit``)."""

_PARTS = re.compile(
    rf"(?P<before>{_MONEY_WORD})?\s?(?P<scale>{SCALE_ZH}|{_SCALE_EN})?\s?"
    rf"(?P<base>{_one_of(_BASES)})?(?P<per>{_PER_SHARE})?(?P<after>人民币)?",
    re.IGNORECASE,
)

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = _FULL_WIDTH | {
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200a\u202f\t"), " "),
    **dict.fromkeys(map(ord, "−‐‑‒–﹣"), "-"),
    **dict.fromkeys(map(ord, "‘’`´＇"), "'"),
    ord("￥"): "¥", ord("￡"): "£", ord("﹪"): "%", ord("﹐"): ",", ord("萬"): "万",
    ord("億"): "亿", ord("仟"): "千", ord("佰"): "百", ord("円"): "元", ord("圓"): "元",
}  # fmt: skip
_WIDE_COMMA = re.compile(r"(?<![０-９])，|，(?![０-９])")


def fold(text: str, *, running: bool = False) -> str:
    """Return the text with every variant of a sign as its plain one; each keeps its position.

    In ``running`` text a full-width comma parts clauses, and groups digits only between
    full-width digits.
    """
    if running:
        text = _WIDE_COMMA.sub("；", text)
    return text.translate(_FOLD)


def read_currency(mark: str) -> str:
    """Return the code of a currency's printed name or sign: ``US$`` is ``USD``."""
    return _BASES[" ".join(fold(mark).lower().split())].code


_SHOWN = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "pp": "个百分点",
          "times": "倍", "shares": "股", "people": "人"}  # fmt: skip


def print_unit(code: str) -> str:
    """Return a base unit as it is printed in Chinese: ``CNY/share`` is ``元/股``."""
    base, slash, _ = code.partition("/share")
    return _SHOWN.get(base, base) + ("/股" if slash else "")


_FRAME = re.compile(
    r"(?:(?:金额|货币|计量|计价|列报)?单位|币种|货币)(?:[均]?[为是以]|均为|[:])*", re.IGNORECASE
)
_CURRENCY_SAID = re.compile(rf"币种[:为\s]*(?P<money>{_MONEY_WORD})", re.IGNORECASE)
_EXCEPTION = re.compile(
    r"\s*[,;，；(]?\s*(?:除|另有|特别|except|unless|other than|审计类型|审计).*$"
    r"|\s*[,;]\s*[^,;]{1,12}(?:除外|excepted).*$",
    re.IGNORECASE,
)
_LEADING_EXCEPTION = re.compile(
    r"^\s*除.{0,24}?(?:外|说明|注明|指明|标明)\s*[,，；]?\s*|^\s*(?:unless|except)[^,]*,\s*",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    {
        *("in", "of", "the", "all", "are", "is", "and", "for", "per", "share", "amounts"),
        *("amount", "figures", "data", "expressed", "stated", "presented", "values", "value"),
        *("currency", "unit", "units", "unaudited", "audited", "dollars", "note", "notes"),
        *("table", "reported", "shown", "numbers", "above", "this"),
    }
)


_DOTTED = re.compile(r"\b(?:u\.s\.|u\.k\.|h\.k\.)")
_LISTED = re.compile(r"^.{0,6}?以(?P<unit>.+?)(?:为单位)?(?:列示|列报|呈列|列账|表示|编制|为单位)$")
_ABBREVIATED = re.compile(rf"(?P<money>{_MONEY_WORD})\s?(?P<scale>m|mn|mm|mln|bn|k)")
_SHORTEST = {"k": 3, "m": 6, "b": 9}


def read_unit(printed: str) -> Unit | None:
    """Return what a printed unit means, or None if the text is not a unit.

    Understands units themselves ("人民币百万元", "US$ million", "元/股", "(千元)") and the lines
    that announce them ("单位：万元 币种：人民币", "in thousands of RMB", "RMB'000"). Of several
    units the first one counts. 元 without a currency is CNY.
    """
    line = " ".join(fold(printed).lower().split()).strip(" ()[]【】〔〕*。.;；:")
    if not line or len(line) > 80:
        return None
    line = _DOTTED.sub(lambda m: m[0].replace(".", ""), _LEADING_EXCEPTION.sub("", line))
    line = _LISTED.sub(r"\1", line).strip(" ()")
    said = _CURRENCY_SAID.search(line)
    frame = _FRAME.search(line)
    if frame is not None and frame.group().startswith("币种"):
        frame = None
        line = _CURRENCY_SAID.sub("", line).strip() or (said["money"] if said else line)
    if frame is not None:
        unit = _announced(line[frame.end() :].strip(" ()"))
    else:
        line = _EXCEPTION.sub("", line).strip(" ()")
        unit = _bare(line) or _in_english(line)
    if unit is not None and said is not None and unit.code in {"CNY", ""}:
        return Unit(read_currency(said["money"]), unit.scale)
    return unit


def _announced(line: str) -> Unit | None:
    """Read what follows "单位："; an unknown word there is a unit as it stands."""
    line = _EXCEPTION.sub("", _CURRENCY_SAID.sub("", line)).strip(" ()")
    english = _in_english(line)
    if english is not None:
        return english
    first = re.split(r"[,，、;；]|\s(?=币种|审计|项目)|\s(?![a-z$€£'(])", line)[0].strip(" ()")
    unit = _bare(first) or _bare(line)
    if unit is not None or not re.fullmatch(r"[^\d\s:]{1,8}", first):
        return unit
    scale = re.match(SCALE_ZH, first)
    if scale is not None and scale.end() < len(first):
        return Unit(first[scale.end() :], Decimal(10) ** _SCALES[scale.group()])
    return Unit(first, Decimal(1))


def _bare(line: str) -> Unit | None:
    """Read a unit with nothing around it."""
    short = _SHORT_SCALES.get(line)
    if short is not None:
        return Unit("", Decimal(10) ** short)
    if (scaled := _ABBREVIATED.fullmatch(line)) is not None:
        money = _BASES[_spaced(scaled["money"])]
        return Unit(money.code, Decimal(10) ** _SHORTEST[scaled["scale"][0]])
    if line in _BASES:
        return _BASES[line]
    line = re.sub(r"(?<=[a-z币])\s?[/／]\s?(?=[千百十万亿元])", "", line)
    match = _PARTS.fullmatch(line)
    if match is None:
        return None
    base = _BASES[match["base"]] if match["base"] else None
    before = _BASES[_spaced(match["before"])] if match["before"] else None
    if before is not None and base is not None and match["base"] not in {"元", "圆", "yuan"}:
        return None if base.code != before.code else _scaled(match, base)
    chosen = before or base
    if chosen is None and (match["per"] or not match["scale"]):
        return None
    return _scaled(match, chosen or Unit("", Decimal(1)))


def _scaled(match: re.Match[str], base: Unit) -> Unit:
    exponent = _SCALES[match["scale"]] if match["scale"] else 0
    code = base.code + "/share" if match["per"] else base.code
    return Unit(code, base.scale * Decimal(10) ** exponent)


def _spaced(word: str) -> str:
    return word if word in _BASES else " ".join(word.split())


_ENGLISH = re.compile(
    rf"(?P<money>{_MONEY_WORD}(?!\s?cents))|(?P<scale>{_SCALE_EN})"
    rf"|(?P<base>{_one_of([w for w in _BASES if w not in _MONEY or 'cents' in w])})"
    r"|(?P<word>[a-z']+)|(?P<gap>[\s,;/:()-]+)|(?P<other>.)",
)


def _in_english(line: str) -> Unit | None:
    """Read "in thousands of RMB", "RMB in millions", "HK$'000", "RMB per share"."""
    if not re.search(r"[a-z$€£¥]", line):
        return None
    money, scale, base = "", 0, ""
    for match in _ENGLISH.finditer(line):
        if match["money"]:
            money = money or _BASES[_spaced(match["money"])].code
        elif match["scale"]:
            scale = scale or _SCALES[match["scale"]]
        elif match["base"]:
            base = base or _spaced(match["base"])
        elif match["other"] or (match["word"] and match["word"] not in _FILLERS):
            return None
    per_share = bool(re.search(r"(?:per|/)\s?(?:ordinary )?share", line))
    unit = _BASES.get(base)
    if unit is not None and unit.code == "%" and (money or scale):
        unit = None  # "RMB million, %": money, and what is a percentage says so itself
    if unit is not None and unit.code in _COUNTS and money and scale and not per_share:
        unit = None  # "$ and shares in millions": a line of shares says so itself
    if unit is not None and not (money and per_share):
        return Unit(unit.code + ("/share" if per_share else ""), unit.scale * 10**scale)
    if not money and not scale:
        return None
    return Unit(money + ("/share" if per_share and money else ""), Decimal(10) ** scale)
