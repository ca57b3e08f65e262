"""One document: what is known of it, and its pages."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from yanku.access.scope import scope_of
from yanku.entry.http.links import place_of
from yanku.entry.http.pace import Pace
from yanku.entry.http.wire import groups_shown
from yanku.entry.ui.document_acts import ask_readers, ask_to_delete
from yanku.entry.ui.elements import box, button, link, text
from yanku.entry.ui.inside import draw_container, draw_lock, draw_members
from yanku.entry.ui.layout import frame
from yanku.entry.ui.places import place_worded
from yanku.entry.ui.state import draw_state
from yanku.entry.ui.viewer import Viewer
from yanku.entry.ui.visit import Visit, dress, not_found, visit_of
from yanku.entry.ui.words import Words
from yanku.errors import NotFound
from yanku.model.library import DocumentId, Entry, State
from yanku.model.place import Place


async def document_page(request: Request, document: str) -> Response | None:
    """Show a document; what is not there and what is not for this person look the same."""
    return await _show(request, DocumentId(document), None)


async def source_page(request: Request, document: str) -> Response | None:
    """Show the place of a document that the address names."""
    return await _show(request, DocumentId(document), place_of(dict(request.query_params)))


async def _show(request: Request, document: DocumentId, cited: Place | None) -> Response | None:
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words = visit.words
    try:
        entry = await visit.front.house.library.entry(document, scope=scope_of(visit.person))
    except NotFound:
        dress(request, words, words.not_found_title)
        with frame(words, visit.person, ""):
            not_found(words)
        return None
    dress(request, words, entry.name)
    with frame(words, visit.person, "/library"):
        if cited is None:
            await _head(visit, entry)
        else:
            _source_head(visit, entry, cited)
        if cited is None:
            draw_lock(visit, entry)
            await draw_members(visit, entry)
        if entry.state is State.LIVE:
            with box("document-view", "section"):
                await _view(visit, entry, cited)
    return None


def _source_head(visit: Visit, entry: Entry, cited: Place) -> None:
    with box("page-head"):
        text("h1", entry.name)
        with box("", "p"):
            text("span", place_worded(cited, visit.words) + " ", "muted")
            link(visit.words.open_document, f"/documents/{entry.id}")


async def _head(visit: Visit, entry: Entry) -> None:
    words, profile = visit.words, entry.profile
    with box("page-head"):
        text("h1", entry.name)
        if profile.title:
            text("p", profile.title, "muted")
        await draw_container(visit, entry)
    groups = await visit.front.house.accounts.groups(visit.person)
    names = {group.id: group.name for group in groups}
    shown = [names.get(group, group) for group in groups_shown(entry, visit.person)]
    with box("facts", "dl"):
        text("dt", words.state)
        with box("", "dd"):
            draw_state(entry, Pace(), words)
        for label, value in (
            (words.company, profile.company.name if profile.company else ""),
            (words.period, profile.period.end.isoformat() if profile.period else ""),
            (words.who_reads, ", ".join(sorted(shown)) or words.only_me),
            (words.added, f"{entry.added.astimezone():%Y-%m-%d %H:%M}"),
            (words.size, f"{entry.size / 1024:,.0f} kB"),
            (words.version, str(entry.version)),
            (words.time_read, _seconds(entry, words)),
        ):
            if value:
                text("dt", label)
                text("dd", value)
    with box("acts-row"):
        if entry.state is State.LIVE:
            link(words.what_was_seen, f"/documents/{entry.id}/seen", "button")
        if entry.owner == visit.person.user and entry.parent is None:
            button(words.change_readers, lambda: ask_readers(visit, entry, ui.navigate.reload))
            button(words.delete, lambda: ask_to_delete(visit, entry, _to_library), "danger")


def _seconds(entry: Entry, words: Words) -> str:
    return words.seconds.format(n=f"{entry.seconds:.1f}") if entry.seconds else ""


def _to_library() -> None:
    ui.navigate.to("/library")


async def _view(visit: Visit, entry: Entry, cited: Place | None) -> None:
    viewer = Viewer(visit, entry.id, entry.name, entry.progress.pages)
    try:
        await viewer.show(cited or await viewer.beginning())
    except NotFound:
        text("p", visit.words.not_found, "muted")
