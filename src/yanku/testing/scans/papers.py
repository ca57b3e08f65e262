"""Invented papers to scan: statements in three looks and two languages, broker's tables, others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from yanku.testing.layouts.broker import Broker
from yanku.testing.layouts.english import EnglishReport
from yanku.testing.samples.company import companies
from yanku.testing.samples.paper import Look, Paper, print_report
from yanku.testing.samples.quarterly import write_half_year_statements, write_quarterly_report
from yanku.testing.tables.press import Style
from yanku.testing.tables.suite import print_pdf
from yanku.testing.tables.truth import TrueTable


@dataclass(frozen=True, slots=True)
class Clean:
    """A printed file before it is scanned; ``tables`` where they are known cell by cell."""

    path: Path
    tables: tuple[TrueTable, ...] = ()


def statements(folder: Path, seed: int) -> Iterator[Clean]:
    """Print statements: Chinese in a grid or with rules above totals, English, a broker's."""
    folder.mkdir(parents=True, exist_ok=True)
    company = companies(seed)[1]
    look = Look(
        header=f"{company.firm.full} 2024 年半年度报告全文",
        grid=seed % 2 == 0,
        page_format="{page}",
        cover=False,
    )
    half = folder / f"half-{seed}.pdf"

    def write(paper: Paper) -> None:
        paper.title(company.firm.full, 16)
        paper.title("2024 年半年度报告", 14)
        write_half_year_statements(paper, company)

    print_report(half, look, write)
    yield Clean(half)
    if seed % 2:
        yield Clean(EnglishReport(folder, seed).make().path)
    else:
        quarter = folder / f"quarter-{seed}.pdf"
        look = replace(look, header=f"{company.firm.full} 2024 年第三季度报告")
        print_report(quarter, look, lambda paper: write_quarterly_report(paper, company))
        yield Clean(quarter)
    yield Clean(Broker(folder, seed).make().path)


def tables(folder: Path, seed: int) -> Iterator[Clean]:
    """Print tables that are known cell by cell: ruled, of three lines, without lines."""
    folder.mkdir(parents=True, exist_ok=True)
    style = (Style.RULED, Style.THREE_LINE, Style.BARE)[seed % 3]
    printed = print_pdf(folder, seed, style, count=2)
    yield Clean(printed.path, printed.tables)
