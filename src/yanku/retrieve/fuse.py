"""Several rankings merged into one by reciprocal rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from yanku.model.library import ChunkId
from yanku.model.search import Channel, Rankings

K = 60
"""The constant of Cormack, Clarke and Büttcher (SIGIR 2009): how little the first ranks weigh."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A chunk with its merged score, and its rank, from 1, in each channel that found it."""

    chunk: ChunkId
    score: float
    ranks: Mapping[Channel, int]


def fuse(
    rankings: Rankings, weights: Mapping[Channel, float] | None = None, k: float = K
) -> tuple[Fused, ...]:
    """Return all ranked chunks, best first, scored Σ weight ÷ (k + rank); ties go by chunk id.

    A channel without a weight weighs 1. A chunk named twice in a channel counts at its best rank.
    """
    weights = weights or {}
    ranks: dict[ChunkId, dict[Channel, int]] = {}
    for channel in sorted(rankings):
        for rank, chunk in enumerate(dict.fromkeys(rankings[channel]), start=1):
            ranks.setdefault(chunk, {})[channel] = rank
    merged = [
        Fused(chunk, fsum(weights.get(c, 1.0) / (k + rank) for c, rank in found.items()), found)
        for chunk, found in ranks.items()
    ]
    return tuple(sorted(merged, key=lambda fused: (-fused.score, fused.chunk)))
