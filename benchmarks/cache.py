"""What share of questions each cache policy answers from what it kept, on the same made-up traces.

    python benchmarks/cache.py [--length 60000] [--seeds 3] [--capacity 200]

The trace ``desk`` has the shape of which an article reports 45 % for LRU and 62 % for LFU. ``best``
is what a policy would reach that knew the future (Belady), so nobody can do better.
"""

from __future__ import annotations

import argparse
import heapq
import statistics
import time
from collections.abc import Callable, Iterator

from yanku.serving.policies import PolicyName, policy_named
from yanku.testing.traces import bursts, desk, hit_rate, scans, zipf_with_drift

TRACES: tuple[Callable[[int, int], Iterator[str]], ...] = (desk, zipf_with_drift, bursts, scans)


def best_possible(trace: list[str], capacity: int) -> float:
    """Return the hit rate of letting go what is asked for last in the future."""
    following, after = [0] * len(trace), dict[str, int]()
    for at in range(len(trace) - 1, -1, -1):
        following[at] = after.get(trace[at], len(trace))
        after[trace[at]] = at
    resident, far, hits = dict[str, int](), list[tuple[int, str]](), 0
    for at, key in enumerate(trace):
        if key in resident:
            hits += 1
        elif len(resident) >= capacity:
            while resident.get(far[0][1]) != -far[0][0]:
                heapq.heappop(far)
            del resident[heapq.heappop(far)[1]]
        resident[key] = following[at]
        heapq.heappush(far, (-following[at], key))
    return hits / len(trace)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--length", type=int, default=60_000)
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--capacity", type=int, default=200)
    chosen = asked.parse_args()
    print(f"| trace | {' | '.join(PolicyName)} | best possible |")
    print("|---" * (len(PolicyName) + 2) + "|")
    spent = dict.fromkeys(PolicyName, 0.0)
    for made in TRACES:
        traces = [list(made(chosen.length, seed)) for seed in range(chosen.seeds)]
        cells = []
        for name in PolicyName:
            began = time.perf_counter()
            rates = [hit_rate(trace, policy_named(name, chosen.capacity)) for trace in traces]
            spent[name] += time.perf_counter() - began
            cells.append(f"{statistics.mean(rates):.1%}")
        best = statistics.mean(best_possible(trace, chosen.capacity) for trace in traces)
        print(f"| {made.__name__} | {' | '.join(cells)} | {best:.1%} |")
    questions = chosen.length * chosen.seeds * len(TRACES)
    cost = " | ".join(f"{seconds / questions * 1e6:.1f} µs" for seconds in spent.values())
    print(f"| a question costs | {cost} | |")


if __name__ == "__main__":
    main()
