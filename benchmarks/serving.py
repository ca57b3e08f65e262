"""Measures serving, row by row; each row is a command.

    .venv/bin/python benchmarks/serving.py gateway         requests a second, and what is added
    .venv/bin/python benchmarks/serving.py isolation       the same in namespaces of its own
    .venv/bin/python benchmarks/serving.py start           from the command to the first answer
    .venv/bin/python benchmarks/serving.py verify          1 GB against reading it
    .venv/bin/python benchmarks/serving.py ready           the model, from the store to its answer
    .venv/bin/python benchmarks/serving.py whole           the product against its bare engine
    .venv/bin/python benchmarks/serving.py waits           seconds to first words and whole answers
    .venv/bin/python benchmarks/serving.py engines [--llama-server FILE --gguf FILE]
                                           [--vllm FOLDER --checkpoint FOLDER]

Elsewhere: the answer cache (``benchmarks/cache.py``) and precisions (``yanku models bench``).
Each prints the machine's load before and after; what it says holds for that load.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import models  # noqa: E402
import serving_engines  # noqa: E402
import serving_whole  # noqa: E402
from serving_load import load, request  # noqa: E402

QUESTION = "东海水务2024年营业收入是多少？"
GATEWAY = [sys.executable, str(HERE / "serving_gateway.py")]
_SIOCSIFFLAGS, _UP = 0x8914, 0x41


@contextmanager
def gateway(home: Path) -> Iterator[tuple[dict[str, Any], psutil.Process]]:
    """Run the gateway and its database on the first core allowed, and leave it to them."""
    cores = sorted(os.sched_getaffinity(0))
    command = [*GATEWAY, str(home), str(cores[0])]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own
    if server.stdin is None or server.stdout is None:
        raise AssertionError("both are pipes")
    try:
        said = json.loads(server.stdout.readline())
        if len(cores) > 1:
            os.sched_setaffinity(0, set(cores[1:]))
        yield said, psutil.Process(server.pid)
    finally:
        os.sched_setaffinity(0, set(cores))
        server.stdin.close()
        server.wait(30)


def processor_s(process: psutil.Process) -> float:
    """Return the seconds of a processor that a process and its children have used."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


async def gateway_row(home: Path, seconds: float) -> dict[str, float]:
    found: dict[str, float] = {}
    with gateway(home) as (said, process):
        for name, path, body in (
            (
                "openai",
                "/v1/chat/completions",
                {"messages": [{"role": "user", "content": QUESTION}]},
            ),
            ("ask", "/api/v1/ask", {"question": QUESTION}),
        ):
            asked = [request(path, json.dumps(body).encode(), said["token"])]
            await load(said["port"], asked, connections=8, seconds=1)
            before = processor_s(process)
            full = await load(said["port"], asked, connections=8, seconds=seconds)
            used = processor_s(process) - before
            quiet = await load(said["port"], asked, connections=1, seconds=seconds, pause_s=0.02)
            if full.failed + quiet.failed:
                raise SystemExit(f"{full.failed + quiet.failed} requests failed")
            found |= {
                f"{name}_per_s": full.rate,
                f"{name}_per_processor_s": full.answers / used,
                f"{name}_added_p50_ms": quiet.p50 * 1000,
                f"{name}_added_p99_ms": quiet.p99 * 1000,
            }
    return found


def gateway_command(options: argparse.Namespace) -> dict[str, float]:
    if options.loopback:
        raise_loopback()
    with tempfile.TemporaryDirectory(prefix="yanku-serving-") as home:
        return asyncio.run(gateway_row(Path(home), options.seconds))


def raise_loopback() -> None:
    """Bring up the only interface of a new network namespace."""
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", _UP, b""))


def isolation(options: argparse.Namespace) -> dict[str, float]:
    """Alternate, so that what else runs on the machine falls on both."""
    plain, apart = [], []
    command = [sys.executable, __file__, "gateway", "--json", "--seconds", str(options.seconds)]
    for number in range(options.rounds):
        runs = [(plain, command, False), (apart, [*command, "--loopback"], True)]
        for rates, run, isolated in runs if number % 2 else reversed(runs):
            said = output_of(run, isolated=isolated)
            rates.append(json.loads(said.splitlines()[-1])["openai_per_processor_s"])
    ratios = [one / other for one, other in zip(apart, plain, strict=True)]
    return {
        "plain_per_processor_s": median(plain),
        "isolated_per_processor_s": median(apart),
        "cost_percent": (1 - median(apart) / median(plain)) * 100,
        "cost_percent_least": (1 - max(ratios)) * 100,
        "cost_percent_most": (1 - min(ratios)) * 100,
    }


def output_of(command: Sequence[str], *, isolated: bool) -> str:
    """Run a program, in a user and a network namespace of its own if so wanted."""
    if not isolated:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own
    root = os.geteuid() == 0
    apart = ["unshare", "--user", "--net", *(() if root else ("--map-current-user",))]
    waiting = ["sh", "-c", 'read _ && exec "$@" < /dev/null', "sh"]
    child = subprocess.Popen(  # noqa: S603 - as above
        [*apart, *waiting, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if root:  # The database runs as a user of its own, who has to be there.
        time.sleep(0.5)
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{child.pid}/{kind}").write_text("0 0 65536\n", "ascii")
    said, _ = child.communicate("go\n")
    if child.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {child.returncode} in its namespaces")
    return said


def start(options: argparse.Namespace) -> dict[str, float]:
    """Start the server on a home that was used before, and wait for its first answers."""
    up, answered = [], []
    with tempfile.TemporaryDirectory(prefix="yanku-serving-") as home:
        for number in range(options.rounds + 1):
            seconds = asyncio.run(_start(Path(home)))
            if number:  # The first makes the database.
                up.append(seconds[0])
                answered.append(seconds[1])
    return {
        "listening_s": median(up),
        "first_answer_s": median(answered),
        "slowest_s": max(answered),
    }


async def _start(home: Path) -> tuple[float, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [str(Path(sys.executable).with_name("yanku")), "serve", "--port", port]
    quiet = asyncio.subprocess.DEVNULL
    began = time.perf_counter()
    server = await asyncio.create_subprocess_exec(
        *command, "--home", str(home), stdout=quiet, stderr=quiet
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            await _until(lambda: client.get("/healthz"))
            up = time.perf_counter() - began
            # Looked up in the database, and refused.
            nobody = await client.get("/v1/models", headers={"Authorization": "Bearer yk_none"})
            if nobody.status_code != 401:
                raise SystemExit(f"a stranger got {nobody.status_code}")
            return up, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        await server.wait()


async def _until(get: Callable[[], Awaitable[httpx.Response]]) -> None:
    while True:
        try:
            if (await get()).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.005)


def verify(options: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="yanku-serving-", dir=options.folder) as folder:
        return models.measure(Path(folder), int(options.gigabytes * 1e9), options.rounds)


def ready(options: argparse.Namespace) -> dict[str, float]:
    seconds = [asyncio.run(models.load()) for _ in range(options.rounds)]
    return {"ready_s": median(seconds), "slowest_s": max(seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    rows = {
        "gateway": gateway_command,
        "isolation": isolation,
        "start": start,
        "verify": verify,
        "ready": ready,
        "whole": serving_whole.run,
        "waits": serving_whole.run_waits,
        "engines": serving_engines.run,
    }
    parser.add_argument("row", choices=rows)
    parser.add_argument("--seconds", type=float, default=5, help="of load for each figure")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="where the gigabyte is written")
    parser.add_argument("--in-flight", type=int, default=16)
    parser.add_argument("--questions", type=int, default=48)
    parser.add_argument("--prompt-tokens", type=int, default=600)
    parser.add_argument("--answer-tokens", type=int, default=48)
    parser.add_argument("--llama-server", type=Path, help="the program")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 4, 16], help="of llama.cpp")
    parser.add_argument("--gguf", type=Path, help="the model it serves")
    parser.add_argument("--vllm", type=Path, help="an environment with vLLM")
    parser.add_argument("--checkpoint", type=Path, help="the model it serves")
    parser.add_argument("--loopback", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    found = rows[options.row](options)
    if options.json:
        print(json.dumps(found))
        return
    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, load {before:.1f} "
          f"before and {os.getloadavg()[0]:.1f} after")  # fmt: skip
    for name, value in found.items():
        print(f"{name:32} {value:10.2f}")


if __name__ == "__main__":
    main()
