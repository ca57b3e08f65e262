"""Pages for administrators: to everybody else there is nothing there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from yanku.entry.ui.elements import box, text
from yanku.entry.ui.layout import frame
from yanku.entry.ui.visit import Visit, dress, not_found, visit_of
from yanku.entry.ui.words import Words
from yanku.model.people import Role


async def office_page(
    request: Request,
    here: str,
    said: Callable[[Words], tuple[str, str]],
    draw: Callable[[Visit], Awaitable[None]],
) -> Response | None:
    """Draw the page that the menu has at ``here``; ``said`` returns its title and its purpose."""
    visit = await visit_of(request)
    if visit is None:
        return RedirectResponse("/sign-in", 303)
    title, about = said(visit.words)
    dress(request, visit.words, title)
    with frame(visit.words, visit.person, here):
        if visit.person.role is not Role.ADMIN:
            not_found(visit.words)
            return None
        with box("page-head"):
            text("h1", title)
            text("p", about, "muted")
        await draw(visit)
    return None
