"""Users, groups, tokens and sessions in PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import psycopg.errors

from yanku.adapters.postgres import codec
from yanku.adapters.postgres.pool import Pool, single, transaction
from yanku.errors import Conflict, NotFound
from yanku.model.people import Group, GroupId, Principal, Role, UserId


class PostgresPeople:
    """The people (``ports.People``). Names differ by more than upper and lower case."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add_user(self, name: str, password_hash: str, role: Role) -> UserId:
        """Add a user; raise Conflict if the name is taken."""
        user = UserId(secrets.token_hex(8))
        try:
            async with transaction(self._pool) as connection:
                await connection.execute(
                    "INSERT INTO users (id, name, role, password_hash) VALUES (%s, %s, %s, %s)",
                    (user, codec.text(name), role.value, password_hash),
                )
        except psycopg.errors.UniqueViolation as error:
            raise Conflict(f"There is a user {name} already.") from error
        return user

    async def principal(self, user: UserId) -> Principal:
        """Return a user with their groups; raise NotFound."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT * FROM principals WHERE id = %s", (codec.text(user),)
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound(f"There is no user {user}.")
        return _principal(row)

    async def by_name(self, name: str) -> tuple[Principal, str]:
        """Return a user and their password hash; raise NotFound."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT * FROM principals WHERE lower(name) = lower(%s)", (codec.text(name),)
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound(f"There is no user {name}.")
        return _principal(row), row["password_hash"]

    async def users(self) -> Sequence[Principal]:
        """Return all users by name."""
        async with transaction(self._pool) as connection:
            found = await connection.execute("SELECT * FROM principals ORDER BY lower(name)")
            return [_principal(row) for row in await found.fetchall()]

    async def founder(self) -> tuple[Principal, str]:
        """Return the administrator added first and their password hash; raise NotFound."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT p.* FROM principals p JOIN users u ON u.id = p.id "
                "WHERE u.role = 'admin' ORDER BY u.added, u.id LIMIT 1"
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound("There is no administrator.")
        return _principal(row), row["password_hash"]

    async def rename(self, user: UserId, name: str) -> None:
        """Give a user another name; raise Conflict if it is taken, NotFound."""
        try:
            async with transaction(self._pool) as connection:
                changed = await connection.execute(
                    "UPDATE users SET name = %s WHERE id = %s", (codec.text(name), user)
                )
        except psycopg.errors.UniqueViolation as error:
            raise Conflict(f"There is a user {name} already.") from error
        if changed.rowcount == 0:
            raise NotFound(f"There is no user {user}.")

    async def set_password(self, user: UserId, password_hash: str) -> None:
        """Replace a password hash and end every session of the user."""
        async with transaction(self._pool) as connection:
            changed = await connection.execute(
                "UPDATE users SET password_hash = %s WHERE id = %s", (password_hash, user)
            )
            if changed.rowcount == 0:
                raise NotFound(f"There is no user {user}.")
            await connection.execute("DELETE FROM sessions WHERE user_id = %s", (user,))

    async def add_group(self, name: str) -> Group:
        """Add a group; raise Conflict if the name is taken."""
        group = Group(GroupId(secrets.token_hex(8)), codec.text(name))
        try:
            async with transaction(self._pool) as connection:
                await connection.execute(
                    "INSERT INTO groups (id, name) VALUES (%s, %s)", (group.id, group.name)
                )
        except psycopg.errors.UniqueViolation as error:
            raise Conflict(f"There is a group {name} already.") from error
        return group

    async def groups(self) -> Sequence[Group]:
        """Return all groups by name."""
        async with transaction(self._pool) as connection:
            found = await connection.execute("SELECT id, name FROM groups ORDER BY lower(name)")
            return [Group(GroupId(row["id"]), row["name"]) for row in await found.fetchall()]

    async def join(self, user: UserId, group: GroupId) -> None:
        """Make a user a member of a group; raise NotFound if either is unknown."""
        try:
            async with transaction(self._pool) as connection:
                await connection.execute(
                    "INSERT INTO memberships (user_id, group_id) VALUES (%s, %s) "
                    "ON CONFLICT DO NOTHING",
                    (user, group),
                )
        except psycopg.errors.ForeignKeyViolation as error:
            raise NotFound(f"There is no user {user} or no group {group}.") from error

    async def leave(self, user: UserId, group: GroupId) -> None:
        """End a membership, if there is one."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "DELETE FROM memberships WHERE user_id = %s AND group_id = %s", (user, group)
            )

    async def add_token(
        self, user: UserId, name: str, secret_hash: str, expires: datetime | None
    ) -> str:
        """Keep the hash of a new API token; return its id."""
        token = secrets.token_hex(8)
        try:
            async with transaction(self._pool) as connection:
                await connection.execute(
                    "INSERT INTO tokens (id, user_id, name, secret_hash, expires) "
                    "VALUES (%s, %s, %s, %s, %s)",
                    (token, user, codec.text(name), secret_hash, expires),
                )
        except psycopg.errors.ForeignKeyViolation as error:
            raise NotFound(f"There is no user {user}.") from error
        return token

    async def by_token(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose token this is; raise NotFound if unknown, expired or revoked."""
        async with single(self._pool) as connection:
            found = await connection.execute(
                "SELECT p.* FROM principals p JOIN tokens t ON t.user_id = p.id "
                "WHERE t.secret_hash = %s AND (t.expires IS NULL OR t.expires > %s)",
                (secret_hash, now),
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound("There is no such token, or it has expired.")
        return _principal(row)

    async def tokens(self, user: UserId) -> Sequence[tuple[str, str, datetime | None]]:
        """Return (id, name, expiry) of a user's tokens, oldest first."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT id, name, expires FROM tokens WHERE user_id = %s ORDER BY added, id",
                (user,),
            )
            return [(row["id"], row["name"], row["expires"]) for row in await found.fetchall()]

    async def revoke_token(self, user: UserId, token: str) -> None:
        """End a token of this user, if there is such a one."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "DELETE FROM tokens WHERE user_id = %s AND id = %s", (user, codec.text(token))
            )

    async def add_session(self, user: UserId, secret_hash: str, expires: datetime) -> None:
        """Keep the hash of a new session's secret; old sessions are swept on the way."""
        try:
            async with transaction(self._pool) as connection:
                await connection.execute("DELETE FROM sessions WHERE expires < now()")
                await connection.execute(
                    "INSERT INTO sessions (secret_hash, user_id, expires) VALUES (%s, %s, %s)",
                    (secret_hash, user, expires),
                )
        except psycopg.errors.ForeignKeyViolation as error:
            raise NotFound(f"There is no user {user}.") from error

    async def by_session(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose session this is; raise NotFound if unknown, expired or ended."""
        async with single(self._pool) as connection:
            found = await connection.execute(
                "SELECT p.* FROM principals p JOIN sessions s ON s.user_id = p.id "
                "WHERE s.secret_hash = %s AND s.expires > %s",
                (secret_hash, now),
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound("There is no such session, or it has ended.")
        return _principal(row)

    async def end_session(self, secret_hash: str) -> None:
        """End a session, if there is one."""
        async with transaction(self._pool) as connection:
            await connection.execute("DELETE FROM sessions WHERE secret_hash = %s", (secret_hash,))


def _principal(row: codec.Row) -> Principal:
    return Principal(
        user=UserId(row["id"]),
        name=row["name"],
        role=Role(row["role"]),
        groups=frozenset(GroupId(group) for group in row["member_of"]),
    )
