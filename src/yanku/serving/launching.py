"""The command and the chart values that start a model laid out over cards."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yanku.serving.architecture import Architecture
from yanku.serving.sizing import Cache, Cards, Layout, Weights, Wish

_PARSERS: Mapping[str, tuple[str, str]] = {
    "HunYuanMoEV1ForCausalLM": ("hunyuan_a13b", "hunyuan_a13b"),
    "HunYuanDenseV1ForCausalLM": ("hunyuan_a13b", "hunyuan_a13b"),
    "Qwen2ForCausalLM": ("", "hermes"),
    "Qwen3ForCausalLM": ("qwen3", "hermes"),
    "Qwen3MoeForCausalLM": ("qwen3", "hermes"),
}
"""vLLM's names of the parsers for thoughts and for tool calls, by kind of model."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start: ``model`` is a folder or a repository, ``name`` what callers ask for."""

    model: str
    name: str
    architecture: Architecture
    layout: Layout
    cards: Cards
    wish: Wish
    quantised: bool = False
    """The checkpoint itself is in ``wish.weights`` and says so; nothing is packed at the start."""

    def arguments(self) -> list[str]:
        """Return the arguments of ``vllm serve``."""
        return [self.model, *(f"--{name}={value}" for name, value in self._options())]

    def commands(self) -> list[str]:
        """Return the command for each node of one replica, the first of which is asked."""
        nodes = self._nodes()
        plain = ["vllm", "serve", *self.arguments(), "--enable-auto-tool-choice"]
        if nodes == 1:
            return [shlex.join(plain)]
        return [
            f"{shlex.join([*plain, f'--nnodes={nodes}', f'--node-rank={node}'])} "
            f"--master-addr=$FIRST_NODE{' --headless' if node else ''}"
            for node in range(nodes)
        ]

    def values(self) -> str:
        """Return the values for the chart's engine, as YAML."""
        arguments = [*self.arguments()[1:], "--enable-auto-tool-choice"]
        lines = [
            "engine:",
            "  enabled: true",
            f"  model: {self.model}",
            f"  servedName: {self.name}",
            f"  replicas: {self.layout.replicas}",
            f"  nodesPerReplica: {self._nodes()}",
            "  args:",
            *(f'    - "{argument}"' for argument in arguments),
            "  resources:",
            "    limits:",
            f"      nvidia.com/gpu: {self.layout.cards // self._nodes()}",
            "model:",
            f"  name: {self.name}",
            f"  window: {self.layout.length}",
            f"  inFlight: {self.layout.concurrency * self.layout.replicas}",
        ]
        return "\n".join(lines)

    def _nodes(self) -> int:
        """Return how many nodes one replica spans; its stages are shared by them evenly."""
        stages = max(1, self.cards.per_node // self.layout.tensor)
        return -(-self.layout.pipeline // stages)

    def _options(self) -> Iterator[tuple[str, str]]:
        layout, wish = self.layout, self.wish
        yield "served-model-name", self.name
        yield "tensor-parallel-size", str(layout.tensor)
        yield "pipeline-parallel-size", str(layout.pipeline)
        yield "max-model-len", str(layout.length)
        yield "max-num-seqs", str(max(1, layout.concurrency))
        yield "max-num-batched-tokens", str(wish.batch)
        yield "gpu-memory-utilization", f"{wish.share:g}"
        yield "dtype", "bfloat16"
        if wish.weights is Weights.FP8 and not self.quantised:
            yield "quantization", "fp8"
        if wish.cache is Cache.FP8:
            yield "kv-cache-dtype", "fp8"
        thoughts, tools = _PARSERS.get(self.architecture.kind, ("", "hermes"))
        if thoughts:
            yield "reasoning-parser", thoughts
        yield "tool-call-parser", tools
