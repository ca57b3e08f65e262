"""The story of looking at what was read: a document and its figures become a report on reading."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.profile import profile_of
from yanku.model.amount import find_amounts
from yanku.model.document import Block, Document, Heading, Page, Paragraph, Table
from yanku.model.finance import Check, Consolidation, Fact, Profile, Statement
from yanku.model.place import InSheet, page_number
from yanku.model.report import (
    CheckSeen,
    FactsSeen,
    FigureSeen,
    PageSeen,
    ParseReport,
    TableSeen,
)
from yanku.ports import OnPages, Reader


class _Test(NamedTuple):
    """What the figures of one test share; ``alone`` tells tests of single figures apart."""

    check: Check
    statement: Statement
    consolidation: Consolidation
    end: date
    column: str
    restated: bool
    alone: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read: what was seen, whose report it is, its figures, and how long it took."""

    document: Document
    profile: Profile
    facts: tuple[Fact, ...]
    seconds: float

    def report(self) -> ParseReport:
        """Return what there is to say about it."""
        return report_of(self.document, self.profile, self.facts, self.seconds)

    def within(self, numbers: frozenset[int]) -> Reading:
        """Return what stands on some pages only."""
        document = self.document
        return replace(
            self,
            document=replace(
                document,
                pages=tuple(page for page in document.pages if page.number in numbers),
                blocks=tuple(b for b in document.blocks if not numbers.isdisjoint(_on(b))),
                flaws=tuple(f for f in document.flaws if page_number(f.place) in numbers),
            ),
            facts=tuple(fact for fact in self.facts if page_number(fact.place) in numbers),
        )


async def read_file(
    reader: Reader, ontology: Ontology, path: Path, name: str, on_pages: OnPages | None = None
) -> Reading:
    """Read one file as the library would, and keep nothing; raise a SourceError or NotFound."""
    started = perf_counter()
    document = await reader.read(path, name, on_pages)
    profile = profile_of(document)
    facts = facts_of(document, profile, ontology)
    return Reading(document, profile, facts, perf_counter() - started)


def report_of(
    document: Document, profile: Profile, facts: Sequence[Fact], seconds: float = 0.0
) -> ParseReport:
    """Return what was seen in a document and in the figures taken from it."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    cells = [cell for table in tables for cell in table.cells if cell.amount is not None]
    checks = _checks(facts)
    return ParseReport(
        name=document.name,
        media_type=document.media_type,
        seconds=seconds,
        profile=profile,
        pages=_pages(document, facts, checks),
        sheets=_sheets(document),
        headings=sum(isinstance(block, Heading) for block in document.blocks),
        paragraphs=dict(
            Counter(block.role for block in document.blocks if isinstance(block, Paragraph))
        ),
        tables=tuple(_table(table) for table in tables if table.places),
        amounts=len(cells) + sum(_in_text(block) for block in document.body),
        without_unit=sum(not cell.amount.unit for cell in cells if cell.amount),
        facts=_facts(facts),
        checks=checks,
        flaws=document.flaws,
        members=document.members,
    )


def _table(table: Table) -> TableSeen:
    amounts = [cell.amount for cell in table.cells if cell.amount is not None]
    return TableSeen(
        place=table.places[0],
        parts=len(table.places),
        rows=table.rows,
        columns=table.columns,
        header_rows=table.header_rows,
        caption=table.caption,
        unit=table.unit,
        amounts=len(amounts),
        without_unit=sum(not amount.unit for amount in amounts),
        confirmed=len(table.confirmed),
        disputed=len(table.disputed),
    )


def _in_text(block: Block) -> int:
    return 0 if isinstance(block, Table) else len(find_amounts(block.text))


def _facts(facts: Iterable[Fact]) -> tuple[FactsSeen, ...]:
    numbers = Counter((fact.statement, fact.consolidation) for fact in facts)
    return tuple(
        FactsSeen(statement, consolidation, number)
        for (statement, consolidation), number in sorted(numbers.items())
    )


def _checks(facts: Sequence[Fact]) -> tuple[CheckSeen, ...]:
    """Return each test once, with all figures that took part in it.

    A law of a statement holds between figures of one column; any other test (two readers agree)
    is of one figure alone.
    """
    groups: dict[_Test, list[Fact]] = defaultdict(list)
    for number, fact in enumerate(facts):
        for check in fact.checks:
            groups[_test(fact, check, number)].append(fact)
    return tuple(_check(test.check, members) for test, members in groups.items())


def _test(fact: Fact, check: Check, number: int) -> _Test:
    return _Test(
        check,
        fact.statement,
        fact.consolidation,
        fact.period.end,
        fact.column,
        fact.restated,
        -1 if check.kind == "identity" else number,
    )


def _check(check: Check, facts: Sequence[Fact]) -> CheckSeen:
    first = facts[0]
    return CheckSeen(
        name=check.name,
        passed=check.passed,
        statement=first.statement,
        consolidation=first.consolidation,
        period=first.period,
        column=first.column,
        figures=tuple(FigureSeen(f.metric, f.label, f.amount, f.place) for f in facts),
    )


def _sheets(document: Document) -> tuple[str, ...]:
    places = (p for block in document.blocks if isinstance(block, Table) for p in block.places)
    return tuple(dict.fromkeys(p.sheet for p in places if isinstance(p, InSheet)))


# -- pages ----------------------------------------------------------------------------------------


def _pages(
    document: Document, facts: Sequence[Fact], checks: Sequence[CheckSeen]
) -> tuple[PageSeen, ...]:
    headings, paragraphs, tables, amounts, figures, doubts = (Counter[int]() for _ in range(6))
    for block in document.blocks:
        if isinstance(block, Table):
            tables.update(_on(block))
            doubts.update(_disputed(block))
            amounts.update(
                page_number(cell.place) for cell in block.cells if cell.amount is not None
            )
        else:
            counted = headings if isinstance(block, Heading) else paragraphs
            counted[page_number(block.place)] += 1
            amounts[page_number(block.place)] += len(find_amounts(block.text))
    figures.update(page_number(fact.place) for fact in facts)
    doubts.update(page_number(flaw.place) for flaw in document.flaws)
    for check in checks:
        if not check.passed:
            doubts.update({page_number(figure.place) for figure in check.figures})
    return tuple(
        _seen(page, headings, paragraphs, tables, amounts, figures, doubts)
        for page in document.pages
    )


def _seen(page: Page, *counted: Counter[int]) -> PageSeen:
    return PageSeen(page.number, page.origin, page.label, *(each[page.number] for each in counted))


def _disputed(table: Table) -> Iterator[int]:
    """Yield the page of each row for which a second reading gives other figures."""
    pages = {cell.row: page_number(cell.place) for cell in table.cells}
    return (pages[row] for row in table.disputed if row in pages)


def _on(block: Block) -> set[int]:
    places = block.places if isinstance(block, Table) else (block.place,)
    return {page_number(place) for place in places}


# -- one cell -------------------------------------------------------------------------------------


def header_paths(table: Table) -> dict[int, tuple[str, ...]]:
    """Return the headers above each column, outermost first."""
    paths: dict[int, dict[str, None]] = defaultdict(dict)
    for cell in sorted(table.cells, key=lambda cell: cell.row):
        if cell.row < table.header_rows and cell.text.strip():
            for column in range(cell.column, cell.column + cell.column_span):
                paths[column][cell.text] = None
    return {column: tuple(path) for column, path in paths.items()}
