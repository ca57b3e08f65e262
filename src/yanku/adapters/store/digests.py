"""Checks files against the digests they must have, stretch by stretch, on every core.

A file is one SHA-256, which one core reads alone; its blocks are many, and every core takes one:

    file    ──────────────────────────────   sha256 of the whole: what a manifest says
    blocks  [  0  ][  1  ][  2  ][  3  ]…    sha256 of each 32 MiB: what is fetched anew must be so
    quick   [  0  ][  1  ][  2  ][  3  ]…    blake3 of the same, four times as fast: who is damaged
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from blake3 import blake3

from yanku.errors import ModelCorrupt
from yanku.model.document import Digest

BLOCK = 32 << 20
_CHUNK = 1 << 20

OnBytes = Callable[[int], None]
"""Hears of each stretch read, in bytes; called from several threads."""


class _Hash(Protocol):
    def update(self, data: memoryview, /) -> object: ...
    def hexdigest(self) -> str: ...


_New = Callable[[], _Hash]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file in a folder must be; size in bytes. ``blocks`` empty: only the whole is known.

    ``quick`` are BLAKE3 digests of the same blocks, as they were when the whole was proven right.
    """

    name: str
    size: int
    digest: Digest
    blocks: tuple[Digest, ...] = ()
    quick: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what it must be. ``blocks`` names the bad ones; empty: all of it."""

    file: Expected
    what: str
    blocks: tuple[int, ...] = ()


def digest_of(path: Path, on_bytes: OnBytes | None = None) -> Digest:
    """Return the SHA-256 of a file; ``on_bytes`` hears of each stretch read."""
    return digest_within(path, 0, path.stat().st_size, on_bytes)


def digest_within(path: Path, offset: int, size: int, on_bytes: OnBytes | None = None) -> Digest:
    """Return the SHA-256 of a stretch of a file; what lies past its end counts as nothing."""
    return _hashed(path, offset, size, (hashlib.sha256,), on_bytes)[0]


def _hashed(
    path: Path, offset: int, size: int, kinds: Sequence[_New], on_bytes: OnBytes | None = None
) -> tuple[Digest, ...]:
    """Return digests of a stretch of a file, of each kind, read once."""
    hashes, buffer, at, end = [new() for new in kinds], _buffer(), offset, offset + size
    handle = os.open(path, os.O_RDONLY)
    try:
        while at < end and (count := os.preadv(handle, [buffer[: end - at]], at)):
            for one in hashes:
                one.update(buffer[:count])
            at += count
            if on_bytes is not None:
                on_bytes(count)
    finally:
        os.close(handle)
    return tuple(Digest(one.hexdigest()) for one in hashes)


def blocks_of(path: Path, on_bytes: OnBytes | None = None) -> tuple[Digest, ...]:
    """Return the SHA-256 of each block of a file, read in parallel."""
    offsets = range(0, path.stat().st_size, BLOCK)
    with ThreadPoolExecutor(_readers()) as pool:
        return tuple(pool.map(lambda at: digest_within(path, at, BLOCK, on_bytes), offsets))


def marks_of(path: Path) -> tuple[tuple[Digest, ...], tuple[Digest, ...]]:
    """Return the SHA-256 and the BLAKE3 digests of each block of a file, read once, in parallel."""
    offsets = range(0, path.stat().st_size, BLOCK)
    with ThreadPoolExecutor(_readers()) as pool:
        found = list(
            pool.map(lambda at: _hashed(path, at, BLOCK, (hashlib.sha256, blake3)), offsets)
        )
    return tuple(sha for sha, _ in found), tuple(quick for _, quick in found)


def survey(
    folder: Path, files: Sequence[Expected], on_bytes: OnBytes | None = None
) -> tuple[Damage, ...]:
    """Read every file in parallel and return what is wrong with which; nothing if all are sound.

    Hashing lets go of the interpreter, so as many blocks are read at once as there are cores.
    """
    with ThreadPoolExecutor(_readers()) as pool:
        checks = [
            (file, [pool.submit(check) for check in _checks(folder / file.name, file, on_bytes)])
            for file in sorted(files, key=lambda file: -file.size)
        ]
        found = [(file, [future.result() for future in running]) for file, running in checks]
    return tuple(
        Damage(file, next(filter(None, results)), _bad(file, results))
        for file, results in found
        if any(results)
    )


def check_files(
    folder: Path, files: Sequence[Expected], *, mend: str, on_bytes: OnBytes | None = None
) -> None:
    """Raise ModelCorrupt for the first file that is not what it must be; ``mend`` says what to do.

    A file of which blocks are bad is read once more, to name the digest it has.
    """
    for damage in survey(folder, files, on_bytes):
        path, what = folder / damage.file.name, damage.what
        if damage.blocks:
            what = (
                f"{path} is not what it must be: expected SHA-256 {damage.file.digest}, found "
                f"{digest_of(path)}; {len(damage.blocks)} of its {len(damage.file.blocks)} blocks"
            )
        raise ModelCorrupt(f"{what}. It is not loaded. {mend}")


def _checks(path: Path, file: Expected, on_bytes: OnBytes | None) -> list[Callable[[], str]]:
    """Return what to do to check a file; each returns what is wrong, or nothing."""
    if wrong := _wrong_outside(path, file):
        return [lambda: wrong]
    if not file.blocks:
        return [partial(_check, path, 0, file.size, file.digest, on_bytes)]
    kind = blake3 if file.quick else hashlib.sha256
    return [
        partial(_check_block, path, number, digest, kind, on_bytes)
        for number, digest in enumerate(file.quick or file.blocks)
    ]


def _wrong_outside(path: Path, file: Expected) -> str:
    if path.is_symlink() or not path.is_file():
        return f"{path} is missing"
    size = path.stat().st_size
    return "" if size == file.size else f"{path} has {size} bytes and must have {file.size}"


def _check(path: Path, at: int, size: int, expected: Digest, on_bytes: OnBytes | None) -> str:
    found = digest_within(path, at, size, on_bytes)
    if found == expected:
        return ""
    return f"{path} is not what it must be: expected SHA-256 {expected}, found {found}"


def _check_block(
    path: Path, number: int, expected: Digest, kind: _New, on_bytes: OnBytes | None
) -> str:
    found = _hashed(path, number * BLOCK, BLOCK, (kind,), on_bytes)[0]
    return "" if found == expected else f"{path} is not what it must be in block {number}"


def _bad(file: Expected, results: Sequence[str]) -> tuple[int, ...]:
    if len(results) != len(file.blocks):
        return ()
    return tuple(number for number, wrong in enumerate(results) if wrong)


def _readers() -> int:
    return max(2, min(16, len(os.sched_getaffinity(0))))


_own = threading.local()


def _buffer() -> memoryview:
    """Return this thread's buffer: a fresh megabyte a block costs more than it is worth."""
    if not hasattr(_own, "buffer"):
        _own.buffer = memoryview(bytearray(_CHUNK))
    found: memoryview = _own.buffer
    return found
