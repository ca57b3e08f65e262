"""Small reports of a made-up company, as web pages with the statement they print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

COMPANY = "晨屿仪器股份有限公司"


def income_statement(year: int, revenue: str, *, company: str = COMPANY, before: str = "") -> str:
    """Return an annual report that states the revenue of a year, and of the year before."""
    columns = "".join(f"<th>{y}年度</th>" for y in ((year, year - 1) if before else (year,)))
    rows: Mapping[str, tuple[str, ...]] = {
        "一、营业收入": (revenue, before),
        "其中：营业收入": (revenue, before),
    }
    cells = "".join(
        f"<tr><td>{label}</td>{''.join(f'<td>{v}</td>' for v in values if v)}</tr>"
        for label, values in rows.items()
    )
    return (
        f"<html><body><h1>{company}{year}年年度报告</h1><p>公司名称：{company}</p>"
        f"<p>证券代码：688901 证券简称：晨屿仪器</p><h2>合并利润表</h2><p>单位：元 币种：人民币</p>"
        f"<table><tr><th>项目</th>{columns}</tr>{cells}</table></body></html>"
    )


def written(folder: Path, name: str, text: str) -> Path:
    """Write a report into a folder."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path
