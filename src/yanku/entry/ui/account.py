"""One's own password and API tokens."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from yanku.entry.http.people import replace_password
from yanku.entry.ui.elements import attributes, box, button, field, form, text
from yanku.entry.ui.layout import frame
from yanku.entry.ui.visit import Visit, dress, visit_of
from yanku.errors import InvalidRequest
from yanku.model.people import Principal

_LONGEST_DAYS = 3650


async def account_page(request: Request) -> Response | None:
    """Show one's own account."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    words = visit.words
    dress(request, words, words.account)
    with frame(words, visit.person, "/account"):
        with box("page-head"):
            text("h1", visit.person.name)
            text("p", words.account_text, "muted")
        _password(visit)
        await _Tokens(visit).draw()
    return None


def _password(visit: Visit) -> None:
    words = visit.words

    async def change(fields: dict[str, Any]) -> bool:
        async with visit.care() as person:
            await replace_password(
                visit.front,
                person,
                person.user,
                str(fields["password"]),
                current=str(fields["current"]),
                address=visit.client.ip,
            )
            visit.client.open("/sign-in")
            return True
        return False

    with box("card", "section"):
        text("h2", words.change_password)
        text("p", words.change_password_hint, "muted")
        with form(change).classes("row-form"):
            # For password managers, which want to know whose password it is.
            attributes(
                box("away", "input"),
                name="username",
                value=visit.person.name,
                autocomplete="username",
                readonly=True,
                tabindex="-1",
                aria_hidden="true",
            )
            field(
                words.current_password,
                "current",
                kind="password",
                required=True,
                autocomplete="current-password",
            )
            field(
                words.new_password,
                "password",
                kind="password",
                required=True,
                autocomplete="new-password",
                minlength=12,
                title=words.password_hint,
            )
            attributes(text("button", words.change_password, "button"), type="submit")


class _Tokens:
    """The list of tokens, the form for a new one, and its secret, once."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    async def draw(self) -> None:
        words = self._visit.words
        with box("", "section"):
            text("h2", words.tokens)
            text("p", words.tokens_text, "muted")
            self._made = attributes(box("made"), aria_live="polite")
            self._list = box("list")
            with form(self._make).classes("row-form"):
                field(words.token_name, "name", required=True, maxlength=200, autocomplete="off")
                field(words.token_days, "days", kind="number", min=1, max=_LONGEST_DAYS)
                attributes(text("button", words.make_token, "button primary"), type="submit")
        await self._fill(self._visit.person)

    async def _fill(self, person: Principal) -> None:
        words = self._visit.words
        tokens = await self._visit.front.house.accounts.tokens(person)
        self._list.clear()
        with self._list:
            if not tokens:
                text("p", words.no_tokens, "muted")
                return
            with box("things", "table"):
                with box("", "thead"), box("", "tr"):
                    for title in (words.token_name, words.expires, ""):
                        text("th", title)
                with box("", "tbody"):
                    for token in tokens:
                        with box("", "tr"):
                            text("td", token.name, "title")
                            ends = f"{token.expires:%Y-%m-%d}" if token.expires else words.never
                            attributes(text("td", ends), data_label=words.expires)
                            with box("acts", "td"):
                                button(
                                    words.revoke,
                                    partial(self._revoke, token.id),
                                    "quiet",
                                    aria_label=f"{words.revoke}: {token.name}",
                                )

    async def _make(self, fields: dict[str, Any]) -> bool:
        async with self._visit.care() as person:
            days = _days(str(fields.get("days", "")))
            name = str(fields["name"])[:200]
            secret = await self._visit.front.house.accounts.add_token(person, name, days)
            self._made.clear()
            with self._made:
                text("p", self._visit.words.token_shown)
                text("code", secret, "secret")
            await self._fill(person)
            return True
        return False

    async def _revoke(self, token: str) -> None:
        async with self._visit.care() as person:
            await self._visit.front.house.accounts.revoke_token(person, token)
            await self._fill(person)


def _days(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isdecimal() or not 1 <= int(typed) <= _LONGEST_DAYS:
        raise InvalidRequest(f"a token holds for 1 to {_LONGEST_DAYS} days")
    return int(typed)
