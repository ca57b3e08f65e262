"""Which kept answers make room for a new one: LRU, LFU, S3-FIFO and W-TinyLFU behind one interface.

Pure bookkeeping over keys; whoever holds the values does what ``admit`` returns.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from yanku.serving.sketch import Sketch


class PolicyName(StrEnum):
    """The policies an operator may choose."""

    LRU = "lru"
    LFU = "lfu"
    S3_FIFO = "s3_fifo"
    W_TINYLFU = "w_tinylfu"


class Policy(Protocol):
    """Decides what stays. A key that is resident was admitted and neither evicted nor dropped."""

    def seen(self, key: str) -> None:
        """Note that a key was asked for, resident or not."""
        ...

    def admit(self, key: str) -> list[str]:
        """Take in a key that is not resident; return the keys to let go, perhaps this one."""
        ...

    def drop(self, key: str) -> None:
        """Forget a key, if it is resident."""
        ...


class Lru:
    """Lets the one go that was asked for longest ago."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._keys: OrderedDict[str, None] = OrderedDict()

    def seen(self, key: str) -> None:
        """Move a resident key to the young end."""
        if key in self._keys:
            self._keys.move_to_end(key)

    def admit(self, key: str) -> list[str]:
        """Take a key in; let the oldest go."""
        self._keys[key] = None
        return [self._keys.popitem(last=False)[0]] if len(self._keys) > self._capacity else []

    def drop(self, key: str) -> None:
        """Forget a key."""
        self._keys.pop(key, None)


class Lfu:
    """Lets the one go that was asked for least often since it came; of equals the oldest."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._uses: dict[str, int] = {}
        self._by_uses: dict[int, OrderedDict[str, None]] = {}

    def seen(self, key: str) -> None:
        """Count a resident key once more."""
        if key in self._uses:
            uses = self._uses[key]
            self._leave(key, uses)
            self._enter(key, uses + 1)

    def admit(self, key: str) -> list[str]:
        """Take a key in; make room first, or the newcomer would always be the one to go."""
        gone = []
        if len(self._uses) >= self._capacity:
            victim = next(iter(self._by_uses[min(self._by_uses)]))
            self.drop(victim)
            gone.append(victim)
        self._enter(key, 1)
        return gone

    def drop(self, key: str) -> None:
        """Forget a key."""
        if key in self._uses:
            self._leave(key, self._uses[key])
            del self._uses[key]

    def _enter(self, key: str, uses: int) -> None:
        self._uses[key] = uses
        self._by_uses.setdefault(uses, OrderedDict())[key] = None

    def _leave(self, key: str, uses: int) -> None:
        same = self._by_uses[uses]
        del same[key]
        if not same:
            del self._by_uses[uses]


class S3Fifo:
    """Three queues (Yang et al., "FIFO queues are all you need", SOSP 2023).

    A newcomer waits in a small queue of a tenth; only what is asked for again meanwhile, or is
    remembered as lately gone, enters the main queue, where each use buys one more round.
    """

    def __init__(self, capacity: int) -> None:
        self._small_size = max(1, capacity // 10)
        self._capacity = capacity
        self._small: OrderedDict[str, None] = OrderedDict()
        self._main: OrderedDict[str, None] = OrderedDict()
        self._ghost: OrderedDict[str, None] = OrderedDict()
        self._uses: dict[str, int] = {}

    def seen(self, key: str) -> None:
        """Count a use, up to three."""
        if key in self._uses:
            self._uses[key] = min(self._uses[key] + 1, 3)

    def admit(self, key: str) -> list[str]:
        """Take a key in and let go of what does not fit."""
        gone = []
        while len(self._uses) >= self._capacity:
            gone.append(self._evict())
        if key in self._ghost:
            del self._ghost[key]
            self._main[key] = None
        else:
            self._small[key] = None
        self._uses[key] = 0
        return gone

    def drop(self, key: str) -> None:
        """Forget a key."""
        if self._uses.pop(key, None) is not None:
            self._small.pop(key, None)
            self._main.pop(key, None)

    def _evict(self) -> str:
        while True:
            if self._small and (len(self._small) >= self._small_size or not self._main):
                key, _ = self._small.popitem(last=False)
                if self._uses[key]:
                    self._main[key] = None
                    self._uses[key] = 0
                    continue
                self._remember(key)
            else:
                key, _ = self._main.popitem(last=False)
                if self._uses[key]:
                    self._main[key] = None
                    self._uses[key] -= 1
                    continue
            del self._uses[key]
            return key

    def _remember(self, key: str) -> None:
        self._ghost[key] = None
        if len(self._ghost) > self._capacity:
            self._ghost.popitem(last=False)


class WTinyLfu:
    """A small LRU window before a guarded main part (Einziger et al., "TinyLFU", 2017).

    What leaves the window enters the main part only if it was asked for more often, lately, than
    the one it would replace. The main part is a segmented LRU: asked for twice is protected.
    """

    def __init__(self, capacity: int, *, window: float = 0.05) -> None:
        self._window_size = max(1, int(capacity * window))
        self._main_size = max(1, capacity - self._window_size)
        self._protected_size = self._main_size * 4 // 5
        self._window: OrderedDict[str, None] = OrderedDict()
        self._probation: OrderedDict[str, None] = OrderedDict()
        self._protected: OrderedDict[str, None] = OrderedDict()
        self._sketch = Sketch(capacity)

    def seen(self, key: str) -> None:
        """Count any key; move a resident one to where its use puts it."""
        self._sketch.add(key)
        if key in self._window:
            self._window.move_to_end(key)
        elif key in self._protected:
            self._protected.move_to_end(key)
        elif key in self._probation:
            del self._probation[key]
            self._protected[key] = None
            if len(self._protected) > self._protected_size:
                fallen, _ = self._protected.popitem(last=False)
                self._probation[fallen] = None

    def admit(self, key: str) -> list[str]:
        """Take a key into the window; what it pushes out has to earn a place in the main part."""
        self._window[key] = None
        if len(self._window) <= self._window_size:
            return []
        candidate, _ = self._window.popitem(last=False)
        if len(self._probation) + len(self._protected) < self._main_size:
            self._probation[candidate] = None
            return []
        victim = next(iter(self._probation or self._protected))
        if self._sketch.count(candidate) <= self._sketch.count(victim):
            return [candidate]
        self.drop(victim)
        self._probation[candidate] = None
        return [victim]

    def drop(self, key: str) -> None:
        """Forget a key; how often it was asked for stays known."""
        for part in (self._window, self._probation, self._protected):
            part.pop(key, None)


_MAKERS: dict[PolicyName, Callable[[int], Policy]] = {
    PolicyName.LRU: Lru,
    PolicyName.LFU: Lfu,
    PolicyName.S3_FIFO: S3Fifo,
    PolicyName.W_TINYLFU: WTinyLfu,
}


def policy_named(name: PolicyName, capacity: int) -> Policy:
    """Return a policy that keeps up to ``capacity`` keys resident."""
    return _MAKERS[name](capacity)
