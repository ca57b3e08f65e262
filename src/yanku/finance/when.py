"""Finds the periods of a question, typed as people do: 24 营收, 上半年, 2020年以来."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from yanku.finance.dates import Stated, digits, find_periods, part_of, years
from yanku.finance.periods import full_year, month_end, months
from yanku.model.finance import Period

_QUARTERS = {sign: n for signs in ("一二三四", "1234") for n, sign in enumerate(signs, start=1)}
Months = tuple[int, int]
"""The first and the last month of a part of a year."""
_PART_ALONE = re.compile(
    r"""(?:最新|最近)?的?(?:
        (?P<nine>前(?:三|3)个?季度?|三季报|第?三季度报告|前(?:九|9)个?月|9m(?![a-z0-9])
          |\b(?:first\s+)?nine\s+months)
      | (?P<half>上半年|半年(?:度|报)?(?:报告)?|中报|前(?:六|6)个?月
          |(?<![a-z0-9])(?:h1|1h)(?![a-z0-9])|\bfirst\s+half)
      | (?P<second_half>下半年|(?<![a-z0-9])(?:h2|2h)(?![a-z0-9])|\bsecond\s+half)
      | 单?第?(?P<quarter>[一二三四1234])季(?:度|报)?(?:报告)?(?:单季)?(?![度末底])
      | (?<![a-z0-9])q(?P<qn>[1-4])(?![a-z0-9])
      | (?P<whole>全年|年报|年度报告|\bfull\s+year)
    )""",
    re.VERBOSE,
)
_EACH_UP_TO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)年?度?的?第?(?P<a>[一二三1-3])季?度?\s*(?:-|–|—|~|到|至)\s*"
    r"第?(?P<b>[二三四2-4])(?:个?季度?)"
)
_ONE_BY_ONE = re.compile(r"分别|各(?:是|为|自|有|季|个)?|逐|每|依次")
_AGAINST = re.compile(r"(?<!环)(?:比|较|相比|和|与|、|over|versus|vs\.?|from)\s*$")
_JOINED = re.compile(r"\s*(?:、|,|和|与|及|以及|跟|-|到|至)\s*")
_SINCE = re.compile(
    r"(?:自|从)?(?P<zh>(?<!\d)(?:19|20)\d\d)年?(?:以来|至今|起至今|到现在)"
    r"|\b(?:since|from) (?P<en>(?:19|20)\d\d)(?: onwards?| to (?:date|now))?"
    r"(?!\d|\s*(?:to|-|until|through))"
)
_BARE = re.compile(
    r"(?<!\d,)(?<![\d.a-z%&'+*/·-])(?<![前近后第约去top]\s)(?<![前近后第约去])"
    r"(?P<a>[12]\d)(?:[-到至](?P<b>[12]\d))?"
    r"(?![\d.a-z%/+-]|[,到至]\d|\s*(?:家|个|名|位|只|年|月|日|天|亿|万|千|百|元|倍|条|次|股|人|强|大|点|季"
    r"|(?:thousand|million|billion|compan|firm|bank|quarter|year|month|day|percent|people)))"
)
"""A year in two figures that stands alone, as in "24 营收"; only people who ask write so."""
_MOST_YEARS = 12
"""More is no span that anybody adds up."""


def periods_asked(text: str, today: date) -> tuple[Stated, ...]:
    """Return the periods a question names, in order; the text must be in the form of ``plain``."""
    text = digits(text)
    found: list[Stated] = [*_since(text, today), *_each_up_to(text)]
    for stated in (*find_periods(text, today), *_bare(text, today)):
        if all(stated.end <= one.start or stated.start >= one.end for one in found):
            found.append(stated)
    found += _same_year(found, text)
    return tuple(_shared_part(sorted(found, key=lambda stated: stated.start), text))


def find_part(text: str) -> tuple[int, int, Months] | None:
    """Return the first part of a year that a question names without its year: start, end, months.

    "上半年" and "Q3" are meant of the latest year there is.
    """
    if (m := _PART_ALONE.search(text)) is None:
        return None
    groups = {name: value for name, value in m.groupdict().items() if value}
    period = part_of(groups, date.min.year + 1)
    if period.start is None:
        return None
    return m.start(), m.end(), (period.start.month, period.end.month)


def _same_year(found: list[Stated], text: str) -> Iterator[Stated]:
    """Yield "二季度" of "2024年三季度比二季度", of the year of the part before."""
    for m in _PART_ALONE.finditer(text):
        before = [s for s in found if s.end <= m.start() and not s.whole]
        inside = any(m.start() < s.end and s.start < m.end() for s in found)
        if inside or not before or not _AGAINST.search(text[before[-1].end : m.start()]):
            continue
        groups = {name: value for name, value in m.groupdict().items() if value}
        yield Stated(m.start(), m.end(), part_of(groups, before[-1].period.end.year))


def _shared_part(found: list[Stated], text: str) -> list[Stated]:
    """Give the years of "2023、2024年上半年" the part that only the last is written with."""
    later: Stated | None = None
    shared: list[Stated] = []
    for stated in reversed(found):
        joined = later is not None and _JOINED.fullmatch(text[stated.end : later.start])
        if stated.whole and joined and later is not None and not later.whole and not later.same:
            part, year = later.period, stated.period.end.year
            end = month_end(year, part.end.month)
            start = date(year, part.start.month, 1) if part.start is not None else None
            stated = Stated(stated.start, stated.end, Period(end, start))
        shared.append(stated)
        later = stated
    return shared[::-1]


def _since(text: str, today: date) -> Iterator[Stated]:
    """Read "2020年以来" as the whole years from then to the last one that has ended."""
    for m in _SINCE.finditer(text):
        first = int(m["zh"] or m["en"])
        last = today.year - 1
        if (m["en"] and m[0].startswith("from") and "on" not in m[0] and "to" not in m[0][5:]) or (
            not first < last <= first + 20
        ):
            continue
        yield from years(first, last, m.start(), m.end())


def _each_up_to(text: str) -> Iterator[Stated]:
    """Read "2024年一季度到四季度分别" as each of the quarters, and not as all of them at once."""
    for m in _EACH_UP_TO.finditer(text):
        first, last = (_QUARTERS[sign] for sign in (m["a"], m["b"]))
        if first >= last or not _ONE_BY_ONE.search(text, m.end()):
            continue
        for number in range(first, last + 1):
            start, end = m.start() + number - first, m.start() + number - first + 1
            period = months(int(m["y"]), 3 * number - 2, 3 * number)
            yield Stated(start, m.end() if number == last else end, period)


def _bare(text: str, today: date) -> Iterator[Stated]:
    """Read "24 营收" and "22-24 营收" in a question; never in a document."""
    for m in _BARE.finditer(text):
        first, last = 2000 + int(m["a"]), 2000 + int(m["b"] or m["a"])
        if not today.year - 15 <= first <= last <= today.year + 1:
            continue
        if first == last:
            yield Stated(m.start(), m.end(), full_year(first), whole=True)
        else:
            yield from years(first, last, m.start(), m.end())


def spans(text: str, stated: Sequence[Stated]) -> bool:
    """Tell "from 2015 to 2017", "2015 - 2017": the years between are meant as well."""
    if len(stated) != 2 or not all(s.whole for s in stated):
        return False
    first, last = stated
    between = text[first.end : last.start].strip()
    lead = re.search(r"(?:from|between)\s*(?:fy|fiscal(?: year)?s?)?\s*$", text[: first.start])
    joined = between in {"to", "through", "-", "–", "—", "till", "until"}
    apart = last.period.end.year - first.period.end.year
    return 1 < apart <= _MOST_YEARS and (joined or (between == "and" and lead is not None))
