"""What a question asks for, and what the facts say to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from yanku.model.amount import Amount
from yanku.model.finance import Company, Consolidation, Fact, Period
from yanku.model.library import Entry


class Task(StrEnum):
    """The kind of work a question asks for."""

    LOOKUP = "lookup"
    GROWTH = "growth"
    RATIO = "ratio"
    COMPARE = "compare"
    RANK = "rank"
    """Companies in the order of a measure, or those of them that meet a bound."""
    SERIES = "series"
    """A measure over several periods, or several measures side by side, as a table."""
    TOTAL = "total"
    """The sum or the mean over companies or periods."""
    DIFFERENCE = "difference"
    """By how much one figure is above another: of companies, or of measures of one."""
    MULTIPLE = "multiple"
    """How many times another figure one is: of companies, measures or periods."""
    WHEN = "when"
    """In which periods a company's figure meets a bound: the first, the last, or each."""
    STREAK = "streak"
    """For how many periods in a row, up to the latest, a company's figure has met a bound."""
    WHETHER = "whether"
    """Whether a company's figure meets a bound."""
    SEVERAL = "several"
    """Several questions in one: each of the ``parts`` is a plan of its own."""
    TEXT = "text"
    """Not a question that facts can answer: reasons, descriptions, everything else."""


class Step(StrEnum):
    """How far apart the periods of a series are."""

    YEAR = "year"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Span:
    """Periods counted back from the latest there is: ``count`` of them, 0 for all."""

    count: int
    step: Step = Step.YEAR


class Turn(StrEnum):
    """Which of the periods that meet a bound are asked for."""

    FIRST = "first"
    LAST = "last"
    EACH = "each"


class Fold(StrEnum):
    """What is made of several figures."""

    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    RANGE = "range"
    """The highest less the lowest."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must be: above (or with ``below`` under) a value in base units.

    ``or_equal`` lets the value itself pass. ``unit`` is the bound's unit code, empty for the
    measure's own. ``measure`` is the position of that among the measures of the inquiry.
    """

    value: Decimal
    unit: str = ""
    below: bool = False
    or_equal: bool = False
    measure: int = 0

    def met_by(self, value: Decimal) -> bool:
        """Tell whether a figure meets the bound."""
        if value == self.value:
            return self.or_equal
        return (value < self.value) is self.below


class Beyond(StrEnum):
    """What no document can answer."""

    ADVICE = "advice"
    PREDICTION = "prediction"
    CHAT = "chat"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A word of the question that can mean several things: ``said``, and what it could mean."""

    said: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question understood: what is asked, of whom, for when.

    ``metrics`` are identifiers of the ontology; the first is ranked or added up, others
    choose. ``unknown`` holds names in the question that look like companies and are not in
    the library, ``likely`` those of the library whose names are near. ``unclear`` must be
    asked back, and ``beyond`` tells of what no document answers. ``unit`` is the printed unit
    asked for ("亿元"), ``decimals`` how many of them, if that is said. ``lowest`` turns a
    comparison around ("哪家更低"). ``span`` counts periods back instead of naming them
    ("近三年各季度"); ``part`` are the first and last month of a part of a year named without its
    year ("上半年"). ``top`` is how many of a ranking are wanted, 0 for all, ``place`` the one
    that is (2 for the second), ``standing`` the code of the company whose place is asked for,
    ``beside`` the measures to be told of who is chosen, and ``counted`` asks how many meet
    the ``bounds``, all of them together. ``run`` asks that they be met in so many periods in
    a row, and ``turn`` which of the periods that meet them. ``sided`` asks for profit or
    loss, ``turned`` that the bounds were not met the period before. ``formula`` is the one
    that the question itself gives for the one ratio it asks for, in identifiers. ``everyone``
    tells that no company is named and all of the library are meant. ``assumptions`` are
    defaults taken, in the question's own ``language`` (``zh``, ``en``). ``pairs`` are
    companies each with a period of its own. ``as_of`` says, where it is not now, what was
    counted as known. ``parts`` are those of Task.SEVERAL.
    """

    question: str
    task: Task
    language: str = "zh"
    companies: tuple[Company, ...] = ()
    metrics: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    pairs: tuple[tuple[Company, Period], ...] = ()
    part: tuple[int, int] | None = None
    consolidation: Consolidation = Consolidation.CONSOLIDATED
    unit: str = ""
    decimals: int | None = None
    lowest: bool = False
    span: Span | None = None
    fold: Fold | None = None
    top: int = 0
    place: int = 0
    standing: str = ""
    beside: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    run: Span | None = None
    turn: Turn | None = None
    sided: bool = False
    turned: bool = False
    counted: bool = False
    formula: str = ""
    everyone: bool = False
    topic: tuple[str, ...] = ()
    figure: bool = False
    asked: str = ""
    unknown: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    beyond: Beyond | None = None
    assumptions: tuple[str, ...] = ()
    as_of: str = ""
    parts: tuple[Inquiry, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """One fact a finding rests on, and the name it has in the formula."""

    name: str
    fact: Fact
    entry: Entry


@dataclass(frozen=True, slots=True)
class Row:
    """One figure among several: a measure of a company for a period.

    ``amount`` is None where it is not disclosed. ``operands`` are positions (from 0) in those of
    the finding, ``formula`` as there.
    """

    company: Company
    measure: str
    period: Period
    amount: Amount | None
    operands: tuple[int, ...] = ()
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the facts say: an amount or a choice, with every fact it rests on.

    ``formula`` is empty when the amount is a fact itself; otherwise it is the calculation in
    terms of the operands' names, such as ``(本期 − 上期) ÷ |上期|``. ``rows`` are the figures of an
    answer that has several, in the order to show them. ``tied`` tells that the companies or periods
    of a choice have the same figure. ``otherwise`` are what later documents say instead of the one
    figure. ``also`` are facts that say the same as one that the answer rests on. ``period`` is
    that of a calculated amount, where it is not that of the first operand. ``gaps`` are figures
    that were asked for beside those there are.
    """

    operands: tuple[Operand, ...]
    amount: Amount | None = None
    choice: str | None = None
    formula: str = ""
    assumptions: tuple[str, ...] = field(default=())
    rows: tuple[Row, ...] = ()
    also: tuple[Operand, ...] = ()
    otherwise: tuple[Operand, ...] = ()
    tied: bool = False
    period: Period | None = None
    gaps: tuple[Missing, ...] = ()


class Cause(StrEnum):
    """Why facts do not settle an inquiry."""

    LACKING = "lacking"
    """A figure is not there."""
    CONTRADICTORY = "contradictory"
    """Sources differ, and nothing says which of them is right."""
    DOUBTFUL = "doubtful"
    """The figure is there and fails the checks it was put to."""
    UNITS = "units"
    """The figures are in different currencies or units."""
    SENSELESS = "senseless"
    """The calculation has no meaning for these figures: growth from nothing or from a loss."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Facts do not settle the inquiry: ``what`` names the company, metric and period lacking.

    ``documents_exist`` tells that documents of that company and period are readable, so the
    figure is not disclosed (or was not read) rather than unknown. ``company`` and ``metric`` are
    those of the figure that lacks, ``operands`` the figures that are there and do not do, and
    ``known`` the other sides of a comparison or the other parts of a sum.
    """

    what: str
    documents_exist: bool = False
    cause: Cause = Cause.LACKING
    company: Company | None = None
    metric: str = ""
    operands: tuple[Operand, ...] = ()
    known: Finding | None = None
