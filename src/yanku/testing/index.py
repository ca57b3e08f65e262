"""What every Index must do, as tests to inherit."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from yanku.model.library import ChunkId, DocumentId, chunk_id
from yanku.model.people import NOW, AsOf, Scope, UserId
from yanku.model.search import Channel, Filter, Keys, Posting, Probe
from yanku.ports import Index

DIMENSIONS = 16
"""Length of the vectors in this suite: open the index under test with it."""

ALL = frozenset({"g:all"})


def scope(*readers: str, as_of: AsOf = NOW) -> Scope:
    """Return the scope of someone with these reader keys."""
    return Scope(UserId("someone"), frozenset(readers), as_of)


def posting(
    n: int,
    words: str,
    *,
    document: str = "a",
    readers: Iterable[str] = ALL,
    keys: Keys | None = None,
    vector: tuple[float, ...] | None = None,
) -> Posting:
    """Return the n-th posting of a document, with blank-separated words."""
    doc = DocumentId(document)
    chunk = chunk_id(doc, n, "suite")
    return Posting(chunk, doc, frozenset(readers), tuple(words.split()), keys or Keys(), vector)


def axis(n: int) -> tuple[float, ...]:
    """Return the unit vector along one of the dimensions."""
    return tuple(float(i == n) for i in range(DIMENSIONS))


async def _words(index: Index, words: str, who: Scope, **more: object) -> set[ChunkId]:
    probe = replace(Probe(tuple(words.split())), **more)  # type: ignore[arg-type]
    return set((await index.search(probe, scope=who)).get(Channel.WORDS, ()))


class IndexSuite:
    """Inherit, and give a fixture ``index`` that is empty and takes vectors of DIMENSIONS."""

    async def test_an_empty_index_finds_nothing(self, index: Index) -> None:
        """Searching before anything was put is no error."""
        found = await index.search(Probe(("收入",), axis(0)), scope=scope("g:all"))
        assert not any(found.values())
        assert await index.count() == 0

    async def test_putting_nothing_is_no_error(self, index: Index) -> None:
        """An empty batch changes nothing."""
        await index.put([])
        assert await index.count() == 0

    async def test_a_posting_is_found_by_words_before_it_has_a_vector(self, index: Index) -> None:
        """Words suffice."""
        one = posting(0, "营业收入 增长")
        await index.put([one])
        assert await _words(index, "营业收入", scope("g:all")) == {one.chunk}
        found = await index.search(Probe((), axis(0)), scope=scope("g:all"))
        assert not found.get(Channel.VECTORS)

    async def test_a_vector_that_comes_later_adds_to_the_words(self, index: Index) -> None:
        """The second put keeps the posting findable by both."""
        one = posting(0, "营业收入 增长")
        await index.put([one])
        await index.put([replace(one, vector=axis(3))])
        found = await index.search(Probe(("增长",), axis(3)), scope=scope("g:all"))
        assert found == {Channel.WORDS: (one.chunk,), Channel.VECTORS: (one.chunk,)}
        assert await index.count() == 1

    async def test_putting_again_replaces_words_readers_and_keys(self, index: Index) -> None:
        """Nothing of the earlier posting is left."""
        await index.put([posting(0, "旧词", readers={"u:a"}, keys=Keys("600001", (2022,)))])
        new = posting(0, "新词", readers={"u:b"}, keys=Keys("600002", (2023,)))
        await index.put([new])
        await index.put([new])
        assert await index.count() == 1
        assert not await _words(index, "旧词", scope("u:a", "u:b"))
        assert not await _words(index, "新词", scope("u:a"))
        assert await _words(index, "新词", scope("u:b")) == {new.chunk}
        old = Filter(companies=frozenset({"600001"}))
        assert not await _words(index, "新词", scope("u:b"), filter=old)

    async def test_rare_words_and_shorter_chunks_rank_first(self, index: Index) -> None:
        """BM25: rarity, then saturation by length."""
        common = [posting(n, "公司 " * 3 + f"其他{n}") for n in range(20)]
        long = posting(20, "公司 商誉 " + " ".join(f"词{n}" for n in range(300)))
        short = posting(21, "公司 商誉")
        await index.put([*common, long, short])
        found = await index.search(Probe(("公司", "商誉")), scope=scope("g:all"))
        assert found[Channel.WORDS][:2] == (short.chunk, long.chunk)

    async def test_vectors_rank_by_angle(self, index: Index) -> None:
        """Nearest first, and the length of a vector does not matter."""
        ahead = tuple(7.0 * x + 0.1 * y for x, y in zip(axis(0), axis(1), strict=True))
        slanted = tuple(x + y for x, y in zip(axis(0), axis(1), strict=True))
        near, far = posting(0, "甲", vector=ahead), posting(1, "乙", vector=slanted)
        across = posting(2, "丙", vector=axis(2))
        await index.put([far, across, near])
        found = await index.search(Probe((), axis(0), limit=2), scope=scope("g:all"))
        assert found[Channel.VECTORS] == (near.chunk, far.chunk)

    async def test_a_vector_of_another_length_is_refused(self, index: Index) -> None:
        """A wrong embedder is an error in the caller, never a quiet miss."""
        for wrong in ((1.0,), (math.nan,) * DIMENSIONS):
            try:
                await index.put([posting(0, "甲", vector=wrong)])
            except ValueError:
                continue
            raise AssertionError(f"took {wrong}")
        assert await index.count() == 0

    async def test_the_limit_holds_per_channel(self, index: Index) -> None:
        """At most so many, and the limit does not change who is first."""
        await index.put([posting(n, "收入", vector=axis(n)) for n in range(9)])
        found = await index.search(Probe(("收入",), axis(4), limit=3), scope=scope("g:all"))
        assert [len(ranking) for ranking in found.values()] == [3, 3]
        assert found[Channel.VECTORS][0] == posting(4, "").chunk

    async def test_filters_hold_and_unknown_never_matches(self, index: Index) -> None:
        """Any of the companies and any of the years."""
        one = posting(0, "收入", keys=Keys("600001", (2022, 2023)))
        two = posting(1, "收入", keys=Keys("600002", (2023,)))
        none = posting(2, "收入")
        await index.put([one, two, none])
        who = scope("g:all")
        for wanted, expected in (
            (Filter(), {one, two, none}),
            (Filter(companies=frozenset({"600001", "x"})), {one}),
            (Filter(years=frozenset({2022, 2023})), {one, two}),
            (Filter(frozenset({"600002"}), frozenset({2022})), set[Posting]()),
            (Filter(companies=frozenset({""})), set[Posting]()),
        ):
            found = await _words(index, "收入", who, filter=wanted)
            assert found == {p.chunk for p in expected}, wanted

    async def test_a_search_finds_what_was_known_at_its_moment_and_nothing_else(
        self, index: Index
    ) -> None:
        """Old or new, never both, however few hits are asked for; public by the day asked for."""
        first, second, third = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
        old = posting(0, "收入", document="a", vector=axis(0))
        new = posting(0, "收入 收入", document="b", vector=axis(0))
        await index.put([replace(old, since=first, public_on=date(2025, 4, 1))])
        await index.put([replace(new, since=second, public_on=date(2025, 5, 1))])
        await index.retire(old.document, second)
        for as_of, expected in (
            (NOW, {new}),
            (AsOf(third), {new}),
            (AsOf(second), {new}),
            (AsOf(first), {old}),
            (AsOf(datetime(2025, 12, 31, tzinfo=UTC)), set[Posting]()),
            (AsOf(first, date(2025, 3, 31)), set[Posting]()),
            (AsOf(public=date(2025, 4, 30)), set[Posting]()),
            (AsOf(public=date(2025, 5, 1)), {new}),
        ):
            probe = Probe(("收入",), axis(0), limit=1)
            found = await index.search(probe, scope=scope("g:all", as_of=as_of))
            for ranking in found.values():
                assert set(ranking) == {p.chunk for p in expected}, as_of

    async def test_filters_hold_for_vectors_too(self, index: Index) -> None:
        """Both channels get the same conditions."""
        one = posting(0, "收入", keys=Keys("600001", (2022,)), vector=axis(0))
        two = posting(1, "收入", keys=Keys("600002", (2023,)), vector=axis(0))
        await index.put([one, two])
        wanted = Filter(companies=frozenset({"600002"}), years=frozenset({2023}))
        found = await index.search(Probe((), axis(0), wanted), scope=scope("g:all"))
        assert found[Channel.VECTORS] == (two.chunk,)

    async def test_whoever_has_no_rights_finds_nothing(self, index: Index) -> None:
        """No reader keys, or those of others."""
        await index.put([posting(0, "收入", vector=axis(0), readers={"u:a"})])
        await index.put([posting(1, "收入", vector=axis(0), readers=())])
        for who in (scope(), scope("u:b"), scope("u"), scope("a"), scope("")):
            found = await index.search(Probe(("收入",), axis(0)), scope=who)
            assert not any(found.values()), who

    async def test_no_search_ever_crosses_its_scope(self, index: Index) -> None:
        """Random postings, people and questions: everything readable, nothing else."""
        chance = random.Random(7)  # noqa: S311  # a repeatable sample, not a secret
        keys = [f"u:{n}" for n in range(4)] + [f"g:{n}" for n in range(3)]
        words = [f"词{n}" for n in range(12)]
        postings = [
            posting(
                n,
                " ".join(chance.choices(words, k=5)),
                document=f"d{n % 17}",
                readers=chance.sample(keys, chance.randint(0, 3)),
                keys=Keys(chance.choice(["", "1", "2"]), tuple(chance.sample([2021, 2022], 1))),
                vector=axis(chance.randrange(DIMENSIONS)) if chance.random() < 0.7 else None,
            )
            for n in range(150)
        ]
        await index.put(postings)
        for _ in range(60):
            who = scope(*chance.sample(keys, chance.randint(0, 3)))
            word, companies = chance.choice(words), chance.choice([frozenset(), frozenset({"1"})])
            probe = Probe((word,), axis(0), Filter(companies), limit=200)
            found = await index.search(probe, scope=who)
            allowed = [
                p
                for p in postings
                if p.readers & who.readers and (not companies or p.keys.company in companies)
            ]
            assert set(found.get(Channel.WORDS, ())) == {
                p.chunk for p in allowed if word in p.words
            }
            assert set(found.get(Channel.VECTORS, ())) == {p.chunk for p in allowed if p.vector}

    async def test_ranks_tell_nothing_of_what_one_may_not_read(self, index: Index) -> None:
        """The rarity of a word is taken from one's own documents."""
        mine = [posting(n, f"{w} 余词", readers={"u:a"}) for n, w in enumerate(("收购", "重组"))]
        await index.put([*mine, posting(9, "重组 旧", readers={"u:a"})])
        probe = Probe(("收购", "重组"))
        before = await index.search(probe, scope=scope("u:a"))
        secret = [posting(n, "收购", document="s", readers={"u:b"}) for n in range(200)]
        await index.put(secret)
        assert await index.search(probe, scope=scope("u:a")) == before
        assert before[Channel.WORDS][0] == mine[0].chunk

    async def test_a_new_grant_holds_at_once_and_for_the_whole_document(self, index: Index) -> None:
        """Both ways: given and taken."""
        doc = [posting(n, "收入", document="a", readers={"u:a"}) for n in range(3)]
        other = posting(0, "收入", document="b", readers={"u:a"})
        await index.put([*doc, other])
        await index.regrant(DocumentId("a"), frozenset({"u:b"}))
        assert await _words(index, "收入", scope("u:a")) == {other.chunk}
        assert await _words(index, "收入", scope("u:b")) == {p.chunk for p in doc}
        await index.regrant(DocumentId("a"), frozenset())
        assert not await _words(index, "收入", scope("u:b"))

    async def test_a_dropped_document_is_gone_and_others_stay(self, index: Index) -> None:
        """Nothing finds it, by words or by vector; dropping again is no error."""
        gone = [posting(n, "收入", document="a", vector=axis(0)) for n in range(3)]
        stays = posting(0, "收入", document="b", vector=axis(1))
        await index.put([*gone, stays])
        await index.drop(DocumentId("a"))
        found = await index.search(Probe(("收入",), axis(0)), scope=scope("g:all"))
        assert found == {Channel.WORDS: (stays.chunk,), Channel.VECTORS: (stays.chunk,)}
        assert await index.count() == 1
        await index.drop(DocumentId("a"))
        await index.drop(DocumentId("never there"))
        assert await index.count() == 1

    async def test_a_cleared_index_is_empty_and_takes_postings_again(self, index: Index) -> None:
        """Clearing keeps the index usable."""
        await index.put([posting(0, "旧")])
        await index.clear()
        assert await index.count() == 0
        assert not await _words(index, "旧", scope("g:all"))
        one = posting(1, "新", vector=axis(1))
        await index.put([one])
        found = await index.search(Probe(("新",), axis(1)), scope=scope("g:all"))
        assert found == {Channel.WORDS: (one.chunk,), Channel.VECTORS: (one.chunk,)}

    async def test_optimizing_changes_nothing_that_is_found(self, index: Index) -> None:
        """Faster, not different."""
        await index.put([posting(n, f"词{n % 7}", vector=axis(n % 5)) for n in range(50)])
        probe = Probe(("词3",), axis(2), limit=50)
        before = await index.search(probe, scope=scope("g:all"))
        await index.optimize()
        after = await index.search(probe, scope=scope("g:all"))
        assert {c: set(r) for c, r in after.items()} == {c: set(r) for c, r in before.items()}
        assert await index.count() == 50

    async def test_thousands_of_postings_are_found_one_by_one(self, index: Index) -> None:
        """A batch of many pieces arrives whole."""
        many = [posting(n, f"共同 编号{n}", document=f"d{n % 40}") for n in range(3000)]
        await index.put(many)
        assert await index.count() == 3000
        for n in (0, 1, 1499, 2999):
            assert await _words(index, f"编号{n}", scope("g:all")) == {many[n].chunk}
        assert len(await _words(index, "共同", scope("g:all"), limit=100)) == 100
        await index.drop(DocumentId("d0"))
        assert await index.count() == 3000 - 75
