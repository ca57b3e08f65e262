"""SandboxReader keeps the promises of a Reader, and every way its child can end has a name."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.possessed import MIB, Possessed

from yanku.adapters.sandbox import SandboxReader
from yanku.errors import BrokenSource, ReaderDied, SourceTooLarge
from yanku.parse.source import Limits
from yanku.ports import Reader
from yanku.testing.reader import TABLE, OpenReader, ReaderContract


class TestSandbox(ReaderContract):
    @pytest.fixture
    def reader(self) -> Reader:
        return SandboxReader(wall_time_s=120)

    @pytest.fixture
    def small_reader(self) -> Reader:
        return SandboxReader(Limits(max_bytes=1000), wall_time_s=120)


class TestOpen(ReaderContract):
    @pytest.fixture
    def reader(self) -> Reader:
        return OpenReader()

    @pytest.fixture
    def small_reader(self) -> Reader:
        return OpenReader(Limits(max_bytes=1000))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good"
    path.write_text(TABLE, encoding="utf-8")
    return path


Possess = Callable[..., Possessed]


@pytest.fixture(params=["forked", "anew"])
def possessed(request: pytest.FixtureRequest) -> Iterator[Possess]:
    """Make sandboxes whose children are forked, or each started anew."""
    made: list[Possessed] = []

    def make(code: str, **settings: float) -> Possessed:
        made.append(Possessed(code, request.param, **settings))
        return made[-1]

    yield make
    for each in made:
        each.nursery.close()


ENDS = {
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "memory"),
    "crash": ("ctypes.string_at(0)", "SIGSEGV"),
    "abort": ("os.abort()", "SIGABRT"),
    "exit": ("os._exit(3)", "status 3"),
    "silence": ("return", "status 0"),
    "garbage": ("out.write(b'\\xff\\x00 nonsense\\n'); out.flush()", "no sense"),
    "endless line": ("out.write(b'P' * 10_000_000); out.flush()", "no sense"),
    "lying length": ("out.write(b'R 99\\nshort'); out.flush()", "status 0"),
    "negative length": ("out.write(b'R -1\\n'); out.flush()", "no sense"),
    "not a document": ("out.write(b'R 2\\n{}'); out.flush()", "no document"),
    "strange error": ("child._error(out, 'conflict', 'x')", "no sense"),
    "python error": ("raise SystemError('x')", "status 1"),
}


@pytest.mark.parametrize("end", ENDS)
async def test_every_end_of_the_child_is_a_named_error(
    possessed: Possess, good: Path, end: str
) -> None:
    code, reason = ENDS[end]
    with pytest.raises(ReaderDied, match=f"a.md .*{reason}"):
        await possessed(code).read(good, "a.md")


async def test_a_child_that_takes_too_long_is_killed_with_all_its_processes(
    possessed: Possess, good: Path
) -> None:
    code = """
        import time
        if os.fork() == 0: os.fork()
        time.sleep(1000)
    """
    reader = possessed(code, wall_time_s=2)
    before = _children(reader)
    with pytest.raises(ReaderDied, match="took more than 2 seconds"):
        await reader.read(good, "a.md")
    assert _children(reader) <= before


async def test_a_child_that_grows_is_killed(possessed: Possess, good: Path) -> None:
    code = """
        import time
        hoard = []
        while True:
            hoard.append(bytearray(os.urandom(1) * (8 * 1024**2)))
            time.sleep(0.01)
    """
    with pytest.raises(ReaderDied, match="memory"):
        await possessed(code, memory_bytes=200 * MIB).read(good, "a.md")


async def test_a_result_that_is_too_large_is_not_taken(possessed: Possess, good: Path) -> None:
    with pytest.raises(SourceTooLarge):
        await possessed("out.write(b'R 2000000\\n'); out.flush()").read(good, "a.md")


async def test_running_out_of_memory_or_stack_is_told_apart(possessed: Possess, good: Path) -> None:
    with pytest.raises(ReaderDied, match="memory"):
        await possessed("child._error(out, 'memory', '')").read(good, "a.md")
    with pytest.raises(BrokenSource, match="nested"):
        await possessed("child._error(out, 'nesting', '')").read(good, "a.md")


async def _told(code: str, possessed: Possess, good: Path) -> str:
    """Return what code in the child says, by way of an error's message."""
    tell = f"""
        try:
            said = str({code})
        except Exception as error:
            said = 'refused: ' + type(error).__name__
        child._error(out, 'broken_source', said)
    """
    with pytest.raises(BrokenSource) as caught:
        await possessed(tell).read(good, "a.md")
    return str(caught.value)


async def test_a_child_sees_no_environment_and_no_other_home(
    possessed: Possess, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANKU_SECRET", "hush")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    said = await _told("dict(os.environ)", possessed, good)
    assert "hush" not in said
    assert "proxy" not in said
    assert "yanku-read-" in said


async def test_a_child_reaches_no_network(possessed: Possess, good: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        said = await _told(f"socket.create_connection(('127.0.0.1', {port}), 2)", possessed, good)
    assert said.startswith("refused")


async def test_native_code_in_a_child_opens_no_socket(possessed: Possess, good: Path) -> None:
    reader = SandboxReader()
    await reader.read(good, "a.md")
    if not {"seccomp", "namespace"} & set(reader.layers):
        pytest.skip("this system grants neither layer")
    said = await _told("ctypes.CDLL(None).socket(2, 1, 0)", possessed, good)
    assert "seccomp" not in reader.layers or said == "-1"


async def test_a_child_writes_nowhere_but_in_its_folder(
    possessed: Possess, good: Path, tmp_path: Path
) -> None:
    target = tmp_path / "outside"
    assert (await _told(f"open({str(target)!r}, 'w')", possessed, good)).startswith("refused")
    assert (await _told(f"os.remove({str(good)!r})", possessed, good)).startswith("refused")
    assert await _told("(home / 'inside').write_text('x')", possessed, good) == "1"
    assert not target.exists()
    assert good.exists()


async def test_a_child_does_not_see_other_files(
    possessed: Possess, good: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    reader = SandboxReader()
    await reader.read(good, "a.md")
    if "landlock" not in reader.layers:
        pytest.skip("this system has no Landlock")
    assert (await _told(f"open({str(secret)!r}).read()", possessed, good)).startswith("refused")
    assert "PermissionError" in await _told("open('/etc/passwd').read()", possessed, good)


async def test_a_child_starts_no_other_program(possessed: Possess, good: Path) -> None:
    assert (await _told("subprocess.run(['/bin/true'])", possessed, good)).startswith("refused")
    assert (await _told("os.system('true')", possessed, good)).startswith("refused")


async def test_a_cancelled_read_leaves_no_process_and_no_folder(
    possessed: Possess, good: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folders"
    folder.mkdir()
    reader = possessed("out.write(b'P 1 1\\n'); out.flush(); signal.pause()")
    before = _children(reader)
    reader._folder = folder
    reading = asyncio.Event()

    async def on_pages(_done: int, _total: int) -> None:
        reading.set()

    task = asyncio.create_task(reader.read(good, "a.md", on_pages))
    await asyncio.wait_for(reading.wait(), 60)
    assert not _children(reader) <= before
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _children(reader) <= before
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("way", ["forked", "anew"])
async def test_a_child_dies_with_its_parent(good: Path, tmp_path: Path, way: str) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent died")
    mark = tmp_path / "child"
    code = f"""
        import asyncio, os, sys
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        from pathlib import Path
        from tests.possessed import Possessed
        async def main():
            tell = "out.write(b'P %d 1\\\\n' % os.getpid()); out.flush(); signal.pause()"
            reader = Possessed(tell, {way!r})
            async def on_pages(done, total):
                Path({str(mark)!r}).write_text(str(done))
                os.kill(os.getpid(), 9)
            await reader.read(Path({str(good)!r}), "a.md", on_pages)
        asyncio.run(main())
    """
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", textwrap.dedent(code))
    assert await parent.wait() == -9
    child = int(mark.read_text())
    for _ in range(500):
        if not psutil.pid_exists(child):
            break
        await asyncio.sleep(0.01)
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


async def test_what_a_killed_process_left_behind_is_swept_away(good: Path, tmp_path: Path) -> None:
    left = tmp_path / "yanku-read-999999999-abc"
    left.mkdir()
    (left / "source").write_text("old")
    await SandboxReader(folder=tmp_path).read(good, "a.md")
    assert not left.exists()


async def test_no_more_children_run_at_once_than_workers(possessed: Possess, good: Path) -> None:
    code = "out.write(b'P 1 2\\n'); out.flush(); import time; time.sleep(0.3); os._exit(3)"
    reader = possessed(code)
    running = most = 0

    async def on_pages(_done: int, _total: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1

    jobs = [reader.read(good, "a.md", on_pages) for _ in range(3)]
    ends = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(each) for each in ends] == [ReaderDied] * 3
    assert most == 1


async def test_an_error_of_the_caller_is_not_taken_for_the_childs(good: Path) -> None:
    async def on_pages(_done: int, _total: int) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await SandboxReader().read(good, "a.md", on_pages)


LIES = {
    "a link": "ctypes.CDLL(None).symlink(b'/etc/passwd', bytes(home / 'members/0'))",
    "a folder": "(home / 'members' / '0').mkdir()",
    "a pipe": "os.mkfifo(home / 'members' / '0')",
    "a second name": "(home / 'x').write_text('12345'); os.link(home / 'x', home / 'members/0')",
    "nothing": "pass",
    "another size": "(home / 'members' / '0').write_text('123')",
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_child_cannot_pass_off_another_file_as_a_member(
    possessed: Possess, good: Path, tmp_path: Path, lie: str
) -> None:
    code = f"""
        (home / 'members').mkdir()
        {LIES[lie]}
        told = json.dumps({{"members": [["a.txt", 5, "0"]], "flaws": []}}).encode()
        out.write(b"R %d\\n" % len(told) + told); out.flush()
    """
    (tmp_path / "out").mkdir()
    with pytest.raises(ReaderDied, match="not there"):
        await possessed(code).unpack(good, "a.zip", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "told",
    [
        '{"members": [["a", 5, "../source"]], "flaws": []}',
        '{"members": [["a", 5, "/etc/passwd"]], "flaws": []}',
        '{"members": [["a", 5]], "flaws": []}',
        '{"members": [[1, 5, "0"]], "flaws": []}',
        '{"members": [["a", 5, "0"], ["b", 5, "0"]], "flaws": []}',
        '{"members": [], "flaws": [[1, 2]]}',
        "[]",
        "nonsense",
        "[" * 100_000,
    ],
)
async def test_a_child_that_talks_nonsense_of_members_has_died(
    possessed: Possess, good: Path, tmp_path: Path, told: str
) -> None:
    code = f"""
        (home / 'members').mkdir()
        (home / 'members' / '0').write_text('12345')
        told = {told!r}.encode()
        out.write(b"R %d\\n" % len(told) + told); out.flush()
    """
    (tmp_path / "out").mkdir()
    with pytest.raises(ReaderDied):
        await possessed(code).unpack(good, "a.zip", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


async def test_an_unlocked_copy_that_is_a_link_is_not_taken(
    possessed: Possess, good: Path, tmp_path: Path
) -> None:
    code = """
        ctypes.CDLL(None).symlink(b'/etc/passwd', bytes(home / 'unlocked'))
        out.write(b'R 2\\n{}'); out.flush()
    """
    with pytest.raises(ReaderDied, match="no copy"):
        await possessed(code).unlock(good, "a.pdf", "x", tmp_path / "plain")
    assert not (tmp_path / "plain").exists()


async def test_a_password_is_in_no_argument_and_no_environment_of_a_child(
    possessed: Possess, good: Path, tmp_path: Path
) -> None:
    tell = """
        said = Path('/proc/self/cmdline').read_text() + str(dict(os.environ))
        child._error(out, 'broken_source', said)
    """
    with pytest.raises(BrokenSource) as caught:
        await possessed(tell).unlock(good, "a.pdf", "sesame-7", tmp_path / "plain")
    assert "yanku-read-" in str(caught.value)
    assert "sesame-7" not in str(caught.value)


def _children(reader: Possessed) -> set[int]:
    """Return the living processes below this one, but not the template."""
    found = set()
    for each in psutil.Process(os.getpid()).children(recursive=True):
        if each.status() != psutil.STATUS_ZOMBIE and each.pid != reader.nursery.pid:
            found.add(each.pid)
    return found
