"""What is quoted where a heading, a list or a table says what the lines are."""

from dataclasses import replace

from tests.quotes import FIRM, RISKS, asked, choice, hit, text

from yanku.answer.cues import is_of_instruments
from yanku.answer.evidence import lines_of
from yanku.answer.passages import passages
from yanku.answer.quotation import quoted
from yanku.flows.fitting import fits
from yanku.model.finance import Profile


def test_what_a_report_says_of_itself_answers_nothing() -> None:
    scale = hit(
        7,
        "投资评级标准为报告发布日后6个月内公司股价相对市场指数的涨跌幅。",
        heading="免责声明",
    )
    list_ = hit(1, "《主营业务稳健增长，高费用投入影响短期利润—信息更新报告》-2025.8.30")
    assert text("栖川重工的投资评级是什么", scale) == ""
    assert text("栖川重工的主营业务是什么", list_) == ""


def test_the_risks_of_a_company_are_not_those_of_its_financial_instruments() -> None:
    notes = hit(
        8,
        "本公司从事风险管理的目标是在风险和收益之间取得平衡，本公司面临的主要风险受到持续监控。",
        heading="十、与金融工具相关的风险",
    )
    assert "原材料价格波动风险" in text("栖川重工2025年主要风险有哪些", notes, RISKS)
    assert text("栖川重工2025年主要风险有哪些", notes) == ""
    assert not is_of_instruments("栖川重工2025年信用风险来自哪里", "与金融工具相关的风险")


def test_figures_of_a_quoted_row_keep_the_unit_printed_over_their_table() -> None:
    row = hit(
        0,
        "动力系统 | 营业收入: 316,506,369 | 毛利率: 23.84%",
        heading="营业收入构成 单位：千元",
    )
    inquiry, _ = asked("栖川重工2025年动力系统情况")
    answer = quoted(inquiry, choice(inquiry.question, row))
    assert "316,506,369" in answer.text
    assert "（单位：千元）" in answer.text


def test_the_titles_under_a_heading_of_what_is_asked_are_listed_with_what_follows() -> None:
    doc = [
        hit(
            3,
            "3、可能面对的风险及应对措施",
            "（1）研发失败风险及应对措施",
            "新药研发周期长，结果存在不确定性。公司将加强立项评估。",
            heading="十一、公司未来发展的展望",
        ),
        hit(
            4,
            "（2）人才流失风险及应对措施",
            "行业竞争可能使核心人员离开。公司已实施股权激励。",
            "公司将持续完善薪酬体系。",
            heading="十一、公司未来发展的展望 > 3、可能面对的风险及应对措施",
        ),
        hit(5, "接待时间 | 2025年4月", heading="十二、报告期内接待调研"),
    ]
    found = [quote.text for quote in choice("栖川重工2025年主要风险有哪些", *doc).quotes]
    assert found == [
        "（1）研发失败风险及应对措施新药研发周期长，结果存在不确定性。",
        "（2）人才流失风险及应对措施行业竞争可能使核心人员离开。",
    ]


def test_a_report_of_no_period_speaks_of_the_years_that_it_names() -> None:
    comment = replace(
        hit(
            0,
            "公司给出2025年收入增速指引为10%至15%。",
            "公司预计2026年收入增长20%。",
            "公司维持收入增速指引。",
        ),
        profile=Profile(company=FIRM),
    )
    inquiry, _ = asked("栖川重工2026年收入指引")
    assert [fits(p, inquiry) for p in passages(lines_of([comment]))] == [False, True, True]


def test_figures_do_not_say_what_a_business_is() -> None:
    row = hit(0, "主营业务 | 本期发生额: 244,307,980.42 | 上期发生额: 218,143,514.61")
    said = hit(1, "公司主营业务为重型机械的研发、生产和销售。")
    assert text("栖川重工的主营业务是什么", row, said).startswith("公司主营业务为")
    assert text("栖川重工的主营业务是什么", row) == ""


def test_a_title_that_is_quoted_with_its_text_has_a_colon_between() -> None:
    doc = hit(
        3, "（1）研发失败风险", "结果存在不确定性。", "（2）人才流失风险", "核心人员可能离开。",
        heading="十一、展望 > 3、可能面对的风险",
    )  # fmt: skip
    head = hit(2, "3、可能面对的风险", heading="十一、展望")
    inquiry, _ = asked("栖川重工2025年主要风险有哪些")
    answer = quoted(inquiry, choice(inquiry.question, head, doc))
    assert "“（1）研发失败风险：结果存在不确定性。”" in answer.text


def test_warnings_of_the_exchange_and_the_managing_of_risks_are_no_risks() -> None:
    warning = hit(
        6,
        "（一）导致退市风险警示的原因",
        "□适用 √不适用",
        "（二）公司拟采取的应对措施",
        "□适用 √不适用",
        heading="九、面临退市风险的情况",
    )
    managing = hit(
        7,
        "一是确保风险偏好的全面引领。",
        "二是完善风险管理架构。",
        heading="十、全面风险管理",
    )
    assert text("栖川重工2025年主要风险有哪些", warning, managing) == ""
    assert "原材料价格波动风险" in text("栖川重工2025年主要风险有哪些", warning, managing, RISKS)


def test_the_label_of_a_box_to_tick_answers_nothing() -> None:
    label = hit(2, "第三季度财务报表是否经审计", heading="审计报告")
    assert text("栖川重工的审计机构是谁", label) == ""
