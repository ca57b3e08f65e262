"""Documents through the HTTP door: sent, watched, granted, looked at, deleted."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas
from tests.doors import Door, open_door, upload

from yanku.entry.http.pace import Pace
from yanku.entry.http.uploads import clean_name
from yanku.errors import InvalidRequest
from yanku.model.library import DocumentId


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


async def work(door: Door) -> None:
    await door.house.work(vectors=True, until_empty=True)


def a_pdf(*lines: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(400, 500))
    for line in lines:
        canvas.drawString(40, 400, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def sent_events(response: httpx.Response) -> list[tuple[str, dict[str, object]]]:
    assert response.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in response.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


async def test_an_upload_is_kept_queued_read_and_found(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        response = await upload(client, "memo.txt", "南湖项目的总投资为3.6亿元。")
        assert response.status_code == 202, response.text
        sent = response.json()
        assert sent["progress"]["state"] == "queued"
        assert sent["owned"] is True
        assert sent["groups"] == []
        assert response.headers["location"] == f"/api/v1/documents/{sent['id']}"
        await work(door)
        live = (await client.get(response.headers["location"])).json()
        assert live["progress"]["state"] == "live"
        found = (await client.post("/api/v1/search", json={"question": "南湖项目总投资"})).json()
        assert [hit["document"] for hit in found["hits"]] == [sent["id"]]
        assert found["hits"][0]["ranks"]["words"] == 1


async def test_the_same_file_sent_again_is_the_same_document(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        first = await upload(client, "a.txt", "same bytes", key="k-1")
        again = await upload(client, "b.txt", "same bytes", key="k-1")
        assert first.json()["id"] == again.json()["id"]
        assert first.status_code == again.status_code == 202
        assert len((await client.get("/api/v1/documents")).json()["items"]) == 1


async def test_an_idempotency_key_does_not_stand_for_two_files(door: Door) -> None:
    ann, bob = await door.person("ann"), await door.person("bob")
    async with door.bearer(ann) as client, door.bearer(bob) as other:
        await upload(client, "a.txt", "one", key="k-1")
        assert (await upload(other, "a.txt", "two", key="k-1")).status_code == 202
        refused = await upload(client, "a.txt", "two", key="k-1")
        assert refused.status_code == 409
        assert refused.json()["code"] == "conflict"
        # What was refused was not kept either.
        assert len((await client.get("/api/v1/documents")).json()["items"]) == 1


async def test_a_document_is_read_by_the_groups_chosen_and_by_nobody_else(door: Door) -> None:
    ann, bob = await door.person("ann", "traders"), await door.person("bob", "traders")
    eve = await door.person("eve", "lawyers")
    [traders] = ann.groups
    async with door.bearer(ann) as owner, door.bearer(bob) as reader, door.bearer(eve) as stranger:
        sent = (await upload(owner, "a.txt", "text", groups=(traders,))).json()
        path = f"/api/v1/documents/{sent['id']}"
        assert (await reader.get(path)).json()["groups"] == [traders]
        assert (await reader.get(path)).json()["owned"] is False
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get("/api/v1/documents")).json() == {"items": [], "next": None}
        changed = await owner.put(f"{path}/readers", json={"groups": []})
        assert changed.json()["groups"] == []
        assert (await reader.get(path)).status_code == 404


async def test_nobody_grants_to_a_group_they_are_not_in(door: Door) -> None:
    ann, eve = await door.person("ann"), await door.person("eve", "lawyers")
    [lawyers] = eve.groups
    async with door.bearer(ann) as client:
        strange = await upload(client, "a.txt", "text", groups=(lawyers,))
        missing = await upload(client, "a.txt", "text", groups=("0" * len(lawyers),))
        assert strange.status_code == missing.status_code == 400
        assert strange.json()["detail"].replace(lawyers, "*") == missing.json()["detail"].replace(
            "0" * len(lawyers), "*"
        )


async def test_only_the_owner_changes_and_deletes(door: Door) -> None:
    ann, bob = await door.person("ann", "traders"), await door.person("bob", "traders")
    async with door.bearer(ann) as owner, door.bearer(bob) as reader:
        sent = (await upload(owner, "a.txt", "text", groups=tuple(ann.groups))).json()
        path = f"/api/v1/documents/{sent['id']}"
        assert (await reader.delete(path)).status_code in {403, 404}
        body = {"groups": sorted(bob.groups)}
        assert (await reader.put(f"{path}/readers", json=body)).status_code in {403, 404}
        assert (await owner.get(path)).status_code == 200
        assert (await owner.delete(path)).status_code == 204
        for client in (owner, reader):
            assert (await client.get(path)).status_code == 404
        assert (await owner.delete(path)).status_code == 404


async def test_a_new_version_takes_over_when_it_has_been_read(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        first = (await upload(client, "a.txt", "Revenue was 5.")).json()
        await work(door)
        second = (await upload(client, "a.txt", "Revenue was 6.", replaces=first["id"])).json()
        assert second["version"] == 2
        listed = (await client.get("/api/v1/documents")).json()["items"]
        assert first["id"] in {item["id"] for item in listed}
        await work(door)
        listed = (await client.get("/api/v1/documents")).json()["items"]
        assert [item["id"] for item in listed] == [second["id"]]


async def test_pages_of_the_list_join_to_the_whole(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        sent = {(await upload(client, f"{n}.txt", f"text {n}")).json()["id"] for n in range(7)}
        seen: list[str] = []
        after = ""
        for _ in range(4):
            page = (
                await client.get("/api/v1/documents", params={"limit": 3, "after": after})
            ).json()
            seen += [item["id"] for item in page["items"]]
            after = page["next"] or ""
            if not after:
                break
        assert sorted(seen) == sorted(sent)
        assert len(seen) == len(set(seen))


async def test_progress_is_told_until_the_work_is_over(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        sent = (await upload(client, "report.pdf", a_pdf("one", "two"))).json()
        await work(door)
        response = await client.get(f"/api/v1/documents/{sent['id']}/progress")
        events = sent_events(response)
        assert {name for name, _ in events} == {"progress"}
        assert events[-1][1]["state"] == "live"
        assert events[-1][1]["pages_done"] == 2
        assert events[-1][1]["vectors_done"] == events[-1][1]["chunks"]


async def test_a_file_that_cannot_be_read_says_why(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        sent = (await upload(client, "report.pdf", b"%PDF-1.7\nand nothing of one")).json()
        await work(door)
        failed = (await client.get(f"/api/v1/documents/{sent['id']}")).json()
        assert failed["progress"]["state"] == "failed"
        assert failed["failure"]["code"] in {"broken_source", "reader_died"}
        assert failed["failure"]["message"]


async def test_a_page_is_shown_as_a_picture_with_its_size(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        sent = (await upload(client, "report.pdf", a_pdf("first", "second"))).json()
        await work(door)
        path = f"/api/v1/documents/{sent['id']}/pages"
        picture = await client.get(f"{path}/2.png")
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        size = (await client.get(f"{path}/2")).json()
        assert (size["number"], size["width"], size["height"]) == (2, 400, 500)
        assert (await client.get(f"{path}/3.png")).status_code == 404
        assert (await client.get(f"{path}/0.png")).status_code == 422


async def test_a_sheet_is_shown_as_cells_and_a_text_as_lines(door: Door) -> None:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "利润 表"
    sheet.append(["项目", "2024年"])
    sheet.append(["营业收入", 1234.5])
    book.save(file)
    async with door.bearer(await door.person("ann")) as client:
        table = (await upload(client, "book.xlsx", file.getvalue())).json()
        memo = (await upload(client, "memo.txt", "第一行。\n\n第二行。")).json()
        await work(door)
        cells = (await client.get(f"/api/v1/documents/{table['id']}/sheets/利润 表")).json()
        assert {cell["cells"]: cell["text"] for cell in cells}["A2"] == "营业收入"
        assert (
            await client.get(f"/api/v1/documents/{table['id']}/sheets/other")
        ).status_code == 404
        lines = (await client.get(f"/api/v1/documents/{memo['id']}/lines")).json()
        assert [line["text"] for line in lines if line["text"]] == ["第一行。", "第二行。"]


async def test_an_upload_without_a_file_says_what_is_missing(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        for response in (
            await client.post("/api/v1/documents", data={"group": "x"}),
            await client.post("/api/v1/documents", content=b"raw"),
            await client.post("/api/v1/documents", files={"other": ("a.txt", b"x")}),
        ):
            assert response.status_code == 400, response.text
            assert response.json()["code"] == "invalid_request"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\reports\\Q3.pdf", "Q3.pdf"),
        ("a\x00b\n.txt", "ab.txt"),
        ("贵州茅台：2024年报.pdf", "贵州茅台：2024年报.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("y" * 400, "y" * 255),
    ],
)
def test_a_name_keeps_nothing_but_itself(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "\x00", " "])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest):
        clean_name(name)


def test_pace_tells_rate_and_rest_once_something_moved() -> None:
    pace = Pace()
    pace.see(0, 0)
    assert pace.pages_per_second is None
    pace.see(4, 8)
    assert pace.pages_per_second == 2
    assert pace.remaining_s(18) == 5
    # Only the last stretch counts: a slow page does not slow down the forecast for good.
    pace.see(100, 9)
    pace.see(110, 39)
    assert pace.pages_per_second == 3


async def test_a_forgotten_document_has_no_page_left_to_show(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        sent = (await upload(client, "report.pdf", a_pdf("one"))).json()
        await work(door)
        path = f"/api/v1/documents/{sent['id']}"
        assert (await client.get(f"{path}/pages/1.png")).status_code == 200
        assert (await client.delete(path)).status_code == 204
        for rest in ("", "/pages/1.png", "/pages/1", "/lines", "/sheets/x", "/progress"):
            assert (await client.get(path + rest)).status_code == 404
        with pytest.raises(FileNotFoundError):
            next((door.house.settings.home / "files" / DocumentId(sent["id"])).iterdir())
