"""From the groups a person names to the readers of a document."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from yanku.entry.http.wire import GROUP_KEY
from yanku.errors import InvalidRequest
from yanku.model.people import GroupId, Principal

if TYPE_CHECKING:
    from yanku.flows.accounts import Accounts


async def readers_of(
    accounts: Accounts,
    groups: Collection[str],
    person: Principal,
    already: Collection[GroupId] = (),
) -> frozenset[str]:
    """Return the reader keys of groups; raise InvalidRequest for one the person may not know of.

    ``already`` are groups the document is granted to as it is: they may stay.
    """
    known = {group.id for group in await accounts.groups(person)} | set(already)
    if strange := sorted(set(groups) - known):
        raise InvalidRequest(
            f"there is no group {', '.join(strange)} that you could grant a document to; "
            "GET /api/v1/groups lists yours"
        )
    return frozenset(GROUP_KEY + group for group in groups)
