"""Chains of sectors in an OLE container that run in circles, which hang or fill whoever follows."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from yanku.errors import BrokenSource

_LAST = 0xFFFFFFFA
"""Numbers from here on are marks and no sectors."""
_IN_HEADER = 109
_LEAST = 512


def refuse_circles(data: bytes, shown: str) -> None:
    """Raise BrokenSource if a table of sectors, large or small, leads back to where it was."""
    if len(data) < _LEAST:
        raise BrokenSource(f"{shown} is cut short.")
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in {9, 12}:
        raise BrokenSource(f"{shown} is a damaged container: its sectors have no known size.")
    (small,) = struct.unpack_from("<I", data, 60)
    table = _table(data, shift)
    if _circles(table):
        raise BrokenSource(f"{shown} is damaged: a chain of its sectors runs in a circle.")
    minor: list[int] = []
    while small < len(table):
        minor += _sector(data, small, shift)
        small = table[small]
    if _circles(minor):
        raise BrokenSource(f"{shown} is damaged: a chain of its sectors runs in a circle.")


def _sector(data: bytes, number: int, shift: int) -> Sequence[int]:
    """Return a sector as numbers; nothing if it lies behind the end."""
    at, size = (number + 1) << shift, 1 << shift
    return struct.unpack(f"<{size // 4}I", data[at : at + size]) if at + size <= len(data) else ()


def _table(data: bytes, shift: int) -> list[int]:
    """Return for each sector the one that follows it."""
    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    (more,) = struct.unpack_from("<I", data, 68)
    seen: set[int] = set()
    while more < _LAST and more not in seen:
        seen.add(more)
        *further, more = _sector(data, more, shift) or (_LAST,)
        places += further
    table: list[int] = []
    for place in places:
        if place < _LAST:
            table += _sector(data, place, shift)
    return table


def _circles(table: Sequence[int]) -> bool:
    """Tell whether some chain comes back to a sector it has passed."""
    done = bytearray(len(table))  # 0 unseen, 1 on the way, 2 known to end
    for start in range(len(table)):
        way, at = [], start
        while at < len(table) and not done[at]:
            done[at] = 1
            way.append(at)
            at = table[at]
        if at < len(table) and done[at] == 1:
            return True
        for each in way:
            done[each] = 2
    return False
