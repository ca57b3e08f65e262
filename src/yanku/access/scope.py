"""From a person to what they may read."""

from __future__ import annotations

from collections.abc import Iterable

from yanku.model.people import NOW, AsOf, GroupId, Principal, Scope, UserId


def user_key(user: UserId) -> str:
    """Return the reader key of one person."""
    return f"u:{user}"


def group_key(group: GroupId) -> str:
    """Return the reader key of all members of a group."""
    return f"g:{group}"


def readers(owner: UserId, groups: Iterable[GroupId] = ()) -> frozenset[str]:
    """Return the reader keys of a document: its owner and the groups it is granted to."""
    return frozenset({user_key(owner), *(group_key(group) for group in groups)})


def scope_of(
    principal: Principal, as_of: AsOf = NOW, *, within: frozenset[str] | None = None
) -> Scope:
    """Return what a person may read: the only way to make a Scope. No role widens it.

    ``within`` are reader keys it is narrowed to: those of an earlier answer that is given again.
    """
    keys = readers(principal.user, principal.groups)
    return Scope(principal.user, keys if within is None else keys & within, as_of)


def scope_as_kept(user: UserId, keys: Iterable[str], as_of: AsOf) -> Scope:
    """Return the scope of an answer that was opened, from what its receipt keeps of it."""
    return Scope(user, frozenset(keys), as_of)
