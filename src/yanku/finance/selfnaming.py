"""Finds the names and the code by which a document calls the company it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from yanku.finance.labels import HAN, has_han, plain
from yanku.model.document import Block, Cell, Paragraph, Table
from yanku.model.place import OnPage

_LATIN = r"[A-Za-z][A-Za-z0-9 .,&'()（）\-·]{2,90}"


@dataclass(frozen=True, slots=True)
class CompanyNames:
    """What a company is called; empty where the document does not say."""

    code: str = ""
    short: str = ""
    full: str = ""
    english: str = ""
    others: tuple[str, ...] = ()


# What a label asks for, the label as printed, in the form of ``plain``.
_OF = r"公司的?(?:法定)?"
_LABELS = {
    "code": r"(?:a股)?(?:证券|股票|公司|股份)?(?:代码|代号)|stock code|securities code"
    r"|ticker(?: symbol)?",
    "short": r"(?:a股)?(?:证券|股票|公司)的?(?:中文)?简称|(?:法定)?中文(?:简称|名称缩写)"
    r"|stock (?:short )?name|stock abbreviation|abbreviation",
    "full": rf"{_OF}(?:中文)?名称|(?:法定)?中文(?:全称|名称|名)|公司全称|company name in chinese",
    "english": rf"{_OF}(?:外文|英文)名称|(?:法定)?(?:英文|外文)(?:全称|名称|名)"
    r"|company name(?: in english)?",
    "initials": rf"{_OF}(?:外文|英文)名称(?:缩写|简称)|(?:英文|外文)(?:缩写|简称)",
    "former": r"(?:变更前|曾用)的?(?:a股)?(?:股票|证券)?(?:简称|名称|名)(?:\(如有\))?",
}
_LABEL = {key: re.compile(rf"(?:{pattern})(?:\(如有\))?:?") for key, pattern in _LABELS.items()}
_INLINE = {
    "code": re.compile(
        r"(?:(?:a股)?(?:证券|股票|公司|股份)代[码号][::]|\bstock code:?|\bsecurities code:?)\s*"
        r"(?P<v>\d{6}|\d{4,5}(?:\.hk)?)"
    ),
    "short": re.compile(
        rf"(?:证券|股票|公司)(?:中文)?简称[::]\s*(?P<v>[*a-z\-]*[{HAN}a-z0-9*\- ]{{2,12}}?)"
        r"(?=\s*(?:公告|编号|证券|股票|公司|债券|转债|优先股|a股|h股|[(（,，;；。]|$))"
    ),
    "full": re.compile(
        rf"(?:公司(?:法定)?(?:中文)?名称|中文全称|公司全称|编制单位)[::]\s*(?P<v>[{HAN}()·]{{4,40}}公司)"
    ),
}
_SHORT_BESIDE = r"\s*\((?:以下)?(?:简称)?[:“\"]*(?P<v>[{han}]{{2,8}})[”\"]?\)"
_FULL_NAME = re.compile(
    rf"(?<![{HAN}])(?P<v>[{HAN}][{HAN}()·]{{2,30}}?(?:股份有限公司|集团有限公司|有限责任公司|有限公司))"
)
A_SHARE = re.compile(r"(?:00|30|60|68|20|90|83|87|43|92)\d{4}")
_REGISTRANT = re.compile(
    r"\(?\s*exact\s*name\s*of\s*(?:the\s*)?(?:registrant|company|issuer)s?"
    r"(?:\s*as\s*specified\s*in\s*(?:its|their)\s*charters?)?\s*\)?",
    re.IGNORECASE,
)
_FILE_NUMBER = re.compile(
    r"commission file (?:number|no\.?)\s*:?\s*(?:\d{1,3}-\d{3,6}(?:-\d+)?)?\.?", re.IGNORECASE
)
_REGISTERED = re.compile(r"(?=.*[A-Za-z]{2})[A-Za-z0-9][A-Za-z0-9 .,&'’()/!\-]{1,80}")
_NO_REGISTRANT = re.compile(
    r"form\b|commission|\bstate of|exact name|incorporated (?:in|under)|incorporation|telephone"
    r"|\bavenue|\bstreet|\bor$|\d{5}",
    re.IGNORECASE,
)
_LISTED_NAME = re.compile(
    r"(?P<v>[A-Z0-9][A-Za-z0-9.,&'’!\- ]{1,60}?),?\s*(?:\([“\"][^()]{1,40}[”\"]\)\s*)?"
    r"\((?:NYSE(?: American| Arca)?|NASDAQ|Nasdaq(?: ?GS| ?GM| ?CM)?|NasdaqGS|AMEX|LSE|TSX|ASX)"
    r"(?:\s*(?:/|,|and|&)\s*[A-Z]{2,6})*\s*[:：]\s*(?P<code>[A-Z]{1,5}(?:\.[A-Z])?)\b[^()]{0,40}\)"
)
"""A company as its own announcement names it first: Silverline, Inc. (NYSE: SVL)."""
_TICKER_HEAD = re.compile(r"trading\s+symbols?(?:\s*\(s\))?|ticker(?:\s+symbols?)?", re.IGNORECASE)
_COMMON = re.compile(
    r"(?i:\bcommon (?:stock|shares)\b)[^|]{0,60}?\s(?P<code>[A-Z]{3,5})(?![A-Za-z])"
)
"""A line of the registered securities in a table that was read as text: Common stock JPM."""
_TICKER = re.compile(r"[A-Z]{2,5}")
_ENGLISH_NAME = re.compile(
    r"(?P<v>[A-Z][A-Za-z0-9 .,&'()\-]{2,80}?\b(?:Co\.?,? ?Ltd\.?|Company Limited|Limited"
    r"|Corporation|Corp\.?|Inc\.?|PLC))(?![A-Za-z])"
)
_TITLED = (
    re.compile(
        rf"(?P<v>[*A-Z]{{0,3}}[{HAN}]{{2,8}}[A-Z]?(?:-[A-Z]{{1,2}})?)\s*"
        r"[(（\[【]\s*(?P<code>\d{6}(?=[\s.)）\]】/])|0?\d{4}(?=\.?\s?HK))(?:\.?\s?(?:S[HSZ]|BJ|HK|CH))?"
        r"(?:\s*[/,，、|]\s*(?P<also>\d{4,6})(?:\.?\s?(?:S[HSZ]|BJ|HK|CH))?)?\s*[)）\]】]"
    ),
    re.compile(
        r"(?P<v>[A-Z][A-Za-z0-9&.,'’ \-]{1,60}?)\s*"
        r"\((?P<code>\d{6}(?=\.?\s?(?:S[HSZ]|CH))|\d{1,5}(?=\.?\s?HK))\.?\s?(?:S[HSZ]|CH|HK)\s*(?:Equity)?"
        r"(?:\s?[/,]\s?(?P<also>\d{4,6})\.?\s?(?:S[HSZ]|CH|HK))?\)"
    ),
)
"""A company as a report about it is titled: 海澜精工（600086.SH）, Towen Materials (1088 HK)."""
_NO_PART = re.compile(
    r"^(?:证券研究报告|公司|深度|点评|研究|更新|信息|简评|报告|覆盖|首次|跟踪|快报|[|:：])+(?=.{2})"
)
"""What the kind of a report, set in front of a name without a gap, adds to it."""
_TITLE_LENGTH = 60
_TOP = 25
"""Blocks at the top of a document."""
_COVER_WORDS = re.compile(r"^(?:(?:年度|半年度|季度|中期)?(?:报告|報告)|关于|公司)+")
_NOT_A_NAME = frozenset({"无", "不适用", "-", "--", "/", "—", "none", "n/a"})


def company_names(blocks: Sequence[Block], cover: Sequence[str]) -> CompanyNames:
    """Return the names in labelled places of the first pages; the cover settles what they leave."""
    said: dict[str, list[str]] = {key: [] for key in _LABELS}
    for text in cover:
        for key, pattern in _INLINE.items():
            said[key].extend(m["v"].strip() for m in pattern.finditer(text))
    for block in blocks:
        if isinstance(block, Table):
            for key, value in _labelled(block):
                said[key].append(value)
        else:
            for key, pattern in _INLINE.items():
                said[key].extend(m["v"].strip() for m in pattern.finditer(plain(block.text)[:400]))
    others_en: list[str] = []
    codes = [code for value in said["code"] for code in re.findall(r"\d{4,6}", value)]
    code = _preferred(codes) if codes else ""
    printed_short = _first(said["short"], _is_short)
    if not code and not printed_short:
        printed_short, code = _titled(blocks)
    full = _first(said["full"], _is_full) or _full_on(cover)
    english = _first(said["english"], _is_latin)
    if not english and not full:
        english, others_en = _registrant(blocks)
    english = english or _english_on(blocks)
    full = _once(_closed(full), _closed(printed_short))
    if not printed_short and full:
        printed_short = _beside(full, blocks)
    others = [v for v in said["former"] + said["initials"] if _is_short(v) or _is_latin(v)]
    others += others_en
    short = _closed(printed_short)
    if printed_short != short:
        others.append(printed_short)
    return CompanyNames(code, short, full, english, tuple(dict.fromkeys(others)))


def _registrant(blocks: Sequence[Block]) -> tuple[str, list[str]]:
    """Return the name on the cover of an American report and the symbol its shares trade under.

    It stands below the file number and above "(Exact name of registrant …)". An announcement
    names its company where it first gives the exchange and the symbol.
    """
    lines = [" ".join(b.text.split()) for b in blocks[: 2 * _TOP] if not isinstance(b, Table)]
    lines = [line.strip(" _-") for line in lines if line.strip(" _-")]
    for number, line in enumerate(lines):
        if (m := _FILE_NUMBER.match(line)) is not None:
            for near in (line[m.end() :], *lines[number + 1 : number + 2]):
                name = _REGISTRANT.split(near)[0].strip(" ()_-:")
                if _is_registrant(name):
                    return name, _symbols(blocks)
    for number, line in enumerate(lines):
        if (m := _REGISTRANT.search(line)) is not None:
            name = line[: m.start()].strip(" ()_-") or (lines[number - 1] if number else "")
            return (name, _symbols(blocks)) if _is_registrant(name) else ("", [])
    for line in lines[:_TOP]:
        if (m := _LISTED_NAME.search(line)) is not None:
            name = re.sub(r"^.*?(?:--|—|–|/)\s*", "", m["v"]).strip()
            return name, [m["code"]] if len(m["code"]) > 2 else []
    return "", []


def _is_registrant(name: str) -> bool:
    return _REGISTERED.fullmatch(name) is not None and _NO_REGISTRANT.search(name) is None


def _symbols(blocks: Sequence[Block]) -> list[str]:
    """Return the first symbol in the table of the registered securities, if it can be a name."""
    for block in blocks[: 3 * _TOP]:
        if not isinstance(block, Table):
            continue
        heads = [c for c in block.cells if _TICKER_HEAD.search(c.text)]
        for head in heads[:1]:
            under = [c for c in block.cells if c.column == head.column and c.row > head.row]
            words = under[0].text.split()[:1] if under else []
            return [w for w in words if _TICKER.fullmatch(w) and len(w) > 2]
    texts = [b.text for b in blocks[: 3 * _TOP] if not isinstance(b, Table)]
    for number, text in enumerate(texts):
        if _TICKER_HEAD.search(text):
            found = (_COMMON.search(line) for line in texts[number : number + 3])
            return next(([m["code"]] for m in found if m is not None), [])
    return []


def _titled(blocks: Sequence[Block]) -> tuple[str, str]:
    """Return (name, code) of the one company that short lines at the top name with its code.

    A report about several companies is about none of them alone.
    """
    found = _called([b.text for b in blocks[:_TOP] if not isinstance(b, Table)])
    return found[0] if len({code for _, code in found}) == 1 else ("", "")


def _called(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return (name, code) wherever short lines name a company with its code, A shares first."""
    short = [" ".join(line.split()) for line in lines if len(line) <= _TITLE_LENGTH]
    found = [m for line in short for pattern in _TITLED for m in pattern.finditer(line)]
    codes = [m["also"] if m["also"] and A_SHARE.fullmatch(m["also"]) else m["code"] for m in found]
    return [(m["v"].strip(), code) for m, code in zip(found, codes, strict=True)]


def subject_names(blocks: Sequence[Block]) -> CompanyNames:
    """Return the names of the one company that a report by others is about.

    Its running titles say it, else the lines of its first page, which also cite other reports on
    it; where several companies are named, it is about none of them alone.
    """
    texts = [block for block in blocks if not isinstance(block, Table)]
    running = [b.text for b in texts if isinstance(b, Paragraph) and b.role.is_furniture]
    first = [b.text for b in texts if isinstance(b.place, OnPage) and b.place.page == 1]
    for lines in (running, first):
        found = [(_NO_PART.sub("", _closed(name)), code) for name, code in _called(lines)]
        if found and (len({c for _, c in found}) == 1 or len({n for n, _ in found}) == 1):
            return CompanyNames(_preferred([code for _, code in found]), found[0][0])
    return CompanyNames()


def _preferred(codes: Sequence[str]) -> str:
    return next((code for code in codes if A_SHARE.fullmatch(code)), codes[0])


def _beside(full: str, blocks: Sequence[Block]) -> str:
    """Return the short name that stands in brackets after the full one."""
    pattern = re.compile(re.escape(full) + _SHORT_BESIDE.format(han=HAN))
    for block in blocks:
        texts = [c.text for c in block.cells] if isinstance(block, Table) else [block.text]
        for text in texts:
            if (m := pattern.search(plain(text))) is not None:
                return m["v"]
    return ""


def _closed(name: str) -> str:
    """Return a Chinese name without the spaces that pad it: 五 粮 液 is 五粮液."""
    return re.sub(r"\s+", "", name) if has_han(name) else name


def _once(full: str, short: str) -> str:
    """Return a full name without the short one that a cover printed in front of it."""
    rest = full.removeprefix(short)
    shared = any(short[n : n + 2] in rest for n in range(len(short) - 1))
    return rest if short and rest != full and len(rest) > 8 and shared else full


def _first(values: Sequence[str], fits: Callable[[str], bool]) -> str:
    return next((v for v in values if fits(v)), "")


def _is_short(value: str) -> bool:
    closed = _closed(value)
    return has_han(closed) and 2 <= len(closed) <= 12 and closed not in _NOT_A_NAME


def _is_full(value: str) -> bool:
    return has_han(value) and "公司" in value and 6 <= len(value) <= 40


def _is_latin(value: str) -> bool:
    return re.fullmatch(_LATIN, value) is not None and value.casefold() not in _NOT_A_NAME


def _full_on(cover: Sequence[str]) -> str:
    """Return the full name on the cover: in its title if it is there, else the first."""
    found = [
        (re.search(r"(?:报告|报)", text[m.end() :]) is None, _COVER_WORDS.sub("", m["v"]))
        for text in cover
        if len(text) < 120
        for m in _FULL_NAME.finditer(text)
    ]
    return min(found, key=lambda item: item[0])[1] if found else ""


def _english_on(blocks: Sequence[Block]) -> str:
    for block in blocks[:12]:
        if isinstance(block, Table) or len(block.text) >= 160:
            continue
        if (m := _ENGLISH_NAME.search(" ".join(block.text.split()))) is not None:
            return m["v"]
    return ""


def _labelled(table: Table) -> Iterator[tuple[str, str]]:
    """Yield (what, value) for cells that are a label and the value right of it or under it."""
    cells = {(cell.row, cell.column): cell for cell in table.cells if cell.text.strip()}
    for cell in table.cells:
        text = plain(cell.text)
        for key, pattern in _LABEL.items():
            if pattern.fullmatch(text):
                value = _value_of(cell, cells, table)
                if value:
                    yield key, value


def _value_of(cell: Cell, cells: dict[tuple[int, int], Cell], table: Table) -> str:
    """Return the text right of a label, or under it where the label heads a column."""
    for column in range(cell.column + cell.column_span, table.columns):
        right = cells.get((cell.row, column))
        if right is not None:
            if not _is_label(right.text):
                return _tidy(right.text)
            break
    under = cells.get((cell.row + cell.row_span, cell.column))
    heads = sum(1 for (row, _), c in cells.items() if row == cell.row and _is_label(c.text))
    return _tidy(under.text) if under is not None and heads >= 2 else ""


def _is_label(text: str) -> bool:
    written = plain(text)
    return any(pattern.fullmatch(written) for pattern in _LABEL.values()) or bool(
        re.fullmatch(r"股票种类|(?:股票)?上市(?:证券)?交易所(?:及板块)?|股份类别|股票类别", written)
    )


def _tidy(text: str) -> str:
    return " ".join(text.split())
