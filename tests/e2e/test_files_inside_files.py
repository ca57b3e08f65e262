"""Archives and mails through the whole house: what lies in them is found, cited and forgotten."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.houses import add_person, open_test_house

from yanku.access.scope import scope_of
from yanku.entry.cli.shell import Shell
from yanku.entry.cli.unlocking import ask_passwords
from yanku.entry.desk import Desk
from yanku.errors import Conflict, NotAllowed, NotFound, WrongPassword
from yanku.flows.members import ORIGINAL, UNLOCKED
from yanku.model.library import Entry, State
from yanku.model.people import Principal
from yanku.testing.mails import Enclosure, an_eml
from yanku.wiring import House

WORD = "plain-Kx7"


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(WORD, "owner", strength=128))
    canvas.drawString(72, 720, "The budget of the harbour project is 8 million.")
    canvas.save()
    return out.getvalue()


async def add(
    house: House, folder: Path, name: str, data: bytes, owner: Principal, readers: str = ""
) -> Entry:
    path = folder / "upload"
    path.write_bytes(data)
    keys = [readers] if readers else []
    entry = await house.ingest.add(path, name, owner=owner, readers=keys)
    await house.work(vectors=True, until_empty=True)
    return await house.library.entry(entry.id, scope=scope_of(owner))


async def listed(house: House, person: Principal) -> dict[str, Entry]:
    entries, _ = await house.library.entries(scope=scope_of(person))
    return {entry.name: entry for entry in entries}


async def test_what_lies_in_a_mail_in_an_archive_is_found_by_its_readers_and_goes_with_it(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner, ben = await house.accounts.local(), await add_person(house, "ben", "desk")
        desk = next(iter(ben.groups))
        mail = an_eml(enclosures=[Enclosure("备忘.txt", "东湖项目的预算为8亿元。".encode())])
        data = zipped({"邮件/一.eml": mail, "坏.pdf": b"%PDF-1.7 and nothing more"})
        entry = await add(house, tmp_path, "材料.zip", data, owner)
        found = await listed(house, owner)
        assert list(found) == ["材料.zip", "材料.zip/邮件/一.eml", "材料.zip/坏.pdf",
                               "材料.zip/邮件/一.eml/备忘.txt"] or set(found) == {
            "材料.zip", "材料.zip/邮件/一.eml", "材料.zip/坏.pdf", "材料.zip/邮件/一.eml/备忘.txt",
        }  # fmt: skip
        memo = found["材料.zip/邮件/一.eml/备忘.txt"]
        assert memo.parent == found["材料.zip/邮件/一.eml"].id
        broken = found["材料.zip/坏.pdf"]
        assert (broken.state, entry.state) == (State.FAILED, State.LIVE)
        assert broken.failure is not None
        assert broken.failure[0] == "broken_source"
        assert (await house.find.search("东湖项目预算", scope=scope_of(ben))).hits == ()
        await house.keep.grant(entry.id, [f"g:{desk}"], principal=owner)
        hits = (await house.find.search("东湖项目预算", scope=scope_of(ben))).hits
        assert [hit.chunk.document for hit in hits][:1] == [memo.id]
        with pytest.raises(Conflict):
            await house.keep.forget(memo.id, principal=owner)
        assert await house.keep.forget(entry.id, principal=owner) == 4
        assert (await house.find.search("东湖项目预算", scope=scope_of(owner))).hits == ()
        assert await house.index.count() == 0
        assert list((tmp_path / "files").glob("??/*")) == []


async def test_an_archive_read_twice_brings_its_files_once(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        data = zipped({"a.txt": b"the first file", "b.txt": b"the second file"})
        entry = await add(house, tmp_path, "a.zip", data, owner)
        before = await listed(house, owner)
        await house.ingest.parse(entry.id)  # as a worker does that takes up a dead one's job
        assert {each.id for each in (await listed(house, owner)).values()} == {
            each.id for each in before.values()
        }
        assert len(before) == 3


async def test_archives_deeper_than_allowed_are_listed_and_not_opened(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        data = b"the innermost words"
        for depth in range(6):
            data = zipped({f"{depth}.zip" if depth else "a.txt": data})
        await add(house, tmp_path, "top.zip", data, owner)
        found = await listed(house, owner)
        assert len(found) == house.settings.parser.max_depth + 1
        deepest = max(found.values(), key=lambda entry: len(entry.name))
        assert [flaw.code for flaw in deepest.flaws] == ["nested_too_deep"]


async def test_a_locked_document_is_read_once_its_owner_gives_the_password(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner, ben = await house.accounts.local(), await add_person(house, "ben", "desk")
        desk = next(iter(ben.groups))
        await add(house, tmp_path, "a.zip", zipped({"x.pdf": locked_pdf()}), owner, f"g:{desk}")
        locked = (await listed(house, owner))["a.zip/x.pdf"]
        assert locked.failure is not None
        assert locked.failure[0] == "encrypted_source"
        assert "unlock" in locked.failure[1]
        with pytest.raises(WrongPassword):
            await house.unlock.unlock(locked.id, "wrong", principal=owner)
        with pytest.raises(NotAllowed):
            await house.unlock.unlock(locked.id, WORD, principal=ben)
        with pytest.raises(NotFound):
            await house.unlock.unlock(locked.id, WORD, principal=await add_person(house, "cat"))
        entry = await house.unlock.unlock(locked.id, WORD, principal=owner)
        assert entry.state is State.QUEUED
        await house.work(vectors=True, until_empty=True)
        hits = (await house.find.search("harbour project budget", scope=scope_of(ben))).hits
        assert hits[0].chunk.document == locked.id
        picture = await house.view.page_image(locked.id, 1, principal=ben)
        assert picture.startswith(b"\x89PNG")
        parsed = await house.library.parsed(locked.id, scope=scope_of(owner))
        assert parsed.digest == locked.digest
        with pytest.raises(Conflict):
            await house.unlock.unlock(locked.id, WORD, principal=owner)
        kept = tmp_path / "files" / locked.id[:2] / locked.id
        assert {ORIGINAL, UNLOCKED} <= {each.name for each in kept.iterdir()}
        await house.keep.forget((await listed(house, owner))["a.zip"].id, principal=owner)
        assert not kept.exists()


async def test_nothing_of_a_password_stays_anywhere(database_url: str, tmp_path: Path) -> None:
    async with open_test_house(database_url, tmp_path / "home") as house:
        owner = await house.accounts.local()
        locked = await add(house, tmp_path, "x.pdf", locked_pdf(), owner)
        await house.unlock.unlock(locked.id, WORD, principal=owner)
        await house.work(vectors=True, until_empty=True)
        for path in (tmp_path / "home").rglob("*"):
            if path.is_file() and path.name != ORIGINAL:
                assert WORD.encode() not in path.read_bytes(), path
        entry = await house.library.entry(locked.id, scope=scope_of(owner))
        assert WORD not in repr(entry)


async def test_the_command_line_asks_three_times_and_lets_one_skip(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner, desk = await house.accounts.local(), Desk(house)
        locked = await add(house, tmp_path, "x.pdf", locked_pdf(), owner)
        asked: list[str] = []

        def prompt(answers: list[str]) -> Callable[[str], str]:
            def ask(question: str) -> str:
                asked.append(question)
                return answers.pop(0)

            return ask

        shell = Shell()
        assert not await ask_passwords(shell, desk, [locked], "", prompt([""]))
        assert not await ask_passwords(shell, desk, [locked], "", prompt(["a", "b", "c", "d"]))
        assert len(asked) == 4
        assert "x.pdf" in asked[0]
        assert await ask_passwords(shell, desk, [locked], "", prompt(["a", WORD]))
        await house.work(vectors=True, until_empty=True)
        live = await desk.entry(locked.id, "")
        assert live.state is State.LIVE
        assert not await ask_passwords(shell, desk, [live], "", prompt([]))
