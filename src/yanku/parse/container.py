"""Files inside files: names fit to show, and members written out within limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from yanku.errors import EmptySource, SourceError, SourceTooLarge, UnsupportedSource
from yanku.model.document import Flaw, Member
from yanku.parse.sniff import sniff
from yanku.parse.source import Limits
from yanku.ports import Unpacked

_LONGEST_PART = 120
_MOST_PARTS = 12
_MOST_FLAWS = 50
_SHOWN = 3
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$", re.I)
"""What systems put beside people's files without being asked."""


def is_junk(name: str) -> bool:
    """Tell files that a system made for itself from files that somebody meant to send."""
    return _JUNK.search(name) is not None


def tidy_name(name: str) -> str:
    """Return a path inside a container fit to show: forward slashes, no way out, no odd characters.

    It is only ever a label: nothing is written to a path of this name.
    """
    parts = [_tidy_part(each) for each in re.split(r"[/\\]", unicodedata.normalize("NFC", name))]
    kept = [part for part in parts if part.strip(".") and not re.fullmatch(r"[A-Za-z]:", part)]
    return "/".join(kept[-_MOST_PARTS:]) or "unnamed"


def _tidy_part(part: str) -> str:
    shown = "".join(c for c in part if not unicodedata.category(c).startswith("C")).strip()
    if len(shown) <= _LONGEST_PART:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 12:
        return shown[:_LONGEST_PART]
    return stem[: _LONGEST_PART - len(ending) - 1] + dot + ending


class Names:
    """Gives every member a name of its own: a second "a.pdf" becomes "a (2).pdf"."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Return a name fit to show that was not given before."""
        tidy = tidy_name(name)
        wanted, number = tidy, self._next.get(tidy, 2)
        while wanted in self._given:
            wanted = _numbered(tidy, number)
            number += 1
        self._next[tidy] = number
        self._given.add(wanted)
        return wanted


def _numbered(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}){dot}{ending}" if dot and "/" not in ending else f"{name} ({number})"


def shortened(names: Iterable[str]) -> str:
    """Return some names in a row, the first few of many."""
    listed = list(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(repr(name[-100:]) for name in listed[:_SHOWN]) + more


class Taking:
    """Writes members into a folder, each under a number, until a limit is reached.

    A member no reader here can read is left out with a flaw; one that claims to be of a supported
    kind is kept, and fails later as a document of its own, with its own message.
    """

    def __init__(self, folder: Path, shown: str, limits: Limits) -> None:
        self._folder = folder
        self._shown = shown
        self._limits = limits
        self._bytes = 0
        self._members: list[tuple[Member, Path]] = []
        self._flaws: list[Flaw] = []
        self._silent = 0

    def take(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write a member out; raise SourceTooLarge when the container as a whole is too much."""
        if len(self._members) >= self._limits.max_members:
            raise SourceTooLarge(
                f"{self._shown} holds more than {self._limits.max_members:,} files; "
                "send them in several archives."
            )
        path = self._folder / f"{len(self._members):06d}"
        size = self._write(path, blocks)
        try:
            sniff(path, name)
        except (UnsupportedSource, EmptySource) as error:
            path.unlink()
            self.leave("unread_member", str(error))
            return
        except SourceError:
            pass  # it says so itself, as a document of its own
        self._members.append((Member(name, size), path))

    def leave(self, code: str, detail: str) -> None:
        """Note a member that is left out."""
        if len(self._flaws) < _MOST_FLAWS:
            self._flaws.append(Flaw(code, detail))
        else:
            self._silent += 1

    def unpacked(self) -> Unpacked:
        """Return what was taken out, and what was left."""
        more = (
            [Flaw("unread_member", f"{self._silent} more files in {self._shown} were not read.")]
            if self._silent
            else []
        )
        return Unpacked(tuple(self._members), tuple(self._flaws + more))

    def _write(self, path: Path, blocks: Iterable[bytes]) -> int:
        size = 0
        with path.open("wb") as file:
            for block in blocks:
                size += len(block)
                self._bytes += len(block)
                if self._bytes > self._limits.max_unpacked_bytes:
                    raise SourceTooLarge(
                        f"{self._shown} unpacks to more than "
                        f"{self._limits.max_unpacked_bytes // 1024**2} MiB."
                    )
                file.write(block)
        return size


def blocks_of(data: bytes, size: int = 1024 * 1024) -> Iterator[bytes]:
    """Yield some bytes in pieces."""
    for at in range(0, len(data), size):
        yield data[at : at + size]
