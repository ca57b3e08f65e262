"""The model as an OpenVINO graph, in eight bits or in floating point.

Multiplying eight-bit integers takes a quarter of the time, if one step size serves a whole input.
It does not: some channels are a hundred times larger than others, and a step that fits them rounds
the others away. So each channel is brought to the same range first, and its column of weights takes
the factor back; then every row of weights has a step of its own:

    y = W x + b       x = low + range * u, u in [0, 1] in 255 steps
      = (W range) u + (b + W low)

Rounding leaves errors that do not average out: those of W, because u is never negative, and those
of u, because many channels stay within a step or two. At the mean of the input both are taken off
the bias.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import openvino as ov
import openvino.opset13 as op

from yanku.adapters.e5.ranges import Range
from yanku.adapters.e5.weights import Floats, Weights

_EVENING = 0.9
"""How far channels are brought to one range: 1 wholly, which leaves the weights uneven; 0 not at
all, which leaves the inputs so. The sum of both errors is least around 0.9 in nearly every layer.
"""
_MASKED = -1e4


def eight_bit_pays(name: str) -> bool:
    """Tell whether an input is multiplied in eight bits: not what attention gives, which is a
    twelfth of the multiplications and, rounded, a third of the error.
    """
    return not name.endswith(".ao")


@dataclass(frozen=True, slots=True)
class Graph:
    """The model, and by name the inputs of its multiplications and what they are multiplied by."""

    model: ov.Model
    inputs: Mapping[str, ov.Node]
    matrices: Mapping[str, Sequence[Floats]]


def eight_bit(weights: Weights, ranges: Mapping[str, Range]) -> Graph:
    """Return the model that multiplies in eight bits."""
    return _Builder(weights, ranges).graph()


def floating(weights: Weights) -> Graph:
    """Return the model that multiplies as exactly as the weights allow."""
    return _Builder(weights, {}).graph()


class _Builder:
    """Takes vectors of pieces (texts, pieces, hidden) and a mask (texts, pieces) to vectors of
    texts: the normalised mean over their pieces.
    """

    def __init__(self, weights: Weights, ranges: Mapping[str, Range]) -> None:
        self._weights, self._shape, self._ranges = weights, weights.shape, ranges
        self._inputs: dict[str, ov.Node] = {}
        self._matrices: dict[str, Sequence[Floats]] = {}

    def graph(self) -> Graph:
        pieces = op.parameter([-1, -1, self._shape.hidden], ov.Type.f32, name="pieces")
        mask = op.parameter([-1, -1], ov.Type.f32, name="mask")
        kept = op.subtract(mask, _floats(1.0))
        bias = op.unsqueeze(op.multiply(kept, _floats(-_MASKED)), _whole(1, 2))
        x = self._normalised(pieces, "emb.ln")
        for layer in range(self._shape.layers):
            x = self._layer(f"l{layer}", x, bias)
        each = op.unsqueeze(mask, _whole(2))
        total = op.reduce_sum(op.multiply(x, each), _whole(1))
        mean = op.divide(total, op.reduce_sum(each, _whole(1)))
        vectors = op.normalize_l2(mean, _whole(1), 1e-12, "max")
        return Graph(ov.Model([vectors], [pieces, mask], "e5"), self._inputs, self._matrices)

    def _layer(self, layer: str, x: ov.Node, bias: ov.Node) -> ov.Node:
        attended = self._attention(layer, x, bias)
        (out,) = self._linear(f"{layer}.ao", attended, [self._stored(f"{layer}.ao")])
        x = self._normalised(op.add(x, out), f"{layer}.aln")
        (inner,) = self._linear(f"{layer}.fi", x, [self._stored(f"{layer}.fi")])
        inner = op.gelu(inner, "ERF")
        stored = self._stored(f"{layer}.fo", self._shape.inner)
        (out,) = self._linear(f"{layer}.fo", inner, [stored])
        return self._normalised(op.add(x, out), f"{layer}.oln")

    def _attention(self, layer: str, x: ov.Node, bias: ov.Node) -> ov.Node:
        size = self._shape.hidden // self._shape.heads
        stored = [self._stored(f"{layer}.{one}") for one in "qkv"]
        q, k, v = (
            op.transpose(
                op.reshape(y, _whole(0, 0, self._shape.heads, size), True), _whole(0, 2, 1, 3)
            )
            for y in self._linear(f"{layer}.qkv", x, stored)
        )
        scores = op.matmul(op.multiply(q, _floats(size**-0.5)), k, False, True)
        seen = op.matmul(op.softmax(op.add(scores, bias), -1), v, False, False)
        merged = op.transpose(seen, _whole(0, 2, 1, 3))
        return op.reshape(merged, _whole(0, 0, self._shape.hidden), True)

    def _stored(self, name: str, columns: int = 0) -> tuple[Floats, Floats]:
        columns = columns or self._shape.hidden
        return self._weights.matrix(f"{name}.w", columns), self._weights.vector(f"{name}.b")

    def _normalised(self, x: ov.Node, name: str) -> ov.Node:
        even = op.mvn(x, _whole(-1), True, self._shape.epsilon, "INSIDE_SQRT")
        scaled = op.multiply(even, _floats(self._weights.vector(f"{name}.w")))
        return op.add(scaled, _floats(self._weights.vector(f"{name}.b")))

    def _linear(self, name: str, x: ov.Node, stored: list[tuple[Floats, Floats]]) -> list[ov.Node]:
        """Multiply one input by several matrices, in eight bits if its range is known."""
        self._inputs[name], self._matrices[name] = x, [matrix for matrix, _ in stored]
        if name not in self._ranges:
            return [
                op.add(op.matmul(x, _floats(matrix), False, True), _floats(bias))
                for matrix, bias in stored
            ]
        even = evened(self._ranges[name], self._matrices[name])
        u = op.add(
            op.multiply(x, _floats(np.reciprocal(even.range))), _floats(-even.low / even.range)
        )
        zero, one = _floats(0.0), _floats(1.0)
        rounded = op.fake_quantize(u, zero, one, zero, one, 256)
        return [even.product(rounded, matrix, bias) for matrix, bias in stored]


@dataclass(frozen=True, slots=True)
class Evened:
    """The range that each channel of an input is given, and the means before and after rounding."""

    low: Floats
    range: Floats
    mean: Floats
    slack: Floats

    def product(self, u: ov.Node, matrix: Floats, bias: Floats) -> ov.Node:
        """Return the product of the evened input and a matrix that takes the evening back."""
        wanted = matrix * self.range
        step = np.maximum(np.abs(wanted).max(axis=1, keepdims=True), 1e-12) / 127
        whole = np.rint(wanted / step).astype(np.int8)
        at_mean = (whole * step) @ ((self.mean - self.low) / self.range + self.slack)
        corrected = bias + matrix @ self.mean - at_mean
        weights = op.multiply(op.convert(op.constant(whole), ov.Type.f32), _floats(step))
        return op.add(op.matmul(u, weights, False, True), _floats(corrected))


def evened(known: Range, matrices: Sequence[Floats]) -> Evened:
    """Return the ranges to give the channels of an input that goes into these matrices.

    SmoothQuant (Xiao et al., 2023): in proportion to range ** a / weight ** (1 - a).
    """
    range_ = np.maximum(known.high - known.low, 1e-4)
    weight = np.maximum(np.max([np.abs(each).max(axis=0) for each in matrices], axis=0), 1e-6)
    factor = range_**_EVENING / weight ** (1 - _EVENING)
    given = factor * (range_ / factor).max()
    return Evened((known.low + known.high - given) / 2, given, known.mean, known.slack)


def _floats(values: Floats | float) -> ov.Node:
    return op.constant(np.asarray(values, dtype=np.float32))


def _whole(*values: int) -> ov.Node:
    return op.constant(np.array(values, dtype=np.int64))
