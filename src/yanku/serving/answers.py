"""Kept answers in the memory of one process."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from yanku.model.kept import EditionMark, Kept
from yanku.model.library import DocumentId
from yanku.serving.policies import Policy


@dataclass(frozen=True, slots=True)
class _Held:
    kept: Kept
    until: float


class AnswersInMemory:
    """Answers that a policy lets stay, for ``seconds`` at most (``ports.Answers``).

    One of another edition is a miss and stays in its place, so that what is known of its
    popularity holds for the answer that replaces it.
    """

    def __init__(
        self, policy: Policy, *, seconds: float = 86_400, now: Callable[[], float]
    ) -> None:
        self._policy = policy
        self._seconds = seconds
        self._now = now
        self._held: dict[str, _Held] = {}
        self._by_document: dict[DocumentId, set[str]] = {}

    async def kept(self, key: str, edition: EditionMark) -> Kept | None:
        """Return an answer of this edition."""
        self._policy.seen(key)
        held = self._held.get(key)
        if held is None or held.kept.edition != edition or held.until < self._now():
            return None
        return held.kept

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep an answer; others may have to go, or this one."""
        resident = key in self._held
        if resident:
            self._let_go(key)
        self._held[key] = _Held(kept, self._now() + self._seconds)
        for document in kept.documents:
            self._by_document.setdefault(document, set()).add(key)
        if not resident:
            for gone in self._policy.admit(key):
                self._let_go(gone)

    async def drop(self, documents: Collection[DocumentId]) -> None:
        """Forget every answer that rests on one of these documents."""
        for document in documents:
            for key in list(self._by_document.get(document, ())):
                self._let_go(key)
                self._policy.drop(key)

    async def size(self) -> int:
        """Return how many answers are kept."""
        return len(self._held)

    def _let_go(self, key: str) -> None:
        held = self._held.pop(key)
        for document in held.kept.documents:
            keys = self._by_document[document]
            keys.discard(key)
            if not keys:
                del self._by_document[document]
