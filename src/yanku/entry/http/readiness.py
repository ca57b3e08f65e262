"""Whether this server can do its work: a real query and a real token, not asked too often."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from yanku.access.scope import scope_of
from yanku.errors import YankuError
from yanku.model.meters import READY
from yanku.model.people import Principal, Role, UserId
from yanku.ports import Message, Sampling

if TYPE_CHECKING:
    from yanku.wiring import House

_NOBODY = Principal(UserId("readyz"), "readyz", Role.MEMBER)
_log = logging.getLogger("yanku.http")


@dataclass(frozen=True, slots=True)
class Ready:
    """What was tried, each with ``ok`` or the code of the error it ended in."""

    checks: dict[str, str]

    @property
    def all(self) -> bool:
        """Tell whether everything works."""
        return all(outcome == "ok" for outcome in self.checks.values())


class Readiness:
    """Tries the whole path, and gives everybody who asks meanwhile the same outcome."""

    def __init__(self, house: House, *, kept_s: float = 10, timeout_s: float = 30) -> None:
        self._house = house
        self._kept_s = kept_s
        self._timeout_s = timeout_s
        self._lock = asyncio.Lock()
        self._last: tuple[float, Ready] | None = None

    async def check(self) -> Ready:
        """Return the outcome, at most ``kept_s`` old."""
        async with self._lock:
            if self._last is None or monotonic() - self._last[0] > self._kept_s:
                outcome = Ready(
                    {
                        "database": await self._try(self._database),
                        "search": await self._try(self._search),
                        "model": await self._try(self._model),
                    }
                )
                self._last = (monotonic(), outcome)
                for part, how in outcome.checks.items():
                    self._house.meters.set(READY, how == "ok", part)
            return self._last[1]

    async def _try(self, check: Callable[[], Awaitable[None]]) -> str:
        try:
            async with asyncio.timeout(self._timeout_s):
                await check()
        except YankuError as error:
            return error.code
        except TimeoutError:
            return "timeout"
        except Exception:  # noqa: BLE001 - a probe reports every failure, whatever it was
            _log.exception("readiness check failed")
            return "failed"
        return "ok"

    async def _database(self) -> None:
        await self._house.queue.waiting()

    async def _search(self) -> None:
        # Somebody who may read nothing: the query is real, and reveals nothing.
        await self._house.find.search("营业收入", scope=scope_of(_NOBODY), limit=1)

    async def _model(self) -> None:
        pieces = self._house.model.generate([Message("user", "1")], Sampling(max_tokens=1))
        async with aclosing(pieces):  # type: ignore[type-var]
            async for _ in pieces:
                return
