"""What was read in a document is the same whether a server has the home open or not."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.houses import add_person, open_test_house

from yanku.entry.control import RemoteDesk, control_app
from yanku.entry.desk import Desk
from yanku.errors import NotFound

_MEMO = "# 利润\n\n单位：万元\n\n| 项目 | 2024年 |\n| --- | --- |\n| 营业收入 | 1,234.56 |\n"


@pytest.fixture
async def desks(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Desk, RemoteDesk]]:
    async with open_test_house(database_url, tmp_path) as house:
        desk = Desk(house)
        transport = httpx.ASGITransport(control_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://yanku") as client:
            yield desk, RemoteDesk(client)


async def test_a_report_and_a_markdown_come_through_the_socket_unchanged(
    desks: tuple[Desk, RemoteDesk], tmp_path: Path
) -> None:
    desk, remote = desks
    path = tmp_path / "memo.md"
    path.write_text(_MEMO, "utf-8")
    entry = await remote.add(path, path.name, "")
    await desk.house.work(vectors=True, until_empty=True)
    report = await remote.report(entry.id, "")
    assert report == await desk.report(entry.id, "")
    assert (report.tables[0].unit, report.amounts) == ("万元", 1)
    assert report.seconds > 0
    text = await remote.markdown(entry.id, "")
    assert text == await desk.markdown(entry.id, "")
    assert "| 营业收入 | 1,234.56 |" in text
    await add_person(desk.house, "ben")
    for ask in (remote.report, remote.markdown):
        with pytest.raises(NotFound):
            await ask(entry.id, "ben")
