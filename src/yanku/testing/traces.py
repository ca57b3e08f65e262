"""Made-up histories of questions, for comparing what a cache keeps."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterator, Sequence

from yanku.serving.policies import Policy


class Popular:
    """Draws items so that the n-th is asked for 1/n^skew as often as the first."""

    def __init__(self, items: int, skew: float, chance: random.Random) -> None:
        weights = [1 / (rank**skew) for rank in range(1, items + 1)]
        self._sums = list(itertools.accumulate(weights))
        self._chance = chance
        self._names = list(range(items))

    def draw(self) -> int:
        """Return one item."""
        at = bisect.bisect_left(self._sums, self._chance.random() * self._sums[-1])
        return self._names[min(at, len(self._names) - 1)]

    def drift(self, share: float) -> None:
        """Give a share of all items the popularity of others."""
        moved = self._chance.sample(range(len(self._names)), int(len(self._names) * share))
        turned = [self._names[at] for at in moved[1:] + moved[:1]]
        for at, name in zip(moved, turned, strict=True):
            self._names[at] = name


def desk(length: int, seed: int) -> Iterator[str]:
    """Yield the article's shape: at a cache of 200, LRU hits 45 % and LFU 62 %.

    People ask what is popular and things nobody asks again; every morning a program walks through
    the same list of 110, and now and then an entry of it changes. LRU forgets the list before it
    comes round, and LFU never forgets what was popular once.
    """
    chance = random.Random(seed)  # noqa: S311 - a made-up history, repeatable
    popular, once = Popular(200, 0.9, chance), itertools.count()
    walk = [f"list-{next(once)}" for _ in range(110)]
    done = 0
    while done < length:
        day = [f"q-{popular.draw()}" for _ in range(300)]
        day += [f"once-{next(once)}" for _ in range(60)]
        chance.shuffle(day)
        yield from day
        yield from walk
        popular.drift(0.02)
        for _ in range(2):
            walk[chance.randrange(len(walk))] = f"list-{next(once)}"
        done += len(day) + len(walk)


def zipf_with_drift(length: int, seed: int) -> Iterator[str]:
    """Yield questions whose popularity wanders."""
    chance = random.Random(seed)  # noqa: S311
    popular = Popular(5_000, 0.9, chance)
    for number in range(length):
        if number % 1_000 == 999:
            popular.drift(0.05)
        yield f"q-{popular.draw()}"


def bursts(length: int, seed: int) -> Iterator[str]:
    """Yield news: something nobody asked before is asked by many for a while, then by none."""
    chance = random.Random(seed)  # noqa: S311
    popular = Popular(5_000, 0.8, chance)
    news = 0
    for number in range(length):
        if number % 500 == 0:
            news += 1
        hot = chance.random() < 0.3 * (1 - number % 500 / 500)
        yield f"news-{news}-{chance.randrange(12)}" if hot else f"q-{popular.draw()}"


def scans(length: int, seed: int) -> Iterator[str]:
    """Yield programs that ask the same for every company in turn, between people's questions."""
    chance = random.Random(seed)  # noqa: S311
    popular = Popular(3_000, 1.0, chance)
    done = 0
    while done < length:
        for _ in range(300):
            yield f"q-{popular.draw()}"
        for company in range(700):
            yield f"scan-{company}-{chance.randrange(40)}"
        done += 1_000


def hit_rate(trace: Sequence[str], policy: Policy, warm: int = 0) -> float:
    """Return the share of a trace, after ``warm`` questions, that a policy had kept."""
    resident: set[str] = set()
    hits = 0
    for number, key in enumerate(trace):
        policy.seen(key)
        if key in resident:
            hits += number >= warm
            continue
        resident.add(key)
        resident.difference_update(policy.admit(key))
    return hits / (len(trace) - warm)
