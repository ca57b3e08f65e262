"""Takes from a document's statements and key indicators the facts they print, and no others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from yanku.finance.above import headers_above, over_days, stretch_above
from yanku.finance.agreement import repeated
from yanku.finance.around import setting_of
from yanku.finance.books import book_facts
from yanku.finance.by_share import by_share
from yanku.finance.columns import Column, Role, columns_of
from yanku.finance.distinct import Key, contradict, distinct, key_of, undisputed
from yanku.finance.dividends import dividends_in
from yanku.finance.gathered import gathered_lines, parts_in
from yanku.finance.identities import checked
from yanku.finance.kindred import settled
from yanku.finance.labels import bare
from yanku.finance.legible import doubted
from yanku.finance.mistaken import pictures_of, unmistaken
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.ownname import impersonal
from yanku.finance.periods import closing
from yanku.finance.rows import Row, headers_by_column, is_label, rows_of
from yanku.finance.scale import currency_of, is_off_scale, says_scale, says_unit
from yanku.finance.signs import costs_positive
from yanku.finance.titled import Titled, titled_tables
from yanku.model.amount import Amount, read_amount, read_unit
from yanku.model.document import Cell, Document
from yanku.model.finance import (
    SECOND_READING,
    Check,
    Company,
    Fact,
    Period,
    Profile,
    Statement,
)

_CURRENCY = re.compile(r"[A-Z]{3}")
_BRACKET = re.compile(r"[(（]([^()（）]{1,16})[)）]\s*[:：]?\s*$")
_YUAN = re.compile(r"-?\(?\d{3}(?:,\d{3}){2,}\.\d\d\)?|-?\(?\d{1,2}(?:,\d{3}){3,}\.\d\d\)?")
"""A figure that can only be 元: to the 分, and past any company's size if it were 万元."""
_OF_SALES = re.compile(r"revenue|sales", re.IGNORECASE)
"""A first line that says what it is: only below it can an operating income be anything else."""
_COSTS = frozenset(
    [
        "operating_cost",
        "total_operating_cost",
        "selling_general_administrative",
        "selling_expenses",
        "administrative_expenses",
        "rd_expenses",
    ]
)
"""What no bank prints above its operating income, which is a revenue: interest and fees are."""
_SALES = frozenset({"operating_revenue", "total_operating_revenue", "gross_profit_printed"})


def facts_of(document: Document, profile: Profile, ontology: Ontology) -> tuple[Fact, ...]:
    """Return the company's figures in a document, each with its place and its checks.

    Costs and payments are positive, also where a statement prints them in brackets. Only tables
    under titles of statements and indicators are read: figures of subsidiaries, segments and notes
    are never the company's. Without a company there is none but what a workbook's lines name.
    """
    whose = profile.company
    titled = _titled(document, profile, whose, ontology) if whose is not None else []
    found = [*settled(titled), *book_facts(document, profile, ontology, titled)]
    tested = unmistaken(checked(distinct(repeated(found))), pictures_of(document))
    beside = dividends_in(document, tested, profile, whose) if whose is not None else ()
    return tuple(doubted((*tested, *beside), document.flaws))


def _titled(
    document: Document, profile: Profile, company: Company, ontology: Ontology
) -> list[Fact]:
    """Return the figures of tables under titles of statements and indicators."""
    found: list[Fact] = []
    before: _Reading | None = None
    run: dict[Key, Decimal] = {}
    tables = titled_tables(document, ontology)
    scaled = any(says_scale(item.table) for item in tables)
    for item in tables:
        if not item.continues:
            before, run = None, {}
        reading = _Reading(item, profile, company, ontology, before, scaled)
        facts = costs_positive(reading.facts(), ontology)
        equity = item.section.statement is Statement.EQUITY
        if equity or (item.continues and contradict(facts, run)):
            continue
        before = reading
        run.update({key_of(fact): fact.amount.value for fact in facts})
        found.extend(facts)
    return found


class _Reading:
    """One pass over the rows of a table, carrying headers and the parts of labels along."""

    def __init__(
        self,
        item: Titled,
        profile: Profile,
        company: Company,
        ontology: Ontology,
        before: _Reading | None,
        scaled: bool = False,
    ) -> None:
        self._section = item.section
        self._profile = profile
        self._company = company
        self._ontology = ontology
        self._table = item.table
        self._setting = setting_of(item.section, profile)
        self._parent: str = before._parent if before is not None else ""
        self._used: set[int] = set()
        self._columns = self._inherited(before) if before is not None else {}
        self._above = headers_above(item.above, item.table)
        self._stretch = stretch_above(item.above, item.table)
        self._currency = currency_of(item.table)
        self._lent: str = before._unit if before is not None and not item.table.unit else ""
        self._unit: str = item.table.unit or self._lent
        self._unscaled = scaled and not self._lent and not says_unit(item.table)
        self._heading = ""
        self._costs: bool = before is not None and before._costs
        self._in_yuan = any(_YUAN.fullmatch(cell.text.strip()) for cell in item.table.cells)

    def _inherited(self, before: _Reading) -> dict[int, Column]:
        """Return the columns of the part before, in the places where this part's figures stand.

        The next page of a statement may be read as a grid without the empty column of notes;
        then as many figures as headers are in the headers' order, and anything else is no match.
        """
        filled = sorted({cell.column for cell in self._table.cells if cell.amount is not None})
        figured = {n: c for n, c in before._columns.items() if c.role is not Role.ASIDE}
        if set(filled) == set(figured):
            return before._columns
        if len(filled) == len(figured):
            return dict(zip(filled, figured.values(), strict=True))
        return before._columns if self._table.columns == before._table.columns else {}

    def facts(self) -> list[Fact]:
        """Return the facts of all rows."""
        found: list[Fact] = []
        header: list[Row] = []
        for row in rows_of(self._table):
            if row.header:
                header.append(row)
                continue
            if header:
                said = over_days(headers_by_column(header), self._stretch)
                self._columns, header = columns_of(said, self._setting), []
            if not self._columns:
                self._columns = self._from_above() or self._only_column()
            if not row.has_amounts:
                self._heading = row.cells[0].text
            found.extend(undisputed(list(self._row(row))))
        return [*found, *self._gathered({fact.metric for fact in found})]

    def _gathered(self, printed: Collection[str]) -> list[Fact]:
        """Return the parts of lines of which the statement prints no sum, each as its own fact."""
        found: list[Fact] = []
        for line in gathered_lines().values():
            if line.statement is not self._section.statement or line.metric in printed:
                continue
            rows = parts_in(line, rows_of(self._table), self._ontology)
            for part, row in zip(line.parts, rows, strict=False):
                metric = self._ontology.metrics[part]
                columns = self._aligned(row.cells)
                told = (
                    self._fact(cell, column, metric, row.cells[0].text)
                    for cell in row.cells
                    if (column := columns.get(cell.column)) is not None
                    and column.role is Role.VALUE
                    and cell.amount is not None
                )
                found += undisputed([fact for fact in told if fact is not None])
        return found

    def _from_above(self) -> dict[int, Column]:
        """Return the columns whose headers were read as lines above the table."""
        if self._above is None:
            return {}
        texts = {column: [text] for column, text in self._above.periods.items()}
        return columns_of(texts, self._setting)

    def _only_column(self) -> dict[int, Column]:
        """Return the one column of a list without headers (研发投入情况): the period's own."""
        filled = {cell.column for cell in self._table.cells if cell.amount is not None}
        period = self._setting.period
        if self._section.statement is not Statement.OTHER or len(filled) != 1 or period is None:
            return {}
        return {filled.pop(): Column(Role.VALUE, "", period, closing(period))}

    def _row(self, row: Row) -> Iterator[Fact]:
        """Yield the facts of one row; two statements side by side have two labels in it."""
        if not row.has_amounts:
            return
        label, metric = "", None
        columns = self._aligned(row.cells)
        for cell in row.cells:
            column = columns.get(cell.column)
            # The number of a note names no line, whether or not its column has a title.
            if cell.amount is None and (cell is row.cells[0] or is_label(cell.text)):
                metric, label = self._metric(cell.text, row)
            if column is None:
                continue
            if metric is None or column.role is not Role.VALUE or cell.amount is None:
                continue
            fact = self._fact(cell, column, self._by_share(metric, label, row), label)
            if fact is not None:
                self._costs = self._costs or self._begins(metric, label)
                yield fact
        if metric is not None and not self._ontology.is_part(label, metric, self._parent):
            self._parent = metric.id

    def _aligned(self, row: Sequence[Cell]) -> dict[int, Column]:
        """Return the columns of a row, by order where a row keeps them all but not their places.

        A grid read off a page can set a header a column beside its figures; as many figures as
        headers are then those headers' figures.
        """
        amounts = [cell for cell in row if cell.amount is not None]
        if all(cell.column in self._columns for cell in amounts):
            return self._columns
        if row[0].amount is None and len(row) - 1 == len(self._columns):
            return dict(zip((c.column for c in row[1:]), self._columns.values(), strict=True))
        return self._columns

    def _metric(self, label: str, row: Row) -> tuple[Metric | None, str]:
        """Return the metric of a label and the whole label, its lines above and below joined."""
        above = [bit for bit in row.above if bit[0] not in self._used]
        tries = sorted(
            ((a, b) for a in range(len(above) + 1) for b in range(len(row.below) + 1) if a + b),
            key=sum,
        )
        for a, b in tries:
            bits = [*above[:a][::-1], (row.number, label), *row.below[:b]]
            whole = "".join(text for _, text in bits)
            metric = self._known(whole)
            if metric is not None and (bare(whole) != bare(label) or b):
                self._used.update(number for number, _ in bits)
                return metric, whole
        return self._known(label), label

    def _known(self, label: str) -> Metric | None:
        said = impersonal(label, self._company)
        statement = self._section.statement
        lower = self._ontology.below(said, Statement.INCOME) if self._costs else None
        return lower or self._ontology.metric_of(said, statement, self._parent)

    def _begins(self, metric: Metric, label: str) -> bool:
        """Tell whether a line is sales or a cost: an operating income below it is what is left."""
        return metric.id in _COSTS or (metric.id in _SALES and bool(_OF_SALES.search(label)))

    def _by_share(self, metric: Metric, label: str, row: Row) -> Metric | None:
        over = (*self._table.heads(row.number), self._heading)
        return by_share(metric, label, row, over, self._ontology)

    def _fact(self, cell: Cell, column: Column, metric: Metric | None, label: str) -> Fact | None:
        if metric is None:
            return None
        period = self._period(column, metric)
        amount = self._amount(cell, metric, label)
        if period is None or amount is None or self._is_ahead(period):
            return None
        if self._ontology.is_outflow(label, metric) and amount.value > 0:
            return None
        section = self._section
        owner = column.consolidation or section.consolidation
        if owner is None or (section.mixed and column.consolidation is None):
            return None
        return Fact(
            company=self._company,
            metric=metric.id,
            label=" ".join(label.split()),
            period=period,
            consolidation=owner,
            statement=section.statement,
            amount=amount,
            place=cell.place,
            column=column.text,
            restated=column.restated,
            checks=self._second_reading(cell.row),
        )

    def _is_ahead(self, period: Period) -> bool:
        """Tell a period not over when the document was made: its figures are forecasts.

        Reports have no date of their own where their period says when they were made.
        """
        own, published = self._profile.period, self._profile.published
        last = own.end if own is not None else published
        return last is not None and period.end > last

    def _period(self, column: Column, metric: Metric) -> Period | None:
        """Return what a column is for: a stretch, or a day for a balance.

        Cash at the end stands in the column of its flows, also where that is no report's end.
        """
        if not metric.instant:
            return column.duration
        if self._section.statement is Statement.CASH_FLOW and column.duration is not None:
            return closing(column.duration)
        return column.instant

    def _second_reading(self, row: int) -> tuple[Check, ...]:
        """Return whether the lines of the page say the same of a row, if they say anything."""
        if row in self._table.disputed:
            return (Check(SECOND_READING, passed=False),)
        return (Check(SECOND_READING, passed=True),) if row in self._table.confirmed else ()

    def _amount(self, cell: Cell, metric: Metric, label: str) -> Amount | None:
        """Return the cell's amount in the unit of the metric; None if it is in another.

        A table's unit (千元) holds for its money only: per-share values, counts and percentages
        are read again as they are printed.
        """
        amount = cell.amount
        if amount is None:
            return None
        said = _BRACKET.search(label)
        unit = said[1] if said is not None and read_unit(said[1]) is not None else ""
        if metric.unit == "money":
            return self._money(cell, amount, unit)
        again = read_amount(cell.text, unit)
        if again is None:
            return None
        if metric.unit == "per_share":
            currency = again.unit.removesuffix("/share") or amount.unit.removesuffix("/share")
            known = currency if _CURRENCY.fullmatch(currency) else self._currency or "CNY"
            return Amount(again.value, f"{known}/share")
        if metric.unit == "%" and again.unit not in {"", "%"}:
            return None
        return Amount(again.value, metric.code)

    def _money(self, cell: Cell, amount: Amount, unit: str) -> Amount | None:
        """Return an amount of money; one without any unit only if it can be nothing but 元.

        "$54" in a table that says no scale, in a document that counts in millions, is no 54.
        """
        if self._lent and (lent := read_unit(self._lent)) is not None and not unit:
            code = lent.code or amount.unit
            return Amount(amount.value * lent.scale, code) if amount.unit in {"", code} else None
        if is_off_scale(self._table, cell):
            return None
        if _CURRENCY.fullmatch(amount.unit):
            said = unit or (self._above.unit if self._above is not None else "")
            return None if self._unscaled and not said else amount
        unit = unit or (self._above.unit if self._above is not None else "")
        if not amount.unit and unit:
            again = read_amount(cell.text, unit)
            return again if again is not None and _CURRENCY.fullmatch(again.unit) else None
        return Amount(amount.value, "CNY") if not amount.unit and self._in_yuan else None
