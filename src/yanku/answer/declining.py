"""Says no in a helpful sentence."""

from __future__ import annotations

from dataclasses import replace

from yanku.model.answer import Citation, Declined, Reason
from yanku.model.inquiry import Inquiry, Missing

_MESSAGES = {
    "zh": {
        Reason.NOT_FOUND: "在您可查阅的资料中没有找到答案。",
        Reason.NOT_DISCLOSED: "已有相关资料，但其中没有披露这一数据。",
        Reason.AMBIGUOUS: "问题有多种理解，请写明公司、期间和指标。",
        Reason.UNSUPPORTED: "找到了相关资料，但没有一句回答能在资料中得到印证，因此不作回答。",
        Reason.OFF_TOPIC: "这不是资料能够回答的问题。",
    },
    "en": {
        Reason.NOT_FOUND: "The documents you may read do not say.",
        Reason.NOT_DISCLOSED: "The documents of that company and period do not give this figure.",
        Reason.AMBIGUOUS: (
            "The question can be read in several ways; name company, period and metric."
        ),
        Reason.UNSUPPORTED: (
            "Related evidence was found, but no sentence of the answer could be confirmed by it."
        ),
        Reason.OFF_TOPIC: "This is not a question that documents can answer.",
    },
}
_AS_KNOWN = {"zh": "（{}。）", "en": " ({}.)"}
_LACKING = {"zh": "缺少：{}。", "en": " Lacking: {}."}
_UNKNOWN = {
    "zh": "资料中没有“{}”这家公司。",
    "en": " No document you may read is about {}.",
}


def declined(
    reason: Reason, language: str, nearest: tuple[Citation, ...] = (), detail: str = ""
) -> Declined:
    """Return a decline with the standard sentence of its reason."""
    return Declined(reason, _MESSAGES[language][reason] + detail, nearest)


def as_known(answer: Declined, inquiry: Inquiry) -> Declined:
    """Return a decline that says as of when it holds, where that is not now."""
    if not inquiry.as_of:
        return answer
    told = _AS_KNOWN[inquiry.language].format(inquiry.as_of)
    return replace(answer, message=answer.message + told)


def decline_missing(inquiry: Inquiry, missing: Missing, nearest: tuple[Citation, ...]) -> Declined:
    """Return the decline for figures that are not there, naming what is lacking."""
    language = inquiry.language
    if inquiry.unknown:
        detail = _UNKNOWN[language].format("、".join(inquiry.unknown))
        return declined(Reason.NOT_FOUND, language, nearest, detail)
    reason = Reason.NOT_DISCLOSED if missing.documents_exist else Reason.NOT_FOUND
    detail = _LACKING[language].format(missing.what) if missing.what else ""
    return declined(reason, language, nearest, detail)
