"""All engines this process talks to, of whatever model version, for those who look after them."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.serving.replica import Seen
from yanku.serving.routing import Router


@dataclass(frozen=True, slots=True)
class Serving:
    """A model version and its replicas."""

    name: str
    version: str
    replicas: tuple[Seen, ...]


class Fleet:
    """The routers that are open."""

    def __init__(self) -> None:
        self._routers: list[Router] = []

    def add(self, router: Router) -> None:
        """Remember a router for as long as it is open."""
        self._routers = [*(one for one in self._routers if not one.closed), router]

    def watch(self) -> None:
        """Have all of them probe their replicas before anybody asks."""
        for router in self._routers:
            router.watch()

    def seen(self) -> tuple[Serving, ...]:
        """Return how all replicas do, by model version."""
        return tuple(
            Serving(router.name, router.version, router.snapshot())
            for router in self._routers
            if not router.closed
        )
