"""Reads later turns of a few words: 这几年呢, 平均是多少, 净利润也列一下, 是净利润的几倍."""

from __future__ import annotations

import re

from yanku.finance.mentions import Mentions

_HAN = r"[\u4e00-\u9fff]"
_YEARS = re.compile(
    r"(?:那么?|那)?(?:这|近|最近|过去)(?P<n>[两二三四五六七八九十]|几)年(?:来|间)?(?:的)?(?:呢|怎么样|如何|情况)?[?？]*"
    r"|(?:那么?|那)?(?P<every>历年|逐年|每年|各年)(?:的)?(?:呢|都?(?:列|说|看)(?:一?下|出来)?|是?多少)?[?？]*"
)
_SEVERAL = "三"
"""How many years 这几年 are: as many as a report looks back on."""
_FOLDS = re.compile(
    r"(?:那么?|那)?(?P<how>平均|均值|合计|加起来|总共|总和)(?:值|数)?(?:是|有|为)?(?:多少|呢)?[?？]*"
)
_TOO = re.compile(
    r"^(?P<what>.+?)(?:也|一起|一并)(?:都)?(?:给我)?(?:列|看|说|查|算|要|加|报)(?:一?下|出来|上|看|说)?(?:吧)?[?？。]*$"
)
_OF_ANOTHER = re.compile(
    r"^(?:是|占|相当于|约?为)(?P<what>.+?)的?(?:几|多少)(?:倍|成)[?？]*$|^除以(?P<over>.+?)(?:呢|是多少)?[?？]*$"
)
_SPANS = re.compile(r"近[两二三四五六七八九十\d]+年|历年|(?:到|至|-|—|~)")
_ASKED = re.compile(r"(?:分别)?(?:是|为|有)?(?:多少|几何)?(?:呢|吗)?[?？。]*$")
_LEADS = re.compile(r"^(?:请|帮我)?(?:列出|列一下|列举|给出|看看|查一下|统计)")
_PART = re.compile(rf"(?P<part>{_HAN}{{2,10}}?)(?:业务|产品|板块|地区|市场)?的?(?=□)")
_NEW_PART = re.compile(
    rf"^(?:那么?|那)?(?P<part>(?!这|那|为|怎|什么|其他|谁|哪){_HAN}{{2,8}}?)(?:业务|产品|板块|地区|市场)?的?呢[?？]*$"
)
_NO_PART = re.compile(r"公司|分别|合计|平均|同比|环比|增|占|比|多少|列|最|排|前|年|和|与|各")


def short_turn(old: Mentions, new: Mentions) -> str | None:
    """Return the whole question of a turn that says in a few words what becomes of the one before;
    None if it is no such turn, or nothing there to be said it of.
    """
    if not old.measures:
        return None
    return (
        _over_years(old, new)
        or _folded(old, new)
        or _as_well(old, new)
        or _of_another(old, new)
        or _other_part(old, new)
    )


def _over_years(old: Mentions, new: Mentions) -> str | None:
    m = _YEARS.fullmatch(new.text)
    if m is None or new.measures or new.companies:
        return None
    count = _SEVERAL if m["n"] == "几" else m["n"]
    said = "历年" if m["every"] else f"近{count}年"
    return _with_periods(old, said)


def _with_periods(old: Mentions, said: str) -> str:
    """Return the question for other periods: in place of its own, or before its first measure."""
    if not old.periods:
        at = old.measures[0][0]
        return old.text[:at] + said + old.text[at:]
    start, end = old.periods[0][0], old.periods[-1][1]
    return old.text[:start] + said + old.text[end:]


def _folded(old: Mentions, new: Mentions) -> str | None:
    """Return the mean or the sum of what was told of several years or companies."""
    m = _FOLDS.fullmatch(new.text)
    several = len(old.companies) > 1 or len(old.periods) > 1 or _SPANS.search(old.text)
    if m is None or new.named or not several or len(old.measures) != 1:
        return None
    text = _ASKED.sub("", _LEADS.sub("", old.text))
    cut = len(_ASKED.sub("", old.text)) - len(text)
    at = old.measures[0][0] - cut
    if m["how"] in {"平均", "均值"}:
        return f"{text[:at]}平均{text[at:]}"
    return f"{text}合计是多少"


def _as_well(old: Mentions, new: Mentions) -> str | None:
    """Return the question asked of another measure or company as well: 净利润也列一下."""
    if _TOO.match(new.text) is None:
        return None
    kinds = [kind for kind in ("companies", "measures") if getattr(new, kind)]
    if len(kinds) != 1 or new.periods or not getattr(old, kinds[0]):
        return None
    end = getattr(old, kinds[0])[-1][1]
    return f"{old.text[:end]}、{new.said(getattr(new, kinds[0]))}{old.text[end:]}"


def _of_another(old: Mentions, new: Mentions) -> str | None:
    """Return how many times another measure of the same the one spoken of is."""
    m = _OF_ANOTHER.match(new.text)
    if m is None or len(new.measures) != 1 or new.companies or new.periods:
        return None
    if len(old.measures) != 1 or len(old.companies) > 1:
        return None
    return _ASKED.sub("", old.text) + f"是{new.said(new.measures)}的几倍"


def _other_part(old: Mentions, new: Mentions) -> str | None:
    """Return the question for another part of a company, where the one before was for one."""
    m = _NEW_PART.match(new.text)
    if m is None or new.named or not old.companies:
        return None
    at = old.measures[0][0]
    before = next((p for p in _PART.finditer(old.rest) if p.end() == at), None)
    if before is None or _NO_PART.search(before["part"]) or _NO_PART.search(m["part"]):
        return None
    return old.text[: before.start("part")] + m["part"] + old.text[before.end("part") :]
