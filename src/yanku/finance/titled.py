"""Picks out a document's statements and lists of key indicators, with what their titles say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanku.finance.columns import says_period
from yanku.finance.inner import parted
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology
from yanku.finance.rows import label_texts, rows_of
from yanku.finance.sections import (
    Section,
    is_foreign,
    is_furniture,
    is_heading,
    names_standards,
    section_of,
    speaks_of_others,
)
from yanku.finance.turned import upright
from yanku.model.document import Document, Heading, Paragraph, Role, Table, page_of
from yanku.model.finance import Consolidation, Statement

_LEAD_TEXTS = 12
_BARE = frozenset({"cash flow", "cash flows"})
_BRIEF = 90
"""Characters of a line that stands inside a statement; what is longer is a text after it."""
_GROUP_ONLY = frozenset(
    {
        "net_profit_attributable",
        "net_profit_excluding_non_recurring",
        "basic_eps",
        "diluted_eps",
        "weighted_roe",
        "equity_attributable",
    }
)


@dataclass(frozen=True, slots=True)
class Titled:
    """A table that is known to be a statement or a list of indicators.

    ``continues`` marks one without a title of its own that goes on from the table before.
    ``above`` are the last texts before it. ``restates`` marks one under a heading that names the
    standards of another place (按照国际财务报告准则编制).
    """

    table: Table
    section: Section
    continues: bool
    above: tuple[str, ...] = ()
    restates: bool = False


def titled_tables(document: Document, ontology: Ontology) -> list[Titled]:
    """Return the tables that a title, the table before or their own rows say what they are.

    A statement whose title names no owner is the company's own where 合并 ones stand beside it.
    Where a report gives its statements once more by the standards of another place, only those by
    its own are read: what has one name in both need not be the same.
    """
    tables = _by_own_standards(list(_tables(document, ontology)))
    grouped = {
        item.section.statement
        for item in tables
        if item.section.mixed or item.section.consolidation is Consolidation.CONSOLIDATED
    }
    settled = []
    for item in tables:
        section = item.section
        if section.title in _BARE and section.statement in grouped:
            # "Cash flows" over a summary of the group's own, beside the full statement of it.
            section = replace(section, consolidation=Consolidation.CONSOLIDATED)
        if section.consolidation is None and not section.mixed:
            parent = section.is_statement and section.statement in grouped
            owner = Consolidation.PARENT if parent else Consolidation.CONSOLIDATED
            section = replace(section, consolidation=owner)
        settled.append(replace(item, section=section))
    return settled


def _by_own_standards(tables: list[Titled]) -> list[Titled]:
    own = {item.section.statement for item in tables if not item.restates}
    if not own & {Statement.BALANCE_SHEET, Statement.INCOME, Statement.CASH_FLOW}:
        return tables
    return [item for item in tables if not item.restates]


def _tables(document: Document, ontology: Ontology) -> Iterator[Titled]:
    texts: list[str] = []
    previous: Titled | None = None
    outline = _Outline()
    running = _running(document)
    for block in document.body:
        if not isinstance(block, Table):
            texts.append(block.text)
            outline.add(block)
            continue
        statements = parted(block)
        if len(statements) > 1:
            yield from _inner(statements, outline)
            previous, texts = None, []
            continue
        block = upright(block, ontology)
        heads = running.get(page_of(block) or 0, ())
        lead = [*heads, *texts[-_LEAD_TEXTS:], *([block.caption] if block.caption else [])]
        section = section_of([*lead, *_own_title(block)])
        if section is not None and not section.is_statement and outline.is_of_others:
            section = None
        if section is not None and any(map(is_foreign, heads)):
            section = None
        found = Titled(block, section, continues=False) if section is not None else None
        if found is None and previous is not None and all(map(is_furniture, texts)):
            found = Titled(block, previous.section, continues=True)
        if found is None and previous is not None and _is_rest(block, previous, texts):
            found = Titled(block, previous.section, continues=True)
        if found is None and _speaks_of_a_listed_group(block, ontology):
            found = _untitled(block, previous)
        if found is not None:
            dated = [text for text in heads if says_period(text)] if not _is_dated(block) else []
            above = (*texts[-_LEAD_TEXTS:], *dated)
            found = replace(found, above=above, restates=outline.is_by_other_standards)
            yield found
        previous, texts = found, []


def _inner(statements: Sequence[Table], outline: _Outline) -> Iterator[Titled]:
    """Yield the statements of one table; what none of its rows names is none."""
    for table in statements:
        section = section_of([table.caption])
        if section is not None and not outline.is_of_others:
            yield Titled(table, section, False, restates=outline.is_by_other_standards)


def _running(document: Document) -> dict[int, tuple[str, ...]]:
    """Return the running titles of each page: some say whose pages they are, or of which years."""
    found: dict[int, list[str]] = {}
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.role is Role.HEADER and (page := page_of(block)):
            found.setdefault(page, []).append(block.text)
    return {page: tuple(texts) for page, texts in found.items()}


def _is_dated(table: Table) -> bool:
    """Tell whether a header of the table itself says of when its columns are."""
    heads = (c for c in table.cells if c.row < table.header_rows and c.column)
    return any(says_period(cell.text) for cell in heads)


def _is_rest(table: Table, before: Titled, between: Sequence[str]) -> bool:
    """Tell whether a table goes on from a statement over it that lines without figures broke.

    "Commitments and contingencies" and "Shareholders' equity:" stand between its two parts.
    """
    same = page_of(table) == page_of(before.table) and table.columns == before.table.columns
    headed = any(says_period(cell.text) for cell in table.cells if cell.row < 1)
    brief = all(len(text) < _BRIEF and not is_heading(plain(text)) for text in between)
    return (
        before.section.is_statement
        and same
        and brief
        and not headed
        and len(between) <= _LEAD_TEXTS
    )


class _Outline:
    """The headings that a place stands under, the outermost first."""

    def __init__(self) -> None:
        self._open: list[Heading] = []
        self._numbered: list[Heading] = []

    def add(self, block: Heading | Paragraph) -> None:
        """Take up a block; a heading closes those of its own level and below."""
        if isinstance(block, Heading):
            self._open = [h for h in self._open if h.level < block.level] + [block]
            if is_heading(plain(block.text)):
                self._numbered = [h for h in self._numbered if h.level < block.level] + [block]

    @property
    def is_of_others(self) -> bool:
        """Tell whether the place speaks of subsidiaries or of companies that are held."""
        return any(speaks_of_others(heading.text) for heading in self._open)

    @property
    def is_by_other_standards(self) -> bool:
        """Tell whether the place is of statements by the standards of another place.

        Only a numbered heading closes one: what looks like a heading within a statement does not.
        """
        return any(names_standards(heading.text) for heading in (*self._numbered, *self._open))


def _own_title(table: Table) -> list[str]:
    """Return the title set inside a table: a first row of one cell, or what heads the labels.

    Condensed statements are titled in the corner: 利润表（百万元） | 2023A | 2024E.
    """
    first = [cell for cell in table.cells if cell.row == 0 and cell.text.strip()]
    if not first or table.columns < 2 or any(cell.amount is not None for cell in first):
        return []
    alone = len(first) == 1
    heads = first[0].column == 0 and all(says_period(cell.text) for cell in first[1:])
    return [first[0].text] if alone or heads else []


def _speaks_of_a_listed_group(table: Table, ontology: Ontology) -> bool:
    """Tell whether rows name what only a listed group prints of itself: then no title is needed.

    Subsidiaries, associates and segments have no earnings per share and no profit of a listed
    company's shareholders before non-recurring items.
    """
    metrics = (
        ontology.metric_of(text, Statement.KEY_INDICATORS) for text in label_texts(rows_of(table))
    )
    return len({m.id for m in metrics if m is not None and m.id in _GROUP_ONLY}) >= 2


def _untitled(table: Table, previous: Titled | None) -> Titled:
    """Return a list of indicators known by its rows; without headers it goes on from the last."""
    section = Section(Statement.KEY_INDICATORS, Consolidation.CONSOLIDATED, "")
    rows = rows_of(table)
    goes_on = (
        previous is not None
        and previous.section.statement is Statement.KEY_INDICATORS
        and previous.table.columns == table.columns
        and bool(rows)
        and not rows[0].header
    )
    if goes_on and previous is not None:
        return Titled(table, previous.section, continues=True)
    return Titled(table, section, continues=False)
