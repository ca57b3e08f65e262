"""The process that children are forked from: it has imported what they need, and reads no file.

    server ──folder, stdin, stdout, stderr, life──▶ template ──fork──▶ child ──confine──▶ one file
           ◀───────────── life: pid, later status ──────┘

The template only passes descriptors on: the request and the file's bytes go from the server to
the child. A child takes everything away from itself after the fork (``yanku.adapters.confine``),
as one that was started anew does. It is reaped when the server lets go of ``life``, so that its
number, by which its group is killed, belongs to nobody else until then.

The template ends when the server does, when the server has closed ``control`` and the last child
is gone, when nobody asked for ``_IDLE_S``, and when a library has started a thread, because a fork
would leave that behind.
"""

from __future__ import annotations

import array
import ctypes
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yanku.adapters import sandbox_child
from yanku.adapters.sandbox_environment import environment

_IDLE_S = 300.0
_PDEATHSIG, _DUMPABLE = 1, 4
_FDS = 4
_MOST_BYTES = 8 * 1024
_UNSAFE = 3
_IMPORTED = (
    "yanku.parse.codec",
    "yanku.parse.pdf",
    "yanku.parse.image",
    "yanku.parse.workbook",
    "yanku.parse.office",
    "yanku.parse.text",
    "yanku.parse.web",
)
"""What most files need. The rest a child imports when it meets such a file."""

Serve = Callable[[], int]
"""Serves one request from standard input; returns the exit status."""


@dataclass(slots=True)
class _Birth:
    """A child that lives, or has died and waits for its number to be given up."""

    pid: int
    pidfd: int
    life: socket.socket
    unwanted: bool = False


class Template:
    """Forks a child whenever it is asked to; ``control`` is where it is asked."""

    def __init__(self, control: socket.socket, serve: Serve) -> None:
        self._control = control
        self._serve = serve
        self.is_retired = False
        self._births: dict[int, _Birth] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._asked)

    def look(self, timeout: float) -> bool:
        """Do what is waiting to be done; return whether there was anything."""
        events = self._selector.select(timeout)
        for key, _ in events:
            key.data()
        return bool(events)

    @property
    def is_idle(self) -> bool:
        """Tell whether no child is left."""
        return not self._births

    def _asked(self) -> None:
        try:
            said, packed, _, _ = self._control.recvmsg(_MOST_BYTES, socket.CMSG_SPACE(_FDS * 4))
        except ConnectionError:
            said, packed = b"", []
        if not said:  # the server wants no more children; those that live are let be
            self._selector.unregister(self._control)
            self.is_retired = True
            return
        fds = array.array("i")
        for _level, _type, data in packed:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
        if len(fds) == _FDS:
            self._bear(os.fsdecode(said), list(fds))
        for fd in fds[:3]:
            os.close(fd)

    def _bear(self, folder: str, fds: list[int]) -> None:
        if not _is_alone():
            os._exit(_UNSAFE)  # the children die too; they are read again, each started anew
        pid = os.fork()
        if pid == 0:
            self._become_child(folder, fds)
        with suppress(OSError):  # the child has done it already, or is gone
            os.setpgid(pid, pid)
        birth = _Birth(pid, os.pidfd_open(pid), socket.socket(fileno=fds[3]))
        self._births[pid] = birth
        self._selector.register(birth.pidfd, selectors.EVENT_READ, lambda: self._died(birth))
        self._selector.register(birth.life, selectors.EVENT_READ, lambda: self._let_go(birth))
        _tell(birth.life, pid)

    def _died(self, birth: _Birth) -> None:
        """Tell how a child ended; it stays unburied, so that its number is not given anew."""
        self._selector.unregister(birth.pidfd)
        how = os.waitid(os.P_PIDFD, birth.pidfd, os.WEXITED | os.WNOWAIT)
        os.close(birth.pidfd)
        birth.pidfd = -1
        if birth.unwanted:
            self._bury(birth)
        elif how is not None:
            _tell(birth.life, how.si_status * (1 if how.si_code == os.CLD_EXITED else -1))

    def _let_go(self, birth: _Birth) -> None:
        """Kill what is left of a child that the server no longer wants."""
        birth.unwanted = True
        self._selector.unregister(birth.life)
        birth.life.close()
        with suppress(ProcessLookupError):
            os.killpg(birth.pid, signal.SIGKILL)
        if birth.pidfd < 0:
            self._bury(birth)

    def _bury(self, birth: _Birth) -> None:
        os.waitpid(birth.pid, 0)
        del self._births[birth.pid]

    def _become_child(self, folder: str, fds: list[int]) -> None:
        """Serve the request of this child and end; never return into the template."""
        status = 1
        try:
            os.setpgid(0, 0)
            _kernel(_DUMPABLE, 1)
            for target, fd in enumerate(fds[:3]):
                os.dup2(fd, target)
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            own = environment(folder)
            os.environ.clear()
            os.environ.update(own)
            os.chdir(folder)
            tempfile.tempdir = None
            status = self._serve()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - as an interpreter does with what nobody catches
            traceback.print_exc()
        finally:
            with suppress(OSError):
                sys.stderr.flush()
            os._exit(status)


def run(fd: int, parent: int, serve: Serve, *, sees: bool) -> int:
    """Serve the server with number ``parent`` until it has no more use for a template."""
    _kernel(_PDEATHSIG, signal.SIGKILL)
    _kernel(_DUMPABLE, 0)  # no child, and nobody else, looks into it or changes it
    if os.getppid() != parent:
        return 1
    control = socket.socket(fileno=fd)
    template = Template(control, serve)
    for name in _IMPORTED:
        importlib.import_module(name)
        template.look(0)
    if sees:
        _open_eyes()
    gc.collect()
    gc.freeze()  # what a child never looks at stays one copy for all
    if not _is_alone():
        return _UNSAFE
    with suppress(OSError):  # the server may have let go already
        control.send(b"ready")
    while not (template.is_retired and template.is_idle):
        if not template.look(_IDLE_S) and template.is_idle:
            break
    return 0


def _is_alone() -> bool:
    """Tell whether no library has started a thread, so that a fork is a whole process."""
    return sum(1 for _ in Path("/proc/self/task").iterdir()) == 1


def _open_eyes() -> None:
    """Load the networks that read pictures."""
    from yanku.parse.warm import warm  # a template for texts needs none

    warm()
    with suppress(AttributeError):  # what loading left over is given back (the GNU C library)
        ctypes.CDLL(None).malloc_trim(0)


def _tell(life: socket.socket, number: int) -> None:
    with suppress(OSError):  # the server may have let go already
        life.send(b"%d" % number)


def _kernel(option: int, value: int) -> None:
    """Ask the kernel for something about this process (Linux)."""
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), int(sys.argv[2]), sandbox_child.main, sees="sees" in sys.argv))
