"""Commands that write and sign manifests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yanku.adapters.store.drafting import draft
from yanku.adapters.store.signing import new_key, sign
from yanku.entry.cli.shell import Shell
from yanku.errors import YankuError

Manifest = Annotated[Path, typer.Argument(help="Manifest of a model (NAME.toml).")]
Key = Annotated[Path, typer.Option("--key", help="File of the private key.")]


def draft_manifest(
    folder: Annotated[Path, typer.Argument(help="Folder with the files of the model.")],
    name: Annotated[str, typer.Option(help="Name of the model.")],
    licence: Annotated[str, typer.Option(help="Its licence.")],
    source: Annotated[str, typer.Option(help="Who made it, in words.")],
    revision: Annotated[str, typer.Option(help="Its revision there.")] = "",
    engine: Annotated[str, typer.Option(help="openvino, or empty for other files.")] = "",
    window: Annotated[int, typer.Option(help="Tokens of prompt and answer.")] = 0,
    convert: Annotated[
        str, typer.Option(help="For a GGUF file: openvino-ir, or openvino-ir-8bit.")
    ] = "",
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Where the files are: HUB:REPOSITORY[@REVISION]; may be repeated."),
    ] = None,
) -> None:
    """Print the manifest of the files in a folder, to be looked at, signed and added."""
    shell = Shell()
    facts: dict[str, str | int] = {
        "name": name, "licence": licence, "source": source, "revision": revision,
        "engine": engine, "window": window, "convert": convert,
    }  # fmt: skip
    try:
        text = draft(folder, facts, [_origin(said) for said in origin or ()])
    except YankuError as error:
        shell.fail(error)
    typer.echo(text, nl=False)


def make_key(
    file: Annotated[Path, typer.Argument(help="File to write the private key to.")],
) -> None:
    """Make a key to sign manifests with, and print the public one for store.trusted_keys."""
    try:
        typer.echo(new_key(file))
    except FileExistsError:
        typer.echo(f"yanku: {file} is there already and is not overwritten", err=True)
        raise typer.Exit(1) from None


def sign_manifest(manifest: Manifest, key: Key) -> None:
    """Sign a manifest; the signature lies beside it and travels with it."""
    shell = Shell()
    try:
        shell.say(f"signed: {sign(manifest, key)}")
    except YankuError as error:
        shell.fail(error)


def _origin(said: str) -> dict[str, str]:
    hub, _, rest = said.partition(":")
    repository, _, revision = rest.partition("@")
    found = {"hub": hub, "repository": repository, "revision": revision}
    return {key: value for key, value in found.items() if value}
