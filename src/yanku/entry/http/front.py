"""What every request handler is given: the house, and what this server counts and remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from yanku.entry.http.readiness import Readiness
from yanku.entry.http.repeats import Repeats

if TYPE_CHECKING:
    from yanku.wiring import House

SESSION_COOKIE = "yanku_session"


@dataclass(frozen=True, slots=True)
class Front:
    """One server's own things beside the house. ``tls`` tells that browsers reach it by https."""

    house: House
    readiness: Readiness
    repeats: Repeats
    tls: bool

    @property
    def upload_bytes(self) -> int:
        """Return the size of the largest file that is accepted."""
        return self.house.settings.parser.max_mb * 1024 * 1024


def front_of(connection: HTTPConnection) -> Front:
    """Return the front of the server a request came to."""
    front = connection.scope["yanku.front"]
    if not isinstance(front, Front):
        raise TypeError("the server was not made by create_app")
    return front


async def _at_front(connection: HTTPConnection) -> Front:
    # A function that is not async would be called in another thread, for every request.
    return front_of(connection)


AtFront = Annotated[Front, Depends(_at_front)]
