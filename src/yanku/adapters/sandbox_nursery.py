"""The server's hold on the template that children are forked from: made, made anew, let go."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yanku.adapters.sandbox_environment import environment

_BORN_WITHIN_S = 60.0
_SEES_WITHIN_S, _LOOK_EVERY_S = 60.0, 0.02
_TRIES = 3
"""Templates that bear nothing, one after another, before no more are made."""
_MOST_TOLD = 64
_SEES = "sees"


@dataclass(frozen=True, slots=True)
class Born:
    """A child just forked; ``life`` tells how it ends, and its number is its own until it closes.

    ``parent`` is the template, with which it dies.
    """

    pid: int
    parent: int
    life: socket.socket


class Nursery:
    """Keeps one template, and makes another when that has died.

    Where a process cannot be forked safely, ``bear`` gives None, and children are started anew.
    Any thread may call. Linux only; elsewhere nothing is ever born.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command or [sys.executable, "-I", "-B", "-m",
                                    "yanku.adapters.sandbox_template"]  # fmt: skip
        self._lock = threading.Lock()
        self._template: _Template | None = None
        self._coming: _Template | None = None
        self._sees = False
        self._barren = 0 if sys.platform == "linux" and hasattr(os, "pidfd_open") else _TRIES

    @property
    def pid(self) -> int | None:
        """Return the number of the template, if there is one that lives."""
        template = self._template
        return template.process.pid if template and template.process.returncode is None else None

    def bear(self, folder: Path, fds: Sequence[int]) -> Born | None:
        """Fork a child that lives in a folder, with these as its standard descriptors."""
        with self._lock:
            while self._barren < _TRIES:
                template = self._current()
                born = template.bear(folder, fds)
                if born is not None:
                    self._barren = 0
                    return born
                self._lose(template)
                self._barren += 1
        return None

    def see(self) -> None:
        """Have a template made that has loaded what reads pictures, and wait until it has.

        For other files the one there is goes on. Where none can load them this returns too.
        """
        with self._lock:
            if not self._sees and self._barren < _TRIES:
                self._sees = True
                self._coming = _Template(self._command, _SEES)
        deadline = time.monotonic() + _SEES_WITHIN_S
        while self._is_coming() and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)

    def close(self) -> None:
        """End the templates; children that still live die with them."""
        with self._lock:
            for template in (self._template, self._coming):
                if template is not None:
                    template.close()
            self._template = self._coming = None
            self._sees = False

    def _is_coming(self) -> bool:
        with self._lock:
            return self._coming is not None and not self._coming.has_spoken()

    def _current(self) -> _Template:
        """Return the template to fork from: one that sees, as soon as it is ready."""
        if self._coming is not None and (news := self._coming.news()) is not None:
            coming, self._coming = self._coming, None
            if not news:
                coming.close()  # it cannot load them here, and is not asked again
            else:
                if self._template is not None:
                    self._template.retire()
                self._template = coming
        if self._template is not None and self._template.process.returncode is not None:
            self._lose(self._template)
        if self._template is None:
            self._template = _Template(self._command)
        return self._template

    def _lose(self, template: _Template) -> None:
        """Let a template that died go; the next picture has another made that sees, if it did."""
        template.close()
        self._template = None
        self._sees = self._sees and not template.sees


class _Template:
    """One template process; it ends when this is closed or forgotten, or when nobody asks it."""

    def __init__(self, command: Sequence[str], *more: str) -> None:
        self.sees = _SEES in more
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [*command, str(theirs.fileno()), str(os.getpid()), *more],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=tempfile.gettempdir(),
                env=environment(os.devnull),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours
        self.close = weakref.finalize(self, _let_go, ours, self.process)
        # Whenever it ends, somebody takes note: no zombie stays.
        threading.Thread(target=self.process.wait, daemon=True, name="template").start()

    def has_spoken(self) -> bool:
        """Tell whether it has loaded everything or died."""
        return bool(select.select([self._control], [], [], 0)[0])

    def news(self) -> bool | None:
        """Tell whether it has loaded everything, or died before; None while it is loading."""
        if not self.has_spoken():
            return None
        return bool(self._control.recv(_MOST_TOLD))

    def retire(self) -> None:
        """Ask for no more children; it ends with the last one."""
        self.close.detach()
        self._control.close()

    def bear(self, folder: Path, fds: Sequence[int]) -> Born | None:
        """Ask for a child; None if the template is gone, or gives none."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_BORN_WITHIN_S)
        try:
            with theirs:
                socket.send_fds(self._control, [os.fsencode(folder)], [*fds, theirs.fileno()])
            said = ours.recv(_MOST_TOLD)
        except OSError:
            said = b""
        if not said:
            ours.close()
            return None
        return Born(int(said), self.process.pid, ours)


def _let_go(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """End a template; children that still live die with it."""
    control.close()
    process.kill()
    process.wait()
