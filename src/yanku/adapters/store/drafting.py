"""Writes the manifest of a model from its files, ready to be signed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from yanku.adapters.store.digests import BLOCK, blocks_of, digest_of
from yanku.errors import SettingsError

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def draft(
    folder: Path,
    facts: Mapping[str, str | int],
    origins: Sequence[Mapping[str, str]] = (),
) -> str:
    """Return the text of a manifest for every file in a folder.

    ``facts`` are its plain fields (name, licence, source, engine, window…); ``origins`` where the
    files can be had, each with hub, repository and revision. Raises SettingsError for a folder
    without files, or with names that cannot stand in a manifest.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file())
    wrong = [path.name for path in files if not _PLAIN_NAME.fullmatch(path.name)]
    if wrong or not files:
        raise SettingsError(f"{folder} holds {', '.join(wrong) or 'no files'}: no manifest of it")
    lines = [f"{key} = {_said(value)}" for key, value in facts.items() if value not in ("", 0)]
    for origin in origins:
        lines += ["", "[[origins]]", *(f"{key} = {_said(value)}" for key, value in origin.items())]
    for path in files:
        lines += ["", "[[files]]", *_file(path)]
    return "\n".join(lines) + "\n"


def _file(path: Path) -> Iterable[str]:
    size = path.stat().st_size
    yield f"name = {_said(path.name)}"
    yield f"size = {size}"
    yield f"sha256 = {_said(digest_of(path))}"
    if size > BLOCK:
        yield "blocks = ["
        yield from (f"  {_said(digest)}," for digest in blocks_of(path))
        yield "]"


def _said(value: str | int) -> str:
    """Return a value as TOML writes it, which for plain strings is as JSON does."""
    return json.dumps(value, ensure_ascii=False)
