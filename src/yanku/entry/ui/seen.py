"""What the machine saw in a document: its pages with an overlay, and the report on reading.

The page brings a frame and its words; ``assets/seen.js`` asks for one page's blocks at a time and
draws them, so that a long report costs the browser no more than a short one.
"""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from yanku.access.scope import scope_of
from yanku.entry.http.pace import Pace
from yanku.entry.ui.elements import attributes, box, link, text
from yanku.entry.ui.layout import ASSETS_AT, frame
from yanku.entry.ui.seen_words import seen_words
from yanku.entry.ui.state import draw_state
from yanku.entry.ui.visit import Visit, dress, not_found, visit_of
from yanku.errors import NotFound
from yanku.model.library import DocumentId, Entry, State

_HEAD = (
    f'<link rel="stylesheet" href="{ASSETS_AT}/seen.css">'
    f'<script src="{ASSETS_AT}/seen.js"></script>'
    f'<script src="{ASSETS_AT}/seen_detail.js"></script>'
    f'<script src="{ASSETS_AT}/seen_report.js"></script>'
)
_LOOK_EVERY_S = 1.0


async def seen_page(request: Request, document: str) -> Response | None:
    """Show what was read in a document; what is missing and what is hidden look the same."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words = visit.words
    try:
        entry = await visit.front.house.library.entry(
            DocumentId(document), scope=scope_of(visit.person)
        )
    except NotFound:
        dress(request, words, words.not_found_title)
        with frame(words, visit.person, ""):
            not_found(words)
        return None
    ui.add_head_html(_HEAD)
    dress(request, words, f"{words.what_was_seen} · {entry.name}")
    with frame(words, visit.person, "/library"):
        with box("page-head"):
            text("h1", entry.name)
            with box("", "p"):
                text("span", words.seen_text + " ", "muted")
                link(words.open_document, f"/documents/{entry.id}")
        if entry.state is State.LIVE:
            _seen(visit, entry)
        else:
            _waiting(visit, entry)
    return None


def _seen(visit: Visit, entry: Entry) -> None:
    root = attributes(
        box("seen"),
        data_document=entry.id,
        data_words=json.dumps(seen_words(visit.words.language), ensure_ascii=False),
        data_errors=json.dumps(visit.words.errors(), ensure_ascii=False),
        data_flaws=json.dumps(visit.words.flaws_worded(), ensure_ascii=False),
    )
    ui.run_javascript(f"seen.start('{root.html_id}')")


def _waiting(visit: Visit, entry: Entry) -> None:
    """Show how far the reading has come, and the view itself once there is something to see."""
    place, pace = box("card"), Pace()
    with place:
        draw_state(entry, pace, visit.words)
    if entry.state not in {State.QUEUED, State.PARSING}:
        return

    async def look() -> None:
        async with visit.care() as person:
            now = await visit.front.house.library.entry(entry.id, scope=scope_of(person))
            if now.state is State.LIVE:
                timer.cancel()
                ui.navigate.reload()
                return
            place.clear()
            with place:
                draw_state(now, pace, visit.words)

    timer = ui.timer(_LOOK_EVERY_S, look)
