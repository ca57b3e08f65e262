"""People and groups, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from nicegui.element import Element

from yanku.entry.http.people import replace_password
from yanku.entry.ui.elements import attributes, box, button, dialog, field, form, shut, text
from yanku.entry.ui.office import office_page
from yanku.entry.ui.visit import Visit
from yanku.model.people import Group, GroupId, Principal, Role, UserId


async def people_page(request: Request) -> Response | None:
    """Show people and groups."""
    return await office_page(
        request,
        "/people",
        lambda words: (words.people, words.people_text),
        lambda visit: _People(visit).draw(),
    )


class _People:
    """Two lists and the forms that add to them."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    async def draw(self) -> None:
        words = self._visit.words
        with box("", "section"):
            text("h2", words.users)
            self._users = box()
        with box("card", "section"):
            text("h2", words.add_user)
            with form(self._add_user).classes("row-form"):
                field(words.user_name, "name", required=True, autocomplete="off", maxlength=200)
                _password(words.password, words.password_hint)
                _role(words.role, words.member, words.admin)
                attributes(text("button", words.add, "button primary"), type="submit")
        with box("", "section"):
            text("h2", words.groups)
            self._groups = box()
        with box("card", "section"):
            text("h2", words.add_group)
            with form(self._add_group).classes("row-form"):
                field(words.group_name, "name", required=True, autocomplete="off", maxlength=200)
                attributes(text("button", words.add, "button primary"), type="submit")
        await self._fill(self._visit.person)

    async def _fill(self, person: Principal) -> None:
        accounts = self._visit.front.house.accounts
        users, groups = await accounts.users(person), await accounts.groups(person)
        self._users.clear()
        with self._users:
            self._user_table(users, groups)
        self._groups.clear()
        with self._groups, box("tags"):
            for group in groups:
                text("span", group.name, "tag")
            if not groups:
                text("span", self._visit.words.no_groups_yet, "muted")

    def _user_table(self, users: Sequence[Principal], groups: Sequence[Group]) -> None:
        words = self._visit.words
        with box("things level", "table"):
            with box("", "thead"), box("", "tr"):
                for title in (words.user_name, words.role, words.groups, ""):
                    text("th", title)
            with box("", "tbody"):
                for user in users:
                    self._user(user, groups)

    def _user(self, user: Principal, groups: Sequence[Group]) -> None:
        words = self._visit.words
        role = words.admin if user.role is Role.ADMIN else words.member
        with box("", "tr"):
            text("td", user.name, "title")
            attributes(text("td", role), data_label=words.role)
            with attributes(box("", "td"), data_label=words.groups):
                label = words.members_of.format(name=user.name)
                with attributes(box("checks", "fieldset"), aria_label=label):
                    for group in groups:
                        self._membership(user, group)
            with box("acts", "td"):
                if user.user != self._visit.person.user:
                    button(words.reset_password, partial(self._reset, user), "quiet")

    def _membership(self, user: Principal, group: Group) -> None:
        with box("check", "label"):
            tick = attributes(box("", "input"), type="checkbox", checked=group.id in user.groups)
            text("span", group.name)

        async def changed(event: Any) -> None:  # noqa: ANN401 - whatever the browser sent
            await self._belong(user.user, group.id, belongs=event.args is True)

        tick.on("change", changed, js_handler="(e) => emit(e.target.checked)")

    async def _belong(self, user: UserId, group: GroupId, *, belongs: bool) -> None:
        async with self._visit.care() as person:
            accounts = self._visit.front.house.accounts
            await (accounts.join if belongs else accounts.leave)(person, user, group)
            self._visit.tell(self._visit.words.saved)

    async def _add_user(self, fields: dict[str, Any]) -> bool:
        async with self._visit.care() as person:
            await self._visit.front.house.accounts.add_user(
                person, str(fields["name"]), str(fields["password"]), Role(fields["role"])
            )
            await self._fill(person)
            self._visit.tell(self._visit.words.saved)
            return True
        return False

    async def _add_group(self, fields: dict[str, Any]) -> bool:
        async with self._visit.care() as person:
            await self._visit.front.house.accounts.add_group(person, str(fields["name"]))
            await self._fill(person)
            self._visit.tell(self._visit.words.saved)
            return True
        return False

    async def _reset(self, user: Principal) -> None:
        words = self._visit.words
        shown, body = dialog(f"{words.reset_password}: {user.name}", words.close)
        with body, form(partial(self._replace, user, shown)):
            _password(words.new_password, words.password_hint)
            with box("dialog-acts"):
                button(words.cancel, lambda: shut(shown))
                attributes(text("button", words.save, "button primary"), type="submit")

    async def _replace(self, user: Principal, shown: Element, fields: dict[str, Any]) -> bool:
        async with self._visit.care() as person:
            await replace_password(
                self._visit.front,
                person,
                user.user,
                str(fields["password"]),
                current="",
                address=self._visit.client.ip,
            )
            shut(shown)
            self._visit.tell(self._visit.words.saved)
            return True
        return False


def _password(label: str, hint: str) -> None:
    field(label, "password", kind="password", hint=hint, required=True, autocomplete="new-password")


def _role(label: str, member: str, admin: str) -> None:
    with box("field", "label"):
        text("span", label, "label")
        with attributes(box("input", "select"), name="role"):
            attributes(text("option", member), value="member")
            attributes(text("option", admin), value="admin")
