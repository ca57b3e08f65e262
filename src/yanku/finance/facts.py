"""Takes from a document's statements and key indicators the facts they print, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yanku.finance.columns import Column, Role, Setting, columns_of, is_sub_header, says_period
from yanku.finance.dates import find_periods
from yanku.finance.identities import checked
from yanku.finance.labels import bare, plain
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import is_full_year, is_year_to_date, year_to_date
from yanku.finance.sections import Section, is_furniture, section_of
from yanku.model.amount import Amount, read_amount, read_unit
from yanku.model.document import Cell, Document, Table
from yanku.model.finance import Company, Consolidation, Fact, Period, Profile

_LEAD_TEXTS = 12
_CURRENCY = re.compile(r"[A-Z]{3}")
_BRACKET = re.compile(r"[(（]([^()（）]{1,16})[)）]\s*[:：]?\s*$")


@dataclass(frozen=True, slots=True)
class _Named:
    """A table that is known to be a statement or a list of indicators."""

    table: Table
    section: Section
    continues: bool


def facts_of(document: Document, profile: Profile, ontology: Ontology) -> tuple[Fact, ...]:
    """Return the company's figures in a document, each with its place and its checks.

    Only tables under the title of a statement or of key indicators are read: figures of
    subsidiaries, segments and notes are never the company's. Without a company there is none.
    """
    if profile.company is None:
        return ()
    found: list[Fact] = []
    columns: dict[int, Column] = {}
    run: dict[tuple[str, Period, Consolidation, bool], Decimal] = {}
    named = _whose(_named_tables(document))
    for item in named:
        if not item.continues:
            columns, run = {}, {}
        reading = _Reading(item, profile, profile.company, ontology, columns)
        facts = reading.facts()
        if item.continues and _contradict(facts, run):
            continue
        columns = reading.columns
        run.update({_cell_key(fact): fact.amount.value for fact in facts})
        found.extend(facts)
    return checked(_distinct(found))


def _cell_key(fact: Fact) -> tuple[str, Period, Consolidation, bool]:
    return (fact.metric, fact.period, fact.consolidation, fact.restated)


def _contradict(
    facts: Sequence[Fact], run: dict[tuple[str, Period, Consolidation, bool], Decimal]
) -> bool:
    """Tell whether a table without a title of its own says again, otherwise, what was said.

    Then it is another statement whose title was not recognised, and not the same one continued.
    """
    return any(run.get(_cell_key(fact), fact.amount.value) != fact.amount.value for fact in facts)


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """Leave out what the same kind of statement says twice with the same value."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for fact in facts:
        key = (*_cell_key(fact), fact.statement, fact.amount)
        if key not in seen:
            seen.add(key)
            kept.append(fact)
    return kept


def _named_tables(document: Document) -> Iterator[_Named]:
    """Yield the tables that a title, or the named table just before, says what they are."""
    texts: list[str] = []
    previous: Section | None = None
    for block in document.blocks:
        if not isinstance(block, Table):
            texts.append(block.text)
            continue
        lead = [*texts[-_LEAD_TEXTS:], *([block.caption] if block.caption else [])]
        section = section_of([*lead, *_own_title(block)])
        continues = False
        if section is None and previous is not None and all(map(is_furniture, texts)):
            section, continues = previous, True
        if section is not None:
            yield _Named(block, section, continues)
        previous, texts = section, []


def _own_title(table: Table) -> list[str]:
    """Return the text of a first row that is one cell across the table: a title set inside it."""
    first = [cell for cell in table.cells if cell.row == 0 and cell.text.strip()]
    return [first[0].text] if len(first) == 1 and table.columns > 1 else []


def _whose(named: Iterator[_Named]) -> list[_Named]:
    """Settle statements whose title names no owner: the company's own where 合并 ones exist."""
    tables = list(named)
    grouped = {
        item.section.statement
        for item in tables
        if item.section.mixed or item.section.consolidation is Consolidation.CONSOLIDATED
    }
    settled = []
    for item in tables:
        section = item.section
        if section.consolidation is None and not section.mixed:
            parent = section.is_statement and section.statement in grouped
            owner = Consolidation.PARENT if parent else Consolidation.CONSOLIDATED
            section = replace(section, consolidation=owner)
        settled.append(replace(item, section=section))
    return settled


class _Reading:
    """One pass over the rows of a table, carrying headers and the last label along."""

    def __init__(
        self,
        item: _Named,
        profile: Profile,
        company: Company,
        ontology: Ontology,
        columns: dict[int, Column],
    ) -> None:
        self.columns = columns
        self._section = item.section
        self._company = company
        self._ontology = ontology
        self._table = item.table
        self._setting = _setting(item.section, profile)
        self._pending = ""
        self._parent = ""
        self._cents = any(
            cell.amount is not None and cell.amount.value % 1 for cell in item.table.cells
        )

    def facts(self) -> list[Fact]:
        """Return the facts of all rows."""
        rows: dict[int, list[Cell]] = {}
        for cell in self._table.cells:
            rows.setdefault(cell.row, []).append(cell)
        found: list[Fact] = []
        header: list[list[Cell]] = []
        for number in sorted(rows):
            row = sorted(rows[number], key=lambda cell: cell.column)
            if _is_header(row, bool(header)):
                header.append(row)
                continue
            if header:
                self.columns = columns_of(_by_column(header), self._setting)
                header, self._pending = [], ""
            found.extend(self._row(row, rows.get(number + 1, ())))
        return found

    def _row(self, row: Sequence[Cell], below: Sequence[Cell]) -> Iterator[Fact]:
        """Yield the facts of one row; two statements side by side have two labels in it."""
        label, metric, joined = "", None, False
        values = False
        for cell in row:
            column = self.columns.get(cell.column)
            if column is None:
                if cell.text.strip() and cell.amount is None:
                    label = cell.text
                    metric, joined = self._metric(label, _rest_of(cell, below))
                continue
            if column.role is not Role.VALUE or cell.amount is None:
                continue
            values = True
            if metric is not None:
                fact = self._fact(cell, column, metric, label)
                if fact is not None:
                    yield fact
        if metric is not None and not metric.under:
            self._parent = metric.id
        alone = label and not values and (metric is None or joined)
        self._pending = (self._pending + label) if alone and joined else label if alone else ""

    def _metric(self, label: str, rest: str) -> tuple[Metric | None, bool]:
        """Return the metric of a label, or of the label that a line break cut in two.

        Its other half may stand in the row above, or ``rest`` in the row below the amounts.
        """
        for whole in (self._pending + label if self._pending else "", label + rest if rest else ""):
            metric = self._known(whole) if whole else None
            if metric is not None and bare(whole) != bare(label):
                return metric, True
        return self._known(label), False

    def _known(self, label: str) -> Metric | None:
        return self._ontology.metric_of(label, self._section.statement, self._parent)

    def _fact(self, cell: Cell, column: Column, metric: Metric, label: str) -> Fact | None:
        period = column.instant if metric.instant else column.duration
        amount = self._amount(cell, metric, label)
        if period is None or amount is None:
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
        )

    def _amount(self, cell: Cell, metric: Metric, label: str) -> Amount | None:
        """Return the cell's amount in the unit of the metric; None if it is in another.

        A table's unit (千元) holds for its money only: per-share values, counts and percentages
        are read again as they are printed.
        """
        amount = cell.amount
        if amount is None:
            return None
        if metric.unit == "money":
            if _CURRENCY.fullmatch(amount.unit):
                return amount
            # Without any unit, figures to the 分 are 元; round ones could be thousands or millions.
            plain_money = not amount.unit and self._cents
            return Amount(amount.value, "CNY") if plain_money else None
        said = _BRACKET.search(label)
        unit = said[1] if said is not None and read_unit(said[1]) is not None else ""
        again = read_amount(cell.text, unit)
        if again is None:
            return None
        if metric.unit == "per_share":
            currency = again.unit.removesuffix("/share") or amount.unit.removesuffix("/share")
            known = currency if _CURRENCY.fullmatch(currency) else "CNY"
            return Amount(again.value, f"{known}/share")
        if metric.unit == "%" and again.unit not in {"", "%"}:
            return None
        return Amount(again.value, metric.code)


def _rest_of(cell: Cell, below: Sequence[Cell]) -> str:
    """Return the text under a label if nothing else stands in that row."""
    texts = [other for other in below if other.text.strip()]
    alone = len(texts) == 1 and texts[0].column == cell.column and texts[0].amount is None
    return texts[0].text if alone else ""


def _setting(section: Section, profile: Profile) -> Setting:
    """Return what dates around the title say, or else the report itself."""
    period = profile.period
    stated = [s.period for s in find_periods(plain(section.around))]
    ends = {p.end for p in stated}
    if len(ends) == 1 and (period is None or ends != {period.end}):
        stretch = next((p for p in stated if not p.is_instant), None)
        own = stretch or year_to_date(ends.pop())
        if period is None or is_year_to_date(own) or is_full_year(own):
            period = own
    return Setting(profile.report, period, section.alone, section.mixed, section.is_statement)


def _is_header(row: Sequence[Cell], below_header: bool) -> bool:
    """Tell whether a row heads columns: periods and no amounts, or parts of a header above it."""
    texts = [cell for cell in row if cell.text.strip()]
    if not texts or any(cell.amount is not None for cell in row):
        return False
    heads = [cell for cell in texts if cell.column > 0]
    if any(says_period(cell.text) for cell in heads):
        return True
    return below_header and bool(heads) and all(is_sub_header(cell.text) for cell in heads)


def _by_column(header: Sequence[Sequence[Cell]]) -> dict[int, list[str]]:
    """Return for each column the texts over it; what a spanning cell says holds for its columns."""
    found: dict[int, list[str]] = {}
    for row in header:
        for cell in row:
            if cell.column == 0 and not says_period(cell.text):
                continue
            for column in range(cell.column, cell.column + cell.column_span):
                found.setdefault(column, []).append(cell.text)
    return found
