"""Takes from the sheets of a workbook the figures whose company, measure and period they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from yanku.finance.columns import Column, Role, Setting, columns_of, says_forecast
from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.owners import called, is_workbook, listed, owner_of
from yanku.finance.periods import closing
from yanku.finance.rows import headers_by_column, rows_of
from yanku.model.amount import Amount, read_amount, read_unit
from yanku.model.document import Cell, Document, Heading, Table
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    ReportKind,
    Statement,
)
from yanku.model.place import Place

_AHEAD = re.compile(
    r"预测|预计|预期|假设|测算|预算|目标|情景|敏感|模拟|forecast|estimate|budget|scenario|assumption"
    r"|pro forma"
)
"""A sheet of what may be: none of its figures has been counted."""
_PART = re.compile(
    r"分产品|分地区|分行业|分业务|分部|分渠道|分客户|子公司|单体|拆分|by (?:segment|product|region)"
)
"""A sheet of parts of a company: none of its figures is the company's."""
_PARENT = re.compile(r"(?<!归属于)(?<!归属)母公司(?!股东|所有者|净利|权益)|parent company")
_BRACKET = re.compile(r"[(（\[【]\s*(?:单位\s*[:：]\s*)?([^()（）\[\]【】]{1,16})[)）\]】]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHICH = {
    "period": r"报告期|期间|年度|年份|年|日期|季度|报告日|截止日|会计期间|period|year|date|quarter",
    "metric": r"指标(?:名称)?|项目(?:名称)?|科目(?:名称)?|metric|item|line item|account|indicator",
    "value": r"(?:指标)?(?:数值|数额|值)|金额|value|amount",
    "unit": r"(?:计量)?单位|units?|币种单位",
}
_TITLES = {
    key: re.compile(rf"(?:{pattern})(?:[(（].{{0,12}}[)）])?") for key, pattern in _WHICH.items()
}
_SHORT_YEAR = re.compile(r"(?<![\d.A-Za-z])(?P<y>\d\d)(?=[QqHh][1-4](?!\d))")
_QUARTER_FIRST = re.compile(r"(?<![\d.A-Za-z])(?P<q>[1-4])[Qq](?:20)?(?P<y>\d\d)(?!\d)")
_SETTING = Setting(ReportKind.OTHER, None)


def book_facts(
    document: Document, profile: Profile, ontology: Ontology, read: Collection[Fact]
) -> list[Fact]:
    """Return the figures of a workbook's sheets beside those ``read`` under titles of statements.

    Four layouts are known: measures down and periods across, measures across beside companies or
    periods, measures down and companies across, and one figure a line with its names beside it. A
    figure without company, period or unit is none.
    """
    if not is_workbook(document):
        return []
    sheets = list(_sheets(document))
    owner = owner_of(document, profile, [text for sheet in sheets for text in sheet.texts])
    held = {fact.place for fact in read}
    found: list[Fact] = []
    for sheet in sheets:
        said = " ".join(map(plain, sheet.texts))
        if not _AHEAD.search(said) and not _PART.search(said):
            found += _Reading(sheet, owner, ontology, held).facts()
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table of a sheet, and the texts over it: the sheet's name, lines above, its title."""

    table: Table
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a figure so far; what is None is not said yet."""

    company: Company | None = None
    column: Column | None = None
    metric: Metric | None = None
    label: str = ""
    unit: str = ""


def _sheets(document: Document) -> Iterator[_Sheet]:
    texts: list[str] = []
    for block in document.body:
        if isinstance(block, Table):
            yield _Sheet(block, (*texts, block.caption) if block.caption else tuple(texts))
        else:
            texts = [block.text] if isinstance(block, Heading) else [*texts, block.text]


class _Reading:
    """One pass over a table of a sheet."""

    def __init__(
        self, sheet: _Sheet, owner: Company | None, ontology: Ontology, held: Collection[Place]
    ) -> None:
        table = sheet.table
        self._ontology = ontology
        self._held = held
        self._rows = rows_of(table)
        top = max(table.header_rows, 1)
        self._heads = [row for row in self._rows if row.number < top]
        self._body = [row for row in self._rows if row.number >= top]
        self._titles = {c.column: c.text for row in self._heads for c in row.cells}
        said = " ".join(sheet.texts)
        self._owner = called(sheet.texts, owner)
        self._period = _period_in(said)
        self._unit = table.unit or _unit_in(said)
        parent = _PARENT.search(plain(said)) is not None
        self._whose = Consolidation.PARENT if parent else Consolidation.CONSOLIDATED

    def facts(self) -> Iterator[Fact]:
        """Yield the figures of the table."""
        where = {key: self._column(pattern) for key, pattern in _TITLES.items()}
        companies = listed(self._titles, self._body)
        if where["metric"] is not None and where["value"] is not None:
            yield from self._lines(where, companies)
        elif companies or where["period"] is not None:
            yield from self._records(where["period"], companies)
        else:
            yield from self._down()

    def _column(self, pattern: re.Pattern[str]) -> int | None:
        fits = (c for c, text in sorted(self._titles.items()) if pattern.fullmatch(plain(text)))
        return next(fits, None)

    def _lines(self, where: dict[str, int | None], companies: dict[int, Company]) -> Iterator[Fact]:
        """Yield from lines of one figure each: company, period, measure, figure, unit."""
        for row in self._body:
            cells = {cell.column: cell for cell in row.cells}
            text = {key: cells[n].text for key, n in where.items() if n is not None and n in cells}
            label, value = text.get("metric", ""), cells.get(where["value"] or 0)
            if value is not None and label:
                known = _Known(
                    companies.get(row.number) or (None if companies else self._owner),
                    _column_of(text.get("period", "")) or _column_of(label) or self._period,
                    self._metric(label),
                    label,
                    text.get("unit", ""),
                )
                yield from self._fact(value, known)

    def _records(self, when: int | None, companies: dict[int, Company]) -> Iterator[Fact]:
        """Yield from lines of one company or period each, with a measure over each column."""
        over = {column: self._said(text) for column, text in self._joined().items()}
        for row in self._body:
            dated = next((c.text for c in row.cells if c.column == when), "")
            company = companies.get(row.number) or (None if companies else self._owner)
            for cell in row.cells:
                known = over.get(cell.column)
                if known is not None and company is not None:
                    column = _column_of(dated) or known.column or self._period
                    yield from self._fact(cell, replace(known, company=company, column=column))

    def _down(self) -> Iterator[Fact]:
        """Yield from lines of one measure each, under periods or under companies."""
        heads = headers_by_column(self._heads)
        columns = columns_of({n: list(map(_dated, over)) for n, over in heads.items()}, _SETTING)
        dated = {n: c for n, c in columns.items() if c.role is Role.VALUE and n}
        across = listed({c: t for c, t in self._titles.items() if c}, (), across=True)
        whose = across if not columns and self._period is not None else {}
        for row in self._body:
            label = row.cells[0].text
            known = _Known(self._owner, None, self._metric(label), label)
            for cell in row.cells[1:]:
                if cell.column in dated:
                    yield from self._fact(cell, replace(known, column=dated[cell.column]))
                elif cell.column in whose:
                    company = whose[cell.column]
                    yield from self._fact(
                        cell, replace(known, company=company, column=self._period)
                    )

    def _joined(self) -> dict[int, str]:
        """Return the texts over each column, of several rows of headers joined."""
        heads = headers_by_column(self._heads)
        first = {n: [text] for n, text in self._titles.items() if n not in heads}
        return {n: " ".join(dict.fromkeys(texts)) for n, texts in {**first, **heads}.items()}

    def _said(self, text: str) -> _Known | None:
        """Return the measure over a column, and its period where that is named there."""
        metric = self._metric(text)
        if metric is None:
            return None
        return _Known(None, _column_of(text), metric, text)

    def _metric(self, label: str) -> Metric | None:
        """Return the measure that a label names beside a period and a unit."""
        written = plain(label)
        for stated in reversed(find_periods(written)):
            written = written[: stated.start] + written[stated.end :]
        written = _BRACKET.sub(lambda m: "" if read_unit(m[1]) else m[0], written).strip(" 的:：-_")
        found = self._ontology.metric_of(written, Statement.KEY_INDICATORS)
        return found or self._called(written)

    def _called(self, name: str) -> Metric | None:
        """Return the one measure that people call so, as analysts write it: 营收, 归母净利."""
        ontology = self._ontology
        named = next((key for said, key in ontology.names() if said == name), "")
        if not named or name in ontology.measure(named).loose:
            return None
        measure = ontology.measure(named)
        printed = "" if isinstance(measure, Metric) else measure.printed
        return measure if isinstance(measure, Metric) else ontology.metrics.get(printed)

    def _fact(self, cell: Cell, known: _Known) -> Iterator[Fact]:
        column, metric, company = known.column, known.metric, known.company
        if column is None or metric is None or company is None or cell.place in self._held:
            return
        period = column.instant if metric.instant else column.duration
        amount = self._amount(cell, metric, known.unit or _unit_in(known.label))
        if period is None or amount is None or column.role is not Role.VALUE:
            return
        yield Fact(
            company=company,
            metric=metric.id,
            label=" ".join(known.label.split()),
            period=period,
            consolidation=self._whose,
            statement=Statement.OTHER,
            amount=amount,
            place=cell.place,
            column=column.text,
        )

    def _amount(self, cell: Cell, metric: Metric, unit: str) -> Amount | None:
        """Return a figure in the unit of its measure; without a unit anywhere there is none."""
        if cell.amount is None:
            return None
        printed = cell.stored if _is_number(cell.stored) and "%" not in cell.text else cell.text
        if metric.unit == "money":
            amount = read_amount(printed, unit) if unit else cell.amount
            if amount is not None and not amount.unit and self._unit:
                amount = read_amount(printed, self._unit)
            return amount if amount is not None and _CURRENCY.fullmatch(amount.unit) else None
        again = read_amount(printed, unit)
        if again is None:
            return None
        if metric.unit == "per_share":
            currency = cell.amount.unit.removesuffix("/share")
            known = currency if _CURRENCY.fullmatch(currency) else "CNY"
            return Amount(again.value, f"{known}/share")
        needs = {metric.code} if metric.unit == "%" else {"", metric.code}
        return Amount(again.value, metric.code) if again.unit in needs else None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None


def _unit_in(text: str) -> str:
    """Return the unit in the last brackets of a text that hold one."""
    units = [m[1] for m in _BRACKET.finditer(text) if read_unit(m[1]) is not None]
    return units[-1] if units else ""


def _column_of(text: str) -> Column | None:
    """Return the period that a text of its own or a header with a measure names."""
    text = _dated(text)
    if says_forecast(text):
        return Column(Role.ASIDE, text)
    alone = columns_of({0: [text]}, _SETTING).get(0)
    return alone if alone is not None and alone.role is Role.VALUE else _period_in(text)


def _dated(text: str) -> str:
    """Return a header with 24Q1 and 1Q24 as 2024Q1."""
    text = _QUARTER_FIRST.sub(r"20\g<y>Q\g<q>", text)
    return _SHORT_YEAR.sub(r"20\g<y>", text)


def _period_in(text: str) -> Column | None:
    """Return the one period that a text names, as a column's."""
    periods: set[Period] = {stated.period for stated in find_periods(plain(text))}
    if len(periods) != 1:
        return None
    period = periods.pop()
    said = next(plain(text)[s.start : s.end] for s in find_periods(plain(text)))
    if period.is_instant:
        return Column(Role.VALUE, said, None, period)
    return Column(Role.VALUE, said, period, closing(period))
