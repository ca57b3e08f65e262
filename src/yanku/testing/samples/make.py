"""Writes all sample documents into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yanku.testing.samples.annual import write_annual_report
from yanku.testing.samples.company import Company, companies
from yanku.testing.samples.english import write_english_report
from yanku.testing.samples.paper import Look, Paper, Printed, print_report
from yanku.testing.samples.quarterly import (
    write_half_year_cash_flow,
    write_half_year_statements,
    write_quarterly_report,
)
from yanku.testing.samples.scan import Scanner, write_scan
from yanku.testing.samples.sheet import write_workbook
from yanku.testing.samples.word import write_call_notes, write_memo

ANNUAL = "澜桥精密：2024年年度报告.pdf"
QUARTERLY = "999202_20241029_Q3.pdf"
ENGLISH = "Towen_Annual_Report_2024.pdf"
SCAN = "霁川生物：2024年半年度报告（财务报表扫描件）.pdf"
PICTURE = "霁川生物：2024年半年度现金流量表.png"
WORKBOOK = "澜桥精密分季度数据.xlsx"
MEMO = "澜桥精密调研备忘录.docx"
NOTES = "拓纹新材电话会议纪要.txt"


@dataclass(frozen=True, slots=True)
class Samples:
    """The files that were written, whose they are, and what stands where in them."""

    folder: Path
    files: tuple[Path, ...]
    companies: tuple[Company, Company, Company]
    printed: tuple[Printed, ...]

    def find(self, file: str, table: str, key: str) -> Printed:
        """Return the row or sentence of that name, the first if it runs over two pages."""
        for row in self.printed:
            if (row.file, row.table, row.key) == (file, table, key):
                return row
        raise KeyError(f"{file} prints no {table}/{key}")


def make_samples(folder: Path, seed: int = 2024) -> Samples:
    """Write all documents into a folder, which is made if need be; same seed, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    lanqiao, jichuan, towen = made = companies(seed)
    header = lanqiao.firm.full
    printed = [
        *print_report(
            folder / ANNUAL,
            Look(header=f"{header} 2024 年年度报告"),
            lambda paper: write_annual_report(paper, lanqiao),
        ),
        *print_report(
            folder / QUARTERLY,
            Look(header=f"{jichuan.firm.full} 2024 年第三季度报告", page_format="{page}"),
            lambda paper: write_quarterly_report(paper, jichuan),
        ),
        *print_report(
            folder / ENGLISH,
            Look(
                header=f"{towen.firm.english}   Annual Report 2024",
                font="Helvetica",
                grid=False,
                page_format="Page {page} of {pages}",
                cjk=False,
            ),
            lambda paper: write_english_report(paper, towen),
        ),
        *_scans(folder, jichuan),
        *write_workbook(folder / WORKBOOK, lanqiao, made),
        *write_memo(folder / MEMO, lanqiao),
        *write_call_notes(folder / NOTES, towen),
    ]
    names = (ANNUAL, QUARTERLY, ENGLISH, SCAN, PICTURE, WORKBOOK, MEMO, NOTES)
    return Samples(folder, tuple(folder / name for name in names), made, tuple(printed))


def _scans(folder: Path, company: Company) -> list[Printed]:
    """Print two parts of the half-year report, and keep only what a scanner saw of them."""
    look = Look(
        header=f"{company.firm.full} 2024 年半年度报告全文", page_format="{page}", cover=False
    )

    def scan(name: str, write: Callable[[Paper, Company], None], scanner: Scanner) -> list[Printed]:
        with tempfile.TemporaryDirectory() as scratch:
            # The file keeps its name, because rows remember the file they were printed in.
            page_file = Path(scratch) / name
            rows = print_report(page_file, look, lambda paper: write(paper, company))
            pages = scanner.scan(page_file)
        if name.endswith(".png"):
            pages[0].save(folder / name, dpi=(scanner.dpi, scanner.dpi))
        else:
            write_scan(pages, folder / name)
        return list(rows)

    return [
        *scan(SCAN, write_half_year_statements, Scanner(seed=11)),
        *scan(PICTURE, write_half_year_cash_flow, Scanner(dpi=150, skew=0.0, noise=5, seed=12)),
    ]
