"""What a model is made of, as its config.json says, and how many parameters that gives."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from yanku.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder of attention and gated feed-forward layers, dense or with experts.

    ``dense_layers`` have the plain feed-forward of size ``intermediate``; the others have
    ``experts``, of which each token uses ``experts_used`` and all ``experts_shared``.
    """

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    intermediate: int
    vocabulary: int
    longest: int
    tied: bool = False
    attention_bias: bool = False
    query_key_norm: bool = False
    experts: int = 0
    experts_used: int = 0
    experts_shared: int = 0
    expert_size: int = 0
    dense_layers: int = 0
    kind: str = ""

    @property
    def embedding(self) -> int:
        """Return the parameters of the embedding and, if it is another matrix, of the head."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2)

    @property
    def attention(self) -> int:
        """Return the parameters of the four projections of a layer."""
        wide, narrow = self.heads * self.head_size, self.kv_heads * self.head_size
        bias = wide + 2 * narrow if self.attention_bias else 0
        return 2 * self.hidden * wide + 2 * self.hidden * narrow + bias

    @property
    def linear(self) -> int:
        """Return the parameters that a quantisation packs: everything but embedding and norms."""
        dense = self.dense_layers if self.experts else self.layers
        each = self.experts + self.experts_shared
        return (
            self.layers * self.attention
            + dense * 3 * self.hidden * self.intermediate
            + (self.layers - dense) * each * 3 * self.hidden * self.expert_size
        )

    @property
    def small(self) -> int:
        """Return the parameters of norms and routers."""
        norms = 2 * self.hidden + (2 * self.head_size if self.query_key_norm else 0)
        routed = (self.layers - self.dense_layers) * self.hidden * self.experts
        return self.layers * norms + self.hidden + routed

    @property
    def total(self) -> int:
        """Return all parameters."""
        return self.embedding + self.linear + self.small

    @property
    def active(self) -> int:
        """Return the parameters that one token passes through."""
        idle = max(0, self.experts - self.experts_used)
        routed_layers = self.layers - self.dense_layers if self.experts else 0
        return self.total - routed_layers * idle * 3 * self.hidden * self.expert_size


@dataclass(frozen=True, slots=True)
class Known:
    """An architecture under a model's name. ``repository`` is its name at the hubs."""

    name: str
    architecture: Architecture
    repository: str
    source: str


@cache
def known_models() -> Mapping[str, Known]:
    """Return the models whose configuration comes with this package, by name in small letters."""
    text = resources.files(__package__).joinpath("architectures.toml").read_text("utf-8")
    return {
        name.lower(): Known(
            name, from_config(said["config"], name), str(said["repository"]), str(said["source"])
        )
        for name, said in tomllib.loads(text).items()
    }


def from_config(config: Mapping[str, Any], origin: str = "config.json") -> Architecture:
    """Return the architecture a config.json describes; raise SettingsError if it cannot be sized.

    Latent attention keeps another kind of cache, and layers with windows or states a smaller one:
    both are refused rather than sized wrongly.
    """
    for key in ("kv_lora_rank", "text_config", "ssm_cfg", "linear_num_value_heads"):
        if config.get(key):
            raise SettingsError(f"{origin}: {key} is set; such a model is not sized here")
    if config.get("use_mla") or config.get("use_cla"):
        raise SettingsError(f"{origin}: it shares or packs its cache; such a model is not sized")
    try:
        return _architecture(config)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{origin} is no configuration of a decoder: {error!r}") from error


def _architecture(config: Mapping[str, Any]) -> Architecture:
    hidden, layers = int(config["hidden_size"]), int(config["num_hidden_layers"])
    heads = int(config["num_attention_heads"])
    intermediate = int(config.get("intermediate_size") or 0)
    experts = _one(config, "num_experts", "num_local_experts", "n_routed_experts")
    experts = experts if experts > 1 else 0
    kv_heads = _one(config, "num_key_value_heads") or heads
    head_size = _one(config, "head_dim", "attention_head_dim") or hidden // heads
    if min(hidden, layers, heads, kv_heads, head_size, int(config["vocab_size"])) < 1:
        raise ValueError("a size is not positive")
    if heads % kv_heads:
        raise ValueError(f"{heads} heads cannot share {kv_heads} key-value heads")
    expert_size = _one(config, "moe_intermediate_size") or intermediate
    return Architecture(
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_size=head_size,
        intermediate=intermediate,
        vocabulary=int(config["vocab_size"]),
        longest=int(config.get("max_position_embeddings") or 4096),
        tied=bool(config.get("tie_word_embeddings", False)),
        attention_bias=bool(config.get("attention_bias", config.get("model_type") == "qwen2")),
        query_key_norm=bool(
            config.get("use_qk_norm", str(config.get("model_type")).startswith("qwen3"))
        ),
        experts=experts,
        experts_used=_one(config, "num_experts_per_tok", "moe_topk") if experts else 0,
        experts_shared=_one(config, "num_shared_expert", "n_shared_experts") if experts else 0,
        expert_size=expert_size if experts else 0,
        dense_layers=_dense_layers(config) if experts else 0,
        kind=str((config.get("architectures") or [config.get("model_type", "")])[0]),
    )


def _dense_layers(config: Mapping[str, Any]) -> int:
    plain = config.get("mlp_only_layers") or ()
    return _one(config, "first_k_dense_replace") or len(plain)


def _one(config: Mapping[str, Any], *names: str) -> int:
    """Return a number by any of its names; one that differs between layers cannot be sized."""
    for name in names:
        value = config.get(name)
        if isinstance(value, list):
            if len(set(value)) > 1:
                raise ValueError(f"{name} differs between layers")
            value = value[0] if value else None
        if value is not None:
            return int(value)
    return 0
