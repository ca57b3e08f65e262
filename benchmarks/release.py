"""After how many requests a bad model version is rolled back, and how often an equal one is.

    python benchmarks/release.py [--runs 300] [--equal 200] [--seed 1] [--rehearsals 300]

Releases are played through with the product's own guards; ``tests/contract/test_http_release.py``
does the same over HTTP. A clean record is 20,000 answers of the stable version without a failure.
Errors come in rehearsals as in people's requests; 0 requests are a version that did not pass them.
With ``--rehearsals 0`` people are its first requests.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

from yanku.model.release import Count
from yanku.serving.guards import Guards
from yanku.testing.trials import Behaviour, lasted

GOOD = Behaviour()
CLEAN = Count(0, 20_000)
BAD = {
    "3x latency": Behaviour(median_s=6.0),
    "3x latency, times that vary much": Behaviour(median_s=6.0, spread=1.0),
    "2 % errors": Behaviour(failures=0.02),
    "5 % errors": Behaviour(failures=0.05),
    "declines all": Behaviour(declines=1.0, withheld=0.0),
    "wrong numbers (a sentence withheld in 6 of 10)": Behaviour(withheld=0.6),
}
EQUAL = {
    "equal": Behaviour(),
    "equal, both fail 0.2 %": Behaviour(failures=0.002),
    "equal, both fail 1 %": Behaviour(failures=0.01),
    "equal, times that vary much": Behaviour(spread=1.0),
    "equal, both decline half": Behaviour(declines=0.5, withheld=0.3, uncited=0.05),
}


def main() -> None:
    chosen = _arguments()
    began = time.perf_counter()
    print(
        "| version | weight | record | rolled back after (median, 90 %) | within 60 | within 200 |"
    )
    print("|---|---|---|---|---|---|")
    for name, bad in BAD.items():
        stable = Behaviour(spread=bad.spread)
        for record in (Count(0, 0), CLEAN) if "errors" in name else (Count(0, 0),):
            for weight in (0.05, 0.5):
                _bad(name, stable, bad, weight, record, chosen)
    print("\n| version | weight | requests | runs | rolled back |")
    print("|---|---|---|---|---|")
    for name, equal in EQUAL.items():
        _equal(name, equal, 0.5, chosen)
    print(f"\n{time.perf_counter() - began:.0f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--equal", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rehearsals", type=int, default=300)
    return parser.parse_args()


def _bad(
    name: str,
    stable: Behaviour,
    bad: Behaviour,
    weight: float,
    record: Count,
    chosen: argparse.Namespace,
) -> None:
    chance, guards = random.Random(chosen.seed), Guards(record=record)  # noqa: S311 - repeatable
    found = [
        lasted(
            chance,
            stable,
            bad,
            weight=weight,
            requests=2000,
            guards=guards,
            rehearsals=chosen.rehearsals,
        )
        for _ in range(chosen.runs)
    ]
    after = sorted(outcome[0] if outcome else 2001 for outcome in found)
    shares = [sum(n <= limit for n in after) / len(after) for limit in (60, 200)]
    ninety = after[len(after) * 9 // 10]
    print(
        f"| {name} | {weight:.0%} | {'clean' if record.of else 'none'} "
        f"| {statistics.median(after):.0f}, {ninety} | {shares[0]:.0%} | {shares[1]:.0%} |",
        flush=True,
    )


def _equal(name: str, both: Behaviour, weight: float, chosen: argparse.Namespace) -> None:
    chance = random.Random(chosen.seed)  # noqa: S311 - repeatable
    found = [
        lasted(
            chance,
            both,
            both,
            weight=weight,
            requests=10_000,
            guards=Guards(),
            rehearsals=chosen.rehearsals,
        )
        for _ in range(chosen.equal)
    ]
    gone = sum(outcome is not None for outcome in found)
    print(f"| {name} | {weight:.0%} | 10,000 | {chosen.equal} | {gone} |", flush=True)


if __name__ == "__main__":
    main()
