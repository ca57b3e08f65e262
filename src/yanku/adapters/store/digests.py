"""Checks files against the digests they must have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import ModelCorrupt
from yanku.model.document import Digest

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file in a folder must be; size in bytes."""

    name: str
    size: int
    digest: Digest


def digest_of(path: Path, on_bytes: Callable[[int], None] | None = None) -> Digest:
    """Return the SHA-256 of a file; ``on_bytes`` hears of each stretch read."""
    sha, buffer = hashlib.sha256(), memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as stream:
        while count := stream.readinto(buffer):
            sha.update(buffer[:count])
            if on_bytes is not None:
                on_bytes(count)
    return Digest(sha.hexdigest())


def check_files(
    folder: Path,
    files: Sequence[Expected],
    *,
    mend: str,
    on_bytes: Callable[[int], None] | None = None,
) -> None:
    """Raise ModelCorrupt for the first file that is not what it must be; ``mend`` says what to do.

    Files are read in parallel: hashing lets go of the interpreter.
    """

    def check(file: Expected) -> str | None:
        path = folder / file.name
        if not path.is_file():
            return f"{path} is missing"
        if (size := path.stat().st_size) != file.size:
            return f"{path} has {size} bytes and must have {file.size}"
        if (found := digest_of(path, on_bytes)) != file.digest:
            return f"{path} is not what it must be: expected SHA-256 {file.digest}, found {found}"
        return None

    with ThreadPoolExecutor(max_workers=4) as pool:
        for wrong in pool.map(check, sorted(files, key=lambda file: -file.size)):
            if wrong:
                raise ModelCorrupt(f"{wrong}. It is not loaded. {mend}")
