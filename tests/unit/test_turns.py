"""Later turns of a few words are made whole by what was asked before."""

from __future__ import annotations

import pytest
from tests.figured import TODAY, TOOLS, WATER

from yanku.finance.followup import continued
from yanku.finance.ontology import Ontology, load_ontology


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.mark.parametrize(
    ("before", "turn", "whole"),
    [
        ("东海水务2023年毛利率是多少", "这三年呢", "东海水务近三年毛利率是多少"),
        ("东海水务2023年营业收入", "那这几年呢？", "东海水务近三年营业收入"),
        ("东海水务2023年营业收入", "逐年列出来", "东海水务历年营业收入"),
        ("东海水务营业收入", "近五年呢", "东海水务近五年营业收入"),
        ("列出东海水务近三年营收", "平均是多少", "东海水务近三年平均营收"),
        ("东海水务近三年营收是多少", "加起来呢", "东海水务近三年营收合计是多少"),
        ("列出东海水务近三年营收", "净利润也列一下", "列出东海水务近三年营收、净利润"),
        ("东海水务2023年营收", "北岭机床也看一下", "东海水务、北岭机床2023年营收"),
        (
            "东海水务2023年经营现金流净额是多少",
            "是净利润的几倍",
            "东海水务2023年经营现金流净额是净利润的几倍",
        ),
        ("东海水务2023年海外收入占比", "国内呢", "东海水务2023年国内收入占比"),
        ("东海水务2023年污水处理业务的收入", "那供水呢？", "东海水务2023年供水业务的收入"),
        ("东海水务2023年营业收入", "换算成亿元", "东海水务2023年营业收入换算成亿元是多少"),
    ],
)
def test_a_short_turn_says_what_becomes_of_the_question_before(
    before: str, turn: str, whole: str, ontology: Ontology
) -> None:
    assert continued(before, turn, [WATER, TOOLS], ontology, TODAY) == whole


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("东海水务2023年营业收入", "谢谢呢"),
        ("东海水务2023年主要风险", "国内呢"),
        ("你好", "这三年呢"),
    ],
)
def test_what_cannot_be_said_of_the_question_before_is_not_read_into_it(
    before: str, turn: str, ontology: Ontology
) -> None:
    assert continued(before, turn, [WATER, TOOLS], ontology, TODAY) is None
