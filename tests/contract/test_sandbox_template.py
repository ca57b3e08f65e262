"""Children forked from a template are as new as those started anew, whatever befalls it."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.possessed import Possessed

from yanku.adapters.sandbox import SandboxReader
from yanku.adapters.sandbox_nursery import Nursery
from yanku.errors import BrokenSource, ReaderDied
from yanku.testing.reader import TABLE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked on Linux")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def reader(nursery: Nursery) -> SandboxReader:
    return SandboxReader(wall_time_s=120, workers=4, nursery=nursery)


def _written(folder: Path, number: int) -> Path:
    path = folder / f"file{number}"
    path.write_text(f"# Title {number}\n\nText {number}.\n")
    return path


async def _told(reader: Possessed, good: Path) -> str:
    with pytest.raises(BrokenSource) as caught:
        await reader.read(good, "a.md")
    return str(caught.value)


async def _gone(pid: int) -> None:
    """Wait until a process is gone without a trace, zombies included."""
    for _ in range(500):
        if not psutil.pid_exists(pid):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{pid} is still there: {psutil.Process(pid).status()}")


async def test_files_are_read_by_children_of_one_template(good: Path) -> None:
    reader = Possessed("child._error(out, 'broken_source', f'{os.getppid()} {os.getpid()}')")
    first, second = (await _told(reader, good)).split(), (await _told(reader, good)).split()
    assert first[0] == second[0] == str(reader.nursery.pid)
    assert first[1] != second[1]
    reader.nursery.close()


async def test_nothing_that_one_child_does_is_seen_by_the_next(good: Path) -> None:
    """Globals, settings of libraries, the environment, the folder, limits and descriptors."""
    reader = Possessed("""
        import decimal, locale, random, resource, tempfile, threading, warnings
        seen = [
            getattr(child, "stain", None), os.environ.get("STAIN"), decimal.getcontext().prec,
            resource.getrlimit(resource.RLIMIT_NOFILE)[0], signal.getsignal(signal.SIGUSR1),
            sorted(os.listdir("/proc/self/fd")), os.listdir("."), len(sys.modules),
            threading.active_count(), os.umask(0o77), tempfile.gettempdir() == os.getcwd(),
        ]
        child.stain = request
        os.environ["STAIN"] = "1"
        decimal.getcontext().prec = 3
        resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        open("stain", "w").write("x")
        os.open("stain", os.O_RDONLY)
        import xml.dom.minidom
        threading.Thread(target=lambda: __import__("time").sleep(100), daemon=True).start()
        child._error(out, 'broken_source', json.dumps(seen, default=str))
    """)
    first = await _told(reader, good)
    assert [await _told(reader, good) for _ in range(3)] == [first] * 3
    said = json.loads(first)
    assert said[:2] == [None, None]
    assert said[-1] is True
    reader.nursery.close()


async def test_a_forked_child_has_the_limits_of_one_started_anew(good: Path) -> None:
    code = """
        import resource
        kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE,
                 resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)
        status = dict(line.split(":\\t") for line in open("/proc/self/status") if ":\\t" in line)
        walls = [status[key].strip() for key in ("NoNewPrivs", "Seccomp", "Threads")]
        said = [[resource.getrlimit(kind) for kind in kinds], walls, sorted(os.environ),
                sorted(int(fd) for fd in os.listdir("/proc/self/fd")), os.getpgid(0) == os.getpid()]
        child._error(out, 'broken_source', json.dumps(said))
    """
    forked, anew = Possessed(code, "forked"), Possessed(code, "anew")
    said, other = await _told(forked, good), await _told(anew, good)
    assert json.loads(said) == json.loads(other)
    assert forked.layers == anew.layers != ()
    forked.nursery.close()


async def test_a_child_holds_no_descriptor_of_the_template(good: Path) -> None:
    reader = Possessed("""
        links = {os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")[:-1]}
        child._error(out, 'broken_source', str([each for each in links if "pipe" not in each]))
    """)
    assert await _told(reader, good) == "[]"
    reader.nursery.close()


async def test_a_template_killed_while_a_file_is_read_costs_no_document(
    good: Path, nursery: Nursery, reader: SandboxReader, tmp_path: Path
) -> None:
    expected = await reader.read(good, "a.md")
    killed: list[int] = []

    async def kill(_done: int, _total: int) -> None:
        if not killed and nursery.pid:
            killed.append(nursery.pid)
            os.kill(nursery.pid, signal.SIGKILL)

    assert await reader.read(good, "a.md", kill) == expected
    assert killed
    await _gone(killed[0])
    assert await reader.read(good, "a.md") == expected
    assert nursery.pid not in {None, *killed}
    assert not list(tmp_path.glob("yanku-read-*"))


async def test_a_child_dies_with_its_template(good: Path) -> None:
    reader = Possessed("out.write(b'P %d 1\\n' % os.getpid()); out.flush(); signal.pause()")
    told: list[int] = []

    async def kill(pid: int, _total: int) -> None:
        told.append(pid)
        victim = reader.nursery.pid if len(told) == 1 else pid
        assert victim is not None
        os.kill(victim, signal.SIGKILL if len(told) == 1 else signal.SIGTERM)

    with pytest.raises(ReaderDied, match="SIGTERM"):
        await reader.read(good, "a.md", kill)
    assert len(told) == 2  # the first died with its template, the second was started anew
    assert told[0] != told[1]
    for pid in told:
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


async def test_templates_killed_at_random_mix_nothing_up(
    nursery: Nursery, reader: SandboxReader, tmp_path: Path
) -> None:
    files = [_written(tmp_path, number) for number in range(30)]
    done = asyncio.Event()

    async def haunt() -> int:
        chance, killed = random.Random(5), 0
        while not done.is_set():
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            if nursery.pid is not None and psutil.pid_exists(nursery.pid):
                os.kill(nursery.pid, signal.SIGKILL)
                killed += 1
        return killed

    ghost = asyncio.create_task(haunt())
    read = await asyncio.gather(*(reader.read(path, f"{path.name}.md") for path in files))
    done.set()
    assert await ghost > 2
    for number, document in enumerate(read):
        assert document.name == f"file{number}.md"
        assert [getattr(block, "text", "") for block in document.blocks] == [
            f"Title {number}",
            f"Text {number}.",
        ]


THREADED = """
import sys, threading, time
from yanku.adapters import sandbox_child, sandbox_template
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
sys.exit(sandbox_template.run(int(sys.argv[1]), int(sys.argv[2]), sandbox_child.main, sees=False))
"""


@pytest.mark.parametrize(
    "command",
    [["/bin/false"], [sys.executable, "-I", "-c", THREADED], [sys.executable, "-c", "1/0"]],
    ids=["ends at once", "has a thread", "fails"],
)
async def test_files_are_read_where_no_template_can_be(good: Path, command: list[str]) -> None:
    nursery = Nursery(command)
    reader = SandboxReader(wall_time_s=120, nursery=nursery)
    first = await reader.read(good, "a.md")
    assert "limits" in reader.layers
    assert await reader.read(good, "a.md") == first
    assert nursery.pid is None


async def test_a_read_that_is_cancelled_while_a_child_is_born_leaves_nothing(good: Path) -> None:
    before = set(psutil.pids())
    reader = SandboxReader(wall_time_s=120, nursery=(nursery := Nursery()))
    for wait_s in (0.0, 0.001, 0.05, 0.2, 0.4):
        task = asyncio.create_task(reader.read(good, "a.md"))
        await asyncio.sleep(wait_s)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.to_thread(nursery.close)
    for each in psutil.Process().children(recursive=True):
        assert each.pid in before


async def test_a_template_dies_with_its_server_and_when_it_is_let_go(
    good: Path, nursery: Nursery, reader: SandboxReader
) -> None:
    await reader.read(good, "a.md")
    pid = nursery.pid
    assert pid is not None
    await asyncio.to_thread(nursery.close)
    assert not psutil.pid_exists(pid)
    code = f"""
        import asyncio, os
        from pathlib import Path
        from yanku.adapters.sandbox import SandboxReader
        from yanku.adapters.sandbox_nursery import Nursery
        nursery = Nursery()
        asyncio.run(SandboxReader(nursery=nursery).read(Path({str(good)!r}), "a.md"))
        print(nursery.pid, flush=True)
        os.kill(os.getpid(), 9)
    """
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(code), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await server.communicate()
    for _ in range(500):
        if not psutil.pid_exists(int(said)) or psutil.Process(int(said)).status() == "zombie":
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the template outlived its server")


async def test_nobody_looks_into_a_template_nor_changes_it(
    good: Path, nursery: Nursery, reader: SandboxReader
) -> None:
    await reader.read(good, "a.md")
    assert nursery.pid is not None
    assert Path(f"/proc/{nursery.pid}/mem").stat().st_uid == 0
    probe = Possessed(f"""
        try:
            os.open("/proc/{nursery.pid}/mem", os.O_RDWR)
            said = "open"
        except OSError as error:
            said = type(error).__name__
        child._error(out, 'broken_source', said)
    """)
    assert await _told(probe, good) == "PermissionError"
    probe.nursery.close()


def _picture(folder: Path) -> Path:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(picture).text((40, 100), "Revenue 1,234.56", fill="black", font_size=48)
    picture.save(folder / "p.png")
    return folder / "p.png"


async def test_a_reader_of_one_file_loads_what_reads_pictures_itself(tmp_path: Path) -> None:
    document = await SandboxReader(wall_time_s=120).read(_picture(tmp_path), "p.png")
    assert "1,234.56" in repr(document.blocks)


@pytest.mark.parametrize("code", ["import yanku.parse.engine\n1/0", "time.sleep(1000)"])
async def test_pictures_are_read_where_no_template_can_load_the_networks(
    tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanku.adapters.sandbox_nursery._SEES_WITHIN_S", 1.0)
    blind = f"""
import sys, time
from yanku.adapters import sandbox_child, sandbox_template
if "sees" in sys.argv:
    {code.replace(chr(10), chr(10) + "    ")}
ends = sandbox_template.run(int(sys.argv[1]), int(sys.argv[2]), sandbox_child.main, sees=False)
sys.exit(ends)
"""
    nursery = Nursery([sys.executable, "-I", "-c", blind])
    document = await SandboxReader(wall_time_s=120, nursery=nursery).read(_picture(tmp_path), "p")
    assert "1,234.56" in repr(document.blocks)
    nursery.close()


def _sees(nursery: Nursery) -> bool:
    return nursery.pid is not None and "sees" in psutil.Process(nursery.pid).cmdline()


async def test_pictures_wait_for_a_template_that_sees_and_it_takes_over(
    nursery: Nursery, reader: SandboxReader, good: Path, tmp_path: Path
) -> None:
    _picture(tmp_path)
    await reader.read(good, "a.md")
    blind = nursery.pid
    first, again, _ = await asyncio.gather(
        *(reader.read(tmp_path / "p.png", "p.png") for _ in range(2)), reader.read(good, "a.md")
    )
    assert _sees(nursery)
    assert nursery.pid != blind
    assert "1,234.56" in repr(first.blocks)
    assert again == first
    os.kill(nursery.pid or 0, signal.SIGKILL)
    assert await reader.read(good, "a.md")
    assert not _sees(nursery)
    assert await reader.read(tmp_path / "p.png", "p.png") == first
    assert _sees(nursery)
    # What the template has loaded takes nothing from what a reader without networks may use.
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 50_000)
    small = SandboxReader(memory_bytes=1024**3, wall_time_s=120, nursery=nursery)
    table = (await small.read(tmp_path / "t.csv", "t.csv")).blocks[-1]
    assert len(getattr(table, "cells", ())) == 100_002
