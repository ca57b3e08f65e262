"""Archives are listed and unpacked within limits, whatever their directories claim."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from yanku.errors import BrokenSource, EncryptedSource, SourceTooLarge
from yanku.parse.container import Names, tidy_name
from yanku.parse.source import Limits
from yanku.ports import Unpacked
from yanku.testing.reader import OpenReader

TABLE = "项目,2024年\n营业收入（万元）,1\n净利润（万元）,2\n".encode()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


async def _taken(folder: Path, data: bytes, limits: Limits | None = None) -> Unpacked:
    path, target = folder / "any", folder / "out"
    path.write_bytes(data)
    target.mkdir(exist_ok=True)
    return await OpenReader(limits).unpack(path, "a.zip", target)


def _names(unpacked: Unpacked) -> list[str]:
    return [member.name for member, _ in unpacked.members]


async def test_an_archive_lists_its_files_and_gives_them_out(tmp_path: Path) -> None:
    data = zipped({"2024/表.csv": TABLE, "说明.txt": b"hello world", "__MACOSX/._x": b"\0"})
    path = tmp_path / "a"
    path.write_bytes(data)
    document = await OpenReader().read(path, "年报.zip")
    assert [(each.name, each.size) for each in document.members] == [
        ("2024/表.csv", len(TABLE)),
        ("说明.txt", 11),
    ]
    unpacked = await _taken(tmp_path, data)
    assert _names(unpacked) == ["2024/表.csv", "说明.txt"]
    assert unpacked.members[0][1].read_bytes() == TABLE
    assert unpacked.flaws == ()


async def test_names_of_chinese_windows_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("placeholder.csv")
        archive.writestr(info, TABLE)
    name = "年报附注.csv".encode("gb18030")
    assert len(name) < len(b"placeholder.csv")
    padded = name.rjust(len(b"placeholder.csv"), b"_")
    data = out.getvalue().replace(b"placeholder.csv", padded)
    assert _names(await _taken(tmp_path, data)) == [padded.decode("gb18030")]


async def test_a_name_beside_the_name_in_unicode_is_preferred(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("plain.csv")
    told = "营收.csv".encode()
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(told), 1, zlib.crc32(b"plain.csv")) + told
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, TABLE)
    assert _names(await _taken(tmp_path, out.getvalue())) == ["营收.csv"]


async def test_names_that_lead_out_are_labels_and_never_paths(tmp_path: Path) -> None:
    names = ["../../up.csv", "/etc/cron.csv", "..\\..\\win.csv", "C:\\Windows\\sys.csv",
             "a\x01b.csv", "x/" * 300 + "deep.csv", "长" * 3000 + ".csv"]  # fmt: skip
    data = zipped(dict.fromkeys(names, TABLE))
    unpacked = await _taken(tmp_path, data)
    assert len(unpacked.members) == len(names)
    for member, where in unpacked.members:
        assert where.parent == tmp_path / "out"
        assert where.name.isdecimal()
        assert ".." not in member.name
        assert not member.name.startswith("/")
        assert "\\" not in member.name
        assert len(member.name) < 1600
        assert member.name.endswith(".csv")
    assert not (tmp_path / "up.csv").exists()
    path = tmp_path / "a"
    path.write_bytes(data)
    document = await OpenReader().read(path, "a.zip")
    assert "unsafe_names" in {flaw.code for flaw in document.flaws}


@pytest.mark.filterwarnings("ignore:Duplicate name")
async def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("a.csv", TABLE + b"1,2\n")
    unpacked = await _taken(tmp_path, out.getvalue())
    assert _names(unpacked) == ["a.csv", "a (2).csv"]
    assert unpacked.members[1][1].read_bytes() == TABLE + b"1,2\n"


async def test_links_are_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwords.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", TABLE)
    path = tmp_path / "a"
    path.write_bytes(out.getvalue())
    document = await OpenReader().read(path, "a.zip")
    assert [each.name for each in document.members] == ["a.csv"]
    assert "link_member" in {flaw.code for flaw in document.flaws}
    assert _names(await _taken(tmp_path, out.getvalue())) == ["a.csv"]


async def test_limits_on_members_bytes_and_ratio_hold(tmp_path: Path) -> None:
    many = zipped({f"{n}.csv": TABLE for n in range(5)})
    with pytest.raises(SourceTooLarge, match="5 files"):
        await _taken(tmp_path, many, Limits(max_members=4))
    with pytest.raises(SourceTooLarge):
        await _taken(tmp_path, many, Limits(max_unpacked_bytes=3 * len(TABLE)))
    bomb = zipped({"zeros.csv": bytes(80 * 1024**2)})
    with pytest.raises(SourceTooLarge, match="bomb"):
        await _taken(tmp_path, bomb)


async def test_a_size_that_is_a_lie_unpacks_no_further_than_the_lie(tmp_path: Path) -> None:
    data = bytearray(zipped({"lie.csv": b"1,2\n" * 1_000_000}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    unpacked = await _taken(tmp_path, bytes(data))
    assert unpacked.members == ()
    assert unpacked.flaws[0].code == "unread_member"


async def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({f"{n:04d}": bytes(400_000) for n in range(40)}))
    first, at = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 42 : at + 46] = struct.pack("<I", first)
        at = data.find(b"PK\x01\x02", at + 4)
    try:
        unpacked = await _taken(tmp_path, bytes(data))
    except (BrokenSource, SourceTooLarge):
        return
    assert len(unpacked.members) <= 1


async def test_a_damaged_member_is_left_out_and_the_others_stand(tmp_path: Path) -> None:
    data = bytearray(zipped({"bad.csv": TABLE * 50, "good.csv": TABLE}))
    at = data.find(b"bad.csv") + 10
    data[at : at + 20] = b"\xff" * 20
    unpacked = await _taken(tmp_path, bytes(data))
    assert _names(unpacked) == ["good.csv"]
    assert "bad.csv" in unpacked.flaws[0].detail


async def test_an_archive_with_locked_files_asks_for_their_password(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": TABLE}))
    for mark, where in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + where] |= 1
    with pytest.raises(EncryptedSource, match=r"a\.csv.*unlock"):
        await _taken(tmp_path, bytes(data))


def test_tidied_names_keep_what_people_need() -> None:
    assert tidy_name("./年报//2024年.xlsx") == "年报/2024年.xlsx"
    assert tidy_name("..") == "unnamed"
    assert tidy_name("a\u202egpj.exe") == "agpj.exe"
    names = Names()
    assert [names.of("a") for _ in range(3)] == ["a", "a (2)", "a (3)"]
