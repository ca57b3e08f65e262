"""Documents inside documents: they come, are read, replaced and go with their container."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from tests.shelves import ANN, BEN, CAT

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.errors import Conflict, NotAllowed, NotFound
from yanku.model.library import DocumentId, Entry, Kin, State
from yanku.testing.library import a_document, a_profile, an_entry, some_chunks


async def publish(library: PostgresLibrary, entry: Entry) -> tuple[DocumentId, ...]:
    parsed = a_document(entry, entry.name)
    return await library.publish(
        entry.id, parsed, a_profile(), some_chunks(entry.id, entry.name), []
    )


def inside(container: Entry, text: str, name: str = "a.txt") -> tuple[str, Entry]:
    return name, an_entry(text, name=f"{container.name}/{name}")


async def bring(
    library: PostgresLibrary,
    text: str,
    members: Sequence[str],
    *,
    replaces: DocumentId | None = None,
    readers: tuple[str, ...] = (),
) -> tuple[Entry, list[Entry]]:
    """Add an archive whose files say these texts and are named after them, and read it all."""
    container = an_entry(text, name=f"{text}.zip", readers=readers)
    await library.add(container, replaces=replaces)
    found = [inside(container, each, f"{each}.txt") for each in members]
    await library.adopt(container.id, found)
    await publish(library, container)
    for _, entry in found:
        if (await library.job_entry(entry.id)).state is not State.LIVE:
            await publish(library, entry)
    return container, [entry for _, entry in found]


async def states(library: PostgresLibrary) -> dict[str, State]:
    entries, _ = await library.entries(scope=ANN)
    return {entry.name: entry.state for entry in entries}


async def gone(library: PostgresLibrary, entry: Entry) -> bool:
    return not await library.existing([entry.id])


async def test_a_file_inside_is_a_document_that_knows_its_container(
    library: PostgresLibrary,
) -> None:
    container, (child,) = await bring(library, "box", ["one"])
    entry = await library.entry(child.id, scope=ANN)
    assert (entry.name, entry.parent, entry.state) == (
        "box.zip/one.txt",
        container.id,
        State.LIVE,
    )
    assert (await library.entry(container.id, scope=ANN)).parent is None
    await library.adopt(container.id, [inside(container, "one", "one.txt")])
    assert (await library.entry(child.id, scope=ANN)) == entry


async def test_whoever_reads_the_container_reads_what_lies_in_it(library: PostgresLibrary) -> None:
    container, (child,) = await bring(library, "box", ["one"], readers=("g:desk",))
    inner = inside(child, "deep")
    await library.adopt(child.id, [inner])
    await publish(library, inner[1])
    for id_ in (child.id, inner[1].id):
        assert (await library.entry(id_, scope=CAT)).readers == {"u:ann", "g:desk"}
    changed = await library.grant(container.id, frozenset({"u:ben"}), scope=ANN)
    assert set(changed) == {container.id, child.id, inner[1].id}
    for id_ in (child.id, inner[1].id):
        assert (await library.entry(id_, scope=BEN)).readers == {"u:ann", "u:ben"}
        with pytest.raises(NotFound):
            await library.entry(id_, scope=CAT)


async def test_the_readers_of_a_file_inside_are_chosen_at_its_container(
    library: PostgresLibrary,
) -> None:
    _, (child,) = await bring(library, "box", ["one"])
    with pytest.raises(Conflict, match=r"box\.zip"):
        await library.grant(child.id, frozenset({"u:ben"}), scope=ANN)
    with pytest.raises(NotFound):
        await library.entry(child.id, scope=BEN)


async def test_forgetting_a_container_forgets_what_lies_in_it(library: PostgresLibrary) -> None:
    container, (child,) = await bring(library, "box", ["one"])
    inner = inside(child, "deep")
    await library.adopt(child.id, [inner])
    forgotten = await library.forget(container.id, scope=ANN)
    assert set(forgotten) == {container.id, child.id, inner[1].id}
    assert await states(library) == {}


async def test_a_file_that_was_also_added_on_its_own_stays(library: PostgresLibrary) -> None:
    for first in ("own", "container"):
        own = an_entry(f"same {first}", name="own.txt", readers=("u:ben",))
        if first == "own":
            await library.add(own)
        container = an_entry(f"box {first}", name="box.zip", readers=("g:desk",))
        await library.add(container)
        await library.adopt(container.id, [("x", replace(own, name="box.zip/x"))])
        if first == "container":
            assert (await library.entry(own.id, scope=ANN)).parent == container.id
            await library.add(own)
        await publish(library, own)
        entry = await library.entry(own.id, scope=CAT)
        assert (entry.name, entry.parent) == ("own.txt", None)
        assert entry.readers == {"u:ann", "u:ben", "g:desk"}
        assert await library.forget(container.id, scope=ANN) == (container.id,)
        assert (await library.entry(own.id, scope=ANN)).readers == {"u:ann", "u:ben"}
        with pytest.raises(NotFound):
            await library.entry(own.id, scope=CAT)


async def test_a_file_in_two_containers_goes_with_the_last(library: PostgresLibrary) -> None:
    one, (child,) = await bring(library, "one", ["same"], readers=("u:ben",))
    two, _ = await bring(library, "two", ["same"], readers=("g:desk",))
    assert (await library.entry(child.id, scope=ANN)).readers == {"u:ann", "u:ben", "g:desk"}
    assert await library.forget(one.id, scope=ANN) == (one.id,)
    assert (await library.entry(child.id, scope=CAT)).readers == {"u:ann", "g:desk"}
    with pytest.raises(NotFound):
        await library.entry(child.id, scope=BEN)
    assert set(await library.forget(two.id, scope=ANN)) == {two.id, child.id}


async def test_a_file_kept_in_a_container_is_not_forgotten_before_it(
    library: PostgresLibrary,
) -> None:
    container, (child,) = await bring(library, "box", ["one"])
    with pytest.raises(Conflict, match=r"kept in box\.zip"):
        await library.forget(child.id, scope=ANN)
    await library.add(an_entry("one"))
    with pytest.raises(Conflict):
        await library.forget(child.id, scope=ANN)
    await library.forget(container.id, scope=ANN)
    assert await library.forget(child.id, scope=ANN) == (child.id,)


async def test_only_the_owner_changes_a_container(library: PostgresLibrary) -> None:
    container, (child,) = await bring(library, "box", ["one"], readers=("g:desk",))
    for document in (container.id, child.id):
        with pytest.raises(NotAllowed):
            await library.forget(document, scope=CAT)
        with pytest.raises(NotAllowed):
            await library.grant(document, frozenset({"u:ben"}), scope=CAT)
        with pytest.raises(NotFound):
            await library.forget(document, scope=BEN)


async def test_a_new_version_of_a_container_takes_along_what_it_no_longer_holds(
    library: PostgresLibrary,
) -> None:
    old, (gone_, kept) = await bring(library, "v1", ["gone", "kept"])
    inner = inside(gone_, "deep")
    await library.adopt(gone_.id, [inner])
    await publish(library, inner[1])
    new = an_entry("v2", name="v2.zip")
    await library.add(new, replaces=old.id)
    await library.adopt(new.id, [inside(new, "kept", "kept.txt")])
    assert (await states(library))["v1.zip/gone.txt"] is State.LIVE  # until the new one is read
    assert set(await publish(library, new)) == {old.id, gone_.id, inner[1].id}
    assert await states(library) == {"v2.zip": State.LIVE, "v2.zip/kept.txt": State.LIVE}
    assert (await library.entry(kept.id, scope=ANN)).parent == new.id
    assert set(await library.forget(new.id, scope=ANN)) == {
        old.id, new.id, gone_.id, kept.id, inner[1].id,
    }  # fmt: skip


async def test_a_changed_file_inside_answers_until_its_new_version_is_read(
    library: PostgresLibrary,
) -> None:
    old = an_entry("v1", name="box.zip")
    await library.add(old)
    before = inside(old, "old words", "a.txt")
    await library.adopt(old.id, [before])
    await publish(library, old)
    await publish(library, before[1])
    new = an_entry("v2", name="box.zip")
    await library.add(new, replaces=old.id)
    after = inside(new, "new words", "a.txt")
    await library.adopt(new.id, [after])
    assert await publish(library, new) == (old.id,)
    assert (await library.entry(before[1].id, scope=ANN)).state is State.LIVE
    assert await publish(library, after[1]) == (before[1].id,)
    entry = await library.entry(after[1].id, scope=ANN)
    assert (entry.version, entry.series) == (2, before[1].series)
    back = an_entry("v3", name="box.zip")
    await library.add(back, replaces=new.id)
    await library.adopt(back.id, [inside(back, "old words", "a.txt")])
    assert set(await publish(library, back)) == {old.id, new.id}
    assert (await library.entry(after[1].id, scope=ANN)).state is State.LIVE
    assert await publish(library, before[1]) == (after[1].id,)
    assert (await library.entry(before[1].id, scope=ANN)).state is State.LIVE


async def test_a_new_version_of_a_container_leaves_alone_what_stands_on_its_own(
    library: PostgresLibrary,
) -> None:
    old, (child,) = await bring(library, "v1", ["same"], readers=("g:desk",))
    await library.add(an_entry("same", name="own.txt"))
    new = an_entry("v2", name="v2.zip")
    await library.add(new, replaces=old.id)
    changed = inside(new, "other", "same.txt")
    await library.adopt(new.id, [changed])
    assert await publish(library, new) == (old.id,)
    await publish(library, changed[1])
    entry = await library.entry(child.id, scope=ANN)
    assert entry.state is State.LIVE
    assert entry.readers == {"u:ann"}
    assert (await library.entry(changed[1].id, scope=ANN)).series == changed[1].id


async def test_a_file_read_after_its_container_was_replaced_stays_out(
    library: PostgresLibrary,
) -> None:
    old = an_entry("v1", name="box.zip")
    await library.add(old)
    late = inside(old, "late")
    await library.adopt(old.id, [late])
    await publish(library, old)
    new = an_entry("v2", name="box.zip")
    await library.add(new, replaces=old.id)
    await publish(library, new)
    assert await publish(library, late[1]) == (late[1].id,)
    assert await states(library) == {"box.zip": State.LIVE}
    await library.add(late[1])  # and may come back on its own
    await publish(library, late[1])
    assert (await library.entry(late[1].id, scope=ANN)).state is State.LIVE


async def test_an_archive_that_holds_itself_is_adopted_once(library: PostgresLibrary) -> None:
    container, (child,) = await bring(library, "box", ["one"])
    await library.adopt(container.id, [("again.zip", container)])
    await library.adopt(child.id, [("round.zip", container), ("self", child)])
    assert (await library.entry(container.id, scope=ANN)).parent is None
    assert await library.kin(child.id) == Kin(1, 1, child.size)
    assert set(await library.forget(container.id, scope=ANN)) == {container.id, child.id}


async def test_depth_and_size_of_a_family_are_told(library: PostgresLibrary) -> None:
    container, children = await bring(library, "box", ["one", "three"])
    inner = inside(children[0], "deepest")
    await library.adopt(children[0].id, [inner])
    assert await library.kin(inner[1].id) == Kin(2, 3, 3 + 5 + 7)
    assert await library.kin(container.id) == Kin(0, 3, 15)


async def test_nothing_is_adopted_by_a_container_that_was_forgotten(
    library: PostgresLibrary,
) -> None:
    container = an_entry("box")
    await library.add(container)
    await library.forget(container.id, scope=ANN)
    child = inside(container, "one")
    with pytest.raises(NotFound):
        await library.adopt(container.id, [child])
    assert await gone(library, child[1])


async def test_a_document_is_tried_again_by_its_owner_only(library: PostgresLibrary) -> None:
    entry = an_entry("locked", readers=("g:desk",))
    await library.add(entry)
    await library.fail(entry.id, "encrypted_source", "no password")
    with pytest.raises(NotAllowed):
        await library.retry(entry.id, scope=CAT)
    with pytest.raises(NotFound):
        await library.retry(entry.id, scope=BEN)
    await library.retry(entry.id, scope=ANN)
    found = await library.entry(entry.id, scope=ANN)
    assert (found.state, found.failure) == (State.QUEUED, None)


async def test_many_at_once_neither_block_each_other_nor_leave_anything(
    library: PostgresLibrary,
) -> None:
    """Adopt, publish, grant, replace and forget containers that share files, all at once."""
    shared = [f"shared {n}" for n in range(6)]

    async def live(number: int) -> None:
        container = an_entry(f"box {number}", name=f"box{number}.zip")
        await library.add(container)
        mine = [*shared[number % 3 :], f"own {number}"]
        found = [inside(container, text, f"{text}.txt") for text in reversed(mine)]
        for step in (
            library.adopt(container.id, found),
            publish(library, container),
            *(publish(library, entry) for _, entry in found),
            library.grant(container.id, frozenset({"u:ben"}), scope=ANN),
            library.forget(container.id, scope=ANN),
        ):
            with suppress(NotFound):  # a shared file went with the last box that held it
                await step

    for _ in range(3):
        await asyncio.gather(*(live(number) for number in range(8)))
        assert await states(library) == {}
