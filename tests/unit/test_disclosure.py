"""From when a document counts as public, and what a day typed means."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yanku.entry.moments import as_of_said
from yanku.errors import InvalidRequest
from yanku.finance.disclosure import public_on
from yanku.finance.periods import reported
from yanku.model.finance import Profile, ReportKind
from yanku.model.people import AsOf

LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (ReportKind.ANNUAL, date(2025, 4, 30)),
        (ReportKind.HALF_YEAR, date(2024, 9, 30)),
        (ReportKind.FIRST_QUARTER, date(2024, 5, 31)),
        (ReportKind.THIRD_QUARTER, date(2024, 11, 30)),
    ],
)
def test_a_report_that_names_no_day_is_public_from_its_deadline(
    kind: ReportKind, due: date
) -> None:
    profile = Profile(report=kind, period=reported(kind, 2024))
    assert public_on(profile, LONG_AFTER) == due


def test_a_document_held_before_its_deadline_is_public_from_the_day_it_came() -> None:
    profile = Profile(report=ReportKind.ANNUAL, period=reported(ReportKind.ANNUAL, 2024))
    assert public_on(profile, datetime(2025, 3, 20, tzinfo=UTC)) == date(2025, 3, 20)


def test_the_day_a_document_names_itself_stands() -> None:
    profile = Profile(published=date(2025, 3, 18))
    assert public_on(profile, LONG_AFTER) == date(2025, 3, 18)


def test_a_document_that_says_nothing_is_public_from_the_day_it_came() -> None:
    assert public_on(Profile(), LONG_AFTER) == LONG_AFTER.date()


def test_a_day_is_meant_to_its_end_and_today_up_to_now() -> None:
    now = datetime(2026, 5, 10, 9, tzinfo=UTC)
    said = as_of_said("2025-04-30", "", now)
    assert said is not None
    assert said.public == date(2025, 4, 30)
    assert said.held is not None
    assert (said.held.hour, said.held.minute, said.held.second) == (23, 59, 59)
    today = now.astimezone().date()
    assert as_of_said(str(today), "", now) == AsOf(now, today)
    assert as_of_said("", "", now) is None
    assert as_of_said("", "2024-01-02", now) == AsOf(public=date(2024, 1, 2))


@pytest.mark.parametrize(
    ("as_of", "public_by"),
    [
        ("2027-01-01", ""),
        ("yesterday", ""),
        ("", "May"),
        ("2025-13-01", ""),
        ("2025-01-01T25:00", ""),
        ("2025-01-01", "2025-01-01"),
    ],
)
def test_what_is_no_day_of_the_past_is_refused(as_of: str, public_by: str) -> None:
    with pytest.raises(InvalidRequest):
        as_of_said(as_of, public_by, datetime(2026, 5, 10, 9, tzinfo=UTC))
