"""Documents, people and places as the HTTP interface shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr

from yanku.model.document import Cell, Flaw, Page
from yanku.model.finance import Fact, Profile
from yanku.model.library import Entry
from yanku.model.people import Group, GroupId, Principal
from yanku.model.place import InSheet, InText, OnPage, Place

GROUP_KEY = "g:"


class PlaceOut(BaseModel):
    """Where something stands. Which fields are set depends on ``kind``.

    A box is [x0, y0, x1, y1] in points (1/72 inch) from the page's top left corner.
    """

    kind: Literal["page", "sheet", "text"]
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cells: str | None = Field(default=None, examples=["B4:F9"])
    first_line: int | None = None
    last_line: int | None = None

    @classmethod
    def of(cls, place: Place) -> Self:
        """Return a place as it is shown."""
        match place:
            case OnPage(page, box):
                corners = (box.x0, box.y0, box.x1, box.y1) if box else None
                return cls(kind="page", page=page, box=corners)
            case InSheet(sheet, cells):
                return cls(kind="sheet", sheet=sheet, cells=cells)
            case InText(first, last):
                return cls(kind="text", first_line=first, last_line=last)


class PersonOut(BaseModel):
    """A person who can sign in."""

    id: str
    name: str
    role: Literal["member", "admin"]
    groups: list[str]

    @classmethod
    def of(cls, person: Principal) -> Self:
        """Return a person as they are shown."""
        return cls(
            id=person.user, name=person.name, role=person.role.value, groups=sorted(person.groups)
        )


class GroupOut(BaseModel):
    """A group of people."""

    id: str
    name: str

    @classmethod
    def of(cls, group: Group) -> Self:
        """Return a group as it is shown."""
        return cls(id=group.id, name=group.name)


class ProfileOut(BaseModel):
    """What a document says about itself."""

    title: str
    company: str | None
    code: str | None
    report: str
    period_start: date | None
    period_end: date | None
    published: date | None

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """Return a profile as it is shown."""
        return cls(
            title=profile.title,
            company=profile.company.name if profile.company else None,
            code=profile.company.code if profile.company else None,
            report=profile.report.value,
            period_start=profile.period.start if profile.period else None,
            period_end=profile.period.end if profile.period else None,
            published=profile.published,
        )


class FlawOut(BaseModel):
    """Something that could not be read."""

    code: str
    detail: str
    place: PlaceOut | None

    @classmethod
    def of(cls, flaw: Flaw) -> Self:
        """Return a flaw as it is shown."""
        place = PlaceOut.of(flaw.place) if flaw.place else None
        return cls(code=flaw.code, detail=flaw.detail, place=place)


class ProgressOut(BaseModel):
    """How far the work on a document has come.

    ``pages_per_second`` and ``remaining_s`` are known only to who watched for a while.
    """

    state: Literal["queued", "parsing", "live", "failed", "superseded"]
    pages_done: int
    pages: int
    vectors_done: int
    chunks: int
    pages_per_second: float | None = None
    remaining_s: float | None = None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the progress of a document as it is shown."""
        done = entry.progress
        return cls(
            state=entry.state.value,
            pages_done=done.pages_done,
            pages=done.pages,
            vectors_done=done.vectors_done,
            chunks=done.chunks,
        )


class FailureOut(BaseModel):
    """Why a document could not be read."""

    code: str
    message: str


class DocumentOut(BaseModel):
    """One document. ``groups`` are those of its readers' groups that the asker may know of;
    ``seconds`` is how long reading it took, null if that is not known. ``parent`` is the archive or
    mail it came in; its readers are chosen there.
    """

    id: str
    name: str
    version: int
    size: int
    media_type: str
    added: datetime
    owned: bool
    groups: list[str]
    profile: ProfileOut
    progress: ProgressOut
    flaws: list[FlawOut]
    failure: FailureOut | None
    seconds: float | None = None
    parent: str | None = None

    @classmethod
    def of(cls, entry: Entry, person: Principal) -> Self:
        """Return a document as it is shown to a person."""
        return cls(
            id=entry.id,
            name=entry.name,
            version=entry.version,
            size=entry.size,
            media_type=entry.media_type,
            added=entry.added,
            owned=entry.owner == person.user,
            groups=sorted(groups_shown(entry, person)),
            parent=entry.parent,
            profile=ProfileOut.of(entry.profile),
            progress=ProgressOut.of(entry),
            flaws=[FlawOut.of(flaw) for flaw in entry.flaws],
            failure=FailureOut(code=entry.failure[0], message=entry.failure[1])
            if entry.failure
            else None,
            seconds=round(entry.seconds, 2) or None,
        )


def groups_shown(entry: Entry, person: Principal) -> frozenset[GroupId]:
    """Return a document's groups: all of them to its owner, to others those they are in."""
    groups = {
        GroupId(key.removeprefix(GROUP_KEY)) for key in entry.readers if key.startswith(GROUP_KEY)
    }
    return frozenset(groups if entry.owner == person.user else groups & person.groups)


class DocumentsOut(BaseModel):
    """A part of the library; ``next`` is where to go on, null at the end."""

    items: list[DocumentOut]
    next: str | None


class ReadersIn(BaseModel):
    """The groups that may read a document, beside its owner."""

    groups: list[str] = Field(max_length=1000)


class PasswordIn(BaseModel):
    """The password of a protected document."""

    password: SecretStr = Field(max_length=1024)


class PageOut(BaseModel):
    """A page: its size in points, and how its text was read."""

    number: int
    width: float
    height: float
    origin: Literal["text_layer", "ocr", "native"]

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return a page as it is shown."""
        return cls(
            number=page.number, width=page.width, height=page.height, origin=page.origin.value
        )


class CellOut(BaseModel):
    """A cell of a sheet and what stands in it; ``stored`` where the file holds another value."""

    cells: str = Field(examples=["B4"])
    text: str
    value: str | None
    unit: str | None
    formula: str | None
    stored: str | None

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """Return a cell as it is shown."""
        return cls(
            cells=cell.place.cells if isinstance(cell.place, InSheet) else "",
            text=cell.text,
            value=str(cell.amount.value) if cell.amount else None,
            unit=cell.amount.unit if cell.amount else None,
            formula=cell.formula,
            stored=cell.stored or None,
        )


class FactOut(BaseModel):
    """One figure of one statement; ``value`` is exact, in base units (元, not 万元)."""

    company: str
    code: str
    metric: str
    label: str
    column: str
    period_start: date | None
    period_end: date
    consolidation: Literal["consolidated", "parent"]
    statement: str
    value: str
    unit: str
    restated: bool
    checks: Mapping[str, bool]
    confidence: Literal["certain", "checked", "single_witness", "doubtful"]
    document: str
    file: str
    place: PlaceOut
    url: str

    @classmethod
    def of(cls, fact: Fact, entry: Entry, url: str) -> Self:
        """Return a fact as it is shown."""
        return cls(
            company=fact.company.name,
            code=fact.company.code,
            metric=fact.metric,
            label=fact.label,
            column=fact.column,
            period_start=fact.period.start,
            period_end=fact.period.end,
            consolidation=fact.consolidation.value,
            statement=fact.statement.value,
            value=format(fact.amount.value, "f"),
            unit=fact.amount.unit,
            restated=fact.restated,
            checks={check.name: check.passed for check in fact.checks},
            confidence=fact.confidence.value,
            document=entry.id,
            file=entry.name,
            place=PlaceOut.of(fact.place),
            url=url,
        )


def groups_named(groups: Collection[Group]) -> dict[GroupId, str]:
    """Return the names of groups by their ids."""
    return {group.id: group.name for group in groups}
