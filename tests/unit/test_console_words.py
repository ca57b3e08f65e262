"""What the console says: examples from what may be read, places in words, cells by name."""

from datetime import date

import pytest

from yanku.entry.ui.examples import examples
from yanku.entry.ui.places import Area, area_of, place_worded
from yanku.entry.ui.seen_words import seen_words
from yanku.entry.ui.words import Words
from yanku.finance.identities import load_laws
from yanku.model.finance import CONFIRMED, REPEATED, SECOND_READING, Company, Period, Profile
from yanku.model.library import DocumentId
from yanku.model.place import InSheet, InText, OnPage, column_letters, column_number

_MILL = Company("600001", "苇岸造纸股份有限公司", ("苇岸造纸",))
_SHIP = Company("600002", "远帆航运股份有限公司", ("远帆航运",))
_YEAR = Period(date(2023, 12, 31), date(2023, 1, 1))
_NINE_MONTHS = Period(date(2024, 9, 30), date(2024, 1, 1))


def _about(company: Company, period: Period) -> tuple[DocumentId, Profile]:
    return DocumentId("d"), Profile(company=company, period=period)


def test_an_example_asks_for_the_latest_period_that_a_report_covers() -> None:
    made = examples([_MILL], [_about(_MILL, _YEAR), _about(_MILL, _NINE_MONTHS)], Words("zh"))
    assert made[0] == "苇岸造纸2024年前三季度的营业收入是多少？"
    assert len(made) == 2


def test_companies_are_compared_only_over_the_same_period() -> None:
    alike = examples([_MILL, _SHIP], [_about(_MILL, _YEAR), _about(_SHIP, _YEAR)], Words("zh"))
    assert "苇岸造纸和远帆航运" in alike[2]
    apart = examples(
        [_MILL, _SHIP], [_about(_MILL, _YEAR), _about(_SHIP, _NINE_MONTHS)], Words("zh")
    )
    assert len(apart) == 2


def test_without_reports_there_are_no_examples() -> None:
    assert examples([_MILL], [], Words("en")) == []


@pytest.mark.parametrize(
    ("cells", "area"),
    [
        ("B4", Area(2, 4, 2, 4)),
        ("B4:F9", Area(2, 4, 6, 9)),
        ("F9:B4", Area(2, 4, 6, 9)),
        ("$AA$10", Area(27, 10, 27, 10)),
        ("", None),
        ("A1:B2:C3", None),
        ("<script>", None),
    ],
)
def test_cells_are_read_from_their_names(cells: str, area: Area | None) -> None:
    assert area_of(cells) == area


@pytest.mark.parametrize("number", [1, 26, 27, 52, 702, 703, 16384])
def test_a_columns_letters_lead_back_to_its_number(number: int) -> None:
    assert column_number(column_letters(number)) == number


def test_places_are_said_in_both_languages() -> None:
    for place, zh, en in (
        (OnPage(3), "第 3 页", "page 3"),
        (InText(4, 4), "第 4 行", "line 4"),
        (InText(4, 6), "第 4–6 行", "lines 4–6"),
        (InSheet("利润表", "B4"), "工作表“利润表” B4", "sheet “利润表” B4"),
    ):
        assert place_worded(place, Words("zh")) == zh
        assert place_worded(place, Words("en")) == en


def test_every_check_of_a_report_is_said_in_words() -> None:
    names = {law.name for law in load_laws()} | {SECOND_READING, REPEATED, CONFIRMED}
    for language in ("zh", "en"):
        said = seen_words(language)
        assert [name for name in names if said.get(name, name) == name] == []
