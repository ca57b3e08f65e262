"""Commands on the models of this machine: bring, check, mend, list, clear away."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn
from rich.progress import TimeRemainingColumn as Remaining

from yanku.adapters.store.manifest import read_manifest
from yanku.adapters.store.signing import signature_of
from yanku.adapters.store.staging import OnProgress, Stage
from yanku.adapters.store.store import ModelStore
from yanku.entry.cli.manifests import draft_manifest, make_key, sign_manifest
from yanku.entry.cli.planning import plan_model
from yanku.entry.cli.precisions import bench_model, convert_model
from yanku.entry.cli.shell import Home, Json, Shell, settings_for
from yanku.errors import YankuError
from yanku.settings import Settings
from yanku.wiring import manifests_folder, model_store

T = TypeVar("T")
models = typer.Typer(help="The models on this machine.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the model; default: the one in the settings.")]
From = Annotated[
    str,
    typer.Option(
        "--from", help="Where to fetch: index, modelscope, huggingface, oci, or a folder."
    ),
]
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Remaining())


@models.command("pull")
def pull(name: Name = "", source: From = "", home: Home = None) -> None:
    """Fetch a model, verify it and make it ready; may be interrupted and repeated."""
    shell, settings = Shell(), settings_for(home)
    wanted = name or settings.model.name
    with _progress(shell) as tell:
        folder = _act(shell, lambda: _store(shell, settings, source).pull(wanted, tell))
    shell.say(f"{wanted} is ready in {folder}")


@models.command("list")
def list_models(home: Home = None, as_json: Json = False) -> None:
    """List the models that can be had, and which are here."""
    shell = Shell()
    for stored in _store(shell, settings_for(home)).list():
        manifest = stored.manifest
        if as_json:
            said = {
                "name": manifest.name, "version": manifest.version, "licence": manifest.licence,
                "source": manifest.source, "revision": manifest.revision, "size": manifest.size,
                "folder": str(stored.folder) if stored.folder else None, "on_disk": stored.size,
            }  # fmt: skip
            sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
            continue
        state = f"{stored.size / 1e9:.2f} GB" if stored.folder else "not here"
        shell.say(f"{manifest.name}  {state}  {manifest.licence}")


@models.command("verify")
def verify(
    name: Name = "",
    mend: Annotated[
        bool, typer.Option("--mend", help="Fetch what is damaged anew, and only that.")
    ] = False,
    source: From = "",
    home: Home = None,
) -> None:
    """Read every file of a model again and compare digests."""
    shell, settings = Shell(), settings_for(home)
    wanted = name or settings.model.name
    store = _store(shell, settings, source)
    if mend:
        with _progress(shell) as tell:
            mended = _act(shell, lambda: store.mend(wanted, tell))
        for file in mended:
            shell.say(f"{file} was damaged and is replaced")
    _act(shell, lambda: store.verify(wanted))
    shell.say(f"{wanted} is sound")


@models.command("remove")
def remove(name: Name = "", home: Home = None) -> None:
    """Delete a model's files."""
    shell, settings = Shell(), settings_for(home)
    wanted = name or settings.model.name
    _act(shell, lambda: _store(shell, settings).remove(wanted))
    shell.say(f"{wanted} is gone")


@models.command("gc")
def collect(
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="Replaced versions of each model to keep.")
    ] = 1,
    home: Home = None,
) -> None:
    """Delete replaced versions, abandoned pulls, and contents no model needs."""
    shell = Shell()
    freed = _act(shell, lambda: _store(shell, settings_for(home)).collect(keep_versions=keep))
    shell.say(f"{freed / 1e9:.2f} GB freed")


@models.command("add")
def add(
    manifest: Annotated[Path, typer.Argument(help="Manifest of a model (NAME.toml).")],
    home: Home = None,
) -> None:
    """Make a model known by its manifest, with the signature beside it."""
    shell, settings = Shell(), settings_for(home)
    read = _act(shell, lambda: read_manifest(manifest))
    folder = manifests_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{read.name}.toml"
    for source, kept in ((signature_of(manifest), signature_of(target)), (manifest, target)):
        kept.unlink(missing_ok=True)
        if source.is_file():
            shutil.copyfile(source, kept)
    _act(shell, lambda: _store(shell, settings).manifest(read.name))
    shell.say(f"{read.name} is known; fetch it: yanku models pull {read.name}")


models.command("draft")(draft_manifest)
models.command("key")(make_key)
models.command("sign")(sign_manifest)
models.command("plan")(plan_model)
models.command("convert")(convert_model)
models.command("bench")(bench_model)


def _store(shell: Shell, settings: Settings, source: str = "") -> ModelStore:
    return _act(shell, lambda: model_store(settings, source))


def _act(shell: Shell, work: Callable[[], T]) -> T:
    try:
        return work()
    except YankuError as error:
        shell.fail(error)


@contextmanager
def _progress(shell: Shell) -> Iterator[OnProgress]:
    with Progress(*_COLUMNS, console=shell.err, transient=True) as progress:
        tasks: dict[Stage, TaskID] = {}

        def tell(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage.value, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell
