"""Sheets: what a person sees in each cell, the exact number behind it, and its place."""

from __future__ import annotations

import datetime as dt
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from yanku.errors import SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Cell, Heading, Paragraph, Table
from yanku.model.place import InSheet
from yanku.parse.numberformat import BUILTIN, exact, show
from yanku.parse.reader import read_source
from yanku.parse.source import Content, Limits


def _quiet(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def _read(path: Path, name: str, limits: Limits | None = None) -> Content:
    return read_source(path, name, limits or Limits(), _quiet)[1]


def _xlsx(tmp_path: Path, fill: Callable[[Worksheet], None]) -> Content:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    path = tmp_path / "any"
    book.save(path)
    return _read(path, "a.xlsx")


def _rewritten(path: Path, changes: dict[bytes, bytes]) -> Path:
    """Store results of formulas, which the library that makes these workbooks cannot."""
    changed = path.with_name("changed")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            for before, after in changes.items():
                data = data.replace(before, after)
            new.writestr(part, data)
    return changed


def _csv(tmp_path: Path, text: str, encoding: str = "utf-8") -> Content:
    path = tmp_path / "any"
    path.write_bytes(text.encode(encoding))
    return _read(path, "a.csv")


def _tables(content: Content) -> list[Table]:
    return [block for block in content.blocks if isinstance(block, Table)]


def _at(content: Content, cells: str) -> Cell:
    found = [
        cell
        for table in _tables(content)
        for cell in table.cells
        if isinstance(cell.place, InSheet) and cell.place.cells == cells
    ]
    assert len(found) == 1, cells
    return found[0]


def _statement(sheet: Worksheet) -> None:
    sheet.title = "利润表"
    sheet["A1"] = "某某股份有限公司合并利润表"
    sheet.merge_cells("A1:C1")
    sheet["A2"], sheet["C2"] = "编制单位：某某股份有限公司", "单位：万元"
    sheet.append(["项目", "2024年度", "2023年度"])
    sheet.append(["营业收入", 123456.789, 100])
    sheet.append(["毛利率", 0.3567, 0.3])
    sheet.append(["基本每股收益（元/股）", 0.52, 0.4])
    sheet.append(["税金及附加", -0.1 - 0.2, None])
    sheet["B4"].number_format = "#,##0.00"
    sheet["B5"].number_format = "0.00%"


def test_a_statement_is_one_table_with_its_title_and_unit(tmp_path: Path) -> None:
    content = _xlsx(tmp_path, _statement)
    (table,) = _tables(content)
    assert table.caption == "某某股份有限公司合并利润表"
    assert table.unit == "万元"
    assert (table.header_rows, table.columns) == (1, 3)
    assert table.places == (InSheet("利润表", "A3:C7"),)
    heading = content.blocks[0]
    assert isinstance(heading, Heading)
    assert heading.text == "利润表"
    said = [block.text for block in content.blocks if isinstance(block, Paragraph)]
    assert said == ["编制单位：某某股份有限公司"]


def test_each_number_is_exact_in_base_units_and_shown_as_printed(tmp_path: Path) -> None:
    content = _xlsx(tmp_path, _statement)
    assert _at(content, "B4").text == "123,456.79"
    assert _at(content, "B4").amount == Amount(Decimal("1234567890"), "CNY")
    assert (_at(content, "B4").stored, _at(content, "B5").stored) == ("123456.789", "0.3567")
    assert _at(content, "B5").text == "35.67%"
    assert _at(content, "B5").amount == Amount(Decimal("35.67"), "%")
    assert _at(content, "B6").amount == Amount(Decimal("0.52"), "CNY/share")
    assert _at(content, "B7").text == "-0.3"
    assert _at(content, "B7").amount == Amount(Decimal("-3000"), "CNY")


def test_headers_and_years_are_no_amounts(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["项目", 2024, 2023])
        sheet.append(["收入", 5, 6])

    content = _xlsx(tmp_path, fill)
    assert _tables(content)[0].header_rows == 1
    assert _at(content, "B1").amount is None
    assert _at(content, "B2").amount == Amount(Decimal(5))


def test_merged_headers_of_two_rows_are_headers(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["项目", "本期（万元）", None, "上期（元）", None])
        sheet.append([None, "合并", "母公司", "合并", "母公司"])
        sheet.append(["收入", 1, 2, 3, 4])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("D1:E1")

    content = _xlsx(tmp_path, fill)
    assert _tables(content)[0].header_rows == 2
    assert (_at(content, "B1:C1").column_span, _at(content, "A1:A2").row_span) == (2, 2)
    assert _at(content, "C3").amount == Amount(Decimal(20000), "CNY")
    assert _at(content, "E3").amount == Amount(Decimal(4), "CNY")


def test_a_ratio_in_a_table_of_money_is_not_money(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["单位：万元"])
        sheet.append(["项目", "2024年", "增减(%)"])
        sheet.append(["收入", 10, 12.5])
        sheet.append(["资产负债率", 0.5, None])

    content = _xlsx(tmp_path, fill)
    assert _at(content, "C3").amount == Amount(Decimal("12.5"), "%")
    assert _at(content, "B4").amount == Amount(Decimal("0.5"), "")


def test_blank_rows_and_columns_part_tables_with_headers_of_their_own(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["甲表"], ["名称", "数"], ["a", 1], ["b", 2], [], [], ["乙表"],
                    ["名称", "数"], ["c", 3]):  # fmt: skip
            sheet.append(row)
        sheet["E2"], sheet["F2"], sheet["E3"], sheet["F3"] = "名", "值", "d", 4

    tables = _tables(_xlsx(tmp_path, fill))
    assert [table.places[0] for table in tables] == [
        InSheet("Sheet", "A2:B4"),
        InSheet("Sheet", "E2:F3"),
        InSheet("Sheet", "A8:B9"),
    ]
    assert [table.caption for table in tables][::2] == ["甲表", "乙表"]


def test_a_blank_row_between_sections_does_not_cut_a_table(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["项目", "金额"], ["a", 1], [], ["b", 2], ["c", 3]):
            sheet.append(row)

    (table,) = _tables(_xlsx(tmp_path, fill))
    assert table.places == (InSheet("Sheet", "A1:B5"),)


def test_hidden_sheets_rows_and_columns_are_told_and_not_read(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["项目", "金额", "底稿"], ["a", 1, 7], ["秘密", 2, 8], ["c", 3, 9]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        assert sheet.parent is not None
        sheet.parent.create_sheet("隐藏").sheet_state = "hidden"

    content = _xlsx(tmp_path, fill)
    assert {flaw.code for flaw in content.flaws} == {
        "hidden_sheet",
        "hidden_rows",
        "hidden_columns",
    }
    shown = repr(content.blocks)
    assert "秘密" not in shown
    assert "底稿" not in shown


def test_formulas_are_kept_beside_their_results(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["项目", "金额"], ["a", 1], ["合计", "=SUM(B2:B2)"], ["坏", "=1/0"]):
            sheet.append(row)

    results = {b"<f>SUM(B2:B2)</f><v/>": b"<f>SUM(B2:B2)</f><v>1</v>",
               b"<f>SUM(B2:B2)</f><v></v>": b"<f>SUM(B2:B2)</f><v>1</v>",
               b'<c r="B4"><f>1/0</f><v/></c>': b'<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
               b'<c r="B4"><f>1/0</f><v></v></c>': b'<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
               }  # fmt: skip
    _xlsx(tmp_path, fill)
    content = _read(_rewritten(tmp_path / "any", results), "a.xlsx")
    assert content.flaws == ()
    assert _at(content, "B3").formula == "=SUM(B2:B2)"
    assert _at(content, "B3").amount == Amount(Decimal(1))
    assert (_at(content, "B4").text, _at(content, "B4").amount) == ("#DIV/0!", None)


def test_a_formula_without_a_stored_result_is_a_flaw_and_no_number(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", 1])
        sheet.append(["b", "=B1*2"])

    content = _xlsx(tmp_path, fill)
    assert _at(content, "B2").amount is None
    assert _at(content, "B2").text == "=B1*2"
    assert [(f.code, f.place) for f in content.flaws] == [
        ("formula_without_value", InSheet("Sheet", "B2"))
    ]


def test_dates_are_shown_and_are_no_amounts(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["日期", "数"])
        sheet.append([dt.date(2024, 3, 31), 1])
        sheet.append([dt.date(2024, 12, 31), 2])
        sheet["A3"].number_format = 'yyyy"年"m"月"d"日"'

    content = _xlsx(tmp_path, fill)
    assert (_at(content, "A2").text, _at(content, "A2").amount) == ("2024-03-31", None)
    assert (_at(content, "A3").text, _at(content, "A3").amount) == ("2024年12月31日", None)
    assert (_at(content, "A2").stored, _at(content, "A3").stored) == ("", "2024-12-31")


def test_more_cells_than_allowed_are_refused_before_they_take_memory(tmp_path: Path) -> None:
    path = tmp_path / "any"
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(50_000):
        sheet.append([row, row])
    book.save(path)
    tracemalloc.start()
    with pytest.raises(SourceTooLarge, match="1,000 cells"):
        _read(path, "a.xlsx", Limits(max_cells=1000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 1024**2


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("1234567.891", "#,##0", ("1,234,568", "1,234,567.891", "1234567.891")),
        ("-1234.5", "#,##0.00;(#,##0.00)", ("(1,234.50)", "-1,234.5", "-1234.5")),
        ("0", BUILTIN[43], ("-", "0", "0")),
        ("-1234", BUILTIN[43], ("-1,234.00", "-1,234", "-1234")),
        ("1234567", "#,##0,", ("1,235", "1,234.567", "1234567")),
        ("123456789", '0!.0,"万"', ("12345.7万", "12345.7万", "123456789")),
        ("0.30000000000000004", "General", ("0.3", "0.3", "")),
        ("1234.5600000000001", "0.00", ("1234.56", "1234.56", "")),
        ("3.5", '0.0"万元"', ("3.5万元", "3.5万元", "3.5")),
        ("7", "000000", ("000007", "7", "7")),
        ("-5", "0;;", ("", "", "-5")),
        ("1.5", "[h]:mm", ("36:00", "", "1900-01-01 12:00")),
        ("12", "[$¥-804]#,##0.00", ("¥12.00", "12", "12")),
        ("45382.75", "yyyy/m/d h:mm", ("2024/3/31 18:00", "", "2024-03-31 18:00")),
        ("45382", "yyyy-mm-dd", ("2024-03-31", "", "")),
        ("10", '"1."0', ("1.10", "1.10", "10")),
        ("2.5", "0.0;-0.0;0.0;@", ("2.5", "2.5", "")),
        ("2.45", "0.0", ("2.5", "2.45", "2.45")),
        ("0.1234", "0.0%", ("12.3%", "12.34%", "0.1234")),
    ],
)
def test_a_number_is_shown_by_its_format_and_kept_as_stored(
    stored: str, code: str, shown: tuple[str, str, str]
) -> None:
    value = exact(stored)
    assert value is not None
    assert tuple(show(value, code)) == shown


@given(st.floats(-1e14, 1e14, allow_nan=False), st.sampled_from(list(BUILTIN.values())))
def test_any_number_in_any_format_is_shown(number: float, code: str) -> None:
    value = exact(repr(number))
    assert value is not None
    assert isinstance(show(value, code).text, str)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_a_printed_amount_with_two_decimals_is_stored_and_read_back_exactly(value: Decimal) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.append(["项目", "金额"])
        sheet.append(["a", float(value)])
        sheet["B2"].number_format = "#,##0.00"
        book.save(path)
        cell = _at(_read(path, "a.xlsx"), "B2")
    assert cell.amount == Amount(value)


# ── delimited text ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimited_text_is_read_in_any_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["项目", "2024年（万元）"], ["营业收入", '"1,234.5"'], ["净利润", "(12)"]]
    content = _csv(tmp_path, "\n".join(delimiter.join(row) for row in rows), encoding)
    assert content.flaws == ()
    assert _at(content, "B2").amount == Amount(Decimal("12345000"), "CNY")
    assert _at(content, "B3").amount == Amount(Decimal("-120000"), "CNY")


def test_codes_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    content = _csv(tmp_path, '代码,名称,数\n000001,甲,5\n="000002",乙,6\n')
    assert (_at(content, "A2").text, _at(content, "A2").amount) == ("000001", None)
    assert (_at(content, "A3").text, _at(content, "A3").amount) == ("000002", None)
    assert _at(content, "C3").amount == Amount(Decimal(6))


def test_line_breaks_and_delimiters_within_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    content = _csv(tmp_path, 'a,b\n"x, y\nz",1\n')
    assert _at(content, "A2").text == "x, y\nz"
    assert _at(content, "B2").amount == Amount(Decimal(1))
