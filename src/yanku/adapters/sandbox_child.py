"""The disposable process that reads one file: takes a request on stdin, gives frames on stdout.

A frame is one line: ``L <layers>``, ``P <done> <total>``, ``S`` (there is a picture, and what reads
pictures is not loaded), ``E <json>``, or ``R <bytes>`` with that many bytes behind it. The last
frame is S, E or R. Nothing but frames reaches stdout; whatever a library prints goes to stderr.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from yanku.adapters.confine import confine, system_paths
from yanku.errors import EncryptedSource, NotLoaded, YankuError
from yanku.model.document import Digest
from yanku.parse.formats import Kind
from yanku.parse.reader import read_unasked, render_source, unlock_source, unpack_source
from yanku.parse.sniff import sniff
from yanku.parse.source import Limits

_GIB = 1024**3
_MAX_REQUEST = 1024 * 1024
_MAX_MESSAGE = 2_000
_NATIVE_SPACE = 12 * _GIB
"""Inference engines reserve much more address space than they use; the parent watches what is
really used."""
_PLAIN_SPACE = _GIB // 2
Request = dict[str, str | int | dict[str, int]]
MEMBERS, UNLOCKED = "members", "unlocked"
"""Where, in its folder, a child leaves what it unpacked or unlocked."""
_NATIVE = frozenset({Kind.PDF, Kind.PNG, Kind.JPEG, Kind.TIFF})


def main() -> int:
    """Serve one request; the exit status is 0 once an answer, good or bad, has been given."""
    with _answers() as out:
        request = json.loads(sys.stdin.buffer.read(_MAX_REQUEST))
        path = Path(request["path"])
        layers = confine(
            Path(request["folder"]),
            [*system_paths(), path],
            address_space=request["memory_bytes"] + _NATIVE_SPACE,
            cpu_time_s=request["cpu_time_s"],
            file_bytes=request["file_bytes"],
        )
        if os.getppid() != request["parent"]:
            return 1  # it died before the kernel was asked to tell
        _line(out, "L " + " ".join(layers))
        _answer(request, path, out)
    return 0


def _answers() -> BinaryIO:
    """Return the pipe for frames, and point everybody else's stdout to stderr."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _answer(request: Request, path: Path, out: BinaryIO) -> None:
    try:
        result = _TASKS[str(request["task"])](request, path, out)
    except NotLoaded:
        _line(out, "S")
    except YankuError as error:
        _error(out, error.code, str(error))
    except MemoryError:
        _error(out, "memory", "")
    except RecursionError:
        _error(out, "nesting", "")
    except Exception as error:  # Whatever a library throws: the parent names it ReaderDied.
        _error(out, "crash", f"{type(error).__name__}: {error}")
        raise
    else:
        _line(out, f"R {len(result)}")
        out.write(result)
        out.flush()


def _read(request: Request, path: Path, out: BinaryIO) -> bytes:
    name = str(request["name"])
    if not _is_native(path, name):
        _tighten(_int(request["memory_bytes"]))
    elif request["waits"]:
        from yanku.parse.engine import as_they_are  # readers of text need no engine

        as_they_are()
    format_, content = read_unasked(
        path,
        name,
        _limits(request),
        lambda done, total: _line(out, f"P {done} {total}"),
        Path(str(request["folder"])),
    )
    from yanku.parse.codec import encode  # only now: a refused file need not wait for it

    return encode(content.document(Digest(""), name, format_.media_type))


def _render(request: Request, path: Path, _out: BinaryIO) -> bytes:
    page, dpi = _int(request["page"]), _int(request["dpi"])
    return render_source(path, str(request["name"]), page, dpi, _limits(request))


def _unpack(request: Request, path: Path, _out: BinaryIO) -> bytes:
    """Unpack into the folder ``members``; tell the parent what lies there under which number."""
    _tighten(_int(request["memory_bytes"]))
    folder = Path(str(request["folder"])) / MEMBERS
    folder.mkdir()
    taken = unpack_source(path, str(request["name"]), folder, _limits(request))
    told = {
        "members": [(each.name, each.size, where.name) for each, where in taken.members],
        "flaws": [(each.code, each.detail) for each in taken.flaws],
    }
    return json.dumps(told).encode()


def _unlock(request: Request, path: Path, _out: BinaryIO) -> bytes:
    _tighten(_int(request["memory_bytes"]))
    unlock_source(
        path,
        str(request["name"]),
        str(request["password"]),
        Path(str(request["folder"])) / UNLOCKED,
        _limits(request),
    )
    return b"{}"


_TASKS: dict[str, Callable[[Request, Path, BinaryIO], bytes]] = {
    "read": _read,
    "render": _render,
    "unpack": _unpack,
    "unlock": _unlock,
}


def _is_native(path: Path, name: str) -> bool:
    try:
        return sniff(path, name).kind in _NATIVE
    except EncryptedSource:
        return False


def _limits(request: Request) -> Limits:
    limits = request["limits"]
    return Limits(**limits) if isinstance(limits, dict) else Limits()


def _tighten(memory_bytes: int) -> None:
    """Lower the address space for readers without native engines.

    What was there when the child was forked is not theirs, and counts as it does for one that was
    started anew.
    """
    address_space = memory_bytes + max(_PLAIN_SPACE, _occupied() + _PLAIN_SPACE // 2)
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > address_space:
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))


def _occupied() -> int:
    """Return the address space in use; nothing is known of it where there is no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _error(out: BinaryIO, code: str, message: str) -> None:
    _line(out, "E " + json.dumps({"code": code, "message": message[:_MAX_MESSAGE]}))


def _line(out: BinaryIO, text: str) -> None:
    out.write(text.encode("ascii", "backslashreplace") + b"\n")
    out.flush()


def _int(value: str | int | dict[str, int]) -> int:
    return value if isinstance(value, int) else int(str(value))


if __name__ == "__main__":
    sys.exit(main())
