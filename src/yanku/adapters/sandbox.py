"""A Reader that reads each file in a disposable child process, so that no file can do harm."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psutil

from yanku.adapters.sandbox_child import MEMBERS, UNLOCKED
from yanku.adapters.sandbox_left import is_plain_file, taken_from
from yanku.adapters.sandbox_nursery import Nursery
from yanku.adapters.sandbox_run import Run, died
from yanku.adapters.sandbox_start import Child, anew, forked, started
from yanku.errors import NotFound, ReaderDied, SourceTooLarge
from yanku.model.document import Digest, Document
from yanku.parse.codec import decode
from yanku.parse.sniff import safe_name
from yanku.parse.source import Limits
from yanku.ports import OnPages, Unpacked

_COPY_BYTES = 1024 * 1024
_MIB = 1024**2


@dataclass(frozen=True, slots=True)
class _Job:
    """One request to a child."""

    task: str
    path: Path
    name: str
    folder: Path
    page: int = 0
    dpi: int = 0
    password: str = field(default="", repr=False)


class SandboxReader:
    """Reads and renders files, each in a child process of its own that dies with the job.

    Children are forked from a template that has loaded what they need (``nursery``, which several
    readers may share), or started anew where that cannot be. With a ``nursery`` that is given, a
    picture waits for a template that has loaded the networks; otherwise few files are expected, and
    a child loads them itself. A child gets no environment, no
    network, a copy of the one file it reads, a folder of its own, and limits on memory (all its
    processes together), time, and file sizes. Which walls stand depends on the system; see
    ``yanku.adapters.confine`` for what each gives, and ``layers`` for those in force at the last
    job. Every way a child can end raises a SourceError.

    ``workers`` children run at once, others wait. ``folder`` is where temporary folders are made.
    POSIX only.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        memory_bytes: int = 3 * 1024**3,
        wall_time_s: float = 900.0,
        workers: int = 1,
        result_bytes: int = 256 * _MIB,
        folder: Path | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self._nursery = nursery or Nursery()
        self._waits = nursery is not None
        self._limits = limits or Limits()
        self._memory_bytes = memory_bytes
        self._wall_time_s = wall_time_s
        self._result_bytes = result_bytes
        self._folder = folder
        self._turn = asyncio.Semaphore(workers)
        self._swept = False
        self.layers: tuple[str, ...] = ()

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        """Return the document in the file; raise a SourceError that says what is wrong with it."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as folder:
            copy = folder / "source"
            digest = await asyncio.to_thread(self._copy, path, copy, shown)
            data = await self._run(_Job("read", copy, shown, folder), on_pages)
            try:
                document = await asyncio.to_thread(decode, data)
            except ValueError as error:
                raise died(shown, "its reader gave no document") from error
        return replace(document, digest=digest, name=shown)

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as folder:
            seen = self._seen(path, shown)
            image = await self._run(_Job("render", seen, shown, folder, page, dpi), None)
        if not image.startswith(b"\x89PNG\r\n\x1a\n"):
            raise died(shown, "its reader gave no image")
        return image

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder, under numbers."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as own:
            told = await self._run(_Job("unpack", self._seen(path, shown), shown, own), None)
            try:
                taken = taken_from(told, own / MEMBERS)
            except ValueError as error:
                raise died(shown, f"its reader gave {error}") from error
            return Unpacked(
                tuple([(each, await _moved(where, folder)) for each, where in taken.members]),
                taken.flaws,
            )

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Write a copy that opens without a password; raise WrongPassword, or a SourceError."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as own:
            job = _Job("unlock", self._seen(path, shown), shown, own, password=password)
            await self._run(job, None)
            if not is_plain_file(own / UNLOCKED):
                raise died(shown, "its reader gave no copy")
            await asyncio.to_thread(shutil.move, own / UNLOCKED, target)

    def _seen(self, path: Path, shown: str) -> Path:
        if not path.is_file():
            raise NotFound(f"{shown} is not there.")
        return path.resolve()

    def _sweep(self) -> None:
        """Remove what processes that were killed left behind."""
        for left in Path(self._folder or tempfile.gettempdir()).glob("yanku-read-*-*"):
            owner = left.name.split("-")[2]
            if owner.isdecimal() and not psutil.pid_exists(int(owner)):
                shutil.rmtree(left, ignore_errors=True)

    @contextlib.asynccontextmanager
    async def _own_folder(self) -> AsyncIterator[Path]:
        if not self._swept:
            self._swept = True
            await asyncio.to_thread(self._sweep)
        with tempfile.TemporaryDirectory(
            prefix=f"yanku-read-{os.getpid()}-", dir=self._folder, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder).resolve()

    def _copy(self, source: Path, target: Path, shown: str) -> Digest:
        """Copy the file and digest the very bytes that will be read."""
        if not source.is_file():
            raise NotFound(f"{shown} is not there.")
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as file, target.open("wb") as copy:
            while block := file.read(_COPY_BYTES):
                size += len(block)
                if size > self._limits.max_bytes:
                    raise SourceTooLarge(
                        f"{shown} has more than {self._limits.max_bytes // _MIB} MiB."
                    )
                digest.update(block)
                copy.write(block)
        return Digest(digest.hexdigest())

    async def _run(self, job: _Job, on_pages: OnPages | None) -> bytes:
        try:
            async with asyncio.timeout(self._wall_time_s):
                return await self._answer(job, on_pages)
        except TimeoutError as error:
            raise died(
                job.name, f"reading it took more than {self._wall_time_s:g} seconds"
            ) from error

    async def _answer(self, job: _Job, on_pages: OnPages | None) -> bytes:
        """Return what a forked child answers; one whose template died is no fault of the file.

        One that meets a picture and has no networks is made anew, when the template has them.
        """
        for waits in sorted({self._waits, False}, reverse=True):
            child = await forked(self._nursery, job.folder)
            if child is None:
                break
            try:
                told = await self._served(child, job, on_pages, waits=waits)
            except ReaderDied:
                if not child.is_orphan:
                    raise
                await asyncio.to_thread(_emptied, job)
                break
            if told is not None:
                return told
            await asyncio.to_thread(_emptied, job)
            await asyncio.to_thread(self._nursery.see)
        child = await started(self._command(), job.folder)
        told = await self._served(child, job, on_pages, waits=False)
        if told is None:
            raise died(job.name, "its reader gave no answer")
        return told

    async def _served(
        self, child: Child, job: _Job, on_pages: OnPages | None, *, waits: bool
    ) -> bytes | None:
        run = Run(child, job.name, memory_bytes=self._memory_bytes, result_bytes=self._result_bytes)
        try:
            return await run.answer(self._request(job, child.parent, waits=waits), on_pages)
        finally:
            self.layers = run.layers or self.layers
            await run.end()

    def _command(self) -> list[str]:
        return anew()

    def _request(self, job: _Job, parent: int, *, waits: bool) -> bytes:
        return json.dumps(
            {
                "task": job.task,
                "path": str(job.path),
                "name": job.name,
                "folder": str(job.folder),
                "page": job.page,
                "dpi": job.dpi,
                "password": job.password,
                "limits": asdict(self._limits),
                "memory_bytes": self._memory_bytes,
                "cpu_time_s": max(1, int(self._wall_time_s * (os.cpu_count() or 1))) + 1,
                "file_bytes": self._limits.max_unpacked_bytes,
                "parent": parent,
                "waits": waits,
            }
        ).encode()


async def _moved(file: Path, folder: Path) -> Path:
    """Move what a child left behind out of its folder, before that goes."""
    target = folder / file.name
    await asyncio.to_thread(shutil.move, file, target)
    return target


def _emptied(job: _Job) -> None:
    """Take away what a child that died early left in its folder, all but what is to be read."""
    for left in job.folder.iterdir():
        if left != job.path:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
