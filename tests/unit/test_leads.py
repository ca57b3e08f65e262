"""A broker's views are the claims that the paragraphs of the note begin with."""

from __future__ import annotations

from tests.quotes import FIRM, asked, hit

from yanku.answer.evidence import lines_of
from yanku.answer.free_parts import told_in_free
from yanku.answer.passages import passages
from yanku.finance.chapters import free_chapters
from yanku.model.search import Hit


def claims(question: str, *hits: Hit) -> list[str]:
    (chapter,) = free_chapters(asked(question)[1], [FIRM])
    assert chapter.by_others
    return [quote.said for quote in told_in_free(chapter, passages(lines_of(hits)))]


NOTE = hit(
    0,
    "栖川重工（999801）：2025年报点评：订单饱满",
    "核心观点",
    "➢ 事件：公司发布2025年年报，收入12亿元。",
    "➢ 海外订单放量，收入逐季提速：四季度收入4亿元，同比增长30%，海外占比过半。",
    "➢ 分产品看：液压机收入8亿元。",
    "盈利能力明显修复。钢价回落使毛利率升至24%，费用率下降两个百分点。",
    "公司2025年分红率为三成，并计划在未来三年保持这一比例不变，派息时间另行公告，以董事会决议为准。",
    "➢ 风险提示：钢价上涨；订单不及预期。",
    "资料来源：公司公告",
)


def test_each_paragraph_gives_the_claim_that_it_begins_with() -> None:
    told = ["海外订单放量，收入逐季提速", "盈利能力明显修复。"]
    for question in ("券商怎么看栖川重工", "栖川重工研报的核心观点是什么", "栖川重工的投资逻辑"):
        assert claims(question, NOTE) == told


def test_a_note_without_such_a_heading_gives_them_too() -> None:
    bare = hit(
        1,
        "● 订单充足，全年可期：在手订单20亿元。",
        "● 毛利率修复：钢价回落。",
        "首次覆盖，给予买入评级：合理估值22元。",
        "免责声明",
        "● 本报告仅供参考：不构成建议。",
    )
    assert claims("机构对栖川重工的看法", bare) == [
        "订单充足，全年可期",
        "毛利率修复：钢价回落。",
        "首次覆盖，给予买入评级",
    ]


def test_what_merely_lists_figures_or_sources_is_no_claim() -> None:
    assert claims("券商怎么看栖川重工", hit(2, "E=栖川研究预测 资料来源：公司资料")) == []
