"""Puts the commands together; only what a command needs is imported."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated

import typer

from yanku import __version__

_COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serving", "serve"),
    "ingest": ("library", "ingest"),
    "ask": ("asking", "ask"),
    "search": ("asking", "search"),
    "receipt": ("receipts", "receipt"),
    "facts": ("figures", "facts"),
    "documents": ("library", "documents"),
    "parse": ("parsing", "parse"),
    "report": ("parsing", "report"),
    "unlock": ("unlocking", "unlock"),
    "grant": ("library", "grant"),
    "forget": ("library", "forget"),
    "reindex": ("library", "reindex"),
    "doctor": ("doctor", "doctor"),
    "eval": ("measuring", "evaluate"),
}
"""The file and the function of each command."""
_GROUPS: Mapping[str, tuple[str, str]] = {
    "people": ("people", "people"),
    "models": ("models", "models"),
    "release": ("releasing", "release"),
}


def app_for(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line as far as these arguments need it: one command, or all of them.

    Everything together takes most of a second to import.
    """
    app = typer.Typer(
        name="yanku",
        help="A private knowledge base whose every number leads to its source.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    wanted = words[0] if words else ""
    only_version = list(words) == ["--version"]
    for name, (file, function) in _COMMANDS.items():
        if not only_version and (name == wanted or not _known(wanted)):
            app.command(name)(getattr(_module(file), function))
    for name, (file, group) in _GROUPS.items():
        if not only_version and (name == wanted or not _known(wanted)):
            app.add_typer(getattr(_module(file), group), name=name)
    if only_version or _known(wanted):
        # With one command alone the name would be optional.
        app.command("-", hidden=True)(_nothing)
    return app


def main() -> None:
    """Run the command line."""
    app_for(sys.argv[1:])()


def _known(name: str) -> bool:
    return name in _COMMANDS or name in _GROUPS


def _module(file: str) -> object:
    return import_module(f"yanku.entry.cli.{file}")


def _nothing() -> None:
    """Do nothing."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"yanku {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Exit status: 0 done, 1 failed, 2 wrong usage, 3 declined to answer, 4 some files failed,
    5 an earlier answer given again differs.
    """
