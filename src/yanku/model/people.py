"""Who asks: users, groups, and the scope of what a person may read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)


class Role(StrEnum):
    """What a person may do besides reading what they are granted."""

    MEMBER = "member"
    ADMIN = "admin"
    """Manages people and settings; reads no document that is not granted to them."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A person who has proved who they are."""

    user: UserId
    name: str
    role: Role
    groups: frozenset[GroupId] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may read. Made only by ``yanku.access``; every search requires one.

    ``readers`` are reader keys (``u:<user>`` and ``g:<group>``); a document is readable when any
    of its own reader keys is among them.
    """

    user: UserId
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of people to whom documents are granted."""

    id: GroupId
    name: str
