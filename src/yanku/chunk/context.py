"""The line in front of a chunk that says whose words these are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from yanku.chunk.sentences import one_line
from yanku.model.finance import Profile, ReportKind

_REPORTS = {
    ReportKind.ANNUAL: "年度报告",
    ReportKind.HALF_YEAR: "半年度报告",
    ReportKind.FIRST_QUARTER: "第一季度报告",
    ReportKind.THIRD_QUARTER: "第三季度报告",
}
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_TITLE = 60
_LONGEST_PART = 40


def heading_line(profile: Profile, file: str) -> str:
    """Return company, code, report and period, or the file's name if it says none of them."""
    company = _company(profile)
    report = _report(profile) or PurePath(one_line(file)).stem[:_LONGEST_TITLE]
    return " ".join(part for part in (company, report) if part)


def context_line(head: str, path: Sequence[str], unit: str) -> str:
    """Return the context of one chunk: the document, the way down to it, the printed unit."""
    parts = [head]
    for part in (one_line(part)[:_LONGEST_PART] for part in path):
        # A caption often says again what the heading above it has said.
        if part not in parts[-1]:
            parts.append(part)
    way = " > ".join(part for part in parts if part)
    if not unit:
        return way
    return f"{way} 单位：{unit}" if _HAN.search(unit) else f"{way} unit: {unit}"


def _company(profile: Profile) -> str:
    company = profile.company
    if company is None:
        return ""
    return company.name if company.code == company.name else f"{company.name}（{company.code}）"


def _report(profile: Profile) -> str:
    title = one_line(profile.title)[:_LONGEST_TITLE]
    year = str(profile.period.end.year) if profile.period else ""
    if title:
        return title if year in title else f"{title} {year}"
    kind = _REPORTS.get(profile.report, "")
    abstract = "摘要" if profile.abstract and kind else ""
    return f"{year}年{kind}{abstract}" if year else f"{kind}{abstract}"
