"""The library: what is there, how far it has come, who may read it; uploads and deletion."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui
from nicegui.element import Element

from yanku.access.scope import scope_of
from yanku.entry.http.documents import is_over
from yanku.entry.http.pace import Pace
from yanku.entry.http.wire import groups_shown
from yanku.entry.ui.document_acts import ask_readers, ask_to_delete
from yanku.entry.ui.elements import attributes, box, button, link, text
from yanku.entry.ui.layout import frame
from yanku.entry.ui.readers_choice import groups_choice
from yanku.entry.ui.state import draw_state
from yanku.entry.ui.visit import Visit, dress, visit_of
from yanku.model.library import DocumentId, Entry
from yanku.model.people import Group, GroupId, Principal
from yanku.parse.formats import FORMATS

_AT_ONCE = 50
_LOOK_EVERY_S = 1.0
_LOOK_ANYWAY = 5
"""Every so many looks, even when nothing here moves: others may have added something."""
_KINDS = ",".join(f".{ending}" for each in FORMATS.values() for ending in each.endings)


async def library_page(request: Request) -> Response | None:
    """Show the library."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words = visit.words
    dress(request, words, words.library)
    with frame(words, visit.person, "/library"):
        with box("page-head"):
            text("h1", words.library)
            text("p", words.library_text, "muted")
        groups = await visit.front.house.accounts.groups(visit.person)
        shelf = _Shelf(visit, groups)
        _uploads(visit, groups, shelf)
        await shelf.draw()
    return None


def _uploads(visit: Visit, groups: Sequence[Group], shelf: _Shelf) -> None:
    words = visit.words
    megabytes = visit.front.upload_bytes // 1024**2
    root = attributes(
        box("uploads"),
        data_limit=str(visit.front.upload_bytes),
        data_errors=json.dumps(words.errors()),
    )
    root.on("uploaded", shelf.look, args=[])
    with root:
        with box("drop"), box("", "p"):
            text("span", words.drop_here + " ")
            with box("", "label"):
                attributes(box("", "input"), type="file", multiple=True, accept=_KINDS)
                text("span", words.choose_files, "choose")
            text("div", words.upload_kinds.format(mb=megabytes), "hint")
        groups_choice(words, groups)
        attributes(box("sendings"), aria_live="polite")


class _Shelf:
    """The table; rows that change are redrawn in place, the rest stays as it is."""

    def __init__(self, visit: Visit, groups: Sequence[Group]) -> None:
        self._visit = visit
        self._names = {group.id: group.name for group in groups}
        self._rows: dict[DocumentId, _Row] = {}
        self._limit = _AT_ONCE
        self._ticks = 0

    async def draw(self) -> None:
        self._place = box("shelf")
        await self._fill()
        ui.timer(_LOOK_EVERY_S, self._tick)

    async def _tick(self) -> None:
        self._ticks += 1
        moving = any(not is_over(row.entry) for row in self._rows.values())
        if moving or self._ticks % _LOOK_ANYWAY == 0:
            await self.look()

    async def look(self) -> None:
        """See what has changed, and show that."""
        async with self._visit.care():
            await self._fill()

    async def _fill(self) -> None:
        person = await self._visit.who()
        entries, more = await self._visit.front.house.library.entries(
            scope=scope_of(person), limit=self._limit
        )
        if [entry.id for entry in entries] != list(self._rows) or not entries:
            self._redraw(entries, person, more=bool(more))
        for entry in entries:
            self._rows[entry.id].show(entry)

    def _redraw(self, entries: Sequence[Entry], person: Principal, *, more: bool) -> None:
        words = self._visit.words
        paces = {id: row.pace for id, row in self._rows.items()}
        self._rows = {}
        self._place.clear()
        with self._place:
            if not entries:
                text("p", words.library_empty, "empty muted")
                return
            with box("things", "table"):
                with box("", "thead"), box("", "tr"):
                    for title in (words.document, words.state, words.who_reads, ""):
                        text("th", title)
                with box("", "tbody"):
                    for entry in entries:
                        pace = paces.get(entry.id, Pace())
                        self._rows[entry.id] = _Row(
                            self._visit, person, self._names, pace, entry, self.look
                        )
            if more:
                button(words.more, self._more, "more")

    async def _more(self) -> None:
        self._limit += _AT_ONCE
        await self.look()


class _Row:
    """One document."""

    def __init__(
        self,
        visit: Visit,
        person: Principal,
        names: Mapping[GroupId, str],
        pace: Pace,
        entry: Entry,
        changed: Callable[[], object],
    ) -> None:
        self._visit = visit
        self._person = person
        self._names = names
        self._changed = changed
        self.pace = pace
        self.entry = entry
        with box("", "tr"):
            self._title = box("", "td")
            self._state = self._cell(visit.words.state)
            self._readers = self._cell(visit.words.who_reads)
            with box("acts", "td"):
                self._acts()
        self._draw()

    def _cell(self, label: str) -> Element:
        return attributes(box("", "td"), data_label=label)

    def show(self, entry: Entry) -> None:
        """Show a document as it is now."""
        self.pace.see(monotonic(), entry.progress.pages_done)
        if entry != self.entry:
            self.entry = entry
            self._draw()

    def _draw(self) -> None:
        words, entry = self._visit.words, self.entry
        self._title.clear()
        with self._title:
            link(entry.name, f"/documents/{entry.id}", "title")
            text("div", about(entry, self._visit), "detail")
        self._state.clear()
        with self._state:
            draw_state(entry, self.pace, words)
        self._readers.clear()
        with self._readers, box("tags"):
            shown = groups_shown(entry, self._person)
            for group in sorted(shown, key=lambda id: self._names.get(id, id)):
                text("span", self._names.get(group, group), "tag")
            if not shown:
                text("span", words.only_me, "muted")

    def _acts(self) -> None:
        words = self._visit.words
        if self.entry.owner != self._person.user or self.entry.parent is not None:
            return  # what came in an archive or a mail goes where that goes
        button(
            words.rights,
            self._change,
            "quiet",
            aria_label=f"{words.change_readers}: {self.entry.name}",
        )
        button(words.delete, self._delete, "quiet", aria_label=f"{words.delete}: {self.entry.name}")

    async def _change(self) -> None:
        await ask_readers(self._visit, self.entry, self._changed)

    async def _delete(self) -> None:
        await ask_to_delete(self._visit, self.entry, self._changed)


def about(entry: Entry, visit: Visit) -> str:
    """Return in one line whose document it is, of when, and how long."""
    profile, words = entry.profile, visit.words
    parts = [
        profile.company.name if profile.company else "",
        profile.period.end.isoformat() if profile.period else "",
        words.pages_all.format(n=entry.progress.pages) if entry.progress.pages else "",
        f"{entry.added.astimezone():%Y-%m-%d %H:%M}",
    ]
    return " · ".join(part for part in parts if part)
