"""What a line of evidence states: each amount with the row and column it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanku.model.amount import Amount, PrintedAmount, find_amounts, read_unit

Words = Callable[[str], tuple[str, ...]]
"""The words of a text, as the index counts them."""

SEPARATOR = " | "
"""Between the cells of a row: ``label | header: value | header: value``."""
_UNIT = re.compile(r"单位[:：]\s*([^\s,，;；|)）]+)|\b(?:Unit|In)\s*:\s*([^|;)]+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（]([^()（）]{1,16})[)）]")
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[(（]?\d+[)）.、]|其中[:：]|[加减][:：])\s*"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(
    r"\bFYE?\s?(?P<fy>(?:19|20)?\d\d)\b"
    r"|(?<![\d.,])(?P<year>(?:19|20)\d\d)(?:\s?/\s?(?:(?P<last>(?:19|20)\d\d)|(?P<short>\d\d)))?(?!\d)",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAYS = re.compile(
    rf"\b{_MONTH},?\s+\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?=\W|$)",
    re.IGNORECASE,
)
_DATES = re.compile(rf"(?:{_DAYS.pattern}),?(?=\s+(?:19|20)\d\d)", re.IGNORECASE)
_SIGNED = re.compile(r"[(（]?-?\s?(?:[A-Z]{1,3})?[$£€¥￥]\s?[(（]?-?[\d,]+(?:\.\d+)?[)）]?")
_SHORT_UNIT = re.compile(r"(?P<money>[A-Z]{0,3}[$£€¥￥])\s?(?P<scale>m|mn|bn|k)", re.IGNORECASE)
_SHORT = {"m": "million", "mn": "million", "bn": "billion", "k": "thousand"}
_LOSS = re.compile(r"[(（]([\d,]+(?:\.\d+)?)[)）]")
_PER_SHARE = re.compile(r"per[\s-]+(?:\w+\s+){0,2}(?:share|unit)|每股", re.IGNORECASE)
_EARLIER = re.compile(r"上期|上年|期初|年初|去年|上一|prior|previous|last year", re.IGNORECASE)
# Words of a column header that tell when, not what.
_WHEN = frozenset(
    [
        "年度",
        "本期",
        "上期",
        "期末",
        "期初",
        "本年",
        "上年",
        "年末",
        "年初",
        "余额",
        "发生额",
        "金额",
        "数额",
        "报告期",
        "本报告期",
        "同期",
        "上年同期",
        "季度",
        "半年度",
        "本年度",
        "上年度",
        "期末余额",
        "期初余额",
        "本期发生额",
        "上期发生额",
        "year",
        "quarter",
    ]
)
_LABEL_SHARE = 0.66
_HEADER_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount in base units, and in a table the labels of its row and column."""

    amount: Amount
    label: str = ""
    header: str = ""


def stated_in(line: str, context: str = "") -> tuple[Stated, ...]:
    """Return the amounts of a line of evidence.

    In a row, a bare number takes the unit printed in its column header, or else in its row label,
    or else for the whole table in ``context`` (单位：万元). Where a unit is known, the bare value
    does not count: 1,234 in a table in 万元 is 12,340,000 元 and not 1,234 元.
    """
    label, *cells = line.split(SEPARATOR)
    if not cells:
        return tuple(Stated(printed.amount) for printed in find_amounts(line))
    row_unit, table_unit = _bracket_unit(label), unit_over(context)
    lent = _lent([cell.rpartition(": ")[0] for cell in cells])
    found: list[Stated] = []
    for cell in cells:
        header, _, value = cell.rpartition(": ")
        unit = header_unit(header) or row_unit or (lent if years_in(header) else "") or table_unit
        if _PER_SHARE.search(f"{label} {header}"):
            unit = row_unit  # "In millions, except per share amounts" says so; others mean it.
        found += [Stated(_in_unit(p, unit), label, header) for p in _amounts_in(value)]
    return tuple(found)


def _lent(headers: Sequence[str]) -> str:
    """Return the scale that one of the years' headers says for all of them, printed once: "2031 (in
    thousands) | 2030". Where a year stands over two columns they may differ in more.
    """
    dated = [(years[0], header_unit(h)) for h in headers if len(years := years_in(h)) == 1]
    units = {unit for _, unit in dated} - {""}
    if len(units) != 1 or len({year for year, _ in dated}) != len(dated):
        return ""
    unit = units.pop()
    known = read_unit(unit)
    return unit if known is not None and known.scale > 1 else ""


def headers_of(line: str) -> tuple[str, ...]:
    """Return the headers of a row's cells, whatever stands in them."""
    return tuple(cell.rpartition(": ")[0] for cell in line.split(SEPARATOR)[1:])


def is_spoken_of(stated: Stated, said: str, words: Words) -> bool:
    """Tell whether a text speaks of the row and the column an amount stands in.

    A number is only true of its own row and column: the text must name two thirds of the words
    of the label and half of those of the header, and no other year. Amounts in prose have no
    row or column, and pass.
    """
    if not names_row_and_column(stated, said, words):
        return False
    years, asked = set(_YEAR.findall(stated.header)), set(_YEAR.findall(said))
    if years and asked and not years & asked:
        return False
    return not is_earlier(stated) or bool(years & asked) or _EARLIER.search(said) is not None


def is_earlier(stated: Stated) -> bool:
    """Tell whether the column is headed as that of an earlier period (上期, 年初, prior year)."""
    return _EARLIER.search(stated.header) is not None


def names_row_and_column(
    stated: Stated, said: str, words: Words, label_share: float = _LABEL_SHARE
) -> bool:
    """Tell whether a text says enough of the words of a row and a column, whatever the year."""
    spoken = frozenset(words(said))
    label = frozenset(words(bare_label(stated.label)))
    if label and len(label & spoken) < label_share * len(label):
        return False
    header = {
        word
        for word in words(bare_label(stated.header))
        if len(word) > 1 and word not in _WHEN and not any(sign.isdigit() for sign in word)
    }
    return not header or len(header & spoken) >= _HEADER_SHARE * len(header)


def years_in(text: str) -> tuple[int, ...]:
    """Return the years a text names, each once; FY19 is 2019, and 2018/19 is the year it ends."""
    found = [
        int(m["last"] or m["short"] or m["year"]) if not m["fy"] else int(m["fy"])
        for m in _YEARS.finditer(text)
    ]
    return tuple(dict.fromkeys(year if year > 99 else 2000 + year for year in found))


def undated(text: str) -> str:
    """Return a text without its dates, its years and the marks of footnotes.

    A day without its year stays: it tells the balance at 1 April from that at 31 March.
    """
    return _YEARS.sub(" ", _DATES.sub(" ", _BRACKETS.sub(" ", text)))


def without_days(text: str) -> str:
    """Return the header of a column without the day on which its year ends."""
    return _DAYS.sub(" ", text)


def bare_label(label: str) -> str:
    """Return the label of a row or column without its number and what stands in brackets."""
    return _BRACKETS.sub("", _NUMBERING.sub("", label))


def header_unit(header: str) -> str:
    """Return the unit that the header of a column says; empty if it says none."""
    return _bracket_unit(header) or _level_unit(header)


def _bracket_unit(label: str) -> str:
    for inner in _BRACKETS.findall(label):
        if read_unit(inner) is not None:
            return str(inner)
    return ""


def _level_unit(header: str) -> str:
    """Return the unit that is a level of a header of its own: ``2024 / €m``, ``2024 RMB'000``."""
    parts = re.split(r"\s/\s|(?<=\d)\s+", header)
    spelled = (
        f"{m['money']} {_SHORT[m['scale'].lower()]}" if (m := _SHORT_UNIT.fullmatch(part)) else part
        for part in parts
        if not _YEARS.search(part)
    )
    return next((part for part in spelled if read_unit(part)), "")


def _amounts_in(cell: str) -> tuple[PrintedAmount, ...]:
    """Return the amounts of a cell; brackets around all of it are a minus and no footnote."""
    found = find_amounts(cell)
    if not found and (m := _LOSS.fullmatch(cell.strip())) is not None:
        found = find_amounts(f"-{m[1]}")
    return tuple(found)


def says_scale(context: str) -> bool:
    """Tell whether the context of a table counts its money in thousands or more."""
    known = read_unit(said) if (said := unit_over(context)) else None
    return known is not None and known.scale > 1


def unit_over(context: str) -> str:
    """Return the unit that the context of a table says for all of it; empty if it says none."""
    match = _UNIT.search(context)
    return next((group.strip() for group in match.groups() if group), "") if match else ""


def _in_unit(printed: PrintedAmount, unit: str) -> Amount:
    known = read_unit(unit) if unit else None
    if known is None:
        return printed.amount
    own = printed.amount.unit
    if not own:
        return Amount(printed.amount.value * known.scale, known.code)
    # "$1,344" in a table in millions: the sign says which money, the table how much of it.
    signed = _SIGNED.fullmatch(printed.text.strip()) is not None
    if signed and known.code in {"", own}:
        return Amount(printed.amount.value * known.scale, own)
    return printed.amount
