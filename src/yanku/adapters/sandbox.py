"""A Reader that reads each file in a disposable child process, so that no file can do harm."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import psutil

from yanku.adapters.sandbox_child import MEMBERS, UNLOCKED
from yanku.adapters.sandbox_left import is_plain_file, taken_from
from yanku.errors import (
    BrokenSource,
    NotFound,
    ReaderDied,
    SourceError,
    SourceTooLarge,
    YankuError,
)
from yanku.model.document import Digest, Document
from yanku.parse.codec import decode
from yanku.parse.sniff import safe_name
from yanku.parse.source import Limits
from yanku.ports import OnPages, Unpacked

_COPY_BYTES = 1024 * 1024
_WATCH_EVERY_S = 0.05
_STDERR_BYTES = 8 * 1024
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

    A child gets no environment, no network, a copy of the one file it reads, a folder of its own,
    and limits on memory (all its processes together), time, and file sizes. Which walls stand
    depends on the system; see ``yanku.adapters.confine`` for what each gives, and ``layers`` for
    those in force at the last job. Every way a child can end raises a SourceError.

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
    ) -> None:
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
                raise _died(shown, "its reader gave no document") from error
        return replace(document, digest=digest, name=shown)

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as folder:
            seen = self._seen(path, shown)
            image = await self._run(_Job("render", seen, shown, folder, page, dpi), None)
        if not image.startswith(b"\x89PNG\r\n\x1a\n"):
            raise _died(shown, "its reader gave no image")
        return image

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder, under numbers."""
        shown = safe_name(name)
        async with self._turn, self._own_folder() as own:
            told = await self._run(_Job("unpack", self._seen(path, shown), shown, own), None)
            try:
                taken = taken_from(told, own / MEMBERS)
            except ValueError as error:
                raise _died(shown, f"its reader gave {error}") from error
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
                raise _died(shown, "its reader gave no copy")
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
        child = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=job.folder,
            env=_environment(job.folder),
            start_new_session=True,
        )
        run = _Run(child, job, self._memory_bytes, self._result_bytes)
        try:
            async with asyncio.timeout(self._wall_time_s):
                return await run.answer(self._request(job), on_pages)
        except TimeoutError as error:
            raise _died(
                job.name, f"reading it took more than {self._wall_time_s:g} seconds"
            ) from error
        finally:
            self.layers = run.layers or self.layers
            await run.end()

    def _command(self) -> list[str]:
        return [sys.executable, "-I", "-B", "-m", "yanku.adapters.sandbox_child"]

    def _request(self, job: _Job) -> bytes:
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
                "parent": os.getpid(),
            }
        ).encode()


class _Run:
    """One child from its start to its certain end."""

    def __init__(
        self, child: asyncio.subprocess.Process, job: _Job, memory_bytes: int, result_bytes: int
    ) -> None:
        self._child = child
        self._name = job.name
        self._memory_bytes = memory_bytes
        self._result_bytes = result_bytes
        self._too_much_memory = False
        self._complaint = bytearray()
        self._tasks = [
            asyncio.create_task(self._watch_memory()),
            asyncio.create_task(self._drain_complaints()),
        ]
        self.layers: tuple[str, ...] = ()

    async def answer(self, request: bytes, on_pages: OnPages | None) -> bytes:
        """Return the bytes of the result; raise the error that the child told or died of."""
        stdin, stdout = self._child.stdin, self._child.stdout
        if stdin is None or stdout is None:  # both were asked for as pipes
            raise _died(self._name, "its reader did not start")
        with contextlib.suppress(ConnectionError):
            stdin.write(request)
            await stdin.drain()
            stdin.close()
        while True:
            try:
                told = await self._next(stdout)
            except (ValueError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as error:
                await self._explain(error)
            if isinstance(told, bytes):
                return told
            if on_pages is not None:
                await on_pages(*told)

    async def end(self) -> None:
        """Kill what is left of the child, with all processes it started, and wait for it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # asyncio does not notice the end of a process before its pipes have been read to their end.
        for pipe in (self._child.stdout, self._child.stderr):
            while pipe is not None and await pipe.read(_COPY_BYTES):
                pass
        await self._child.wait()

    async def _next(self, stdout: asyncio.StreamReader) -> bytes | tuple[int, int]:
        """Return the result, or the next progress; raise ValueError at anything but a frame."""
        while True:
            line = await stdout.readuntil(b"\n")
            kind, _, rest = line.decode("ascii").rstrip("\n").partition(" ")
            match kind:
                case "L":
                    self.layers = tuple(rest.split())
                case "P":
                    done, total = map(int, rest.split())
                    return done, total
                case "E":
                    _raise(json.loads(rest), self._name)
                case "R" if 0 <= int(rest) <= self._result_bytes:
                    return await stdout.readexactly(int(rest))
                case "R" if int(rest) > self._result_bytes:
                    raise SourceTooLarge(
                        f"{self._name} says more than {self._result_bytes // _MIB} MiB of text "
                        "and cells; split it."
                    )
                case _:
                    raise ValueError(f"a frame of kind {kind[:20]!r}")

    async def _explain(self, error: Exception) -> NoReturn:
        """Raise what the end of the child means; it broke off or talked nonsense."""
        if not isinstance(error, asyncio.IncompleteReadError):
            raise _died(self._name, "its reader gave an answer that makes no sense") from error
        status = await self._child.wait()
        died = _died(self._name, self._reason(status))
        await asyncio.wait(self._tasks[1:], timeout=1)
        if self._complaint:
            died.add_note(self._complaint.decode("utf-8", "replace"))
        raise died from error

    def _reason(self, status: int) -> str:
        if self._too_much_memory or status == -signal.SIGKILL:
            return f"reading it needs more than {self._memory_bytes // _MIB} MiB of memory"
        if status == -signal.SIGXCPU:
            return "reading it took too much processor time"
        if status < 0:
            return f"its reader crashed ({signal.Signals(-status).name})"
        return f"its reader ended with status {status}"

    async def _watch_memory(self) -> None:
        """Kill the child when it and its own children use more memory than allowed."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._child.pid)
            while True:
                if _resident(process) > self._memory_bytes:
                    self._too_much_memory = True
                    os.killpg(self._child.pid, signal.SIGKILL)
                    return
                await asyncio.sleep(_WATCH_EVERY_S)

    async def _drain_complaints(self) -> None:
        """Keep the end of what the child writes to stderr, so that it never blocks on it."""
        stderr = self._child.stderr
        while stderr is not None and (block := await stderr.read(_STDERR_BYTES)):
            self._complaint += block
            del self._complaint[:-_STDERR_BYTES]


async def _moved(file: Path, folder: Path) -> Path:
    """Move what a child left behind out of its folder, before that goes."""
    target = folder / file.name
    await asyncio.to_thread(shutil.move, file, target)
    return target


def _resident(process: psutil.Process) -> int:
    total = int(process.memory_info().rss)
    for each in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += int(each.memory_info().rss)
    return total


def _environment(folder: Path) -> dict[str, str]:
    """Return all the child knows of the world: no secrets, no proxies, no configuration."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "MALLOC_ARENA_MAX": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # Where shared libraries are is no secret, and some interpreters do not start without.
    return environment | {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}


def _died(name: str, reason: str) -> ReaderDied:
    return ReaderDied(f"{name} could not be read: {reason}. Other documents are not affected.")


def _raise(told: object, name: str) -> NoReturn:
    """Raise the error a child told of; only errors about a source, or NotFound, are believed."""
    if not isinstance(told, dict):
        raise ValueError("an error that is no object")
    code, message = str(told.get("code")), str(told.get("message"))
    match code:
        case "memory":
            raise _died(name, "reading it needs more memory than allowed")
        case "nesting":
            raise BrokenSource(f"{name} is nested more deeply than any real document.")
        case "crash":
            raise _died(name, f"its reader failed ({message})")
    known = {kind.__name__: kind for kind in (*_kinds(SourceError), NotFound)}
    for kind in known.values():
        if kind("").code == code:
            raise kind(message)
    raise ValueError(f"an error of kind {code[:40]!r}")


def _kinds(root: type[YankuError]) -> list[type[YankuError]]:
    return [root, *(each for child in root.__subclasses__() for each in _kinds(child))]
