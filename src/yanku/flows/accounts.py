"""The story of a person: set up, signed in, in groups, with tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanku.access.passwords import Passwords, check_password
from yanku.access.rights import Action, require
from yanku.access.signin import SignIn
from yanku.access.throttle import Throttle
from yanku.access.tokens import new_session, new_token, secret_hash
from yanku.errors import Conflict, NotFound, NotSignedIn
from yanku.model.people import Group, GroupId, Principal, Role, UserId
from yanku.ports import Clock, People

NO_PASSWORD = "!"  # noqa: S105 - no hash equals it, so nobody can sign in with it
LOCAL_NAME = "local"
_SETUP_HOURS = 24


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its owner sees it later: never the secret."""

    id: str
    name: str
    expires: datetime | None


class Accounts:
    """Creates people and groups, and finds out who is asking."""

    def __init__(self, *, people: People, clock: Clock, session_hours: int) -> None:
        self._people = people
        self._clock = clock
        self._session = timedelta(hours=session_hours)
        self._passwords = Passwords()
        self._sign_in = SignIn(people, self._passwords, Throttle(), clock)
        self._setup: tuple[str, datetime] | None = None

    # -- first start --------------------------------------------------------------------------

    async def needs_setup(self) -> bool:
        """Tell whether nobody can sign in as administrator yet."""
        try:
            _, password = await self._people.founder()
        except NotFound:
            return True
        return password == NO_PASSWORD

    def setup_token(self) -> str:
        """Return a new one-time secret that lets its bearer create the first administrator.

        It lives in this process only; an earlier one stops working.
        """
        secret, hashed = new_session()
        self._setup = hashed, self._clock.now() + timedelta(hours=_SETUP_HOURS)
        return secret

    async def set_up(self, secret: str, name: str, password: str) -> Principal:
        """Create the first administrator; raise NotSignedIn if the secret does not hold."""
        check_password(password, name)
        if not await self.needs_setup():
            raise Conflict("an administrator exists already; sign in instead")
        expected, self._setup = self._setup, None  # Taken before the wait: it works once.
        given = secret_hash(secret)
        if expected is None or given != expected[0] or self._clock.now() >= expected[1]:
            self._setup = expected
            raise NotSignedIn("the setup token is wrong, used or expired; restart the server")
        return await self.create_administrator(name, password)

    async def create_administrator(self, name: str, password: str) -> Principal:
        """Let the owner of this machine's home sign in, under a name and password.

        They are the same person, so what was ingested from the command line is theirs.
        """
        check_password(password, name)
        owner = await self.local()
        await self._people.rename(owner.user, name)
        await self._people.set_password(owner.user, await self._hash(password))
        return await self._people.principal(owner.user)

    async def local(self) -> Principal:
        """Return the person who works on this machine's home from the command line: the first
        administrator, made at first use and then unable to sign in until set up.
        """
        with suppress(NotFound):
            return (await self._people.founder())[0]
        with suppress(Conflict):  # Two commands at once: the other made it.
            await self._people.add_user(LOCAL_NAME, NO_PASSWORD, Role.ADMIN)
        return (await self._people.founder())[0]

    # -- who is asking ------------------------------------------------------------------------

    async def sign_in(self, name: str, password: str, address: str) -> tuple[Principal, str]:
        """Return who it is and a session secret; raise NotSignedIn, or Overloaded when too many
        attempts failed.
        """
        principal = await self._sign_in.by_password(name, password, address)
        secret, hashed = new_session()
        await self._people.add_session(principal.user, hashed, self._clock.now() + self._session)
        return principal, secret

    async def by_secret(self, secret: str) -> Principal:
        """Return whose session or API token it is; raise NotSignedIn."""
        return await self._sign_in.by_secret(secret)

    async def sign_out(self, secret: str) -> None:
        """End a session."""
        await self._people.end_session(secret_hash(secret))

    async def by_name(self, name: str) -> Principal:
        """Return a person by name; raise NotFound."""
        return (await self._people.by_name(name))[0]

    # -- people and groups --------------------------------------------------------------------

    async def add_user(self, actor: Principal, name: str, password: str, role: Role) -> Principal:
        """Add a person; administrators only."""
        require(actor, Action.MANAGE_PEOPLE)
        check_password(password, name)
        return await self._people.principal(
            await self._people.add_user(name, await self._hash(password), role)
        )

    async def change_password(self, actor: Principal, user: UserId, password: str) -> None:
        """Replace a password, one's own or, for administrators, anybody's; ends their sessions."""
        if actor.user != user:
            require(actor, Action.MANAGE_PEOPLE)
        check_password(password, (await self._people.principal(user)).name)
        await self._people.set_password(user, await self._hash(password))

    async def users(self, actor: Principal) -> Sequence[Principal]:
        """Return everybody; administrators only."""
        require(actor, Action.MANAGE_PEOPLE)
        return await self._people.users()

    async def add_group(self, actor: Principal, name: str) -> Group:
        """Add a group; administrators only."""
        require(actor, Action.MANAGE_PEOPLE)
        return await self._people.add_group(name)

    async def groups(self, actor: Principal) -> Sequence[Group]:
        """Return the groups a person may know of: all for administrators, else their own."""
        groups = await self._people.groups()
        if actor.role is Role.ADMIN:
            return groups
        return [group for group in groups if group.id in actor.groups]

    async def group_named(self, name: str) -> GroupId:
        """Return the id of a group by its name; raise NotFound."""
        for group in await self._people.groups():
            if group.name == name:
                return group.id
        raise NotFound(f"there is no group {name!r}; make it first")

    async def readers(self, groups: Iterable[str]) -> frozenset[str]:
        """Return the reader keys of groups by name; raise NotFound."""
        return frozenset([f"g:{await self.group_named(name)}" for name in groups])

    async def join(self, actor: Principal, user: UserId, group: GroupId) -> None:
        """Make a person a member of a group; administrators only."""
        require(actor, Action.MANAGE_PEOPLE)
        await self._people.join(user, group)

    async def leave(self, actor: Principal, user: UserId, group: GroupId) -> None:
        """End a membership; administrators only."""
        require(actor, Action.MANAGE_PEOPLE)
        await self._people.leave(user, group)

    # -- tokens -------------------------------------------------------------------------------

    async def add_token(self, actor: Principal, name: str, days: int | None) -> str:
        """Return the secret of a new API token of one's own; it is shown this once."""
        secret, hashed = new_token()
        expires = self._clock.now() + timedelta(days=days) if days else None
        await self._people.add_token(actor.user, name, hashed, expires)
        return secret

    async def tokens(self, actor: Principal) -> Sequence[Token]:
        """Return one's own tokens."""
        return [Token(*row) for row in await self._people.tokens(actor.user)]

    async def _hash(self, password: str) -> str:
        return await asyncio.to_thread(self._passwords.hash, password)

    async def revoke_token(self, actor: Principal, token: str) -> None:
        """End one of one's own tokens."""
        await self._people.revoke_token(actor.user, token)
