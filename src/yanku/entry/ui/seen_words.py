"""What the view of what was read says, in Chinese and in English."""

from __future__ import annotations

from yanku.entry.ui.laws_words import LAWS
from yanku.entry.ui.words import Language

_WORDS: dict[str, tuple[str, str]] = {
    "loading": ("正在载入……", "Loading…"),
    "page": ("页码", "Page"),
    "of": ("共 {n} 页", "of {n}"),
    "previous": ("上一页（←）", "Previous page (←)"),
    "next": ("下一页（→）", "Next page (→)"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "layers": ("图例：点选可显示或隐藏", "Legend: press to show or hide"),
    "keys": ("← → 翻页，J K 逐项查看", "← → turn pages, J K step through"),
    "picture": ("第 {n} 页的图像", "Picture of page {n}"),
    "overlay": ("机器读到的内容", "What was read here"),
    "empty_page": ("这一页没有读到内容。", "Nothing was read on this page."),
    "point": (
        "将指针移到方框上，或点选方框，查看读到的内容。",
        "Point at a box, or press it, to see what was read there.",
    ),
    "sheets": ("工作表", "Sheets"),
    "rows_of": ("第 {first}–{last} 行，共 {all} 行", "rows {first}–{last} of {all}"),
    # layers
    "heading": ("标题", "Heading"),
    "text": ("正文", "Text"),
    "item": ("列表项", "List item"),
    "note": ("脚注", "Note"),
    "header": ("页眉", "Page header"),
    "footer": ("页脚", "Page footer"),
    "furniture": ("页眉页脚", "Page header and footer"),
    "table": ("表格", "Table"),
    "cell": ("单元格", "Cell"),
    "header_cell": ("表头", "Table header"),
    "amount": ("数值", "Amount"),
    "bare": ("无单位的数值", "Amount without a unit"),
    "doubt": ("存疑", "Doubt"),
    # one thing
    "value": ("数值（基本单位）", "Amount in base units"),
    "no_unit": ("没有单位", "no unit"),
    "headers": ("表头", "Headers"),
    "formula": ("公式", "Formula"),
    "stored": ("存储值", "Stored value"),
    "place": ("位置", "Place"),
    "level": ("级别", "Level"),
    "caption": ("表题", "Caption"),
    "unit": ("单位", "Unit"),
    "size": ("大小", "Size"),
    "rows_columns": ("{rows} 行 × {columns} 列", "{rows} rows × {columns} columns"),
    "joined_over": ("跨页合并：{pages}", "Joined over pages {pages}"),
    "fact": ("识别为", "Taken as"),
    "checks": ("勾稽与核对", "Checks"),
    "disputed": (
        "对本页的另一次读取在这一行得到了不同的数字。",
        "A second reading of the page gave other figures in this row.",
    ),
    "certain": ("确定", "certain"),
    "checked": ("已核对", "checked"),
    "single_witness": ("未经核对", "not checked"),
    "doubtful": ("存疑", "doubtful"),
    # the report
    "report": ("阅读报告", "Report on reading"),
    "pages": ("页面", "Pages"),
    "text_layer": ("有文字层", "Text layer"),
    "ocr": ("扫描识别", "Scanned"),
    "native": ("原生格式", "Native"),
    "strip": (
        "页面条：高度为数值多少，红点为存疑；按 ← → 翻页",
        "Strip of pages: height shows amounts, a red dot a doubt; ← → turn",
    ),
    "page_tip": (
        "第 {n} 页：{tables} 张表，{amounts} 个数值，{doubts} 处存疑",
        "Page {n}: tables {tables}, amounts {amounts}, doubts {doubts}",
    ),
    "headings": ("标题", "Headings"),
    "paragraphs": ("段落", "Paragraphs"),
    "tables": ("表格", "Tables"),
    "tables_joined": ("其中 {n} 张跨页合并", "{n} joined over pages"),
    "amounts": ("数值", "Amounts"),
    "without_unit": ("表中 {n} 个没有单位", "{n} without a unit, in tables"),
    "facts": ("财务数据", "Facts"),
    "passed": ("通过", "passed"),
    "failed": ("不符", "failed"),
    "no_checks": ("没有可以核对的数据。", "There was nothing to check."),
    "failures": ("不符之处", "What failed"),
    "not_read": ("未能读取之处", "What could not be read"),
    "all_read": ("没有遗漏。", "Nothing was left out."),
    "inside": ("文件内含", "Files inside"),
    "took": ("用时 {n} 秒", "took {n} s"),
    "page_n": ("第 {n} 页", "page {n}"),
    "line_n": ("第 {n} 行", "line {n}"),
    "go": ("到第 {n} 页", "Go to page {n}"),
    "more": ("另有 {n} 项", "and {n} more"),
    # statements and agreement
    "balance_sheet": ("资产负债表", "Balance sheet"),
    "income": ("利润表", "Income statement"),
    "cash_flow": ("现金流量表", "Cash flow"),
    "equity": ("所有者权益变动表", "Changes in equity"),
    "key_indicators": ("主要会计数据", "Key indicators"),
    "other": ("其他", "Other"),
    "consolidated": ("合并", "consolidated"),
    "parent": ("母公司", "parent"),
    "agrees_with_text_lines": ("与文字行一致", "agrees with the lines of text"),
    "agrees_within_document": ("与本文件其他处一致", "agrees within the document"),
    "agrees_with_other_documents": ("与其他文件一致", "agrees with other documents"),
}


def seen_words(language: Language) -> dict[str, str]:
    """Return the texts of the view in one language, for what runs in the browser."""
    words = _WORDS | LAWS
    return {key: zh if language == "zh" else en for key, (zh, en) in words.items()}
