"""Mails are read with head, text and attachments, however they were written."""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.errors import SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Document, Heading, Paragraph, Table
from yanku.model.place import InText
from yanku.parse.source import Limits
from yanku.testing.mails import Enclosure, Outlook, an_eml, an_msg
from yanku.testing.reader import OpenReader

TABLE = "项目,2024年\n营业收入（万元）,1\n净利润（万元）,2\n".encode()


async def _read(folder: Path, name: str, data: bytes) -> Document:
    path = folder / "any"
    path.write_bytes(data)
    return await OpenReader().read(path, name)


async def _taken(folder: Path, name: str, data: bytes) -> dict[str, bytes]:
    path, target = folder / "any", folder / "out"
    path.write_bytes(data)
    target.mkdir()
    unpacked = await OpenReader().unpack(path, name, target)
    return {member.name: where.read_bytes() for member, where in unpacked.members}


def _said(document: Document) -> list[str]:
    return [each.text for each in document.blocks if isinstance(each, Heading | Paragraph)]


def _codes(document: Document) -> set[str]:
    return {flaw.code for flaw in document.flaws}


async def test_a_mail_is_its_subject_its_head_its_text_and_its_attachments(tmp_path: Path) -> None:
    data = an_eml(enclosures=[Enclosure("附件/表格.csv", TABLE)])
    document = await _read(tmp_path, "a.eml", data)
    assert document.media_type == "message/rfc822"
    said = _said(document)
    assert said[0] == "关于2024年报的说明"
    assert said[1:5] == [
        "From: 李雷 <li@example.cn>",
        "To: desk@example.cn, Han <han@example.cn>",
        "Cc: audit@example.cn",
        "Date: 2026-03-02 17:30 +0800",
    ]
    assert "请查收附件。" in said
    assert [each.name for each in document.members] == ["附件/表格.csv"]
    assert await _taken(tmp_path, "a.eml", data) == {"附件/表格.csv": TABLE}


async def test_an_outlook_mail_says_the_same(tmp_path: Path) -> None:
    for page in (0, 936):
        mail = Outlook(enclosures=(Enclosure("表格.csv", TABLE),), code_page=page)
        document = await _read(tmp_path, "a.msg", an_msg(mail))
        assert _said(document) == [
            "关于2024年报的说明",
            "From: 李雷 <li@example.cn>",
            "To: desk@example.cn; Han",
            "Date: 2026-03-02 09:30 +0000",
            "请查收附件。",
            "Attachment: 表格.csv",
        ]
    assert await _taken(tmp_path, "a.msg", an_msg(mail)) == {"表格.csv": TABLE}


async def test_a_mail_in_an_outlook_mail_becomes_a_mail_of_its_own(tmp_path: Path) -> None:
    inner = Outlook("转发：季报", "内层正文。", (Enclosure("深处.csv", TABLE),))
    taken = await _taken(
        tmp_path, "a.msg", an_msg(Outlook(enclosures=(Enclosure("", mail=inner),)))
    )
    assert list(taken) == ["转发：季报.eml"]
    enclosed = await _read(tmp_path, "x.eml", taken["转发：季报.eml"])
    assert _said(enclosed)[0] == "转发：季报"
    assert "From: 李雷 <li@example.cn>" in _said(enclosed)
    assert "内层正文。" in _said(enclosed)
    assert [each.name for each in enclosed.members] == ["深处.csv"]


async def test_old_chinese_mails_are_read_whatever_they_claim(tmp_path: Path) -> None:
    word = base64.b64encode("关于朱镕基堃的报告".encode("gb18030")).decode()
    raw_name = "镕.csv".encode("gb18030")
    data = (
        f"Subject: =?gb2312?B?{word}?=\r\nMIME-Version: 1.0\r\n".encode()
        + b"From: " + "王五".encode("gb18030") + b" <w@example.cn>\r\n"
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + "堃公司".encode("gb18030")
        + b"\r\n--b\r\nContent-Type: application/octet-stream; name=\"" + raw_name + b"\"\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(TABLE) + b"\r\n--b--\r\n"
    )  # fmt: skip
    document = await _read(tmp_path, "a.eml", data)
    assert _said(document)[:2] == ["关于朱镕基堃的报告", "From: 王五 <w@example.cn>"]
    assert "堃公司" in _said(document)
    assert [each.name for each in document.members] == ["镕.csv"]


async def test_a_character_folded_over_two_words_of_a_subject_is_whole(tmp_path: Path) -> None:
    raw = "年度报告".encode()
    words = [base64.b64encode(raw[:6]).decode(), base64.b64encode(raw[6:]).decode()]
    data = f"Subject: =?utf-8?B?{words[0]}?=\n =?utf-8?B?{words[1]}?=\nTo: a@b.cn\n\nx".encode()
    assert _said(await _read(tmp_path, "a.eml", data))[0] == "年度报告"


async def test_a_mail_of_markup_alone_is_read_without_its_scripts(tmp_path: Path) -> None:
    data = an_eml(text=" ", html="<style>p{}</style><p>收入<b>增长</b></p><script>steal()</script>"
                  "<table><tr><td>净利润</td><td>3.5</td></tr></table>")  # fmt: skip
    document = await _read(tmp_path, "a.eml", data)
    said = "\n".join(_said(document))
    assert "收入增长" in said
    assert "净利润" in repr(document.blocks)
    assert "3.5" in repr(document.blocks)
    assert "steal" not in repr(document.blocks)
    assert "p{}" not in said


async def test_a_winmail_attachment_is_reported(tmp_path: Path) -> None:
    data = an_eml(enclosures=[Enclosure("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(50))])
    document = await _read(tmp_path, "a.eml", data)
    assert "winmail_dat" in _codes(document)
    assert document.members == ()


async def test_bad_base64_is_a_flaw_and_the_rest_is_read(tmp_path: Path) -> None:
    data = (
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nthe text\r\n--b\r\n"
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"!!!not base64 at all!\r\n--b--\r\n"
    )
    document = await _read(tmp_path, "a.eml", data)
    assert "broken_encoding" in _codes(document)
    assert "the text" in _said(document)


async def test_small_pictures_of_a_signature_are_reported_and_large_ones_kept(
    tmp_path: Path,
) -> None:
    def picture(size: int) -> bytes:
        head = b"Content-Type: image/png; name=p%d.png\r\nContent-ID: <p>\r\n" % size
        body = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + bytes(size))
        return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + body

    data = (
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\n"
        + picture(100) + b"\r\n--b\r\n" + picture(40_000) + b"\r\n--b--\r\n"
    )  # fmt: skip
    document = await _read(tmp_path, "a.eml", data)
    assert "inline_pictures" in _codes(document)
    assert [each.name for each in document.members] == ["p40000.png"]


async def test_attachments_of_no_supported_kind_are_left_out_with_a_reason(tmp_path: Path) -> None:
    path, target = tmp_path / "any", tmp_path / "out"
    files = [Enclosure("setup.exe", b"MZ\x90" + bytes(99)), Enclosure("a.rar", b"Rar!\x1a\x07"),
             Enclosure("表.csv", TABLE)]  # fmt: skip
    path.write_bytes(an_eml(enclosures=files))
    target.mkdir()
    taken = await OpenReader().unpack(path, "a.eml", target)
    assert [member.name for member, _ in taken.members] == ["表.csv"]
    details = " ".join(flaw.detail for flaw in taken.flaws)
    assert "setup.exe is a Windows program" in details
    assert "ZIP" in details
    assert len(list(target.iterdir())) == 1


async def test_a_mail_of_too_many_attachments_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(an_eml(enclosures=[Enclosure(f"{n}.csv", TABLE) for n in range(5)]))
    with pytest.raises(SourceTooLarge):
        await OpenReader(Limits(max_members=4)).read(path, "a.eml")


async def test_a_file_without_an_ending_is_a_mail_only_if_it_looks_like_one(tmp_path: Path) -> None:
    assert (await _read(tmp_path, "mail", an_eml())).media_type == "message/rfc822"
    assert (await _read(tmp_path, "note", b"From: me\nTo: you\n\nhi")).media_type == "text/plain"


async def test_a_table_pasted_into_a_mail_keeps_its_cells(tmp_path: Path) -> None:
    table = ("<p>单位：万元</p><table><tr><th>项目</th><th>2024年</th></tr>"
             "<tr><td>营业收入</td><td>1,234.50</td></tr></table>")  # fmt: skip
    document = await _read(tmp_path, "a.eml", an_eml(text="见表", html=table))
    (grid,) = [each for each in document.blocks if isinstance(each, Table)]
    assert Amount(Decimal("12345000"), "CNY") in [cell.amount for cell in grid.cells]
    lines = [each.place.first_line for each in document.blocks
             if not isinstance(each, Table) and isinstance(each.place, InText)]  # fmt: skip
    assert lines == sorted(set(lines))
    assert "见表" not in _said(document)  # the same words twice would be two sources


async def test_a_part_that_claims_a_charset_of_odd_bytes_is_read(tmp_path: Path) -> None:
    mail = b"Subject: x\r\nContent-Type: text/plain; charset=\xe9\xff\r\n\r\n\xb9\xfa was 5\r\n"
    document = await _read(tmp_path, "a.eml", mail)
    assert any("was 5" in text for text in _said(document))
