"""Documents over HTTP: uploaded, listed, watched, granted, looked at, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from yanku.access.scope import scope_of
from yanku.entry.http import events
from yanku.entry.http.auth import Caller
from yanku.entry.http.front import AtFront
from yanku.entry.http.pace import Pace
from yanku.entry.http.readers import readers_of
from yanku.entry.http.uploads import SCHEMA, digest_of, upload_of
from yanku.entry.http.wire import (
    CellOut,
    DocumentOut,
    DocumentsOut,
    PageOut,
    PasswordIn,
    ProgressOut,
    ReadersIn,
    groups_shown,
)
from yanku.flows.view import TextLine
from yanku.model.library import DocumentId, Entry, State, document_id
from yanku.model.people import Principal
from yanku.ports import Library

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

_LOOK_EVERY_S = 0.5
After = Annotated[str, Query(description="`next` of the page before", max_length=500)]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000, description="counted from 1")]
Limit = Annotated[int, Query(ge=1, le=500, description="items at most")]


@router.post("", status_code=202, summary="Upload a document", openapi_extra=SCHEMA)
async def upload(
    request: Request,
    response: Response,
    person: Caller,
    front: AtFront,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> DocumentOut:
    """Keep a file and queue it for reading.

    The same bytes sent again by the same person are the same document. With `replaces`, the old
    version answers until the new one has been read. The default is that nobody but the owner
    may read it.
    """
    async with upload_of(request) as sent:
        if idempotency_key is not None:
            digest = await asyncio.to_thread(digest_of, sent.path)
            front.repeats.check(person.user, idempotency_key, document_id(person.user, digest))
        entry = await front.house.ingest.add(
            sent.path,
            sent.name,
            owner=person,
            readers=await readers_of(front.house.accounts, sent.groups, person),
            replaces=DocumentId(sent.replaces) if sent.replaces else None,
        )
    response.headers["Location"] = f"/api/v1/documents/{entry.id}"
    return DocumentOut.of(entry, person)


@router.get("", summary="List the documents you may read")
async def list_documents(
    person: Caller, front: AtFront, after: After = "", limit: Limit = 100
) -> DocumentsOut:
    """Return documents, newest first, without superseded versions."""
    entries, following = await front.house.library.entries(
        scope=scope_of(person), after=after, limit=limit
    )
    return DocumentsOut(
        items=[DocumentOut.of(entry, person) for entry in entries], next=following or None
    )


@router.get("/{document}", summary="One document")
async def one(document: str, person: Caller, front: AtFront) -> DocumentOut:
    """Return a document that you may read."""
    entry = await front.house.library.entry(DocumentId(document), scope=scope_of(person))
    return DocumentOut.of(entry, person)


@router.get(
    "/{document}/progress",
    summary="Watch a document being read",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "model": ProgressOut}},
)
async def progress(document: str, person: Caller, front: AtFront) -> StreamingResponse:
    """Send a `progress` event at every change, and end when the work has ended."""
    scope = scope_of(person)
    await front.house.library.entry(DocumentId(document), scope=scope)
    return events.stream(_watch(front.house.library, DocumentId(document), person))


async def _watch(
    library: Library, document: DocumentId, person: Principal
) -> AsyncGenerator[events.Event]:
    pace = Pace()
    last: ProgressOut | None = None
    while True:
        entry = await library.entry(document, scope=scope_of(person))
        now = ProgressOut.of(entry)
        if now != last:
            last = now
            pace.see(monotonic(), now.pages_done)
            rate = {
                "pages_per_second": pace.pages_per_second,
                "remaining_s": pace.remaining_s(now.pages),
            }
            yield "progress", now.model_copy(update=rate)
        if is_over(entry):
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def is_over(entry: Entry) -> bool:
    """Tell whether no more work on a document is to come."""
    if entry.state in {State.FAILED, State.SUPERSEDED}:
        return True
    done = entry.progress
    return entry.state is State.LIVE and done.vectors_done >= done.chunks


@router.put("/{document}/readers", summary="Change who may read a document")
async def readers(document: str, body: ReadersIn, person: Caller, front: AtFront) -> DocumentOut:
    """Replace the groups that may read it; in force at once. Only the owner may."""
    scope = scope_of(person)
    entry = await front.house.library.entry(DocumentId(document), scope=scope)
    keys = await readers_of(front.house.accounts, body.groups, person, groups_shown(entry, person))
    await front.house.keep.grant(entry.id, keys, principal=person)
    return DocumentOut.of(await front.house.library.entry(entry.id, scope=scope), person)


@router.get("/{document}/members", summary="The files in an archive or a mail")
async def members(document: str, person: Caller, front: AtFront) -> list[DocumentOut]:
    """Return the documents that lie in a document you may read."""
    scope = scope_of(person)
    container = await front.house.library.entry(DocumentId(document), scope=scope)
    inside = await front.house.library.members(container.id, scope=scope)
    return [DocumentOut.of(entry, person) for entry in inside]


@router.post("/{document}/unlock", status_code=202, summary="Open a protected document")
async def unlock(document: str, body: PasswordIn, person: Caller, front: AtFront) -> DocumentOut:
    """Open a document that failed as `encrypted_source`, and queue it for reading.

    The password is used once and kept nowhere; `wrong_password` says that it was not the one, and
    changes nothing. Only the owner may.
    """
    entry = await front.house.unlock.unlock(
        DocumentId(document), body.password.get_secret_value(), principal=person
    )
    return DocumentOut.of(entry, person)


@router.delete("/{document}", status_code=204, summary="Forget a document for good")
async def forget(document: str, person: Caller, front: AtFront) -> None:
    """Delete every version, its text, figures, vectors and pictures. Only the owner may."""
    await front.house.keep.forget(DocumentId(document), principal=person)


@router.get(
    "/{document}/pages/{number}.png",
    summary="A page as a picture",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def picture(document: str, number: PageNumber, person: Caller, front: AtFront) -> Response:
    """Return a page as PNG."""
    image = await front.house.view.page_image(DocumentId(document), number, principal=person)
    # Kept by this browser only, and asked about again once the minute is over: a document that
    # was forgotten does not stay on a screen for long.
    headers = {"Cache-Control": "private, max-age=60"}
    return Response(image, media_type="image/png", headers=headers)


@router.get("/{document}/pages/{number}", summary="A page's size")
async def page(document: str, number: PageNumber, person: Caller, front: AtFront) -> PageOut:
    """Return the size of a page in points, to place a citation's box on its picture."""
    return PageOut.of(await front.house.view.page(DocumentId(document), number, principal=person))


@router.get("/{document}/sheets/{sheet}", summary="A sheet's cells")
async def sheet_cells(document: str, sheet: str, person: Caller, front: AtFront) -> list[CellOut]:
    """Return the cells of a sheet that have something in them."""
    cells = await front.house.view.sheet(DocumentId(document), sheet, principal=person)
    return [CellOut.of(cell) for cell in cells]


@router.get("/{document}/lines", summary="A text's lines")
async def lines(document: str, person: Caller, front: AtFront) -> list[TextLine]:
    """Return a Word or text document line by line, as citations count them."""
    return list(await front.house.view.lines(DocumentId(document), principal=person))
