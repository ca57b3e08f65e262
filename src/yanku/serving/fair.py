"""A waiting line in which groups, and the users of each, get equal shares of the engine's work.

Deficit round robin (Shreedhar and Varghese, 1995) on two levels, per priority:

    interactive ─ groups in turn ─ users in turn ─ first come, first served
    batch       ─ likewise; every eighth place is theirs, so that they do get on
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from yanku.model.call import Call, Priority

T = TypeVar("T")
_QUANTUM = 512.0
"""Tokens that a turn adds; smaller is fairer over short times and takes more turns."""
_EACH = 8
"""Every so many places, one goes to the batch lane if anybody waits there."""


class _Source(Protocol[T]):
    def peek(self) -> float: ...

    def take(self) -> T: ...

    def remove(self, path: tuple[str, ...], item: T) -> bool: ...

    def __len__(self) -> int: ...


class _Line(Generic[T]):
    """One user's requests in order."""

    def __init__(self) -> None:
        self._items: deque[tuple[T, float]] = deque()

    def add(self, item: T, cost: float) -> None:
        self._items.append((item, cost))

    def peek(self) -> float:
        return self._items[0][1]

    def take(self) -> T:
        return self._items.popleft()[0]

    def remove(self, path: tuple[str, ...], item: T) -> bool:  # noqa: ARG002 - the end of a path
        for at, (waiting, _) in enumerate(self._items):
            if waiting is item:
                del self._items[at]
                return True
        return False

    def __len__(self) -> int:
        return len(self._items)


@dataclass(slots=True)
class _Member(Generic[T]):
    source: _Source[T]
    deficit: float = 0.0


class _Ring(Generic[T]):
    """Members that take turns; what one saves up while waiting is spent when the turn comes."""

    def __init__(self) -> None:
        self._members: OrderedDict[str, _Member[T]] = OrderedDict()

    def member(self, name: str) -> _Source[T] | None:
        found = self._members.get(name)
        return found.source if found else None

    def join(self, name: str, source: _Source[T]) -> None:
        self._members[name] = _Member(source)

    def peek(self) -> float:
        while True:
            name, member = next(iter(self._members.items()))
            cost = member.source.peek()
            if member.deficit >= cost:
                return cost
            member.deficit += _QUANTUM
            self._members.move_to_end(name)

    def take(self) -> T:
        cost = self.peek()
        name, member = next(iter(self._members.items()))
        member.deficit -= cost
        item = member.source.take()
        if not len(member.source):
            del self._members[name]  # Whoever leaves takes no savings along.
        return item

    def remove(self, path: tuple[str, ...], item: T) -> bool:
        member = self._members.get(path[0])
        if member is None or not member.source.remove(path[1:], item):
            return False
        if not len(member.source):
            del self._members[path[0]]
        return True

    def __len__(self) -> int:
        return sum(len(member.source) for member in self._members.values())


class FairQueue(Generic[T]):
    """Requests that wait. ``cost`` is in tokens, about."""

    def __init__(self) -> None:
        self._lanes: dict[Priority, _Ring[T]] = {priority: _Ring() for priority in Priority}
        self._taken = 0

    def add(self, item: T, call: Call, cost: float) -> None:
        """Let a request wait at the end of its user's line."""
        lane = self._lanes[call.priority]
        group = lane.member(call.group)
        if not isinstance(group, _Ring):
            group = _Ring[T]()
            lane.join(call.group, group)
        line = group.member(call.user)
        if not isinstance(line, _Line):
            line = _Line[T]()
            group.join(call.user, line)
        line.add(item, max(cost, 1.0))

    def take(self) -> T:
        """Return whose turn it is; there must be somebody."""
        self._taken += 1
        interactive, batch = self._lanes[Priority.INTERACTIVE], self._lanes[Priority.BATCH]
        if len(batch) and (not len(interactive) or self._taken % _EACH == 0):
            return batch.take()
        return interactive.take()

    def remove(self, item: T, call: Call) -> bool:
        """Take a request out of the line; False if it is not there."""
        return self._lanes[call.priority].remove((call.group, call.user), item)

    def of_user(self, call: Call) -> int:
        """Return how many requests of the same user wait in the same lane."""
        group = self._lanes[call.priority].member(call.group)
        line = group.member(call.user) if isinstance(group, _Ring) else None
        return len(line) if line is not None else 0

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())
