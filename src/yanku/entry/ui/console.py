"""Puts the console on the server's application."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from nicegui import app as pages
from nicegui import ui
from starlette.staticfiles import StaticFiles

from yanku.entry.http.auth import visitor
from yanku.entry.http.problems import incident
from yanku.entry.ui import sign_in
from yanku.entry.ui.account import account_page
from yanku.entry.ui.ask_page import ask_page
from yanku.entry.ui.document import document_page, source_page
from yanku.entry.ui.elements import box, text
from yanku.entry.ui.engines import engines_page
from yanku.entry.ui.layout import ASSETS_AT, frame
from yanku.entry.ui.library import library_page
from yanku.entry.ui.people import people_page
from yanku.entry.ui.receipts import receipt_page, receipts_page
from yanku.entry.ui.releases import releases_page
from yanku.entry.ui.seen import seen_page
from yanku.entry.ui.visit import dress, language_of, not_found
from yanku.entry.ui.words import Words

_ASSETS = Path(__file__).parent / "assets"
_HEAD = (
    f'<link rel="stylesheet" href="{ASSETS_AT}/console.css">'
    f'<script src="{ASSETS_AT}/console.js"></script>'
)

_PAGES: dict[str, Callable[..., Any]] = {
    "/": ask_page,
    "/sign-in": sign_in.sign_in_page,
    "/setup": sign_in.setup_page,
    "/library": library_page,
    "/documents/{document}": document_page,
    "/documents/{document}/seen": seen_page,
    "/source/{document}": source_page,
    "/receipts": receipts_page,
    "/receipts/{receipt}": receipt_page,
    "/people": people_page,
    "/engines": engines_page,
    "/releases": releases_page,
    "/account": account_page,
}


def add_console(app: FastAPI) -> None:
    """Serve the console's pages beside what the application serves already.

    The pages' library keeps them in one place per process: call this once.
    """
    app.include_router(sign_in.forms)
    app.mount(ASSETS_AT, StaticFiles(directory=_ASSETS))
    app.add_api_route("/favicon.ico", _favicon, include_in_schema=False)
    for path, page in (*_PAGES.items(), ("/{rest:path}", _nothing_here)):
        ui.page(path, response_timeout=30)(page)
    ui.add_head_html(_HEAD, shared=True)
    pages.on_page_exception(_broken)
    ui.run_with(
        app,
        title="Yanku",
        favicon=_ASSETS / "icon.svg",
        dark=None,
        tailwind=False,
        show_welcome_message=False,
    )


async def _favicon() -> Response:
    return FileResponse(_ASSETS / "icon.svg", media_type="image/svg+xml")


async def _nothing_here(request: Request) -> None:
    words = Words(language_of(request))
    dress(request, words, words.not_found_title)
    with frame(words, await visitor(request), ""):
        not_found(words)


def _broken(error: Exception) -> None:
    """Say that a page could not be drawn; the log has the reason, the reader its number."""
    client = ui.context.client
    words = Words(language_of(client.request))
    dress(client.request, words, words.problem)
    with frame(words, None, ""), box("empty"):
        text("h1", words.problem)
        text("p", words.unexpected.format(incident=incident(error).incident))
