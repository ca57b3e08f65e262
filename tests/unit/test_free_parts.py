"""A question for a part of a report is answered with what stands under its heading."""

from __future__ import annotations

import pytest
from tests.chaptered import chapter, read, text, told
from tests.quotes import FIRM, asked, hit

from yanku.answer.choosing import Choice
from yanku.answer.free_parts import told_in_free
from yanku.answer.quotation import quoted
from yanku.finance.chapters import free_chapters

REPORT = (
    hit(0, "第三节 管理层讨论与分析", "一、报告期内公司所处行业情况", "重型机械行业景气度平稳。"),
    hit(
        1,
        "二、报告期内公司从事的主要业务",
        "√适用 □不适用",
        "（一）主要业务与产品",
        "公司从事重型锻压设备的研发、制造与销售，主要产品为液压机和模锻机。",
        "产品用于船舶与风电行业。",
        "（二）经营模式",
        "1、采购模式",
        "公司按订单采购钢材，并与三家钢厂签订年度协议。",
        "2、销售模式",
        "公司以直销为主，海外通过代理商销售。",
    ),
    hit(
        2,
        "三、核心竞争力分析",
        "1、技术优势",
        "公司掌握万吨级压机的设计技术。",
        "2、客户优势",
        "公司与主要船厂合作二十年。",
    ),
    hit(
        3,
        "四、主营业务分析",
        "报告期内公司实现营业收入12亿元，主营业务稳健增长。",
        "A.公司主要销售客户情况 √适用 □不适用",
        "前五名客户合计销售金额（元） | 金额: 480,000,000.00",
        "前五名客户合计销售金额占年度销售总额比例 | 金额: 40.00%",
        "公司前5大客户资料",
    ),
    hit(
        4,
        "十一、公司员工情况",
        "母公司在职员工的数量（人） | 人数: 1,200",
        "生产人员 | 人数: 800",
        "销售人员 | 人数: 90",
        "本科 | 人数: 400",
        "企业负责人 | 说明: 张某",
    ),
    hit(
        5,
        "十二、聘任、解聘会计师事务所情况",
        "境内会计师事务所名称 | 现聘任: 启明会计师事务所（特殊普通合伙）",
        "境内会计师事务所报酬（万元） | 现聘任: 120",
        "当期是否改聘会计师事务所",
        "□是 √否",
    ),
)
NOTE = (
    hit(0, "维持增持评级，海外订单放量", "事件：公司发布年报。"),
    hit(
        1,
        "➢ 投资建议：我们预计公司2026年净利润3亿元，维持“增持”评级，目标价22元。",
        "➢ 风险提示：钢价上涨；订单不及预期；汇率波动。",
    ),
    hit(2, "研究团队简介", "李某，机械行业分析师，五年经验。", "王某，机械行业助理。"),
    hit(3, "免责声明", "本报告仅供客户使用。", "风险提示", "证券市场有风险，投资者应谨慎。"),
)


def chosen(question: str) -> Choice:
    return Choice(told(question, *REPORT))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("栖川重工是做什么的", "business"),
        ("能介绍一下栖川重工的主营业务是什么吗", "business"),
        ("栖川重工的主营业务有哪些", "business"),
        ("What does Qichuan Heavy Industries do?", "business"),
        ("栖川重工2025年有哪些风险", "risks"),
        ("栖川重工的采购模式", "purchasing"),
        ("栖川重工2025年分红方案", "dividend"),
        ("栖川重工2025年审计机构是谁", "auditor"),
        ("栖川重工的实控人是谁", "controller"),
        ("栖川重工2025年募投项目进展", "raised funds"),
        ("研报对栖川重工的目标价是多少", "rating"),
    ],
)
def test_words_of_a_question_tell_the_part_it_is_for(question: str, name: str) -> None:
    found = chapter(question)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "question",
    [
        "栖川重工2025年主营业务收入为什么下降",
        "栖川重工如何应对汇率风险",
        "栖川重工2025年主营业务收入是多少",
        "栖川重工2025年汇率风险来自哪里",
        "栖川重工是否有实际控制人",
        "栖川重工2025年存货为什么增加",
    ],
)
def test_other_questions_are_for_no_part_as_a_whole(question: str) -> None:
    assert chapter(question) is None


def test_two_parts_are_asked_for_where_their_words_stand_apart() -> None:
    _, matter = asked("栖川重工2025年前五大客户和前五大供应商")
    assert [one.name for one in free_chapters(matter, [FIRM])] == ["customers", "suppliers"]
    _, matter = asked("栖川重工的控股股东和实际控制人是谁")
    assert [one.name for one in free_chapters(matter, [FIRM])] == ["holder", "controller"]
    _, matter = asked("栖川重工的会计师事务所和报酬")
    assert [one.name for one in free_chapters(matter, [FIRM])] == ["auditor"]


def test_the_business_is_what_stands_under_its_heading_and_no_sentence_that_names_it() -> None:
    said = text("栖川重工是做什么的", *REPORT)
    assert said.startswith("公司从事重型锻压设备的研发、制造与销售")
    assert "稳健增长" not in said
    assert text("栖川重工是做什么的", REPORT[0], REPORT[3]) == ""


def test_a_section_ends_where_the_next_of_its_own_kind_begins() -> None:
    assert text("栖川重工的采购模式", *REPORT) == "公司按订单采购钢材，并与三家钢厂签订年度协议。"


def test_items_are_told_by_their_titles_with_what_follows() -> None:
    quotes = told("栖川重工2025年的核心竞争力", *REPORT)
    assert [quote.passages[0].text for quote in quotes] == ["1、技术优势", "2、客户优势"]
    assert "万吨级压机" in quotes[0].text


def test_rows_are_told_where_a_table_holds_what_is_asked() -> None:
    customers = quoted(asked("栖川重工")[0], chosen("栖川重工2025年前五大客户占比"))
    assert "40.00%" in customers.text
    assert "480,000,000.00" in customers.text
    people = text("栖川重工2025年员工构成", *REPORT)
    assert "生产人员" in people
    assert "企业负责人" not in people
    auditor = quoted(asked("栖川重工")[0], chosen("栖川重工2025年会计师事务所是哪家"))
    assert "启明会计师事务所" in auditor.text


def test_who_controls_is_told_from_the_head_of_a_table() -> None:
    holders = hit(
        6,
        "四、控股股东及实际控制人情况",
        "(一) 控股股东情况",
        "名称",
        "成立日期 | 南通栖川集团有限公司: 1998-01-24",
        "主要经营业务 | 南通栖川集团有限公司: 投资",
        "(二) 实际控制人情况",
        "实际控制人姓名",
        "陈某某 | 与实际控制人关系: 本人 | 国籍: 中国",
        "主要职业及职务 | 与实际控制人关系: 董事长",
    )
    controller = quoted(asked("栖川重工")[0], Choice(told("栖川重工的实际控制人是谁", holders)))
    assert "陈某某" in controller.text
    assert "南通栖川集团" not in controller.text
    holder = quoted(asked("栖川重工")[0], Choice(told("栖川重工的控股股东是谁", holders)))
    assert "名称：南通栖川集团有限公司" in holder.text


def test_items_of_a_form_that_are_ticked_off_are_no_risks() -> None:
    risks = hit(
        7,
        "四、风险因素",
        "(一) 尚未盈利的风险",
        "□适用 √不适用",
        "(二) 业绩下滑的风险",
        "√适用 □不适用",
        "钢价上涨使毛利下降。",
        "(三) 核心竞争力风险",
        "√适用 □不适用",
    )
    said = text("栖川重工有哪些风险", risks)
    assert "尚未盈利" not in said
    assert "钢价上涨" in said


def test_what_begins_with_the_market_comes_to_the_company_or_is_not_quoted() -> None:
    market = "全球造船业处于上行周期，船厂订单饱满，行业景气度持续提升。"
    company = "公司主要从事重型锻压设备的研发与制造。"
    head = "二、报告期内公司从事的主要业务"
    asked_for = "栖川重工是做什么的"
    assert text(asked_for, hit(8, head, market, company)) == company
    assert text(asked_for, hit(8, head, market)) == ""
    late = [market] * 40
    assert (
        text(asked_for, hit(8, head, *late, "作为国内首家专注于锻压的子公司，南通厂投产。")) == ""
    )


def test_a_row_of_a_wide_table_is_called_by_the_cell_that_names_it() -> None:
    wide = hit(
        9,
        "4、研发投入",
        "1 | 项目名称: 万吨压机 | 预算: 300 | 进展情况: 样机完成 | 备注: /",
        "合计 | 项目名称: / | 预算: 300 | 进展情况: / | 备注: /",
    )
    quotes = told("栖川重工2025年在研项目有哪些", wide)
    assert [quote.said for quote in quotes] == ["万吨压机：进展情况: 样机完成"]


def test_a_heading_may_begin_its_own_paragraph() -> None:
    assert "目标价22元" in text("研报对栖川重工的目标价是多少", *NOTE)
    assert text("栖川重工有哪些风险", *NOTE).startswith("➢ 风险提示：钢价上涨")


def test_what_a_report_says_of_itself_is_no_risk_of_the_company() -> None:
    without = (NOTE[0], hit(1, "➢ 点评：订单充足。", "毛利率稳定。"), *NOTE[2:])
    assert text("栖川重工有哪些风险", *without) == ""


def test_a_report_without_the_section_gives_nothing() -> None:
    assert told("栖川重工2025年分红方案", *REPORT) == ()
    assert told("栖川重工的实控人是谁", *REPORT) == ()


BANK = (
    hit(
        10,
        "3.5 风险管理",
        "本行建立了全面风险管理体系，一是统一偏好；",
        "二是分类管理。",
        "3.5.1 信用风险",
        "信用风险是指借款人不能履约的风险。",
        "本行坚持独立审批，持续完善贷后管理。",
        "3.5.2 流动性风险",
        "流动性风险是指无法以合理成本获得资金的风险。",
        "本行建立了限额与应急机制。",
    ),
    hit(
        11,
        "4.15 利润分配及资本公积金转增股本情况",
        "1、本行法定盈余公积余额已超过股本的50%，暂不提取。",
        "2、综合考虑股东回报与资本充足率的要求以及业务可持续发展等因素，除上述法定利润分配外，拟以总股本100,000,000股为基数，每10股派发现金股利3元，占净利润的比例为",
        "27.13%。",
        "其余未分配利润结转下年。",
    ),
    hit(
        12,
        "1.3 发展战略及核心竞争力",
        "1.3.1 本行发展战略",
        "本行坚持零售做强。",
        "1.3.2 本行核心竞争力",
        "本行拥有遍布全省的网点和稳定的客户。",
        "资产托管",
        "本行积极发展托管业务，年末托管规模2万亿元。",
    ),
)


def test_a_bank_names_its_risks_by_the_parts_of_its_risk_management() -> None:
    quotes = told("栖川重工面临哪些主要风险", *BANK)
    heads = [quote.passages[0].text for quote in quotes]
    assert heads == ["3.5.1 信用风险", "3.5.2 流动性风险"]


def test_the_first_item_counts_whose_title_runs_into_its_text() -> None:
    risks = hit(
        13,
        "十、公司面临的风险和应对措施",
        "1、不可抗力的风险未来发生的任何灾害均可能影响本公司的经营。",
        "2、需求下降的风险",
        "客户可能减少外包。",
        "3、竞争加剧的风险",
        "新的对手可能进入市场。",
    )
    quotes = told("栖川重工面临哪些主要风险", risks)
    assert [quote.passages[0].text[:2] for quote in quotes] == ["1、", "2、", "3、"]


def test_how_one_kind_of_risk_is_managed_is_told_from_its_own_part() -> None:
    said = text("栖川重工如何管理流动性风险", *BANK)
    assert said == "本行建立了限额与应急机制。"


def test_an_amount_at_the_beginning_of_a_line_ends_no_section() -> None:
    said = text("栖川重工利润分配预案是什么", *BANK)
    assert said.startswith("2、综合考虑")
    assert "27.13%。" in said


def test_what_is_asked_for_alone_comes_before_a_heading_of_two_things() -> None:
    assert text("栖川重工的核心竞争力", *BANK) == "本行拥有遍布全省的网点和稳定的客户。"


def test_a_part_may_be_named_by_the_question_itself() -> None:
    assert text("栖川重工资产托管业务情况怎么样", *BANK).startswith("本行积极发展托管业务")
    assert told("栖川重工融资租赁业务情况怎么样", *BANK) == ()


POLICIES = (
    hit(20, "合并利润表", "收入", "营业收入 | 本期: 100"),
    hit(
        21,
        "24、收入",
        "公司在客户取得控制权时确认收入。",
        "具体方法：产品经客户验收后确认收入。",
        "15、固定资产",
        "(2) 折旧方法",
        "房屋 | 折旧方法: 年限平均法 | 折旧年限（年）: 20-40 | 残值率: 5%",
        heading="五、重要会计政策及会计估计",
    ),
)


def test_policies_are_told_from_the_notes_on_them() -> None:
    said = text("栖川重工收入确认的会计政策", *POLICIES)
    assert said == "具体方法：产品经客户验收后确认收入。"
    assert [q.said for q in told("栖川重工固定资产折旧年限", *POLICIES)] == [
        "房屋：折旧方法: 年限平均法；折旧年限（年）: 20-40；残值率: 5%"
    ]
    assert told("栖川重工收入确认的会计政策", POLICIES[0]) == ()


def test_occupied_funds_are_told_by_their_form() -> None:
    form = hit(
        32,
        "二、控股股东及其他关联方对上市公司的非经营性占用资金情况",
        "□适用 √不适用",
        "公司报告期不存在非经营性占用资金。",
    )
    assert "√不适用" in text("栖川重工有无关联方非经营性资金占用", form)


def test_matters_of_the_audit_are_their_titles() -> None:
    audit = hit(
        40,
        "三、关键审计事项",
        "关键审计事项是我们根据职业判断，认为最为重要的事项。",
        "(一) 收入确认",
        "1、事项描述",
        "公司收入金额重大。",
        "(二) 商誉减值",
        "四、其他信息",
    )
    quotes = told("栖川重工的关键审计事项有哪些", audit)
    assert [quote.passages[0].text for quote in quotes] == ["(一) 收入确认", "(二) 商誉减值"]


def test_a_plan_for_another_year_is_passed_over() -> None:
    plans = hit(
        50,
        "十二、公司利润分配及资本公积金转增股本情况",
        "公司2024年度利润分配方案为：每10股派发现金股利9元，已实施完毕。",
        "本年度利润分配及资本公积金转增股本情况",
        "每10股派息数（元）（含税） | 15",
    )
    found = chapter("栖川重工2025年度利润分配方案")
    assert found is not None
    quotes = told_in_free(found, read(plans), lambda p: "2024年度利润分配" not in p.text)
    assert [quote.said for quote in quotes] == ["每10股派息数（元）（含税）：15"]
