"""Words that say where companies are registered, and lines that do."""

from __future__ import annotations

import pytest
from tests.quotes import hit

from yanku.answer.evidence import lines_of
from yanku.answer.registered import address_on
from yanku.finance.registered import registered_in


@pytest.mark.parametrize(
    ("question", "where", "rest"),
    [
        ("在杭州注册的公司有几家", "杭州", ""),
        ("注册地位于江苏省的上市公司有哪些", "江苏", ""),
        ("2024年哪5家在深圳注册的上市公司，营收最高", "深圳", "2024年哪5家上市公司,营收最高"),
        (
            "Which companies registered in Shanghai had the highest revenue in 2024?",
            "shanghai",
            "which companies had the highest revenue in 2024?",
        ),
    ],
)
def test_a_place_is_heard_with_what_else_is_asked(question: str, where: str, rest: str) -> None:
    found = registered_in(question)
    assert found is not None
    assert (found.where, found.rest) == (where, rest)


@pytest.mark.parametrize(
    "question",
    ["东海水务在哪里注册的", "东海水务的注册资本是多少", "在证监会注册的公司债券有哪些"],
)
def test_other_words_for_registering_are_no_place(question: str) -> None:
    assert registered_in(question) is None


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("公司注册地址 | 栖川重工: 南通市崇川区工农路1号", "南通市崇川区工农路1号"),
        ("注册地址：南通市崇川区工农路1号。", "南通市崇川区工农路1号"),
        ("公司注册地址的历史变更情况 | 栖川重工: 2019年由苏州迁入", ""),
        ("注册地址的邮政编码 | 栖川重工: 226000", ""),
        ("办公地址 | 栖川重工: 上海市浦东新区", ""),
    ],
)
def test_only_the_line_of_the_address_states_it(line: str, address: str) -> None:
    assert address_on(lines_of([hit(0, line)])[0]) == address
