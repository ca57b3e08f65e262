"""Questions over HTTP: answered at once or sentence by sentence; searches, facts and receipts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from yanku.access.scope import scope_of
from yanku.entry.counting import Door, counted
from yanku.entry.export import csv_of, xlsx_of
from yanku.entry.http import events
from yanku.entry.http.answers import (
    DoneOut,
    LookingOut,
    SearchOut,
    SentenceOut,
)
from yanku.entry.http.auth import Caller
from yanku.entry.http.calls import Calling, while_present
from yanku.entry.http.documents import After, Limit
from yanku.entry.http.front import AtFront, Front
from yanku.entry.http.known import KnownIn, SaidInHeaders, known_by, known_in_query
from yanku.entry.http.links import base_of, source_path
from yanku.entry.http.records import ReceiptOut, ReceiptsOut, ReplayOut
from yanku.entry.http.wire import FactOut
from yanku.errors import NotFound
from yanku.finance.agreement import compared
from yanku.flows.ask import ALONE, Context, Done, Event, Looking, Sentence
from yanku.model.answer import Grounded
from yanku.model.call import NOBODY, Call
from yanku.model.library import DocumentId
from yanku.model.people import NOW, Principal
from yanku.model.receipt import ReceiptId
from yanku.ports import FactQuery

router = APIRouter(prefix="/api/v1", tags=["questions"])

STREAM = "text/event-stream"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuestionIn(KnownIn):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(examples=["贵州茅台2023年的营业收入是多少？"], max_length=20_000)


class AskIn(QuestionIn):
    """A question to answer."""

    after: str = Field(
        default="",
        max_length=64,
        description="receipt of the answer before, which a question such as 那2023年呢 leans on",
    )


class SearchIn(QuestionIn):
    """A question to look for evidence with."""

    limit: int = Field(default=10, ge=1, le=50)


async def asked(
    front: Front,
    question: str,
    person: Principal,
    context: Context = ALONE,
    call: Call = NOBODY,
    *,
    door: Door = Door.API,
) -> AsyncGenerator[Event]:
    """Yield what happens with a question, and count the answer. Every door asks through here."""
    front.house.releasing.permit(person, call)
    await front.house.budgets.ask(replace(call, user=person.user))
    stream = front.house.ask.stream(question, principal=person, context=context, call=call)
    async with aclosing(counted(front.house.meters, door, stream)) as happening:
        async for event in happening:
            yield event


async def begun(happening: AsyncGenerator[Event]) -> Event:
    """Return the first thing that happens."""
    return await anext(happening)


async def answered(
    front: Front,
    question: str,
    person: Principal,
    context: Context = ALONE,
    call: Call = NOBODY,
    *,
    door: Door = Door.API,
) -> Done:
    """Return the whole answer at once."""
    whole = replace(call, whole=True)
    happening = asked(front, question, person, context, whole, door=door)
    async with aclosing(happening):
        async for event in happening:
            if isinstance(event, Done):
                return event
    raise AssertionError("a stream of events ends with Done")


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=DoneOut,
    responses={200: {"content": {STREAM: {}}, "description": "The answer, or events"}},
)
async def ask(
    body: AskIn,
    request: Request,
    person: Caller,
    front: AtFront,
    call: Calling,
    said: SaidInHeaders,
) -> Response:
    """Answer from the documents you may read, or decline and say why.

    With `Accept: text/event-stream` the answer comes as events: `looking`, then `sentence` for
    each checked sentence, then `done` with the whole answer, or `problem`.
    """
    base = base_of(request)
    as_of = known_by(body, said, front)
    context = Context(after=ReceiptId(body.after) if body.after else None, as_of=as_of)
    if STREAM not in request.headers.get("accept", ""):
        answer = answered(front, body.question, person, context, call)
        done = DoneOut.of(await while_present(request, answer), base)
        # Written here: the framework would check and copy it once more.
        return Response(done.model_dump_json(), media_type="application/json")
    happening = asked(front, body.question, person, context, call)
    # Waited for here, so that a question that cannot be asked has a status of its own.
    first = await while_present(request, begun(happening))
    return events.stream(_shown(first, happening, base))


async def _shown(
    first: Event, happening: AsyncGenerator[Event], base: str
) -> AsyncGenerator[events.Event]:
    async with aclosing(happening):
        yield _named(first, base)
        async for event in happening:
            yield _named(event, base)


def _named(event: Event, base: str) -> events.Event:
    match event:
        case Looking():
            return "looking", LookingOut.of(event)
        case Sentence():
            return "sentence", SentenceOut.of(event, base)
        case Done():
            return "done", DoneOut.of(event, base)


@router.post("/search", summary="Find evidence")
async def search(
    body: SearchIn, request: Request, person: Caller, front: AtFront, said: SaidInHeaders
) -> SearchOut:
    """Return passages you may read, each with its ranks, and the conditions the question set."""
    scope = scope_of(person, known_by(body, said, front) or NOW)
    found = await front.house.find.search(body.question, scope=scope, limit=body.limit)
    return SearchOut.of(found, base_of(request))


@router.get("/facts", summary="Figures of financial statements")
async def facts(
    request: Request,
    person: Caller,
    front: AtFront,
    said: SaidInHeaders,
    asked_for: Annotated[KnownIn, Depends(known_in_query)],
    company: Annotated[list[str] | None, Query(description="securities codes")] = None,
    metric: Annotated[list[str] | None, Query(examples=[["operating_revenue"]])] = None,
    period_end: Annotated[list[date] | None, Query()] = None,
    consolidation: Annotated[Literal["", "consolidated", "parent"], Query()] = "",
    document: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> list[FactOut]:
    """Return typed figures from documents you may read, those of the latest documents first.

    Each is held against what the other documents found here state for the same figure. As of a day
    only those of documents that were known by it are given and held against one another.
    """
    scope = scope_of(person, known_by(asked_for, said, front) or NOW)
    query = FactQuery(
        companies=frozenset(company or ()),
        metrics=frozenset(metric or ()),
        period_ends=frozenset(period_end or ()),
        consolidation=consolidation,
        document=DocumentId(document) if document else None,
    )
    found = compared(await front.house.facts.facts(query, scope=scope))
    base = base_of(request)
    return [
        FactOut.of(fact, entry, base + source_path(entry.id, fact.place))
        for fact, entry in found[:limit]
    ]


@router.get("/receipts", summary="Your questions so far")
async def receipts(
    request: Request, person: Caller, front: AtFront, after: After = "", limit: Limit = 50
) -> ReceiptsOut:
    """Return your own receipts, newest first."""
    found, following = await front.house.ledger.receipts(
        scope=scope_of(person), after=after, limit=limit
    )
    base = base_of(request)
    return ReceiptsOut(items=[ReceiptOut.of(one, base) for one in found], next=following or None)


@router.get("/receipts/{receipt}", summary="One receipt")
async def one_receipt(receipt: str, request: Request, person: Caller, front: AtFront) -> ReceiptOut:
    """Return a receipt of your own."""
    found = await front.house.ledger.receipt(ReceiptId(receipt), scope=scope_of(person))
    return ReceiptOut.of(found, base_of(request))


@router.post("/receipts/{receipt}/replay", summary="Give an answer again")
async def replay(receipt: str, request: Request, person: Caller, front: AtFront) -> ReplayOut:
    """Ask a receipt's question again, as known then, and say what differs.

    It is answered within the rights of then that you still have, and leaves a receipt of its own.
    """
    replayed = await front.house.replay.replay(ReceiptId(receipt), principal=person)
    return ReplayOut.of(replayed, base_of(request))


@router.get("/receipts/{receipt}/table.{kind}", summary="An answer's table as a file")
async def table(
    receipt: str, kind: Literal["csv", "xlsx"], person: Caller, front: AtFront
) -> Response:
    """Return the figures of one of your own answers for a spreadsheet, each with its source."""
    found = await front.house.ledger.receipt(ReceiptId(receipt), scope=scope_of(person))
    if not isinstance(found.answer, Grounded):
        raise NotFound("this answer has no table")
    headers = {"Content-Disposition": f'attachment; filename="yanku-{found.id[:12]}.{kind}"'}
    if kind == "csv":
        return Response(csv_of(found.answer), media_type="text/csv", headers=headers)
    body = await asyncio.to_thread(xlsx_of, found.answer, found.reading or found.question)
    return Response(body, media_type=_XLSX, headers=headers)
