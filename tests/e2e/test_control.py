"""The command line speaks to a running server as it speaks to a home of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.houses import open_test_house

from yanku.entry.cli.releasing import status_lines, turn_line
from yanku.entry.control import RemoteDesk, control_app
from yanku.entry.desk import Desk, Wanted
from yanku.errors import Conflict, InvalidRequest, NotFound
from yanku.flows.ask import Done, Looking
from yanku.flows.replay import Verdict
from yanku.model.answer import Declined, Grounded
from yanku.model.library import DocumentId, State
from yanku.model.release import Act
from yanku.testing.model import FakeModel


@pytest.fixture
async def desks(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Desk, RemoteDesk]]:
    model = FakeModel("南湖项目总投资为3.6亿元[1]。")
    async with open_test_house(database_url, tmp_path, model=model) as house:
        desk = Desk(house)
        transport = httpx.ASGITransport(control_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://yanku") as client:
            yield desk, RemoteDesk(client)


async def test_a_document_is_added_listed_asked_and_forgotten_through_the_socket(
    desks: tuple[Desk, RemoteDesk], tmp_path: Path
) -> None:
    desk, remote = desks
    path = tmp_path / "memo.txt"
    path.write_text("南湖项目的总投资为3.6亿元。", "utf-8")
    entry = await remote.add(path, path.name, "")
    assert await remote.waiting() == 1
    await desk.house.work(vectors=True, until_empty=True)
    assert await remote.entry(entry.id, "") == await desk.entry(entry.id, "")
    assert (await remote.listing("")).entries[0].state is State.LIVE
    assert await remote.facts(Wanted(), "") == []
    events = [event async for event in remote.ask("南湖项目总投资多少？", "")]
    assert isinstance(events[0], Looking)
    done = events[-1]
    assert isinstance(done, Done)
    assert isinstance(done.answer, Grounded)
    assert done.answer.citations[0].file == "memo.txt"
    assert (await remote.receipt(done.receipt, "")).answer == done.answer
    assert (await remote.replay(done.receipt, "")).verdict is Verdict.SAME
    early = [event async for event in remote.ask("南湖项目总投资多少？", "", "", "2020-01-01")]
    assert isinstance(early[-1], Done)
    assert isinstance(early[-1].answer, Declined)
    found = await remote.search("南湖项目", "", 5)
    assert found == await desk.search("南湖项目", "", 5)
    assert await remote.forget(entry.id, "") == 1
    assert (await remote.listing("")).entries == ()


async def test_an_error_keeps_its_name_and_message_through_the_socket(
    desks: tuple[Desk, RemoteDesk],
) -> None:
    _, remote = desks
    with pytest.raises(NotFound, match="There is no user nobody"):
        await remote.listing("nobody")
    with pytest.raises(NotFound):
        await remote.entry(DocumentId("0" * 32), "")
    with pytest.raises(InvalidRequest, match="empty"):
        [event async for event in remote.ask("  ", "")]


async def test_a_release_is_run_from_the_command_line_of_a_running_server(
    database_url: str, tmp_path: Path
) -> None:
    versions = {"next": FakeModel("two", version="2")}
    async with open_test_house(database_url, tmp_path, versions=versions) as house:
        transport = httpx.ASGITransport(control_app(Desk(house)))
        async with httpx.AsyncClient(transport=transport, base_url="http://yanku") as client:
            remote = RemoteDesk(client)
            with pytest.raises(InvalidRequest, match="base, next"):
                await remote.release_start("nxet", 0.05)
            started = await remote.release_start("next", 0.05, 0.1, "it is cheaper")
            assert (started.candidate, started.weight, started.shadow) == ("next", 0.05, 0.1)
            assert (await remote.release_weight(0.2)).weight == 0.2
            status = await remote.release_status()
            assert (status.stable, status.state.weight, len(status.guards)) == ("base", 0.2, 6)
            with pytest.raises(Conflict, match="still being rehearsed"):
                await remote.release_promote("it did well")
            assert (await remote.release_promote("it did well", force=True)).stable == "next"
            assert (await remote.release_rollback()).stable == "base"
            turns = await remote.release_history()
            assert [turn.act for turn in turns] == [
                Act.ROLLED_BACK,
                Act.PROMOTED,
                Act.WEIGHED,
                Act.STARTED,
            ]
            assert turns[-1].why == "it is cheaper"
            assert status_lines(status)[0] == "serves: base   versions: base, next"
            assert "next  promoted  by local: it did well" in turn_line(turns[1])
