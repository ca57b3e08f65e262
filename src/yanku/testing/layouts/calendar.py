"""What the columns of Chinese reports are for, and the words that head them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yanku.finance.periods import full_year, last_year_end, months, quarter, year_before
from yanku.model.finance import Consolidation, Period


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of figures: its titles from the top down, whose they are and for when.

    ``change`` is a column of percentages beside them; ``restated`` and ``original`` are figures
    of an earlier period after and before they were adjusted.
    """

    heads: tuple[str, ...]
    period: Period
    scope: Consolidation = Consolidation.CONSOLIDATED
    restated: bool = False
    original: bool = False
    change: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A report's kind (annual, half, first, third) and year."""

    kind: str
    year: int

    @property
    def now(self) -> Period:
        """Return the stretch the report is on."""
        last = {"annual": 12, "half": 6, "first": 3, "third": 9}[self.kind]
        return months(self.year, 1, last)

    @property
    def day(self) -> Period:
        """Return the day of its balance sheet."""
        return Period(self.now.end)

    @property
    def before(self) -> Period:
        """Return the day of the balance sheet beside it."""
        return last_year_end(self.now.end)

    @property
    def name(self) -> str:
        """Return what such a report is called."""
        words = {"annual": "年度报告", "half": "半年度报告", "first": "第一季度报告",
                 "third": "第三季度报告"}  # fmt: skip
        return words[self.kind]

    def balance(self, dice: random.Random) -> list[tuple[str, Period]]:
        """Return the columns of a balance sheet."""
        words = dice.choice(
            (
                (said(self.day.end), said(self.before.end)),
                (said(self.day.end), said(self.before.end)),
                ("期末余额", "期初余额"),
                ("期末余额", "上年年末余额"),
                ("期末数", "年初数"),
                (f"{self.day.end:%Y.%m.%d}", f"{self.before.end:%Y.%m.%d}"),
            )
        )
        return list(zip(words, (self.day, self.before), strict=True))

    def flows(self, dice: random.Random) -> list[tuple[str, Period]]:
        """Return the columns of an income or cash flow statement."""
        y, now, before = self.year, self.now, year_before(self.now)
        words: list[tuple[str, ...]] = [("本期发生额", "上期发生额"), ("本期金额", "上期金额")]
        if self.kind == "annual":
            words += [(f"{y}年度", f"{y - 1}年度"), (f"{y}年", f"{y - 1}年"),
                      ("本年金额", "上年金额"), ("本年发生额", "上年发生额"),
                      (f"{y}年1-12月", f"{y - 1}年1-12月")]  # fmt: skip
        elif self.kind == "half":
            words += [(f"{y}年半年度", f"{y - 1}年半年度"), (f"{y}年1-6月", f"{y - 1}年1-6月"),
                      (f"{y}年1—6月", f"{y - 1}年1—6月"),
                      (f"{y}年1月1日至6月30日止期间", f"{y - 1}年1月1日至6月30日止期间"),
                      (f"截至{y}年6月30日止六个月", f"截至{y - 1}年6月30日止六个月")]  # fmt: skip
        elif self.kind == "first":
            words += [(f"{y}年第一季度", f"{y - 1}年第一季度"), (f"{y}年1-3月", f"{y - 1}年1-3月"),
                      (f"{y}年一季度", f"{y - 1}年一季度"),
                      (f"截至{y}年3月31日止三个月", f"截至{y - 1}年3月31日止三个月")]  # fmt: skip
        else:
            words += [(f"{y}年前三季度（1-9月）", f"{y - 1}年前三季度（1-9月）"),
                      (f"{y}年1-9月", f"{y - 1}年1-9月"),
                      (f"截至{y}年9月30日止九个月", f"截至{y - 1}年9月30日止九个月")]  # fmt: skip
        return list(zip(dice.choice(words), (now, before), strict=True))

    def quarters(self, dice: random.Random) -> list[tuple[tuple[str, ...], Period]]:
        """Return the four columns of a third quarter's flows: alone, and the year to date."""
        y, n = self.year, 3
        alone, past = quarter(y, n), year_before(quarter(y, n))
        times = (alone, past, self.now, year_before(self.now))
        words: tuple[tuple[str, ...], ...] = dice.choice(
            (
                ((f"{y}年7-9月",), (f"{y - 1}年7-9月",), (f"{y}年1-9月",), (f"{y - 1}年1-9月",)),
                ((f"{y}年第三季度（7-9月）",), (f"{y - 1}年第三季度（7-9月）",),
                 (f"{y}年前三季度（1-9月）",), (f"{y - 1}年前三季度（1-9月）",)),
                (("7-9月", f"{y}年"), ("7-9月", f"{y - 1}年"),
                 ("1-9月", f"{y}年"), ("1-9月", f"{y - 1}年")),
                (("截至9月30日止三个月", f"{y}年"), ("截至9月30日止三个月", f"{y - 1}年"),
                 ("截至9月30日止九个月", f"{y}年"), ("截至9月30日止九个月", f"{y - 1}年")),
                (("本报告期",), ("上年同期",), ("年初至报告期末",), ("上年年初至报告期末",)),
            )
        )  # fmt: skip
        return list(zip(words, times, strict=True))

    def year_quarters(self, dice: random.Random) -> list[tuple[str, Period]]:
        """Return the columns of a year told by quarters."""
        names = ("第一季度", "第二季度", "第三季度", "第四季度")
        spans = ("1-3", "4-6", "7-9", "10-12")
        with_months = dice.random() < 0.5
        words = [f"{n}（{s}月份）" if with_months else n for n, s in zip(names, spans, strict=True)]
        return [(word, quarter(self.year, n)) for n, word in enumerate(words, 1)]


def said(day: date) -> str:
    """Print a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def both_scopes(columns: Sequence[tuple[str, Period]], dice: random.Random, own: str) -> list[Slot]:
    """Set the group's columns and the company's side by side; ``own`` is how it calls itself."""
    group, company = dice.choice(
        (("合并", "母公司"), ("合并", own), ("本集团", own), ("本集团", own))
    )
    scopes = ((group, Consolidation.CONSOLIDATED), (company, Consolidation.PARENT))
    order = dice.choice(("scope first", "period first", "one line"))
    if order == "scope first":
        return [Slot((whose, text), period, scope)
                for whose, scope in scopes for text, period in columns]  # fmt: skip
    pairs = [(text, period, whose, scope) for text, period in columns for whose, scope in scopes]
    if order == "period first":
        return [Slot((text, whose), period, scope) for text, period, whose, scope in pairs]
    return [Slot((f"{text} {whose}",), period, scope) for text, period, whose, scope in pairs]


def years(calendar: Calendar, count: int) -> list[Period]:
    """Return a report's year and those before it."""
    return [full_year(calendar.year - n) for n in range(count)]
