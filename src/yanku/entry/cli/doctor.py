"""The command that tells what is wrong on this machine, and the mend."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import typer

from yanku.entry.cli.shell import Exit, Home, Json, Shell, open_desk, run, settings_for
from yanku.errors import YankuError
from yanku.settings import Settings
from yanku.wiring import model_store

_LOW_DISK = 5 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen or what to do."""

    name: str
    well: bool
    note: str


def doctor(home: Home = None, json: Json = False) -> None:
    """Tell what is wrong on this machine, and the mend. Exit status 1 if anything is."""
    shell = Shell()
    settings = settings_for(home)
    findings = run(_examine(settings))
    if json:
        shell.json(findings, list[Finding])
    else:
        for finding in findings:
            shell.say(f"{'ok  ' if finding.well else 'BAD '} {finding.name}: {finding.note}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(Exit.FAILED)


async def _examine(settings: Settings) -> list[Finding]:
    looks: dict[str, Callable[[Settings], Awaitable[str]]] = {
        "home": _home,
        "disk": _disk,
        "model": _model,
        "database, index, queue": _stores,
    }
    findings = []
    for name, look in looks.items():
        try:
            findings.append(Finding(name, True, await look(settings)))
        except YankuError as error:
            findings.append(Finding(name, False, str(error)))
        except OSError as error:
            findings.append(Finding(name, False, f"{error}; check the path and its permissions"))
    return findings


async def _home(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        raise PermissionError(f"{settings.home} cannot be written to")
    return str(settings.home)


async def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.home).free
    if free < _LOW_DISK:
        raise OSError(f"only {free / 1e9:.1f} GB are free under {settings.home}")
    return f"{free / 1e9:.1f} GB free"


async def _model(settings: Settings) -> str:
    if settings.model.url:
        return f"{settings.model.name} at {settings.model.url}"
    folder = await asyncio.to_thread(model_store(settings).verify, settings.model.name)
    return f"{settings.model.name} verified in {folder}"


async def _stores(settings: Settings) -> str:
    async with open_desk(settings) as desk:
        listing = await desk.listing("", limit=1)
        waiting = await desk.waiting()
    return f"reachable; {'documents here' if listing.entries else 'empty'}; {waiting} job(s) wait"
