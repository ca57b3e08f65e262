"""The prompt: evidence first, short rules, one question."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.evidence import Line
from yanku.ports import Message

PROMPT = "3"
"""Version of the wording, kept in receipts."""

_RULES = {
    "zh": (
        "你是证券公司的资料助手。只根据给出的资料回答,不要使用资料以外的知识。"
        "用一到三句话直接回答;数字连同单位照抄原文,不换算;每句话末尾注明来源,如[1]。"
        "资料没有答案时,只回答:资料未提及。"
    ),
    "en": (
        "You are a research assistant at a securities firm. Answer only from the sources given, "
        "never from other knowledge. Answer directly in one to three sentences; copy numbers with "
        "their units exactly; end each sentence with its source, like [1]. If the sources "
        "do not answer the question, reply only: Not stated."
    ),
}
_SOURCES = {"zh": "资料", "en": "Sources"}
_QUESTION = {"zh": "问题", "en": "Question"}
_REFUSALS = ("资料未提及", "未提及", "没有提及", "未提供", "没有提供", "无法确定", "无法回答")
_REFUSALS_EN = ("not stated", "do not state", "does not state", "not provided", "not mentioned")


def prompt(question: str, lines: Sequence[Line], language: str) -> tuple[Message, ...]:
    """Return the messages that ask the model ``question`` over lines, numbered from 1.

    Where lines follow one another from one place, what stands above them is said once.
    """
    told: list[str] = []
    above = ""
    for number, line in enumerate(lines, start=1):
        if line.source.chunk.context != above:
            above = line.source.chunk.context
            told.append(above)
        told.append(f"[{number}] {line.text}")
    sources = "\n".join(told)
    return (
        Message("system", _RULES[language]),
        Message(
            "user",
            f"{_SOURCES[language]}:\n{sources}\n\n{_QUESTION[language]}: {question}",
        ),
    )


def is_refusal(sentence: str) -> bool:
    """Tell whether a model's sentence says that the sources do not answer."""
    lowered = sentence.lower()
    return any(refusal in lowered for refusal in (*_REFUSALS, *_REFUSALS_EN))
