"""The networks that read pictures, from the recogniser's own package, made to run on OpenVINO."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

import openvino as ov
from openvino.preprocess import PrePostProcessor

from yanku.parse.eightbit import in_eight_bits, is_able

FILES = {"det": "PP-OCRv6_det_small.onnx", "rec": "PP-OCRv6_rec_small.onnx"}
_CORES = 2
_MIDDLE = 127.5
"""The networks see levels of grey from -1 to 1."""

Task = Literal["det", "rec"]


def compiled(task: Task, *, streams: int) -> Any:  # noqa: ANN401 - the library has no types
    """Return a network ready to run: ``streams`` pictures at once share the cores."""
    wanted = {"INFERENCE_NUM_THREADS": _CORES, "NUM_STREAMS": streams}
    model = in_eight_bits(plain(task), task, _bytes(task)) if is_able() else plain(task)
    return ov.Core().compile_model(model, "CPU", wanted)


def plain(task: Task) -> Any:  # noqa: ANN401
    """Return a network that takes pictures as they are: bytes, N × height × width × RGB.

    The recogniser gives what it thinks of every letter before this is made into probabilities:
    only a few of them are ever needed.
    """
    model = ov.Core().read_model(_bytes(task), b"")
    if task == "rec":
        said = model.get_results()[0].input_value(0).get_node().input_value(0)
        model = ov.Model([said], model.get_parameters(), "rec")
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    taken = steps.input().preprocess().convert_element_type(ov.Type.f32)
    taken.mean(_MIDDLE).scale(_MIDDLE).reverse_channels()  # they were taught blue first
    steps.input().model().set_layout(ov.Layout("NCHW"))
    return steps.build()


def letters() -> tuple[str, ...]:
    """Return what the recogniser's outputs stand for; the first is "nothing new here"."""
    model = ov.Core().read_model(_bytes("rec"), b"")
    known = model.get_rt_info()["framework"]["character"].value
    return ("", *known.splitlines(), " ")


def _bytes(task: Task) -> bytes:
    return (files("rapidocr") / "models" / FILES[task]).read_bytes()
