"""Finds in a report's tables how a figure divides into parts, each proved by their sum.

Net sales        2031   2030        a total is where the figures just above it add up to it
  Pumps           700    650        (or those to the left of it);
  Valves          300    250        what it is of and when is told by the company's own figure
  Total         1,000    900        that it is equal to: no header has to be believed
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from yanku.finance.labels import plain
from yanku.finance.partnames import kinds_of, name_of, says_nothing, standing_of
from yanku.finance.periods import is_twelve_months
from yanku.finance.scale import SCALES
from yanku.model.amount import Amount
from yanku.model.breakdown import Breakdown, Kind, Part, Standing
from yanku.model.document import Cell, Document, Table
from yanku.model.finance import Confidence, Consolidation, Fact, Period

SALES = frozenset({"operating_revenue", "total_operating_revenue", "net_sales"})
"""What is divided in reports of every kind; other figures only into the same parts."""
OTHERS = frozenset({"operating_profit", "profit_before_tax", "gross_profit_printed",
                    "operating_cost", "depreciation_amortization", "total_assets"})  # fmt: skip
_PROFIT = re.compile(
    r"\b(?:operating|segment|contribution) (?:profit|income|earnings|margin|result|\(?loss)"
    r"|\b(?:income|profit|earnings) from operations|\bebitd?a?r?\b|\bsegment (?:operating )?ebit"
    r"|\bprofit (?:\(loss\) )?by segment|\bearnings before"
)
_OF_SALES = re.compile(r"\b(?:total|net|operating) (?:sales|revenues?)\b")
_TOTAL = re.compile(r"\b(?:total|subtotal|consolidated|combined|net (?:sales|revenues?))\b|^$")
_NIL = frozenset({"-", "—", "–", "$-", "$—", "$–", "$ -", "$ —", "$ –", "nil"})
_DATES = re.compile(
    r"\b(?:for the )?(?:fiscal |financial )?(?:years?|quarters?|(?:three|six|nine|twelve) months"
    r"|\d\d weeks) end(?:ed|ing)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r" \d{1,2},?|\b(?:fiscal|fy)\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NEAR = 3
"""Texts before a table that may say what its rows are."""
_Whole = dict[Decimal, set[tuple[str, Period]]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One figure in line with others: what it is called, and the line it is the sum of, if any."""

    part: Part
    value: Decimal


@dataclass
class _Line:
    """A column read downwards, or a row read to the right."""

    labels: Sequence[tuple[str, str, str]]
    """Of each entry the name, the printed row and the printed column."""
    cells: Sequence[Cell | None]
    heads: Sequence[str]
    """What was last printed alone in a line above each entry."""
    said: str
    """The header of the column, or the label of the row."""
    period: Period | None = None


@dataclass
class _Found:
    breakdowns: list[Breakdown] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def breakdowns_of(document: Document, facts: Iterable[Fact]) -> tuple[Breakdown, ...]:
    """Return every division that the tables of a document prove, in the order they stand.

    ``facts`` are the document's own. Sales may be divided into any parts; other figures count
    where they are divided into parts that sales are divided into too.
    """
    whole = _own_figures(facts)
    if not whole:
        return ()
    sales: list[Breakdown] = []
    rest: list[Breakdown] = []
    near: list[str] = []
    for block in document.body:
        if not isinstance(block, Table):
            near = [*near[-_NEAR + 1 :], block.text]
            continue
        for one in _in_table(block, whole, near):
            (sales if one.metrics & SALES else rest).append(one)
    names = {part.name for one in sales for part in one.total.every()}
    others = [
        one
        for one in rest
        if _of_segments(one.total) or len({p.name for p in one.total.every()} & names) > 1
    ]
    kinds = _kinds_by_names(sales)
    return (*sales, *(_with_kinds(one, kinds) for one in others))


def _kinds_by_names(sales: Sequence[Breakdown]) -> dict[frozenset[str], frozenset[Kind]]:
    return {frozenset(part.name for part in one.parts): one.kinds for one in sales}


def _with_kinds(one: Breakdown, known: Mapping[frozenset[str], frozenset[Kind]]) -> Breakdown:
    """Return a breakdown with what the same parts are said to be where sales are divided."""
    names = {part.name for part in one.parts}
    also = [kinds for parts, kinds in known.items() if len(parts & names) > 1]
    return replace(one, kinds=one.kinds.union(*also))


def _own_figures(facts: Iterable[Fact]) -> _Whole:
    """Return the company's figures that may be divided, by their value."""
    whole: _Whole = {}
    for fact in facts:
        sure = fact.confidence is not Confidence.DOUBTFUL
        own = fact.consolidation is Consolidation.CONSOLIDATED and fact.amount.value != 0
        if sure and own and fact.metric in SALES | OTHERS:
            whole.setdefault(fact.amount.value, set()).add((fact.metric, fact.period))
    return whole


def _in_table(table: Table, whole: _Whole, near: Sequence[str]) -> Iterator[Breakdown]:
    grid = _Grid(table, whole)
    around = (table.caption, *reversed(near))
    seen: set[tuple[str, Period, frozenset[tuple[str, Decimal]]]] = set()
    for one in (*grid.down(), *grid.across()):
        kinds = kinds_of([part.name for part in one.parts], (one.total.row, *around))
        parts = frozenset((part.name, part.amount.value) for part in one.parts)
        key = (" ".join(sorted(one.metrics)) or one.measure, one.period, parts)
        if key not in seen:
            seen.add(key)
            yield replace(one, kinds=kinds)


class _Grid:
    """A table with the company's own figures that tell which of its sums are what."""

    def __init__(self, table: Table, whole: _Whole) -> None:
        self._whole = whole
        units = (c.amount.unit for c in table.cells if c.amount is not None and _is_money(c))
        self._unit = next(units, "")
        self._rows: dict[int, dict[int, Cell]] = {}
        for cell in table.cells:
            if cell.text.strip():
                self._rows.setdefault(cell.row, {})[cell.column] = cell
        self._order = sorted(self._rows)
        self._scale = Decimal(1)
        if not table.unit:
            self._scale = self._scale_by_figures()
        self._last = _last_digit(table) * self._scale
        self._headers = self._over_columns()

    def _scale_by_figures(self) -> Decimal:
        """Return by how much the figures of a table that names no unit are to be multiplied."""
        values = {c.amount.value for row in self._rows.values() for c in row.values() if c.amount}
        found = [s for s in SCALES if any(value * s in self._whole for value in values if value)]
        return found[0] if len(found) == 1 else Decimal(1)

    def _over_columns(self) -> dict[int, str]:
        """Return what stands over each column, its dates left out."""
        texts: dict[int, list[str]] = {}
        for number in self._order:
            row = self._rows[number]
            if any(cell.amount is not None and not _is_year(cell) for cell in row.values()):
                break
            if set(row) == {0} and texts:
                break  # A title of rows.
            for cell in row.values():
                for column in range(cell.column, cell.column + cell.column_span):
                    texts.setdefault(column, []).append(cell.text)
        return {column: " ".join(" ".join(found).split()) for column, found in texts.items()}

    def _label(self, number: int) -> str:
        row = self._rows[number]
        first = row[min(row)]
        return " ".join(first.text.split()) if first.amount is None and min(row) < 2 else ""

    def down(self) -> Iterator[Breakdown]:
        """Yield the divisions whose parts stand one below the other."""
        columns = sorted({column for row in self._rows.values() for column in row})
        for column in columns[1:] if len(columns) > 1 else ():
            labels, cells, heads = [], [], []
            head = ""
            header = self._headers.get(column, "")
            for number in self._order:
                row, label = self._rows[number], self._label(number)
                if len(row) == 1 and label:
                    head = label
                if column not in row or (row[column].amount is None and not _is_nil(row[column])):
                    continue
                labels.append((name_of(label), label, header))
                cells.append(row[column])
                heads.append(head)
            yield from self._divided(_Line(labels, cells, heads, header))

    def across(self) -> Iterator[Breakdown]:
        """Yield the divisions whose parts stand side by side."""
        period: Period | None = None
        for number in self._order:
            row, label = self._rows[number], self._label(number)
            if len(row) == 1 and label:
                period = None
            columns = [c for c in sorted(row) if c > 0 and c in self._headers]
            labels = [
                (name_of(_DATES.sub(" ", self._headers[c])), label, self._headers[c])
                for c in columns
            ]
            corner = self._headers.get(0, "")
            line = _Line(labels, [row[c] for c in columns], [corner] * len(columns), label, period)
            for one in self._divided(line):
                period = one.period
                yield one

    def _divided(self, line: _Line) -> Iterator[Breakdown]:
        """Yield a division for every figure that is the sum of those before it."""
        stack: list[_Entry] = []
        period = line.period
        for (name, row, column), cell, head in zip(
            line.labels, line.cells, line.heads, strict=True
        ):
            if cell is None or not (_is_money(cell) or _is_nil(cell)):
                continue
            value = cell.amount.value * self._scale if cell.amount is not None else Decimal(0)
            own = {
                pair for pair in self._whole.get(value, ()) if _may_be_of(pair[1], line.said, head)
            }
            said = column if line.said == row else row
            count = (
                self._adds_up(stack, value, bool(own)) if own or _TOTAL.search(plain(said)) else 0
            )
            amount = Amount(value, self._unit)
            part = Part(name, amount, cell.place, row, column, standing=standing_of(name))
            if count:
                members = stack[-count:]
                del stack[-count:]
                part = replace(part, parts=_flattened([entry.part for entry in members]))
                found = self._breakdown(part, own, line, head, period)
                if found is not None:
                    period = period or found.period
                    yield found
            stack.append(_Entry(part, value))

    def _adds_up(self, stack: Sequence[_Entry], value: Decimal, own: bool) -> int:
        """Return how many of the last figures add up to a value, two at least; 0 if none do.

        The company's own figure may be apart from the sum by what rounding leaves.
        """
        total = Decimal(0)
        loose = 0
        unit = self._last
        for count, entry in enumerate(reversed(stack), start=1):
            total += entry.value
            if count < 2 or not value:
                continue
            if total == value:
                return count + _nil_before(stack, count)
            rounded = abs(total - value) <= unit * (count // 2) and unit * 1000 < abs(value)
            if own and rounded and not loose:
                loose = count
        return loose

    def _breakdown(
        self,
        total: Part,
        own: set[tuple[str, Period]],
        line: _Line,
        head: str,
        known: Period | None,
    ) -> Breakdown | None:
        if len(total.parts) < 2 or any(says_nothing(part.name) for part in total.parts):
            return None
        if sum(part.standing is Standing.RUN for part in total.parts) < 2:
            return None
        if len({part.name for part in total.parts}) < len(total.parts):
            return None
        across = line.said == total.row
        measure = total.row if across else self._measure(total.row, head, line.said)
        periods = {period for _, period in own}
        if len(periods) == 1:
            metrics = frozenset(metric for metric, _ in own)
            return Breakdown(metrics, measure, periods.pop(), total)
        known = known or self._of_year(line.said, head)
        if own or known is None:
            return None
        said = plain(measure)
        if _PROFIT.search(said) or (_of_segments(total) and _OF_SALES.search(said)):
            return Breakdown(frozenset(), measure, known, total)
        return None

    def _measure(self, label: str, head: str, header: str) -> str:
        """Return the printed words that say what a column's parts add up to."""
        for text in (label, head, header):
            if _PROFIT.search(plain(text)):
                return text
        return head or label

    def _of_year(self, *texts: str) -> Period | None:
        """Return the company's year that a header names, where it names one."""
        years = {int(year) for text in texts for year in _YEARS.findall(text)}
        known = {
            period
            for pairs in self._whole.values()
            for _, period in pairs
            if is_twelve_months(period) and period.end.year in years
        }
        return known.pop() if len(years) == 1 and len(known) == 1 else None


def _of_segments(total: Part) -> bool:
    """Tell whether a total says itself that it is of the segments."""
    return "segment" in plain(f"{total.row} {total.column}")


def _nil_before(stack: Sequence[_Entry], count: int) -> int:
    """Return how many parts of nothing stand before the last ``count``: they are parts as well."""
    more = 0
    while count + more < len(stack) and not stack[-count - more - 1].value:
        more += 1
    return more


def _flattened(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with those of a sum that has no name of its own: total of the segments."""
    found: list[Part] = []
    for part in parts:
        if part.parts and not part.name:
            found += part.parts
        else:
            found.append(part)
    return tuple(found)


def _may_be_of(period: Period, *said: str) -> bool:
    """Tell whether a figure's period is one of the years that stand over it, if any do."""
    years = {int(year) for text in said for year in _YEARS.findall(text)}
    start = period.start or period.end
    return not years or bool(years & {period.end.year, start.year})


def _last_digit(table: Table) -> Decimal:
    """Return what one in the last digit that a table prints is worth, before it is scaled."""
    for cell in table.cells:
        if cell.amount is None or not _is_money(cell) or not cell.amount.value:
            continue
        printed = _DIGITS.search(cell.text)
        if printed is not None and (number := Decimal(printed[0].replace(",", ""))):
            decimals = len(printed[0].partition(".")[2])
            return abs(cell.amount.value) / number / Decimal(10) ** decimals
    return Decimal(1)


def _is_money(cell: Cell) -> bool:
    amount = cell.amount
    if amount is None or _is_year(cell):
        return False
    return amount.unit != "%" and not amount.unit.endswith("/share") and "%" not in cell.text


def _is_year(cell: Cell) -> bool:
    return _YEARS.fullmatch(cell.text.strip()) is not None


def _is_nil(cell: Cell) -> bool:
    return cell.text.strip().lower() in _NIL
