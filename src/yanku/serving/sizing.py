"""How a model is laid over graphics cards: weights, cache, parallel sizes, length, concurrency.

    node 0    [card 0][card 1][card 2][card 3]    one replica: tensor parallel 2 over neighbours,
                 stage 0 ────┘                    so that what they exchange each layer stays
    node 1    [card 0][card 1][card 2][card 3]    inside a node; pipeline stages may cross nodes,
                 stage 1 ────┘                    for they hand over only one vector a token

The formulas are explained in docs/models.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from yanku.errors import SettingsError
from yanku.serving.architecture import Architecture

_GPUS = re.compile(r"(?:(?P<nodes>\d+)x)?(?P<each>\d+)x(?P<name>[A-Za-z][\w.]*)-(?P<gb>\d+)G")
_GB = 10**9
_GIB = 2**30
_FP8_CARDS = ("H20", "H100", "H200", "H800", "L20", "L40", "L40S", "B100", "B200", "B300", "GB200")
_GROUP = 128
"""Weights that share a scale where a quantisation is in groups."""


class Weights(StrEnum):
    """How weights are kept on the card."""

    BF16 = "bf16"
    FP8 = "fp8"
    INT8 = "int8"
    INT4 = "int4"


class Cache(StrEnum):
    """How keys and values are kept."""

    BF16 = "bf16"
    FP8 = "fp8"


@dataclass(frozen=True, slots=True)
class Cards:
    """Nodes of equal cards, each with so many bytes."""

    nodes: int
    per_node: int
    name: str
    memory: int

    @property
    def count(self) -> int:
        """Return the cards of all nodes."""
        return self.nodes * self.per_node


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: tokens of prompt and answer in all, answers at once over all replicas.

    ``share`` is the part of a card's memory that may be used; ``batch`` the tokens of one step.
    """

    weights: Weights = Weights.BF16
    cache: Cache = Cache.BF16
    length: int = 0
    concurrency: int = 64
    share: float = 0.9
    batch: int = 8192
    tensor: int = 0
    pipeline: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay one replica over cards. Bytes are of the fullest card."""

    tensor: int
    pipeline: int
    replicas: int
    weights: int
    working: int
    cache_per_token: int
    cache: int
    length: int
    concurrency: int

    @property
    def cards(self) -> int:
        """Return the cards of one replica."""
        return self.tensor * self.pipeline

    @property
    def tokens(self) -> int:
        """Return how many tokens the cache of one replica holds."""
        return self.cache // self.cache_per_token


def read_cards(text: str) -> Cards:
    """Return cards from ``8xH20-96G`` or, with nodes, ``2x8xH20-96G``; raise SettingsError."""
    found = _GPUS.fullmatch(text)
    if not found:
        raise SettingsError(f"{text!r}: write cards as 8xH20-96G, or 2x8xH20-96G for two nodes")
    nodes, each = int(found["nodes"] or 1), int(found["each"])
    memory = int(found["gb"]) * _GIB
    if min(nodes, each, memory) < 1:
        raise SettingsError(f"{text!r}: a number is zero")
    return Cards(nodes, each, found["name"], memory)


def weight_bytes(parameters: int, kind: Weights) -> int:
    """Return the bytes of packed weights, their scales included."""
    match kind:
        case Weights.BF16:
            return 2 * parameters
        case Weights.FP8 | Weights.INT8:
            return parameters
        case Weights.INT4:
            # In each group of 128 a scale in 16 bits and a zero point in 4.
            return ceil(parameters * (4 + 20 / _GROUP) / 8)


def cache_bytes_per_token(
    model: Architecture, tensor: int = 1, stages: int = 1, kind: Cache = Cache.BF16
) -> int:
    """Return the bytes a token's keys and values take on one card.

    With more cards than key-value heads, each head is kept by several cards.
    """
    heads = ceil(model.kv_heads / tensor)
    width = 2 if kind is Cache.BF16 else 1
    return 2 * ceil(model.layers / stages) * heads * model.head_size * width


def divides(model: Architecture, tensor: int, kind: Weights = Weights.BF16) -> bool:
    """Tell whether a model's heads and feed-forward can be shared by so many cards."""
    shared = model.kv_heads % tensor == 0 or tensor % model.kv_heads == 0
    sizes = [size for size in (_dense_size(model), model.expert_size) if size]
    group = _GROUP if kind is Weights.INT4 else 1
    return (
        model.heads % tensor == 0 and shared and all(size % (tensor * group) == 0 for size in sizes)
    )


def layouts(model: Architecture, cards: Cards, wish: Wish) -> Iterator[Layout]:
    """Yield every way that fits, few cards per replica first, and tensor parallel before stages."""
    for used in range(1, cards.count + 1):
        for stages in range(1, min(used, model.layers) + 1):
            tensor, rest = divmod(used, stages)
            if rest or not _allowed(model, cards, wish, tensor, stages):
                continue
            layout = _layout(model, cards, wish, tensor, stages)
            if layout is not None:
                yield layout


def plan(model: Architecture, cards: Cards, wish: Wish) -> Layout:
    """Return the layout with the fewest cards per replica that gives what is wished.

    If none does, the one that comes nearest. Raises SettingsError if the model fits in no way.
    """
    found = list(layouts(model, cards, wish))
    if not found:
        need = _weights_on_card(model, 1, 1, wish.weights) / _GB
        raise SettingsError(
            f"the model does not fit: {need:.0f} GB of weights in {wish.weights}, and "
            f"{cards.count} cards with {cards.memory / _GIB:.0f} GiB, or the sizes asked for do "
            f"not divide its {model.heads} heads"
        )
    length = min(wish.length or max(layout.length for layout in found), model.longest)
    for layout in found:
        total = layout.concurrency * layout.replicas
        if layout.length >= length and total >= wish.concurrency:
            return layout
    return max(
        found, key=lambda layout: (layout.length >= length, layout.concurrency * layout.replicas)
    )


def runs_fp8(cards: Cards) -> bool:
    """Tell whether the cards compute in FP8 rather than unpack it."""
    return cards.name.upper().startswith(_FP8_CARDS)


def _allowed(model: Architecture, cards: Cards, wish: Wish, tensor: int, stages: int) -> bool:
    """Tell whether sizes are of the model's and the nodes' measure, and as asked."""
    if wish.tensor not in (0, tensor) or wish.pipeline not in (0, stages):
        return False
    if tensor > cards.per_node or not divides(model, tensor, wish.weights):
        return False
    # A stage stays inside a node, and a node holds whole stages.
    per_node = cards.per_node // tensor
    if per_node * cards.nodes < stages:
        return False
    # Stages within a node are for models whose heads more cards could not share.
    wider = tensor * 2 <= cards.per_node and divides(model, tensor * 2, wish.weights)
    return stages <= cards.nodes or bool(wish.pipeline) or bool(wish.tensor) or not wider


def _layout(
    model: Architecture, cards: Cards, wish: Wish, tensor: int, stages: int
) -> Layout | None:
    weights = _weights_on_card(model, tensor, stages, wish.weights)
    each = cache_bytes_per_token(model, tensor, stages, wish.cache)
    working = _working(model, wish, tensor, stages)
    left = int(cards.memory * wish.share) - weights - working
    longest = min(wish.length or model.longest, model.longest)
    length = min(longest, left // each if left > 0 else 0)
    if length < 1:
        return None
    per_node = cards.per_node // tensor
    replicas = max(1, per_node * cards.nodes // stages)
    return Layout(
        tensor, stages, replicas, weights, working, each, left, length, left // each // length
    )


def _weights_on_card(model: Architecture, tensor: int, stages: int, kind: Weights) -> int:
    """Return the bytes of weights on the fullest card: a whole stage, with embedding or head.

    Norms and routers are on every card; the embedding is shared by rows.
    """
    layers = ceil(model.layers / stages)
    linear = weight_bytes(model.linear, kind) * layers / model.layers / tensor
    replicated = 0.0
    if tensor > model.kv_heads:  # key and value projections are kept by several cards
        narrow = 2 * model.hidden * model.head_size * model.kv_heads * layers
        replicated = weight_bytes(narrow, kind) * (1 / model.kv_heads - 1 / tensor)
    ends = model.embedding if stages == 1 or model.tied else model.embedding / 2
    small = 2 * model.small * layers / model.layers
    return ceil(linear + replicated + 2 * ends / tensor + small)


def _working(model: Architecture, wish: Wish, tensor: int, stages: int) -> int:
    """Return the bytes a step works in: the widest layer's values, the logits, and what a process
    takes for itself (context, graphs, buffers of the exchange).
    """
    wide = max(
        (model.heads + 2 * model.kv_heads) * model.head_size,
        2 * _dense_size(model),
        2 * model.expert_size * (model.experts_used + model.experts_shared),
    )
    values = wish.batch * 2 * (4 * model.hidden + ceil(wide / tensor))
    at_once = ceil(wish.concurrency / max(1, stages))
    logits = at_once * model.vocabulary * 4
    return values + logits + 2 * _GIB + (_GIB if tensor * stages > 1 else 0)


def _dense_size(model: Architecture) -> int:
    """Return the size of the plain feed-forward, 0 where every layer has experts."""
    return model.intermediate if not model.experts or model.dense_layers else 0
