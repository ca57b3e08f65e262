"""The command that lays a model over graphics cards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from yanku.entry.cli.shell import Json, Shell
from yanku.errors import NotFound, YankuError
from yanku.serving.architecture import Architecture, from_config, known_models
from yanku.serving.launching import Launch
from yanku.serving.sizing import Cache, Layout, Weights, Wish, plan, read_cards, runs_fp8

_GB = 1e9


def plan_model(
    model: Annotated[
        str, typer.Argument(help="A known model's name, or a config.json, or a folder with one.")
    ],
    gpus: Annotated[str, typer.Option(help="Cards: 8xH20-96G, or 2x8xH20-96G for two nodes.")],
    weights: Annotated[
        Weights | None, typer.Option(help="Precision; default: the checkpoint's own.")
    ] = None,
    cache: Annotated[Cache, typer.Option(help="Precision of keys and values.")] = Cache.BF16,
    length: Annotated[int, typer.Option(help="Tokens of prompt and answer; 0: the most.")] = 0,
    concurrency: Annotated[int, typer.Option(help="Answers at once, over all replicas.")] = 64,
    tensor: Annotated[int, typer.Option(help="Tensor parallel size; 0: chosen.")] = 0,
    pipeline: Annotated[int, typer.Option(help="Pipeline parallel size; 0: chosen.")] = 0,
    memory_share: Annotated[float, typer.Option(help="Part of a card that may be used.")] = 0.9,
    as_json: Json = False,
) -> None:
    """Compute weights, cache, parallel sizes, length and concurrency; print how to start it."""
    shell = Shell()
    try:
        found, where, own = _model(model)
        wish = Wish(
            weights or own or Weights.BF16, cache, length, concurrency, memory_share,
            tensor=tensor, pipeline=pipeline,
        )  # fmt: skip
        cards = read_cards(gpus)
        layout = plan(found, cards, wish)
    except YankuError as error:
        shell.fail(error)
    name = Path(where).name.lower()
    quantised = own is wish.weights and own is not Weights.BF16
    launch = Launch(where, name, found, layout, cards, wish, quantised)
    if as_json:
        typer.echo(json.dumps(_as_data(launch)))
        return
    for line in (*_lines(launch), *_remarks(launch)):
        shell.say(line)


def _model(said: str) -> tuple[Architecture, str, Weights | None]:
    """Return the architecture, what to serve, and the precision its checkpoint is in."""
    if known := known_models().get(said.lower().rpartition("/")[2]):
        return known.architecture, known.repository, Weights.BF16
    path = Path(said)
    path = path / "config.json" if path.is_dir() else path
    if not path.is_file():
        names = ", ".join(known.name for known in known_models().values())
        raise NotFound(f"{said} is no config.json and no known model; known are: {names}")
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise NotFound(f"{path} is no JSON: {error}") from error
    return from_config(config, str(path)), str(path.resolve().parent), _own(config)


def _own(config: dict[str, Any]) -> Weights:
    """Return the precision a checkpoint says it is in."""
    said = config.get("quantization_config") or {}
    method = str(said.get("quant_method", "")).lower()
    if "fp8" in method or "float-quantized" in str(said.get("format", "")):
        return Weights.FP8
    if method in ("gptq", "awq"):
        return Weights.INT4 if int(said.get("bits", said.get("w_bit", 4))) == 4 else Weights.INT8
    return Weights.INT8 if "int-quantized" in str(said.get("format", "")) else Weights.BF16


def _lines(launch: Launch) -> Iterator[str]:
    layout, model = launch.layout, launch.architecture
    tokens = f"{layout.tokens:,} tokens"
    yield f"parameters     {model.total / _GB:.2f} B, {model.active / _GB:.2f} B for each token"
    yield (
        f"weights        {layout.weights / _GB:.1f} GB a card in {launch.wish.weights}, "
        f"{layout.weights * layout.cards / _GB:.1f} GB a replica"
    )
    yield f"working        {layout.working / _GB:.1f} GB a card (estimate)"
    yield (
        f"KV cache       {layout.cache / _GB:.1f} GB a card, {layout.cache_per_token / 1024:g} KiB "
        f"a token a card, {tokens} a replica"
    )
    yield (
        f"parallel       tensor {layout.tensor} (inside a node) × pipeline {layout.pipeline}, "
        f"{layout.replicas} replica(s) on {layout.cards * layout.replicas} of "
        f"{launch.cards.count} cards"
    )
    yield f"length         {layout.length:,} tokens (the model takes {model.longest:,})"
    yield (
        f"concurrency    {layout.concurrency} answers of full length a replica, "
        f"{layout.concurrency * layout.replicas} in all"
    )
    yield ""
    yield from launch.commands()
    yield ""
    yield launch.values()


def _remarks(launch: Launch) -> Iterator[str]:
    """Yield what the numbers alone do not say."""
    layout, wish = launch.layout, launch.wish
    if layout.concurrency * layout.replicas < wish.concurrency:
        yield f"\nThe {wish.concurrency} answers at once that were asked for are not reached."
    if wish.length > layout.length:
        yield f"\nThe {wish.length:,} tokens that were asked for are not reached."
    if wish.weights is Weights.FP8 and not runs_fp8(launch.cards):
        yield f"\n{launch.cards.name} does not compute in FP8: it saves memory, not time."
    if wish.weights in (Weights.INT8, Weights.INT4) and not launch.quantised:
        yield (
            f"\nvLLM does not pack to {wish.weights} by itself: serve a checkpoint that is packed "
            "already, and give its config.json here."
        )


def _as_data(launch: Launch) -> dict[str, Any]:
    layout: Layout = launch.layout
    return {
        "parameters": launch.architecture.total,
        "active_parameters": launch.architecture.active,
        "layout": {**asdict(layout), "tokens": layout.tokens, "cards": layout.cards},
        "commands": launch.commands(),
        "values": launch.values(),
    }
