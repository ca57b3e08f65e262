"""The folder of an in-process index: one holder at a time, and a swap that survives a crash."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO, Self

from yanku.errors import HomeBusy


class Folder:
    """Holds ``shard``, while optimizing ``shard.next``, and for a moment ``shard.old``."""

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self.path = path
        self.shard = path / "shard"
        self.next = path / "shard.next"
        self._old = path / "shard.old"
        self._made_by = path / "made_by"
        self._lock = lock

    @classmethod
    def hold(cls, path: Path) -> Self:
        """Make the folder if need be and hold it; raise HomeBusy if another process does."""
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise HomeBusy(
                f"The search index in {path} is open in process {holder}; "
                "ask that process, or stop it first."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return cls(path, lock)

    @property
    def made_by(self) -> str:
        """What the shard's words and vectors come from."""
        return self._made_by.read_text(encoding="utf-8") if self._made_by.exists() else ""

    @made_by.setter
    def made_by(self, name: str) -> None:
        self._made_by.write_text(name, encoding="utf-8")

    def release(self) -> None:
        """Let another process have it; safe to repeat."""
        self._lock.close()

    def sweep(self) -> None:
        """Remove what an interrupted optimization left; bring back a shard caught in between."""
        if self._old.exists() and not self.shard.exists():
            self._old.rename(self.shard)
        _remove(self.next)
        _remove(self._old)

    def copy(self) -> None:
        """Copy the flushed shard to ``shard.next``."""
        _remove(self.next)
        shutil.copytree(self.shard, self.next)

    def promote(self) -> None:
        """Put ``shard.next`` in the place of ``shard``; ``sweep`` mends a crash in between."""
        _remove(self._old)
        self.shard.rename(self._old)
        self.next.rename(self.shard)
        _remove(self._old)

    def wipe_shard(self) -> None:
        """Remove the shard."""
        _remove(self.shard)

    def wipe(self) -> None:
        """Remove everything but the lock."""
        for part in (self.shard, self.next, self._old):
            _remove(part)
        self._made_by.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
