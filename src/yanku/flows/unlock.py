"""The story of a protected file: its owner gives the password, and a plain copy is kept beside it.

The password is used once, in the sandbox, and kept nowhere.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from yanku.access.scope import scope_of
from yanku.errors import Conflict, EncryptedSource, InvalidRequest, NotAllowed, NotFound
from yanku.flows.members import ORIGINAL, UNLOCKED
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import Principal
from yanku.ports import Files, Library, Reader

_LONGEST_PASSWORD = 1024


def is_locked(entry: Entry) -> bool:
    """Tell whether a document waits for its password."""
    code = EncryptedSource("").code
    return entry.state is State.FAILED and entry.failure is not None and entry.failure[0] == code


class Unlock:
    """Opens documents that failed for want of a password."""

    def __init__(self, *, library: Library, files: Files, reader: Reader) -> None:
        self._library = library
        self._files = files
        self._reader = reader

    async def unlock(self, document: DocumentId, password: str, *, principal: Principal) -> Entry:
        """Keep a plain copy of a protected document and queue it for reading; return its entry.

        Raises WrongPassword and then changes nothing, NotFound, NotAllowed if it is another's,
        Conflict if it does not wait for a password.
        """
        if len(password) > _LONGEST_PASSWORD:
            raise InvalidRequest(f"a password has at most {_LONGEST_PASSWORD} characters")
        scope = scope_of(principal)
        entry = await self._library.entry(document, scope=scope)
        if entry.owner != principal.user:
            raise NotAllowed("Only the owner of a document may unlock it.")
        if not is_locked(entry):
            raise Conflict(f"{entry.name} does not wait for a password.")
        await self._keep_plain(entry, password)
        await self._library.retry(document, scope=scope)
        return await self._library.entry(document, scope=scope)

    async def _keep_plain(self, entry: Entry, password: str) -> None:
        original = await self._files.path(entry.id, ORIGINAL)
        with tempfile.TemporaryDirectory(prefix="yanku-unlock-") as folder:
            plain = Path(folder) / "plain"
            await self._reader.unlock(original, entry.name, password, plain)
            await self._files.put(entry.id, UNLOCKED, plain)
        # Forgotten while it was unlocked: leave no plain copy behind.
        if not await self._library.existing([entry.id]):
            await self._files.drop(entry.id)
            raise NotFound("there is no such document")
