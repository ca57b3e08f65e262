"""Measures the store: verifying against reading, mending, and a model ready to answer.

    .venv/bin/python benchmarks/models.py [--gigabytes 1] [--rounds 5] [--load] [--json]

Each round reads the file and verifies it, both from the disk (the page cache is dropped for it
before each) and from memory. The ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import platformdirs

from yanku.adapters.store import File, Folder, Manifest, ModelStore
from yanku.adapters.store.digests import BLOCK, blocks_of, digest_of, survey
from yanku.adapters.store.record import read_record

MODEL = "qwen2.5-coder-1.5b-instruct-q4"


def forget(path: Path) -> None:
    """Let the system forget what it has in memory of a file."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)


def read(path: Path) -> None:
    buffer = memoryview(bytearray(1 << 20))
    with path.open("rb", buffering=0) as stream:
        while stream.readinto(buffer):
            pass


def clocked(work: Callable[[], object], path: Path, *, cold: bool) -> float:
    if cold:
        forget(path)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def make(folder: Path, size: int) -> Manifest:
    path = folder / "weights.bin"
    with path.open("wb") as stream:
        for _ in range(0, size, BLOCK):
            stream.write(os.urandom(BLOCK))
    file = File(path.name, path.stat().st_size, digest_of(path), blocks=blocks_of(path))
    return Manifest("weights", "CC0", "made here", (file,))


def measure(root: Path, size: int, rounds: int) -> dict[str, float]:
    source = root / "source"
    source.mkdir()
    manifest = make(source, size)
    store = ModelStore(root / "models", {"weights": manifest}, Folder(source))
    path = store.pull("weights") / "weights.bin"
    files = read_record(path.parent)
    found: dict[str, float] = {}
    for kind, cold in (("cold", True), ("warm", False)):
        reading, verifying = [], []
        for _ in range(rounds):
            reading.append(clocked(lambda: read(path), path, cold=cold))
            verifying.append(clocked(lambda: survey(path.parent, files), path, cold=cold))
        found[f"{kind}_read_s"] = median(reading)
        found[f"{kind}_verify_s"] = median(verifying)
        found[f"{kind}_ratio"] = median(verifying) / median(reading)
    with path.open("r+b") as stream:
        stream.seek(size // 2)
        stream.write(b"damage")
    began = time.perf_counter()
    store.sound("weights")
    found["mend_s"] = time.perf_counter() - began
    return found


async def load() -> float:
    """Return the seconds from nothing to a model that has answered, from the store."""
    from yanku.adapters.model_openvino import OpenVinoModel

    cache = Path(os.environ.get("YANKU_CACHE") or platformdirs.user_cache_path("yanku"))
    began = time.perf_counter()
    model = await OpenVinoModel.load(ModelStore(cache / "models"), MODEL)
    took = time.perf_counter() - began
    await model.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--load", action="store_true", help="load the laptop model too")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), int(chosen.gigabytes * 1e9), chosen.rounds)
    if chosen.load:
        found["ready_s"] = asyncio.run(load())
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:16} {value:8.2f}")


if __name__ == "__main__":
    main()
