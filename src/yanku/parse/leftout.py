"""What readers of text documents leave out, as flaws that say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yanku.model.document import Flaw

_SAID = (
    ("pictures", "pictures", "{n} pictures or drawings were not read."),
    ("hidden", "hidden_text", "Hidden text was not read."),
    ("deleted", "tracked_changes", "Tracked changes were read as if accepted."),
    ("objects", "embedded_files", "Files embedded in the document were not opened."),
    ("comments", "comments", "Comments were not read."),
)


def left_out(found: Mapping[str, int]) -> Iterator[Flaw]:
    """Yield a flaw for each kind of thing that was met; ``found`` counts ``pictures``, ``hidden``
    texts, ``deleted`` ones, embedded ``objects`` and ``comments``.
    """
    for key, code, said in _SAID:
        if number := found.get(key, 0):
            yield Flaw(code, said.format(n=number))
