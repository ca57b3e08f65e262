"""Writes an evaluation set over the samples: documents, questions and facts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from yanku.testing.samples.make import Samples, make_samples
from yanku.testing.samples.questions import questions
from yanku.testing.samples.truth import Json, facts


def make_evaluation_set(folder: Path, seed: int = 2024) -> Samples:
    """Write ``documents/``, ``questions.jsonl`` and ``facts.jsonl`` into a folder."""
    samples = make_samples(folder / "documents", seed)
    _write(folder / "questions.jsonl", questions(samples))
    _write(folder / "facts.jsonl", facts(samples))
    return samples


def _write(path: Path, rows: Iterable[Json]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
