"""How a child process comes to be, started anew or forked, and what the server holds of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yanku.adapters.sandbox_environment import environment
from yanku.adapters.sandbox_nursery import Born, Nursery

_MOST_TOLD = 64
_BLOCK = 1024 * 1024


@dataclass(slots=True)
class Child:
    """A process that leads a group of its own, and the pipes to it.

    ``parent`` is the process whose death it shares. ``status`` gives how it ended, as
    ``subprocess`` does, or None if nobody is left who knows.
    """

    pid: int
    parent: int
    stdout: asyncio.StreamReader
    stderr: asyncio.StreamReader
    status: asyncio.Task[int | None]
    _stdin: int
    _pipes: tuple[asyncio.BaseTransport, ...]
    _life: socket.socket | None = None

    async def give(self, request: bytes) -> None:
        """Write the request and close the pipe; a child that does not read it is no error here."""
        await asyncio.to_thread(_write_all, self._stdin, request)

    def kill(self) -> None:
        """Kill it with all processes it started."""
        # An orphan's number may be another's by now; the kernel has killed it (confine: death).
        if not self.is_orphan:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    @property
    def is_orphan(self) -> bool:
        """Tell whether the process it was forked from died before it."""
        return self.status.done() and not self.status.cancelled() and self.status.result() is None

    async def end(self) -> None:
        """Kill what is left, wait for it, and give up its number."""
        self.kill()
        try:
            await self.status
        finally:
            for pipe in self._pipes:
                pipe.close()
            if self._life is not None:
                self._life.close()


async def started(command: Sequence[str], folder: Path) -> Child:
    """Return a child in an interpreter of its own."""
    theirs, ours = _pipes()
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=theirs[0],
            stdout=theirs[1],
            stderr=theirs[2],
            cwd=folder,
            env=environment(str(folder)),
            start_new_session=True,
        )
    except BaseException:
        _close(ours)
        raise
    finally:
        _close(theirs)
    return await _held(process.pid, os.getpid(), ours, asyncio.create_task(_ended(process)))


async def forked(nursery: Nursery, folder: Path) -> Child | None:
    """Return a child forked from the template, or None where there can be none."""
    theirs, ours = _pipes()
    bearing = asyncio.ensure_future(asyncio.to_thread(_bear, nursery, folder, theirs))
    try:
        born = await asyncio.shield(bearing)
    except asyncio.CancelledError:
        bearing.add_done_callback(_abandon)
        _close(ours)
        raise
    if born is None:
        _close(ours)
        return None
    born.life.setblocking(False)
    status = asyncio.create_task(_told(born.life))
    return await _held(born.pid, born.parent, ours, status, born.life)


def _bear(nursery: Nursery, folder: Path, fds: tuple[int, int, int]) -> Born | None:
    try:
        return nursery.bear(folder, fds)
    finally:
        _close(fds)


def _abandon(bearing: asyncio.Future[Born | None]) -> None:
    """Let go of a child that nobody waits for any more; its template kills it."""
    if not bearing.cancelled() and not bearing.exception() and (born := bearing.result()):
        born.life.close()


async def _held(
    pid: int,
    parent: int,
    ours: tuple[int, int, int],
    status: asyncio.Task[int | None],
    life: socket.socket | None = None,
) -> Child:
    out, out_pipe = await _reader(ours[1])
    err, err_pipe = await _reader(ours[2])
    return Child(pid, parent, out, err, status, ours[0], (out_pipe, err_pipe), life)


async def _reader(fd: int) -> tuple[asyncio.StreamReader, asyncio.BaseTransport]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb", 0)
    )
    return reader, pipe


async def _ended(process: asyncio.subprocess.Process) -> int | None:
    return await process.wait()


async def _told(life: socket.socket) -> int | None:
    """Return what the template tells of a child's end; None if it went away without."""
    try:
        said = await asyncio.get_running_loop().sock_recv(life, _MOST_TOLD)
    except ConnectionError:
        return None
    return int(said) if said else None


def _pipes() -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the child's ends of its three standard pipes, and ours."""
    stdin, stdout, stderr = os.pipe(), os.pipe(), os.pipe()
    return (stdin[0], stdout[1], stderr[1]), (stdin[1], stdout[0], stderr[0])


def _write_all(fd: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), os.fdopen(fd, "wb", 0) as pipe:
        left = memoryview(data)
        while left:
            left = left[pipe.write(left) :]


def _close(fds: Sequence[int]) -> None:
    for fd in fds:
        os.close(fd)


def anew() -> list[str]:
    """Return the command of a child in an interpreter of its own."""
    return [sys.executable, "-I", "-B", "-m", "yanku.adapters.sandbox_child"]
