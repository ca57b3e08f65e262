"""From a name and a password, or a secret, to a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from yanku.access.passwords import Passwords
from yanku.access.throttle import Throttle
from yanku.access.tokens import SESSION_PREFIX, TOKEN_PREFIX, secret_hash
from yanku.errors import NotFound, NotSignedIn
from yanku.model.people import Principal
from yanku.ports import Clock, People


@dataclass(frozen=True, slots=True)
class SignIn:
    """Proves who somebody is; every refusal looks the same, whatever was wrong."""

    people: People
    passwords: Passwords
    throttle: Throttle
    clock: Clock

    async def by_password(self, name: str, password: str, address: str) -> Principal:
        """Return the person of this name and password.

        Raises NotSignedIn if either is wrong, Overloaded after too many failures.
        """
        now = self.clock.now()
        self.throttle.check(name, address, now)
        # Counted before the work: guesses made at the same time do not slip past the limit.
        self.throttle.failed(name, address, now)
        principal, kept = await self._known(name)
        right = await asyncio.to_thread(self.passwords.verify, password, kept)
        if principal is None or kept is None or not right:
            raise NotSignedIn("The name or the password is wrong.")
        self.throttle.succeeded(name, address)
        if self.passwords.is_stale(kept):
            await self._keep_anew(principal, password)  # ends older sessions, once per cost
        return principal

    async def by_secret(self, secret: str) -> Principal:
        """Return whose API token or session this is; raise NotSignedIn otherwise."""
        now: datetime = self.clock.now()
        try:
            if secret.startswith(TOKEN_PREFIX):
                return await self.people.by_token(secret_hash(secret), now)
            if secret.startswith(SESSION_PREFIX):
                return await self.people.by_session(secret_hash(secret), now)
        except NotFound as error:
            raise NotSignedIn("The token or session is not valid, or has expired.") from error
        raise NotSignedIn("The token or session is not valid, or has expired.")

    async def _known(self, name: str) -> tuple[Principal | None, str | None]:
        try:
            return await self.people.by_name(name)
        except NotFound:
            return None, None

    async def _keep_anew(self, principal: Principal, password: str) -> None:
        kept = await asyncio.to_thread(self.passwords.hash, password)
        await self.people.set_password(principal.user, kept)
