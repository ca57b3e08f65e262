"""Reads from a document's own first pages whose report it is, of which kind, and for when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from yanku.finance.dates import Stated, digits, ending, find_periods, months_of_weeks
from yanku.finance.labels import HAN, has_han, plain
from yanku.finance.owners import is_workbook
from yanku.finance.periods import is_twelve_months, reported
from yanku.finance.research import is_research, is_research_sign
from yanku.finance.selfnaming import A_SHARE, CompanyNames, company_names, subject_names
from yanku.finance.voucher import voucher_of
from yanku.finance.yearnames import years_behind
from yanku.model.document import Block, Document, Heading, Paragraph, Table, page_of
from yanku.model.finance import Company, Period, Profile, ReportKind
from yanku.model.place import InSheet

_COVER_PAGES = 2
_COVER_BLOCKS = 60
_INTRODUCTION_PAGES = 25

_KINDS_ZH = (
    (ReportKind.HALF_YEAR, r"半年度?报告?|半年报|中期报告|中报|中期业绩"),
    (ReportKind.FIRST_QUARTER, r"第?一季度?报告?|一季报"),
    (ReportKind.THIRD_QUARTER, r"第?三季度?报告?|三季报"),
    (ReportKind.ANNUAL, r"年度?报告|年报|年度业绩"),
)
_TITLE_ZH = re.compile(
    r"(?P<year>(?:19|20)\d\d)年?度?(?P<kind>"
    + "|".join(f"(?:{pattern})" for _, pattern in _KINDS_ZH)
    + r")(?:\(?(?P<form>全文|摘要|正文|全本)\)?)?(?P<after>.{0,2})"
)
_KINDS_EN = (
    (ReportKind.HALF_YEAR, r"(?:interim|half[\s-]?year(?:ly)?|semi[\s-]?annual)"),
    (ReportKind.FIRST_QUARTER, r"(?:first[\s-]quarter(?:ly)?|q1)"),
    (ReportKind.THIRD_QUARTER, r"(?:third[\s-]quarter(?:ly)?|q3)"),
    (ReportKind.ANNUAL, r"annual"),
)
_TITLE_EN = re.compile(
    r"(?P<a>(?:19|20)\d\d)?\s*(?P<kind>"
    + "|".join(p for _, p in _KINDS_EN)
    + r")\s+(?:results\s+)?"
    r"(?P<noun>report|results)(?P<form>\s+(?:summary|abstract))?(?:\s+(?:of|for)(?:\s+the\s+year)?)?"
    r"[\s,/-]*(?P<b>(?:19|20)\d\d)?(?:\s?[/-]\s?(?:20)?(?P<b2>\d\d)(?!\d))?"
)
_NOT_A_TITLE = re.compile(
    r"^(?:的|中|及|和|与|、|披|已|全文及|期|编|未|是|将|内|所|声|点评|简评|快评|解读|业绩)"
)
_ABSTRACT = re.compile(r"摘要|summary|abstract")
_SHORT_NAME = re.compile(rf"[*a-z]{{0,3}}[{HAN}]{{2,8}}[a-z]?")
_NO_NAME = re.compile(r"报告|年报|季报|公告|摘要|年度|季度|公司$")
_FORM = re.compile(r"\bform\s+(?:10-k|20-f|40-f)\b")
_QUARTERLY = re.compile(r"\bform\s+10-q\b|for the quarterly period ended")
_PERIOD_ENDED = re.compile(r"\bfor the quarterly period ended\b")
_STRETCH = re.compile(
    r"\b(?:(?P<months>three|six|nine)[\s-]months?|(?P<weeks>[a-z]+(?:-[a-z]+)?|\d\d)[\s-]weeks?)"
    r"(?=[^.]{0,110}\bended\b)"
)
_OF_NO_REPORT = re.compile(
    r"united states(?: of america)?$|(?:u\.?s\.? )?securities and exchange commission|washington\b"
    r"|\(?mark one\)?$",
    re.IGNORECASE,
)
"""What stands over every American form."""
_MONTH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_AHEAD = 110
"""Characters within which a stretch says when it ended."""
_RESULTS = re.compile(
    r"\b(?:results|earnings|announces|reports)\b.{0,90}\b(?:quarter|year|months|fiscal)\b"
    r"|\b(?:quarter|year|months|fiscal)\b.{0,90}\b(?:results|earnings)\b"
)
_NEWS_BLOCKS = 25
_QUARTERS_OF = {3: ReportKind.FIRST_QUARTER, 6: ReportKind.HALF_YEAR, 9: ReportKind.THIRD_QUARTER}
_YEAR_ENDED = re.compile(r"years?\s+end(?:ed|ing)|止(?:的)?(?:十二个月|12个月|会计|财政)?年度")
_PUBLISHED = re.compile(r"(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
_DAY = re.compile(
    r"(?<!\d)(?P<y>20\d\d)\s?[年./-]\s?(?P<m>\d{1,2})\s?[月./-]\s?(?P<d>\d{1,2})(?!\d)"
)
_DATED_LINE = 60
_HEADLINE = 8
_NAMED = re.compile(r"^.*[|\[].*$|^.{0,14}[(（]\s?[\d.A-Za-z/ ]{4,24}[)）]")
"""A company with its code, or marks of a template: no headline by itself."""
_FILE_DATE = re.compile(r"(?<!\d)(?P<y>20\d\d)[-_.]?(?P<m>0[1-9]|1[0-2])[-_.]?(?P<d>[0-3]\d)(?!\d)")


def profile_of(document: Document) -> Profile:
    """Return what a document says about itself; what it does not say stays empty.

    The file name is asked only for what the first pages leave open.
    """
    cover = [plain(digits(text)) for text in _cover_texts(document.body)]
    stem = plain(digits(re.sub(r"[_＿]+", " ", re.sub(r"\.\w{1,5}$", "", document.name))))
    if is_research(document.blocks):
        return _research(document, cover, stem)
    names = company_names(_introduction(document.body), cover)
    if not (names.code and names.short):
        names = _named_by_file(names, document.name)
    report, year, abstract = _kind(cover, stem)
    period = _period(report, year, cover, workbook=is_workbook(document))
    if report is ReportKind.OTHER and (interim := _interim(cover, document.body)) is not None:
        report, period = interim
    if report is ReportKind.OTHER and (voucher := voucher_of(document)):
        # A receipt is known by its seller, day and sum; no other words of it tell it apart.
        return Profile(title=voucher.title, published=voucher.day)
    return Profile(
        title=_title(names, report, year, abstract, document.body),
        company=_company(names),
        report=report,
        abstract=abstract,
        period=period,
        published=_published(cover, document.body, period, stem),
        behind=years_behind(period, cover, document.body),
    )


def _research(document: Document, cover: list[str], stem: str) -> Profile:
    """Return the profile of a report by others: it is no filing, and covers no period of its own.

    Its columns of years are whole years, whatever filing its title comments on.
    """
    names = subject_names(document.blocks)
    return Profile(
        title=_headline(document),
        company=_company(names),
        published=_written_on(cover) or _published(cover, document.body, None, stem),
    )


def _headline(document: Document) -> str:
    """Return the first heading that says what a report by others says, else the file's name."""
    for block in document.body:
        if isinstance(block, Heading) and (page_of(block) or 1) == 1:
            text = " ".join(block.text.split())
            said = _NAMED.sub("", text)
            words = sum(map(str.isalpha, said))
            if words >= _HEADLINE and len(text) <= 120 and not is_research_sign(text):
                return text
    return re.sub(r"\.\w{1,5}$", "", document.name)


def _written_on(cover: list[str]) -> date | None:
    """Return the latest day that a short line of the first pages names: earlier ones are cited."""
    lines = [text for text in cover if len(text) <= _DATED_LINE]
    days = [_valid(m) for text in lines for m in _DAY.finditer(text)]
    return max((day for day in days if day is not None), default=None)


def _named_by_file(names: CompanyNames, name: str) -> CompanyNames:
    """Return the names with code and short name from the file name where its parts look like it."""
    parts = [plain(part) for part in re.split(r"[\s_＿:：,，()（）.\-]+", name)]
    code = names.code or next((p for p in parts if A_SHARE.fullmatch(p)), "")
    short = names.short
    likely = [p for p in parts if _SHORT_NAME.fullmatch(p) and not _NO_NAME.search(p)]
    if not short:
        # Without a code, only a part of the full name can be taken for its short form.
        short = next((p for p in likely if code or p in names.full), "")
    return replace(names, code=code, short=short)


def _cover_texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts of the first pages, cells of tables too: some covers are set as tables."""
    for number, block in enumerate(blocks):
        if (page_of(block) or 1) > _COVER_PAGES or number >= _COVER_BLOCKS:
            return
        if isinstance(block, Table) and isinstance(block.places[0], InSheet):
            yield block.caption  # Its cells name peers and periods, not what the book is about.
        elif isinstance(block, Table):
            yield from (cell.text for cell in block.cells[:80] if cell.text.strip())
        else:
            yield block.text


def _introduction(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if (page_of(block) or 1) <= _INTRODUCTION_PAGES)


def _kind(cover: list[str], stem: str) -> tuple[ReportKind, int | None, bool]:
    """Return kind, year and whether it is an abstract: the first title on the first pages."""
    for text in (*cover, stem):
        for m in _TITLE_ZH.finditer(text):
            if not _NOT_A_TITLE.match(m["after"]) and len(text) < 200:
                kind = next(k for k, p in _KINDS_ZH if re.fullmatch(p, m["kind"]))
                return kind, int(m["year"]), m["form"] == "摘要" or _is_abstract(text, m.end())
        for m in _TITLE_EN.finditer(text):
            year = m["a"] or m["b"]
            if year and m["kind"] == "annual" and (m["b2"] or "") not in {"", year[2:]}:
                year = f"{int(year) + 1}"
            if year and len(text) < 200:
                kind = next(k for k, p in _KINDS_EN if re.fullmatch(p, m["kind"]))
                return kind, int(year), bool(m["form"])
        if _FORM.search(text) and len(text) < 200:
            return ReportKind.ANNUAL, None, False
    return ReportKind.OTHER, None, False


def _is_abstract(text: str, end: int) -> bool:
    return _ABSTRACT.match(text[end - 2 : end + 8].strip(" (")) is not None


def _period(
    report: ReportKind, year: int | None, cover: list[str], *, workbook: bool
) -> Period | None:
    """Return the stretch reported on; a document of another kind may name one year in its title.

    The title of one sheet of a workbook says nothing of the others.
    """
    if report is ReportKind.ANNUAL and (own := _stated_year(cover)) is not None:
        return own
    if year is not None:
        return reported(report, year)
    for text in cover[:3] if not workbook else ():
        stated = [s for s in find_periods(text) if not s.period.is_instant]
        if len(stated) == 1 and len(text) < 80:
            return stated[0].period
    return None


def _interim(cover: list[str], blocks: tuple[Block, ...]) -> tuple[ReportKind, Period] | None:
    """Return what an American quarterly report or an announcement of results is on.

    Its cover names the day only. How much of the year had passed by then is the longest stretch
    that its statements are over: "nine months ended", "26 weeks ended".
    """
    quarterly = any(_QUARTERLY.search(text) for text in cover if len(text) < 200)
    if not quarterly and not any(_RESULTS.search(text) for text in cover[:12] if len(text) < 200):
        return None
    texts = [*cover, *_texts(blocks)] if quarterly else list(_texts(blocks[:_NEWS_BLOCKS]))
    ends = [s.period.end for text in texts for s in _ended(text)]
    if not ends and (not quarterly or _cover_end(cover) is None):
        return None
    told = _cover_end(cover) if quarterly else None
    end = told or (ends[0] if quarterly else max(ends))
    known = {3, 6, 9} if quarterly else {3, 6, 9, 12}
    stated = {_months_in(s.period) for text in texts for s in _ended(text) if s.period.end == end}
    said = {n for text in (_texts(blocks) if quarterly else texts) for n in _stretches(text, end)}
    longest = max((stated | said) & known, default=3)
    return _QUARTERS_OF.get(longest, ReportKind.ANNUAL), ending(end, longest)


def _cover_end(cover: list[str]) -> date | None:
    """Return the day that a cover names for the quarterly period, also on the line below.

    Two columns of a cover may be read as one: "For the quarterly period ended Commission file".
    """
    for number, text in enumerate(cover):
        if (m := _PERIOD_ENDED.search(text)) is not None:
            near = (text[m.end() :], *cover[number + 1 : number + 3])
            return next((s.period.end for line in near for s in find_periods(line)), None)
    return None


def _ended(text: str) -> Iterator[Stated]:
    """Yield the days, or the stretches up to them, of which a text says that they ended."""
    for stated in find_periods(text):
        if re.search(r"\bended\b", text[max(0, stated.start - 8) : stated.end]):
            yield stated


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts of blocks in the form of ``plain``, those of headers of tables joined too."""
    for block in blocks:
        if not isinstance(block, Table):
            yield plain(block.text)
            continue
        heads = [cell.text for cell in block.cells if cell.row < max(block.header_rows, 1)]
        yield from (plain(text) for text in heads)
        yield plain(" ".join(heads))


def _months_in(period: Period) -> int:
    start = period.start or period.end
    return round((period.end - start).days / 30.4)


def _stretches(text: str, end: date) -> Iterator[int]:
    """Yield over how many months a text speaks of, up to a day or to the same one in other years.

    A quarterly report also tells of the nine months that ended in the year before.
    """
    week = timedelta(days=7)
    near = {f"{day:%B}".lower()[:3] for day in (end - week, end, end + week)}
    for m in _STRETCH.finditer(text):
        named = {name[:3] for name in _MONTH.findall(text[m.end() :][:_AHEAD])}
        if named and not named & near:
            continue
        if m["months"]:
            yield {"three": 3, "six": 6, "nine": 9}[m["months"]]
        elif (count := months_of_weeks(m["weeks"])) is not None:
            yield count


def _stated_year(cover: list[str]) -> Period | None:
    """Return the one year of twelve months that the cover says the report is for."""
    found = {
        stated.period
        for text in cover
        if len(text) < 200 and _YEAR_ENDED.search(text)
        for stated in find_periods(text)
        if is_twelve_months(stated.period)
    }
    last = max((period.end for period in found), default=None)
    return next((period for period in found if period.end == last), None)


_WORDS_ZH = {
    ReportKind.ANNUAL: "年度报告",
    ReportKind.HALF_YEAR: "半年度报告",
    ReportKind.FIRST_QUARTER: "第一季度报告",
    ReportKind.THIRD_QUARTER: "第三季度报告",
}


def _title(
    names: CompanyNames,
    report: ReportKind,
    year: int | None,
    abstract: bool,
    blocks: Iterable[Block],
) -> str:
    """Return a title in full words, or the document's first heading."""
    if year is not None and names.full and has_han(names.full):
        return f"{names.full}{year}年{_WORDS_ZH[report]}{'摘要' if abstract else ''}"
    for block in blocks:
        title = " ".join(block.text.split()) if isinstance(block, Heading) else ""
        if title and len(title) <= 120 and not _OF_NO_REPORT.match(title):
            return title
    first = next((b for b in blocks if isinstance(b, Paragraph)), None)
    return " ".join(first.text.split())[:120] if first is not None else ""


def _company(names: CompanyNames) -> Company | None:
    name = names.short or names.full or names.english
    if not name:
        return None
    aliases = dict.fromkeys(
        alias for alias in (names.full, names.short, names.english, *names.others) if alias
    )
    aliases.pop(name, None)
    return Company(names.code or names.full or name, name, tuple(aliases))


def _published(
    cover: list[str], blocks: tuple[Block, ...], period: Period | None, stem: str
) -> date | None:
    """Return the date of publication: alone on the cover, under the last line, or in the name."""
    earliest = period.end if period is not None else date.min
    closing = [plain(b.text) for b in blocks[-3:] if not isinstance(b, Table)]
    alone = [text for text in cover if len(text) <= 24]
    signed = [text for text in closing if "董事会" in text and len(text) <= 60]
    for text in (*alone, *signed):
        for m in _PUBLISHED.finditer(text):
            day = _valid(m)
            if day is not None and day > earliest:
                return day
    for m in _FILE_DATE.finditer(stem):
        day = _valid(m)
        if day is not None and day > earliest and (day - earliest).days < 400:
            return day
    return None


def _valid(m: re.Match[str]) -> date | None:
    try:
        return date(int(m["y"]), int(m["m"]), int(m["d"]))
    except ValueError:
        return None
