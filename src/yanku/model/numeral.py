"""Amounts of money written in Chinese characters: 三千五百万元, 壹亿贰仟万元整."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {c: n for n, both in enumerate(
    ("零〇", "一壹", "二贰两貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for c in both}  # fmt: skip
_TENS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3}
_GROUPS = {"万": 4, "萬": 4, "亿": 8, "億": 8}
_FORMAL = set("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟")
_LARGE = set("百佰千仟万萬亿億")
"""Without one of these, plain characters before 元 are as often part of a word (三元材料)."""
_CURRENCIES = {"美": "USD", "港": "HKD", "欧": "EUR", "日": "JPY"}

_ONE = "[" + "".join(_DIGITS) + "]"
_ANY = "[" + "".join([*_DIGITS, *_TENS, *_GROUPS]) + "]"
_MONEY = re.compile(
    rf"(?<![几数第近百千万亿\d.])(?P<mark>人民币|港币|美元)?\s?"
    rf"(?P<number>(?:{_ONE}|[十拾]){_ANY}*)(?P<money>美元|港元|欧元|日元|元|圆|圓|块)"
    rf"(?:(?P<jiao>{_ONE})角)?(?:零?(?P<fen>{_ONE})分)?(?P<whole>整|正)?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """Where an amount in characters stands, what it is in base units, and its last digit's size."""

    start: int
    end: int
    value: Decimal
    code: str
    step: Decimal


def numerals(text: str) -> Iterator[Numeral]:
    """Yield the amounts of money written in characters; vague ones (数百万元) are none."""
    for match in _MONEY.finditer(text):
        read = value_of(match["number"])
        if read is None or not (_is_formal(match) or _LARGE & set(match["number"])):
            continue
        value, step = Decimal(read[0]), Decimal(read[1])
        for name, size in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
            if match[name]:
                value, step = value + _DIGITS[match[name]] * size, size
        if match["whole"] or _is_formal(match):
            step = min(step, Decimal(1))
        yield Numeral(match.start(), match.end(), value, _code(match), step)


def _is_formal(match: re.Match[str]) -> bool:
    return bool(match["mark"] or match["whole"] or _FORMAL & set(match["number"]))


def _code(match: re.Match[str]) -> str:
    if match["mark"] in {"港币", "美元"}:
        return "HKD" if match["mark"] == "港币" else "USD"
    return _CURRENCIES.get(match["money"][0], "CNY")


def value_of(number: str) -> tuple[int, int] | None:
    """Return the value and the size of the last digit; None if it is no proper numeral.

    一亿二千万: a digit counts its ten, hundred or thousand, and 万 and 亿 what stands before them.
    """
    total = part = digit = 0
    size, last_ten, pending = 1, 9, False
    for place, character in enumerate(number):
        if character in _DIGITS:
            if pending and digit:
                return None  # 二三十 is "twenty or thirty"
            digit, pending = _DIGITS[character], True
            last_ten = 9 if digit == 0 else last_ten
            size = 1
        elif character in _TENS:
            exponent = _TENS[character]
            if exponent >= last_ten or (not pending and not (exponent == 1 and place == 0)):
                return None
            part += (digit if pending else 1) * 10**exponent
            digit, pending, last_ten, size = 0, False, exponent, 10**exponent
        else:
            scale = 10 ** _GROUPS[character]
            part, digit, pending, last_ten = part + digit, 0, False, 9
            whole = (total + part) * scale if scale == 10**8 else total + part * scale
            if part == 0 and not (scale == 10**8 and total):
                return None
            total, part, size = whole, 0, size * scale
    return total + part + digit, size
