"""Two unprinted documents: a research memo in Word, and notes of a call in GB18030 text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from yanku.testing.samples.company import Company
from yanku.testing.samples.figures import Figures, ratio
from yanku.testing.samples.office import repack
from yanku.testing.samples.paper import Printed
from yanku.testing.samples.statements import Span


def write_memo(path: Path, company: Company) -> tuple[Printed, ...]:
    """Write the memo on 澜桥精密; return its rows and sentences."""
    income = Figures.of(company, Span(2024, 4), years=1).income[0]
    margin = ratio(income["revenue"] - income["cost"], income["revenue"])
    printed: list[Printed] = []
    document = docx.Document()
    _plain(document)
    document.add_heading(f"{company.firm.short}（{company.firm.code}）调研备忘录", level=0)
    document.add_paragraph("内部资料，仅供研究部门使用    2025 年 5 月 14 日")

    def say(text: str, key: str) -> None:
        document.add_paragraph(text)
        printed.append(Printed(path.name, 0, "text", key, text))

    document.add_heading("一、核心结论", level=1)
    say(
        f"公司 2024 年毛利率为 {margin}%，我们认为提升主要来自良率而非价格。管理层表示 2025 年"
        "一季度末在手订单约 5.8 亿元，其中机器人客户占 64%。",
        "orders",
    )
    document.add_heading("二、产能与爬坡", level=1)
    say(
        "常州二期工厂当前产能利用率为 91%，柔轮产线两班运转；三期工厂预计 2026 年二季度投产，"
        "达产后谐波减速器年产能将由 34 万台增至 46 万台。",
        "capacity",
    )
    rows = [
        ("常州一期", "14", "96%", "2019 年"),
        ("常州二期", "20", "91%", "2023 年"),
        ("常州三期（在建）", "12", "—", "2026 年（预计）"),
    ]
    _table(document, ["工厂", "年产能（万台）", "产能利用率", "投产时间"], rows)
    for name, *cells in rows:
        printed.append(Printed(path.name, 0, "plants", f"plant:{name}", name, tuple(cells)))
    document.add_heading("三、风险提示", level=1)
    document.add_paragraph("机器人整机需求不及预期", style="List Bullet")
    document.add_paragraph("海外竞争对手降价", style="List Bullet")
    say("我们跟踪的三家同业中，仅公司掌握一体化柔轮热处理工艺。", "moat")
    moment = datetime(2025, 5, 14, 9, tzinfo=UTC).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = moment
    document.core_properties.author = "研究部"
    document.save(str(path))
    repack(path)
    return tuple(printed)


def _plain(document: docx.document.Document) -> None:
    style = document.styles["Normal"]
    style.font.name = "SimSun"
    style.font.size = Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")


def _table(
    document: docx.document.Document, header: list[str], rows: list[tuple[str, str, str, str]]
) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def write_call_notes(path: Path, company: Company) -> tuple[Printed, ...]:
    """Write notes of a conference call with 拓纹新材, encoded in GB18030.

    The name of who took them has a character that GBK lacks and GB18030 has.
    """
    firm = company.firm
    lines = [
        ("", f"{firm.short}（{firm.code}）2024 年度业绩说明会电话会议纪要"),
        ("", "时间：2025 年 4 月 22 日    记录人：陈㛃"),
        ("", ""),
        ("", "问：隔膜业务的产能利用率如何？"),
        (
            "utilisation",
            "答：2024 年四季度隔膜产能利用率为 78%，预计 2025 年下半年恢复到 85% 以上。",
        ),
        ("", "问：公司如何看待价格竞争？"),
        ("price", "答：湿法基膜价格全年下降约 13%，涂覆隔膜价格基本稳定，公司不会为份额牺牲毛利。"),
        ("", "问：海外布局的进展？"),
        (
            "overseas",
            "答：匈牙利涂布工厂已取得环评批复，计划 2026 年三季度投产，一期投资 1.1 亿欧元。",
        ),
    ]
    path.write_bytes("\r\n".join(text for _, text in lines).encode("gb18030"))
    return tuple(Printed(path.name, 0, "text", key, text) for key, text in lines if key)
