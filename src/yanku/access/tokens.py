"""Random secrets that stand for a person: API tokens and sessions."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "yk_"  # noqa: S105 - a prefix, so that scanners of code find leaked tokens
SESSION_PREFIX = "ys_"


def new_token() -> tuple[str, str]:
    """Return a new API token, shown once, and the hash to keep."""
    return _new(TOKEN_PREFIX)


def new_session() -> tuple[str, str]:
    """Return the secret of a new session, for a cookie, and the hash to keep."""
    return _new(SESSION_PREFIX)


def secret_hash(secret: str) -> str:
    """Return the hash under which a secret is kept.

    SHA-256 alone is enough: 256 random bits cannot be guessed, so nothing need be slow.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _new(prefix: str) -> tuple[str, str]:
    secret = prefix + secrets.token_urlsafe(32)
    return secret, secret_hash(secret)
