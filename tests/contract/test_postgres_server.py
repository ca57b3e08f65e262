"""The embedded server starts whatever happened before, and is shared by all who use its folder."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from yanku.adapters.postgres.pool import open_pool
from yanku.adapters.postgres.server import EmbeddedPostgres
from yanku.errors import DatabaseUnavailable

USER = """
import sys, time
from pathlib import Path
from yanku.adapters.postgres.server import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print(server.start(), flush=True)
if sys.argv[2] == "stay":
    time.sleep(600)
server.close()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yanku-pg-"))
    yield folder
    if (pid := postmaster(folder)) is not None:
        os.kill(pid, signal.SIGKILL)
        until_gone(pid)
    shutil.rmtree(folder, ignore_errors=True)


def start_user(folder: Path, how: str) -> subprocess.Popen[str]:
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder), how], stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline().startswith("postgresql://")
    return user


def end(user: subprocess.Popen[str], how: signal.Signals) -> None:
    user.send_signal(how)
    user.wait()
    assert user.stdout is not None
    user.stdout.close()


def postmaster(folder: Path) -> int | None:
    try:
        return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    except FileNotFoundError:
        return None


def until_gone(pid: int) -> None:
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS seen (n int)")
        connection.execute("INSERT INTO seen VALUES (1)")
        row = connection.execute("SELECT count(*) FROM seen").fetchone()
        assert row is not None
        return int(row[0])


def test_a_server_starts_keeps_its_data_and_stops_with_its_last_user(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder, durable=False), EmbeddedPostgres(folder, durable=False)
    url = first.start()
    pid = postmaster(folder)
    assert pid is not None
    assert second.start() == url
    assert postmaster(folder) == pid
    first.close()
    first.close()
    assert answers(second.url()) == 1
    second.close()
    until_gone(pid)
    assert postmaster(folder) is None
    with EmbeddedPostgres(folder, durable=False) as again:
        assert answers(again.url()) == 2


def test_a_killed_user_leaves_a_server_that_the_next_joins_and_stops(folder: Path) -> None:
    user = start_user(folder, "stay")
    pid = postmaster(folder)
    assert pid is not None
    end(user, signal.SIGKILL)
    with EmbeddedPostgres(folder, durable=False) as server:
        assert postmaster(folder) == pid
        assert answers(server.url()) == 1
    until_gone(pid)


def test_the_server_outlives_its_starter_while_another_uses_it(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    starter = start_user(folder, "stay")
    server.start()
    end(starter, signal.SIGTERM)
    assert answers(server.url()) == 1
    end(start_user(folder, "leave"), signal.SIGCONT)
    assert answers(server.url()) == 2
    server.close()
    assert postmaster(folder) is None


def test_ctrl_c_at_the_console_does_not_reach_the_server(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        pid = postmaster(folder)
        assert pid is not None
        assert os.getpgid(pid) != os.getpgid(0)
        assert os.getsid(pid) != os.getsid(0)
        assert psutil.Process(pid).terminal() is None
        assert answers(server.url()) == 1


def test_after_everything_was_killed_the_next_start_recovers(folder: Path) -> None:
    user = start_user(folder, "stay")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answers(server.url()) == 1
        pid = postmaster(folder)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        end(user, signal.SIGKILL)
        until_gone(pid)
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answers(server.url()) == 2


def test_a_dead_servers_pid_that_a_stranger_has_now_does_not_prevent_the_start(
    folder: Path,
) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answers(server.url()) == 1
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    for pid in (str(os.getpid()), "1", "not a number"):
        (folder / "data" / "postmaster.pid").write_text("\n".join([pid, *lines[1:], ""]))
        with EmbeddedPostgres(folder, durable=False) as server:
            assert answers(server.url()) >= 2


def test_a_cluster_whose_making_was_interrupted_is_made_anew(folder: Path) -> None:
    half = folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answers(server.url()) == 1
    assert not half.exists()


def test_a_folder_with_a_long_or_odd_path_works(folder: Path) -> None:
    for name in ("x" * 120, "年 报, 'a' $HOME?&%41"):
        with EmbeddedPostgres(folder / name, durable=False) as server:
            assert answers(server.url()) == 1


def test_a_start_that_fails_says_what_the_server_said(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert answers(server.url()) == 1
    (folder / "data" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(DatabaseUnavailable, match="incompatible with server"):
        EmbeddedPostgres(folder, durable=False).start()


def test_nobody_else_on_the_machine_can_reach_the_data_or_the_socket(folder: Path) -> None:
    long = folder / ("x" * 120)
    for where in (folder, long):
        with EmbeddedPostgres(where, durable=False) as server:
            socket = Path(str(conninfo_to_dict(server.url())["host"]))
            for path in (where / "data", socket):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lets an account pass")
def test_a_folder_above_gets_no_more_than_passage(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "pg", durable=False):
        assert stat.S_IMODE(closed.stat().st_mode) == 0o701


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_person_without_root_can_start_it_and_root_can_then_use_it(folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    nobody = 65534
    os.chown(home, nobody, nobody)
    folder.chmod(0o755)
    child = os.fork()  # not a new interpreter: nobody may not be able to reach ours
    if child == 0:
        os.setgid(nobody)
        os.setuid(nobody)
        with EmbeddedPostgres(home / "pg", durable=False) as server:
            os._exit(answers(server.url()) + 41)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
    assert (home / "pg" / "data").stat().st_uid == nobody
    with EmbeddedPostgres(home / "pg", durable=False) as server:
        assert answers(server.url()) == 2
        pid = postmaster(home / "pg")
        assert pid is not None
        assert psutil.Process(pid).uids().real == nobody


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    for url in (f"postgresql://ann:geheim@/x?host={tmp_path}", "nonsense"):
        with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL at") as refused:
            await open_pool(url, timeout_s=2)
        assert "geheim" not in str(refused.value)
