"""What all commands share: the home they work on, how they print, how they fail."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, cast

import httpx
import typer
from pydantic import TypeAdapter
from rich.console import Console

from yanku.entry.control import RemoteDesk, socket_path
from yanku.entry.desk import Desk
from yanku.errors import YankuError
from yanku.settings import Settings, load_settings
from yanku.wiring import open_house

T = TypeVar("T")
_PATIENCE = httpx.Timeout(3600, connect=5)
"""A rebuilt index or a long answer takes its time; the server is on this machine."""

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the library (default: YANKU_HOME).")
]
As = Annotated[str, typer.Option("--as", help="Answer as this user (default: the local owner).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
AsOfDay = Annotated[
    str,
    typer.Option(
        help="Use only what the library held, and what was public, by this day (2025-04-30) or "
        "moment (2025-04-30T09:30)."
    ),
]
PublicBy = Annotated[
    str, typer.Option(help="Use only what was public by this day, whenever it was added.")
]


class Exit(IntEnum):
    """What an exit status means."""

    OK = 0
    FAILED = 1
    USAGE = 2
    DECLINED = 3
    PARTLY = 4
    """Some of several files failed."""
    DIFFERENT = 5
    """An earlier answer, given again, is not the same."""


class Shell:
    """Prints to a terminal: words to standard output, trouble to standard error."""

    def __init__(self) -> None:
        self.out = Console(highlight=False, soft_wrap=True)
        self.err = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self.out.print(text, markup=False)

    def json(self, value: object, kind: Any) -> None:  # noqa: ANN401 - any type pydantic knows
        """Print a value as one line of JSON."""
        sys.stdout.write(TypeAdapter(kind).dump_json(value).decode() + "\n")
        sys.stdout.flush()

    def fail(self, error: YankuError) -> NoReturn:
        """Print what happened and end with a failing status."""
        self.err.print(f"yanku: {error} [{error.code}]", markup=False)
        raise typer.Exit(Exit.FAILED)


Loop = Callable[[], asyncio.AbstractEventLoop]


def run(work: Coroutine[Any, Any, T], loop: Loop | None = None) -> T:
    """Run a command's work to its end; an error we know becomes one clear line."""
    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(work)
    except YankuError as error:
        Shell().fail(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def settings_for(home: Path | None) -> Settings:
    """Return the settings of a home, or end with a clear line."""
    try:
        return load_settings(home)
    except YankuError as error:
        Shell().fail(error)


@asynccontextmanager
async def open_desk(settings: Settings, *, fresh_index: bool = False) -> AsyncIterator[Desk]:
    """Open the home, or reach the server that has it open."""
    path = socket_path(settings.home)
    if await _is_served(path):
        transport = httpx.AsyncHTTPTransport(uds=str(path))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://yanku", timeout=_PATIENCE
        ) as client:
            # It has Desk's methods through __getattr__, which no checker sees.
            yield cast(Desk, RemoteDesk(client))
        return
    async with open_house(settings, fresh_index=fresh_index) as house:
        yield Desk(house)


async def _is_served(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return False
    writer.close()
    return True
