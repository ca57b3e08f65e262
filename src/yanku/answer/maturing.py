"""Puts into sentences when a company's debt falls due."""

from __future__ import annotations

from decimal import Decimal

from yanku.answer.wording import in_short, period_worded, worded
from yanku.model.amount import Amount
from yanku.model.answer import (
    AnswerTable,
    Calculation,
    Citation,
    Claim,
    Grounded,
    Operand,
    TableCell,
)
from yanku.model.breakdown import Part, Schedule
from yanku.model.finance import Period
from yanku.model.inquiry import Inquiry
from yanku.model.library import Entry


def told_of_maturities(
    inquiry: Inquiry, years: tuple[int, ...], schedule: Schedule, entry: Entry
) -> Grounded | None:
    """Return what falls due in the years asked for, or in every year; None if one is not listed."""
    names = {str(year) for year in years}
    parts = [part for part in schedule.parts if not years or part.name in names]
    if years and len(parts) != len(names):
        return None
    language = inquiry.language
    whose = inquiry.companies[0].name
    when = period_worded(Period(schedule.period.end), language)

    def said(amount: Amount) -> str:
        return worded(amount, language, inquiry.unit, inquiry.decimals)

    def named(part: Part) -> str:
        return f"in {part.name}" if part.name.isdigit() else part.name

    if len(parts) == 1:
        short = "" if inquiry.unit else in_short(parts[0].amount, language)
        text = (
            f"{whose}: debt that falls due {named(parts[0])}, as of {when}: "
            f"{said(parts[0].amount)}{f' ({short})' if short else ''}."
        )
        claims = [Claim(text, (1,))]
    else:
        claims = [Claim(f"{whose}: debt that falls due, as of {when}: ")]
        claims += [
            Claim(f"{named(part)} {said(part.amount)}{'.' if part is parts[-1] else '; '}", (n,))
            for n, part in enumerate(parts, start=1)
        ]
    citations = tuple(
        Citation(n, entry.id, entry.name, part.place, f"{part.row}: {said(part.amount)}", None,
                 (part.amount,))
        for n, part in enumerate(parts, start=1)
    )  # fmt: skip
    total = Amount(sum((p.amount.value for p in parts), Decimal(0)), parts[0].amount.unit)
    calculation = Calculation(
        " + ".join(part.name for part in parts),
        tuple(Operand(part.name, part.amount, n) for n, part in enumerate(parts, start=1)),
        total,
    )
    return Grounded(
        claims=tuple(claims),
        citations=citations,
        amount=total if len(parts) == 1 else None,
        calculations=(calculation,) if len(parts) > 1 else (),
        table=AnswerTable(
            ("", f"debt that falls due, as of {when}"),
            tuple(
                (TableCell(part.name), TableCell(said(part.amount), part.amount, (n,)))
                for n, part in enumerate(parts, start=1)
            ),
        )
        if len(parts) > 1
        else None,
    )
