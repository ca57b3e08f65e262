"""Passwords: what is accepted, and how it is kept."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from yanku.errors import InvalidRequest

SHORTEST = 12
LONGEST = 256
"""Characters; a limit above keeps a megabyte of password from costing a second of hashing."""
FEWEST_DIFFERENT = 5
"""Characters; "aaaaaaaaaaaa" is long and no password."""


def check_password(password: str, name: str) -> None:
    """Raise InvalidRequest, saying why, if a person may not choose this password."""
    if len(password) < SHORTEST:
        raise InvalidRequest(f"The password is too short: {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise InvalidRequest(f"The password is too long: {LONGEST} characters or fewer.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise InvalidRequest("The password repeats too few characters; choose a longer sentence.")
    if len(name) >= 4 and name.casefold() in password.casefold():
        raise InvalidRequest("The password must not contain the user's name.")


class Passwords:
    """Argon2id hashes, in the cost RFC 9106 recommends for servers (64 MiB, 3 passes).

    Hashing takes tens of milliseconds of a processor: call it in a thread.
    """

    def __init__(self, memory_kib: int = 65_536, passes: int = 3, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID
        )
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return what to keep of a password: salt, cost and hash in one string."""
        return self._hasher.hash(_bytes(password))

    def verify(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one kept; with None, for a user who does not exist, say no
        after the same work.
        """
        try:
            self._hasher.verify(self._nobody if kept is None else kept, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_stale(self, kept: str) -> bool:
        """Tell whether a hash was made at another cost and should be made anew."""
        return self._hasher.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    """Return a password's bytes; half a surrogate pair from a hostile client is no crash."""
    return password.encode("utf-8", "surrogatepass")
