"""A model in another precision computes what it computed before, and half of one never stands."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import pytest
from openvino import opset13

from yanku.adapters.store.variants import Precision, convert, expand
from yanku.adapters.store.weights import MODEL
from yanku.errors import ModelUnavailable, SettingsError

ROWS, COLUMNS, WORDS = 6, 8, 5


def packed(kind: Any = np.float32) -> openvino.Model:
    """Return a small network: a look-up and a multiplication whose weights are kept in bytes."""
    chance = np.random.default_rng(3)

    def weights(rows: int) -> Any:
        bytes_ = opset13.constant(chance.integers(0, 255, (rows, COLUMNS), dtype=np.uint8))
        zero = opset13.constant(chance.integers(100, 150, (rows, 1), dtype=np.uint8))
        scale = opset13.constant(chance.random((rows, 1)).astype(np.float16))
        centred = opset13.subtract(opset13.convert(bytes_, "f16"), opset13.convert(zero, "f16"))
        return opset13.convert(opset13.multiply(centred, scale), "f32")

    ids = opset13.parameter([-1], np.int64)
    known = opset13.gather(weights(WORDS), ids, opset13.constant(0))
    mixed = opset13.matmul(known, weights(ROWS), transpose_a=False, transpose_b=True)
    plain = opset13.constant(chance.random((ROWS, 2)).astype(kind))
    out = opset13.matmul(mixed, plain, transpose_a=False, transpose_b=False)
    return openvino.Model([opset13.result(out)], [ids], "small")


def answer(model: openvino.Model) -> Any:
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.Core().compile_model(model, "CPU", exact)(np.array([0, 3, 4]))[0]


def kinds(model: openvino.Model) -> list[str]:
    """Return how the large constants are kept."""
    return sorted(
        op.get_element_type().to_string()
        for op in model.get_ordered_ops()
        if op.get_type_name() == "Constant" and op.get_output_size() and np.prod(op.shape) > COLUMNS
    )


def saved(folder: Path) -> Path:
    folder.mkdir()
    openvino.save_model(packed(), folder / f"{MODEL}.xml", compress_to_fp16=False)
    (folder / "openvino_tokenizer.xml").write_text("<words/>", "utf-8")
    (folder / "notes.md").write_text("not needed", "utf-8")
    return folder


@pytest.mark.parametrize(("kept_as", "tolerance"), [("f32", 1e-6), ("f16", 2e-3)])
def test_unpacked_weights_compute_the_same(kept_as: str, tolerance: float) -> None:
    before = answer(packed())
    model = packed()
    expand(model, kept_as)
    assert np.abs(answer(model) - before).max() <= tolerance * np.abs(before).max()
    assert kinds(model) == sorted([kept_as, kept_as, "f32"])  # the third was plain before


def test_plain_weights_are_left_as_they_are() -> None:
    model = packed()
    expand(model, "f32")
    names = [op.get_friendly_name() for op in model.get_ordered_ops()]
    expand(model, "f32")
    assert [op.get_friendly_name() for op in model.get_ordered_ops()] == names


def test_a_model_is_written_with_its_tokenizer_and_computes_the_same(tmp_path: Path) -> None:
    source, target = saved(tmp_path / "source"), tmp_path / "out" / "fp32"
    convert(source, target, Precision.FP32)
    model = openvino.Core().read_model(target / f"{MODEL}.xml")
    assert np.allclose(answer(model), answer(packed()), rtol=1e-5)
    assert (target / "openvino_tokenizer.xml").read_text("utf-8") == "<words/>"
    assert not (target / "notes.md").exists()
    assert [path.name for path in target.parent.iterdir()] == ["fp32"]


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    source = saved(tmp_path / "source")
    with pytest.raises(SettingsError, match="there already"):
        convert(source, source, Precision.FP16)
    assert kinds(openvino.Core().read_model(source / f"{MODEL}.xml")) == ["f32", "u8", "u8"]


@pytest.mark.parametrize("name", ["weights.bin", "model.pt", "model.gguf"])
def test_other_files_are_no_models_and_are_not_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / name).write_bytes(b"cposix\nsystem\n")
    with pytest.raises(SettingsError, match="is no model"):
        convert(folder, tmp_path / "out", Precision.FP16)


def test_a_conversion_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and no more")
    with pytest.raises(ModelUnavailable, match=r"broken\.gguf"):
        convert(broken, tmp_path / "out", Precision.FP16)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.gguf"]


def test_packing_needs_its_extra_or_packs(tmp_path: Path) -> None:
    source, target = saved(tmp_path / "source"), tmp_path / "int8"
    if find_spec("nncf") is None:
        with pytest.raises(ModelUnavailable, match=r"yanku\[convert\]"):
            convert(source, target, Precision.INT8)
        assert not target.exists()
        return
    convert(source, target, Precision.INT8)
    model = openvino.Core().read_model(target / f"{MODEL}.xml")
    assert np.allclose(answer(model), answer(packed()), rtol=0.05, atol=5)
