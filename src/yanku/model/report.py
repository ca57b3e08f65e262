"""What the machine saw in a document, counted: what a person looks at before trusting it."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanku.model.amount import Amount
from yanku.model.document import Flaw, Member, Origin, Role
from yanku.model.finance import Consolidation, Period, Profile, Statement
from yanku.model.place import Place


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One page: how its text was obtained, and how much of each kind stands on it.

    ``tables`` counts parts of tables: one over three pages is counted on each of them.
    """

    number: int
    origin: Origin
    label: str = ""
    headings: int = 0
    paragraphs: int = 0
    tables: int = 0
    amounts: int = 0
    facts: int = 0
    doubts: int = 0
    """Flaws on this page, rows read otherwise a second time, and failed tests of its figures."""


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table: its size, how many parts it was joined from, and how many of its cells are
    amounts, with and without a unit.

    ``confirmed`` and ``disputed`` count the rows for which a second reading of the page gave the
    same figures, and other ones.
    """

    place: Place
    parts: int
    rows: int
    columns: int
    header_rows: int
    caption: str
    unit: str
    amounts: int
    without_unit: int
    confirmed: int = 0
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class FactsSeen:
    """How many figures one statement gave."""

    statement: Statement
    consolidation: Consolidation
    number: int


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """One figure that took part in a test: its printed label, its amount and its place."""

    metric: str
    label: str
    amount: Amount
    place: Place


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """One test of figures against one another: which law, of which statement, and how it went.

    ``name`` is that of the ``Check``; ``column`` the printed header above the figures.
    """

    name: str
    passed: bool
    statement: Statement
    consolidation: Consolidation
    period: Period
    column: str
    figures: tuple[FigureSeen, ...]


@dataclass(frozen=True, slots=True)
class ParseReport:
    """What was seen in one document; ``seconds`` is how long reading it took, 0 if not known.

    ``paragraphs`` counts by role. ``sheets`` are the names of the sheets that have cells.
    """

    name: str
    media_type: str
    seconds: float
    profile: Profile
    pages: tuple[PageSeen, ...]
    sheets: tuple[str, ...]
    headings: int
    paragraphs: dict[Role, int]
    tables: tuple[TableSeen, ...]
    amounts: int
    without_unit: int
    facts: tuple[FactsSeen, ...]
    checks: tuple[CheckSeen, ...]
    flaws: tuple[Flaw, ...] = ()
    members: tuple[Member, ...] = field(default=())

    @property
    def failed(self) -> tuple[CheckSeen, ...]:
        """Return the tests that failed; never smoothed over, always shown."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def joined(self) -> int:
        """Return how many tables were joined from parts on several pages."""
        return sum(table.parts > 1 for table in self.tables)

    def pages_of(self, origin: Origin) -> int:
        """Return how many pages were read in a way."""
        return sum(page.origin is origin for page in self.pages)
