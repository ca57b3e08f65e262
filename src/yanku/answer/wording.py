"""Amounts and periods in the words of the reader's language."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from yanku.model.amount import Amount, read_unit
from yanku.model.finance import Period

_UNITS = {
    "zh": {
        "CNY": "元",
        "USD": "美元",
        "HKD": "港元",
        "EUR": "欧元",
        "CNY/share": "元/股",
        "USD/share": "美元/股",
        "HKD/share": "港元/股",
        "times": "倍",
        "days": "天",
        "pp": "个百分点",
        "shares": "股",
        "people": "人",
        "CNY/person": "元/人",
        "USD/person": "美元/人",
        "HKD/person": "港元/人",
        "years": "年",
        "quarters": "个季度",
    },
    "en": {
        "CNY/share": "CNY per share",
        "CNY/person": "CNY per person",
        "times": "times",
        "pp": "percentage points",
    },
}
_MONEY = frozenset({"CNY", "USD", "HKD", "EUR"})
_COUNTED = frozenset({"people", "shares", "days", "years", "quarters"})
"""Units of things that are counted whole."""
_FINEST = -8
_HUNDRED_MILLION, _MILLION = Decimal(10**8), Decimal(10**6)


def worded(amount: Amount, language: str, unit: str = "", decimals: int | None = None) -> str:
    """Return an amount as a reader expects it: exact, with separators and its unit.

    ``unit`` is a printed unit asked for ("亿元"); where it is of the amount's kind, the amount is
    given in it to four decimals. Where ``decimals`` are asked for, it is rounded to so many as
    people round: half away from nothing.
    """
    asked = read_unit(unit) if unit else None
    if asked is not None and asked.code == amount.unit and asked.scale != 1:
        scaled = amount.value / asked.scale
        said = _plain(_rounded(scaled, 4)) if decimals is None else _cut(scaled, decimals)
        return f"{said} {unit}"
    if asked is not None and not asked.code and asked.scale != 1 and amount.unit in _MONEY:
        # "in USD millions", "in billions": a scale for money in whatever currency it is.
        scaled = amount.value / asked.scale
        said = _plain(_rounded(scaled, 4)) if decimals is None else _cut(scaled, decimals)
        money = _UNITS["zh"][amount.unit]
        return f"{amount.unit} {said} {unit}" if language == "en" else f"{said} {unit}{money}"
    if amount.unit == "%":
        return (
            f"{_cut(amount.value, decimals)}%"
            if decimals is not None
            else f"{_rounded(amount.value, 2):f}%"
        )
    if decimals is not None and amount.unit not in _COUNTED:
        return _with_unit(_cut(amount.value, decimals), amount, language)
    if amount.unit == "pp":
        return _with_unit(f"{_rounded(amount.value, 2):f}", amount, language)
    calculated = amount.unit in {"times", "days"} or amount.unit.endswith("/person")
    # Nothing is printed this finely: it is the tail of a division.
    calculated = calculated or int(amount.value.as_tuple().exponent) < _FINEST
    value = _plain(_rounded(amount.value, 4)) if calculated else f"{amount.value:,f}"
    return _with_unit(value, amount, language)


def unit_worded(unit: str, language: str) -> str:
    """Return what a unit's code is called: 元, CNY per share."""
    return _UNITS[language].get(unit, unit)


def _with_unit(value: str, amount: Amount, language: str) -> str:
    name = unit_worded(amount.unit, language)
    return f"{value} {name}".rstrip() if language == "en" else f"{value}{name}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _cut(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


def _plain(value: Decimal) -> str:
    """Return a value with separators and without trailing zeros: they would claim a precision."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_short(amount: Amount, language: str) -> str:
    """Return a large sum of money rounded for the ear ("约 12.35 亿元"), or nothing."""
    if amount.unit not in _MONEY or abs(amount.value) < _HUNDRED_MILLION:
        return ""
    if language == "zh":
        name = _UNITS["zh"][amount.unit]
        return f"约{_rounded(amount.value / _HUNDRED_MILLION, 2):,f}亿{name}"
    if abs(amount.value) >= 1000 * _MILLION:
        return f"about {amount.unit} {_rounded(amount.value / _MILLION / 1000, 2):,f} billion"
    return f"about {amount.unit} {_rounded(amount.value / _MILLION, 1):,f} million"


_STRETCHES_ZH = {
    ("01-01", "12-31"): "年度",
    ("01-01", "06-30"): "年上半年",
    ("07-01", "12-31"): "年下半年",
    ("01-01", "03-31"): "年第一季度",
    ("04-01", "06-30"): "年第二季度",
    ("07-01", "09-30"): "年第三季度",
    ("10-01", "12-31"): "年第四季度",
    ("01-01", "09-30"): "年前三季度",
}
_STRETCHES_EN = {
    ("01-01", "12-31"): "{} full year",
    ("01-01", "06-30"): "first half of {}",
    ("07-01", "12-31"): "second half of {}",
    ("01-01", "03-31"): "Q1 {}",
    ("04-01", "06-30"): "Q2 {}",
    ("07-01", "09-30"): "Q3 {}",
    ("10-01", "12-31"): "Q4 {}",
    ("01-01", "09-30"): "first nine months of {}",
}
_MONTH_ENDS = {"03-31", "06-30", "09-30", "12-31"}


def period_worded(period: Period, language: str) -> str:
    """Return a period as it is said: 2024年前三季度, 2024年9月末, first half of 2024."""
    year, end = period.end.year, f"{period.end:%m-%d}"
    if period.start is None:
        if language == "en":
            return f"the end of {period.end:%B %Y}" if end in _MONTH_ENDS else str(period.end)
        if end == "12-31":
            return f"{year}年末"
        return f"{year}年{period.end.month}月末" if end in _MONTH_ENDS else _date_zh(period)
    stretch = (f"{period.start:%m-%d}", end)
    if period.start.year == year and stretch in _STRETCHES_ZH:
        if language == "en":
            return _STRETCHES_EN[stretch].format(year)
        return f"{year}{_STRETCHES_ZH[stretch]}"
    if count := period.months_by_weeks:
        if language == "en":
            return f"the {'year' if count == 12 else f'{count} months'} ended {period.end}"
        return f"截至{_date_zh(period)}的{'一年' if count == 12 else f'{count}个月'}"
    if language == "en":
        return f"{period.start} to {period.end}"
    return f"{period.start}至{period.end}"


def _date_zh(period: Period) -> str:
    return f"{period.end.year}年{period.end.month}月{period.end.day}日"
