"""Remembers which upload an Idempotency-Key stood for, so that a repeat is told from a mistake."""

from __future__ import annotations

from collections import OrderedDict

from yanku.errors import Conflict, InvalidRequest
from yanku.model.library import DocumentId
from yanku.model.people import UserId

_KEPT = 10_000
_LONGEST = 255


class Repeats:
    """The last keys of each person and the documents they led to.

    Held in memory only: an upload is idempotent by its content in any case. What the key adds is
    that the same key with another file is refused, which after a restart it is not.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._documents: OrderedDict[tuple[UserId, str], DocumentId] = OrderedDict()

    def check(self, user: UserId, key: str, document: DocumentId) -> None:
        """Remember a key; raise Conflict if it already stood for another document."""
        if not 0 < len(key) <= _LONGEST:
            raise InvalidRequest(f"Idempotency-Key has 1 to {_LONGEST} characters")
        known = self._documents.setdefault((user, key), document)
        self._documents.move_to_end((user, key))
        if len(self._documents) > self._kept:
            self._documents.popitem(last=False)
        if known != document:
            raise Conflict("this Idempotency-Key came with another file before; use a new key")
