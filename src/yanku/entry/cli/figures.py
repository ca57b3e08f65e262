"""The command that lists figures: facts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from yanku.answer.wording import period_worded
from yanku.entry.cli.shell import (
    As,
    AsOfDay,
    Home,
    Json,
    PublicBy,
    Shell,
    open_desk,
    run,
    settings_for,
)
from yanku.entry.desk import Wanted
from yanku.entry.places import place_worded
from yanku.errors import InvalidRequest
from yanku.finance.agreement import Sourced, with_rivals
from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology
from yanku.finance.standing import report_of, standing
from yanku.model.finance import Confidence, Consolidation, Fact
from yanku.model.library import Entry
from yanku.model.place import InSheet, InText, OnPage
from yanku.wiring import terms_of


class Language(StrEnum):
    """The language of the list."""

    ZH = "zh"
    EN = "en"


_WORDS = {
    Confidence.CERTAIN: ("确证", "certain"),
    Confidence.CHECKED: ("已核对", "checked"),
    Confidence.SINGLE_WITNESS: ("未经印证", "single witness"),
    Confidence.DOUBTFUL: ("存疑", "doubtful"),
    Consolidation.CONSOLIDATED: ("合并", "consolidated"),
    Consolidation.PARENT: ("母公司", "parent"),
}
_YEAR = re.compile(r"((?:19|20)\d\d)\s?(?:fy|年)?")


def facts(
    company: Annotated[
        list[str] | None, typer.Option(help="Securities code or name; repeatable.")
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="Metric id or name, operating_revenue or 营业收入; repeatable."),
    ] = None,
    period: Annotated[
        list[str] | None,
        typer.Option(help="Period by its end: 2024, 2024H1, 2024Q3, 2024-09-30; repeatable."),
    ] = None,
    scope: Annotated[
        Consolidation | None, typer.Option(help="Statements of the group or of the parent alone.")
    ] = None,
    confidence: Annotated[
        list[Confidence] | None, typer.Option(help="Only facts that are this sure; repeatable.")
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Language of the list (default: as the terminal).")
    ] = None,
    as_of: AsOfDay = "",
    public_by: PublicBy = "",
    home: Home = None,
    person: As = "",
    json: Json = False,
) -> None:
    """List typed facts by company, metric, period and scope, one a line.

    How sure a fact is follows from its checks: certain (checks of two kinds passed), checked (of
    one kind), single_witness (nothing tested it), doubtful (a check failed). The kinds are the
    identities of a statement, the lines of the page read without the table, another place in the
    same document, and other documents.

    With --json, each line is an object: file, code, company; year and period (FY, H1, Q1, Q3) of
    the report, and end_date of the figure; statement, metric, label as printed; value in base
    units (元, not 万元) and unit; scope; column as seen from the report (period, year_to_date,
    period_end, prior_period, prior_year_to_date, prior_period_end, quarter, other_period,
    other_end; with _before_restatement for 调整前); page and box, or sheet and cell, or lines;
    checks by name; and start_date, header as printed, restated, confidence, others: what other
    documents state otherwise for the same figure.
    """
    shell = Shell()
    ontology = terms_of(settings_for(home))

    async def work() -> list[Sourced]:
        wanted = Wanted(
            companies=tuple(company or ()),
            metrics=tuple(_metric(name, ontology) for name in metric or ()),
            period_ends=tuple(_end(text) for text in period or ()),
            consolidation=scope.value if scope else "",
        )
        async with open_desk(settings_for(home)) as desk:
            return await desk.facts(wanted, person, as_of, public_by)

    found = run(work())
    sure = frozenset(confidence or Confidence)
    if json:
        for fact, entry, others in with_rivals(found):
            if fact.confidence in sure:
                shell.json(fact_json(fact, entry, others), dict[str, Any])
        return
    chosen = [(fact, entry) for fact, entry in found if fact.confidence in sure]
    for line in listed(chosen, language or _spoken(), ontology):
        shell.say(line)


def _metric(said: str, ontology: Ontology) -> str:
    """Return the id of a metric given by id or by any of its names."""
    if said in ontology.metrics:
        return said
    wanted = plain(said)
    named = {id_ for name, id_ in ontology.names() if name == wanted and id_ in ontology.metrics}
    if len(named) == 1:
        return named.pop()
    near = sorted(m.id for m in ontology.metrics.values() if wanted and wanted in plain(m.zh))
    hint = f"; did you mean {', '.join(near[:5])}?" if near else ""
    raise InvalidRequest(f"{said!r} is no metric that is read from statements{hint}")


def _end(said: str) -> date:
    """Return the last day of the period a text names."""
    text = plain(said)
    if (year := _YEAR.fullmatch(text)) is not None:
        return date(int(year[1]), 12, 31)
    ends = {stated.period.end for stated in find_periods(text)}
    if len(ends) != 1:
        raise InvalidRequest(f"{said!r} is not one period like 2024, 2024H1, 2024Q3, 2024-09-30")
    return ends.pop()


def _spoken() -> Language:
    said = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Language.ZH if said.lower().startswith("zh") else Language.EN


def fact_json(fact: Fact, entry: Entry, others: Sequence[Sourced] = ()) -> dict[str, Any]:
    """Return a fact as one flat object, numbers as decimal strings in base units."""
    year, period = report_of(fact, entry.profile)
    return {
        "file": entry.name,
        "code": fact.company.code,
        "company": fact.company.name,
        "year": year,
        "period": period,
        "end_date": fact.period.end.isoformat(),
        "statement": fact.statement.value,
        "metric": fact.metric,
        "label": fact.label,
        "value": f"{fact.amount.value:f}",
        "unit": fact.amount.unit,
        "scope": fact.consolidation.value,
        "column": standing(fact, entry.profile),
        **_place_json(fact),
        "checks": {check.name: check.passed for check in fact.checks},
        "start_date": fact.period.start.isoformat() if fact.period.start else None,
        "header": fact.column,
        "restated": fact.restated,
        "confidence": fact.confidence.value,
        "others": [
            {"file": source.name, "value": f"{other.amount.value:f}", **_place_json(other)}
            for other, source in others
        ],
    }


def _place_json(fact: Fact) -> dict[str, Any]:
    """Return where a fact stands: ``page`` and ``box``, ``sheet`` and ``cell``, or ``lines``."""
    match fact.place:
        case OnPage(page, box):
            corners = [box.x0, box.y0, box.x1, box.y1] if box else None
            return {"page": page, "box": corners}
        case InSheet(sheet, cells):
            return {"page": None, "sheet": sheet, "cell": cells}
        case InText(first, last):
            return {"page": None, "lines": [first, last]}


def listed(found: Sequence[Sourced], language: Language, ontology: Ontology) -> Iterator[str]:
    """Yield facts as lines with even columns; failed checks stand under their fact."""
    rows = [(_row(fact, entry, language, ontology), fact) for fact, entry in found]
    widths = [max((cell_len(row[n]) for row, _ in rows), default=0) for n in range(len(_LEFT))]
    for row, fact in rows:
        cells = zip(row, widths, _LEFT, strict=True)
        yield "  ".join(_padded(text, width, left) for text, width, left in cells).rstrip()
        yield from (f"    ✗ {check.name}" for check in fact.checks if not check.passed)


_LEFT = (True, True, True, False, True, True, True)
"""Which columns are set to the left: all but the figure."""


def _row(fact: Fact, entry: Entry, language: Language, ontology: Ontology) -> tuple[str, ...]:
    pick = 1 if language is Language.EN else 0
    known = fact.metric in ontology.metrics
    return (
        fact.company.name,
        period_worded(fact.period, language.value),
        ontology.name(fact.metric, language.value) if known else fact.label,
        f"{fact.amount.value:,f} {fact.amount.unit}".rstrip(),
        _WORDS[fact.consolidation][pick],
        _WORDS[fact.confidence][pick],
        f"{entry.name}, {place_worded(fact.place).split(', box')[0]}",
    )


def _padded(text: str, width: int, left: bool) -> str:
    gap = " " * (width - cell_len(text))
    return text + gap if left else gap + text
