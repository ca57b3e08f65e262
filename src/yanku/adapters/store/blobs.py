"""The files of all models by their content, each kept once, and what of them nobody needs."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from yanku.adapters.store.digests import digest_of
from yanku.adapters.store.record import RECORD, read_record, sync_folder
from yanku.errors import ModelCorrupt
from yanku.model.document import Digest

_ABANDONED_S = 7 * 24 * 3600.0


class Blobs:
    """The contents under the root of a store: ``.blobs/SHA256``, hard links of the models' files.

    Where a file system has no hard links they are not kept at all: a copy would double the disk.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / ".blobs"

    def sound(self, digest: Digest, size: int) -> Path | None:
        """Return the file with this content, just read and right, or None."""
        path = self._folder / digest
        if not path.is_file() or path.stat().st_size != size:
            return None
        return path if digest_of(path) == digest else None

    def keep(self, folder: Path, renew: Collection[Digest] = ()) -> None:
        """Take the files of a model in; those whose digest is in ``renew`` replace what was."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in read_record(folder):
            target = self._folder / file.digest
            if target.exists() and file.digest not in renew:
                continue
            with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                fresh = Path(scratch) / file.digest
                try:
                    os.link(folder / file.name, fresh)
                except OSError:
                    return
                fresh.replace(target)
        sync_folder(self._folder)

    def collect(self) -> None:
        """Delete contents that no model's record names; none while a record cannot be read."""
        try:
            needed = {file.digest for folder in self._models() for file in read_record(folder)}
        except ModelCorrupt:
            return
        for path in self._folder.glob("*"):
            if path.is_file() and path.name not in needed:
                path.unlink()

    def superseded(self, names: Collection[str], current: Collection[str], keep: int) -> list[Path]:
        """Return the folders of versions that are no longer current, but the latest ``keep``."""
        old = [path for path in self._models() if path.name not in current]
        found: list[Path] = []
        for name in names:
            versions = [path for path in old if path.name.rpartition("-")[0] == name]
            versions.sort(key=lambda path: path.stat().st_mtime, reverse=True)
            found += versions[keep:]
        return found

    def abandoned(self, current: Collection[str]) -> list[Path]:
        """Return interrupted pulls of versions not current, or untouched for a week."""
        found = []
        for path in (self._root / ".staging").glob("*"):
            age_s = time.time() - max(part.stat().st_mtime for part in (path, *path.glob("*")))
            if (path.name not in current or age_s > _ABANDONED_S) and not self._in_use(path.name):
                found.append(path)
        return found

    def used(self) -> int:
        """Return the bytes that the store takes on the disk; a file with two names counts once."""
        seen: dict[tuple[int, int], int] = {}
        for path in self._root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                stat = path.stat()
                seen[stat.st_dev, stat.st_ino] = stat.st_size
        return sum(seen.values())

    def _models(self) -> list[Path]:
        return [path.parent for path in self._root.glob(f"*/{RECORD}")]

    def _in_use(self, name: str) -> bool:
        lock = self._root / ".locks" / name
        if not lock.exists():
            return False
        with lock.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False
