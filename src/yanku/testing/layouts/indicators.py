"""The key indicators of Chinese reports, as the exchanges have them printed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yanku.finance.periods import quarter, year_before
from yanku.model.finance import Period
from yanku.testing.layouts.calendar import Calendar, Slot, said, years

_PER_SHARE = ("（元/股）", "（元／股）", "(元)")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row: its label, metric and form (money, share, percent); ``day`` is a balance."""

    label: str
    metric: str
    form: str = "money"
    day: bool = False


def flows(kind: str, dice: random.Random) -> list[Indicator]:
    """Return the rows of stretches of time."""
    whose = {"bank": dice.choice(("本行", "上市公司", "母公司"))}.get(
        kind, dice.choice(("上市公司", "上市公司", "母公司"))
    )
    rows = [Indicator("营业收入", "operating_revenue")]
    if kind != "industry" or dice.random() < 0.3:
        rows.append(Indicator("利润总额", "profit_before_tax"))
    rows += [
        Indicator(f"归属于{whose}股东的净利润", "net_profit_attributable"),
        Indicator(
            f"归属于{whose}股东的扣除非经常性损益的净利润", "net_profit_excluding_non_recurring"
        ),
        Indicator("经营活动产生的现金流量净额", "net_cash_operating"),
        Indicator(f"基本每股收益{dice.choice(_PER_SHARE)}", "basic_eps", "share"),
        Indicator(f"稀释每股收益{dice.choice(_PER_SHARE)}", "diluted_eps", "share"),
        Indicator("加权平均净资产收益率（%）", "weighted_roe", "percent"),
    ]  # fmt: skip
    return rows


def balances(kind: str, dice: random.Random) -> list[Indicator]:
    """Return the rows of days."""
    whose = "本行" if kind == "bank" else "上市公司"
    rows = [Indicator(dice.choice(("总资产", "资产总额")), "total_assets", day=True)]
    if kind != "industry":
        rows.append(Indicator(dice.choice(("负债总额", "总负债")), "total_liabilities", day=True))
    if kind == "bank":
        rows.append(Indicator("发放贷款和垫款", "loans_and_advances", day=True))
    name = dice.choice(("归属于{}股东的净资产", "归属于{}股东的所有者权益"))
    rows.append(Indicator(name.format(whose), "equity_attributable", day=True))
    return rows


def slots(calendar: Calendar, dice: random.Random, adjusted: bool) -> list[Slot]:
    """Return the columns of stretches; ``adjusted`` gives the earlier one twice."""
    match calendar.kind:
        case "annual":
            return _annual(calendar, dice, adjusted)
        case "third":
            return _third(calendar, dice, adjusted)
        case _:
            return _interim(calendar, dice, adjusted)


def day_slots(calendar: Calendar, dice: random.Random, adjusted: bool) -> list[Slot]:
    """Return the columns of days."""
    if calendar.kind == "annual":
        names = [(f"{p.end.year}年末", Period(p.end)) for p in years(calendar, 3)]
        now, before, *older = [Slot((text,), period) for text, period in names]
        change = "本期末比上年同期末增减（%）" if dice.random() < 0.5 else "本年末比上年末增减"
    else:
        words = dice.choice(
            (("本报告期末", "上年度末"), (said(calendar.day.end), said(calendar.before.end)))
        )
        now, before = (
            Slot((text,), period)
            for text, period in zip(words, (calendar.day, calendar.before), strict=True)
        )
        older, change = [], dice.choice(("本报告期末比上年度末增减（%）", "增减变动幅度（%）"))
    return [now, *_pair(before, adjusted, dice), Slot((change,), now.period, change=True), *older]


def _pair(slot: Slot, adjusted: bool, dice: random.Random) -> Sequence[Slot]:
    """Return a column, or the two of an earlier period before and after it was adjusted."""
    if not adjusted:
        return [slot]
    heads = slot.heads
    pair = [
        replace(slot, heads=(*heads, "调整前"), original=True),
        replace(slot, heads=(*heads, "调整后"), restated=True),
    ]
    return pair[::-1] if dice.random() < 0.5 else pair


def _annual(calendar: Calendar, dice: random.Random, adjusted: bool) -> list[Slot]:
    now, before, older = [
        Slot((f"{p.end.year}年",), p) for p in years(calendar, 3)
    ]  # fmt: skip
    change = dice.choice(("本期比上年同期增减（%）", "本年比上年增减"))
    return [now, *_pair(before, adjusted, dice), Slot((change,), now.period, change=True), older]


def _interim(calendar: Calendar, dice: random.Random, adjusted: bool) -> list[Slot]:
    y = calendar.year
    words = [("本报告期", "上年同期")]
    if calendar.kind == "half":
        words += [("本报告期（1－6月）", "上年同期"), (f"{y}年1-6月", f"{y - 1}年1-6月")]
    now, before = dice.choice(words)
    change = dice.choice(("本报告期比上年同期增减（%）", "本报告期比上年同期增减变动幅度(%)"))
    return [
        Slot((now,), calendar.now),
        *_pair(Slot((before,), year_before(calendar.now)), adjusted, dice),
        Slot((change,), calendar.now, change=True),
    ]


def _third(calendar: Calendar, dice: random.Random, adjusted: bool) -> list[Slot]:
    alone, now = quarter(calendar.year, 3), calendar.now
    change = dice.choice(("本报告期比上年同期增减", "本报告期比上年同期增减变动幅度(%)"))
    long = dice.choice(
        ("年初至报告期末比上年同期增减", "年初至报告期末比上年同期增减变动幅度（%）")
    )
    shown = adjusted or dice.random() < 0.3
    past = [
        list(_pair(Slot(("上年同期",), year_before(period)), adjusted, dice)) if shown else []
        for period in (alone, now)
    ]
    return [
        Slot(("本报告期",), alone), *past[0], Slot((change,), alone, change=True),
        Slot(("年初至报告期末",), now), *past[1], Slot((long,), now, change=True),
    ]  # fmt: skip
