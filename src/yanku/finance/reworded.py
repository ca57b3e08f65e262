"""Says the everyday turns of speech of a question in the plain words that the rules know."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_GROUP = re.compile(r"\$(\d)")


@dataclass(frozen=True, slots=True)
class Reworded:
    """A text in plain words, and (what was said, what it is read as) for each turn of speech."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def _turns() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("yanku.finance").joinpath("reworded.toml").read_text(encoding="utf-8")
    turns: list[dict[str, list[str] | str]] = tomllib.loads(text)["turns"]
    return tuple((re.compile(said), str(turn["plain"])) for turn in turns for said in turn["said"])


def reworded(text: str) -> Reworded:
    """Return a text (in the form of ``plain``) with its turns of speech in plain words."""
    changes: list[tuple[str, str]] = []
    for pattern, plain in _turns():
        m = pattern.search(text)
        if m is None:
            continue
        meant = _filled(plain, m)
        if meant != m[0]:
            # What is only left out needs no telling.
            changes += [(m[0].strip(), meant)] if meant else []
            text = text[: m.start()] + meant + text[m.end() :]
    return Reworded(text, tuple(changes))


def _filled(plain: str, said: re.Match[str]) -> str:
    """Return plain words with what the groups of a turn of speech say."""
    return _GROUP.sub(lambda group: said[int(group[1])] or "", plain)
