"""Finds what an English question says of how to answer it, and nothing of what is asked."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_PART = re.compile(r"<([a-z]+)>(?!\w*=)")


def instructions_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a text (in the form of ``plain``) that tell how to answer.

    "Round your answer to two decimal places", "if it is not a useful metric, state that", "using
    the balance sheet": an analyst's habits. What they name (a statement, a ratio) is not asked for.
    """
    return tuple(m.span() for m in _patterns().finditer(text) if m[0].strip())


@lru_cache(maxsize=1)
def _patterns() -> re.Pattern[str]:
    """Return one pattern of all instructions shipped with the package."""
    data = tomllib.loads(
        files("yanku.finance").joinpath("instructions.toml").read_text(encoding="utf-8")
    )
    parts: dict[str, str] = data["parts"]

    def whole(pattern: str) -> str:
        return _PART.sub(lambda m: whole(parts[m[1]]), pattern)

    kinds: dict[str, list[str]] = data["instructions"]
    return re.compile("|".join(whole(one) for kind in kinds.values() for one in kind))
