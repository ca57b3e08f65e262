"""Says no in a helpful sentence: why, and what to ask instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanku.answer.wording import period_worded, worded
from yanku.model.answer import Citation, Declined, Reason
from yanku.model.finance import Period
from yanku.model.inquiry import Beyond, Cause, Inquiry, Missing, Operand

_MESSAGES = {
    "zh": {
        Reason.NOT_FOUND: "在您可查阅的资料中没有找到答案。",
        Reason.NOT_DISCLOSED: "已有相关资料，但其中没有披露这一数据。",
        Reason.AMBIGUOUS: "问题有多种理解，请写明公司、期间和指标。",
        Reason.CONTRADICTORY: "资料中这一数据相互矛盾，无法判断以哪个为准，因此不作回答。",
        Reason.DOUBTFUL: "资料中有这一数据，但未通过核对，因此不作回答，请查看原文。",
        Reason.INCOMPARABLE: "这些数据的币种或单位不同，不能直接比较或相加。",
        Reason.SENSELESS: "数据已有，但按这些数值计算没有意义（基数为零、为负或期间不合）。",
        Reason.UNSUPPORTED: "找到了相关资料，但没有一句回答能在资料中得到印证，因此不作回答。",
        Reason.OFF_TOPIC: "这不是资料能够回答的问题。",
    },
    "en": {
        Reason.NOT_FOUND: "The documents you may read do not say.",
        Reason.NOT_DISCLOSED: "The documents of that company and period do not give this figure.",
        Reason.AMBIGUOUS: (
            "The question can be read in several ways; name company, period and metric."
        ),
        Reason.CONTRADICTORY: (
            "The documents contradict one another on this figure, and nothing says which is right."
        ),
        Reason.DOUBTFUL: (
            "The documents give this figure, but it failed the checks; see the source."
        ),
        Reason.INCOMPARABLE: (
            "These figures are in different currencies or units and are not put together."
        ),
        Reason.SENSELESS: (
            "The figures are there, but the calculation has no meaning for them "
            "(a base of zero or below, or periods that do not fit)."
        ),
        Reason.UNSUPPORTED: (
            "Related evidence was found, but no sentence of the answer could be confirmed by it."
        ),
        Reason.OFF_TOPIC: "This is not a question that documents can answer.",
    },
}
_AS_KNOWN = {"zh": "（{}。）", "en": " ({}.)"}
_LACKING = {"zh": "缺少：{}。", "en": " Lacking: {}."}
_THERE = {"zh": "已有：{}", "en": " What there is: {}"}
_UNKNOWN = {
    "zh": "资料中没有“{}”这家公司。",
    "en": " No document you may read is about {}.",
}
_LIKELY = {"zh": "是否指：{}？", "en": " Did you mean {}?"}
_PERIODS = {"zh": "资料中有该数据的期间：{}。", "en": " Periods with this figure: {}."}
_REPORTS = {"zh": "资料中有该公司数据的期间：{}。", "en": " Periods known of this company: {}."}
_WHICH = {"zh": "“{said}”可指：{options}。请写明是哪一个。",
          "en": "“{said}” can be {options}. Please say which."}  # fmt: skip
_ELSE = {
    "zh": {
        Reason.NOT_FOUND: (
            "可以换个说法，写明公司、期间或所在章节，或在文库中查看是否已有相关文件。"
        ),
        Reason.UNSUPPORTED: "请看最接近的原文，或把问题问得更具体。",
        Reason.CONTRADICTORY: "请核对这些文件，替换或删除有误的一份。",
    },
    "en": {
        Reason.NOT_FOUND: (
            " Try other words, name the company, the period or the part of a report, or see in "
            "the library whether such a document is there."
        ),
        Reason.UNSUPPORTED: " See the nearest passages, or ask for one thing at a time.",
        Reason.CONTRADICTORY: " Check these documents, and replace or delete the wrong one.",
    },
}
"""What to do next, where nothing more is known of why there is no answer."""
_CHECKED = {"zh": "请核对名称或证券代码。", "en": " Please check the name, or give its code."}
_ABOUT = {"zh": "您可查阅的公司有：{options}。", "en": " You may read about: {options}."}
_WHOSE = {"zh": "请写明公司。您可查阅的公司有：{options}。",
          "en": "Please name a company. Those you may read about: {options}."}  # fmt: skip
_BEYOND = {
    "zh": {
        Beyond.ADVICE: (
            "这里只依据资料回答，不提供投资建议。可以询问已披露的数据、风险因素或管理层讨论。"
        ),
        Beyond.PREDICTION: (
            "资料只说明已经发生和已经披露的事，这里不作预测。"
            "可以询问历史数据、增长率，或公司披露的计划和展望。"
        ),
        Beyond.EXCHANGE: "资料没有换算所用的汇率，这里不换算币种。可以询问资料中列示币种的数。",
        Beyond.CHAT: "这里只回答能在资料中找到依据的问题，例如某公司某年的营业收入。",
    },
    "en": {
        Beyond.ADVICE: (
            "Answers here rest on documents alone; there is no investment advice. "
            "Ask for disclosed figures, risk factors or management's discussion."
        ),
        Beyond.PREDICTION: (
            "Documents tell what has happened and been disclosed; nothing is predicted here. "
            "Ask for past figures, growth rates, or plans and outlook the company has disclosed."
        ),
        Beyond.EXCHANGE: (
            "No document has the rate, and no currency is converted here. "
            "Ask for the figure in the currency it is reported in."
        ),
        Beyond.CHAT: (
            "Only questions that documents can answer are answered here, "
            "such as a company's revenue of a year."
        ),
    },
}
_REASONS = {
    Cause.CONTRADICTORY: Reason.CONTRADICTORY,
    Cause.DOUBTFUL: Reason.DOUBTFUL,
    Cause.UNITS: Reason.INCOMPARABLE,
    Cause.SENSELESS: Reason.SENSELESS,
}
_MOST = 8


def declined(
    reason: Reason, language: str, nearest: tuple[Citation, ...] = (), detail: str = ""
) -> Declined:
    """Return a decline with the standard sentence of its reason, and what to do next."""
    more = detail or _ELSE[language].get(reason, "")
    return Declined(reason, _MESSAGES[language][reason] + more, nearest)


def as_known(answer: Declined, inquiry: Inquiry) -> Declined:
    """Return a decline that says as of when it holds, where that is not now."""
    if not inquiry.as_of:
        return answer
    told = _AS_KNOWN[inquiry.language].format(inquiry.as_of)
    return replace(answer, message=answer.message + told)


def decline_unasked(inquiry: Inquiry) -> Declined | None:
    """Return the decline of what need not be looked for: advice, or what must be asked back."""
    language = inquiry.language
    if inquiry.beyond is not None:
        about = _BEYOND[language][inquiry.beyond]
        if inquiry.beyond is Beyond.CHAT and inquiry.unclear:
            about += _ABOUT[language].format(options=_listed(inquiry.unclear[0].options, language))
        return Declined(Reason.OFF_TOPIC, about)
    if not inquiry.unclear:
        return None
    message = "".join(
        (_WHICH if one.said else _WHOSE)[language].format(
            said=one.said, options=_listed(one.options, language)
        )
        for one in inquiry.unclear
    )
    return Declined(Reason.AMBIGUOUS, message)


def decline_missing(
    inquiry: Inquiry,
    missing: Missing,
    nearest: tuple[Citation, ...],
    known: Sequence[Period] = (),
    *,
    of_the_figure: bool = True,
    told: str = "",
) -> Declined:
    """Return the decline for figures that are not there, naming what is lacking.

    ``known`` are periods there are figures for, the latest first: of the very measure, or of the
    company. ``told`` are the figures that are there beside the one that lacks.
    """
    language = inquiry.language
    there = _THERE[language].format(told) if told else ""
    if inquiry.unknown:
        detail = _UNKNOWN[language].format(_listed(inquiry.unknown, language))
        likely = _listed(inquiry.likely, language)
        detail += _LIKELY[language].format(likely) if likely else _CHECKED[language]
        return declined(Reason.NOT_FOUND, language, nearest, detail + there)
    if missing.cause in _REASONS:
        detail = _LACKING[language].format(missing.what) if not missing.operands else ""
        joint = "; " if language == "en" else "；"
        stands = joint.join(_stands(operand, language) for operand in missing.operands)
        detail += f" {stands}." if stands and language == "en" else stands
        detail += _ELSE[language].get(_REASONS[missing.cause], "")
        return declined(_REASONS[missing.cause], language, nearest, detail + there)
    reason = Reason.NOT_DISCLOSED if missing.documents_exist else Reason.NOT_FOUND
    detail = _LACKING[language].format(missing.what) if missing.what else ""
    if known:
        names = _listed([period_worded(period, language) for period in known], language)
        detail += (_PERIODS if of_the_figure else _REPORTS)[language].format(names)
    return declined(reason, language, nearest, detail + there)


def _stands(operand: Operand, language: str) -> str:
    """Return what one document says."""
    fact = operand.fact
    said = " ".join((fact.company.name, period_worded(fact.period, language), fact.label))
    return f"{said}: {worded(fact.amount, language)} ({operand.entry.name})"


def _listed(names: Sequence[str], language: str) -> str:
    joint = ", " if language == "en" else "、"
    more = "" if len(names) <= _MOST else (" …" if language == "en" else "等")
    # A sentence follows, or its end: the full stop of the last Inc. is one already.
    return (joint.join(names[:_MOST]) + more).removesuffix("." if language == "en" else "")
