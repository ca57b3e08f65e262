"""One person looking at one page: who, in which language, and how they are told things."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from nicegui import Client, ui

from yanku.entry.http.auth import visitor
from yanku.entry.http.front import SESSION_COOKIE, Front, front_of
from yanku.entry.http.problems import incident
from yanku.entry.ui.elements import text
from yanku.entry.ui.words import Language, Words
from yanku.errors import NotSignedIn, YankuError
from yanku.model.people import Principal

LANGUAGE_COOKIE = "yanku_language"
THEME_COOKIE = "yanku_theme"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page needs to know of whoever looks at it."""

    front: Front
    words: Words
    person: Principal
    session: str
    client: Client

    async def who(self) -> Principal:
        """Return the person as they are now; raise NotSignedIn once they are not.

        A page may stay open for long: rights and the session are looked at before every action.
        """
        return await self.front.house.accounts.by_secret(self.session)

    def tell(self, message: str, kind: Literal["good", "bad"] = "good") -> None:
        """Show a message that stays until it is read out or closed."""
        self.client.run_javascript(
            f"yanku.tell({json.dumps(message)}, {json.dumps(kind)}, {json.dumps(self.words.close)})"
        )

    def tell_error(self, error: Exception) -> None:
        """Show an error as a sentence; what nobody expected gets a number and goes to the log."""
        if isinstance(error, NotSignedIn):
            self.client.open("/sign-in")
        elif isinstance(error, YankuError):
            self.tell(self.words.error(error.code), "bad")
        else:
            self.tell(self.words.unexpected.format(incident=incident(error).incident), "bad")

    @contextlib.asynccontextmanager
    async def care(self, failed: Callable[[], None] | None = None) -> AsyncIterator[Principal]:
        """Give an action the person as they are now, and show whatever error it ends with.

        ``failed`` is called first, to say so where the action is shown.
        """
        try:
            yield await self.who()
        except Exception as error:  # noqa: BLE001 - the page is the last stop: named, and logged
            if failed is not None:
                failed()
            self.tell_error(error)


def language_of(request: Request) -> Language:
    """Return the language a browser chose, or else asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {"zh", "en"}:
        return "zh" if chosen == "zh" else "en"
    for part in request.headers.get("accept-language", "").lower().split(","):
        if part.strip().startswith("zh"):
            return "zh"
        if part.strip().startswith("en"):
            return "en"
    return "zh"


def dress(request: Request, words: Words, title: str) -> None:
    """Give the page at hand its language, its colours and its title."""
    client = ui.context.client
    page = copy.copy(client.page)
    page.language = "zh-CN" if words.language == "zh" else "en-US"
    page.dark = {"dark": True, "light": False}.get(request.cookies.get(THEME_COOKIE, ""))
    client.page = page
    client.title = f"{title} · {words.brand}"


async def visit_of(request: Request) -> Visit | None:
    """Return the visit of a signed-in person, or None."""
    person = await visitor(request)
    if person is None:
        return None
    return Visit(
        front=front_of(request),
        words=Words(language_of(request)),
        person=person,
        session=request.cookies[SESSION_COOKIE],
        client=ui.context.client,
    )


def not_found(words: Words) -> None:
    """Say that there is nothing here, in the same words whatever the reason."""
    ui.context.client.status_code = 404
    with ui.element("div").classes("empty"):
        text("h1", words.not_found_title)
        text("p", words.not_found)
        text("a", words.back).classes("button").props["href"] = "/"
