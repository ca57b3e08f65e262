"""A made-up maker of pumps whose report divides its sales; shared by the tests of its parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.american import INCOME, MILLIONS, TOWEN, YEAR
from tests.statements_read import note, table, title

from yanku.answer.parting import told_of_parts
from yanku.finance.breakdown import breakdowns_of
from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.parting import asked_of_parts
from yanku.finance.picking import Book, picked
from yanku.model.answer import Grounded
from yanku.model.breakdown import Breakdown
from yanku.model.document import Block, Digest, Document
from yanku.model.inquiry import Inquiry, Task
from yanku.model.library import Entry
from yanku.model.people import UserId
from yanku.testing.library import an_entry

STATEMENT = [
    ["", "2023", "2022"],
    ["Net sales", "1,000", "900"],
    ["Cost of sales", "600", "560"],
    ["Gross profit", "400", "340"],
    ["Selling, general and administrative expenses", "250", "220"],
    ["Operating income", "150", "120"],
]
SEGMENTS = [
    ["", "2023", "2022"],
    ["Net sales", "", ""],
    ["Pumps (1)", "620", "500"],
    ["Valves", "330", "360"],
    ["All other", "60", "50"],
    ["Eliminations", "-10", "-10"],
    ["Total", "1,000", "900"],
    ["Segment operating income", "", ""],
    ["Pumps", "110", "70"],
    ["Valves", "60", "75"],
    ["All other", "5", "5"],
    ["Total segment operating income", "175", "150"],
    ["Unallocated", "-25", "-30"],
    ["Operating income", "150", "120"],
]
PLACES = [
    ["", "United States", "Canada", "Other countries", "Total"],
    ["Fiscal 2023", "", "", "", ""],
    ["Net sales", "550", "250", "200", "1,000"],
    ["Long-lived assets", "90", "30", "20", "140"],
    ["Fiscal 2022", "", "", "", ""],
    ["Net sales", "500", "240", "160", "900"],
]
GOODS = [
    ["", "2023", "2022"],
    ["Well pumps", "400", "300"],
    ["Heat pumps", "220", "200"],
    ["Total Pumps", "620", "500"],
    ["Valves and other", "380", "400"],
    ["Total net sales", "1,000", "900"],
]


def document(*blocks: Block) -> Document:
    return Document(Digest("0" * 64), "towen.pdf", "application/pdf", (), blocks)


def statement() -> tuple[Block, ...]:
    return title(INCOME), table(STATEMENT, MILLIONS, page=40)


def report() -> Document:
    return document(
        *statement(),
        note("The Company has two reportable segments. Results by segment were as follows:"),
        table(SEGMENTS, MILLIONS, page=70),
        note("Net sales by geographic area:"),
        table(PLACES, MILLIONS, page=71),
        note("Net sales by product category were:"),
        table(GOODS, MILLIONS, page=72),
    )


def divided(ontology: Ontology, *blocks: Block) -> tuple[Breakdown, ...]:
    read = document(*statement(), *blocks)
    return breakdowns_of(read, facts_of(read, YEAR, ontology))


def asked(ontology: Ontology, question: str, read: Document | None = None) -> Grounded | None:
    """Return what the report answers to a question on the year 2023."""
    read = read or report()
    inquiry = Inquiry(question, Task.TEXT, "en", companies=(TOWEN,))
    wanted = asked_of_parts(inquiry, ontology.phrases.filler)
    if wanted is None:
        return None
    parts = breakdowns_of(read, facts_of(read, YEAR, ontology))
    texts = " ".join(block.text.lower() for block in read.body if block.kind != "table")
    book = Book(parts, ("towen", "material"), frozenset(), lambda said: texts.count(said) > 2)
    pick = picked(wanted, book, question, [lambda own: own.end == date(2023, 12, 31)])
    return told_of_parts(inquiry, pick, ENTRY) if pick is not None else None


ENTRY: Entry = an_entry("towen", UserId("ann"))


def value(told: Grounded | None) -> Decimal | None:
    return told.amount.value if told is not None and told.amount is not None else None
