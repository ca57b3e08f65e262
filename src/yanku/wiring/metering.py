"""What is watched: the parts' states, read when somebody looks at the meters."""

from __future__ import annotations

import platform
from collections.abc import Iterable

from yanku import __version__
from yanku.adapters import gpus
from yanku.adapters.meters import PrometheusMeters
from yanku.adapters.postgres.census import COUNTED, POOLED, Census
from yanku.adapters.postgres.pool import Pool
from yanku.flows.memory import Memory
from yanku.model.kept import Reuse
from yanku.model.meter import Reading
from yanku.model.meters import (
    BREAKER,
    BUILD,
    CACHE,
    CACHED,
    MOST_RUNNING,
    REFUSED,
    RELEASE_WEIGHT,
    RUNNING,
    WAITING,
)
from yanku.ports import Meters
from yanku.serving.admission import Admission
from yanku.serving.breaker import State
from yanku.serving.fleet import Fleet
from yanku.serving.releases import Releases
from yanku.settings import CacheSettings


def new_meters(pool: Pool | None = None) -> Meters:
    """Return meters, with the state of a database where there is one."""
    meters = PrometheusMeters()
    meters.set(BUILD, 1, __version__, platform.python_version())
    meters.watch(gpus.READ, gpus.GpuMemory().readings)
    if pool is not None:
        census = Census(pool)
        meters.watch(COUNTED, census.counted)
        meters.watch(POOLED, census.pooled)
    return meters


def watch_admission(meters: Meters, admission: Admission) -> None:
    """Have the line in front of the models watched."""

    async def look() -> Iterable[Reading]:
        return [
            Reading(WAITING, admission.in_line),
            Reading(RUNNING, admission.inside),
            Reading(MOST_RUNNING, admission.limit.value),
            *(
                Reading(REFUSED, admission.refused[reason], (reason,))
                for reason in Admission.REASONS
            ),
        ]

    meters.watch((WAITING, RUNNING, MOST_RUNNING, REFUSED), look)


def watch_fleet(meters: Meters, fleet: Fleet) -> None:
    """Have the breakers of all replicas watched."""

    async def look() -> Iterable[Reading]:
        # One engine may serve two versions, and is then seen twice.
        seen = [replica for serving in fleet.seen() for replica in serving.replicas]
        states = {(replica.name, replica.state) for replica in seen}
        return [
            Reading(BREAKER, (name, state) in states, (name, state.value))
            for name in sorted({replica.name for replica in seen})
            for state in State
        ]

    meters.watch((BREAKER,), look)


def watch_releases(meters: Meters, releases: Releases) -> None:
    """Have the shares of all model versions watched."""

    async def look() -> Iterable[Reading]:
        weights: dict[str, float] = releases.snapshot()["weights"]
        return [Reading(RELEASE_WEIGHT, share, (name,)) for name, share in weights.items()]

    meters.watch((RELEASE_WEIGHT,), look)


def watch_memory(meters: Meters, memory: Memory, chosen: CacheSettings) -> None:
    """Have the answers that are given again watched."""
    policy = chosen.policy.value if chosen.where == "memory" else chosen.where

    async def look() -> Iterable[Reading]:
        return [
            Reading(CACHE, memory.missed, (policy, "miss")),
            *(Reading(CACHE, memory.reused[reuse], (policy, reuse.value)) for reuse in Reuse),
            Reading(CACHED, await memory.size(), (policy,)),
        ]

    meters.watch((CACHE, CACHED), look)
