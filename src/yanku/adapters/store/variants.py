"""Writes a model's weights anew in another precision, in a process of its own.

    GGUF ──gguf──→ GGUF in 16 bits ──OpenVINO GenAI──→ ┐
    Hugging Face folder ──optimum-intel──────────────→ ├ OpenVINO, expanded ──nncf──→ FP32 … INT4
    OpenVINO files of any precision ─────────────────→ ┘

Run as a program: ``python -m yanku.adapters.store.variants SOURCE TARGET PRECISION``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import types
from enum import StrEnum
from pathlib import Path
from typing import Any

from yanku.adapters.store.packing import pack_model
from yanku.adapters.store.weights import MODEL, packed_weights, unpacked
from yanku.errors import ModelError, ModelUnavailable, SettingsError

_GROUP = 64
"""Weights that share one scale in four bits; fewer is finer and larger."""
_CARRIED = (
    "openvino_tokenizer*", "openvino_detokenizer*", "*.json", "*.jinja", "*.txt", "tokenizer.model",
)  # fmt: skip


class Precision(StrEnum):
    """How a weight is kept. INT8 has a scale for each 128 weights, INT4 for each 64."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"
    INT4 = "int4"


def convert(source: Path, target: Path, precision: Precision) -> None:
    """Write a model in another precision into a folder that is not there yet.

    ``source`` is a GGUF file, or a folder with OpenVINO files or with a Hugging Face checkpoint.
    Raises SettingsError for anything else, ModelUnavailable if it cannot be converted.
    """
    if target.exists():
        raise SettingsError(f"{target} is there already; name a folder that is not")
    _kind(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".convert-") as scratch:
        made = Path(scratch) / "made"
        command = [sys.executable, "-m", __name__, str(source), str(made), precision.value]
        done = subprocess.run(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or not (made / f"{MODEL}.bin").is_file():
            last = done.stderr.strip().rpartition("\n")[2] or "it said nothing"
            raise ModelUnavailable(f"converting {source} ended ({done.returncode}): {last}")
        made.rename(target)


def _kind(source: Path) -> str:
    if source.suffix == ".gguf" and source.is_file():
        return "gguf"
    if (source / f"{MODEL}.xml").is_file():
        return "openvino"
    if (source / "config.json").is_file() and any(source.glob("*.safetensors")):
        return "huggingface"
    raise SettingsError(
        f"{source} is no model: a GGUF file, a folder with {MODEL}.xml, or one with config.json "
        "and safetensors is needed (nothing else is read: other formats can run code)"
    )


def _run(source: Path, target: Path, precision: Precision) -> None:
    target.mkdir()
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        match _kind(source):
            case "gguf":
                folder = _from_gguf(source, Path(scratch))
            case "huggingface":
                folder = _from_checkpoint(source, Path(scratch))
            case _:
                folder = source
        _write(folder, target, precision)


def _write(folder: Path, target: Path, precision: Precision) -> None:
    import openvino

    model = openvino.Core().read_model(folder / f"{MODEL}.xml")
    expand(model, "f32" if precision is Precision.FP32 else "f16")
    if precision in (Precision.INT8, Precision.INT4):
        model = _compressed(model, precision)
    openvino.save_model(model, target / f"{MODEL}.xml", compress_to_fp16=False)
    for pattern in _CARRIED:
        for path in folder.glob(pattern):
            shutil.copyfile(path, target / path.name)


def expand(model: Any, kept_as: str) -> None:  # noqa: ANN401 - the library has no types
    """Replace weights that are unpacked on the fly by plain ones, ``f32`` or ``f16``."""
    import openvino
    from openvino import opset13

    kind = openvino.Type.f32 if kept_as == "f32" else openvino.Type.f16
    dtype = kind.to_dtype()
    for weights in list(packed_weights(model)):
        plain = opset13.constant(unpacked(weights).astype(dtype), kind)
        used_as = weights.get_element_type()
        fresh = plain if used_as == kind else opset13.convert(plain, used_as.to_string())
        for reader in weights.get_target_inputs():
            if reader.get_node().get_type_name() != "Result":
                reader.replace_source_output(fresh.output(0))


def _compressed(model: Any, precision: Precision) -> Any:  # noqa: ANN401 - as above
    _mute_telemetry()
    nncf = _needed("nncf", "convert")
    mode = nncf.CompressWeightsMode
    if precision is Precision.INT8:
        pack_model(model)  # What stays is looked up, or has rows of no whole groups.
        return nncf.compress_weights(model, mode=mode.INT8_ASYM)
    return nncf.compress_weights(model, mode=mode.INT4_SYM, group_size=_GROUP, ratio=1.0)


def _from_gguf(source: Path, scratch: Path) -> Path:
    """Unpack every weight, as the engine reads only some of the packings, and let it convert."""
    import openvino_genai

    unpacked = scratch / "model.gguf"
    _unpack(source, unpacked)
    os.chdir(scratch)  # the engine writes beside the file or here, by release
    openvino_genai.LLMPipeline(str(unpacked), "CPU", enable_save_ov_model=True)
    unpacked.unlink()
    return scratch


def _unpack(source: Path, target: Path) -> None:
    gguf = _needed("gguf", "convert")
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.get_field("general.architecture").contents())
    array = gguf.GGUFValueType.ARRAY
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = field.contents()
        if name == "general.file_type":
            value = int(gguf.LlamaFileType.MOSTLY_F16)
        inner = field.types[-1] if field.types[0] == array else None
        writer.add_key_value(name, value, field.types[0], sub_type=inner)
    for tensor in reader.tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        plain = tensor.tensor_type == gguf.GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, values if plain else values.astype("float16"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _from_checkpoint(source: Path, scratch: Path) -> Path:
    _mute_telemetry()
    export = _needed("optimum.exporters.openvino", "convert-checkpoint")
    export.main_export(
        str(source),
        scratch,
        task="text-generation-with-past",
        trust_remote_code=False,
        local_files_only=True,
        convert_tokenizer=True,
    )
    return scratch


def _needed(module: str, extra: str) -> Any:  # noqa: ANN401 - a module
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise ModelUnavailable(
            f"{error}; install it: pip install 'yanku[{extra}]' (see docs/models.md)"
        ) from error


def _mute_telemetry() -> None:
    """Put a silent stand-in where these libraries look for the one that calls home."""
    silent = types.ModuleType("openvino_telemetry")
    silent.Telemetry = _Silent  # type: ignore[attr-defined]
    sys.modules["openvino_telemetry"] = silent


class _Silent:
    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is called does nothing
        return lambda *_, **__: None


def _main() -> None:
    try:
        _run(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Precision(sys.argv[3]))
    except ModelError as error:
        sys.stderr.write(f"\n{error}\n")
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)  # the engine's own teardown is slow


if __name__ == "__main__":
    _main()
