"""Reports on reading, and blocks with their cells, as the HTTP interface shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field

from yanku.entry.http.wire import FlawOut, PageOut, PlaceOut, ProfileOut
from yanku.flows.report import header_paths
from yanku.flows.view import Sight
from yanku.model.document import Block, Cell, Flaw, Heading, Table
from yanku.model.finance import Fact
from yanku.model.place import InSheet, Place
from yanku.model.report import CheckSeen, PageSeen, ParseReport, TableSeen
from yanku.parse.parts import Key, key_of

_ROW = re.compile(r"\d{1,7}")


class PageSeenOut(BaseModel):
    """One page in a report: how it was read and how much stands on it."""

    number: int
    origin: Literal["text_layer", "ocr", "native"]
    label: str
    headings: int
    paragraphs: int
    tables: int
    amounts: int
    facts: int
    doubts: int

    @classmethod
    def of(cls, page: PageSeen) -> Self:
        """Return a page as it is shown."""
        return cls(
            number=page.number,
            origin=page.origin.value,
            label=page.label,
            headings=page.headings,
            paragraphs=page.paragraphs,
            tables=page.tables,
            amounts=page.amounts,
            facts=page.facts,
            doubts=page.doubts,
        )


class TableSeenOut(BaseModel):
    """One table in a report; ``parts`` over 1 means that it was joined over pages."""

    place: PlaceOut
    parts: int
    rows: int
    columns: int
    header_rows: int
    caption: str
    unit: str
    amounts: int
    without_unit: int
    confirmed: int
    disputed: int

    @classmethod
    def of(cls, table: TableSeen) -> Self:
        """Return a table as it is shown."""
        return cls(
            place=PlaceOut.of(table.place),
            parts=table.parts,
            rows=table.rows,
            columns=table.columns,
            header_rows=table.header_rows,
            caption=table.caption,
            unit=table.unit,
            amounts=table.amounts,
            without_unit=table.without_unit,
            confirmed=table.confirmed,
            disputed=table.disputed,
        )


class FactsSeenOut(BaseModel):
    """How many figures one statement gave."""

    statement: str
    consolidation: Literal["consolidated", "parent"]
    number: int


class FigureSeenOut(BaseModel):
    """One figure of a test; ``value`` is exact, in base units."""

    metric: str
    label: str
    value: str
    unit: str
    place: PlaceOut


class CheckSeenOut(BaseModel):
    """One test of figures against one another."""

    name: str = Field(examples=["assets=liabilities+equity"])
    passed: bool
    statement: str
    consolidation: Literal["consolidated", "parent"]
    period_end: date
    column: str
    figures: list[FigureSeenOut]

    @classmethod
    def of(cls, check: CheckSeen) -> Self:
        """Return a test as it is shown."""
        return cls(
            name=check.name,
            passed=check.passed,
            statement=check.statement.value,
            consolidation=check.consolidation.value,
            period_end=check.period.end,
            column=check.column,
            figures=[
                FigureSeenOut(
                    metric=figure.metric,
                    label=figure.label,
                    value=format(figure.amount.value, "f"),
                    unit=figure.amount.unit,
                    place=PlaceOut.of(figure.place),
                )
                for figure in check.figures
            ],
        )


class MemberOut(BaseModel):
    """A file inside the file."""

    name: str
    size: int


class ReportOut(BaseModel):
    """What was seen in a document; ``seconds`` is how long reading took, null if not known."""

    name: str
    media_type: str
    seconds: float | None
    profile: ProfileOut
    pages: list[PageSeenOut]
    sheets: list[str]
    headings: int
    paragraphs: Mapping[str, int]
    tables: list[TableSeenOut]
    joined: int
    amounts: int
    without_unit: int
    facts: list[FactsSeenOut]
    checks_passed: int
    checks_failed: int
    checks: list[CheckSeenOut]
    flaws: list[FlawOut]
    members: list[MemberOut]

    @classmethod
    def of(cls, report: ParseReport) -> Self:
        """Return a report as it is shown."""
        return cls(
            name=report.name,
            media_type=report.media_type,
            seconds=round(report.seconds, 2) or None,
            profile=ProfileOut.of(report.profile),
            pages=[PageSeenOut.of(page) for page in report.pages],
            sheets=list(report.sheets),
            headings=report.headings,
            paragraphs={role.value: number for role, number in report.paragraphs.items()},
            tables=[TableSeenOut.of(table) for table in report.tables],
            joined=report.joined,
            amounts=report.amounts,
            without_unit=report.without_unit,
            facts=[
                FactsSeenOut(
                    statement=each.statement.value,
                    consolidation=each.consolidation.value,
                    number=each.number,
                )
                for each in report.facts
            ],
            checks_passed=len(report.checks) - len(report.failed),
            checks_failed=len(report.failed),
            checks=[CheckSeenOut.of(check) for check in report.checks],
            flaws=[FlawOut.of(flaw) for flaw in report.flaws],
            members=[MemberOut(name=m.name, size=m.size) for m in report.members],
        )


# -- one page -------------------------------------------------------------------------------------


class CellSeenOut(BaseModel):
    """One cell: where it is in its table and on the page, what it says, and what that means.

    ``headers`` are the headers above it, outermost first; ``value`` is in base units. ``disputed``
    means that a second reading of the page gave other figures for its row. ``stored`` is what a
    spreadsheet holds where it shows something else.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    header: bool
    text: str
    place: PlaceOut
    headers: list[str]
    value: str | None
    unit: str | None
    formula: str | None
    stored: str | None
    disputed: bool

    @classmethod
    def of(cls, cell: Cell, table: Table, headers: Sequence[str]) -> Self:
        """Return a cell as it is shown."""
        header = cell.row < table.header_rows
        return cls(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            header=header,
            text=cell.text,
            place=PlaceOut.of(cell.place),
            headers=[] if header else list(headers),
            value=format(cell.amount.value, "f") if cell.amount else None,
            unit=cell.amount.unit if cell.amount else None,
            formula=cell.formula,
            stored=cell.stored or None,
            disputed=cell.row in table.disputed,
        )


class BlockOut(BaseModel):
    """A heading (``level``), a paragraph (``role``) or a table (the fields from ``caption`` on).

    ``parts`` are the places of the whole table, ``places`` those on this page.
    """

    kind: Literal["heading", "paragraph", "table"]
    places: list[PlaceOut]
    text: str = ""
    level: int | None = None
    role: Literal["text", "item", "note", "header", "footer"] | None = None
    caption: str = ""
    unit: str = ""
    rows: int | None = None
    columns: int | None = None
    header_rows: int | None = None
    parts: list[PlaceOut] = Field(default=[])
    cells: list[CellSeenOut] = Field(default=[])

    @classmethod
    def of(cls, block: Block, key: Key | None, rows: range | None) -> Self:
        """Return a block as it stands on a page or, in some of its rows, on a sheet."""
        if isinstance(block, Table):
            return cls._table(block, key, rows)
        if isinstance(block, Heading):
            level, role = block.level, None
        else:
            level, role = None, block.role.value
        places = [PlaceOut.of(block.place)]
        return cls(kind=block.kind, places=places, text=block.text, level=level, role=role)

    @classmethod
    def _table(cls, table: Table, key: Key | None, rows: range | None) -> Self:
        paths = header_paths(table)
        here = [
            cell
            for cell in table.cells
            if key_of(cell.place) == key
            and (rows is None or cell.row < table.header_rows or _row_of(cell.place) in rows)
        ]
        return cls(
            kind="table",
            places=[PlaceOut.of(place) for place in table.places if key_of(place) == key],
            caption=table.caption,
            unit=table.unit,
            rows=table.rows,
            columns=table.columns,
            header_rows=table.header_rows,
            parts=[PlaceOut.of(place) for place in table.places],
            cells=[CellSeenOut.of(cell, table, paths.get(cell.column, ())) for cell in here],
        )


class FactSeenOut(BaseModel):
    """A figure that was taken from here: what it was understood to be, and how sure that is."""

    metric: str
    label: str
    period_start: date | None
    period_end: date
    consolidation: Literal["consolidated", "parent"]
    statement: str
    value: str
    unit: str
    confidence: Literal["certain", "checked", "single_witness", "doubtful"]
    checks: Mapping[str, bool]
    place: PlaceOut

    @classmethod
    def of(cls, fact: Fact) -> Self:
        """Return a fact as it is shown on its page."""
        return cls(
            metric=fact.metric,
            label=fact.label,
            period_start=fact.period.start,
            period_end=fact.period.end,
            consolidation=fact.consolidation.value,
            statement=fact.statement.value,
            value=format(fact.amount.value, "f"),
            unit=fact.amount.unit,
            confidence=fact.confidence.value,
            checks={check.name: check.passed for check in fact.checks},
            place=PlaceOut.of(fact.place),
        )


class SightOut(BaseModel):
    """What was seen on one page or sheet, or in one text; ``page`` is null where there is none."""

    page: PageOut | None
    blocks: list[BlockOut]
    facts: list[FactSeenOut]
    flaws: list[FlawOut]

    @classmethod
    def of(cls, sight: Sight, key: Key | None, rows: range | None = None) -> Self:
        """Return a sight as it is shown; ``rows`` are those of a sheet that are wanted."""
        part = sight.part
        return cls(
            page=PageOut.of(part.pages[0]) if key is not None and part.pages else None,
            blocks=[BlockOut.of(block, key, rows) for block in part.blocks if _stands(block, key)],
            facts=[
                FactSeenOut.of(fact)
                for fact in sight.facts
                if rows is None or _row_of(fact.place) in rows
            ],
            flaws=[FlawOut.of(flaw) for flaw in part.flaws if _applies(flaw, key)],
        )


def _stands(block: Block, key: Key | None) -> bool:
    places: Sequence[Place] = block.places if isinstance(block, Table) else (block.place,)
    return any(key_of(place) == key for place in places)


def _row_of(place: Place) -> int:
    """Return the row of a sheet in which a place begins, 0 for a place elsewhere."""
    found = _ROW.search(place.cells) if isinstance(place, InSheet) else None
    return int(found[0]) if found else 0


def _applies(flaw: Flaw, key: Key | None) -> bool:
    return key is None or (flaw.place is not None and key_of(flaw.place) == key)
