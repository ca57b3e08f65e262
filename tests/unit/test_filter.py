"""The hard conditions that a question sets on documents."""

from __future__ import annotations

from datetime import date

from yanku.flows.find import filter_of
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Inquiry, Task

ASKED = Inquiry(
    "x",
    Task.LOOKUP,
    companies=(Company("600001", "甲"),),
    periods=(Period(date(2021, 12, 31), date(2021, 1, 1)),),
)


def test_a_question_on_a_year_looks_at_the_documents_of_that_year() -> None:
    found = filter_of(ASKED)
    assert found.years == {2021}
    assert "600001" in found.companies


def test_a_figure_is_also_looked_for_where_the_next_two_reports_repeat_it() -> None:
    assert filter_of(ASKED, later=True).years == {2021, 2022, 2023}
