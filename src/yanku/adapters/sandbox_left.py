"""What a child left in its folder, looked at as if the child were an enemy."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

from yanku.model.document import Flaw, Member
from yanku.parse.container import tidy_name
from yanku.ports import Unpacked

_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_NAME, _LONGEST_DETAIL = 2_000, 1_000


def taken_from(told: bytes, folder: Path) -> Unpacked:
    """Return the files a child says it unpacked into a folder; raise ValueError if it lies.

    Each must be a plain file of its own, directly in the folder, named by a number and given once.
    """
    try:
        said = json.loads(told)
        members = [_member(folder, *each) for each in said["members"]]
        flaws = tuple(Flaw(_text(code), _text(detail)) for code, detail in said["flaws"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("a list of files that is none") from error
    if len({path for _, path in members}) < len(members):
        raise ValueError("one file twice")
    return Unpacked(tuple(members), flaws)


def is_plain_file(path: Path) -> bool:
    """Tell a file of its own from a link, a pipe, or a second name of a file elsewhere."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1


def _member(folder: Path, name: object, size: object, number: object) -> tuple[Member, Path]:
    if not isinstance(name, str) or not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise ValueError("a member without a name")
    path = folder / number
    if not is_plain_file(path) or path.stat().st_size != size:
        raise ValueError("a member that is not there")
    return Member(tidy_name(name)[:_LONGEST_NAME], path.stat().st_size), path


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value[:_LONGEST_DETAIL]
