"""Laws of laying a model over cards: what is printed fits, divides, and grows as it must."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.errors import SettingsError
from yanku.serving.architecture import Architecture, from_config, known_models
from yanku.serving.launching import Launch
from yanku.serving.sizing import (
    Cache,
    Cards,
    Layout,
    Weights,
    Wish,
    cache_bytes_per_token,
    divides,
    layouts,
    plan,
    read_cards,
    runs_fp8,
    weight_bytes,
)

GIB = 2**30


@st.composite
def models(draw: st.DrawFn) -> Architecture:
    kv_heads = draw(st.sampled_from([1, 2, 4, 8]))
    heads = kv_heads * draw(st.sampled_from([1, 2, 4, 7]))
    experts = draw(st.sampled_from([0, 0, 8, 64]))
    return Architecture(
        hidden=draw(st.sampled_from([512, 2048, 4096, 8192])),
        layers=draw(st.integers(1, 96)),
        heads=heads,
        kv_heads=kv_heads,
        head_size=draw(st.sampled_from([64, 128])),
        intermediate=draw(st.sampled_from([1024, 11008, 18944])),
        vocabulary=draw(st.sampled_from([32000, 151936])),
        longest=draw(st.sampled_from([4096, 32768, 262144])),
        tied=draw(st.booleans()),
        experts=experts,
        experts_used=min(experts, 8),
        experts_shared=1 if experts else 0,
        expert_size=1536 if experts else 0,
    )


CARDS = st.builds(
    Cards, st.integers(1, 3), st.sampled_from([1, 2, 4, 8]), st.just("H20"),
    st.sampled_from([24, 40, 96]).map(lambda gb: gb * GIB),
)  # fmt: skip
WISHES = st.builds(
    Wish, st.sampled_from(Weights), st.sampled_from(Cache), st.sampled_from([0, 2048, 16384]),
    st.integers(1, 200), st.sampled_from([0.7, 0.9]), st.sampled_from([2048, 8192]),
)  # fmt: skip


@given(models(), CARDS, WISHES)
def test_every_layout_fits_and_divides(model: Architecture, cards: Cards, wish: Wish) -> None:
    for layout in layouts(model, cards, wish):
        assert layout.weights + layout.working + layout.cache <= cards.memory * wish.share + 1
        assert layout.cards * layout.replicas <= cards.count
        assert layout.tensor <= cards.per_node
        assert model.heads % layout.tensor == 0
        assert layout.pipeline <= model.layers
        assert 1 <= layout.length <= model.longest
        assert layout.concurrency * layout.length <= layout.tokens
        assert layout.concurrency >= 1


@given(models(), CARDS, WISHES)
def test_the_cards_of_a_replica_hold_all_weights(
    model: Architecture, cards: Cards, wish: Wish
) -> None:
    """Nothing is lost when a model is cut up: embedding, packed weights, norms."""
    whole = weight_bytes(model.linear, wish.weights) + 2 * model.embedding
    for layout in layouts(model, cards, wish):
        assert layout.weights * layout.cards >= whole * 0.999


@given(models(), CARDS, WISHES)
def test_the_plan_is_one_of_the_layouts_and_no_smaller_one_gives_as_much(
    model: Architecture, cards: Cards, wish: Wish
) -> None:
    every = list(layouts(model, cards, wish))
    if not every:
        with pytest.raises(SettingsError, match="does not fit"):
            plan(model, cards, wish)
        return
    chosen = plan(model, cards, wish)
    assert chosen in every
    length = min(wish.length or max(layout.length for layout in every), model.longest)

    def enough(layout: Layout) -> bool:
        given_at_once = layout.concurrency * layout.replicas
        return layout.length >= length and given_at_once >= wish.concurrency

    if enough(chosen):
        assert not any(enough(layout) for layout in every[: every.index(chosen)])


@given(models(), st.sampled_from([1, 2, 4, 8]), st.integers(1, 8))
def test_the_cache_of_a_token_is_shared_by_heads_and_stages_and_never_lost(
    model: Architecture, tensor: int, stages: int
) -> None:
    whole = cache_bytes_per_token(model)
    shared = cache_bytes_per_token(model, tensor, stages)
    assert shared * tensor * stages >= whole
    assert cache_bytes_per_token(model, tensor, stages, Cache.FP8) * 2 == shared
    if tensor > model.kv_heads:
        assert shared == cache_bytes_per_token(model, model.kv_heads, stages)


@given(st.integers(1, 10**11))
def test_fewer_bits_take_less_and_scales_are_counted(parameters: int) -> None:
    assert weight_bytes(parameters, Weights.BF16) == 2 * weight_bytes(parameters, Weights.FP8)
    four = weight_bytes(parameters, Weights.INT4)
    assert parameters / 2 < four <= parameters * 0.52 + 1


@pytest.mark.parametrize(
    ("name", "billions", "active"),
    # As the makers publish them on the models' cards.
    [
        ("hunyuan-a13b-instruct", 80.4, 13),
        ("hunyuan-7b-instruct", 7.5, 7.5),
        ("qwen2.5-0.5b-instruct", 0.49, 0.49),
        ("qwen2.5-3b-instruct", 3.09, 3.09),
        ("qwen2.5-7b-instruct", 7.61, 7.61),
        ("qwen2.5-72b-instruct", 72.7, 72.7),
        ("qwen3-8b", 8.2, 8.2),
        ("qwen3-30b-a3b", 30.5, 3.3),
        ("qwen3-235b-a22b", 235, 22),
    ],
)
def test_known_models_have_the_parameters_their_makers_publish(
    name: str, billions: float, active: float
) -> None:
    model = known_models()[name].architecture
    assert model.total / 1e9 == pytest.approx(billions, rel=0.01)
    assert model.active / 1e9 == pytest.approx(active, rel=0.03)


def test_hunyuan_a13b_takes_the_room_its_files_take() -> None:
    """The published checkpoints have 160.8, 80.9 and 42.7 GB (BF16, FP8, GPTQ INT4)."""
    model = known_models()["hunyuan-a13b-instruct"].architecture
    plain = 2 * (model.embedding + model.small)
    for kind, gigabytes in ((Weights.BF16, 160.8), (Weights.FP8, 80.9), (Weights.INT4, 42.7)):
        assert (weight_bytes(model.linear, kind) + plain) / 1e9 == pytest.approx(
            gigabytes, rel=0.005
        )


def test_hunyuan_a13b_on_eight_cards_is_two_cards_a_replica() -> None:
    model = known_models()["hunyuan-a13b-instruct"].architecture
    layout = plan(model, read_cards("8xH20-96G"), Wish(Weights.FP8, length=32768))
    assert (layout.tensor, layout.pipeline, layout.replicas) == (2, 1, 4)
    assert layout.cache_per_token == 2 * 32 * 4 * 128 * 2


def test_what_is_too_large_for_a_node_is_cut_into_stages_across_nodes() -> None:
    model = known_models()["qwen3-235b-a22b"].architecture
    layout = plan(model, read_cards("2x8xA100-40G"), Wish(length=8192))
    assert (layout.tensor, layout.pipeline) == (8, 2)


@pytest.mark.parametrize("text", ["8H20", "8xH20", "0xH20-96G", "8xH20-0G", "x8xH20-96G", ""])
def test_cards_that_are_not_understood_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        read_cards(text)


def test_only_cards_that_compute_in_fp8_are_said_to() -> None:
    assert runs_fp8(read_cards("8xH20-96G"))
    assert not runs_fp8(read_cards("8xA100-80G"))


@pytest.mark.parametrize(
    "change",
    [
        {"kv_lora_rank": 512},
        {"use_cla": True},
        {"hidden_size": 0},
        {"num_key_value_heads": 3},
        {"moe_topk": [1, 2], "num_experts": 4},
        {"hidden_size": None},
        {"text_config": {"hidden_size": 1}},
    ],
)
def test_a_configuration_that_cannot_be_sized_is_refused(change: dict[str, object]) -> None:
    config = {
        "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 100,
    }  # fmt: skip
    from_config(config)
    with pytest.raises(SettingsError):
        from_config(config | change)


def test_groups_of_scales_are_not_cut_by_tensor_parallel() -> None:
    model = known_models()["qwen2.5-7b-instruct"].architecture
    assert divides(model, 4)
    assert not divides(model, 8)
    assert not divides(replace(model, intermediate=18944 - 128), 4, Weights.INT4)


def launch(model: str, cards: str, wish: Wish) -> Launch:
    known, found = known_models()[model], read_cards(cards)
    layout = plan(known.architecture, found, wish)
    return Launch(known.repository, model, known.architecture, layout, found, wish)


def test_the_command_says_what_the_plan_says() -> None:
    wish = Wish(Weights.FP8, Cache.FP8, length=16384)
    (command,) = launch("hunyuan-a13b-instruct", "8xH20-96G", wish).commands()
    for said in (
        "tencent/Hunyuan-A13B-Instruct", "--tensor-parallel-size=2", "--max-model-len=16384",
        "--quantization=fp8", "--kv-cache-dtype=fp8", "--reasoning-parser=hunyuan_a13b",
    ):  # fmt: skip
        assert said in command


def test_a_replica_over_two_nodes_has_a_command_for_each() -> None:
    started = launch("qwen3-235b-a22b", "2x8xA100-40G", Wish(length=8192))
    first, second = started.commands()
    assert "--nnodes=2" in first
    assert "--headless" not in first
    assert "--node-rank=1" in second
    assert "--headless" in second
    assert "nvidia.com/gpu: 8" in started.values()
