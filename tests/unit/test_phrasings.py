"""Questions made in many styles about known figures get those figures, or nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from yanku.finance.ontology import load_ontology
from yanku.finance.periods import closing, months
from yanku.model.amount import Amount
from yanku.model.document import Digest
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    ReportKind,
    Statement,
)
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import UserId
from yanku.model.place import OnPage
from yanku.testing.asked.phrasings import STYLES, phrased
from yanku.testing.asked.plans import WORLD
from yanku.testing.asked.trial import Trial, Verdict

_FLOWS = ("operating_revenue", "net_profit", "net_profit_attributable", "rd_expenses",
          "selling_expenses", "net_cash_operating", "operating_cost", "income_tax")  # fmt: skip
_STOCKS = ("total_assets", "total_liabilities", "inventories", "monetary_funds",
           "accounts_receivable", "goodwill", "short_term_borrowings")  # fmt: skip
_REPORTS = ((3, ReportKind.FIRST_QUARTER), (6, ReportKind.HALF_YEAR), (9, ReportKind.THIRD_QUARTER),
            (12, ReportKind.ANNUAL))  # fmt: skip


def _entry(company: Company, period: Period, kind: ReportKind) -> Entry:
    name = f"{company.code}-{period.end}"
    profile = Profile("", company, kind, False, period, period.end)
    return Entry(
        DocumentId(name), name, 1, name, Digest("0" * 64), 1, "application/pdf", UserId("u"),
        State.LIVE, datetime(2025, 1, 1, tzinfo=UTC), profile=profile,
    )  # fmt: skip


def _books(seed: int) -> list[tuple[Fact, Entry]]:
    """Return quarterly reports of all companies over three years, of figures made up by chance."""
    chance = random.Random(seed)
    found = []
    for company in WORLD.values():
        for year in (2022, 2023, 2024):
            for month, kind in _REPORTS:
                period = months(year, 1, month)
                entry = _entry(company, period, kind)
                for metric in (*_FLOWS, *_STOCKS):
                    when = closing(period) if metric in _STOCKS else period
                    value = Decimal(chance.randrange(10**6, 10**12)) / 100
                    found.append((_fact(company, metric, when, value), entry))
    return found


def _fact(company: Company, metric: str, period: Period, value: Decimal) -> Fact:
    return Fact(
        company, metric, metric, period, Consolidation.CONSOLIDATED, Statement.OTHER,
        Amount(value, "CNY"), OnPage(1),
    )  # fmt: skip


@pytest.mark.parametrize("seed", [7, 20261127])
def test_made_up_questions_are_answered_right_or_not_at_all(seed: int) -> None:
    trial = Trial(list(WORLD.values()), _books(seed), load_ontology(), date(2025, 5, 20))
    verdicts = Counter((one.style, trial.judge(one)) for one in phrased(trial.known(), seed, 400))
    assert sum(n for (_, verdict), n in verdicts.items() if verdict is Verdict.WRONG) == 0
    for style in STYLES:
        right = verdicts[style, Verdict.RIGHT]
        assert right >= 0.9 * (right + verdicts[style, Verdict.DECLINED]), style
