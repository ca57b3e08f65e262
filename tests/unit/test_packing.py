"""A model packed in eight bits computes what it computed before, and says how it is to be run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openvino
import pytest
from openvino import opset13

from yanku.adapters.store.packing import GROUP, pack, pack_model
from yanku.adapters.store.weights import MODEL

ROWS, WORDS = 6, 5
KEY = ["runtime_options", "DYNAMIC_QUANTIZATION_GROUP_SIZE"]


def in_groups_of_16(columns: int, *, first_group: float = 1.0) -> openvino.Model:
    """Return a look-up and a multiplication, their weights in bytes with a scale for each 16."""
    chance = np.random.default_rng(7)

    def weights(rows: int) -> Any:
        shape = (rows, columns // 16, 16)
        bytes_ = opset13.constant(chance.integers(0, 63, shape, dtype=np.uint8))
        zero = opset13.constant(np.full((rows, columns // 16, 1), 32, dtype=np.uint8))
        sizes = chance.uniform(0.01, 0.05, (rows, columns // 16, 1))
        sizes[:, : GROUP // 16] *= first_group
        centred = opset13.subtract(opset13.convert(bytes_, "f16"), opset13.convert(zero, "f16"))
        scaled = opset13.multiply(centred, opset13.constant(sizes.astype(np.float16)))
        whole = opset13.reshape(scaled, opset13.constant([rows, columns]), special_zero=False)
        return opset13.convert(whole, "f32")

    ids = opset13.parameter([-1], np.int64)
    known = opset13.gather(weights(WORDS), ids, opset13.constant(0))
    out = opset13.matmul(known, weights(ROWS), transpose_a=False, transpose_b=True)
    return openvino.Model([opset13.result(out)], [ids], "small")


def answer(model: openvino.Model) -> Any:
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.Core().compile_model(model, "CPU", exact)(np.array([0, 3, 4]))[0]


def kinds(model: openvino.Model) -> list[str]:
    """Return how the large constants are kept."""
    constants = [op for op in model.get_ordered_ops() if op.get_type_name() == "Constant"]
    large = [op for op in constants if np.prod(op.shape) >= WORDS * GROUP]
    return sorted(op.get_element_type().to_string() for op in large)


def test_packed_weights_compute_the_same() -> None:
    before, model = answer(in_groups_of_16(2 * GROUP)), in_groups_of_16(2 * GROUP)
    assert pack_model(model)
    assert np.abs(answer(model) - before).max() <= 0.01 * np.abs(before).max()


def test_only_what_is_multiplied_with_is_packed_anew() -> None:
    model = in_groups_of_16(2 * GROUP)
    pack_model(model)
    assert kinds(model) == ["i8", "u8"]


def test_weights_that_are_all_nothing_stay_nothing() -> None:
    model = in_groups_of_16(GROUP, first_group=0)
    assert pack_model(model)
    assert not answer(model).any()


def test_a_packed_file_tells_the_engine_how_many_inputs_to_round_together(tmp_path: Path) -> None:
    whole = in_groups_of_16(GROUP)
    openvino.save_model(whole, tmp_path / f"{MODEL}.xml", compress_to_fp16=False)
    pack(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{MODEL}.bin", f"{MODEL}.xml"]
    read = openvino.Core().read_model(tmp_path / f"{MODEL}.xml")
    assert str(read.get_rt_info(KEY).value) == str(GROUP)
    assert kinds(read) == ["i8", "u8"]
    compiled = openvino.Core().compile_model(read, "CPU")
    assert compiled.get_property(KEY[1]) == GROUP


@pytest.mark.parametrize("columns", [GROUP // 2, GROUP + 16])
def test_rows_that_are_no_whole_groups_are_left_as_they_are(columns: int, tmp_path: Path) -> None:
    model = in_groups_of_16(columns)
    openvino.save_model(model, tmp_path / f"{MODEL}.xml", compress_to_fp16=False)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pack(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert not model.has_rt_info(KEY)
