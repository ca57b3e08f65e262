"""Writes the samples: ``python -m yanku.testing.samples FOLDER [--eval]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from yanku.testing.samples import make_evaluation_set, make_samples


def main() -> None:
    """Write the documents, or the whole evaluation set, and name the files on standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m yanku.testing.samples",
        description="Write documents of fictional companies into a folder.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--eval", action="store_true", help="with questions.jsonl and facts.jsonl")
    chosen = parser.parse_args()
    if chosen.eval:
        files = list(make_evaluation_set(chosen.folder).files)
        files += [chosen.folder / "questions.jsonl", chosen.folder / "facts.jsonl"]
    else:
        files = list(make_samples(chosen.folder).files)
    for file in files:
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
