"""Finds the periods that a text names: 2024年前三季度, 截至2023年6月30日, FY2023, Q1 2024."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yanku.finance.labels import plain
from yanku.finance.periods import full_year, month_end, months, nominal_end
from yanku.model.finance import Period

_DIGITS = {"〇": "0", "○": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5",
           "六": "6", "七": "7", "八": "8", "九": "9"}  # fmt: skip
_HAN_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)|二[〇○零]二[〇○零一二三四五六七八九]")
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "六": 6, "九": 9, "十二": 12,
            "three": 3, "six": 6, "nine": 9, "twelve": 12}  # fmt: skip
_WEEKS = {"twelve": 12, "thirteen": 13, "fourteen": 14, "sixteen": 16, "twenty-four": 24,
          "twenty-six": 26, "twenty-seven": 27, "thirty-six": 36, "thirty-nine": 39, "forty": 40,
          "fifty-two": 52, "fifty-three": 53}  # fmt: skip
_RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2,
             "this year": 0, "last year": -1, "previous year": -1}  # fmt: skip
_NAMES = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december"]  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _NAMES)
_TO = r"(?:-|–|—|~|至|到|─|－|to)"


@dataclass(frozen=True, slots=True)
class Stated:
    """A period as a text states it, at ``text[start:end]``.

    ``whole`` marks a year given without any part of it, ``same`` one given as 同期 ("2023年同期"),
    whose part is that of another period in the text.
    """

    start: int
    end: int
    period: Period
    whole: bool = False
    same: bool = False


def digits(text: str) -> str:
    """Return the text with years in Chinese numerals as figures; every position stays."""
    return _HAN_YEAR.sub(lambda m: "".join(_DIGITS[c] for c in m[0]), text)


_YEAR = (
    r"(?:(?P<y>(?<![\d.])(?<!\d,)(?:19|20)\d\d(?!\d|,\d|\.\d))"
    r"|(?P<yy>(?<![\d.a-z])(?<!\d,)\d\d"
    r"(?=年|年?[qh][1-4](?!\d)|末|底|中报|[一三]季|前三季|上半年|下半年|全年))"
    r"|(?P<rel>今年|本年|当年|去年|上一年|上年|前年))"
)
_PART = rf"""(?:
    (?:q1|第?[一1](?:季度?)?){_TO}(?:q|第?)(?P<up_to>[二三四234])(?:季度?|(?<=q\d))(?!\d)
  | (?P<m1>\d{{1,2}})月?{_TO}(?P<m2>\d{{1,2}})月份?(?!\d)
  | (?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日?|份?(?P<month_end>末|底))?
  | 第?(?P<q>[一二三四1234])季度?(?P<q_end>末|底)
  | (?P<half_end>(?:上半年|半年度?|年中|中期)(?:末|底))
  | (?P<nine_end>前三季度?末)
  | (?P<year_end>年?(?:度)?(?:末|底|终)|期末)
  | (?P<year_begin>(?:年|期)?初(?![至到]))
  | (?P<nine>前(?:三|3)个?季度?|三季报|第?三季度报告|第?三季报|前(?:九|9)个?月|(?:九|9)个月
      |第?(?:三|3)季度?累计|q3累计)
  | (?P<half>上半年|前半年|半年(?:度|报)?(?:报告)?|中期(?:报告)?|中报|前(?:六|6)个?月
      |h1(?!\d)|1h(?!\d))
  | (?P<second_half>下半年|h2(?!\d)|2h(?!\d))
  | 单?第?(?P<quarter>[一二三四1234])季(?:度|报)?(?:报告)?(?:单季)?|q(?P<qn>[1-4])(?!\d)(?:单季度?)?
  | (?P<whole>全年|年报|年度报告)
  | (?P<same>同期)
)"""
_ZH = re.compile(rf"{_YEAR}(?:年度|财年|会计年度|年)?的?\(?{_PART}?", re.VERBOSE)
_RANGE_ZH = re.compile(
    rf"(?P<a>(?:19|20)\d\d)年?度?{_TO}(?P<b>(?:19|20)\d\d)(?=年|(?![\d-]))年?度?"
)
_LIST_ZH = re.compile(
    r"(?<!\d)(?P<a>(?:19|20)\d\d)(?=(?:、|,|和|与|及|跟)(?:(?:19|20)\d\d(?:、|,|和|与|及))*(?:19|20)\d\d年)"
)
_SPELLED_OUT = re.compile(r"\(?(?:即|也就是)?(?:19|20)\d\d年")
"""After 去年 the year itself: it is the one that counts."""
_DATES = re.compile(
    rf"(?P<y1>(?:19|20)\d\d)[年./-](?P<m1>\d{{1,2}})[月./-](?P<d1>\d{{1,2}})日?{_TO}"
    rf"(?:(?P<y2>(?:19|20)\d\d)[年./-])?(?P<m2>\d{{1,2}})[月./-](?P<d2>\d{{1,2}})日?"
)
_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?!\d)")
_MONTH_END = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[./-](?P<m>\d{1,2})月?(?:末|底)")
_ENDED_ZH = re.compile(
    r"截?至(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日止(?:的)?"
    r"(?:(?P<n>三|六|九|十二|\d{1,2})个月|(?:会计)?(?:财政)?年度)(?:期间)?"
)
_EN_DATE = (
    rf"(?:(?P<mon>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mon2>{_MONTH})\.?,?\s+(?P<y2>(?:19|20)\d\d))"
)
_ENDED_EN = re.compile(
    rf"(?:(?P<n>three|six|nine|twelve|\d{{1,2}})[\s-]months?(?:\s+periods?)?"
    rf"|(?P<weeks>{'|'.join(_WEEKS)}|\d{{2}})[\s-]weeks?(?:\s+periods?)?"
    r"|(?:(?:fiscal|financial)\s+)?years?|(?:(?:fiscal\s+)?quarters?|quarterly\s+periods?))"
    rf",?\s+end(?:ed|ing)\s+(?:on\s+)?{_EN_DATE}"
)
_DATE_EN = re.compile(_EN_DATE)
_QUARTERS_EN = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
                "4th": 4}  # fmt: skip
_Y_EN = r"(?:'?(?:19|20)\d\d(?!\d)|'?\d\d(?!\d))"
_PART_EN = re.compile(
    rf"""(?:
      (?P<end>(?:the\s+)?(?:end\s+of|end-|year[\s-]?end)(?:\s+of)?)
    | (?P<nine>(?:the\s+)?(?:first\s+)?(?:nine|9)\s+months|(?:the\s+)?first\s+three\s+quarters|9m)
    | (?P<half>(?:the\s+)?first\s+(?:half|six\s+months)|h1|1h)
    | (?P<second>(?:the\s+)?second\s+half|h2|2h)
    | (?:the\s+)?(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]quarter
    | q1\s*{_TO}\s*q(?P<up_to>[2-4])
    | q(?P<q>[1-4])|(?P<q2>[1-4])q
    | (?P<year>fy|(?:the\s+)?(?:fiscal|full|financial|calendar)\s+year|(?:the\s+)?year)
    )(?:\s+(?:of|in|for))?(?:\s+the\s+year)?(?:\s+fy|\s+|-|/)?\s*(?P<y>{_Y_EN})""",
    re.VERBOSE,
)
_YEAR_PART_EN = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:\s+|-|/)?(?:fy\s*)?(?:q(?P<q>[1-4])(?!\s*(?:-|–|—|~|to|至|到)\s*q)"
    r"|(?P<half>h1|first\s+half|interim)"
    r"|(?P<second>h2)|(?P<nine>9m|first\s+nine\s+months)|(?P<end>year[\s-]?end)"
    r"|(?P<word>first|second|third|fourth)\s+quarter)(?!\w)"
)
_QUARTER = r"(?:第?(?:[一二三四]|[1-4](?!\d))(?:季度?)?|q[1-4])"
_QUARTERS = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d\d|\d\d(?=年|q))年?度?的?"
    rf"(?P<list>{_QUARTER}(?:\s*[、,和与及]\s*{_QUARTER})+)(?:季度?)?"
)
_RELATIVE_EN = re.compile(r"(?P<rel>this year|last year|previous year)(?!\w| in which)")


def find_periods(text: str, today: date | None = None) -> tuple[Stated, ...]:
    """Return the periods a text names, in order; the text must be in the form of ``plain``.

    "去年" and its like are read only if ``today`` is given. Impossible dates are passed over.
    """
    text = digits(text)
    found: list[Stated] = []
    for reader in (_dates, _ended, _ranges, _quarters, _english, _chinese):
        for stated in reader(text, today):
            if all(stated.end <= f.start or stated.start >= f.end for f in found):
                found.append(stated)
    return tuple(_same_part(sorted(found, key=lambda stated: stated.start)))


def periods_in(text: str) -> tuple[Period, ...]:
    """Return the periods that any text names, in order."""
    return tuple(stated.period for stated in find_periods(plain(text)))


def _same_part(found: list[Stated]) -> Iterator[Stated]:
    """Give "2023年同期" the part of the year that another period in the text has."""
    parts = [s.period for s in found if not s.same and not s.whole]
    for stated in found:
        if not stated.same:
            yield stated
        elif parts:
            year = stated.period.end.year
            end = month_end(year, parts[0].end.month)
            start = parts[0].start
            yield Stated(
                stated.start,
                stated.end,
                Period(end, date(year, start.month, 1) if start is not None else None),
            )
        else:
            yield Stated(stated.start, stated.end, stated.period, whole=True)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _dates(text: str, _: date | None) -> Iterator[Stated]:
    for m in _DATES.finditer(text):
        start = _day(m["y1"], m["m1"], m["d1"])
        end = _day(m["y2"] or m["y1"], m["m2"], m["d2"])
        if start is not None and end is not None and start < end:
            yield Stated(m.start(), m.end(), Period(end, start))
    for m in _MONTH_END.finditer(text):
        if 1 <= int(m["m"]) <= 12:
            yield Stated(m.start(), m.end(), Period(month_end(int(m["y"]), int(m["m"]))))
    for m in _DATE.finditer(text):
        if (day := _day(m["y"], m["m"], m["d"])) is not None:
            yield Stated(m.start(), m.end(), Period(day))


def _ended(text: str, _: date | None) -> Iterator[Stated]:
    """Read "截至2024年6月30日止六个月" and "nine months ended September 30, 2024"."""
    for m in _ENDED_ZH.finditer(text):
        if (end := _day(m["y"], m["m"], m["d"])) is not None:
            yield Stated(m.start(), m.end(), ending(end, _count(m["n"] or "12")))
    for m in _ENDED_EN.finditer(text):
        count = 3 if "quarter" in m[0].split("end")[0] else _count(m["n"] or "12")
        count = (months_of_weeks(m["weeks"]) if m["weeks"] else None) or count
        if (end := _english_day(m)) is not None:
            yield Stated(m.start(), m.end(), ending(end, count))


def _count(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def months_of_weeks(written: str) -> int | None:
    """Return how many months as many weeks are for: 13 or 14 weeks are a quarter, 52 a year."""
    weeks = _WEEKS.get(written) or (int(written) if written.isdigit() else None)
    return round(weeks * 12 / 52) if weeks is not None else None


def ending(end: date, count: int) -> Period:
    """Return the months that end with a day; the first days of one end the month before.

    A quarter counted in weeks may end on 2 July: it is the one from April.
    """
    last = nominal_end(end)
    index = last.year * 12 + last.month - count
    return Period(end, date(index // 12, index % 12 + 1, 1))


def _english_day(m: re.Match[str]) -> date | None:
    month = (m["mon"] or m["mon2"])[:3]
    number = [name[:3] for name in _NAMES].index(month) + 1
    return _day(m["y"] or m["y2"], str(number), m["d"] or m["d2"])


def _ranges(text: str, _: date | None) -> Iterator[Stated]:
    """Read "2022-2024年" as three years, and "2022、2023年" as two."""
    for m in _RANGE_ZH.finditer(text):
        first, last = int(m["a"]), int(m["b"])
        if not first < last <= first + 10:
            continue
        yield from years(first, last, m.start(), m.end())
    for m in _LIST_ZH.finditer(text):
        yield Stated(m.start(), m.end(), full_year(int(m["a"])), whole=True)


def years(first: int, last: int, start: int, end: int) -> Iterator[Stated]:
    """Yield every year of a range; the stretch of text belongs to the first and the last."""
    middle = start + 1
    yield Stated(start, middle, full_year(first), whole=True)
    for year in range(first + 1, last):
        yield Stated(middle, middle, full_year(year), whole=True)
    yield Stated(middle, end, full_year(last), whole=True)


def _quarters(text: str, _: date | None) -> Iterator[Stated]:
    """Read "2024年第一、二、三季度" as each of them."""
    for m in _QUARTERS.finditer(text):
        if "季" not in m[0] and "q" not in m[0]:
            continue
        year = int(m["y"]) if len(m["y"]) == 4 else 2000 + int(m["y"])
        numbers = [_quarter(sign) for sign in re.findall("[一二三四1-4]", m["list"])]
        start = m.start()
        for number in numbers:
            end = m.end() if number == numbers[-1] else start + 1
            period = months(year, 3 * number - 2, 3 * number)
            yield Stated(start, end, period)
            start = end


def _english(text: str, today: date | None) -> Iterator[Stated]:
    for m in _DATE_EN.finditer(text):
        if (day := _english_day(m)) is not None:
            yield Stated(m.start(), m.end(), Period(day))
    for pattern in (_PART_EN, _YEAR_PART_EN):
        for m in pattern.finditer(text):
            written = m["y"].strip("'")
            year = int(written) if len(written) == 4 else 2000 + int(written)
            period = _english_part(m.groupdict(), year)
            yield Stated(m.start(), m.end(), period, whole=period == full_year(year))
    if today is not None:
        for m in _RELATIVE_EN.finditer(text):
            year = today.year + _RELATIVE[m["rel"]]
            yield Stated(m.start(), m.end(), full_year(year), whole=True)


def _english_part(groups: dict[str, str | None], year: int) -> Period:
    number = groups.get("q") or groups.get("q2")
    if groups.get("up_to"):
        return months(year, 1, 3 * int(groups["up_to"] or ""))
    if groups.get("end"):
        return Period(date(year, 12, 31))
    if groups.get("nine"):
        return months(year, 1, 9)
    if groups.get("half"):
        return months(year, 1, 6)
    if groups.get("second"):
        return months(year, 7, 12)
    if number or groups.get("word"):
        n = int(number) if number else _QUARTERS_EN[groups["word"] or ""]
        return months(year, 3 * n - 2, 3 * n)
    return full_year(year)


def _chinese(text: str, today: date | None) -> Iterator[Stated]:
    for m in _ZH.finditer(text):
        compared = m["rel"] != "前年" and _compares(text, m.start())
        if m["rel"] and (today is None or m["same"] or compared):
            continue
        if m["rel"] and _SPELLED_OUT.match(text, m.end()):
            continue
        if m["yy"] and today is None and not text.startswith("年", m.end("yy")):
            continue
        year = int(m["y"]) if m["y"] else 2000 + int(m["yy"]) if m["yy"] else None
        if year is None and today is not None:
            year = today.year + _RELATIVE[m["rel"]]
        if year is None:
            continue
        groups = {name: value for name, value in m.groupdict().items() if value}
        try:
            period = part_of(groups, year)
        except ValueError:
            continue
        whole = not groups.keys() - {"y", "yy", "rel", "whole", "same"}
        yield Stated(m.start(), m.end(), period, whole, "same" in groups)


def _compares(text: str, position: int) -> bool:
    """Tell whether 上年, 去年 here is what a growth is measured against, not what is asked for."""
    return text[:position].endswith(("较", "比", "相比", "与", "同", "对比", "相较", "于"))


def part_of(groups: dict[str, str], year: int) -> Period:
    """Return the part of a year that the groups of a match name."""
    match groups:
        case {"up_to": number}:
            return months(year, 1, 3 * _quarter(number))
        case {"m1": first, "m2": last}:
            return months(year, int(first), int(last))
        case {"month": month, "day": day}:
            return Period(date(year, int(month), int(day)))
        case {"month": month, "month_end": _}:
            return Period(month_end(year, int(month)))
        case {"month": month}:
            return months(year, int(month), int(month))
        case {"q": number, "q_end": _}:
            return Period(month_end(year, 3 * _quarter(number)))
        case {"half_end": _}:
            return Period(month_end(year, 6))
        case {"nine_end": _}:
            return Period(month_end(year, 9))
        case {"year_end": _}:
            return Period(month_end(year, 12))
        case {"year_begin": _}:
            return Period(date(year - 1, 12, 31))
        case {"nine": _}:
            return months(year, 1, 9)
        case {"half": _}:
            return months(year, 1, 6)
        case {"second_half": _}:
            return months(year, 7, 12)
        case {"quarter": number} | {"qn": number}:
            n = _quarter(number)
            return months(year, 3 * n - 2, 3 * n)
        case _:
            return full_year(year)


def _quarter(number: str) -> int:
    return _NUMBERS.get(number) or int(number)
