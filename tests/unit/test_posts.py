"""People of a company are told from the rows that name them with their posts."""

from __future__ import annotations

import pytest
from tests.chaptered import chapter, read, text, told
from tests.quotes import hit

from yanku.answer.choosing import Quote
from yanku.answer.free_parts import only_saying

PEOPLE = hit(
    30,
    "(一) 现任及报告期内离任董事、监事、高级管理人员和核心技术人员持股变动及报酬情况",
    "√适用 □不适用",
    "王甲 | 职务: 董事长 | 报告期内从公司获得的税前报酬总额（万元）: 90.10",
    "李乙 | 职务: 核心技术人员 | 报告期内从公司获得的税前报酬总额（万元）: 60.20",
    "(四) 公司董事、监事、高级管理人员和核心技术人员变动情况",
    "√适用 □不适用",
    "赵丙 | 担任的职务: 核心技术人员 | 变动情形: 离任 | 变动原因: 个人原因",
    "钱丁 | 担任的职务: 监事 | 变动情形: 选举 | 变动原因: 换届",
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("栖川重工的核心技术人员有哪些", ["李乙：职务: 核心技术人员"]),
        (
            "栖川重工核心技术人员有没有变动",
            ["赵丙：担任的职务: 核心技术人员；变动情形: 离任；变动原因: 个人原因"],
        ),
        (
            "栖川重工高管变动情况",
            [
                "赵丙：担任的职务: 核心技术人员；变动情形: 离任；变动原因: 个人原因",
                "钱丁：担任的职务: 监事；变动情形: 选举；变动原因: 换届",
            ],
        ),
    ],
)
def test_people_are_told_from_the_rows_that_name_them(question: str, said: list[str]) -> None:
    assert [quote.said for quote in told(question, PEOPLE)] == said


def test_a_form_about_other_people_says_nothing_of_those_asked_for() -> None:
    form = hit(
        31,
        "一、公司董事、监事、高级管理人员变动情况",
        "□适用 √不适用",
        "公司董事、监事和高级管理人员在报告期没有发生变动。",
    )
    assert told("栖川重工核心技术人员离职了吗", form) == ()
    assert "没有发生变动" in text("栖川重工高管有没有变动", form)


def test_the_pay_of_a_named_post_leaves_the_post_to_be_spoken_of() -> None:
    found = chapter("栖川重工董事长薪酬")
    assert found is not None
    assert found.name == "pay of officers"
    start = "栖川重工董事长薪酬".index("董事长")
    assert not any(a <= start < b for a, b in found.said)


def test_the_head_is_asked_for_by_name_and_others_are_no_answer() -> None:
    found = chapter("栖川重工董事长为什么辞职")
    assert found is not None
    assert found.name == "changes of officers"
    question = "栖川重工董事长为什么辞职"
    start = question.index("董事长")
    assert not any(a <= start < b for a, b in found.said)


BOARD = hit(
    7,
    "四、董事和高级管理人员情况",
    "1、基本情况",
    "姓名 | 职务: 职务",
    "周某甲 | 性别: 男 | 职务: 董事长兼总经理 | 任职状态: 现任 | 任期起始日期: 2023年5月6日",
    "吴某乙 | 性别: 女 | 职务: 副董事长 | 任职状态: 现任 | 任期起始日期: 2023年5月6日",
    "郑某丙 | 性别: 男 | 职务: 董事长 | 任职状态: 离任 | 任期起始日期: 2020年5月6日",
    "王某丁 | 性别: 女 | 职务: 副总经理、财务总监 | 任职状态: 现任 | 任期起始日期: 2024年1月2日",
    "冯某戊 | 性别: 女 | 职务: 董事会秘书 | 任职状态: 现任 | 任期起始日期: 2024年1月2日",
    "2、在其他单位任职情况",
    "吴某乙 | 其他单位名称: 他山科技 | 在其他单位担任的职务: 董事长",
)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("栖川重工的董事长是谁", "周某甲"),
        ("谁是栖川重工的总经理", "周某甲"),
        ("栖川重工财务总监是谁", "王某丁"),
        ("栖川重工的董秘叫什么", "冯某戊"),
    ],
)
def test_who_holds_a_post_is_told_from_the_list_of_those_who_hold_it_now(
    question: str, name: str
) -> None:
    (quote,) = told(question, BOARD)
    assert quote.said.startswith(f"{name}：职务: ")
    assert "任期起始日期" in quote.said


def test_pay_and_changes_of_a_post_are_other_questions() -> None:
    for question in ("栖川重工董事长的薪酬是多少", "栖川重工董事长换了是谁"):
        found = chapter(question)
        assert found is None or found.name != "chairman"


def test_a_sentence_that_appoints_somebody_tells_who_holds_a_post() -> None:
    found = chapter("栖川重工的财务总监是谁")
    assert found is not None
    quotes = [
        Quote((one,))
        for one in read(
            hit(
                9,
                "董事会聘任郑某为财务总监。",
                "财务总监对内控的有效性负责。",
                "原财务总监王某辞职，由郑某接任。",
            )
        )
    ]
    assert [quote.text for quote in only_saying(found, quotes)] == [
        "董事会聘任郑某为财务总监。",
        "原财务总监王某辞职，由郑某接任。",
    ]
