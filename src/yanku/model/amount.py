"""A number with its unit, and the grammar by which amounts are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yanku.model.numeral import numerals
from yanku.model.unit import (
    MARKS,
    SCALE_ZH,
    UNIT_AFTER,
    Unit,
    fold,
    print_unit,
    read_currency,
    read_unit,
)

__all__ = [
    "Amount",
    "PrintedAmount",
    "Unit",
    "find_amounts",
    "print_unit",
    "read_amount",
    "read_unit",
]


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in base units: 元 and not 万元, percent as printed (12.5 % is ``12.5``, unit ``%``).

    ``unit`` is ``CNY``, ``USD``, ``HKD``, ``EUR``, … for money, ``CNY/share`` for per-share
    values, ``%``, ``pp`` (percentage points), ``times``, ``shares``, ``people``, or another
    printed unit as it stands; the empty string if none is known.
    """

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """An amount in running text: ``text[start:end]``, what it says, and how exactly it says it.

    ``half_step`` is half of the last printed digit in base units: ``12.5亿元`` stands for
    anything within 5,000,000 of 1,250,000,000.
    """

    start: int
    end: int
    text: str
    amount: Amount
    half_step: Decimal


_MAX_DIGITS = 24
"""Longer runs of digits are serial numbers, and more than a Decimal holds exactly."""
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

_PRINTED = re.compile(
    rf"""
    (?P<sign>(?<![\d%a-z元股倍亿万)])[-+]|[△▲负])?
    (?P<currency>{MARKS})?\s*
    (?P<inner>(?(currency)-|(?!)))?
    (?P<open>\()?
    (?P<number>{_NUMBER})(?![\d])
    (?P<close>(?(open)\)|(?!)))?
    (?:\s?(?P<big>{SCALE_ZH})\s?(?P<rest>{_NUMBER}(?=\s?{SCALE_ZH})))?
    (?:\s{{0,2}}{UNIT_AFTER})?
    """,
    re.VERBOSE | re.IGNORECASE,
)

_DECIMAL = re.compile(r"[0-9]")
_NIL = re.compile(r"[-—–―_/\s.·…]*|n/?a|nil|不适用|无", re.IGNORECASE)
_YEAR = re.compile(r"(?:19[5-9]\d|20[0-4]\d)(?:\.(?:0[1-9]|1[0-2]))?")
_COUNTS = frozenset({"shares", "people", "户", "家", "个", "台", "件", "辆", "套"})

# A mark that points at a footnote and can be nothing else once it follows a number.
_FOOTNOTE = re.compile(r"\s*(?:[*†‡§#]+|[¹²³⁴-⁹]+|[①-⑳]|\[(?:注)?\d{1,2}\]|\(?注\s?\d{0,2}\)?)$")
_NUMBERED_FOOTNOTE = re.compile(r"(?<=[\d%])\s?\(\d{1,2}\)$")

_CHANGE = re.compile(
    r"(?P<word>增加|增长|上升|提高|提升|上涨|减少|下降|降低|下滑|下跌)了?\s*(?P<rest>\d.*)"
)
_FALLS = frozenset({"减少", "下降", "降低", "下滑", "下跌"})


def read_amount(text: str, unit: str = "") -> Amount | None:
    """Return the amount if the whole text is one printed number, else None.

    ``unit`` is the unit printed elsewhere for it ("万元", "单位：元"); a unit in the text wins.
    Dashes for nil, blanks, dates, years, note numbers and times are not amounts.
    """
    line = fold(text).strip()
    if _NIL.fullmatch(line):
        return None
    line = re.sub(r"\s*([,.])\s*(?=\d)", r"\1", line)
    line = re.sub(r"^([-△▲(])\s+", r"\1", line)
    line = _FOOTNOTE.sub("", line)
    if not line.startswith("("):
        line = _NUMBERED_FOOTNOTE.sub("", line)
    if (change := _CHANGE.fullmatch(line)) is not None:
        return _read_change(change["word"], change["rest"])
    written = None if _DECIMAL.search(line) else next(numerals(line), None)
    if written is not None and (written.start, written.end) == (0, len(line)):
        return Amount(_plain(written.value), written.code)
    outer = _strip_outer_brackets(line)
    match = _PRINTED.fullmatch(outer or line)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if outer is not None and (match["sign"] or match["open"]):
        return None
    around = read_unit(unit) if unit.strip() else None
    if around is None and unit.strip():
        around = Unit(unit.strip(), Decimal(1))
    if _is_serial(match, around):
        return None
    amount, _ = _amount_of(match, around)
    return Amount(-amount.value, amount.unit) if outer is not None else amount


def find_amounts(text: str) -> tuple[PrintedAmount, ...]:
    """Return every amount in running Chinese or English text, in order of appearance.

    Dates, years, ordinals, securities codes, ``[1]`` marks, list and note numbers are left out.
    """
    line = fold(text, running=True)
    found = []
    position = 0
    while (match := _PRINTED.search(line, position)) is not None:
        start, end = _extent(match, line)
        position = max(end, match.end("number"))
        if (skip := _not_an_amount(match, line)) is not None:
            position = max(skip, match.end("number"))
            continue
        amount, step = _amount_of(match, None)
        found.append(PrintedAmount(start, end, text[start:end], amount, step / 2))
    for each in numerals(line):
        amount = Amount(_plain(each.value), each.code)
        printed = text[each.start : each.end]
        found.append(PrintedAmount(each.start, each.end, printed, amount, each.step / 2))
    return tuple(sorted(found, key=lambda one: one.start))


def _strip_outer_brackets(line: str) -> str | None:
    """Return what stands in brackets that hold a whole amount with its unit: ``(12.5%)``."""
    if line.startswith("(") and line.endswith(")") and line.count("(") == 1:
        return line[1:-1].strip()
    return None


def _read_change(word: str, rest: str) -> Amount | None:
    """Return "减少0.5个百分点" as −0.5 pp; without a ratio's unit the sign would be a guess."""
    amount = read_amount(rest)
    if amount is None or amount.unit not in {"pp", "%"}:
        return None
    return Amount(-amount.value, amount.unit) if word in _FALLS else amount


def _is_serial(match: re.Match[str], around: Unit | None) -> bool:
    """Tell years and codes with leading zeros from amounts; a unit or a sign settles it."""
    number = match["number"]
    if len(number) > _MAX_DIGITS:
        return True
    if match["unit"] or match["currency"] or match["big"]:
        return False
    if re.fullmatch(r"0\d+(?:\.\d+)?", number):
        return True
    counted = around is not None and around.code in _COUNTS
    return _YEAR.fullmatch(number) is not None and not (counted or match["sign"])


def _amount_of(match: re.Match[str], around: Unit | None) -> tuple[Amount, Decimal]:
    """Return the amount and the size of its last printed digit, both in base units."""
    digits = Decimal(match["number"].replace(",", ""))
    last = digits
    own = read_unit(match["unit"]) if match["unit"] else None
    scale = own.scale if own else Decimal(1)
    code = own.code if own else ""
    if match["currency"]:
        currency = read_currency(match["currency"])
        code = currency + "/share" if code.endswith("/share") else currency
    elif not code and around is not None:
        code = around.code
    if own is None and not match["currency"] and around is not None:
        scale = around.scale
    value = digits * scale
    if match["big"] and (big := read_unit(match["big"])) is not None:
        last = Decimal(match["rest"].replace(",", ""))
        value = digits * big.scale + last * scale
    exponent = last.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * scale
    signed = match["sign"] if match["sign"] != "+" else ""
    negative = signed or match["inner"] or (match["open"] and match["close"])
    return Amount(_plain(-value if negative else value), code), step


def _plain(value: Decimal) -> Decimal:
    """Return the value without an exponent or trailing zeros, so that equal amounts print alike."""
    if value == value.to_integral_value():
        return Decimal(int(value))
    return value.normalize()


# ── running text ────────────────────────────────────────────────────────────────────────────────

_AFTER_TIME = re.compile(
    r"\s?(?:年|月|日(?![元圆])|号|时|点(?!\d)|秒|分(?:钟|(?![\u4e00-\u9fff/]))|季|期|届|条|款|章|节|页|岁|楼|层|级"
    r"|版|周|小时|个月|个季|个交易日|个工作日|个会计|次会|st\b|nd\b|rd\b|th\b|years?\b|months?\b"
    r"|quarters?\b|[QHE]\d?\b|财年)",
    re.IGNORECASE,
)
_BEFORE_SERIAL = re.compile(
    r"(?:第|注|注释|附注|附件|附录|[图表]|编号|代码|号|页|[一二三四五六七八九十]、|note|notes|table"
    r"|figure|page|section|item|chapter|no\.?|top|fy|q|h|since|year|years)[\s:.]*$",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(?:^|\n)\s*\(?$")
_BEFORE_RANK = re.compile(r"前\s?$")
_AFTER_RANK = re.compile(r"\s?(?:名|大|位|家|个|强|季)")
_BEFORE_MARK = re.compile(r"[\[【〔]\s?(?:\d+\s?[,、-]\s?)*$")
_AFTER_MARK = re.compile(r"[\d\s,、-]*[\]】〕]")
_CODE_AFTER = re.compile(r"\.(?:SH|SZ|BJ|HK|SS|US|N|O)\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d\s?(?:[-./]|年)\s?\d{1,2}(?:\s?(?:[-./]|月)\s?\d{1,2}\s?日?)?(?![\d,%])"
    r"|(?:19|20)\d\d\s?(?:[-~至、和及与,/]|－|—)+\s?(?:19|20)\d\d(?!\d|,\d)"
    r"|\d{1,2}\s?[-~至、]\s?\d{1,2}\s?(?:月|日|季|年)"
    r"|\d{1,2}\s?:\s?\d{2}(?::\d{2})?"
    r"|\d+(?:\.\d+){2,}"
    r"|\d{3,4}-\d{7,8}"
    r"|(?:19|20)\d\d-\d{2,}"
)
_MONTH_NAMES = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s?$", re.IGNORECASE
)
_MONTH_AFTER = re.compile(
    r"\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)


def _not_an_amount(match: re.Match[str], line: str) -> int | None:
    """Return where to go on if the number is a date, code, mark or ordinal; None if an amount."""
    start, end = match.span("number")
    if end - start > _MAX_DIGITS:
        return end
    before, after = line[max(0, start - 14) : start], line[end : end + 14]
    if not match["currency"] and (date := _DATE.match(line, start)) is not None:
        return date.end()
    if re.search(r"[A-Za-z_\d][-.]?$|\d,$", before) and not match["currency"]:
        return end
    if re.match(r"[A-Za-z_]", after) and not match["unit"]:
        return end
    bare = not (match["currency"] or "," in match["number"] or "." in match["number"])
    if bare and _is_marked(match, before, after):
        return end
    return None


def _is_marked(match: re.Match[str], before: str, after: str) -> bool:
    """Tell whether the words around a plain whole number make it something else than an amount."""
    number, unit = match["number"], match["unit"]
    if len(number) <= 4 and _AFTER_TIME.match(after):
        return True
    if before.rstrip().endswith("第"):
        return True
    if re.search(r"[\[【〔]\s?(?:\d+\s?[,，、-]\s?)*$", before) and re.match(
        r"[\d\s,，、-]*[\]】〕]", after
    ):
        return True
    if _BEFORE_RANK.search(before) and _AFTER_RANK.match(after):
        return True
    if unit:
        return False
    if _CODE_AFTER.match(after) or _YEAR.fullmatch(number) or re.fullmatch(r"0\d+", number):
        return True
    if _BEFORE_SERIAL.search(before):
        return True
    if len(number) == 6 and before.endswith("(") and after.startswith((")", ".")):
        return True
    if len(number) <= 3 and before.endswith("(") and after.startswith(")"):
        return True
    if len(number) <= 2 and (_MONTH_NAMES.search(before) or _MONTH_AFTER.match(after)):
        return True
    return bool(_LIST_MARK.search(before) and re.match(r"[.、)．]\s?(?!\d)", after))


def _extent(match: re.Match[str], line: str) -> tuple[int, int]:
    """Return where the printed amount begins and ends, without the spaces around it."""
    start = match.start()
    if match["open"] and not match["close"]:
        start = match.start("number")
    return _trim(line, start, match.end())


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    while line[start].isspace():
        start += 1
    while line[end - 1].isspace():
        end -= 1
    return start, end
