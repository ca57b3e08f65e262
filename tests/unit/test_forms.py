"""What a form says by its boxes answers whether there is any, and why not is not guessed."""

from __future__ import annotations

import pytest
from tests.quotes import FIRM, asked, choice, hit

from yanku.answer.choosing import Choice, holds_of, speaking_of
from yanku.answer.evidence import lines_of
from yanku.answer.forms import form_titles
from yanku.answer.free_parts import told_in_free
from yanku.answer.passages import passages
from yanku.answer.quotation import quoted
from yanku.finance.chapters import free_chapters
from yanku.model.search import Hit

FORM = hit(
    0,
    "第六节 重要事项",
    "一、重大诉讼、仲裁事项",
    "□本年度公司有重大诉讼、仲裁事项 √本年度公司无重大诉讼、仲裁事项",
    "二、处罚及整改情况",
    "□适用 √不适用",
    "公司报告期不存在处罚及整改情况。",
    "三、重大关联交易",
    "(一) 与日常经营相关的关联交易",
    "□适用 √不适用",
    "(二) 共同对外投资的关联交易",
    "□适用 √不适用",
    "四、重大合同及其履行情况",
    "(一) 托管情况",
    "□适用 √不适用",
    "12 / 180",
    "(二) 担保情况",
    "12 / 180",
    "√适用 □不适用",
    "报告期末担保余额合计（A） | 公司对外担保情况: 300 | 公司对外担保情况: 不包括对子公司的担保",
    "五、报告期内因环境问题受到行政处罚的情况",
    "不适用",
    "(一) 是否属于环境保护部门公布的重点排污单位",
    "√是 □否",
    "六、本公司报告期无股权激励计划、员工持股计划或其他员工激励措施的实施情况",
    "七、股份回购在报告期的具体实施情况",
    "√适用 □不适用",
    "2025年3月1日 | 拟回购金额（万元）: 5,000 | 已回购数量（股）: 120,000",
)


def answered(question: str, *hits: Hit) -> tuple[bool | None, str]:
    inquiry, matter = asked(question)
    (chapter,) = free_chapters(matter, [FIRM])
    quotes = told_in_free(chapter, passages(lines_of(hits)))
    assert quotes, question
    held = Choice(quotes, holds_of(matter, quotes))
    return held.holds, quoted(inquiry, held).text


@pytest.mark.parametrize(
    ("question", "holds", "said"),
    [
        ("栖川重工有没有重大诉讼", False, "√本年度公司无重大诉讼、仲裁事项"),
        ("栖川重工是否受到处罚", False, "公司报告期不存在处罚及整改情况"),
        ("栖川重工是否存在关联交易", False, "与日常经营相关的关联交易：□适用 √不适用"),
        ("栖川重工有没有对外担保", True, "300"),
        ("栖川重工有没有受到环保处罚", False, "因环境问题受到行政处罚的情况：不适用"),
        ("栖川重工属于重点排污单位吗", True, "重点排污单位：√是 □否"),
        ("栖川重工有没有股权激励", False, "报告期无股权激励计划"),
        ("栖川重工是否回购了股份", True, "120,000"),
    ],
)
def test_the_boxes_under_a_heading_say_yes_or_no(question: str, holds: bool, said: str) -> None:
    held, text = answered(question, FORM)
    assert held is holds
    assert text.startswith("是。" if holds else "否。")
    assert said in text


def test_one_part_of_a_form_that_applies_leaves_no_no() -> None:
    mixed = hit(
        1,
        "三、重大关联交易",
        "(一) 与日常经营相关的关联交易",
        "√适用 □不适用",
        "关联交易方 | 关联关系: 同一母公司 | 关联交易内容: 运输 | 关联交易金额: 20",
        "(二) 共同对外投资的关联交易",
        "□适用 √不适用",
    )
    held, text = answered("栖川重工是否存在关联交易", mixed)
    assert held is True
    assert "运输" in text


def test_a_word_that_denies_within_a_term_denies_nothing() -> None:
    pending = hit(2, "公司存在未决诉讼两起，涉及金额三百万元。", heading="或有事项")
    assert choice("栖川重工是否存在未决诉讼", pending).holds is True


def test_a_question_that_denies_gets_no_yes_or_no() -> None:
    paid = hit(3, "公司盈利并向全体股东每10股派发现金红利2元，完成分红。", heading="利润分配")
    assert choice("栖川重工是否盈利但未分红", paid).holds is None


def test_an_unqualified_opinion_is_no_denial() -> None:
    opinion = hit(4, "重要提示", "启明会计师事务所为本公司出具了标准无保留意见的审计报告。")
    held, text = answered("栖川重工的审计意见是标准无保留意见吗", opinion)
    assert held is True
    assert "标准无保留意见" in text


def test_what_a_question_has_beside_a_part_must_be_spoken_of() -> None:
    _, matter = asked("栖川重工的航空业务风险")
    quotes = told_in_free(
        free_chapters(asked("栖川重工有哪些风险")[1], [FIRM])[0],
        passages(
            lines_of(
                (
                    hit(
                        5,
                        "四、可能面对的风险",
                        "1、钢价上涨的风险",
                        "2、海运业务的风险",
                        "3、汇率风险",
                    ),
                )
            )
        ),
    )
    by_name = {term.said: term for term in matter.terms}
    assert len(quotes) == 3
    assert speaking_of([by_name["航空"]], quotes) == ()
    assert [q.text for q in speaking_of([by_name["业务"]], quotes)] == ["2、海运业务的风险"]
    assert speaking_of([], quotes) == quotes


def test_a_table_of_nothing_says_that_there_is_none() -> None:
    table = hit(
        6,
        "报告期内因环境问题受到行政处罚的情况",
        "不适用 | 处罚原因: 不适用 | 处罚结果: 不适用 | 整改措施: /",
    )
    held, text = answered("栖川重工有没有受到环境处罚", table)
    assert held is False
    assert "因环境问题受到行政处罚的情况：不适用" in text


@pytest.mark.parametrize("question", ["栖川重工未来是否扩产南通工厂", "栖川重工会不会扩产南通工厂"])
def test_words_that_only_ask_do_not_deny(question: str) -> None:
    plan = hit(7, "公司未来将扩产南通工厂。", heading="经营计划")
    assert choice(question, plan).holds is True


def test_the_title_of_a_form_is_told_from_what_is_said_under_it() -> None:
    form = hit(
        1,
        "4）占公司销售收入30%以上产品的销售均价变动幅度超过30%的",
        "□适用 √不适用",
        "公司的产品均价稳定。",
        "□适用 √不适用",
        "软管 | 收入: 30.0",
        "√是 □否",
    )
    every = passages(lines_of([form]))
    titles = form_titles(every)
    assert [p.text for p in every if p.order in titles] == [
        "4）占公司销售收入30%以上产品的销售均价变动幅度超过30%的"
    ]
