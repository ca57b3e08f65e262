"""Who asks: users, groups, and the scope of what a person may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
class AsOf:
    """The state of knowledge a question is asked in; None is no condition, both None is now.

    ``held`` counts only the versions that were LIVE in the library at that moment. ``public``
    counts only documents that were public by the end of that day (``Entry.public_on``).
    """

    held: datetime | None = None
    public: date | None = None

    @property
    def day(self) -> date | None:
        """Return the earlier of the days it speaks of, None for now."""
        days = [day for day in (self.held.date() if self.held else None, self.public) if day]
        return min(days, default=None)


NOW = AsOf()
"""What is LIVE, and nothing else."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may read. Made only by ``yanku.access``; every search requires one.

    ``readers`` are reader keys (``u:<user>`` and ``g:<group>``); a document is readable when any
    of its own reader keys is among them. ``as_of`` narrows it to what was known.
    """

    user: UserId
    readers: frozenset[str]
    as_of: AsOf = NOW


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of people to whom documents are granted."""

    id: GroupId
    name: str
