"""Commands that convert a model to another precision, and compare its precisions."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from yanku.adapters.gauge.compare import row, table
from yanku.adapters.gauge.measure import Measured, Order, measure
from yanku.adapters.gauge.quiz import Item, joined, made, passages, read
from yanku.adapters.store.variants import Precision, convert
from yanku.adapters.store.weights import MODEL
from yanku.entry.cli.shell import Home, Json, Shell, settings_for
from yanku.errors import NotFound, YankuError
from yanku.wiring import model_store

Source = Annotated[
    str, typer.Argument(help="Model of the store, GGUF file, OpenVINO or Hugging Face folder.")
]
_SEED = 2026


def convert_model(
    source: Source,
    target: Annotated[Path, typer.Argument(help="Folder to write; it must not be there yet.")],
    precision: Annotated[Precision, typer.Option("--to", help="Precision of the weights.")],
    home: Home = None,
) -> None:
    """Write a model in another precision, for the engine on this machine.

    Needs the extra convert (and convert-checkpoint for Hugging Face folders).
    """
    shell = Shell()
    try:
        convert(_place(source, home), target, precision)
    except YankuError as error:
        shell.fail(error)
    shell.say(f"{precision} is in {target}: {_size_mb(target) / 1000:.2f} GB")


def bench_model(
    source: Source,
    to: Annotated[
        list[Precision] | None,
        typer.Option("--to", help="Precisions to compare with the first; default: all."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Folder to keep the converted models in, or to find them.")
    ] = None,
    questions: Annotated[int, typer.Option(min=10, help="Generated questions to ask.")] = 120,
    eval_set: Annotated[
        Path | None, typer.Option("--eval", help="Questions of your own: JSON lines.")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Text file for perplexity, passages split by blank lines.")
    ] = None,
    in_flight: Annotated[
        list[int] | None, typer.Option(min=1, help="Answers at once; default: 1, 8, 32.")
    ] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Measure a model in several precisions: memory, load, speed, accuracy, perplexity.

    Losses are against the first precision, with 95 % intervals. FP32 computes in 32 bits, the
    others as the engine likes best on this machine.
    """
    shell = Shell()
    wanted, flights = to or list(Precision), tuple(in_flight or (1, 8, 32))
    try:
        items = read(eval_set) if eval_set else made(questions, _SEED)
        spans = joined(texts.read_text("utf-8").split("\n\n")) if texts else passages(items[:30])
        with tempfile.TemporaryDirectory() as scratch:
            folders = _folders(shell, _place(source, home), keep or Path(scratch), wanted)
            done = [
                (kind, _size_mb(folder), _measured(shell, folder, kind, items, spans, flights))
                for kind, folder in folders
            ]
    except YankuError as error:
        shell.fail(error)
    rows = [row(kind, size, found, done[0][2], items) for kind, size, found in done]
    if as_json:
        typer.echo(json.dumps([asdict(found) for found in rows]))
        return
    typer.echo(table(rows, flights))


def _folders(
    shell: Shell, source: Path, into: Path, wanted: list[Precision]
) -> list[tuple[Precision, Path]]:
    """Return each precision's folder; one that was made before is used as it is."""
    found = []
    for precision in wanted:
        folder = into / f"{_called(source)}-{precision}"
        if not (folder / f"{MODEL}.bin").is_file():
            shell.err.print(f"converting to {precision} …", markup=False)
            convert(source, folder, precision)
        found.append((precision, folder))
    return found


def _measured(
    shell: Shell,
    folder: Path,
    kind: Precision,
    items: list[Item],
    spans: list[str],
    in_flight: tuple[int, ...],
) -> Measured:
    shell.err.print(f"measuring {kind} …", markup=False)
    turns = [
        [{"role": said.role, "content": said.content} for said in item.prompt()] for item in items
    ]
    hint = "f32" if kind is Precision.FP32 else ""
    return measure(Order(str(folder), turns, spans, in_flight, hint=hint))


def _place(source: str, home: Path | None) -> Path:
    path = Path(source)
    if path.exists():
        return path
    store = model_store(settings_for(home))
    try:
        return store.verify(source)
    except NotFound as error:
        raise NotFound(f"{source} is neither a file or folder nor a model: {error}") from error


def _called(source: Path) -> str:
    """Return a model's name: of a folder all of it, for what follows a dot is no ending there."""
    return source.stem if source.is_file() else source.name


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6
