"""Sentences quoted from evidence: which one answers, and when none does."""

from datetime import date
from time import process_time

import pytest
from tests.quotes import EXPENSES, RISKS, asked, choice, hit, text

from yanku.answer.choosing import candidates, choose
from yanku.answer.evidence import lines_of
from yanku.answer.passages import passages
from yanku.answer.quotation import quoted
from yanku.answer.quote import scored
from yanku.flows.fitting import fits
from yanku.model.finance import Period
from yanku.model.matter import Asks, Matter, Term


def test_a_reason_is_quoted_as_printed_and_cited() -> None:
    inquiry, _ = asked("栖川重工2025年销售费用为什么增加？")
    answer = quoted(inquiry, choice(inquiry.question, EXPENSES))
    assert answer.text == "“销售费用变动原因说明：主要系展会与差旅增多所致。”[1]"
    assert answer.citations[0].file == "2025.pdf"


def test_the_reason_for_another_item_is_not_an_answer() -> None:
    assert text("栖川重工2025年财务费用为什么下降？", EXPENSES) == ""


def test_figures_alone_give_no_reason() -> None:
    assert text("栖川重工2025年研发费用增长的原因是什么？", EXPENSES) == ""


def test_a_reason_in_a_cell_of_a_table_is_found_by_its_row() -> None:
    row = hit(0, "预付款项 | 期末数: 3,100 | 变动比例: 60% | 情况说明: 主要系预付设备款增加所致")
    found = text("栖川重工2025年末预付款项为什么增加", row)
    assert "预付设备款增加" in found
    header = hit(0, "预付款项 | 期末数: 3,100 | 变动原因: 无")
    assert text("栖川重工2025年末预付款项为什么增加", header) == ""


@pytest.mark.parametrize(
    "question",
    [
        "栖川重工2025年收购巴西铜矿的原因是什么",
        "栖川重工为什么更换审计机构",
        "栖川重工2025年无人机事故的处理结果",
        "Why did 栖川重工 close its plant in Hungary in 2025?",
    ],
)
def test_what_nothing_speaks_of_is_not_answered(question: str) -> None:
    assert text(question, EXPENSES, RISKS) == ""


@pytest.mark.parametrize(
    "question", ["栖川重工2025年有哪些风险？", "栖川重工主要风险有哪些", "栖川重工的主要风险"]
)
def test_all_risks_of_a_list_are_named_in_their_order(question: str) -> None:
    chosen = choice(question, EXPENSES, RISKS)
    assert [quote.text[:2] for quote in chosen.quotes] == ["1、", "2、", "3、"]


def test_a_response_is_quoted_with_what_it_responds_to() -> None:
    found = text("栖川重工如何应对原材料价格波动风险", RISKS)
    assert "年度锁价协议" in found
    assert "主要原材料为铜" in found


def test_an_english_question_finds_a_chinese_sentence_and_says_so() -> None:
    inquiry, _ = asked("Why did 栖川重工's selling expenses rise in 2025?")
    answer = quoted(inquiry, choice(inquiry.question, EXPENSES))
    assert "展会与差旅增多" in answer.text
    assert answer.assumptions[-1] == "Quoted from the documents, which are in Chinese."


def test_a_denial_answers_no_and_a_statement_yes() -> None:
    said = hit(0, "报告期内，公司未发生重大诉讼、仲裁事项。", "公司通过了高新技术企业复审。")
    assert choice("栖川重工2025年有没有重大诉讼？", said).holds is False
    assert choice("栖川重工是否通过高新技术企业复审", said).holds is True


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("七、是否存在违反规定决策程序对外提供担保的情况：否", False),
        ("八、是否存在违反规定决策程序对外提供担保的情况 √是 □否", True),
        ("八、是否存在违反规定决策程序对外提供担保的情况 □是 √否", False),
        ("如果公司违反规定对外提供担保，将受到处罚。", None),
    ],
)
def test_a_form_with_boxes_is_read_by_its_tick(line: str, holds: bool | None) -> None:
    chosen = choice("栖川重工是否存在违反规定对外提供担保的情况？", hit(0, line))
    assert chosen.holds is holds


@pytest.mark.parametrize(
    ("question", "line", "holds"),
    [
        ("栖川重工是否有对外担保", "八、是否存在违反规定决策程序对外提供担保的情况：否", None),
        ("栖川重工是否有对外担保", "八、是否存在违反规定决策程序对外提供担保的情况：是", True),
        ("栖川重工2025年有没有诉讼？", "报告期内，公司未发生重大诉讼、仲裁事项。", None),
        ("栖川重工2025年有没有诉讼？", "报告期内，公司未发生诉讼、仲裁事项。", False),
        (
            "Were there material changes in 栖川重工's accounting policies?",
            "There were no material changes in accounting policies during the year.",
            False,
        ),
    ],
)
def test_that_there_is_nothing_of_a_narrower_kind_does_not_say_there_is_none(
    question: str, line: str, holds: bool | None
) -> None:
    assert choice(question, hit(0, line)).holds is holds


def test_an_amount_is_not_answered_by_a_sentence_without_a_number() -> None:
    said = hit(0, "公司的销售费用以展会为主，占费用的九成以上。")
    assert text("栖川重工展会业务销售费用", said) == ""
    told = hit(0, "展会业务销售费用为1,234.56万元。")
    assert "1,234.56" in text("栖川重工展会业务销售费用", said, told)


def test_of_two_years_the_later_is_quoted_where_none_is_asked() -> None:
    before = Period(date(2024, 12, 31), date(2024, 1, 1))
    old = hit(0, "销售费用变动原因说明：主要系广告投放减少所致。", year=before)
    assert "展会" in text("栖川重工销售费用变动原因", old, EXPENSES)
    assert "广告" not in text("栖川重工销售费用变动原因", old, EXPENSES)


def test_a_sentence_that_only_sends_elsewhere_is_no_answer() -> None:
    away = hit(0, "公司已在本报告中详细描述可能存在的风险，敬请查阅第三节相关内容。")
    assert text("栖川重工面临的风险是什么", away) == ""


def test_prose_in_a_cell_is_read_sentence_by_sentence() -> None:
    long = "公司在该领域积累了多年的经验。" * 4
    row = hit(0, f"项目经验 | 说明: {long}2025年，公司第三次通过美国船级社检查。")
    found = choice("栖川重工2025年是否通过美国船级社检查？", row)
    assert found.holds is True
    assert found.quotes[0].text == "2025年，公司第三次通过美国船级社检查。"


@pytest.mark.parametrize(
    ("question", "asks", "rising"),
    [
        ("栖川重工毛利率为何提高", {Asks.REASON}, True),
        ("What drove the decline in Qichuan's gross margin?", {Asks.REASON}, False),
        ("栖川重工新工厂什么时候投产？", {Asks.WHEN}, None),
        ("栖川重工是否开展套期保值", {Asks.WHETHER}, None),
        ("总结栖川重工的汇率波动风险", {Asks.SUMMARY}, None),
    ],
)
def test_a_question_tells_what_kind_of_answer_it_wants(
    question: str, asks: set[Asks], rising: bool | None
) -> None:
    _, matter = asked(question)
    assert matter.asks == asks
    assert matter.rising is rising


def test_names_and_periods_are_not_what_a_question_is_about() -> None:
    _, matter = asked("请问栖川重工2025年年报里汇率波动风险具体是怎么说的？")
    assert {term.said for term in matter.terms} == {"汇率", "风险"}


def test_a_rare_word_the_segmenter_cuts_to_pieces_stays_a_term() -> None:
    _, matter = asked("栖川重工面临的来水风险")
    assert "来水" in {term.said for term in matter.terms}


def test_the_kind_of_thing_asked_for_need_not_stand_beside_the_answer() -> None:
    said = hit(0, "常熟仓库由设备部负责管理。")
    assert "设备部" in text("栖川重工的常熟仓库由哪个部门负责？", said)
    assert text("栖川重工的武汉仓库由哪个部门负责？", said) == ""


BUSINESS = hit(
    5,
    "公司主要生产船用曲轴和大型铸件，产品销往造船企业。",
    "公司注册地址位于滨海路8号。",
    heading="一、主要业务",
)


def test_what_a_company_does_is_its_business_though_the_question_names_nothing_else() -> None:
    assert "船用曲轴" in text("栖川重工是做什么的", BUSINESS)
    assert "船用曲轴" not in text("栖川重工的研发投向是什么", BUSINESS)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("栖川重工销售费用怎么增加这么多", "销售费用同比增加，主要系展会增多所致。"),
        ("栖川重工为何收购岭南铸件", "公司收购岭南铸件，旨在提高铸件自给率。"),
        ("Why did gross margin narrow at 栖川重工?", "Gross margin narrowed owing to a recall."),
        ("栖川重工毛利率为什么收窄", "毛利率收窄，由于钢价上涨。"),
        ("栖川重工的审计机构是哪家", "公司聘请的会计师事务所为信衡会计师事务所。"),
        ("栖川重工的行政费用为什么上升", "Administrative expenses rose because of the new office."),
        (
            "When will 栖川重工 enter Canada?",
            "The Group will enter the Canadian market in the first half of 2026.",
        ),
    ],
)
def test_other_words_for_the_same_find_the_sentence(question: str, line: str) -> None:
    other = "公司董事会由九名董事组成，其中独立董事三名。"
    assert text(question, hit(0, other, line)) == line


def test_a_margin_that_widened_does_not_tell_why_it_narrowed() -> None:
    line = "Gross margin widened owing to lower steel prices."
    assert text("Why did gross margin narrow at 栖川重工?", hit(0, line)) == ""


def test_of_a_project_is_no_question_for_a_purpose() -> None:
    said = hit(0, "栖川项目的总投资为3.6亿元。")
    assert "3.6亿元" in text("栖川重工栖川项目的总投资是多少？", said)


PLANS = hit(
    5,
    "公司2024年度利润分配方案为向全体股东每10股派发现金红利2.00元，已于2025年6月实施完毕。",
    "公司2025年度利润分配预案为：以总股本1,000万股为基数，向全体股东每10股派发现金红利3.00元（含税）。",
    "本次利润分配预案尚需提交公司2025年年度股东会审议。",
    "公司2025年度利润分配预案符合公司章程的规定。",
)


@pytest.mark.parametrize("question", ["栖川重工2025年利润分配预案", "栖川重工2025年分红方案是什么"])
def test_a_plan_to_distribute_is_what_it_gives_and_of_the_year_asked_for(question: str) -> None:
    inquiry, matter = asked(question)
    every = passages(lines_of([PLANS]))
    sure = candidates(scored(matter, every, lambda passage: fits(passage, inquiry)))
    chosen = choose(matter, sure, [0.0] * len(sure), every)
    assert [quote.passages[0].text for quote in chosen.quotes] == [PLANS.chunk.text.split("\n")[1]]


def test_a_row_of_the_year_so_far_says_nothing_of_the_quarter_alone() -> None:
    so_far = Period(date(2025, 9, 30), date(2025, 1, 1))
    rows = hit(
        0,
        "净利润 | 本期发生额: 141,537,618.64 | 上期发生额: 201,528,646.46",
        "净利润 | 本报告期: 41,537,618.64 | 年初至报告期末: 141,537,618.64",
        year=so_far,
    )
    inquiry, _ = asked("栖川重工2025年第三季度净利润")
    assert [fits(p, inquiry) for p in passages(lines_of([rows]))] == [False, True]
    whole, _ = asked("栖川重工2025年前三季度净利润")
    assert all(fits(p, whole) for p in passages(lines_of([rows])))


@pytest.mark.parametrize(
    "line",
    [
        "投资收益变动原因说明：主要系联营企业销售费用增加所致。",
        "应付职工薪酬 | 期末数: 300 | 情况说明: 主要系销售费用增加，计提奖金所致",
        "若新品推广不及预期，可能导致销售费用进一步增加。",
        "销售费用其他说明：无",
    ],
)
def test_the_reason_of_another_item_and_what_might_be_are_no_reason(line: str) -> None:
    assert text("栖川重工2025年销售费用为什么增加？", hit(0, line)) == ""


def test_a_heading_is_no_yes() -> None:
    heading = hit(
        0,
        "十、上市公司及其董事、监事、高级管理人员、控股股东涉嫌重大诉讼、仲裁及处罚的有关情况说明",
    )
    assert choice("栖川重工2025年有没有重大诉讼", heading).quotes == ()
    ticked = hit(1, "九、重大诉讼、仲裁事项", "□本年度公司有重大诉讼事项 √本年度公司无重大诉讼事项")
    assert choice("栖川重工2025年有没有重大诉讼", ticked).holds is False


def test_a_question_of_many_names_is_held_against_many_passages_in_little_time() -> None:
    # A pattern made anew for each name and passage took half a minute, and all waited with it.
    names = frozenset(f"operating item number {n} of many" for n in range(900))
    matter = Matter(tuple(Term(str(n), names) for n in range(3)), question="x")
    many = passages(lines_of([hit(n, f"The committee met {n} times in 2025.") for n in range(60)]))
    started = process_time()
    scored(matter, many, lambda _: True)
    assert process_time() - started < 4


def test_the_reason_of_a_longer_item_explains_no_shorter_one() -> None:
    changes = hit(
        90,
        "营业收入变动原因说明：主要系订单减少所致。",
        "营业外收入变动原因说明：主要系保险理赔减少所致。",
    )
    assert text("栖川重工2025年收入为什么下降", changes) == changes.chunk.text.split("\n")[0]


def test_a_form_that_is_ticked_off_explains_nothing() -> None:
    form = hit(91, "应收账款核销说明：", "□适用 √不适用", "应收账款其他说明：", "无")
    assert text("栖川重工应收账款大的原因", form) == ""


def test_a_quarter_is_named_in_several_ways() -> None:
    note = hit(92, "公司1Q25业绩好于预期，主要由于海外订单放量。")
    assert text("栖川重工一季度业绩超预期的原因", note) == note.chunk.text
    assert text("栖川重工三季度业绩超预期的原因", note) == ""


def test_the_reason_in_a_cell_is_printed_be_there_figures_in_it() -> None:
    row = hit(
        93,
        "销售费用 | 2025年: 120,000.00 | 2024年: 80,000.00 | 重大变动说明: "
        "销售费用较上期增加50.00%，主要是业务规模扩大，职工薪酬增加所致。",
    )
    inquiry, _ = asked("栖川重工2025年销售费用增长的原因")
    told = quoted(inquiry, choice(inquiry.question, row)).text
    assert "主要是业务规模扩大" in told
    assert "120,000.00" not in told


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "Is any customer over 10% of Qichuan's sales?",
            "Sales offices serve thousands of customers in all regions where Qichuan has sales.",
        ),
        (
            "Does Qichuan have a customer that accounts for 10% or more of sales?",
            "Two countries were the only ones that accounted for more than 10% of sales.",
        ),
        (
            "Was there any change in the number of Qichuan's plants in 2025?",
            "Sales of plants that ran for at least 14 full months changed.",
        ),
        (
            "Does Qichuan have a customer that accounts for 10% or more of sales?",
            "One customer represented 10% or more of trade receivables.",
        ),
    ],
)
def test_a_whether_of_a_share_or_a_number_is_settled_by_no_sentence_without_it(
    question: str, line: str
) -> None:
    assert choice(question, hit(0, line)).holds is None


def test_a_whether_of_a_share_is_settled_by_the_sentence_that_says_it() -> None:
    line = "No single customer accounted for more than 10% of Qichuan's sales in 2025."
    assert choice("Is any customer over 10% of Qichuan's sales?", hit(0, line)).holds is False
