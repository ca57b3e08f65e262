"""Puts a finding into sentences with citations; every number in them is a cited value."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.declining import decline_missing
from yanku.answer.tabled import row_claims, rows_told, table_of
from yanku.answer.voice import Named, Voice, voice_of
from yanku.answer.wording import in_short, period_worded, worded
from yanku.model import answer
from yanku.model.amount import Amount
from yanku.model.answer import Calculation, Citation, Claim, Declined, Grounded, Part
from yanku.model.inquiry import Finding, Inquiry, Missing, Operand, Task

_MOST_INSTEAD = 6
"""Figures that it is told of one by one that later documents give others; the notes have all."""


def compose(inquiry: Inquiry, finding: Finding, named: Named) -> Grounded:
    """Return the answer a finding gives: each operand cited at its own cell."""
    every = (*finding.operands, *finding.also, *finding.otherwise)
    citations = cited(every, inquiry.language)
    calculations = _calculations(finding)
    lacking = tuple(_part(gap, decline_missing(inquiry, gap, ())) for gap in finding.gaps)
    return Grounded(
        claims=(*_claims(inquiry, finding, named), *_not_given(lacking)),
        citations=citations,
        amount=finding.amount,
        choice=finding.choice,
        calculations=calculations,
        assumptions=inquiry.assumptions + finding.assumptions,
        table=table_of(finding, inquiry, named) if len(finding.rows) > 1 else None,
        parts=lacking,
    )


def _part(gap: Missing, declined: Declined) -> Part:
    return Part(gap.what, reason=declined.reason, message=declined.message)


def _not_given(lacking: Sequence[Part]) -> tuple[Claim, ...]:
    """Say of each figure that was asked for and is not there why it is not."""
    return tuple(Claim(f"\n{message}") for message in dict.fromkeys(p.message for p in lacking))


def known_beside(inquiry: Inquiry, missing: Missing, named: Named) -> str:
    """Return the figures there are beside one that lacks, with the numbers of their sources."""
    known = missing.known
    return rows_told(voice_of(inquiry, named), known.rows) if known is not None else ""


def cited(operands: Sequence[Operand], language: str) -> tuple[Citation, ...]:
    """Return a citation for each of some facts."""
    return tuple(_citation(number, one, language) for number, one in enumerate(operands, start=1))


def _citation(number: int, operand: Operand, language: str) -> Citation:
    fact, entry = operand.fact, operand.entry
    column = f" | {fact.column}" if fact.column else ""
    return Citation(
        number=number,
        document=entry.id,
        file=entry.name,
        place=fact.place,
        quote=f"{fact.label}{column}: {worded(fact.amount, language)}",
        values=(fact.amount,),
    )


def _calculations(finding: Finding) -> tuple[Calculation, ...]:
    if not finding.formula or finding.amount is None:
        return ()
    operands = tuple(
        answer.Operand(operand.name, operand.fact.amount, number)
        for number, operand in enumerate(finding.operands, start=1)
    )
    return (Calculation(finding.formula, operands, finding.amount),)


def _claims(inquiry: Inquiry, finding: Finding, named: Named) -> tuple[Claim, ...]:
    voice = voice_of(inquiry, named)
    match inquiry.task:
        case _ if finding.rows or inquiry.task is Task.RANK:
            told = row_claims(voice, inquiry, finding)
            return (*told, *_otherwise(voice, finding, named=True))
        case Task.GROWTH if finding.formula and finding.amount and len(finding.operands) == 2:
            told = _growth(voice, inquiry, finding.amount, finding.operands)
            return (*told, *_also(voice, finding))
        case Task.COMPARE if finding.choice is not None:
            return _compare(voice, finding, lowest=inquiry.lowest)
        case _ if finding.formula and finding.amount is not None:
            told = _calculated(voice, inquiry, finding.amount, finding)
            return (*told, *_also(voice, finding))
        case _:
            stated = tuple(
                _stated(voice, operand, number)
                for number, operand in enumerate(finding.operands, start=1)
            )
            return (*stated, *_otherwise(voice, finding), *_also(voice, finding))


def _otherwise(voice: Voice, finding: Finding, *, named: bool = False) -> tuple[Claim, ...]:
    """Say what other documents give for the same figures, and which is preferred.

    ``named`` tells that there are several figures, so that it must be said which is meant.
    """
    first = len(finding.operands) + len(finding.also) + 1
    return tuple(
        Claim(_instead(voice, operand, named=named), (number,))
        for number, operand in enumerate(finding.otherwise[:_MOST_INSTEAD], start=first)
    )


def _instead(voice: Voice, operand: Operand, *, named: bool) -> str:
    whose = voice.subject(operand.fact).rstrip(",") if named else ""
    said = voice.amount(operand.fact.amount)
    zh, en, preferred_zh, preferred_en = _relation(operand)
    return voice.pick(
        f"{f'{whose}：' if named else ''}{zh}列示为{said}，{preferred_zh}。",
        f" {f'{whose}: {en}' if named else en.capitalize()} gives {said}; {preferred_en}.",
    )


def _relation(operand: Operand) -> tuple[str, str, str, str]:
    """Return what a document is to the one preferred, and why that is, in both languages."""
    profile = operand.entry.profile
    if profile.period is None or profile.period.end != operand.fact.period.end:
        return (
            "后续文件",
            "a later document",
            "此处以当期报告为准",
            "the report on the period itself is preferred here",
        )
    if profile.abstract:
        return ("摘要", "the abstract", "此处以报告全文为准", "the full report is preferred here")
    return (
        "另一份同期文件",
        "another document on the same period",
        "与此不一致，请核对原文",
        "the two differ: see the sources",
    )


def _also(voice: Voice, finding: Finding) -> tuple[Claim, ...]:
    """Say where else the same figure stands."""
    if not finding.also:
        return ()
    first = len(finding.operands) + 1
    numbers = tuple(range(first, first + len(finding.also)))
    return (Claim(voice.pick("另有出处与此一致。", " Stated alike elsewhere."), numbers),)


def _stated(voice: Voice, operand: Operand, number: int) -> Claim:
    fact = operand.fact
    short = in_short(fact.amount, voice.language) if not voice.unit else ""
    aside = voice.pick(f"（{short}）", f" ({short})") if short else ""
    subject = voice.subject(fact)
    said = voice.amount(fact.amount)
    return Claim(
        voice.pick(f"{subject}为{said}{aside}。", f"{subject} was {said}{aside}."), (number,)
    )


def _growth(
    voice: Voice, inquiry: Inquiry, result: Amount, operands: Sequence[Operand]
) -> tuple[Claim, ...]:
    now, before = operands
    adjacent = abs(now.fact.period.end.year - before.fact.period.end.year) <= 1
    rate = voice.amount(Amount(abs(result.value), result.unit))
    yearly = " a year" if inquiry.metrics[0].endswith(".cagr") else ""
    if result.value < 0:
        verb = voice.pick("下降", f"a decrease{yearly} of")
    else:
        verb = voice.pick("增长", f"an increase{yearly} of")
    subject = voice.subject(now.fact)
    basis = voice.pick(_basis(inquiry, adjacent=adjacent), "")
    value, old = voice.amount(now.fact.amount), voice.amount(before.fact.amount)
    then = period_worded(before.fact.period, voice.language)
    return (
        Claim(voice.pick(f"{subject}为{value}", f"{subject} was {value}"), (1,)),
        Claim(voice.pick(f"，{then}为{old}", f"; {then}: {old}"), (2,)),
        Claim(voice.pick(f"，{basis}{verb}{rate}。", f"; {verb} {rate}."), (1, 2)),
    )


def _basis(inquiry: Inquiry, *, adjacent: bool) -> str:
    """Return the word for what a change is measured against; between far years there is none."""
    if inquiry.metrics[0].endswith(".qoq"):
        return "环比"
    if inquiry.metrics[0].endswith(".cagr"):
        return "年均复合"
    return "同比" if adjacent else ""


def _calculated(
    voice: Voice, inquiry: Inquiry, result: Amount, finding: Finding
) -> tuple[Claim, ...]:
    first = finding.operands[0].fact
    period = period_worded(finding.period or first.period, voice.language)
    said = voice.amount(result)
    name = _calculated_name(voice, inquiry)

    def said_of(operand: Operand) -> str:
        return voice.amount(operand.fact.amount)

    parts = tuple(
        Claim(
            voice.pick(
                f"{'，' if number > 1 else '其中'}{operand.name}{said_of(operand)}",
                f"{'; ' if number > 1 else ' '}{operand.name}: {said_of(operand)}",
            ),
            (number,),
        )
        for number, operand in enumerate(finding.operands, start=1)
    )
    head = Claim(
        voice.pick(
            f"{voice.whose(first.company)}{period}{name}为{said}（{finding.formula}）。",
            f"{voice.whose(first.company)}: {name}, {period}, was {said} ({finding.formula}).",
        ),
        tuple(range(1, len(finding.operands) + 1)),
    )
    return (head, *parts, Claim(voice.pick("。", ".")))


def _calculated_name(voice: Voice, inquiry: Inquiry) -> str:
    names = [voice.name(metric) for metric in inquiry.metrics]
    if inquiry.task is Task.RATIO and len(names) == 2:
        part, whole = names
        return voice.pick(f"{part}占{whole}的比例", f"{part} as a share of {whole}")
    return "、".join(names)


def _compare(voice: Voice, finding: Finding, *, lowest: bool) -> tuple[Claim, ...]:
    word = voice.pick("更低" if lowest else "更高", "lower" if lowest else "higher")
    most = voice.pick("最低" if lowest else "最高", "lowest" if lowest else "highest")
    head = Claim(
        voice.pick(
            f"{finding.choice}数值相同，并列{most}。",
            f"{finding.choice} are equal, and the {most}.",
        )
        if finding.tied
        else voice.pick(f"{finding.choice}{word}。", f"{finding.choice} is {word}."),
        tuple(range(1, len(finding.operands) + 1)),
    )
    return (
        head,
        *(_stated(voice, operand, i) for i, operand in enumerate(finding.operands, start=1)),
    )
