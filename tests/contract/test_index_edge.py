"""What only an index in a folder can get wrong: two holders, sudden death, damage, swapping."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.errors import HomeBusy, IndexUnavailable
from yanku.model.library import DocumentId
from yanku.model.search import Channel, Probe
from yanku.testing.index import DIMENSIONS, axis, posting, scope

WHO = scope("g:all")

_WRITER = """
import asyncio, sys
from pathlib import Path
from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.testing.index import DIMENSIONS, axis, posting

async def main():
    index = await EdgeIndex.open(Path(sys.argv[1]), DIMENSIONS)
    batch = 0
    while True:
        await index.put([posting(batch * 20 + n, "共同", vector=axis(n % 16)) for n in range(20)])
        batch += 1
        print(batch * 20, flush=True)

asyncio.run(main())
"""


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[EdgeIndex]:
    index = await EdgeIndex.open(tmp_path / "index", DIMENSIONS, made_by="suite")
    yield index
    await index.close()


async def again(path: Path) -> EdgeIndex:
    return await EdgeIndex.open(path, DIMENSIONS, made_by="suite")


async def test_what_was_put_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    first = await again(tmp_path)
    await first.put([posting(0, "收入", vector=axis(1))])
    await first.close()
    second = await again(tmp_path)
    found = await second.search(Probe(("收入",), axis(1)), scope=WHO)
    await second.close()
    assert found == {c: (posting(0, "").chunk,) for c in (Channel.WORDS, Channel.VECTORS)}


async def test_a_second_holder_is_told_who_has_it(index: EdgeIndex, tmp_path: Path) -> None:
    with pytest.raises(HomeBusy, match=rf"process {os.getpid()};"):
        await again(tmp_path / "index")
    assert await index.count() == 0


async def test_a_closed_index_says_so_and_lets_another_in(tmp_path: Path) -> None:
    first = await again(tmp_path)
    await first.close()
    await first.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        await first.count()
    await (await again(tmp_path)).close()


def killed_writer(path: Path, after: int) -> int:
    """Return how many postings a process had put when it was killed in the middle of writing."""
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = 0
    for line in writer.stdout:
        acknowledged = int(line)
        if acknowledged >= after:
            break
    writer.send_signal(signal.SIGKILL)
    tail = writer.stdout.read().split()
    writer.stdout.close()
    writer.wait()
    return int(tail[-1]) if tail else acknowledged


@pytest.mark.parametrize("after", [20, 300, 700])
async def test_a_process_killed_while_writing_loses_nothing_it_had_put(
    tmp_path: Path, after: int
) -> None:
    acknowledged = await asyncio.to_thread(killed_writer, tmp_path / "index", after)
    index = await EdgeIndex.open(tmp_path / "index", DIMENSIONS)
    count = await index.count()
    found = await index.search(Probe(("共同",), axis(3), limit=10_000), scope=WHO)
    await index.put([posting(0, "别的")])
    await index.close()
    assert acknowledged <= count <= acknowledged + 20
    assert len(found[Channel.WORDS]) == len(found[Channel.VECTORS]) == count


async def test_a_holder_that_was_killed_does_not_keep_others_out(tmp_path: Path) -> None:
    await asyncio.to_thread(killed_writer, tmp_path, 20)
    await (await EdgeIndex.open(tmp_path, DIMENSIONS)).close()


@pytest.mark.parametrize(
    "damaged",
    ["edge_config.json", "segment.json", "version.info", "first-index", "status.dat", "page_0.dat"],
)
async def test_a_damaged_index_says_to_reindex_and_can_be_made_anew(
    tmp_path: Path, damaged: str
) -> None:
    first = await again(tmp_path)
    await first.put([posting(n, "收入", vector=axis(n % 16)) for n in range(50)])
    await first.close()
    for file in (tmp_path / "shard").rglob(damaged):
        os.truncate(file, 0)
    with pytest.raises(IndexUnavailable, match="yanku reindex"):
        await again(tmp_path)
    fresh = await EdgeIndex.open(tmp_path, DIMENSIONS, made_by="suite", fresh=True)
    await fresh.put([posting(0, "收入")])
    assert await fresh.count() == 1
    await fresh.close()


async def test_an_index_made_from_other_words_or_vectors_is_refused(tmp_path: Path) -> None:
    await (await again(tmp_path)).close()
    with pytest.raises(IndexUnavailable, match=r"'suite'.*'another'.*yanku reindex"):
        await EdgeIndex.open(tmp_path, DIMENSIONS, made_by="another")


async def test_an_index_for_vectors_of_another_length_is_refused(tmp_path: Path) -> None:
    await (await again(tmp_path)).close()
    with pytest.raises(IndexUnavailable, match="yanku reindex"):
        await EdgeIndex.open(tmp_path, DIMENSIONS + 1, made_by="suite")
    await (await again(tmp_path)).close()


async def test_writes_during_optimizing_are_kept(index: EdgeIndex, tmp_path: Path) -> None:
    await index.put([posting(n, "旧", document="a", vector=axis(n % 16)) for n in range(100)])
    optimizing = asyncio.create_task(index.optimize())
    while not (tmp_path / "index" / "shard.next").exists():
        await asyncio.sleep(0.001)
    await index.put([posting(0, "新", document="b")])
    await index.drop(DocumentId("a"))
    assert not optimizing.done()
    await optimizing
    found = await index.search(Probe(("旧", "新")), scope=WHO)
    assert found[Channel.WORDS] == (posting(0, "", document="b").chunk,)
    assert await index.count() == 1
    assert sorted(p.name for p in (tmp_path / "index").iterdir()) == ["lock", "made_by", "shard"]


async def test_clearing_during_optimizing_brings_nothing_back(index: EdgeIndex) -> None:
    await index.put([posting(n, "旧") for n in range(100)])
    optimizing = asyncio.create_task(index.optimize())
    await asyncio.sleep(0.1)
    await index.clear()
    await optimizing
    assert await index.count() == 0


async def test_an_optimization_cut_short_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = await again(tmp_path)
    await index.put([posting(n, "旧") for n in range(100)])
    optimizing = asyncio.create_task(index.optimize())
    await asyncio.sleep(0.1)
    optimizing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await optimizing
    await index.close()
    reopened = await again(tmp_path)
    assert await reopened.count() == 100
    await reopened.close()


async def test_a_swap_cut_in_half_is_mended_at_the_next_start(tmp_path: Path) -> None:
    index = await again(tmp_path)
    await index.put([posting(0, "收入")])
    await index.close()
    (tmp_path / "shard").rename(tmp_path / "shard.old")
    (tmp_path / "shard.next").mkdir()
    mended = await again(tmp_path)
    assert await mended.count() == 1
    await mended.close()


async def test_a_chunk_id_that_is_none_is_refused_before_anything_is_written(
    index: EdgeIndex,
) -> None:
    wrong = posting(0, "收入")
    object.__setattr__(wrong, "chunk", "not-an-id")
    with pytest.raises(ValueError, match="hexadecimal"):
        await index.put([wrong])
    assert await index.count() == 0


async def test_searching_goes_on_while_much_is_written(index: EdgeIndex) -> None:
    await index.put([posting(0, "收入")])
    many = [posting(n, "共同 词", document="b", vector=axis(n % 16)) for n in range(3000)]
    writing = asyncio.create_task(index.put(many))
    answered = 0
    while not writing.done():
        assert (await index.search(Probe(("收入",)), scope=WHO))[Channel.WORDS]
        answered += 1
    await writing
    assert answered > 10
