"""Puts the commands together."""

from __future__ import annotations

from typing import Annotated

import typer

from yanku import __version__
from yanku.entry.cli.asking import ask, search
from yanku.entry.cli.doctor import doctor
from yanku.entry.cli.figures import facts
from yanku.entry.cli.library import documents, forget, grant, ingest, reindex
from yanku.entry.cli.measuring import evaluate
from yanku.entry.cli.models import models
from yanku.entry.cli.parsing import parse, report
from yanku.entry.cli.people import people
from yanku.entry.cli.receipts import receipt
from yanku.entry.cli.serving import serve
from yanku.entry.cli.unlocking import unlock

app = typer.Typer(
    name="yanku",
    help="A private knowledge base whose every number leads to its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"yanku {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Exit status: 0 done, 1 failed, 2 wrong usage, 3 declined to answer, 4 some files failed,
    5 an earlier answer given again differs.
    """


_COMMANDS = (
    serve, ingest, ask, search, facts, receipt, documents, parse, report, unlock, grant,
    forget, reindex, doctor,
)  # fmt: skip
for command in _COMMANDS:
    app.command()(command)
app.command("eval")(evaluate)
app.add_typer(people, name="people")
app.add_typer(models, name="models")


def main() -> None:
    """Run the command line."""
    app()
