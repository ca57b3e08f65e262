"""The process that one reader is measured in; a reader's own workers import this file again."""

from __future__ import annotations

import os
import pickle
import sys
import time
from pathlib import Path

from parsing_readers import READERS, Reading


def main(name: str, out: str, *files: str) -> None:
    """Read the files; leave seconds, CPU seconds spent before the start, and what was read."""
    read = READERS[name].load()
    spent = sum(os.times()[:4])
    started = time.perf_counter()
    readings, errors = [], []
    for file in files:
        try:
            readings.append(read(Path(file)))
        except Exception as error:  # noqa: BLE001 - whatever another library throws is its score
            readings.append(Reading([]))
            errors.append(f"{Path(file).name}: {type(error).__name__}: {error}")
    wall = time.perf_counter() - started
    Path(out).write_bytes(pickle.dumps((wall, spent, readings, errors)))


if __name__ == "__main__":
    main(*sys.argv[1:])
