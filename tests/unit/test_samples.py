"""The samples agree with themselves, and stand where they say they stand."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from yanku.testing.samples import Samples, make_evaluation_set, make_samples
from yanku.testing.samples.company import Company, companies
from yanku.testing.samples.make import (
    ANNUAL,
    ENGLISH,
    MEMO,
    NOTES,
    PICTURE,
    QUARTERLY,
    SCAN,
    WORKBOOK,
)
from yanku.testing.samples.statements import Span, balance_sheet, cash_flow, income_statement
from yanku.testing.samples.truth import read, scale_of

ENDS = [(year, quarter) for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


@pytest.fixture(scope="module")
def samples(folder: Path) -> Samples:
    return make_evaluation_set(folder)


@pytest.fixture(scope="module")
def questions(folder: Path, samples: Samples) -> list[dict[str, Any]]:
    assert samples.files
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def pages(samples: Samples) -> dict[tuple[str, int], str]:
    """Read the text layer of every page, without white space."""
    text = {}
    for file in samples.files:
        if file.suffix == ".pdf":
            document = pypdfium2.PdfDocument(file)
            for number in range(len(document)):
                layer = document[number].get_textpage().get_text_range()
                text[file.name, number + 1] = "".join(layer.split())
            document.close()
    return text


COMPANIES = [pytest.param(company, id=company.firm.code) for company in companies()]
BOOKS = [pytest.param(name, id=name) for name in ("group", "parent")]


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("name", BOOKS)
def test_assets_equal_liabilities_and_equity_at_every_quarter_end(
    company: Company, name: str
) -> None:
    books = getattr(company, name)
    for year, quarter in ENDS:
        sheet = balance_sheet(books, year, quarter)
        assert sheet["assets"] == sheet["liabilities"] + sheet["equity"]
        assert sheet["assets"] == sheet["current_assets"] + sheet["noncurrent_assets"]
        assert sheet["cash"] > 0
        assert sheet["result"] == 0


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("name", BOOKS)
def test_cash_flows_lead_from_one_balance_sheet_to_the_next(company: Company, name: str) -> None:
    books = getattr(company, name)
    for (year, quarter), before in zip(ENDS[1:], ENDS, strict=False):
        flow = cash_flow(books, Span(year, quarter, quarter))
        moved = balance_sheet(books, year, quarter)["cash"] - balance_sheet(books, *before)["cash"]
        assert flow["cash_change"] == moved
        parts = ("operating_net", "investing_net", "financing_net", "exchange_effect")
        assert sum(flow[part] for part in parts) == moved


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("name", BOOKS)
def test_net_profit_belongs_to_someone_and_ends_in_equity(company: Company, name: str) -> None:
    books, firm = getattr(company, name), company.firm
    for year in (2023, 2024):
        income = income_statement(books, Span(year, 4), firm.group.shares)
        assert income["net_profit"] == income["parent_profit"] + income["minority_profit"]
        now, before = balance_sheet(books, year, 4), balance_sheet(books, year - 1, 4)
        paid = firm.group.dividends[year - 2022] / 10 * firm.group.shares
        kept = now["retained"] + now["surplus_reserve"]
        assert kept == before["retained"] + before["surplus_reserve"] + (
            income["parent_profit"] - paid
        )
        assert now["minority"] - before["minority"] == income["minority_profit"]


@pytest.mark.parametrize("company", COMPANIES)
def test_quarters_add_up_to_the_year(company: Company) -> None:
    shares = company.firm.group.shares
    for key in ("revenue", "net_profit", "parent_profit", "adjusted_profit"):
        parts = (
            income_statement(company.group, Span(2024, number, number), shares)[key]
            for number in (1, 2, 3, 4)
        )
        assert sum(parts) == income_statement(company.group, Span(2024, 4), shares)[key]


def test_group_and_parent_share_capital_and_surplus_reserve_are_one() -> None:
    for company in companies():
        group, parent = (balance_sheet(b, 2024, 4) for b in (company.group, company.parent))
        for key in ("share_capital", "surplus_reserve", "capital_reserve", "treasury"):
            assert group[key] == parent[key]


def test_printed_lines_add_up_to_printed_totals(samples: Samples) -> None:
    for file in (ANNUAL, QUARTERLY, ENGLISH, SCAN):
        for column in (0, 1):
            row = {
                line.key: read(line.amounts[column] or "0")
                for line in samples.printed
                if (line.file, line.table) == (file, "balance") and line.amounts[column] != "–"
            }
            assert row["assets"] == row["liabilities"] + row["equity"]
            assets = row["current_assets"] + row["noncurrent_assets"]
            assert row["assets"] == row["liabilities_and_equity"] == assets
            assert row["equity"] == row["parent_equity"] + row["minority"]
            assert row["current_assets"] == sum(
                list(row.values())[: list(row).index("current_assets")]
            )


def test_the_product_table_in_ten_thousands_adds_up(samples: Samples) -> None:
    rows = [row for row in samples.printed if (row.file, row.table) == (ANNUAL, "segments")]
    assert [row.label for row in rows] == ["谐波减速器", "精密轴承", "滚珠丝杠", "合计"]
    for column in (0, 1):
        amounts = [read(row.amounts[column]) for row in rows]
        assert sum(amounts[:-1]) == amounts[-1]


def test_every_row_stands_on_the_page_it_claims(
    samples: Samples, pages: dict[tuple[str, int], str]
) -> None:
    seen = 0
    for row in samples.printed:
        if row.file not in (ANNUAL, QUARTERLY, ENGLISH):
            continue
        text = pages[row.file, row.page]
        if row.table == "text":
            assert "".join(row.label.split())[:12] in text
            continue
        line = "".join("".join((row.label, *row.amounts)).split())
        assert all("".join(part.split()) in text for part in row.amounts), line
        seen += 1
    assert seen > 300


def test_the_annual_report_looks_like_one(pages: dict[tuple[str, int], str]) -> None:
    report = {number: text for (file, number), text in pages.items() if file == ANNUAL}
    assert 11 <= len(report) <= 15
    assert "澜桥精密传动股份有限公司" in report[1]
    assert "重要提示" in report[2]
    headed = [number for number, text in report.items() if "项目附注" in text]
    assert len(headed) >= 5, "statements run over pages and repeat their header"
    for number, text in report.items():
        assert f"{number}/{len(report)}" in text


def test_fonts_with_chinese_glyphs_are_embedded(samples: Samples) -> None:
    for name in (ANNUAL, QUARTERLY, ENGLISH):
        data = (samples.folder / name).read_bytes()
        assert b"/FontFile2" in data
        assert len(data) < 400_000, "only the glyphs that are used"


def test_a_scan_has_pictures_and_no_text(
    samples: Samples, pages: dict[tuple[str, int], str]
) -> None:
    scanned = [text for (file, _), text in pages.items() if file == SCAN]
    assert len(scanned) == 3
    assert not any(scanned)
    with Image.open(samples.folder / PICTURE) as picture:
        assert picture.size[0] > 1200
        levels = picture.convert("L").histogram()
        assert sum(levels[:60]) > 10_000, "ink"
        assert sum(levels[200:]) > 1_000_000, "paper"


def test_scanned_rows_know_their_page(samples: Samples) -> None:
    assert samples.find(SCAN, "balance", "money").page == 1
    assert samples.find(SCAN, "income", "revenue").page == 2
    assert samples.find(PICTURE, "cash", "cash_closing").page == 1


def test_the_same_seed_gives_the_same_bytes(samples: Samples, tmp_path: Path) -> None:
    again = make_samples(tmp_path)
    assert [file.name for file in again.files] == [file.name for file in samples.files]
    for first, second in zip(samples.files, again.files, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_another_seed_gives_other_numbers() -> None:
    first, other = companies(1)[0], companies(2)[0]
    assert first.group.quarters[0].income["revenue"] != other.group.quarters[0].income["revenue"]


def test_workbook_cells_hold_what_is_claimed(samples: Samples) -> None:
    book = openpyxl.load_workbook(samples.folder / WORKBOOK, data_only=True)
    rows = [row for row in samples.printed if row.file == WORKBOOK]
    assert len(rows) > 90
    for row in rows:
        value = Decimal(str(book[row.sheet][row.cell].value))
        shown = read(row.amounts[0])
        percent = 100 if row.amounts[0].endswith("%") else 1
        assert abs(value * percent - shown) <= Decimal(1).scaleb(int(shown.as_tuple().exponent))


def test_workbook_formulas_agree_with_their_stored_results(samples: Samples) -> None:
    stored = openpyxl.load_workbook(samples.folder / WORKBOOK, data_only=True)["分季度"]
    written = openpyxl.load_workbook(samples.folder / WORKBOOK)["分季度"]
    assert isinstance(stored, Worksheet)
    assert written["F5"].value == "=SUM(B5:E5)"
    parts = [Decimal(str(stored[f"{column}5"].value)) for column in "BCDE"]
    assert Decimal(str(stored["F5"].value)) == sum(parts)
    assert written["K11"].number_format == "0.00%"
    assert {str(area) for area in written.merged_cells.ranges} >= {"B3:F3", "G3:K3", "A3:A4"}


def test_one_sheet_is_hidden(samples: Samples) -> None:
    book = openpyxl.load_workbook(samples.folder / WORKBOOK)
    assert {sheet.title: sheet.sheet_state for sheet in book.worksheets} == {
        "分季度": "visible",
        "同业对比": "visible",
        "底稿": "hidden",
    }


def test_the_memo_says_what_is_claimed(samples: Samples) -> None:
    document = docx.Document(str(samples.folder / MEMO))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for row in samples.printed:
        if row.file == MEMO:
            assert row.label in (text if row.table == "text" else cells)
    assert any((p.style and p.style.name) == "Heading 1" for p in document.paragraphs)


def test_the_notes_need_gb18030(samples: Samples) -> None:
    data = (samples.folder / NOTES).read_bytes()
    for encoding in ("utf-8", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            data.decode(encoding)
    assert "陈㛃" in data.decode("gb18030")


def test_archives_carry_no_clock(samples: Samples) -> None:
    for name in (WORKBOOK, MEMO):
        with zipfile.ZipFile(samples.folder / name) as archive:
            assert {info.date_time[:3] for info in archive.infolist()} == {(2025, 5, 1)}


def test_questions_are_well_formed_and_varied(questions: list[dict[str, Any]]) -> None:
    assert len(questions) >= 40
    assert len({row["id"] for row in questions}) == len(questions)
    assert len({row["question"] for row in questions}) == len(questions)
    types = {row["type"] for row in questions}
    assert types == {"lookup", "growth", "ratio", "compare", "text", "unanswerable"}
    assert sum(row["question"].isascii() for row in questions) >= 8
    for row in questions:
        assert set(row) == {"id", "question", "type", "answer", "evidence"}
        assert bool(row["evidence"]) == (row["answer"]["kind"] != "none")
        if row["answer"]["kind"] == "choice":
            assert row["answer"]["value"] in row["answer"]["options"]
        if row["answer"]["kind"] == "number":
            Decimal(row["answer"]["value"])


def test_evidence_shows_its_row_on_its_page(
    questions: list[dict[str, Any]], samples: Samples, pages: dict[tuple[str, int], str]
) -> None:
    names = {file.name for file in samples.files}
    for question in questions:
        for place in question["evidence"]:
            assert place["file"] in names
            if place["file"] in (ANNUAL, QUARTERLY, ENGLISH):
                label = "".join(place["row"].split())[:12]
                assert label in pages[place["file"], place["page"]]


def test_a_lookup_answer_stands_on_every_page_of_its_evidence(
    questions: list[dict[str, Any]], samples: Samples
) -> None:
    """The number is looked for again in the rows printed there, in the unit of their table."""
    for question in questions:
        if question["type"] != "lookup":
            continue
        value = abs(Decimal(question["answer"]["value"]))
        for place in question["evidence"]:
            shown = [
                abs(read(text)) * unit
                for row in samples.printed
                if (row.file, row.page, row.label) == (place["file"], place["page"], place["row"])
                and row.cell == place.get("cell", "")
                for text in row.amounts
                if any(letter.isdigit() for letter in text) and "点" not in text
                for unit in (1, scale_of(row.file, row.table))
            ]
            assert any(abs(each - value) <= value * Decimal("0.0005") for each in shown), question


def test_unanswerable_companies_are_nowhere_in_the_documents(samples: Samples) -> None:
    assert not any("云岫" in row.label for row in samples.printed)


def test_facts_satisfy_the_identities(folder: Path, samples: Samples) -> None:
    lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [json.loads(line) for line in lines]
    assert samples.printed
    assert len(facts) > 80
    value = {(f["file"], f["metric"]): Decimal(f["value"]) for f in facts}
    for file in (ANNUAL, QUARTERLY, ENGLISH, SCAN):
        total = value[file, "负债合计"] + value[file, "所有者权益合计"]
        assert value[file, "资产总计"] == total
        assert value[file, "营业成本"] > 0
    assert value[PICTURE, "经营活动产生的现金流量净额"] == Decimal("108281028.21")


def test_the_command_prints_the_files_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "yanku.testing.samples", str(tmp_path / "set"), "--eval"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    assert all(Path(line).is_file() for line in lines)
    assert done.stderr == ""
