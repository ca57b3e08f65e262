"""What a child process takes away from itself before it touches a file: rights, files, network.

Each layer is asked of the kernel and the layers obtained are returned by name, so that a machine
that grants fewer of them can be told (``SandboxReader.layers``).

``limits``     resource limits: address space, processor seconds, size of files, open files,
               no core dumps. Always there on POSIX.
``death``      the kernel kills the child when its parent dies (Linux).
``namespace``  a network namespace of its own, without even loopback: no packet leaves, whatever
               the code does. Needs user namespaces; containers often refuse them.
``seccomp``    a system call filter: no sockets but local pairs, no io_uring, no ptrace, no
               mounting, no keys, no BPF. Holds in containers too (x86-64 and ARM64).
``landlock``   the file system is read-only, and only the interpreter, the libraries, the document
               and the system's data are visible; writing goes to the child's folder alone. Newer
               kernels also keep its signals from reaching other processes.
``audit``      Python's own audit hook refuses connections, other programs and writing elsewhere.
               It gives clear messages, and stops Python code but not native code: it is the only
               layer left on systems other than Linux, and no wall.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SIGKILL = 9
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000


def confine(
    folder: Path,
    readable: Iterable[Path],
    *,
    address_space: int,
    cpu_time_s: int,
    file_bytes: int,
) -> tuple[str, ...]:
    """Take away what reading a document does not need; return the layers in force."""
    _limit(address_space, cpu_time_s, file_bytes)
    layers = ["limits"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        layers += [
            name
            for name, taken in (
                ("death", libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0),
                ("namespace", _leave_network(libc)),
                ("landlock", _seal_files(libc, folder, readable)),
                ("seccomp", _filter_calls(libc)),
            )
            if taken
        ]
    _audit(folder)
    return (*layers, "audit")


def _limit(address_space: int, cpu_time_s: int, file_bytes: int) -> None:
    wanted = {
        resource.RLIMIT_CPU: cpu_time_s,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: address_space,
    }
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS refuses to limit the address space; the parent watches memory there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (allowed, allowed))


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Move into an empty network; as the superuser no user namespace is needed for that."""
    if os.geteuid() == 0 and libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        return True
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0)


# ── landlock ────────────────────────────────────────────────────────────────────────────────────

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_TCP = 3
"""Binding and connecting, forbidden by giving no rule for them."""
_SCOPES = 3
"""Abstract Unix sockets and signals reach only processes confined alike."""
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14


def _seal_files(libc: ctypes.CDLL, folder: Path, readable: Iterable[Path]) -> bool:
    """Restrict the file system with Landlock; False where the kernel has none."""
    abi = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    rights = _RIGHTS_BY_ABI[min(abi, 3)]
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    packed = struct.pack("=QQQ", rights, _TCP, _SCOPES)[:size]
    rules = ctypes.create_string_buffer(packed, size)
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, _READ & rights)
        _allow(libc, ruleset, Path("/dev/null"), (_READ_FILE | _WRITE_FILE) & rights)
        _allow(libc, ruleset, folder, rights & ~_EXECUTE)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        if not path.is_dir():
            rights &= _FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, file), 12)
        libc.syscall(_LANDLOCK_ADD, ruleset, _LANDLOCK_PATH_BENEATH, rule, 0)
    finally:
        os.close(file)


def system_paths() -> list[Path]:
    """Return what an interpreter and its libraries read: code, shared objects, system data."""
    here = [sys.prefix, sys.base_prefix, sys.exec_prefix, *(each for each in sys.path if each)]
    here += ["/usr", "/lib", "/lib64", "/bin", "/opt", "/proc", "/sys/devices", "/sys/fs/cgroup"]
    here += ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime", "/etc/fonts", "/etc/ssl"]
    here += ["/dev/urandom", "/dev/random", "/dev/zero", "/etc/mime.types", "/etc/nsswitch.conf"]
    return [Path(each).resolve() for each in dict.fromkeys(here) if Path(each).exists()]


# ── seccomp ─────────────────────────────────────────────────────────────────────────────────────

_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000
_NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # socket, connect, bind, listen, accept, ptrace, mount, umount2, setns, bpf, keyctl, add_key,
    # request_key, kexec_load, init_module, process_vm_readv, process_vm_writev, userfaultfd,
    # perf_event_open, name_to_handle_at, open_by_handle_at, pivot_root, swapon, reboot, unshare,
    # finit_module, accept4, setsid, setpgid (no process may leave the group that is killed)
    "x86_64": (41, 42, 49, 50, 43, 101, 165, 166, 308, 321, 250, 248, 249, 246, 175, 310, 311,
               323, 298, 303, 304, 155, 167, 169, 272, 313, 288, 112, 109),
    "aarch64": (198, 203, 200, 201, 202, 117, 40, 39, 268, 280, 219, 217, 218, 104, 105, 270, 271,
                282, 241, 264, 265, 41, 224, 142, 97, 273, 242, 157, 154),
}  # fmt: skip
_IO_URING = (425, 426, 427)
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32_CALLS = 0x40000000


class _Program(ctypes.Structure):
    """struct sock_fprog: how many instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter_calls(libc: ctypes.CDLL) -> bool:
    """Refuse system calls that reading a document never needs; False where that is not known."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0) == 0)


def _filter(machine: str) -> bytes:
    """Return the filter as BPF: kill foreign architectures, refuse some calls, allow the rest."""
    steps = [
        (_LOAD_WORD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, 0),
    ]
    if machine == "x86_64":
        steps += [(_JUMP_AT_LEAST, 0, 1, _X32_CALLS), (_RETURN, 0, 0, _KILL)]
    for call in _REFUSED[machine]:
        steps += [(_JUMP_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    for call in _IO_URING:
        steps += [(_JUMP_EQUAL, 0, 1, call), (_RETURN, 0, 0, _NO_SUCH_CALL)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


# ── audit ───────────────────────────────────────────────────────────────────────────────────────

_CONNECTING = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"})
_RUNNING = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"})
_CHANGING = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink",
                       "os.chmod", "os.chown", "os.truncate", "shutil.rmtree"})  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _audit(folder: Path) -> None:
    inside = str(folder.resolve())

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in _CONNECTING or event in _RUNNING:
            raise PermissionError(f"a reader may not do this: {event}")
        if event == "subprocess.Popen" and arguments[0] not in {sys.executable, None}:
            raise PermissionError("a reader may not start other programs")
        if event in _CHANGING and not _within(arguments[0], inside):
            raise PermissionError(f"a reader may not change {arguments[0]!r}")
        if event == "open" and _writes(arguments) and not _within(arguments[0], inside):
            raise PermissionError(f"a reader may not write {arguments[0]!r}")

    sys.addaudithook(refuse)


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & _WRITING)


def _within(path: object, inside: str) -> bool:
    if isinstance(path, int) or path == "/dev/null":
        return True
    if not isinstance(path, (str, bytes)):
        return False
    full = os.path.realpath(os.fsdecode(path))
    return full == inside or full.startswith(inside + os.sep)
