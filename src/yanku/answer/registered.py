"""Tells which companies are registered in a place, each by the address that its report prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.answer.evidence import Line
from yanku.answer.stated import SEPARATOR, bare_label
from yanku.model.amount import Amount
from yanku.model.answer import Claim, Grounded
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry

_LABEL = re.compile(
    r"(?:公司)?注册(?:地址?|住所)(?:及邮政编码)?|registered (?:office|address)", re.IGNORECASE
)
_IN_TEXT = re.compile(r"(?:公司)?注册(?:地址|地|住所)[:：]\s*(?P<said>[^，。；;|]{4,60})")
_EARLIER = re.compile(r"变更|历史")
_NOTHING = re.compile(r"^(?:不适用|无|/|-+|—+)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a company is registered, on the line that says so."""

    company: Company
    said: str
    line: Line


def address_on(line: Line) -> str:
    """Return the registered address that a line states, empty if it states none."""
    label, *cells = line.text.split(SEPARATOR)
    if cells:
        if _LABEL.fullmatch(bare_label(label).strip()) is None or _EARLIER.search(label):
            return ""
        values = (cell.rpartition(": ")[2].strip() for cell in cells)
        return next((value for value in values if not _NOTHING.match(value)), "")
    m = _IN_TEXT.search(line.text)
    return m["said"].strip() if m is not None and not _EARLIER.search(line.text) else ""


def told_by_place(
    inquiry: Inquiry, where: str, kept: Sequence[Address], *, known: int, every: int, counted: bool
) -> Grounded:
    """Return who is registered in a place, and how many of all say where they are."""
    zh = inquiry.language != "en"
    head = (
        f"注册地址在{where}的公司有{len(kept)}家" if zh else f"Registered in {where}: {len(kept)}"
    )
    said = (
        f"{'：' if not number else '、'}{one.company.called(inquiry.question)}（{one.said}）"
        if zh
        else f"{': ' if not number else ', '}{one.company.called(inquiry.question)} ({one.said})"
        for number, one in enumerate(kept)
    )
    coverage = (
        f"{every}家公司中{known}家的资料写明注册地址"
        if zh
        else f"the documents of {known} of {every} companies give a registered address"
    )
    return Grounded(
        claims=(
            Claim(head),
            *(Claim(text, (number,)) for number, text in enumerate(said, start=1)),
            Claim("。" if zh else ". "),
        ),
        citations=tuple(one.line.citation(number) for number, one in enumerate(kept, start=1)),
        amount=Amount(Decimal(len(kept)), "") if counted else None,
        choice=None
        if counted
        else "、".join(one.company.called(inquiry.question) for one in kept) or None,
        assumptions=(coverage,),
    )
