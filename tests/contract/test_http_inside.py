"""Archives and protected documents through the HTTP door."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.doors import Door, open_door, upload

WORD = "plain-Kx7"


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


async def work(door: Door) -> None:
    await door.house.work(vectors=True, until_empty=True)


def locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(WORD, "owner", strength=128))
    canvas.drawString(72, 720, "The budget is 8 million.")
    canvas.save()
    return out.getvalue()


def archive(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(name, data)
    return out.getvalue()


async def test_the_files_in_an_archive_are_listed_with_it(door: Door) -> None:
    ann, bob = await door.person("ann"), await door.person("bob")
    async with door.bearer(ann) as client, door.bearer(bob) as stranger:
        box = (await upload(client, "a.zip", archive("内/一.txt", "一些文字".encode()))).json()
        await work(door)
        path = f"/api/v1/documents/{box['id']}/members"
        (inside,) = (await client.get(path)).json()
        assert (inside["name"], inside["parent"]) == ("a.zip/内/一.txt", box["id"])
        assert inside["progress"]["state"] == "live"
        assert (await stranger.get(path)).status_code == 404
        refused = await client.delete(f"/api/v1/documents/{inside['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert (await client.delete(f"/api/v1/documents/{box['id']}")).status_code == 204
        assert (await client.get(f"/api/v1/documents/{inside['id']}")).status_code == 404


async def test_the_owner_unlocks_a_document_and_nobody_else(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob, cat = (
        await door.person("ann", "desk"), await door.person("bob", "desk"), await door.person("cat")
    )  # fmt: skip
    async with door.bearer(ann) as owner, door.bearer(bob) as reader, door.bearer(cat) as stranger:
        sent = await upload(owner, "x.pdf", locked_pdf(), groups=tuple(ann.groups))
        await work(door)
        document = f"/api/v1/documents/{sent.json()['id']}"
        path, right = f"{document}/unlock", {"password": WORD}
        assert (await owner.get(document)).json()["failure"]["code"] == "encrypted_source"
        assert (await stranger.post(path, json=right)).status_code == 404
        assert (await reader.post(path, json=right)).status_code == 403
        wrong = await owner.post(path, json={"password": "S3cret-guess"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
        assert "S3cret-guess" not in wrong.text
        assert (await owner.get(document)).json()["failure"]["code"] == "encrypted_source"
        long = await owner.post(path, json={"password": "S3cret-guess" * 200})
        assert long.status_code == 422
        assert "S3cret-guess" not in long.text
        opened = await owner.post(path, json=right)
        assert (opened.status_code, opened.json()["progress"]["state"]) == (202, "queued")
        await work(door)
        assert (await reader.get(document)).json()["progress"]["state"] == "live"
        assert (await reader.get(f"{document}/pages/1.png")).status_code == 200
        assert (await owner.post(path, json=right)).status_code == 409
    assert WORD not in caplog.text
    assert "S3cret-guess" not in caplog.text
