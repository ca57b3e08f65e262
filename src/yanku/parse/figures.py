"""Which unit holds for each figure of a printed table, and which numbers are no figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile

from yanku.model.amount import Amount, print_unit, read_amount, read_unit
from yanku.model.unit import MARKS, fold
from yanku.parse.cells import GridCell, amount_of, announced_unit, by_row, label_unit
from yanku.parse.piece import is_figure

_SERIAL_HEADER = re.compile(
    r"(?:财务报表|报表)?附\s*注.{0,6}|注\s*释.{0,6}|序\s*号|行\s*次|编\s*号|代\s*码|证券代码|股票代码"
    r"|notes?|no\.?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)]?\s?[、.(（]?\s?[（(]?\d{0,3}[)）]?(?:[(（]\d+[)）])?"
)
_PER_SHARE = re.compile(r"每股|\bper (?:[a-z]+ ){0,3}share\b", re.IGNORECASE)
_RATIO = re.compile(
    r"比例|占比|比重|幅度|率(?:[（(].*)?$|百分比|\bratio\b|\bmargin\b|% of|覆盖倍数|周转天数"
    r"|(?:^|[\s/])(?:P/?(?:E|B|S|CF|EG|FCF)|EV/[A-Z]+|RO(?:A|E|IC|CE|AE|AA))(?![A-Za-z])"
    r"|\b(?:multiple|yield)\b|\b(?:turnover|inventory|receivables?|payables?) days\b",
    re.IGNORECASE,
)
_HALF, _LABELS = 3, 4
"""Columns of a table beside another, and how many labels its rows have at least."""
_RATIOS = re.compile(r"(?:财务|关键|主要).{0,4}比率$|\bratios$", re.IGNORECASE)
"""The title of a table in which nothing is money unless its own row says so."""
_NOT_MONEY = re.compile(
    r"人数|户数|家数|股数|数量|天数|次数|倍数|面积|产量|销量|number of|headcount|employees"
    r"|加权平均.{0,8}股|(?:weighted|average|diluted|basic|common|ordinary)[- ].{0,40}\bshares\b"
    r"|\bshares (?:used|outstanding|issued|authori[sz]ed)",
    re.IGNORECASE,
)
_OF_MONEY = re.compile(
    r"\W*(?:payments?|proceeds|(?:re)?purchases?|issuances?|dividends?|cash|redemptions?)\b"
    r"(?!.*\b(?:number\b|per\b.{0,20}share|in shares))",
    re.IGNORECASE,
)
"""What is done to shares for money: "repurchase of common shares" is no number of them."""
_HEADER_WORD = re.compile(
    r"(?:19|20)\d\d|本期|上期|期末|期初|年末|年初|本年|上年|本报告期|金额|比例|增减|增长|季度|合计"
    r"|current|prior|change|total",
    re.IGNORECASE,
)
_UNIT_ALONE = re.compile(
    r"\s*[（(]?\s*(?:金额|货币|计量)?单位|\s*[（(]?\s*(?:in |expressed in )|\s*units?\s*[:：]"
    r"|.{0,40}[（(]\s*(?:(?:dollars|amounts|[$£€¥])\s+)?(?:in\s+)?(?:thousand|million|billion)s\b",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?!.*[%％])")
_MARK = re.compile(MARKS, re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LIKE_YEAR = re.compile(r"(?:19|20)\d\d|[(（](?:19|20)\d\d[)）]")
_TIME = re.compile(
    r"年份|时间|日期|年限|届次|成立|上市|起止|期限|\b(?:years?|dates?|since|founded)\b",
    re.IGNORECASE,
)
_SHARE_CODES = frozenset({"%", "pp", "times"})


def table_unit(unit: str, cells: Sequence[GridCell], top: int) -> str:
    """Return the unit of a table: as printed above it, else as its headers announce it.

    Headers end above the row ``top``; what stands over labels holds for all columns.
    """
    labels = label_columns(cells, top)
    for cell in (c for c in cells if c.row < top):
        unit = (
            unit
            or _announced_alone(cell.text)
            or (cell.column in labels and label_unit(cell.text))
            or ""
        )
    return _with_currency(unit, cells, top)


def _with_currency(unit: str, cells: Sequence[GridCell], top: int) -> str:
    """Return a scale alone ("In millions") with the one currency that figures are marked with."""
    meaning = read_unit(unit) if unit else None
    if meaning is None or meaning.code:
        return unit
    marks = {
        fold(mark[0]).strip()
        for cell in cells
        if cell.row >= top and (mark := _MARK.match(cell.text.lstrip("(（-"))) is not None
    }
    said = f"{marks.pop()} {unit}" if len(marks) == 1 else unit
    return said if read_unit(said) is not None else unit


def label_columns(cells: Sequence[GridCell], top: int) -> frozenset[int]:
    """Return the columns from the left on whose cells, from row ``top`` on, are mostly words."""
    words: dict[int, int] = {}
    for cell in cells:
        if cell.row >= top:
            figure = amount_of(cell.plain) is not None
            words[cell.column] = words.get(cell.column, 0) + (-1 if figure else 1)
    columns = sorted(words)
    leading = takewhile(lambda column: words[column] > 0, columns)
    return frozenset(leading) | frozenset(columns[:1])


def _announced_alone(text: str) -> str:
    """Return the unit of a cell that says nothing else; it holds for the whole table."""
    return announced_unit(text) if _UNIT_ALONE.match(text) else ""


def typed(
    cells: Sequence[GridCell], unit: str, headers: int, heads: Mapping[int, tuple[str, ...]]
) -> list[GridCell]:
    """Return the cells with each figure's unit in ``plain``; other numbers have none.

    A figure's own unit wins; then a ratio's unit of its column; then its row's, that of the rows
    it stands under (``heads``), its column's and the table's. Note, serial and code numbers are no
    figures.
    """
    top, left = min((c.row for c in cells), default=0), min((c.column for c in cells), default=0)
    cells = _with_year_like(cells, top + headers, left)
    rows = by_row(cells)
    serial = _serial_columns(cells, left)
    large = _large_columns(cells, top + headers)
    said = table_unit(unit, cells, top + headers)
    units = _Columns(said, label_columns(cells, top + headers), large)
    title = _of_ratios(rows[top], left) if headers else ()
    half = _second_labels(cells, top + headers)
    out: list[GridCell] = []
    labels: dict[int, str] = {}
    for number in sorted(rows):
        row = rows[number]
        if number < top + headers:
            units.head(row)
            out.extend(row)
            continue
        if _is_inner_header(row, left):
            units.restart(row)
        first = row[0]
        if not is_figure(first.text):
            labels.update(
                dict.fromkeys(
                    range(first.row, min(first.last_row, first.row + 500) + 1), first.text
                )
            )
        over = (*title, *heads.get(number, ()))
        for cell, label in _labelled(row, _under(over, labels.get(number, "")), half):
            if cell.column in serial:
                out.append(cell._replace(plain=""))
            else:
                out.append(cell._replace(plain=_plain(cell.plain, units.of(cell.column, label))))
    return out


def _of_ratios(header: Sequence[GridCell], left: int) -> tuple[str, ...]:
    """Return the title over a table's labels if it says that all of its figures are ratios."""
    return tuple(c.text for c in header if c.column == left and _RATIOS.search(c.text))[:1]


def _with_year_like(cells: Sequence[GridCell], top: int, left: int) -> Sequence[GridCell]:
    """Return the cells with figures that look like years (1984 in millions) as figures.

    Such a one stands in a row and in a column of other figures, below the headers, and neither
    a title over it nor the words in its row speak of a time.
    """
    likely = [
        c for c in cells if c.row >= top and c.column > left and _LIKE_YEAR.fullmatch(c.plain)
    ]
    if not likely:
        return cells
    times = [c for c in cells if _TIME.search(c.text)]
    rows = {c.row for c in times if c.row >= top}
    columns = {c.column for c in times if c.row < top}
    likely = [c for c in likely if c.row not in rows and c.column not in columns]
    figures = [c for c in cells if c.row >= top and amount_of(c.plain) is not None]
    in_rows, in_columns = {c.row for c in figures}, {c.column for c in figures}
    found = {id(c) for c in likely if c.row in in_rows and c.column in in_columns}
    return [c._replace(plain=_grouped(c.plain)) if id(c) in found else c for c in cells]


def _grouped(figure: str) -> str:
    """Return ``(1984)`` as ``(1,984)``, which is no year."""
    return _YEAR.sub(lambda digits: f"{int(digits[0]):,}", figure)


def _under(heads: Sequence[str], label: str) -> str:
    """Return a label with the nearest heading above it that says what kind of figures follow."""
    if label_unit(label) or any(kind.search(label) for kind in (_RATIO, _NOT_MONEY)):
        return label
    says = (_PER_SHARE, _RATIO, _NOT_MONEY) if not _PER_SHARE.search(label) else ()
    for head in reversed(heads):
        if label_unit(head) or any(kind.search(head) for kind in says):
            return f"{label} {head}"
    return label


@lru_cache(maxsize=16384)
def _plain(text: str, unit: str) -> str:
    """Return a figure without a unit of its own as a plain number with ``unit``."""
    amount = amount_of(text)
    if amount is None or not unit:
        return text
    if amount.unit:
        return _marked(text, amount, unit)
    scaled = read_amount(text, unit)
    if scaled is None or not scaled.unit:
        return text
    plain = f"{scaled.value:f}{print_unit(scaled.unit)}"
    return plain if read_amount(plain) == scaled else text


def _marked(text: str, amount: Amount, unit: str) -> str:
    """Return ``$1,234`` in a table of millions as millions: its mark says no scale."""
    bare = _MARK.sub("", fold(text), count=1)
    scaled = read_amount(bare, unit)
    unmarked = amount_of(bare)
    if scaled is None or unmarked is None or unmarked.unit or "/" in amount.unit:
        return text
    if scaled.unit not in {"", amount.unit}:
        return text
    plain = f"{scaled.value:f}{print_unit(amount.unit)}"
    return plain if read_amount(plain) == replace(scaled, unit=amount.unit) else text


def _second_labels(cells: Sequence[GridCell], top: int) -> int:
    """Return the column of labels of the right one of two tables in one grid; 0 if there is none.

    It has as many columns on its right as the first has, and no figure in it.
    """
    columns = sorted({c.column for c in cells})
    half, odd = divmod(len(columns), 2)
    if odd or half < _HALF:
        return 0
    inside = [c for c in cells if c.row >= top and c.column == columns[half]]
    plain = len(inside) >= _LABELS and not any(is_figure(c.text) for c in inside)
    return columns[half] if plain else 0


def _labelled(row: Sequence[GridCell], first: str, half: int) -> Iterator[tuple[GridCell, str]]:
    """Yield each cell with the nearest text to its left that names a unit, or the row's first text.

    What stands from column ``half`` on has labels of its own. In one pass: a row may have thousands
    of cells.
    """
    nearest = ""
    for cell in row:
        if half and cell.column == half:
            nearest, first = "", cell.text
        yield cell, nearest or first
        if not is_figure(cell.text) and label_unit(cell.text):
            nearest = cell.text


@dataclass(slots=True)
class _Columns:
    """The units that headers give to columns; a header inside the table starts them anew."""

    table: str
    labels: frozenset[int]
    large: frozenset[int] = frozenset()
    units: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    def head(self, row: Sequence[GridCell]) -> None:
        """Take up a header row."""
        for cell in row:
            unit = label_unit(cell.text)
            alone = _announced_alone(cell.text)
            for column in range(cell.column, min(cell.last_column, cell.column + 500) + 1):
                self.titles[column] = f"{self.titles.get(column, '')} {cell.text}"
                if unit and column not in self.labels and not alone:
                    self.units[column] = unit

    def restart(self, row: Sequence[GridCell]) -> None:
        """Take up a header that stands between rows of figures."""
        for cell in row:
            for column in range(cell.column, min(cell.last_column, cell.column + 500) + 1):
                self.units.pop(column, None)
                self.titles.pop(column, None)
        self.head(row)

    def of(self, column: int, label: str) -> str:
        """Return the unit of a figure by its column and its row's label; empty if unknown."""
        mine, title = self.units.get(column, ""), self.titles.get(column, "")
        if column in self.large and _code(mine) in _SHARE_CODES:
            # Amounts under the title of shares: whose title it is remains open.
            return its if _code(its := label_unit(label)) not in {"", *_SHARE_CODES} else ""
        return _unit(self.table, mine, title, label)


@lru_cache(maxsize=16384)
def _unit(table: str, mine: str, title: str, label: str) -> str:
    """Return the unit of a figure by the units of its table and column, its title and label."""
    its = label_unit(label)
    if (
        mine
        and _code(mine) in _SHARE_CODES
        and (_code(mine) == "%" or _code(its) not in _SHARE_CODES)
    ):
        return mine
    if its and not _RATIO.search(title):
        return _per_share(its) if _PER_SHARE.search(label) else its
    if _RATIO.search(title) or _RATIO.search(label):
        return its if _code(its) in _SHARE_CODES else ""
    around = mine or table
    if _OF_MONEY.match(label):
        return around
    if _NOT_MONEY.search(label) and "shares" in label.lower():
        return ""  # in thousands, or in ones, as a remark somewhere says
    if _PER_SHARE.search(label) or _PER_SHARE.search(title):
        code = _code(around)
        return _per_share(print_unit(code)) if len(code) == 3 else ""
    if _NOT_MONEY.search(label) or _NOT_MONEY.search(title):
        # Money is no unit of a count, but a count's own unit is: 单位：股 above 数量.
        return "" if len(_code(around)) == 3 and _code(around).isupper() else around
    return around


def _per_share(unit: str) -> str:
    """Return a currency's unit as one per share; other units stay."""
    money = read_unit(unit)
    plain = money is not None and len(money.code) == 3 and money.code.isupper()
    return f"{unit}/股" if plain and read_unit(f"{unit}/股") is not None else unit


def _code(unit: str) -> str:
    meaning = read_unit(unit) if unit else None
    return meaning.code if meaning is not None else ""


def _is_inner_header(row: Sequence[GridCell], left: int) -> bool:
    """Tell a row of column titles between rows of figures."""
    beside = [c for c in row if c.column > left]
    return (
        len(beside) >= 2
        and not any(is_figure(c.text) for c in beside)
        and sum(bool(_HEADER_WORD.search(c.text)) for c in beside) * 2 > len(beside)
    )


def _large_columns(cells: Sequence[GridCell], top: int) -> frozenset[int]:
    """Return the columns most of whose figures are in groups of three digits: no percentages."""
    counts: dict[int, int] = {}
    for cell in cells:
        if cell.row >= top and any(map(str.isdigit, cell.text)) and is_figure(cell.text):
            counts[cell.column] = counts.get(cell.column, 0) + (
                1 if _GROUPED.search(cell.text) else -1
            )
    return frozenset(column for column, count in counts.items() if count > 0)


def _serial_columns(cells: Sequence[GridCell], left: int) -> set[int]:
    """Return the columns of note references, serial numbers and codes, and the label column."""
    columns: dict[int, list[GridCell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    found = set()
    for column, members in columns.items():
        head = any(_SERIAL_HEADER.fullmatch(c.text.strip()) for c in members[:3])
        figures = [c for c in members if is_figure(c.text)]
        is_label = column == left and len(figures) * 2 <= len(members)
        if head or is_label or _counts_up(figures) or (column != left and _are_references(members)):
            found.add(column)
    return found


def _counts_up(members: Sequence[GridCell]) -> bool:
    numbers = [c.text for c in members]
    return len(numbers) >= 2 and numbers == [str(i) for i in range(1, len(numbers) + 1)]


def _are_references(members: Sequence[GridCell]) -> bool:
    """Tell a column in which more cells look like 七、12 than like anything else."""
    hits = sum(bool(_REFERENCE.fullmatch(c.text)) for c in members)
    return hits >= 2 and hits * 2 > len(members)
