"""Says a period in the ways that people of several styles would."""

from __future__ import annotations

from yanku.finance.periods import is_full_year, is_quarter
from yanku.model.finance import Period


def dates_said(period: Period, style: str) -> list[str]:
    """Return ways to say a period in a style."""
    year, short = period.end.year, f"{period.end.year % 100}"
    month = period.end.month
    if style == "english":
        return _dates_en(period)
    if period.is_instant:
        if month == 12:
            terse = [f"{short}年末", f"{short}末"] if style == "terse" else []
            return [
                f"{year}年末",
                f"{year}年底",
                f"截至{year}年12月31日",
                f"{year}年12月末",
                *terse,
            ]
        names = {3: "一季度末", 6: "6月末", 9: "三季度末"}
        return [
            f"{year}年{names[month]}",
            f"{year}年{month}月末",
            f"截至{year}年{month}月{period.end.day}日",
        ]
    if is_full_year(period):
        terse = [f"{short}年", short, f"FY{short}"] if style in {"terse", "mixed"} else []
        return [f"{year}年", f"{year}年度", f"{year}年全年", *terse]
    first = period.start.month if period.start else 1
    if (first, month) == (1, 6):
        terse = [f"{short}H1", f"{year}H1", f"1H{short}"] if style in {"terse", "mixed"} else []
        return [f"{year}年上半年", f"{year}年1-6月", f"{year}年半年度", *terse]
    if (first, month) == (1, 9):
        terse = [f"{short}Q1-Q3", f"{short}年前三季"] if style in {"terse", "mixed"} else []
        return [f"{year}年前三季度", f"{year}年1-9月", *terse]
    number = (month + 2) // 3
    han = "一二三四"[number - 1]
    terse = [f"{short}Q{number}", f"{year}Q{number}"] if style in {"terse", "mixed"} else []
    return [f"{year}年第{han}季度", f"{year}年{han}季度", *terse]


def _dates_en(period: Period) -> list[str]:
    year, month = period.end.year, period.end.month
    name = period.end.strftime("%B")
    if period.is_instant:
        if month == 12:
            return [f"at the end of {year}", f"as at 31 December {year}", f"at year-end {year}"]
        return [f"as of {name} {period.end.day}, {year}", f"at {period.end.day} {name} {year}"]
    if is_full_year(period):
        return [f"{year}", f"FY{year}", f"for the year ended December 31, {year}", f"fiscal {year}"]
    if is_quarter(period):
        return [f"Q{(month + 2) // 3} {year}"]
    return {6: [f"the first half of {year}", f"H1 {year}"],
            9: [f"the first nine months of {year}"]}.get(month, [f"{year}"])  # fmt: skip
