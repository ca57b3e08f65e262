"""Files inside files on a document's page: what lies in it, and the prompt of a protected one."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from yanku.access.scope import scope_of
from yanku.entry.http.pace import Pace
from yanku.entry.ui.elements import attributes, box, field, form, link, text
from yanku.entry.ui.state import draw_state
from yanku.entry.ui.visit import Visit
from yanku.errors import NotFound
from yanku.flows.unlock import is_locked
from yanku.model.library import Entry


def draw_lock(visit: Visit, entry: Entry) -> None:
    """Ask the owner of a protected document for its password."""
    if not is_locked(entry) or entry.owner != visit.person.user:
        return
    words = visit.words

    async def send(fields: dict[str, Any]) -> bool:
        async with visit.care() as owner:
            await visit.front.house.unlock.unlock(
                entry.id, str(fields.get("password", "")), principal=owner
            )
            ui.navigate.reload()
        return True

    with box("card", "section"):
        text("h2", words.locked_title)
        text("p", words.locked_text, "muted")
        with form(send).classes("row-form"):
            # A file's password is nobody's account: no browser is asked to keep it.
            field(words.password, "password", kind="password", required=True, autocomplete="off",
                  maxlength=1024)  # fmt: skip
            attributes(text("button", words.unlock, "button primary"), type="submit")


async def draw_container(visit: Visit, entry: Entry) -> None:
    """Name the archive or mail that a document came in, if this person may see it."""
    if entry.parent is None:
        return
    library = visit.front.house.library
    try:
        container = await library.entry(entry.parent, scope=scope_of(visit.person))
    except NotFound:
        return
    with box("muted", "p"):
        text("span", visit.words.came_in + " ")
        link(container.name, f"/documents/{container.id}")


async def draw_members(visit: Visit, entry: Entry) -> None:
    """List the files in an archive or mail."""
    words = visit.words
    inside = await visit.front.house.library.members(entry.id, scope=scope_of(visit.person))
    if not inside:
        return
    with box("", "section"):
        text("h2", words.files_inside.format(n=len(inside)))
        with box("things", "table"), box("", "tbody"):
            for each in inside:
                with box("", "tr"):
                    with box("", "td"):
                        shown = each.name.removeprefix(f"{entry.name}/")
                        link(shown, f"/documents/{each.id}", "title")
                    with attributes(box("", "td"), data_label=words.state):
                        draw_state(each, Pace(), words)
