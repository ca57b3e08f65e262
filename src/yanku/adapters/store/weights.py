"""Finds the weights of an OpenVINO model that are unpacked on the fly, and unpacks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MODEL = "openvino_model"
_BINARY = ("u8", "i8", "u4", "i4", "nf4", "f16", "bf16")


def unpacked(weights: Any) -> Any:  # noqa: ANN401 - the library has no types
    """Return the numbers that packed weights stand for, as an array."""
    import openvino
    from openvino import opset13

    alone = openvino.Model([opset13.result(weights)], [], "weights")
    core = openvino.Core()
    return core.compile_model(alone, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([])[0]


def packed_weights(model: Any) -> Iterator[Any]:  # noqa: ANN401 - the library has no types
    """Yield what multiplications and look-ups read that is computed from packed constants alone."""
    seen: set[str] = set()
    for op in model.get_ordered_ops():
        at = {"MatMul": 1, "Gather": 0}.get(op.get_type_name())
        if at is None:
            continue
        output = op.input_value(at)
        name = output.get_node().get_friendly_name()
        if name not in seen and _is_packed(output.get_node()):
            seen.add(name)
            yield output


def _is_packed(node: Any) -> bool:  # noqa: ANN401 - the library has no types
    constants, found = [node], False
    while constants:
        now = constants.pop()
        inputs = [value.get_node() for value in now.input_values()]
        if not inputs and now.get_type_name() != "Constant":
            return False
        if not inputs:
            found = found or now.get_element_type().to_string() in _BINARY
        constants += inputs
    return found
