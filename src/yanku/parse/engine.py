"""The networks that read pictures, from the recogniser's own package, made to run on OpenVINO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from queue import LifoQueue
from threading import Lock
from typing import Any, Literal

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor

from yanku.errors import NotLoaded
from yanku.parse.eightbit import in_eight_bits, is_able

FILES = {"det": "PP-OCRv6_det_small.onnx", "rec": "PP-OCRv6_rec_small.onnx"}
CORES = 2
_ALONE = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 0}
"""The one thread is that of the caller."""
_MIDDLE = 127.5
"""The networks see levels of grey from -1 to 1."""

Task = Literal["det", "rec"]
_COPIES: dict[Task, int] = {"det": 1, "rec": CORES}
"""A page needs 300 MiB to be looked at and a sixth of the time to be read: pages take turns."""
Pixels = NDArray[Any]


class Network:
    """A network that several threads may ask at once, each of them a copy of its own.

    A copy is made when all others are busy, up to a few. It computes in the thread that asks; the
    library starts none, so that a process in which copies stand ready can be forked.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._free: LifoQueue[_Copy] = LifoQueue()
        self._made = 0
        self._lock = Lock()
        self._loads = True

    @contextmanager
    def answer(self, pixels: Pixels) -> Iterator[Pixels]:
        """Give what the network says of pictures, N × height × width × RGB; valid inside only."""
        copy = self._taken()
        try:
            copy.request.infer(pixels, share_inputs=True, share_outputs=True)
            yield copy.request.get_output_tensor(0).data
        finally:
            self._free.put(copy)

    def warm(self, shapes: Sequence[tuple[int, int]]) -> None:
        """Make all copies, and have each prepare for pictures of these heights and widths."""
        copies = [self._taken() for _ in range(_COPIES[self._task])]
        for copy in copies:
            for height, width in shapes:
                copy.request.infer(np.zeros((1, height, width, 3), np.uint8))
            copy.network.release_memory()
            self._free.put(copy)

    def as_it_is(self) -> None:
        """Make no copy from now on; raise NotLoaded where there is none to ask."""
        with self._lock:
            self._loads = False

    def _taken(self) -> _Copy:
        with self._lock:
            if not self._loads and not self._made:
                raise NotLoaded(f"The network “{self._task}” is not loaded in this process.")
            if self._free.empty() and self._made < _COPIES[self._task]:
                copy = _Copy.of(self._task)
                self._made += 1
                return copy
        return self._free.get()


@dataclass(frozen=True, slots=True)
class _Copy:
    """A network made to run, and the one question it answers at a time."""

    network: Any
    request: Any

    @classmethod
    def of(cls, task: Task) -> _Copy:
        model = in_eight_bits(plain(task), task, _bytes(task)) if is_able() else plain(task)
        network = ov.Core().compile_model(model, "CPU", _ALONE)
        return cls(network, network.create_infer_request())


@cache
def network(task: Task) -> Network:
    """Return the one network for a task that this process has; nothing is loaded yet."""
    return Network(task)


def as_they_are() -> None:
    """Have this process load no network that it does not have; asking for one raises NotLoaded."""
    for task in _COPIES:
        network(task).as_it_is()


@cache
def eyes() -> ThreadPoolExecutor:
    """Return the threads in which pages are read at once."""
    return ThreadPoolExecutor(CORES, "eyes")


@cache
def hands() -> ThreadPoolExecutor:
    """Return the threads in which the pieces of one page are read at once."""
    return ThreadPoolExecutor(CORES, "hands")


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


@cache
def letters() -> tuple[str, ...]:
    """Return what the recogniser's outputs stand for; the first is "nothing new here"."""
    model = ov.Core().read_model(_bytes("rec"), b"")
    known = model.get_rt_info()["framework"]["character"].value
    return ("", *known.splitlines(), " ")


def _bytes(task: Task) -> bytes:
    return (files("rapidocr") / "models" / FILES[task]).read_bytes()
