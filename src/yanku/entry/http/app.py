"""The server: API, OpenAI-compatible door and console in one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

import yanku
from yanku.entry.http import (
    ask,
    auth,
    documents,
    health,
    openai,
    people,
    problems,
    release,
    seen,
    serving,
)
from yanku.entry.http.front import Front
from yanku.entry.http.guard import Limited, Observed, SameSite, Shield
from yanku.entry.http.readiness import Readiness
from yanku.entry.http.repeats import Repeats
from yanku.entry.ui.console import add_console
from yanku.errors import NotFound

if TYPE_CHECKING:
    from yanku.wiring import House

_ABOUT = """Questions over your documents; every number in an answer leads to its source.

Send an API token as `Authorization: Bearer …`. Errors are problem details (RFC 9457) with a stable
`code`. What does not exist and what you may not read look the same."""


def create_app(house: House, *, console: bool = True) -> FastAPI:
    """Return the application that serves a house; the house outlives it.

    One process has one console: pass ``console=False`` to the others.
    """
    server = house.settings.server
    front = Front(
        house=house,
        readiness=Readiness(house),
        repeats=Repeats(),
        tls=server.certificate is not None or server.behind_tls_proxy,
    )
    app = FastAPI(
        title="Yanku",
        version=yanku.__version__,
        description=_ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # These pages load scripts from elsewhere.
        redoc_url=None,
        responses={"4XX": {"model": problems.Problem}, "5XX": {"model": problems.Problem}},
    )
    problems.install(app)
    # Looked through in this order for every request: what is asked most stands first.
    for part in (ask, openai, health, auth, documents, seen, people, serving, release):
        app.include_router(part.router)
    # What is not there is a problem too, and not one of the console's pages.
    app.mount("/api", _nothing)
    app.mount("/v1", _nothing)
    if console:
        add_console(app)
    # The last one added is the outermost.
    app.add_middleware(Limited, front=front)
    app.add_middleware(SameSite)
    app.add_middleware(Shield, front=front)
    app.add_middleware(Observed, front=front)
    return app


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    problem = problems.problem_of(NotFound())
    await problems.response_of(problem, scope["path"])(scope, receive, send)
