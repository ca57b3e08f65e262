"""The table of an answer as a file: every cell as answered, every source beside it, no formula."""

from __future__ import annotations

import csv
import io
import random
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from yanku.entry.export import csv_of, xlsx_of
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, Citation, Claim, Grounded, TableCell
from yanku.model.library import DocumentId
from yanku.model.place import OnPage

_NAMES = (
    "东海水务", "Acme, Inc.", 'The "Blue" Co', "=1+1", "+86 Telecom", "-x", "@home", "a\nb", "\tt",
)  # fmt: skip


def cited(number: int, file: str) -> Citation:
    return Citation(number, DocumentId(str(number)), file, OnPage(number), f"营业收入 | {number}")


def figure(value: str, unit: str, *numbers: int) -> TableCell:
    return TableCell(f"{value} {unit}", Amount(Decimal(value), unit), numbers)


def answer(table: AnswerTable, *notes: str, citations: int = 6) -> Grounded:
    sources = tuple(cited(n, f"{_NAMES[n % len(_NAMES)]}.pdf") for n in range(1, citations + 1))
    return Grounded((Claim("x"),), sources, table=table, assumptions=notes)


def rows_of(made: Grounded) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_of(made).removeprefix("\ufeff"), newline="")))


def sheet_of(made: Grounded, title: str = "问") -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(made, title))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def invented(chance: random.Random) -> AnswerTable:
    """Make a table of names and figures, some of them missing, each column of a unit."""
    units = [chance.choice(["CNY", "CNY/share", "%", "times"]) for _ in range(5)]

    def value() -> str:
        return f"{Decimal(chance.randrange(-(10**14), 10**14)).scaleb(-chance.randrange(9)):f}"

    def cell(unit: str) -> TableCell:
        if chance.random() < 0.2:
            return TableCell("")
        return figure(value(), unit, *sorted(chance.sample(range(1, 7), chance.randint(1, 3))))

    rows = [(TableCell(chance.choice(_NAMES)), *map(cell, units)) for _ in range(20)]
    rows[0] = (rows[0][0], *(figure(value(), unit, 1) for unit in units))
    return AnswerTable(("公司", *(f"指标{n}" for n in range(5))), tuple(rows))


@pytest.mark.parametrize("seed", range(5))
def test_every_cell_and_its_sources_are_in_both_files_as_answered(seed: int) -> None:
    table = invented(random.Random(seed))
    made = answer(table)
    files = {c.number: c.file for c in made.citations}
    rows, sheet = rows_of(made), sheet_of(made)
    for number, row in enumerate(table.rows):
        assert sheet.cell(number + 3, 1).value == row[0].text
        assert rows[number + 1][0].removeprefix("'") == row[0].text
        for at, cell in enumerate(row[1:], start=1):
            shown = sheet.cell(number + 3, at + 1)
            written, source = rows[number + 1][2 * at - 1], rows[number + 1][2 * at]
            if cell.amount is None:
                assert (shown.value, shown.comment, written, source) == (None, None, "", "")
                continue
            assert Decimal(written) == cell.amount.value
            assert Decimal(repr(shown.value)) == cell.amount.value
            assert shown.comment is not None
            for n in cell.citations:
                assert f"{files[n]}, p. {n}" in source
                assert f"{files[n]}, p. {n}\n营业收入 | {n}" in shown.comment.text
            assert source.count(", p. ") == len(cell.citations)
            assert shown.comment.text.count(", p. ") == len(cell.citations)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_becomes_a_formula_in_either_file(start: str) -> None:
    said = f"{start}HYPERLINK(1)"
    table = AnswerTable((said, said), ((TableCell(said), figure("5", "CNY", 1)),))
    made = answer(table, said)
    made = Grounded(made.claims, (cited(1, said),), table=table, assumptions=(said,))
    for field in (field for row in rows_of(made) for field in row):
        assert not field.startswith(start), field
    sheet = sheet_of(made, said)
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    assert str(sheet["A1"].value).strip() == said.strip()


def test_a_question_or_name_with_signs_no_workbook_holds_is_written_without_them() -> None:
    table = AnswerTable(("公\x0b司", "b"), ((TableCell("x\x00y"), figure("5", "CNY", 1)),))
    sheet = sheet_of(answer(table), "营收\x0b是多少\ud800")
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == ["营收是多少", "公司", "xy"]


def test_figures_of_several_units_in_one_column_keep_each_its_own() -> None:
    rows = (
        (TableCell("甲"), figure("5", "CNY", 1)),
        (TableCell("乙"), figure("7.5", "USD", 2)),
        (TableCell("丙"), TableCell("")),
    )
    made = answer(AnswerTable(("公司", "营业收入"), rows))
    assert rows_of(made)[0] == ["公司", "营业收入", "营业收入 [unit]", "营业收入 [source]"]
    assert [row[1:3] for row in rows_of(made)[1:]] == [["5", "CNY"], ["7.5", "USD"], ["", ""]]
    sheet = sheet_of(made)
    assert [sheet["B3"].value, sheet["B3"].number_format] == [5, '#,##0" CNY"']
    assert [sheet["B4"].value, sheet["B4"].number_format] == [7.5, '#,##0.00" USD"']


def test_a_workbook_shows_a_printed_figure_whole_and_a_calculated_one_rounded() -> None:
    rows = (
        (figure("0.0512", "CNY/share", 1), figure("12.50", "%", 1)),
        (figure("0.3", "CNY/share", 1), figure("33.333333333333333", "%", 1)),
    )
    sheet = sheet_of(answer(AnswerTable(("每股收益", "增长"), rows)))
    formats = [[cell.number_format for cell in row] for row in sheet["A3:B4"]]
    assert formats == [["#,##0.0000", "#,##0.00"], ["#,##0.00", "#,##0.00"]]


def test_what_was_assumed_stands_under_the_figures_of_a_workbook() -> None:
    table = AnswerTable(("期间", "营业收入"), ((TableCell("2024"), figure("5", "CNY", 1)),))
    sheet = sheet_of(answer(table, "合并报表口径", "有2项资料中没有，表中留空"))
    assert [sheet["A5"].value, sheet["A6"].value] == ["合并报表口径", "有2项资料中没有，表中留空"]
