"""Passages and questions of the generated documents, as the index would get them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from yanku.chunk.cut import cut
from yanku.finance.profile import profile_of
from yanku.model.document import Digest, Document
from yanku.model.library import DocumentId
from yanku.parse.reader import read_source, storable
from yanku.parse.source import Limits
from yanku.testing.samples import make_samples
from yanku.testing.samples.make import PICTURE, SCAN
from yanku.testing.samples.questions import questions

_SLOW = {PICTURE, SCAN}
"""Pictures take seconds to read, and say what the other documents say."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts to be found, and questions over them."""

    texts: tuple[str, ...]
    questions: tuple[str, ...]


def make_passages(seed: int = 2024) -> Passages:
    """Return what the born-digital samples of a seed hold, cut into chunks; the same every time."""
    with tempfile.TemporaryDirectory() as folder:
        samples = make_samples(Path(folder), seed)
        texts = [text for path in samples.files for text in _texts(path)]
        asked = tuple(str(row["question"]) for row in questions(samples))
    return Passages(tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(asked)))


def _texts(path: Path) -> list[str]:
    if path.name in _SLOW:
        return []
    _, content = read_source(path, path.name, Limits(), lambda _done, _total: None)
    said = storable(content)
    document = Document(Digest(""), path.name, "", said.pages, said.blocks)
    chunks = cut(document, DocumentId(path.name), profile_of(document))
    return [f"{chunk.context}\n{chunk.text}" for chunk in chunks]
