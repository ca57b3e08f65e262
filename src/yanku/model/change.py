"""Words that say which way something went, the same in a question and in what answers it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def change_words() -> Mapping[str, list[str]]:
    """Return the patterns of change.toml: ``up``, ``down``, and ``any`` of neither way."""
    text = files("yanku.model").joinpath("change.toml").read_text(encoding="utf-8")
    data: Mapping[str, list[str]] = tomllib.loads(text)
    return data
