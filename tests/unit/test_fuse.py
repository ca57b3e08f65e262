"""Merging rankings: worked examples."""

from __future__ import annotations

import pytest

from yanku.model.library import ChunkId
from yanku.model.search import Channel
from yanku.retrieve.fuse import fuse

A, B, C = (ChunkId(letter * 32) for letter in "abc")


def test_a_chunk_two_channels_agree_on_beats_each_channel_s_own_favourite() -> None:
    fused = fuse({Channel.WORDS: (A, B), Channel.VECTORS: (C, B)})
    assert [f.chunk for f in fused] == [B, A, C]
    assert fused[0].ranks == {Channel.WORDS: 2, Channel.VECTORS: 2}


def test_the_score_is_the_weighted_sum_of_reciprocal_ranks() -> None:
    (fused,) = fuse({Channel.WORDS: (A,), Channel.VECTORS: (A,)}, {Channel.VECTORS: 0.5}, k=9)
    assert fused.score == pytest.approx(0.1 + 0.05)


def test_a_heavier_channel_decides_between_favourites() -> None:
    rankings = {Channel.WORDS: (A,), Channel.VECTORS: (C,)}
    assert fuse(rankings, {Channel.VECTORS: 2.0})[0].chunk == C
    assert fuse(rankings, {Channel.WORDS: 2.0})[0].chunk == A


def test_a_chunk_named_twice_counts_once_at_its_best_rank() -> None:
    first, second = fuse({Channel.WORDS: (A, B, A)})
    assert (first.chunk, first.ranks) == (A, {Channel.WORDS: 1})
    assert (second.chunk, second.ranks) == (B, {Channel.WORDS: 2})


def test_nothing_found_is_nothing_merged() -> None:
    assert fuse({}) == fuse({Channel.WORDS: ()}) == ()
