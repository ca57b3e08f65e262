"""What an owner does with a document: say who may read it, or delete it; each is asked first."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from yanku.entry.http.readers import readers_of
from yanku.entry.http.wire import groups_shown
from yanku.entry.ui.elements import attributes, box, button, dialog, form, shut, text
from yanku.entry.ui.readers_choice import groups_choice
from yanku.entry.ui.visit import Visit
from yanku.model.library import Entry

After = Callable[[], object]


async def ask_readers(visit: Visit, entry: Entry, after: After) -> None:
    """Ask which groups may read a document, and make it so."""
    words = visit.words
    async with visit.care() as person:
        chosen = groups_shown(entry, person)
        groups = await visit.front.house.accounts.groups(person)
        shown, body = dialog(words.change_readers, words.close)

        async def send(fields: dict[str, Any]) -> bool:
            async with visit.care() as owner:
                keys = await readers_of(
                    visit.front.house.accounts, fields.get("group", []), owner, chosen
                )
                await visit.front.house.keep.grant(entry.id, keys, principal=owner)
                shut(shown)
                visit.tell(words.saved)
                await _call(after)
            return False  # What was chosen stays; the dialog is gone.

        with body, form(send):
            text("p", entry.name, "title")
            groups_choice(words, groups, chosen)
            with box("dialog-acts"):
                button(words.cancel, lambda: shut(shown))
                attributes(text("button", words.save, "button primary"), type="submit")


async def ask_to_delete(visit: Visit, entry: Entry, after: After) -> None:
    """Ask whether a document may go, and let it go."""
    words = visit.words
    shown, body = dialog(words.delete_title, words.close)

    async def delete() -> None:
        async with visit.care() as owner:
            await visit.front.house.keep.forget(entry.id, principal=owner)
            shut(shown)
            visit.tell(words.deleted.format(name=entry.name))
            await _call(after)

    with body:
        text("p", words.delete_text.format(name=entry.name))
        with box("dialog-acts"):
            attributes(button(words.cancel, lambda: shut(shown)), autofocus=True)
            button(words.delete, delete, "danger")


async def _call(after: After) -> None:
    outcome = after()
    if isawaitable(outcome):
        await outcome
