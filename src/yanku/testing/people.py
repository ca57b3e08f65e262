# ruff: noqa: D102 - the name of a claim is its sentence
"""People in memory, and what every keeper of people must do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from yanku.errors import Conflict, NotFound
from yanku.model.people import Group, GroupId, Principal, Role, UserId
from yanku.ports import People

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryPeople:
    """The people (``ports.People``) for tests that need no database."""

    def __init__(self) -> None:
        self._ids = map(str, itertools.count(1))
        self._users: dict[UserId, tuple[Principal, str]] = {}
        self._groups: dict[GroupId, Group] = {}
        self._tokens: dict[str, tuple[UserId, str, str, datetime | None]] = {}
        self._sessions: dict[str, tuple[UserId, datetime]] = {}

    async def add_user(self, name: str, password_hash: str, role: Role) -> UserId:
        """Add a user; raise Conflict if the name is taken."""
        if any(known.name.lower() == name.lower() for known, _ in self._users.values()):
            raise Conflict(f"There is a user {name} already.")
        user = UserId(next(self._ids))
        self._users[user] = (Principal(user, name, role), password_hash)
        return user

    async def principal(self, user: UserId) -> Principal:
        """Return a user with their groups; raise NotFound."""
        if user not in self._users:
            raise NotFound(f"There is no user {user}.")
        return self._users[user][0]

    async def by_name(self, name: str) -> tuple[Principal, str]:
        """Return a user and their password hash; raise NotFound."""
        for known, password_hash in self._users.values():
            if known.name.lower() == name.lower():
                return known, password_hash
        raise NotFound(f"There is no user {name}.")

    async def users(self) -> Sequence[Principal]:
        """Return all users by name."""
        return sorted((user for user, _ in self._users.values()), key=lambda u: u.name.lower())

    async def founder(self) -> tuple[Principal, str]:
        """Return the administrator added first and their password hash; raise NotFound."""
        for known, password_hash in self._users.values():
            if known.role is Role.ADMIN:
                return known, password_hash
        raise NotFound("There is no administrator.")

    async def rename(self, user: UserId, name: str) -> None:
        """Give a user another name; raise Conflict if it is taken, NotFound."""
        known = await self.principal(user)
        if any(u != user and p.name.lower() == name.lower() for u, (p, _) in self._users.items()):
            raise Conflict(f"There is a user {name} already.")
        self._users[user] = (replace(known, name=name), self._users[user][1])

    async def set_password(self, user: UserId, password_hash: str) -> None:
        """Replace a password hash and end every session of the user."""
        self._users[user] = (await self.principal(user), password_hash)
        self._sessions = {k: s for k, s in self._sessions.items() if s[0] != user}

    async def add_group(self, name: str) -> Group:
        """Add a group; raise Conflict if the name is taken."""
        if any(known.name.lower() == name.lower() for known in self._groups.values()):
            raise Conflict(f"There is a group {name} already.")
        group = Group(GroupId(next(self._ids)), name)
        self._groups[group.id] = group
        return group

    async def groups(self) -> Sequence[Group]:
        """Return all groups by name."""
        return sorted(self._groups.values(), key=lambda group: group.name.lower())

    async def join(self, user: UserId, group: GroupId) -> None:
        """Make a user a member of a group; raise NotFound if either is unknown."""
        if group not in self._groups:
            raise NotFound(f"There is no group {group}.")
        known = await self.principal(user)
        self._change(replace(known, groups=known.groups | {group}))

    async def leave(self, user: UserId, group: GroupId) -> None:
        """End a membership, if there is one."""
        known = await self.principal(user)
        self._change(replace(known, groups=known.groups - {group}))

    async def add_token(
        self, user: UserId, name: str, secret_hash: str, expires: datetime | None
    ) -> str:
        """Keep the hash of a new API token; return its id."""
        await self.principal(user)
        token = next(self._ids)
        self._tokens[secret_hash] = (user, token, name, expires)
        return token

    async def by_token(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose token this is; raise NotFound if unknown, expired or revoked."""
        match self._tokens.get(secret_hash):
            case (user, _, _, expires) if expires is None or expires > now:
                return await self.principal(user)
        raise NotFound("There is no such token, or it has expired.")

    async def tokens(self, user: UserId) -> Sequence[tuple[str, str, datetime | None]]:
        """Return (id, name, expiry) of a user's tokens, oldest first."""
        return [
            (token, name, expires)
            for owner, token, name, expires in self._tokens.values()
            if owner == user
        ]

    async def revoke_token(self, user: UserId, token: str) -> None:
        """End a token of this user, if there is such a one."""
        self._tokens = {k: t for k, t in self._tokens.items() if t[:2] != (user, token)}

    async def add_session(self, user: UserId, secret_hash: str, expires: datetime) -> None:
        """Keep the hash of a new session's secret."""
        await self.principal(user)
        self._sessions[secret_hash] = (user, expires)

    async def by_session(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose session this is; raise NotFound if unknown, expired or ended."""
        match self._sessions.get(secret_hash):
            case (user, expires) if expires > now:
                return await self.principal(user)
        raise NotFound("There is no such session, or it has ended.")

    async def end_session(self, secret_hash: str) -> None:
        """End a session, if there is one."""
        self._sessions.pop(secret_hash, None)

    def _change(self, principal: Principal) -> None:
        self._users[principal.user] = (principal, self._users[principal.user][1])


class PeopleConformance:
    """What every keeper of people must do; a subclass gives a fixture ``people``."""

    async def test_a_user_is_found_by_id_and_by_name_in_any_case(self, people: People) -> None:
        user = await people.add_user("Ann", "hash", Role.ADMIN)
        assert await people.principal(user) == Principal(user, "Ann", Role.ADMIN)
        assert await people.by_name("aNN") == (Principal(user, "Ann", Role.ADMIN), "hash")

    async def test_a_name_is_taken_once(self, people: People) -> None:
        await people.add_user("Ann", "hash", Role.MEMBER)
        with pytest.raises(Conflict):
            await people.add_user("ann", "other", Role.ADMIN)
        await people.add_group("desk")
        with pytest.raises(Conflict):
            await people.add_group("Desk")
        assert [user.role for user in await people.users()] == [Role.MEMBER]

    async def test_the_founder_is_the_first_administrator_whatever_their_name(
        self, people: People
    ) -> None:
        with pytest.raises(NotFound):
            await people.founder()
        await people.add_user("member", "m", Role.MEMBER)
        first = await people.add_user("zoe", "z", Role.ADMIN)
        await people.add_user("abe", "a", Role.ADMIN)
        await people.rename(first, "Zora")
        assert await people.founder() == (Principal(first, "Zora", Role.ADMIN), "z")
        with pytest.raises(Conflict):
            await people.rename(first, "ABE")
        with pytest.raises(NotFound):
            await people.rename(UserId("x"), "new")

    async def test_nobody_is_not_found(self, people: People) -> None:
        with pytest.raises(NotFound):
            await people.principal(UserId("x\x00"))
        with pytest.raises(NotFound):
            await people.by_name("nobody")
        with pytest.raises(NotFound):
            await people.set_password(UserId("x"), "hash")
        with pytest.raises(NotFound):
            await people.add_token(UserId("x"), "script", "t", None)
        with pytest.raises(NotFound):
            await people.add_session(UserId("x"), "s", NOW)

    async def test_groups_are_joined_and_left(self, people: People) -> None:
        user = await people.add_user("ann", "hash", Role.MEMBER)
        desk, board = await people.add_group("desk"), await people.add_group("board")
        assert [group.name for group in await people.groups()] == ["board", "desk"]
        for group in (desk, board, desk):
            await people.join(user, group.id)
        assert (await people.principal(user)).groups == {desk.id, board.id}
        await people.leave(user, desk.id)
        await people.leave(user, desk.id)
        assert (await people.by_name("ann"))[0].groups == {board.id}
        with pytest.raises(NotFound):
            await people.join(user, GroupId("x"))

    async def test_a_token_opens_until_it_expires_or_is_revoked(self, people: People) -> None:
        ann = await people.add_user("ann", "hash", Role.MEMBER)
        ben = await people.add_user("ben", "hash", Role.MEMBER)
        lasting = await people.add_token(ann, "script", "t1", None)
        await people.add_token(ann, "visit", "t2", NOW + timedelta(hours=1))
        assert (await people.by_token("t1", NOW)).user == ann
        assert (await people.by_token("t2", NOW)).user == ann
        with pytest.raises(NotFound):
            await people.by_token("t2", NOW + timedelta(hours=1))
        assert [(name, ends) for _, name, ends in await people.tokens(ann)] == [
            ("script", None),
            ("visit", NOW + timedelta(hours=1)),
        ]
        await people.revoke_token(ben, lasting)
        assert (await people.by_token("t1", NOW)).user == ann
        await people.revoke_token(ann, lasting)
        with pytest.raises(NotFound):
            await people.by_token("t1", NOW)

    async def test_a_session_opens_until_it_ends(self, people: People) -> None:
        ann = await people.add_user("ann", "hash", Role.MEMBER)
        future = datetime.now(UTC) + timedelta(days=1)
        for secret in ("s1", "s2", "s3"):
            await people.add_session(ann, secret, future)
        assert (await people.by_session("s1", NOW)).user == ann
        with pytest.raises(NotFound):
            await people.by_session("s1", future)
        await people.end_session("s1")
        with pytest.raises(NotFound):
            await people.by_session("s1", NOW)
        with pytest.raises(NotFound):
            await people.by_token("s2", NOW)
        await people.set_password(ann, "new")
        for secret in ("s2", "s3"):
            with pytest.raises(NotFound):
                await people.by_session(secret, NOW)
        assert (await people.by_name("ann"))[1] == "new"
