"""What every Embedder must do, as tests to inherit; and an Embedder that only counts letters."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from yanku.ports import Embedder

PASSAGES = (
    "报告期内公司实现营业收入，主要系医疗器械销售增长所致。",
    "存货跌价准备按照成本与可变现净值孰低计提。",
    "公司董事会由九名董事组成，其中独立董事三名。",
    "The company repurchased shares on the open market during the quarter.",
)
QUESTIONS = (
    "医疗器械销售增长带来多少营业收入？",
    "存货跌价准备如何计提？",
    "董事会有几名独立董事？",
    "How many shares did the company repurchase on the open market?",
)


class FakeEmbedder:
    """Hashes pairs of neighbouring letters: texts that share letters are near each other."""

    def __init__(self, dimensions: int = 256) -> None:
        self.name = f"letters-{dimensions}"
        self.dimensions = dimensions

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text."""
        return [self._vector(text) for text in texts]

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question: a text like any other."""
        return self._vector(text)

    def _vector(self, text: str) -> tuple[float, ...]:
        counts = [0.0] * self.dimensions
        marked = f"^{text.lower()}$"
        for one, two in pairwise(marked):
            counts[crc32((one + two).encode("utf-8", "replace")) % self.dimensions] += 1
        length = math.hypot(*counts)
        return tuple(count / length for count in counts)


def cosine(one: Sequence[float], two: Sequence[float]) -> float:
    """Return the cosine of two vectors of length 1."""
    return math.fsum(a * b for a, b in zip(one, two, strict=True))


class EmbedderSuite:
    """Inherit, and give a fixture ``embedder``."""

    async def test_vectors_have_the_dimensions_it_says_and_length_one(
        self, embedder: Embedder
    ) -> None:
        """For passages and questions alike."""
        vectors = [*await embedder.passages(PASSAGES), await embedder.query(QUESTIONS[0])]
        assert {len(vector) for vector in vectors} == {embedder.dimensions}
        assert all(math.isclose(math.hypot(*v), 1, abs_tol=1e-6) for v in vectors)

    async def test_it_has_a_name(self, embedder: Embedder) -> None:
        """The name goes into the index, so that another embedder's vectors are not mixed in."""
        assert embedder.name.strip() == embedder.name != ""

    async def test_nothing_gives_nothing(self, embedder: Embedder) -> None:
        """An empty list needs no model."""
        assert await embedder.passages([]) == []

    async def test_the_same_text_gives_the_same_vector_alone_or_among_others(
        self, embedder: Embedder
    ) -> None:
        """And in the order of the texts, however many there are."""
        many = [PASSAGES[n % len(PASSAGES)] for n in range(11)]
        together = await embedder.passages(many)
        (alone,) = await embedder.passages([PASSAGES[1]])
        assert len(together) == 11
        assert all(cosine(together[n], alone) > 1 - 1e-6 for n in (1, 5, 9))
        assert cosine(together[0], alone) < 1 - 1e-3
        assert await embedder.query(QUESTIONS[1]) == await embedder.query(QUESTIONS[1])

    async def test_a_question_is_nearest_to_the_passage_that_answers_it(
        self, embedder: Embedder
    ) -> None:
        """The least one may ask of vectors."""
        passages = await embedder.passages(PASSAGES)
        for n, question in enumerate(QUESTIONS):
            asked = await embedder.query(question)
            scores = [cosine(asked, passage) for passage in passages]
            assert scores.index(max(scores)) == n, question

    async def test_a_text_of_any_length_has_a_vector(self, embedder: Embedder) -> None:
        """Too long is cut off, empty is something, and odd characters do no harm."""
        odd = ["", " ", "营业收入" * 20_000, "净利润\0增长", "\ud800", "🏦" * 50]
        vectors = await embedder.passages(odd)
        assert all(math.isclose(math.hypot(*v), 1, abs_tol=1e-6) for v in vectors)

    async def test_a_character_that_ends_c_strings_does_not_end_a_text(
        self, embedder: Embedder
    ) -> None:
        """What stands behind a NUL counts."""
        one, two = await embedder.passages(["净利润\0增长百分之五", "净利润\0存货跌价准备计提"])
        assert cosine(one, two) < 1 - 1e-4

    async def test_a_question_may_be_asked_while_passages_are_embedded(
        self, embedder: Embedder
    ) -> None:
        """Both come out right."""
        expected = await embedder.query(QUESTIONS[2])
        passages, asked = await asyncio.gather(
            embedder.passages(PASSAGES), embedder.query(QUESTIONS[2])
        )
        assert cosine(expected, asked) > 1 - 1e-6
        assert len(passages) == len(PASSAGES)
