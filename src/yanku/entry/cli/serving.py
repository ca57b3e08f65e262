"""The command that serves: API, console, worker and control socket in one process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from yanku.entry.cli.shell import Home, Shell, run, settings_for
from yanku.entry.control import control_app, socket_path
from yanku.entry.desk import Desk
from yanku.errors import YankuError
from yanku.ports import Model
from yanku.settings import Settings
from yanku.wiring import House, open_house


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 0,
    home: Home = None,
) -> None:
    """Start the API, the console and the worker on one machine."""
    settings = settings_for(home)
    changed = {key: value for key, value in (("host", host), ("port", port)) if value}
    if changed:
        server = settings.server.model_copy(update=changed)
        settings = Settings.model_validate({**dict(settings), "server": server})
    # The loop that the server's own library chooses: it serves a third more requests.
    run(_serve(Shell(), settings), uvicorn.Config("").get_loop_factory())


class _Server(uvicorn.Server):
    """A server that leaves signals to us: two run side by side and stop together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signal handlers alone."""
        yield


async def _serve(shell: Shell, settings: Settings) -> None:
    # The console takes half a second to import, and no other command needs it. It is imported while
    # the database starts.
    app_file = asyncio.create_task(asyncio.to_thread(import_module, "yanku.entry.http.app"))
    async with open_house(settings) as house:
        app = (await app_file).create_app(house)
        config = uvicorn.Config(
            app,
            host=settings.server.host,
            port=settings.server.port,
            ssl_certfile=settings.server.certificate,
            ssl_keyfile=settings.server.private_key,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
        server = _Server(config)
        control = _Server(_control_config(house, settings.home))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, _stop, server, control)
        tasks = [
            asyncio.create_task(server.serve()),
            asyncio.create_task(control.serve()),
        ]
        beside = [asyncio.create_task(house.work(vectors=True))]
        house.fleet.watch()
        await _announce(shell, settings, house, server)
        if settings.model.load_at_start and not settings.model.endpoints:
            beside.append(asyncio.create_task(_load(shell, house.model)))
        await asyncio.gather(*tasks)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _load(shell: Shell, model: Model) -> None:
    """Get the model ready before anybody asks; where that fails, say so and serve without."""
    try:
        await model.count_tokens("1")
    except YankuError as error:
        shell.err.print(f"yanku: no model yet: {error} [{error.code}]", markup=False)


def _control_config(house: House, home: Path) -> uvicorn.Config:
    path = socket_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)  # Whoever opens the socket acts as the home's owner.
    path.unlink(missing_ok=True)
    return uvicorn.Config(control_app(Desk(house)), uds=str(path), log_level="warning")


def _stop(*servers: uvicorn.Server) -> None:
    for server in servers:
        server.should_exit = True


async def _announce(shell: Shell, settings: Settings, house: House, server: uvicorn.Server) -> None:
    while not server.started and not server.should_exit:
        await asyncio.sleep(0.05)
    scheme = "https" if settings.server.certificate else "http"
    port = settings.server.port
    if server.started and server.servers:
        port = server.servers[0].sockets[0].getsockname()[1]
    address = f"{scheme}://{settings.server.host}:{port}"
    shell.say(f"Yanku is ready at {address}")
    if await house.accounts.needs_setup():
        secret = house.accounts.setup_token()
        shell.say(f"First start: create the administrator at {address}/setup?token={secret}")
        shell.say("The link works once, for 24 hours. Or run: yanku people set-up NAME")
