"""Puts files together from pieces, in a folder that survives the death of the process.

pieces:   [ 0 ][ 1 ][ 2 ][ 3 ]…      each written at its own offset, hashed on the way,
file:     ────────────────────       synced, and only then marked as done
done/:     0         2
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from enum import StrEnum
from pathlib import Path

from yanku.adapters.store.digests import digest_of
from yanku.adapters.store.manifest import File, Manifest
from yanku.adapters.store.sources import Piece, Source, scratch_folder
from yanku.errors import ModelCorrupt
from yanku.model.document import Digest

_CHUNK = 1 << 20
_POLL_S = 0.2


class Stage(StrEnum):
    """What a pull is doing."""

    FETCH = "fetch"
    VERIFY = "verify"
    CONVERT = "convert"


OnProgress = Callable[[Stage, int, int], None]
"""Called with (stage, bytes done, bytes in all); 0 in all means unknown. Always one thread."""


class Staging:
    """The unfinished files of one manifest. One process at a time."""

    def __init__(self, folder: Path, manifest: Manifest, source: Source, workers: int = 4) -> None:
        self.files = folder / "files"
        self._done = folder / "done"
        self._scratch = folder / "scratch"
        self._workers = workers
        self._manifest = manifest
        self._source = source
        # What a killed process left half fetched is of no use.
        shutil.rmtree(self._scratch, ignore_errors=True)
        for path in (self.files, self._done, self._scratch):
            path.mkdir(parents=True, exist_ok=True)

    def bytes_missing(self) -> int:
        """Return how many bytes are still to be fetched."""
        return sum(piece.size for piece in self._pieces() if not self._marker(piece).exists())

    def largest_piece(self) -> int:
        """Return the size of the largest piece in bytes."""
        return max((piece.size for piece in self._pieces()), default=0)

    def assemble(self, on_progress: OnProgress) -> None:
        """Fetch what is missing, then verify every file; raise ModelCorrupt or ModelUnavailable.

        Whatever arrived whole is kept for the next time, whatever is bad is fetched anew then.
        """
        self._fetch(on_progress)
        done = 0
        for file in self._manifest.files:
            on_progress(Stage.VERIFY, done, self._manifest.size)
            self._verify(file)
            done += file.size
        on_progress(Stage.VERIFY, done, self._manifest.size)

    def _pieces(self) -> list[Piece]:
        return [piece for file in self._manifest.files for piece in self._source.pieces(file)]

    def _marker(self, piece: Piece) -> Path:
        # The digest is in the name: a piece cut otherwise, by another source, is another piece.
        return self._done / f"{piece.file.name}.{piece.offset}.{piece.digest[:16]}"

    def _fetch(self, on_progress: OnProgress) -> None:
        pieces = self._pieces()
        for file in self._manifest.files:
            _allocate(self.files / file.name, file.size)
        missing = [piece for piece in pieces if not self._marker(piece).exists()]
        with ThreadPoolExecutor(self._workers, thread_name_prefix="fetch") as pool:
            running = {pool.submit(self._bring, piece): piece for piece in missing}
            try:
                self._follow(pieces, running, on_progress)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _follow(
        self, pieces: Sequence[Piece], running: dict[Future[None], Piece], on_progress: OnProgress
    ) -> None:
        total, shown = sum(piece.size for piece in pieces), 0
        here = total - sum(piece.size for piece in running.values())
        waiting = set(running)
        while waiting:
            finished, waiting = wait(waiting, _POLL_S, return_when=FIRST_EXCEPTION)
            for future in finished:
                future.result()
                here += running[future].size
            # Downloads in flight count as far as they are on disk, and the bar never goes back.
            shown = max(shown, min(total, here + _bytes_in(self._scratch)))
            on_progress(Stage.FETCH, shown, total)
        on_progress(Stage.FETCH, total, total)

    def _bring(self, piece: Piece) -> None:
        with scratch_folder(self._scratch) as scratch:
            found, size = self._copy(piece, Path(scratch))
        if size != piece.size or found != piece.digest:
            raise ModelCorrupt(
                f"{piece} arrived damaged: expected {piece.size} bytes with SHA-256 "
                f"{piece.digest}, found {size} bytes with {found}. It is not used; "
                "pull again to fetch it anew."
            )
        self._marker(piece).touch()
        sync_folder(self._done)

    def _copy(self, piece: Piece, scratch: Path) -> tuple[Digest, int]:
        """Write a piece at its place and return what was written; reads one byte too many at most,
        so that a part which unpacks to more than it should stops there.
        """
        sha, size = hashlib.sha256(), 0
        with (
            self._source.open(piece, scratch) as stream,
            (self.files / piece.file.name).open("r+b") as target,
        ):
            target.seek(piece.offset)
            while block := stream.read(min(_CHUNK, piece.size + 1 - size)):
                sha.update(block)
                size += len(block)
                if size > piece.size:
                    break
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        return Digest(sha.hexdigest()), size

    def _verify(self, file: File) -> None:
        path = self.files / file.name
        found = digest_of(path)
        if found == file.digest:
            return
        for piece in self._source.pieces(file):
            if _digest_within(path, piece) != piece.digest:
                self._marker(piece).unlink(missing_ok=True)
        raise ModelCorrupt(
            f"{path} is not what it must be: expected SHA-256 {file.digest}, found {found}. "
            "It is not loaded; pull again to fetch the bad parts anew."
        )


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _allocate(path: Path, size: int) -> None:
    if not path.exists() or path.stat().st_size != size:
        with path.open("ab") as stream:
            stream.truncate(size)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # a download was done with meanwhile
            continue
    return total


def _digest_within(path: Path, piece: Piece) -> Digest:
    sha, left = hashlib.sha256(), piece.size
    with path.open("rb") as stream:
        stream.seek(piece.offset)
        while left and (block := stream.read(min(_CHUNK, left))):
            sha.update(block)
            left -= len(block)
    return Digest(sha.hexdigest())
