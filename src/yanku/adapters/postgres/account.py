"""The operating-system account PostgreSQL runs as, which is never root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import DatabaseUnavailable

NAME = "yanku-postgres"
"""The account made when root starts a server; PostgreSQL refuses to run as root."""


@dataclass(frozen=True, slots=True)
class Account:
    """Numeric ids of the account a server runs as."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """Return the account to run a data folder's server as; None means: as we are.

    Root runs it as the folder's owner, so a folder made by a person stays that person's, or else
    as an account of its own, made when missing.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        status = data.stat()
        return Account(status.st_uid, status.st_gid)
    entry = _entry() or _made()
    return Account(entry.pw_uid, entry.pw_gid)


def let_pass(path: Path, account: Account) -> None:
    """Let an account reach a path: the folders above it get o+x where that is lacking.

    Never o+r: nobody can list a folder they could not list before.
    """
    for folder in reversed(path.resolve().parents):
        mode = folder.stat().st_mode
        if not _may_pass(folder.stat(), account):
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def let_read(tree: Path, account: Account) -> None:
    """Let an account read and run what is in an installed folder, whatever umask it came with."""
    let_pass(tree, account)
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)


def _may_pass(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - constant words
        complaint = made.stderr.strip()
    except FileNotFoundError:
        complaint = "there is no useradd on this machine"
    entry = _entry()  # another process may have made it in the same moment
    if entry is None:
        raise DatabaseUnavailable(
            f"PostgreSQL does not run as root and the account {NAME} cannot be made: {complaint}. "
            "Make it by hand, start Yanku as an ordinary user, or set the URL of a server."
        )
    return entry
