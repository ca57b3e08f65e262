"""From a person to what they may read."""

from __future__ import annotations

from collections.abc import Iterable

from yanku.model.people import GroupId, Principal, Scope, UserId


def user_key(user: UserId) -> str:
    """Return the reader key of one person."""
    return f"u:{user}"


def group_key(group: GroupId) -> str:
    """Return the reader key of all members of a group."""
    return f"g:{group}"


def readers(owner: UserId, groups: Iterable[GroupId] = ()) -> frozenset[str]:
    """Return the reader keys of a document: its owner and the groups it is granted to."""
    return frozenset({user_key(owner), *(group_key(group) for group in groups)})


def scope_of(principal: Principal) -> Scope:
    """Return what a person may read: the only way to make a Scope. No role widens it."""
    return Scope(user=principal.user, readers=readers(principal.user, principal.groups))
