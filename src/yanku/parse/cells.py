"""Printed cells in rows and columns, and what a header, a row of figures or a unit looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from yanku.model.amount import Amount, read_amount, read_unit

MAX_HEADER_ROWS = 6

_ANNOUNCED = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=金额)|(?<=货币)|(?<=计量)|(?<=计价)|(?<=列报)|(?<=数据)|(?<=数字))"
    r"单位\s*[:：为]\s*(?P<zh>.+)|\bunits?\s*[:：]\s*(?P<en>.+)",
    re.IGNORECASE,
)
_ENGLISH_UNIT = re.compile(
    r"(?:^|\b)in (?:[a-z$£€¥]+ ?){0,3}(?:thousand|million|billion)|['’]000\b"
    r"|expressed in [a-z ]{0,14}(?:dollars|renminbi|euros?|yuan|yen|RMB|US\$|HK\$)"
    r"|(?:US\$|HK\$|S\$|RMB|USD|HKD|EUR|GBP|[$£€¥])\s?(?:mn?|bn)\b"
    r"|(?:^|[(（\s])(?:RMB|CNY|USD|US\$|HK\$|HKD|EUR|GBP|JPY|SGD|[$£€¥])\s?.{0,12}(?:thousand|million|billion)"
    r"|(?:thousand|million|billion)s? of"
    r"|^\s*[(（]?\s*(?:(?:un)?audited\s*[;,]\s*)?(?:dollars in )?"
    r"(?:thousand|million|billion)s\b\s*(?:$|[,;)）])",
    re.IGNORECASE,
)
_SAID_IN_BRACKETS = re.compile(
    r"[(（]\s*((?:(?:un)?audited\s*[;,]\s*)?(?:(?:dollars|amounts|[$£€¥])\s+)?(?:in\s+)?"
    r"(?:thousand|million|billion)s(?: of [a-z$€£¥.' ]{1,24})?)(?![a-z])[^()（）]*[)）]",
    re.IGNORECASE,
)
"""The unit that begins a bracket: Years ended December 31, (Millions, except per share amounts)."""
_LISTED = re.compile(
    r"以.{0,8}[百千万亿]*元(?:为单位)?(?:列示|列报|呈列|列账|表示|编制|为单位)|单位均为"
    r"|^[（(]?(?:人民币|港币|港元|美元|欧元|日元|新台币)[百千万亿]+元?[)）]?$"
)
_MONEY = r"(?:RMB|CNY|USD|US\$|HK\$|HKD|EUR|GBP|JPY|SGD|S\$|NT\$|A\$|[$£€¥])"
_SCALED = re.compile(
    rf"(?<![A-Za-z]){_MONEY}\s?(?:['’]000|(?:thousand|million|billion)s?)(?![A-Za-z])",
    re.IGNORECASE,
)
_UNDER_DATE = re.compile(rf"(?:(?:19|20)\d\d|\)) ({_MONEY})(?: \([A-Za-z -]+\))?$")
_FOREIGN = re.compile(r"币种\s*[:：]\s*(?!人民币|RMB|CNY)", re.IGNORECASE)
_BRACKETS = re.compile(r"[（(【\[]([^（）()【】\[\]]{1,24})[）)】\]]")
_PERCENT = ("%", "％")
_DATED = re.compile(
    r"(?:19|20)\d\d(?:\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}\s*日?)?|\s*年.{0,6})?"
)


_COLUMN_TITLE = re.compile(
    r"项\s*目|科\s*目|指\s*标|类\s*[别型]|名\s*称|内容|金额|数[值量额据]|比例|占比|合计|本期|上期|期末|期初|年|"
    r"收入|成本|利润|余额|情况|item|description|category|amount|value|total|name|metric|unit|\d",
    re.IGNORECASE,
)
_YEAR_TITLE = re.compile(
    r"(?:FY|FYE|CY)?\s?(?:(?:19|20)\d\d(?:\s*[/–-]\s*(?:(?:19|20)\d\d|\d\d))?|(?<=FY)\s?\d\d)"
    r"\s*(?:年度?|[AE]|[(（][\w,* ]{1,6}[)）])*\*?"
)
"""A column's title that is a year: 2024, FY2024, 2023/24, 2024年, 2024 (1)."""


class GridCell(NamedTuple):
    """A cell as printed, in rows and columns from 0. A tuple, because there may be millions.

    ``plain`` is the number in it for reading ("1234.567" where "1,235" is shown), or the text
    itself where the source stores only text; empty if the source says that it is no number.
    ``stored`` is what the file holds where a number format shows something else; ``indent`` how
    far a label is set in, in points or steps.
    """

    row: int
    column: int
    text: str
    plain: str = ""
    formula: str | None = None
    row_span: int = 1
    column_span: int = 1
    stored: str = ""
    indent: float = 0.0

    @property
    def last_row(self) -> int:
        """Return the last row the cell covers."""
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        """Return the last column the cell covers."""
        return self.column + self.column_span - 1


def steps_before(text: str) -> float:
    """Return how far spaces in front of a text set it in: a step is one wide space or two."""
    blank = text[: len(text) - len(text.lstrip())]
    return sum(1.0 if c == "\u3000" else 0.5 for c in blank if c != "\n")


Rows = Mapping[int, Sequence[GridCell]]


def by_row(cells: Iterable[GridCell]) -> dict[int, list[GridCell]]:
    """Return the cells of each row that has any, rows and columns in order."""
    rows: dict[int, list[GridCell]] = {}
    for cell in sorted(cells, key=lambda each: (each.row, each.column)):
        rows.setdefault(cell.row, []).append(cell)
    return rows


def is_number(cell: GridCell) -> bool:
    """Tell a cell with a quantity from text, dates and years."""
    return cell.plain != "" and amount_of(cell.plain) is not None


def is_data(row: Sequence[GridCell]) -> bool:
    """Tell a row of figures from a header or a label."""
    return any(is_number(cell) for cell in row)


_OF_A_FIGURE = re.compile(r"\d\s?[（(]\s?$")


def announced_unit(text: str) -> str:
    """Return the unit that a line like ``单位：万元`` or ``(in RMB millions)`` announces, or "".

    Of several the last one counts, as the nearest to the table below. One in brackets behind a
    figure is that figure's own: ``境外资产202.82（单位：亿元）``.
    """
    match = _last_announcement(text)
    if match is not None:
        if _FOREIGN.search(text) and read_unit(text[match.start() :]) is not None:
            return text[match.start() :].strip(" （）()")
        printed = re.split(r"[\s,，;；]|币种", (match["zh"] or match["en"]).strip())[0]
        printed = printed if match["zh"] else match["en"]
        printed = printed.strip(" （）()。.")
        return printed if read_unit(printed) is not None else ""
    if len(text) <= 40 and _LISTED.search(text):
        return text.strip(" （）()。") if read_unit(text) is not None else ""
    text = text.replace("U.S.", "US")
    if (said := _SAID_IN_BRACKETS.search(text)) is not None and len(text) <= 120:
        return said[1] if read_unit(said[1]) is not None else ""
    if len(text) > 60:
        text = text.partition(",")[0]  # "(In millions, except number of shares, which …)"
    if len(text) <= 60 and _ENGLISH_UNIT.search(text):
        return _inner_unit(text) or (text.strip(" ()") if read_unit(text) is not None else "")
    return ""


def bare_unit(text: str) -> str:
    """Return the unit that a line is all of, as 元 or (人民币千元) right above a table, or ""."""
    bare = text.strip(" （）()：:。")
    return bare if _BARE_UNIT.fullmatch(bare) and read_unit(bare) is not None else ""


_BARE_UNIT = re.compile(
    r"(?:人民币|RMB|CNY)?\s?[百千万亿]{0,3}(?:元|美元|港元|港币|欧元|日元|股|吨)"
)


def _last_announcement(text: str) -> re.Match[str] | None:
    last, match = None, _ANNOUNCED.search(text)
    while match is not None:
        if not _OF_A_FIGURE.search(text[: match.start()]):
            last = match
        match = _ANNOUNCED.search(text, match.start() + 1)
    return last


def _under_a_date(text: str) -> str:
    """Return the unit in the header of a column like ``31 December 2024 RMB'000 (Unaudited)``."""
    found = {each[0] for each in _SCALED.finditer(text)}
    if len(found) > 1 or len(text) > 80 or re.search("[\u4e00-\u9fff]", text):
        return ""
    alone = _UNDER_DATE.search(text)
    unit = found.pop() if found else alone[1] if alone else ""
    return unit if unit and read_unit(unit) is not None else ""


@lru_cache(maxsize=4096)
def label_unit(label: str) -> str:
    """Return the unit inside a header or row label, as in ``营业收入（万元）`` or ``增减%``."""
    announced = announced_unit(label)
    if announced:
        return announced
    inner = _inner_unit(label)
    if inner:
        return inner
    if under := _under_a_date(label):
        return under
    return "%" if label.strip().startswith(_PERCENT) or label.rstrip().endswith(_PERCENT) else ""


def _inner_unit(label: str) -> str:
    for inner in reversed(_BRACKETS.findall(label)):
        # A single letter in brackets is a list mark, whatever scale it could stand for.
        if not re.fullmatch(r"[A-Za-z]", inner.strip()) and read_unit(inner) is not None:
            return str(inner).strip()
    return ""


def header_rows(rows: Rows) -> int:
    """Return how many rows from the first grid row on are headers; 0 if the first has figures."""
    numbers = sorted(rows)
    if not numbers or is_data(rows[numbers[0]]):
        return 0
    first = numbers[0]
    left = min(row[0].column for row in rows.values())
    last = max(cell.last_row for cell in rows[first])
    for number in numbers[1:MAX_HEADER_ROWS]:
        above = rows[max(n for n in numbers if n < number)]
        if number > last and not _continues(rows[number], above, left):
            break
        if is_data(rows[number]):
            break
        last = max([last, *(cell.last_row for cell in rows[number])])
    count = min(last - first + 1, MAX_HEADER_ROWS)
    return 0 if count == 1 and _is_list(rows) else count


def _is_list(rows: Rows) -> bool:
    """Tell a list (总股本 | 412.4, 评级 | 买入) from a table of two columns with a header.

    Each line has a unit of its own, and the first is no title of columns.
    """
    lines = [rows[number] for number in sorted(rows)]
    pairs = [row for row in lines if len(row) == 2]
    if len(pairs) * 4 < len(lines) * 3 or len(lines[0]) != 2 or any(len(r) > 2 for r in lines):
        return False
    if any(_COLUMN_TITLE.search(cell.text) or label_unit(cell.text) for cell in lines[0]):
        return False
    units = {
        label_unit(label.text) or (amount.unit if (amount := amount_of(value.plain)) else "")
        for label, value in pairs
    }
    return len({*units} - {""}) > 1


def _continues(row: Sequence[GridCell], above: Sequence[GridCell], left: int) -> bool:
    """Tell a second header row: its label column is empty, it parts a spanning header, or it
    dates its columns: ``(in thousands) | 2024 | 2023`` under ``Year ended 31 December``.
    """
    if row[0].column > left:
        return True
    titles = [cell.text.strip() for cell in row[1:]]
    if sum(_YEAR_TITLE.fullmatch(title) is not None for title in titles) > 1:
        return True
    return len(row) > 1 and any(cell.column_span > 1 and cell.column > left for cell in above)


@lru_cache(maxsize=16384)
def amount_of(plain: str, unit: str = "") -> Amount | None:
    """Return the amount a plain text is, None if it is no number or a date."""
    if len(plain) > 60 or not any(c.isdecimal() for c in plain) or _DATED.fullmatch(plain):
        return None
    return read_amount(plain, unit)
