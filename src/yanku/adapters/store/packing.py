"""Packs a model's weights in eight bits, one scale for 128: what a processor multiplies fastest.

Weights of four bits in groups of 32, as GGUF files have them, are unpacked and scaled every 32
multiplications; and such of six bits in groups of 16 are not multiplied as integers at all. In
eight bits they change by about a hundredth. Decision 0034 has the figures.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanku.adapters.store.weights import MODEL, packed_weights, unpacked

if TYPE_CHECKING:
    import numpy as np
    import openvino

GROUP = 128
"""Weights that share a scale, and inputs that the engine rounds together to eight bits."""
_MOST = 127
_LEAST_SCALE = 6e-8
"""The smallest number of 16 bits that is not zero: a group of zeros is divided by it."""


def pack(folder: Path) -> None:
    """Replace the OpenVINO files of a folder by packed ones, if anything can be packed."""
    import openvino

    model = openvino.Core().read_model(folder / f"{MODEL}.xml")
    if not pack_model(model):
        return
    apart = folder / "packed"
    apart.mkdir()
    openvino.save_model(model, apart / f"{MODEL}.xml", compress_to_fp16=False)
    for path in apart.iterdir():
        path.replace(folder / path.name)
    shutil.rmtree(apart)


def pack_model(model: openvino.Model) -> bool:
    """Pack the matrices that are multiplied with; tell whether there was one.

    Look-ups stay as they are, and so do matrices with rows that are no whole groups.
    """
    weights = [found for found in packed_weights(model) if _in_groups(found)]
    if not weights:
        return False
    quantise = _quantiser()
    cores = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(cores, thread_name_prefix="pack") as pool:
        for some in _batches(weights, cores):
            for old, values in zip(some, pool.map(unpacked, some), strict=True):
                _exchange(old, *quantise(values))
    # The engine reads from the file how many inputs to round together.
    model.set_rt_info(str(GROUP), ["runtime_options", "DYNAMIC_QUANTIZATION_GROUP_SIZE"])
    return True


def _batches(weights: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Yield a few at a time: unpacked ones take much room."""
    return (weights[at : at + size] for at in range(0, len(weights), size))


def _in_groups(weights: Any) -> bool:  # noqa: ANN401 - an output; the library has no types
    """Tell whether rows of a matrix are multiplied with, and each is a number of groups."""
    shape = list(weights.get_shape())
    readers = [reader.get_node() for reader in weights.get_target_inputs()]
    multiplying = (node for node in readers if node.get_type_name() == "MatMul")
    by_rows = any(node.get_attributes()["transpose_b"] for node in multiplying)
    return by_rows and len(shape) == 2 and shape[1] % GROUP == 0


def _quantiser() -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return what rounds rows of weights to eight bits: the numbers, and a scale for each group."""
    import numpy as np
    import openvino
    from openvino import opset13 as op

    weights = op.parameter([-1, -1, GROUP], np.float32)
    highest = op.reduce_max(op.abs(weights), np.array([2]), keep_dims=True)
    least = np.float32(_LEAST_SCALE)
    scale = op.convert(op.maximum(op.divide(highest, np.float32(_MOST)), least), np.float16)
    steps = op.round(op.divide(weights, op.convert(scale, np.float32)), "half_to_even")
    rounded = op.convert(op.clamp(steps, -_MOST, _MOST), np.int8)
    graph = openvino.Model([rounded, scale], [weights], "rounding")
    run = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    def quantise(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        grouped = values.astype(np.float32, copy=False).reshape(len(values), -1, GROUP)
        found = run([grouped])
        return found[0].copy(), found[1].copy()

    return quantise


def _exchange(old: Any, rounded: np.ndarray, scale: np.ndarray) -> None:  # noqa: ANN401 - as above
    from openvino import opset13 as op

    rows = [rounded.shape[0], rounded.shape[1] * GROUP]
    scaled = op.multiply(op.convert(op.constant(rounded), scale.dtype), op.constant(scale))
    plain = op.reshape(scaled, op.constant(rows), special_zero=False)
    fresh = op.convert(plain, old.get_element_type().to_string())
    for reader in old.get_target_inputs():
        reader.replace_source_output(fresh.output(0))
