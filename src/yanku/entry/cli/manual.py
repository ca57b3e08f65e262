"""Writes the reference pages of commands, settings, meters and formats from the program itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from typer.main import get_command

from yanku.entry.cli.main import app_for
from yanku.model.meter import Kind
from yanku.model.meters import ALL
from yanku.parse.formats import formats_page
from yanku.settings import Settings


def commands_page() -> str:
    """Return the reference of all commands as Markdown."""
    root = get_command(app_for())
    parts = ["# Commands", "", "Made by `scripts/docs` from the program itself.", ""]
    for names, command in _walk(root, ("yanku",)):
        with command.make_context(names[-1], [], resilient_parsing=True) as context:
            usage = " ".join([*names, *command.collect_usage_pieces(context)])
            parts += [f"## {' '.join(names)}", "", command.help or "", "", f"    {usage}", ""]
            for parameter in command.get_params(context):
                record = parameter.get_help_record(context)
                if record and "--help" not in record[0]:
                    parts.append(f"- `{record[0]}`: {' '.join(record[1].split())}")
            parts.append("")
    return "\n".join(parts).replace("\n\n\n", "\n\n").rstrip() + "\n"


# Commands are of typer's own private copy of click: there is no public name for their type.
def _walk(command: Any, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    yield names, command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _walk(inner, (*names, name))


def settings_page() -> str:
    """Return the reference of all settings as Markdown."""
    parts = [
        "# Settings",
        "",
        "Made by `scripts/docs` from the program itself. A setting comes from the environment, or",
        "else from `yanku.toml` in the home (`[server]`, `port = 8440`), or else is the default.",
        "",
    ]
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if not (isinstance(group, type) and issubclass(group, BaseModel)):
            parts.append(f"- `YANKU_{name.upper()}`: {field.description}")
            continue
        parts += ["", f"## {name}", "", (group.__doc__ or "").strip(), ""]
        for key, inner in group.model_fields.items():
            default = inner.get_default()
            shown = getattr(default, "get_secret_value", lambda value=default: value)()
            given = f" (default: {shown})" if shown not in (None, "") else ""
            parts.append(
                f"- `YANKU_{name.upper()}__{key.upper()}`, `{key}`: {inner.description}{given}"
            )
    return "\n".join(parts).rstrip() + "\n"


def meters_page() -> str:
    """Return the reference of all meters as Markdown."""
    parts = [
        "# Meters",
        "",
        "Made by `scripts/docs` from the program itself. Prometheus reads them at `/metrics`, from",
        "this machine alone, or from anywhere with the token in `server.metrics_token`. Panels are",
        "in `deploy/grafana`, tested alert rules in `deploy/prometheus`. No label names a person,",
        "a document or a question. vLLM and NVIDIA's DCGM exporter tell their own, which the",
        "dashboard shows beside these.",
        "",
        "| name | kind | labels | what it tells |",
        "|---|---|---|---|",
    ]
    for meter in sorted(ALL, key=lambda meter: meter.name):
        ending = "_total" if meter.kind is Kind.COUNTER else ""
        labels = ", ".join(f"`{label}`" for label in meter.labels)
        parts.append(f"| `{meter.name}{ending}` | {meter.kind} | {labels} | {meter.about} |")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the pages into the folder given."""
    folder = Path(sys.argv[1])
    (folder / "commands.md").write_text(commands_page(), "utf-8")
    (folder / "settings.md").write_text(settings_page(), "utf-8")
    (folder / "metrics.md").write_text(meters_page(), "utf-8")
    (folder / "formats.md").write_text(formats_page(), "utf-8")


if __name__ == "__main__":
    main()
