"""Users, groups and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from yanku.model.people import Group, GroupId, Principal, Role, UserId


class People(Protocol):
    """Users, groups and tokens. Secrets are stored only as hashes."""

    async def add_user(self, name: str, password_hash: str, role: Role) -> UserId:
        """Add a user; raise Conflict if the name is taken."""
        ...

    async def principal(self, user: UserId) -> Principal:
        """Return a user with their groups; raise NotFound."""
        ...

    async def by_name(self, name: str) -> tuple[Principal, str]:
        """Return a user and their password hash; raise NotFound."""
        ...

    async def users(self) -> Sequence[Principal]:
        """Return all users by name."""
        ...

    async def founder(self) -> tuple[Principal, str]:
        """Return the administrator added first and their password hash; raise NotFound."""
        ...

    async def rename(self, user: UserId, name: str) -> None:
        """Give a user another name; raise Conflict if it is taken, NotFound."""
        ...

    async def set_password(self, user: UserId, password_hash: str) -> None:
        """Replace a password hash and end every session of the user."""
        ...

    async def add_group(self, name: str) -> Group:
        """Add a group; raise Conflict if the name is taken."""
        ...

    async def groups(self) -> Sequence[Group]:
        """Return all groups by name."""
        ...

    async def join(self, user: UserId, group: GroupId) -> None:
        """Make a user a member of a group."""
        ...

    async def leave(self, user: UserId, group: GroupId) -> None:
        """End a membership."""
        ...

    async def add_token(
        self, user: UserId, name: str, secret_hash: str, expires: datetime | None
    ) -> str:
        """Keep the hash of a new API token; return its id."""
        ...

    async def by_token(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose token this is; raise NotFound if unknown, expired or revoked."""
        ...

    async def tokens(self, user: UserId) -> Sequence[tuple[str, str, datetime | None]]:
        """Return (id, name, expiry) of a user's tokens."""
        ...

    async def revoke_token(self, user: UserId, token: str) -> None:
        """End a token."""
        ...

    async def add_session(self, user: UserId, secret_hash: str, expires: datetime) -> None:
        """Keep the hash of the secret of a new session of the console."""
        ...

    async def by_session(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose session this is; raise NotFound if unknown, expired or ended."""
        ...

    async def end_session(self, secret_hash: str) -> None:
        """End a session, if there is one."""
        ...
