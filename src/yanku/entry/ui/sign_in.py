"""Signing in and out, and the first administrator: plain forms that need no script."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from nicegui.element import Element

from yanku.entry.http import auth
from yanku.entry.http.front import SESSION_COOKIE, AtFront, Front, front_of
from yanku.entry.ui.elements import attributes, box, field, text
from yanku.entry.ui.layout import frame
from yanku.entry.ui.visit import dress, language_of
from yanku.entry.ui.words import Words
from yanku.errors import YankuError

forms = APIRouter(include_in_schema=False)

_Name = Annotated[str, Form(max_length=200)]
_Secret = Annotated[str, Form(max_length=1000)]


async def sign_in_page(request: Request, problem: str = "") -> Response | None:
    """Show the form to sign in with, or the first start if nobody can."""
    if await auth.visitor(request) is not None:
        return _to("/")
    if await front_of(request).house.accounts.needs_setup():
        return _to("/setup")
    words = Words(language_of(request))
    dress(request, words, words.sign_in)
    with frame(words, None, ""), _card(words.sign_in, words.tagline, "/sign-in"):
        _trouble(words, problem)
        field(words.user_name, "name", autocomplete="username", required=True, autofocus=True)
        _password(words, "current-password")
        attributes(text("button", words.sign_in, "button primary"), type="submit")
    return None


async def setup_page(request: Request, token: str = "", problem: str = "") -> Response | None:
    """Show the form that creates the first administrator."""
    if not await front_of(request).house.accounts.needs_setup():
        return _to("/sign-in")
    words = Words(language_of(request))
    dress(request, words, words.setup_title)
    with frame(words, None, ""), _card(words.setup_title, words.setup_text, "/setup"):
        _trouble(words, problem)
        field(words.setup_token, "token", value=token[:200], autocomplete="off", required=True)
        field(words.user_name, "name", autocomplete="username", required=True, autofocus=True)
        _password(words, "new-password", words.password_hint)
        attributes(text("button", words.set_up, "button primary"), type="submit")
    return None


def _card(title: str, about: str, action: str) -> Element:
    with box("door"):
        made = attributes(box("card form", "form"), method="post", action=action)
        with made:
            text("h1", title)
            text("p", about, "muted")
    return made


def _password(words: Words, use: str, hint: str = "") -> None:
    field(words.password, "password", kind="password", hint=hint, autocomplete=use, required=True)


def _trouble(words: Words, code: str) -> None:
    if code:
        attributes(text("p", words.error(code), "trouble"), role="alert")


@forms.post("/sign-in")
async def sign_in(request: Request, front: AtFront, name: _Name, password: _Secret) -> Response:
    """Sign in and go to the questions, or back to the form."""
    return await _enter(request, front, name, password, "/sign-in")


@forms.post("/setup")
async def set_up(
    request: Request, front: AtFront, token: _Secret, name: _Name, password: _Secret
) -> Response:
    """Create the first administrator and sign in."""
    try:
        await front.house.accounts.set_up(token.strip(), name, password)
    except YankuError as error:
        return _to(f"/setup?problem={error.code}")
    return await _enter(request, front, name, password, "/sign-in")


@forms.post("/sign-out")
async def sign_out(request: Request, front: AtFront) -> Response:
    """End the session."""
    if session := request.cookies.get(SESSION_COOKIE):
        await front.house.accounts.sign_out(session)
    response = _to("/sign-in")
    auth.forget(response, front)
    return response


async def _enter(
    request: Request, front: Front, name: str, password: str, otherwise: str
) -> Response:
    try:
        _, secret = await front.house.accounts.sign_in(name, password, auth.address_of(request))
    except YankuError as error:
        return _to(f"{otherwise}?problem={error.code}")
    response = _to("/")
    auth.remember(response, front, secret)
    return response


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
