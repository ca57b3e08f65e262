"""Laws of fusion: fair to channels, blind to their order, never punishing a better rank."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yanku.model.library import ChunkId
from yanku.model.search import Channel
from yanku.retrieve.fuse import Fused, fuse

ids = st.integers(0, 30).map(lambda n: ChunkId(f"{n:032x}"))
ranking = st.lists(ids, unique=True, max_size=20).map(tuple)
weight = st.floats(0.1, 10)


def placing(fused: tuple[Fused, ...]) -> list[tuple[ChunkId, float]]:
    return [(f.chunk, f.score) for f in fused]


@given(ranking, ranking)
def test_channels_of_equal_weight_may_change_places(
    one: tuple[ChunkId, ...], two: tuple[ChunkId, ...]
) -> None:
    straight = fuse({Channel.WORDS: one, Channel.VECTORS: two})
    crossed = fuse({Channel.WORDS: two, Channel.VECTORS: one})
    assert placing(straight) == placing(crossed)


@given(ranking, ranking, weight)
def test_the_order_in_which_channels_are_given_does_not_matter(
    one: tuple[ChunkId, ...], two: tuple[ChunkId, ...], w: float
) -> None:
    weights = {Channel.VECTORS: w}
    assert fuse({Channel.WORDS: one, Channel.VECTORS: two}, weights) == fuse(
        {Channel.VECTORS: two, Channel.WORDS: one}, weights
    )


@given(ranking.filter(lambda r: len(r) > 1), ranking, weight, st.data())
def test_a_better_rank_in_one_channel_never_lowers_a_chunk(
    one: tuple[ChunkId, ...], two: tuple[ChunkId, ...], w: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(one) - 1))
    raised = (*one[: place - 1], one[place], one[place - 1], *one[place + 1 :])
    weights = {Channel.WORDS: w}
    before = fuse({Channel.WORDS: one, Channel.VECTORS: two}, weights)
    after = fuse({Channel.WORDS: raised, Channel.VECTORS: two}, weights)
    order = [[f.chunk for f in fused] for fused in (before, after)]
    assert order[1].index(one[place]) <= order[0].index(one[place])


@given(ranking, ranking)
def test_every_chunk_found_comes_once_with_the_ranks_that_brought_it(
    one: tuple[ChunkId, ...], two: tuple[ChunkId, ...]
) -> None:
    fused = fuse({Channel.WORDS: one, Channel.VECTORS: two})
    assert sorted(f.chunk for f in fused) == sorted({*one, *two})
    for f in fused:
        for channel, found in ((Channel.WORDS, one), (Channel.VECTORS, two)):
            assert f.ranks.get(channel) == (found.index(f.chunk) + 1 if f.chunk in found else None)


@given(ranking)
def test_one_channel_alone_keeps_its_order(one: tuple[ChunkId, ...]) -> None:
    assert tuple(f.chunk for f in fuse({Channel.WORDS: one})) == one


@given(ranking, ranking)
def test_scores_fall_from_first_to_last(one: tuple[ChunkId, ...], two: tuple[ChunkId, ...]) -> None:
    scores = [f.score for f in fuse({Channel.WORDS: one, Channel.VECTORS: two})]
    assert scores == sorted(scores, reverse=True)
