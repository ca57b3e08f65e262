"""A line that a statement gives in parts is their sum, told with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.american import BALANCE, INCOME, MILLIONS, TOWEN, YEAR, found
from tests.statements_read import read, table, title

from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.model.document import Block, Digest
from yanku.model.finance import Fact
from yanku.model.inquiry import Finding, Missing
from yanku.model.library import DocumentId, Entry, State
from yanku.model.people import UserId

ENTRY = Entry(
    id=DocumentId("d"), series="d", version=1, name="10k.pdf", digest=Digest("0" * 64), size=1,
    media_type="application/pdf", owner=UserId("ann"), state=State.LIVE,
    added=datetime(2026, 1, 1, tzinfo=UTC), profile=YEAR,
)  # fmt: skip


def sheet(*rows: tuple[str, str, str], name: str = BALANCE) -> tuple[Block, Block]:
    return title(name), table([["", "2023", "2022"], *map(list, rows)], MILLIONS)


def ask(question: str, facts: Sequence[Fact], ontology: Ontology) -> Finding | Missing:
    inquiry = understand(question, [TOWEN], ontology, date(2026, 5, 1))
    return settle(inquiry, [(fact, ENTRY) for fact in facts], ontology)


STOCKS = (
    ("Cash and cash equivalents", "40", "30"), ("Inventories, net:", "", ""),
    ("Raw materials and supplies", "99", "90"),
    ("Work in process and finished goods", "122", "140"),
    ("Prepaid expenses and other current assets", "53", "51"),
    ("Total current assets", "314", "311"),
    ("Total assets", "900", "880"), ("Total current liabilities", "200", "190"),
)  # fmt: skip
DEBT = (
    ("Debt securities held to maturity", "70", "70"), ("Total assets", "900", "880"),
    ("Liabilities", "", ""), ("Commercial paper", "10", "20"),
    ("Current portion of long-term debt", "30", "5"), ("Accounts payable", "60", "50"),
    ("Long-term debt, net of current portion", "300", "330"), ("Total liabilities", "500", "480"),
)  # fmt: skip


def test_inventories_in_parts_are_their_sum(ontology: Ontology) -> None:
    facts = read(ontology, YEAR, *sheet(*STOCKS))
    told = ask("What were Towen Materials' inventories at the end of 2023?", facts, ontology)
    assert isinstance(told, Finding)
    assert told.amount is not None
    assert told.amount.value == 221_000_000
    assert told.formula == "Raw materials and supplies + Work in process and finished goods"
    assert [operand.fact.amount.value for operand in told.operands] == [99_000_000, 122_000_000]


def test_a_ratio_takes_the_sum_of_the_parts(ontology: Ontology) -> None:
    facts = read(ontology, YEAR, *sheet(*STOCKS))
    told = ask("What was Towen Materials' quick ratio at the end of 2023?", facts, ontology)
    assert isinstance(told, Finding)
    assert told.amount is not None
    assert told.amount.value == (Decimal(314) - 99 - 122) / 200
    assert len(told.operands) == 4


def test_a_part_that_nobody_knows_leaves_the_sum_open(ontology: Ontology) -> None:
    rows = list(STOCKS)
    rows.insert(4, ("Reserve for obsolete blanks", "(20)", "(15)"))
    facts = read(ontology, YEAR, *sheet(*rows))
    assert not any(fact.metric.startswith("inventory_part") for fact in facts)


def test_a_printed_sum_goes_before_its_parts(ontology: Ontology) -> None:
    rows = list(STOCKS)
    rows.insert(4, ("Total inventories", "221", "230"))
    facts = read(ontology, YEAR, *sheet(*rows))
    assert found(facts)["inventories"] == 221_000_000
    assert not any(fact.metric.startswith("inventory_part") for fact in facts)


def test_the_debt_is_every_line_of_debt_and_nothing_owed_to_the_company(
    ontology: Ontology,
) -> None:
    facts = read(ontology, YEAR, *sheet(*DEBT))
    told = ask("What was Towen Materials' total debt at the end of 2023?", facts, ontology)
    assert isinstance(told, Finding)
    assert told.amount is not None
    assert told.amount.value == 340_000_000
    assert "securities" not in told.formula


def test_debt_that_may_go_on_elsewhere_has_no_sum(ontology: Ontology) -> None:
    facts = read(ontology, YEAR, *sheet(*DEBT[:-1]))
    assert not any(fact.metric.startswith("debt_part") for fact in facts)


def test_costs_of_several_kinds_are_the_cost_of_sales_together(ontology: Ontology) -> None:
    facts = read(
        ontology, YEAR,
        *sheet(
            ("Total revenues", "900", "800"), ("Cost of products", "500", "400"),
            ("Cost of services", "100", "90"), ("Operating income", "200", "180"), name=INCOME,
        ),
    )  # fmt: skip
    told = ask("What was Towen Materials' gross margin in 2023?", facts, ontology)
    assert isinstance(told, Finding)
    assert told.amount is not None
    assert round(told.amount.value, 4) == Decimal("33.3333")
    assert len(told.operands) == 3
