"""One child from its request to its certain end: what it tells, what it takes, how it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from typing import NoReturn

import psutil

from yanku.adapters.sandbox_start import Child
from yanku.errors import (
    BrokenSource,
    NotFound,
    ReaderDied,
    SourceError,
    SourceTooLarge,
    YankuError,
)
from yanku.ports import OnPages

_WATCH_EVERY_S = 0.05
_STDERR_BYTES = 8 * 1024
_MIB = 1024**2


class Run:
    """What one child does with one request."""

    def __init__(
        self,
        child: Child,
        name: str,
        *,
        memory_bytes: int,
        result_bytes: int,
    ) -> None:
        self._child = child
        self._name = name
        self._memory_bytes = memory_bytes
        self._result_bytes = result_bytes
        self._too_much_memory = False
        self._complaint = bytearray()
        self._tasks = [
            asyncio.create_task(self._watch_memory()),
            asyncio.create_task(self._drain_complaints()),
        ]
        self.layers: tuple[str, ...] = ()

    async def answer(self, request: bytes, on_pages: OnPages | None) -> bytes | None:
        """Return the bytes of the result; raise the error that the child told or died of.

        None if it met a picture that only a process with the networks loaded may read.
        """
        await self._child.give(request)
        while True:
            try:
                told = await self._next(self._child.stdout)
            except (ValueError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as error:
                await self._explain(error)
            if told is None or isinstance(told, bytes):
                return told
            if on_pages is not None:
                await on_pages(*told)

    async def end(self) -> None:
        """Kill what is left of the child, with all processes it started, and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._child.end()

    async def _next(self, stdout: asyncio.StreamReader) -> bytes | tuple[int, int] | None:
        """Return the result, None for a picture, or the progress; ValueError if it is no frame."""
        while True:
            line = await stdout.readuntil(b"\n")
            kind, _, rest = line.decode("ascii").rstrip("\n").partition(" ")
            match kind:
                case "L":
                    self.layers = tuple(rest.split())
                case "S":
                    return None
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
            raise died(self._name, "its reader gave an answer that makes no sense") from error
        status = await self._child.status
        end = died(self._name, self._reason(status))
        await asyncio.wait(self._tasks[1:], timeout=1)
        if self._complaint:
            end.add_note(self._complaint.decode("utf-8", "replace"))
        raise end from error

    def _reason(self, status: int | None) -> str:
        if self._too_much_memory or status == -signal.SIGKILL:
            return f"reading it needs more than {self._memory_bytes // _MIB} MiB of memory"
        if status is None:
            return "its reader was ended from outside"
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
                    self._child.kill()
                    return
                await asyncio.sleep(_WATCH_EVERY_S)

    async def _drain_complaints(self) -> None:
        """Keep the end of what the child writes to stderr, so that it never blocks on it."""
        while block := await self._child.stderr.read(_STDERR_BYTES):
            self._complaint += block
            del self._complaint[:-_STDERR_BYTES]


def _resident(process: psutil.Process) -> int:
    total = int(process.memory_info().rss)
    for each in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += int(each.memory_info().rss)
    return total


def died(name: str, reason: str) -> ReaderDied:
    """Return the error of a child that gave no answer."""
    return ReaderDied(f"{name} could not be read: {reason}. Other documents are not affected.")


def _raise(told: object, name: str) -> NoReturn:
    """Raise the error a child told of; only errors about a source, or NotFound, are believed."""
    if not isinstance(told, dict):
        raise ValueError("an error that is no object")
    code, message = str(told.get("code")), str(told.get("message"))
    match code:
        case "memory":
            raise died(name, "reading it needs more memory than allowed")
        case "nesting":
            raise BrokenSource(f"{name} is nested more deeply than any real document.")
        case "crash":
            raise died(name, f"its reader failed ({message})")
    known = {kind.__name__: kind for kind in (*_kinds(SourceError), NotFound)}
    for kind in known.values():
        if kind("").code == code:
            raise kind(message)
    raise ValueError(f"an error of kind {code[:40]!r}")


def _kinds(root: type[YankuError]) -> list[type[YankuError]]:
    return [root, *(each for child in root.__subclasses__() for each in _kinds(child))]
