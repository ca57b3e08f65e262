"""How a report on reading looks in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yanku.entry.places import place_worded
from yanku.model.document import Flaw, Origin
from yanku.model.finance import Profile
from yanku.model.report import CheckSeen, FigureSeen, ParseReport

_MOST = 40
"""Flaws and failed tests listed; the JSON form has them all."""
_ORIGINS = {
    Origin.TEXT_LAYER: "with a text layer",
    Origin.OCR: "scanned",
    Origin.NATIVE: "native",
}


def report_lines(report: ParseReport) -> Iterator[str]:
    """Yield a report line by line: what was seen, what was tested, what could not be read."""
    took = f"   {report.seconds:.1f} s" if report.seconds else ""
    yield f"{report.name}   {report.media_type}{took}"
    if about := _about(report.profile):
        yield about
    yield ""
    yield from _seen(report)
    yield from _figures(report)
    yield from _failed(report.failed)
    yield from _flaws(report.flaws)
    if report.members:
        yield _line("inside", f"{len(report.members)} file(s)")
        yield from (f"  {member.name}   {member.size:,} bytes" for member in report.members)


def _about(profile: Profile) -> str:
    company = f"{profile.company.name} ({profile.company.code})" if profile.company else ""
    period = profile.period
    stretch = f"{period.start or 'at'} – {period.end}" if period else ""
    kind = profile.report.value + (" abstract" if profile.abstract else "")
    return ", ".join(part for part in (company, kind if company else "", stretch) if part)


def _seen(report: ParseReport) -> Iterator[str]:
    if report.pages:
        kinds = [
            f"{number:,} {words}"
            for origin, words in _ORIGINS.items()
            if (number := report.pages_of(origin))
        ]
        yield _line("pages", f"{len(report.pages):,}: {', '.join(kinds)}")
    if report.sheets:
        yield _line("sheets", f"{len(report.sheets):,}: {', '.join(report.sheets)}")
    yield _line("headings", f"{report.headings:,}")
    roles = ", ".join(f"{number:,} {role.value}" for role, number in report.paragraphs.items())
    total = sum(report.paragraphs.values())
    yield _line("paragraphs", f"{total:,}" + (f": {roles}" if roles else ""))
    yield _line("tables", _tables(report))
    bare = f"; {report.without_unit:,} in tables without a unit" if report.without_unit else ""
    yield _line("amounts", f"{report.amounts:,}{bare}")


def _tables(report: ParseReport) -> str:
    tables = report.tables
    headed = sum(table.header_rows > 0 for table in tables)
    units = Counter(table.unit or "no unit" for table in tables)
    printed = ", ".join(f"{number:,} {unit}" for unit, number in units.most_common(8))
    said = f"{len(tables):,}"
    if tables:
        said += f": {report.joined:,} joined over pages, {headed:,} with header rows; {printed}"
    if read_twice := sum(table.confirmed + table.disputed for table in tables):
        disputed = sum(table.disputed for table in tables)
        said += f"; of {read_twice:,} rows read twice, {disputed:,} gave other figures"
    return said


def _figures(report: ParseReport) -> Iterator[str]:
    total = sum(each.number for each in report.facts)
    yield _line("facts", f"{total:,}")
    for each in report.facts:
        statement = each.statement.value.replace("_", " ")
        yield f"  {statement}, {each.consolidation.value}: {each.number:,}"
    failed = len(report.failed)
    yield _line("checks", f"{len(report.checks) - failed:,} passed, {failed:,} failed")


def _failed(checks: Sequence[CheckSeen]) -> Iterator[str]:
    for check in checks[:_MOST]:
        statement = check.statement.value.replace("_", " ")
        column = f", {' '.join(check.column.split())}" if check.column else ""
        yield (
            f"  failed: {check.name} ({statement}, {check.consolidation.value}, "
            f"{check.period.end}{column})"
        )
        yield from (f"    {_figure(figure)}" for figure in check.figures)
    if len(checks) > _MOST:
        yield f"  … and {len(checks) - _MOST:,} more"


def _figure(figure: FigureSeen) -> str:
    amount = figure.amount
    return f"{figure.label}: {amount.value:,f} {amount.unit}, {place_worded(figure.place)}"


def _flaws(flaws: Sequence[Flaw]) -> Iterator[str]:
    yield _line("not read", f"{len(flaws):,}" if flaws else "nothing was left out")
    for flaw in flaws[:_MOST]:
        where = f"{place_worded(flaw.place)}: " if flaw.place else ""
        yield f"  {where}{flaw.detail} [{flaw.code}]"
    if len(flaws) > _MOST:
        yield f"  … and {len(flaws) - _MOST:,} more"


def _line(name: str, value: str) -> str:
    return f"{name:12}{value}"
