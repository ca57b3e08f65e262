"""From first start to the first sign-in, and what a crash in the middle of forgetting leaves."""

from pathlib import Path

import pytest
from tests.houses import PASSWORD, add_text, open_test_house

from yanku.access.scope import scope_of
from yanku.errors import Conflict, NotSignedIn
from yanku.model.library import DocumentId


async def test_the_first_administrator_owns_what_was_ingested_from_the_command_line(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        local = await house.accounts.local()
        entry = await add_text(house, tmp_path, "a.txt", "南湖项目投资5亿元。", local)
        assert await house.accounts.needs_setup()
        secret = house.accounts.setup_token()
        admin = await house.accounts.set_up(secret, "grace", PASSWORD)
        assert not await house.accounts.needs_setup()
        assert (await house.library.entry(entry.id, scope=scope_of(admin))).id == entry.id
        assert await house.accounts.local() == admin
        principal, _ = await house.accounts.sign_in("grace", PASSWORD, "127.0.0.1")
        assert principal == admin


async def test_a_setup_token_works_once_and_only_itself(database_url: str, tmp_path: Path) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        old = house.accounts.setup_token()
        secret = house.accounts.setup_token()
        for wrong in ("", "guess", old):
            with pytest.raises(NotSignedIn):
                await house.accounts.set_up(wrong, "grace", PASSWORD)
        await house.accounts.set_up(secret, "grace", PASSWORD)
        with pytest.raises(Conflict):
            await house.accounts.set_up(secret, "mallory", PASSWORD)


async def test_nobody_can_sign_in_before_setup(database_url: str, tmp_path: Path) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        local = await house.accounts.local()
        for password in ("", "!", local.name):
            with pytest.raises(NotSignedIn):
                await house.accounts.sign_in(local.name, password, "127.0.0.1")


async def test_a_new_file_at_the_same_path_replaces_the_old(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        path = tmp_path / "memo.txt"
        for amount in ("5", "7"):
            path.write_text(f"南湖项目投资{amount}亿元。", "utf-8")
            await house.ingest.add(path, path.name, owner=owner, source=str(path))
            await house.work(vectors=False, until_empty=True)
        entries, _ = await house.library.entries(scope=scope_of(owner))
        assert [entry.version for entry in entries] == [2]
        found = await house.find.search("南湖项目投资", scope=scope_of(owner))
        assert [hit.chunk.text for hit in found.hits] == ["南湖项目投资7亿元。"]


async def test_a_sweep_removes_what_a_crash_in_forgetting_left(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        entry = await add_text(house, tmp_path, "a.txt", "南湖项目投资5亿元。", owner)
        kept = await add_text(house, tmp_path, "b.txt", "北湖项目投资6亿元。", owner)
        # The database forgot, and then the power went.
        await house.library.forget(entry.id, scope=scope_of(owner))
        assert await house.keep.sweep() == 1
        assert await house.keep.sweep() == 0
        assert await house.index.count() == 1
        stored = {path.name for path in (tmp_path / "files").glob("??/*")}
        assert stored == {kept.id}
        assert DocumentId(entry.id) not in stored
