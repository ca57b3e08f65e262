"""What the machine saw in a document over HTTP: the report, and the blocks of a page or sheet.

What is shown is put together in a thread: a sheet may have a million cells, and others wait.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query

from yanku.entry.http.auth import Caller
from yanku.entry.http.front import AtFront
from yanku.entry.http.seen_wire import ReportOut, SightOut
from yanku.model.library import DocumentId

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

PageNumber = Annotated[int, Path(ge=1, le=1_000_000, description="counted from 1")]
Top = Annotated[int, Query(ge=1, description="first row to show, counted from 1")]
Rows = Annotated[int, Query(ge=1, le=2000, description="rows at most")]


@router.get("/{document}/report", summary="What was read in a document, counted")
async def report(document: str, person: Caller, front: AtFront) -> ReportOut:
    """Return pages by kind, tables, amounts, facts, every check with its figures, and what could
    not be read, each with its place.
    """
    found = await front.house.view.report(DocumentId(document), principal=person)
    return await asyncio.to_thread(ReportOut.of, found)


@router.get("/{document}/pages/{number}/blocks", summary="What was read on a page")
async def page_blocks(
    document: str, number: PageNumber, person: Caller, front: AtFront
) -> SightOut:
    """Return the headings, paragraphs and tables of one page with their boxes, and the facts
    taken from it. A table that runs over pages has the cells that stand on this one.
    """
    sight = await front.house.view.sight(DocumentId(document), number, principal=person)
    return await asyncio.to_thread(SightOut.of, sight, number)


@router.get("/{document}/sheets/{sheet}/blocks", summary="What was read on a sheet")
async def sheet_blocks(
    document: str, sheet: str, person: Caller, front: AtFront, top: Top = 1, rows: Rows = 500
) -> SightOut:
    """Return the tables found on one sheet, each with its range and its headers, and the cells of
    some rows.
    """
    sight = await front.house.view.sight(DocumentId(document), sheet, principal=person)
    return await asyncio.to_thread(SightOut.of, sight, sheet, range(top, top + rows))


@router.get("/{document}/blocks", summary="What was read in a text")
async def text_blocks(document: str, person: Caller, front: AtFront) -> SightOut:
    """Return the blocks that stand on lines: a Word or text document has no pages and sheets."""
    sight = await front.house.view.text_sight(DocumentId(document), principal=person)
    return await asyncio.to_thread(SightOut.of, sight, None)
