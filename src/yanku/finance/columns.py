"""Reads the headers of a table's columns: which period, whose, value or change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from yanku.finance.dates import find_periods
from yanku.finance.english_heads import names_a_part, with_stretch
from yanku.finance.labels import HAN, plain
from yanku.finance.periods import (
    closing,
    fiscal_quarter,
    full_year,
    is_fiscal_year,
    is_full_year,
    is_quarter,
    is_twelve_months,
    last_year_end,
    months,
    opening,
    quarter,
    year_before,
    year_to_date,
    years_back,
)
from yanku.model.finance import Consolidation, Period, ReportKind


class Role(StrEnum):
    """What stands in a column."""

    VALUE = "value"
    CHANGE = "change"
    ASIDE = "aside"
    """Notes, shares of a total, remarks."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the stretch and the instant its figures may be for, and whose they are.

    ``restated`` is a figure printed anew for an earlier period (调整后); ``original`` the one
    printed before that (调整前).
    """

    role: Role
    text: str = ""
    duration: Period | None = None
    instant: Period | None = None
    consolidation: Consolidation | None = None
    restated: bool = False
    original: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around a table: the report's kind, the stretch it covers, and the table's own.

    ``alone`` is a statement of the quarter alone; ``mixed`` has columns for group and company.
    ``bare_years`` tells that a year alone ("2024") stands for the part of it that is reported on,
    ``behind`` how many years such a name is behind the one in which the company's own year ends.
    """

    kind: ReportKind
    period: Period | None
    alone: bool = False
    mixed: bool = False
    statement: bool = False
    bare_years: bool = False
    behind: int = 0


_CHANGE = re.compile(
    r"增减|增长|变动|同比|变化|幅度|比上年|较上年|较年初|比上期|较上期|增幅|change|growth|increase|yoy"
    r"|variance|fluctuation"
)
_ASIDE = re.compile(
    r"附注|注释|^注$|说明|原因|占[^金]{0,12}(?:比|%)|比例|比重|行次|序号|备注|影响|差异|预算|计划|构成|notes?\b"
    r"|%\s*of|proportion|percentage|reason|remark|是否|占$"
)
_FORECAST = re.compile(
    r"(?:(?<!\d)(?:19|20)\d\d|(?:fy|cy|[1-4]q|q[1-4]|[12]h|h[12])'?\d\d)(?:年度?)?\s?\(?[efp]\)?(?![a-z\d])"
    r"|(?:19|20)?\d\d[\s-]?(?:q[1-4]|[1-4]q|h[12]|[12]h)\s?\(?[efp]\)?(?![a-z\d])"
    r"|预测|预计|预期|目标|forecast|estimate|budget|projected|projection|guidance|consensus"
)
"""A figure that nobody has counted yet; it is never given as one that was."""
_RESTATED = re.compile(r"调整后|重述|追溯后|调整数?后|restated|adjusted|after adjustment")
_ORIGINAL = re.compile(
    r"调整前|重述前|追溯前|原披露|before adjustment|as previously reported|before restat"
)
_SUB = re.compile(
    r"(?:调整[前后]|重述[前后]?|追溯[前后]|经重述|\(?(?:追溯|重述|调整)[前后]\)?|金额|余额|数额|合并|母公司|本公司|公司|本集团|集团"
    r"|本行|本银行|银行|人民币.{0,3}元|(?:before|after) adjustment|restated|amount|consolidated"
    r"|(?:the )?(?:group|company|bank)|parent company|[()\s元])+"
)
_GROUP = re.compile(r"合并|集团|consolidated|group")
_COMPANY = re.compile(r"母公司|公司|本行|银行|company|parent|bank")
_TO_DATE = re.compile(r"年初[至到](?:本?报告)?期末|年初至今|本年累计|year[\s-]to[\s-]date|本年初至")
_TO_DATE_BEFORE = re.compile(r"上年(?:年)?初[至到]上年(?:报告)?期末|上年年初[至到]")
_END = re.compile(
    r"(?:本?报告期|本期|本年度?|期|年)末|期末(?:余额|数|金额)?|年末(?:余额|数)"
    r"|(?:closing|ending) balance|end of (?:the )?(?:reporting )?(?:period|year)|balance at the end"
)
_BEGIN = re.compile(
    r"期初|年初(?![至到])|上年度?(?:年)?(?:期)?末|上期(?:期)?末|上一年度末"
    r"|(?:opening|beginning) balance|beginning of (?:the )?(?:reporting )?(?:period|year)"
    r"|end of (?:last|the previous|prior) year"
)
_CURRENT = re.compile(
    r"本报告期|本期|本年度?|当期|本季度|报告期(?!末)|current (?:period|year)|this (?:period|year)"
    r"|(?:the )?reporting period"
)
_PREVIOUS = re.compile(
    r"上年同期|去年同期|上期|上年度?|去年|上一年度?|同期|(?:previous|prior|last) (?:period|year)"
    r"|same period (?:of )?last year|corresponding period"
)
_THIS = re.compile(r"本(?:报告)?期|本年")
_LAST = re.compile(r"上年同期|去年同期|上期")
_QUARTERS = re.compile(r"第?([一二三四1-4])季度?|(first|second|third|fourth) quarter|\bq([1-4])\b")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})月?[-–—~至到]+(\d{1,2})月")
_YEAR_BELOW = re.compile(
    r"^(?P<to>截?至)?(?P<part>\d{1,2}月(?:\d{1,2}日)?止?\S{0,8}?"
    r"|\d{1,2}月?[-–—~至到]+\d{1,2}月(?:份)?|第?[一二三四]季度?(?:[(（]\d{1,2}[-–—~至到]+\d{1,2}月[)）])?"
    r"|前三季度(?:[(（]\d{1,2}[-–—~至到]+\d{1,2}月[)）])?|上半年|半年度)\s*"
    r"(?P<year>(?:19|20)\d\d)年?(?!\d)(?=$|\D)"
)
"""A part of a year over the year itself, read as one line: 截至9月30日止三个月 2024年."""
_HAN_LEFT = re.compile(
    rf"(?:[^{HAN}]|[年月日末初至到度止的期数份额个间〇○零一二三四五六七八九十两]|金额|余额|数额|发生|账面|价值|合并|母公司|公司|集团|本行|银行|项目"
    r"|报告|本|上|当|去|同|前|半|第?[一二三四五]季|第?[一二三四五]|季|近|截至|截止|结束|最近|年初|期初|累计|单季|未|经|已|审计|审阅"
    r"|调整|追溯|重述|重列|列报|披露|口径|后|如适用|会计|财务|实际|合计|单位|币种|人民币|美元|港币|港元|欧元|日元|元|[百千万亿])*"
)
"""What may stand over a column of figures in Chinese: a period, whose they are, their unit."""
_EN_LEFT = re.compile(
    r"\b(?:purchase[sd]?|acqui\w+|additions?|disposals?|transfer\w*|sold|repa\w+|impairment|provision"
    r"|forecast|budget|estimate[ds]?|pro forma)\b"
)
_COUNT = (
    r"(?:three|six|nine|twelve|thirteen|fourteen|twenty-six|thirty-nine|fifty-two|fifty-three"
    r"|\d{1,2})"
)
_DAY_ONLY = re.compile(
    r"(?:for the |as at |as of |at )?(?:(?:financial |fiscal )?years?|period|quarter"
    rf"|{_COUNT}[ -](?:months?|weeks?)(?: periods?)?)? ?(?:ended |ending )?(?:on )?"
    r"(?:(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?: \d{1,2}(?:st|nd|rd|th)?)?,?)"
    rf"|(?:for the )?(?:(?:financial |fiscal )?years?|{_COUNT}[ -](?:months?|weeks?)"
    r"(?: periods?)?|quarters?|periods?) end(?:ed|ing)|as (?:at|of)"
    r"|(?:截至)?\d{1,2}月\d{1,2}日(?:止.{0,8})?|(?:\d{1,2}|一)月?[-–—~至到]+\d{1,2}月(?:份)?"
)
_NOTES = re.compile(
    r"(?:财务报表|报表)?附?注(?:释|编号)?[一二三四五六七八九十]{0,3}[、.]?"
    r"|notes?(?: (?:no\.?|[ivx]+))?"
)
_YEARS_SHOWN = 11
_LONGEST = 80
"""Characters; what is longer is a sentence and heads nothing."""
_NUMBER = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}


def columns_of(headers: Mapping[int, Sequence[str]], setting: Setting) -> dict[int, Column]:
    """Return what each column is, by its number; those whose header says nothing are left out.

    ``headers`` has the header texts of each column, from top to bottom.
    """
    texts = {n: _with_year(plain(" ".join(dict.fromkeys(t for t in rows if t.strip()))))
             for n, rows in sorted(headers.items())}  # fmt: skip
    to_date = any(_TO_DATE.search(text) for text in texts.values())
    texts = with_stretch(texts) if setting.statement else texts
    setting = replace(setting, bare_years=_has_bare_year(texts.values(), setting.period))
    found: dict[int, Column] = {}
    last: Column | None = None
    current: Column | None = None
    for number, text in texts.items():
        column = _column(text, setting, to_date, last, current)
        if column is not None:
            found[number] = column
            if column.role is Role.VALUE:
                last = column
                # 上年同期 may stand twice, before and after it was adjusted: both are a year before
                # the column that is not itself of the year before.
                current = current if _PREVIOUS.search(text) else column
    return found


def _with_year(text: str) -> str:
    """Return a header with the year set where its part of a year is: 7-9月 over 2024年."""
    return _YEAR_BELOW.sub(r"\g<to>\g<year>年\g<part>", text)


def _has_bare_year(texts: Iterable[str], period: Period | None) -> bool:
    """Tell whether the year of an interim report stands over a column without its part.

    That year is not over: "2024" over the figures of a half-year is the half of 2024, and "2023"
    beside it the half of 2023.
    """
    if period is None or period.is_instant or is_full_year(period):
        return False
    years = {full_year(period.end.year)}
    if is_fiscal_year(period):
        # Its "2022" beside "June 30, 2023" is a year of its own as well.
        years |= {years_back(full_year(period.end.year), n) for n in range(1, _YEARS_SHOWN)}
    return any(s.whole and s.period in years for text in texts for s in find_periods(text))


def says_period(text: str) -> bool:
    """Tell whether a text can head a column of figures or of changes."""
    written = plain(text)
    if not written or len(written) > 60:
        return False
    return bool(
        find_periods(written)
        or _QUARTERS.match(written)
        or any(p.search(written) for p in (_TO_DATE, _END, _BEGIN, _CURRENT, _PREVIOUS))
    )


def says_forecast(text: str) -> bool:
    """Tell whether a header is over what nobody has counted yet."""
    return _FORECAST.search(plain(text)) is not None


def is_sub_header(text: str) -> bool:
    """Tell whether a text only divides a column that a header above it names."""
    written = plain(text)
    return bool(written) and (
        _SUB.fullmatch(written) is not None
        or _ASIDE.search(written) is not None
        or _CHANGE.search(written) is not None
    )


def is_note_header(text: str) -> bool:
    """Tell the title of a column of note numbers."""
    return _NOTES.fullmatch(plain(text)) is not None


def is_upper_header(text: str) -> bool:
    """Tell whether a text can stand over headers: whose they are, or a day without its year."""
    written = plain(text)
    return bool(written) and (
        _SUB.fullmatch(written) is not None or _DAY_ONLY.fullmatch(written) is not None
    )


def _column(
    text: str, setting: Setting, to_date: bool, last: Column | None, current: Column | None
) -> Column | None:
    if not text or len(text) > _LONGEST:
        return None
    if _FORECAST.search(text):
        return Column(Role.ASIDE, text)
    if _CHANGE.search(text) or text in {"%", "(%)"}:
        return Column(Role.CHANGE, text)
    more = not _HAN_LEFT.fullmatch(text) or _EN_LEFT.search(text) or names_a_part(text)
    if _ASIDE.search(text) or (more and says_period(text)):
        return Column(Role.ASIDE, text)
    if _is_contradictory(text):
        return Column(Role.ASIDE, text)
    whose = _whose(text, setting)
    restated, original = bool(_RESTATED.search(text)), bool(_ORIGINAL.search(text))
    if original:
        restated = False
    if _SUB.fullmatch(text):
        # "调整前" beside "2022年 调整后": the year stands over both, printed once. A second "金额"
        # beside "2022年 金额" says nothing of its own: its year is elsewhere, and not this one.
        if last is None:
            return None
        found = replace(
            last, text=f"{last.text} {text}", restated=restated, original=original,
            consolidation=whose or last.consolidation,
        )  # fmt: skip
        return found if replace(found, text=last.text) != last else Column(Role.ASIDE, text)
    duration, instant = _explicit(text, setting)
    if duration is None and instant is None:
        duration, instant = _by_role(text, setting, to_date, current)
    if duration is None and instant is None:
        return None
    return Column(Role.VALUE, text, duration, instant, whose, restated, original)


def _is_contradictory(text: str) -> bool:
    """Tell a header that names two periods: titles of neighbours that were read as one.

    Nothing is known of its column, as either may be meant.
    """
    stated = {s.period.end.year for s in find_periods(text) if s.whole}
    return len(stated) > 1 or (bool(_THIS.search(text)) and bool(_LAST.search(text)))


def _whose(text: str, setting: Setting) -> Consolidation | None:
    if not setting.statement:
        return None
    if _GROUP.search(text):
        return Consolidation.CONSOLIDATED
    return Consolidation.PARENT if _COMPANY.search(text) else None


def _explicit(text: str, setting: Setting) -> tuple[Period | None, Period | None]:
    """Return the stretch and the instant a header names with its year."""
    stated = [s.period for s in find_periods(text)]
    duration = next((p for p in stated if not p.is_instant), None)
    duration = _of_fiscal_year(duration, text, setting)
    instant = next((p for p in stated if p.is_instant), None)
    if len({p for p in stated if p.is_instant}) > 1:
        instant = None
    if duration is not None and instant is None and setting.bare_years and is_full_year(duration):
        duration, instant = _part_of(duration.end.year, setting)
    if instant is not None and (instant.end.month, instant.end.day) == (1, 1):
        instant = last_year_end(instant.end)  # A balance "at 1 January" is 期初.
    if instant is None and duration is not None:
        current = setting.period is not None and duration.end == setting.period.end
        if is_twelve_months(duration) or current:
            instant = closing(duration)
    if duration is None and instant is not None and _CURRENT.search(text):
        duration = setting.period if setting.period and setting.period.end == instant.end else None
    return duration, instant


def _of_fiscal_year(stated: Period | None, text: str, setting: Setting) -> Period | None:
    """Return "first quarter 2020" as that of the company's own year, which begins in any month."""
    own = setting.period
    if stated is None or own is None or not is_fiscal_year(own) or not is_quarter(stated):
        return stated
    if not _QUARTERS.search(text) and "quarter" not in text:
        return stated
    year = years_back(own, own.end.year - stated.end.year - setting.behind)
    return fiscal_quarter(year, (stated.end.month + 2) // 3)


def _part_of(year: int, setting: Setting) -> tuple[Period | None, Period | None]:
    """Return the part of a year that an interim report is on, and the balance beside it."""
    period = setting.period
    if period is None or period.start is None:
        return None, None
    year += setting.behind if is_fiscal_year(period) else 0
    if year == period.end.year:
        return period, closing(period)
    same = years_back(period, period.end.year - year)
    if is_fiscal_year(period):
        return same, closing(same)
    return same, last_year_end(period.end) if year == period.end.year - 1 else None


def _by_role(
    text: str, setting: Setting, to_date: bool, current: Column | None
) -> tuple[Period | None, Period | None]:
    """Return the stretch and the instant of a header in words, by the report's own period.

    ``current`` is the column that a header like 上年同期 is the year before of.
    """
    period = setting.period
    if period is None:
        return None, None
    year = period.end.year
    before = bool(_PREVIOUS.search(text))
    if (m := _MONTHS.search(text)) and 1 <= int(m[1]) <= int(m[2]) <= 12:
        stretch = months(year, int(m[1]), int(m[2]))
        return (year_before(stretch) if before else stretch), None
    if _TO_DATE_BEFORE.search(text):
        return year_before(year_to_date(period.end)), None
    fiscal = is_fiscal_year(period)
    if _TO_DATE.search(text):
        return period if fiscal else year_to_date(period.end), None
    if _BEGIN.search(text):
        return None, opening(period) if fiscal else last_year_end(period.end)
    if _END.search(text):
        return None, closing(period)
    if before:
        base = current.duration if current is not None else None
        return year_before(base or _current(setting, to_date) or period), None
    if _CURRENT.search(text):
        return _current(setting, to_date), closing(period)
    if (m := _QUARTERS.match(text)) is not None:
        word = next(group for group in m.groups() if group)
        number = _NUMBER.get(word) or int(word)
        return fiscal_quarter(period, number) if fiscal else quarter(year, number), None
    return None, None


def _current(setting: Setting, to_date: bool) -> Period | None:
    """Return what 本期 means: the quarter alone beside 年初至报告期末, else the year so far."""
    period = setting.period
    third = setting.kind is ReportKind.THIRD_QUARTER
    if period is not None and third and (to_date or setting.alone):
        return quarter(period.end.year, 3)
    return period
