"""``yanku parse`` reads one file without a home, and shows what was seen in every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from pypdf import PdfWriter
from tests.unit.papers import grid, paper, say
from typer.testing import CliRunner, Result

from yanku.entry.cli.main import app_for
from yanku.parse.codec import decode


@pytest.fixture
def report(tmp_path: Path) -> Path:
    def draw(canvas: Any) -> None:
        say(canvas, 60, 60, "第十节 财务报告", 14)
        say(canvas, 440, 128, "单位：千元 币种：人民币", 9)
        grid(canvas, 140, (60, 260, 400), [("项目", "2024年"), ("货币资金", "2,964,912.41")])

    return paper(tmp_path / "甲公司 报告.pdf", draw)


def _run(tmp_path: Path, *arguments: object) -> Result:
    home = tmp_path / "home"
    result = CliRunner().invoke(app_for(), ["parse", *map(str, arguments), "--home", str(home)])
    assert not home.exists()
    return result


def test_the_report_says_what_was_seen(tmp_path: Path, report: Path) -> None:
    result = _run(tmp_path, report)
    assert result.exit_code == 0, result.output
    assert "甲公司 报告.pdf   application/pdf" in result.stdout
    assert "1: 1 with a text layer" in result.stdout
    assert "1 with header rows; 1 千元" in result.stdout
    as_json = json.loads(_run(tmp_path, report, "--report", "--json").stdout)
    assert as_json["tables"][0]["unit"] == "千元"
    assert as_json["seconds"] > 0


def test_the_whole_document_is_printed_exactly(tmp_path: Path, report: Path) -> None:
    document = decode(_run(tmp_path, report, "--json").stdout.encode())
    values = [str(c.amount.value) for b in document.blocks if b.kind == "table"
              for c in b.cells if c.amount]  # fmt: skip
    assert values == ["2964912410.00"] or values == ["2964912410"]


def test_markdown_and_chosen_pages(tmp_path: Path, report: Path) -> None:
    text = _run(tmp_path, report, "--markdown").stdout
    assert "# 第十节 财务报告" in text
    assert "| 货币资金 | 2,964,912.41 |" in text
    assert "货币资金" not in _run(tmp_path, report, "--markdown", "--pages", "2-3").stdout


def test_an_overlay_is_the_page_with_something_drawn_on_it(tmp_path: Path, report: Path) -> None:
    folder = tmp_path / "seen"
    result = _run(tmp_path, report, "--overlay", folder)
    assert result.exit_code == 0, result.output
    (picture,) = folder.iterdir()
    with Image.open(picture) as drawn:
        red, green, blue = drawn.convert("RGB").split()
        # The page itself is black on white: every colour is ours.
        assert ImageChops.difference(red, blue).getbbox() is not None
        assert drawn.size[0] > 800
    assert green.size == red.size


@pytest.mark.parametrize("pages", ["0", "7-3", "a", "1-", "1,,2", "99999999"])
def test_pages_that_make_no_sense_are_wrong_usage(tmp_path: Path, report: Path, pages: str) -> None:
    assert _run(tmp_path, report, "--pages", pages).exit_code == 2


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    locked = PdfWriter()
    locked.add_blank_page(100, 100)
    locked.encrypt("secret")
    path = tmp_path / "locked.pdf"
    locked.write(path)
    for file, code in ((path, "encrypted_source"), (tmp_path / "none.pdf", "invalid_request")):
        result = _run(tmp_path, file)
        assert result.exit_code == 1
        assert f"[{code}]" in result.stderr
        assert "Traceback" not in result.output


def test_a_protected_file_opens_with_its_password(tmp_path: Path, report: Path) -> None:
    locked = PdfWriter(clone_from=report)
    locked.encrypt("geheim-9")
    path = tmp_path / "locked.pdf"
    locked.write(path)
    for word, status, said in (("geheim-9", 0, "locked.pdf   application/pdf"), ("no", 1, "")):
        (tmp_path / "word").write_text(f"{word}\n", "utf-8")
        result = _run(tmp_path, path, "--password-file", tmp_path / "word")
        assert result.exit_code == status, result.output
        assert said in result.stdout
        assert word not in result.output or word == "no"
    assert "[wrong_password]" in result.stderr


def test_a_file_without_pages_has_no_overlay(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# 利润\n", "utf-8")
    result = _run(tmp_path, path, "--overlay", tmp_path / "seen")
    assert result.exit_code == 1
    assert "[invalid_request]" in result.stderr
