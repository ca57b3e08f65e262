"""Counts how often keys were seen lately, in a fixed amount of memory."""

from __future__ import annotations

import zlib

_ROWS = 4
_MOST = 15


class Sketch:
    """A count-min sketch that halves every count after ten times ``capacity`` additions.

    Halving is what makes it forget: what was popular last week does not keep today's out.
    """

    def __init__(self, capacity: int) -> None:
        self._width = 1 << max(6, (8 * capacity - 1).bit_length())
        self._rows = [bytearray(self._width) for _ in range(_ROWS)]
        self._sample = 10 * max(capacity, 8)
        self._added = 0

    def add(self, key: str) -> None:
        """Count a key once more; only its smallest counters grow, which errs less."""
        places = self._places(key)
        least = min(row[at] for row, at in zip(self._rows, places, strict=True))
        if least < _MOST:
            for row, at in zip(self._rows, places, strict=True):
                if row[at] == least:
                    row[at] += 1
        self._added += 1
        if self._added >= self._sample:
            self._halve()

    def count(self, key: str) -> int:
        """Return about how often a key was seen; never too low but for the halving."""
        return min(row[at] for row, at in zip(self._rows, self._places(key), strict=True))

    def _places(self, key: str) -> tuple[int, ...]:
        raw = key.encode()
        one, two = zlib.crc32(raw), zlib.adler32(raw) * 0x9E3779B1 | 1
        return tuple(((one + n * two) >> n) & (self._width - 1) for n in range(_ROWS))

    def _halve(self) -> None:
        halves = bytes(n >> 1 for n in range(256))
        self._rows = [bytearray(row.translate(halves)) for row in self._rows]
        self._added //= 2
