"""Pages as reports set them: columns, side boxes, headings, lists, notes, tables of contents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, grid, paper, say

from yanku.model.document import Block, Heading, Paragraph, Role, Table
from yanku.model.place import OnPage
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Content, Limits

VIEW = (
    "公司发布三季报，前三季度实现营业收入三十六亿七千八百万元，同比增长百分之八，归母净利润同比增长"
    "百分之十二，业绩略超我们此前的预期，主要原因是海外订单集中交付以及费用率继续下行。"
    "我们认为公司在手订单充足，产能爬坡顺利，未来两年收入有望保持两位数增长，盈利能力稳步回升。"
    "上游原材料价格回落带动毛利率修复，新产品进入放量阶段，第二增长曲线逐步清晰，现金流明显改善。"
)
ENGLISH = (
    "Net revenues increased by nine percent compared with the prior year, driven by higher volumes "
    "in the cloud segment and a favorable mix of products, partially offset by lower prices. "
    "Operating expenses grew more slowly than revenues because of cost discipline. "
    "We expect demand to remain healthy through the coming fiscal year in all of our markets."
)


TARGETS = [("项目", "2024E"), ("收入", "4,120"), ("净利润", "498")]


def _read(path: Path) -> Content:
    return read_pdf(path, path.name, Limits(), lambda *_: None)


def _said(blocks: Sequence[Block]) -> list[str]:
    return [b.text for b in blocks if not isinstance(b, Table)]


def _tables(content: Content) -> list[Table]:
    return [b for b in content.blocks if isinstance(b, Table)]


def _set(
    canvas: Canvas, x: float, y: float, text: str, width: float, size: float = 10,
    lead: float = 1.5, bold: bool = False,
) -> float:  # fmt: skip
    """Set a text in lines of a width; the y below it is returned."""
    canvas._code.append(f"{2 if bold else 0} Tr")  # an outline round each letter
    if text.isascii():
        lines = simpleSplit(text, "Helvetica", size, width)
    else:
        fit = int(width // size)
        lines = [text[i : i + fit] for i in range(0, len(text), fit)]
    for line in lines:
        say(canvas, x, y, line, size)
        y += size * lead
    return y


def _row(table: Table, label: str) -> list[str]:
    row = next(c.row for c in table.cells if c.text == label)
    return [c.text for c in sorted(table.cells, key=lambda c: c.column) if c.row == row]


def test_a_side_box_is_read_beside_the_text_not_through_it(tmp_path: Path) -> None:
    facts = [
        ("收盘价（元）", "23.45"), ("总市值（亿元）", "186.20"), ("总股本（亿股）", "7.94"),
        ("市盈率", "18.60"), ("市净率", "2.10"), ("资产负债率", "43.20%"), ("每股净资产", "11.17"),
    ]  # fmt: skip

    def page(canvas: Canvas) -> None:
        say(canvas, 60, 90, "海岳股份：订单充足，盈利修复", 16)
        y = _set(canvas, 60, 130, VIEW, 340)
        y = _set(canvas, 60, y + 10, "风险提示：" + VIEW[:120], 340)
        for i, (label, value) in enumerate(facts):
            say(canvas, 430, 127 + 13 * i, label, 8)
            say(canvas, 540, 127 + 13 * i, value, 8, right=True)
        say(canvas, 60, y + 20, "盈利预测", 12)
        rows = [
            ("百万元", "2023A", "2024E", "2025E"),
            ("营业收入", "3,678", "4,120", "4,739"),
            ("归母净利润", "412", "498", "590"),
            ("每股收益（元）", "0.52", "0.63", "0.74"),
        ]
        grid(canvas, y + 30, (60, 220, 330, 440, 540), rows, lines="level")

    content = _read(paper(tmp_path / "a.pdf", page))
    text = "".join(_said(content.blocks))
    assert VIEW in text
    assert "风险提示：" + VIEW[:120] in text
    (forecast,) = [t for t in _tables(content) if any(c.text == "归母净利润" for c in t.cells)]
    assert _row(forecast, "归母净利润") == ["归母净利润", "412", "498", "590"]
    box = next(t for t in _tables(content) if any(c.text == "市净率" for c in t.cells))
    assert _row(box, "总市值（亿元）") == ["总市值（亿元）", "186.20"]


def test_text_beside_a_ruled_table_is_read_whole(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        _set(canvas, 60, 100, VIEW * 2, 260)
        grid(canvas, 130, (350, 450, 540), TARGETS)

    content = _read(paper(tmp_path / "a.pdf", page))
    assert VIEW * 2 in "".join(_said(content.blocks))
    assert len(_tables(content)) == 1


def test_three_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    parts = [f"{name} column. {ENGLISH}" for name in ("First", "Second", "Third")]

    def page(canvas: Canvas) -> None:
        say(canvas, 60, 70, "A letter to the shareholders of the company and to their friends", 15)
        for i, part in enumerate(parts):
            _set(canvas, 50 + 175 * i, 110, part, 150, 9)

    text = " ".join(_said(_read(paper(tmp_path / "a.pdf", page)).blocks))
    for part in parts:
        assert part in text
    assert [text.index(p) for p in parts] == sorted(text.index(p) for p in parts)


def test_tables_side_by_side_keep_their_own_labels(tmp_path: Path) -> None:
    years = ("2023A", "2024E", "2025E")
    left = [("货币资金", "100", "120", "140"), ("应收账款", "200", "210", "230"),
            ("存货", "300", "330", "350"), ("固定资产", "400", "420", "440"),
            ("资产总计", "1,000", "1,080", "1,160")]  # fmt: skip
    right = [("营业收入", "910", "920", "930"), ("营业成本", "610", "620", "630"),
             ("销售费用", "31", "32", "33"), ("营业利润", "141", "142", "143"),
             ("净利润", "121", "122", "123")]  # fmt: skip

    def page(canvas: Canvas) -> None:
        grid(canvas, 100, (40, 120, 170, 220, 280), [("资产负债表", *years), *left], lines="none")
        grid(canvas, 100, (310, 390, 440, 490, 550), [("利润表", *years), *right], lines="none")

    tables = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert len(tables) == 2
    assert [_row(tables[0], r[0]) for r in left] == [list(r) for r in left]
    assert [_row(tables[1], r[0]) for r in right] == [list(r) for r in right]


def test_a_table_of_long_labels_is_not_taken_for_columns_of_text(tmp_path: Path) -> None:
    rows = [
        (f"Proceeds from the issuance of long-term notes of series {c}", f"{i},120", f"{i},873")
        for i, c in enumerate("ABCDEFGH", 1)
    ]

    def page(canvas: Canvas) -> None:
        grid(canvas, 100, (60, 380, 460, 540), [("", "2024", "2023"), *rows], lines="none")

    (table,) = _tables(_read(paper(tmp_path / "a.pdf", page)))
    assert all(_row(table, r[0]) == list(r) for r in rows)


def test_a_sentence_cut_by_the_page_is_whole_and_stands_where_its_figures_are(
    tmp_path: Path,
) -> None:
    first = "本集团二〇二四年经营稳健，各项业务保持增长。" * 3 + "截至报告期末，贷款和垫款总额"
    second = "为65,088.65亿元，较上年末增长7.56%。负债总额为99,427.54亿元，较上年末增长8.25%。"

    def one(canvas: Canvas) -> None:
        say(canvas, 200, 40, "某银行股份有限公司年度报告", 9)
        say(canvas, 60, 600, "一、经营情况", 12)
        # The last line fills its measure.
        width = 400
        fit = width // 10
        text = first[: len(first) - len(first) % fit] if len(first) % fit else first
        assert text
        _set(canvas, 60, 640, first[len(first) % fit :], width)
        say(canvas, 290, 815, "11", 9)

    def two(canvas: Canvas) -> None:
        say(canvas, 200, 40, "某银行股份有限公司年度报告", 9)
        _set(canvas, 60, 90, second, 400)
        say(canvas, 290, 815, "12", 9)

    content = _read(paper(tmp_path / "a.pdf", one, two))
    whole = next(b for b in content.blocks if isinstance(b, Paragraph) and "65,088.65" in b.text)
    assert "截至报告期末，贷款和垫款总额为65,088.65亿元，较上年末增长7.56%。" in whole.text
    assert isinstance(whole.place, OnPage)
    assert whole.place.page == 2
    assert [p.page for p in whole.also if isinstance(p, OnPage)] == [1]
    assert [p.label for p in content.pages] == ["11", "12"]


def test_headings_of_every_numbering_nest(tmp_path: Path) -> None:
    titles = [
        *("第三节 管理层讨论与分析", "一、经营情况", "（一）主要业务"),
        *("1. 研发投入", "1.1 资本化", "(1) 构成", "① 人员"),
    ]

    def page(canvas: Canvas) -> None:
        for i, title in enumerate(titles):
            say(canvas, 60, 80 + 60 * i, title, 12)
            _set(canvas, 60, 100 + 60 * i, VIEW[:60], 460)

    found = [b for b in _read(paper(tmp_path / "a.pdf", page)).blocks if isinstance(b, Heading)]
    assert [h.text.replace(" ", "") for h in found] == [t.replace(" ", "") for t in titles]
    assert [h.level for h in found] == sorted({h.level for h in found})


def test_an_english_report_has_its_parts_items_and_bold_titles(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = 80.0
        for title in ("PART I", "Item 1. Business", "Overview", "Revenue recognition"):
            canvas.setFont("Helvetica-Bold", 13 if title == "PART I" else 10)
            canvas.drawString(60, HEIGHT - y, title)
            y = _set(canvas, 60, y + 22, ENGLISH, 460) + 14

    found = [b for b in _read(paper(tmp_path / "a.pdf", page)).blocks if isinstance(b, Heading)]
    assert [(h.text, h.level) for h in found] == [
        ("PART I", 1), ("Item 1. Business", 2), ("Overview", 4), ("Revenue recognition", 4),
    ]  # fmt: skip


def test_items_and_notes_are_told_from_running_text(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = _set(canvas, 60, 100, ENGLISH, 460)
        say(canvas, 60, y + 10, "• Growth of subscriptions in every region that we serve", 10)
        say(canvas, 60, y + 26, "• Lower cost of components", 10)
        say(canvas, 60, 760, "1 Excludes discontinued operations of the European segment.", 7)
        say(canvas, 60, 772, "* Restated.", 7)

    blocks = _read(paper(tmp_path / "a.pdf", page)).blocks
    roles = [b.role for b in blocks if isinstance(b, Paragraph)]
    assert roles == [Role.TEXT, Role.ITEM, Role.ITEM, Role.NOTE, Role.NOTE]


def test_a_remark_beneath_a_table_is_a_note(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = grid(canvas, 100, (60, 260, 400), [("项目", "2024年"), ("收入", "1.00")])
        say(canvas, 60, y + 14, "注：收入已按新准则重述。", 8)
        say(canvas, 60, y + 28, "资料来源：公司公告", 8)
        _set(canvas, 60, y + 60, VIEW, 460)

    blocks = _read(paper(tmp_path / "a.pdf", page)).blocks
    roles = [(b.text[:4], b.role) for b in blocks if isinstance(b, Paragraph)]
    assert roles[:2] == [("注：收入", Role.NOTE), ("资料来源", Role.NOTE)]
    assert roles[2][1] is Role.TEXT


def test_a_table_of_contents_gives_neither_headings_nor_tables(tmp_path: Path) -> None:
    titles = ["第一节 释义", "第二节 公司简介", "第三节 管理层讨论与分析", "第四节 公司治理"]

    def dotted(canvas: Canvas) -> None:
        say(canvas, 270, 80, "目 录", 16)
        for i, title in enumerate(titles):
            say(canvas, 60, 120 + 24 * i, f"{title}{'.' * 60}{4 + 7 * i}", 10)

    def plain(canvas: Canvas) -> None:
        say(canvas, 60, 80, "Table of Contents", 14)
        for i, title in enumerate(("Business", "Risk Factors", "Properties", "Legal Proceedings")):
            say(canvas, 60, 120 + 24 * i, f"Item {i + 1}.  {title}", 10)
            say(canvas, 500, 120 + 24 * i, str(3 + 9 * i), 10, right=True)

    content = _read(paper(tmp_path / "a.pdf", dotted, plain))
    assert not _tables(content)
    assert [b.text for b in content.blocks if isinstance(b, Heading)] == [
        "目录",
        "Table of Contents",
    ]
    items = [b.text for b in content.blocks if isinstance(b, Paragraph) and b.role is Role.ITEM]
    assert items[2] == "第三节 管理层讨论与分析 … 18"
    assert items[-1].endswith("Legal Proceedings 30")


def test_words_and_numbers_broken_by_a_line_are_whole(tmp_path: Path) -> None:
    lines = [
        "The company's management believes that the total of its long-",
        "term obligations, which amounted to RMB 1,234,567,",
        "890.12 at the end of the reporting period, is manage-",
        "able in view of its cash flows.",
    ]

    def page(canvas: Canvas) -> None:
        _set(canvas, 60, 60, ENGLISH, 280)
        for i, line in enumerate(lines):
            say(canvas, 60, 160 + 14 * i, line, 10)

    text = _said(_read(paper(tmp_path / "a.pdf", page)).blocks)[-1]
    assert text == (
        "The company's management believes that the total of its long-term obligations, which "
        "amounted to RMB 1,234,567,890.12 at the end of the reporting period, is manageable in "
        "view of its cash flows."
    )


def test_a_number_in_brackets_at_the_start_of_a_line_goes_on_with_a_cut_sentence(
    tmp_path: Path,
) -> None:
    lead = "计量方法参见本报告第十节财务报告之附注五、"
    text = VIEW[: 90 - len(lead)] + lead + "（十一）金融工具的规定和有关的会计政策。"
    width = 300.0  # three lines of thirty letters

    def page(canvas: Canvas) -> None:
        y = _set(canvas, 60, 100, text, width)
        _set(canvas, 60, y + 12, "（十二）存货", width)

    assert _said(_read(paper(tmp_path / "a.pdf", page)).blocks) == [text, "（十二）存货"]


def test_the_longest_line_of_a_column_may_be_a_title(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for n, title in enumerate(("（1） 非货币性资产交换", "（2） 资产置换", "（3） 年金")):
            say(canvas, 60, 100 + 50 * n, title, 10)
            say(canvas, 60, 124 + 50 * n, "无", 10)

    blocks = _read(paper(tmp_path / "a.pdf", page)).blocks
    assert [b.text for b in blocks if isinstance(b, Heading)] == [
        "（1） 非货币性资产交换", "（2） 资产置换", "（3） 年金",
    ]  # fmt: skip


def test_a_bold_paragraph_of_wide_spacing_does_not_lose_its_first_line_to_a_title(
    tmp_path: Path,
) -> None:
    promise = (
        "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏，"
        "并对其内容的真实性承担法律责任。"
    )

    def page(canvas: Canvas) -> None:
        y = 100.0
        for part in range(3):
            said = promise if part == 1 else VIEW
            y = _set(canvas, 60, y, said, 350, lead=2.2, bold=part == 1)

    assert _said(_read(paper(tmp_path / "a.pdf", page)).blocks) == [VIEW, promise, VIEW]


def test_lines_set_far_apart_are_one_paragraph(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        _set(canvas, 80, 100, VIEW[:44], 440, lead=2.6)
        y = _set(canvas, 60, 126, VIEW[44:], 460, lead=2.6)
        _set(canvas, 80, y, "另起一段。", 440)

    assert _said(_read(paper(tmp_path / "a.pdf", page)).blocks) == [VIEW, "另起一段。"]


def test_an_english_page_of_two_columns_reads_through_its_notes(tmp_path: Path) -> None:
    """The sentence that the left column cuts goes on in the right one, not in the footnote."""
    lines = simpleSplit(" ".join([ENGLISH] * 4), "Helvetica", 9, 220)
    half = len(lines) // 2 + 2

    def page(canvas: Canvas) -> None:
        say(canvas, 60, 60, "Management's discussion and analysis", 15)
        for i, line in enumerate(lines):
            say(canvas, 60 + 250 * (i >= half), 100 + 12 * (i % half), line, 9)
        say(canvas, 60, 110 + 12 * half, "1 Non-GAAP measures are reconciled on page 87.", 7)

    blocks = _read(paper(tmp_path / "a.pdf", page)).blocks
    texts = [b.text for b in blocks if isinstance(b, Paragraph) and b.role is Role.TEXT]
    assert " ".join(texts) == " ".join([ENGLISH] * 4)
    assert [b.role for b in blocks if isinstance(b, Paragraph)].count(Role.NOTE) == 1


def test_a_wide_table_on_a_landscape_page_is_not_parted(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    canvas = Canvas(str(path), pagesize=(842, 595))
    canvas.setFont("Helvetica", 8)
    header = ["Segment", *[f"Q{q} {y}" for y in (2022, 2023, 2024) for q in (1, 2, 3, 4)]]
    rows = [[f"Segment number {i}", *[f"{i},{100 + k}" for k in range(12)]] for i in range(1, 12)]
    for i, row in enumerate([header, *rows]):
        for k, text in enumerate(row):
            y = 500 - 16 * i
            if k:
                canvas.drawRightString(120 + 57 * k, y, text)
            else:
                canvas.drawString(40, y, text)
    canvas.save()
    (table,) = _tables(_read(path))
    assert [_row(table, row[0]) for row in rows] == rows
