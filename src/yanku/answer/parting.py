"""Puts into sentences what is asked of a company's segments, regions or products."""

from __future__ import annotations

from collections.abc import Sequence

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
from yanku.model.breakdown import Breakdown, Part, Picked, Standing, Want
from yanku.model.inquiry import Inquiry
from yanku.model.library import Entry

_GROWTH = "(current − previous) ÷ |previous| × 100%"


def told_of_parts(inquiry: Inquiry, pick: Picked, entry: Entry) -> Grounded | None:
    """Return the answer; None where the figures do not settle it, such as a growth from a loss."""
    telling = _Telling(inquiry, pick, entry)
    if pick.before is not None and pick.asked.want is Want.FIGURE and len(inquiry.periods) > 1:
        return telling.changed()
    match pick.asked.want:
        case Want.FIGURE | Want.EACH:
            return telling.figures()
        case Want.SHARE:
            return telling.shares()
        case Want.LARGEST | Want.SMALLEST:
            return telling.extreme()
        case Want.FASTEST | Want.SLOWEST:
            return telling.growth_of_all()
        case Want.GROWTH:
            return telling.changed()
        case Want.ABOVE:
            return telling.above()


class _Telling:
    """One answer, its citations numbered as they come."""

    def __init__(self, inquiry: Inquiry, pick: Picked, entry: Entry) -> None:
        self._inquiry = inquiry
        self._pick = pick
        self._entry = entry
        self._citations: list[Citation] = []

    def figures(self) -> Grounded:
        """Return the figure of the one part that is named, or of each."""
        one, parts = self._pick.now, self._pick.parts
        if self._pick.names and len(parts) == 1:
            [part] = parts
            short = "" if self._inquiry.unit else in_short(part.amount, self._inquiry.language)
            said = f"{self._worded(part.amount)}{f' ({short})' if short else ''}"
            text = f"{self._whose()}: {_shown(part)}, {self._measure()}, {self._when(one)}: {said}."
            return self._grounded([Claim(text, (self._cite(part),))], amount=part.amount)
        last = () if self._pick.names else (one.total,)
        head = Claim(f"{self._whose()}: {self._measure()}, {self._when(one)}: ")
        claims = [head, *self._list((*parts, *last))]
        return self._grounded(claims, table=self._table((*parts, *last)))

    def shares(self) -> Grounded | None:
        """Return what part of the company's figure each named part is."""
        one = self._pick.now
        if not self._pick.names or not one.metrics or one.total.amount.value <= 0:
            return None
        claims, calculations = [], []
        for part in self._pick.parts:
            share = _percent(part.amount, one.total.amount)
            text = (
                f"{self._whose()}: {_shown(part)} was {self._worded(share)} of {self._measure()}, "
                f"{self._when(one)} ({self._worded(part.amount)} ÷ "
                f"{self._worded(one.total.amount)}). "
            )
            claims.append(Claim(text, (self._cite(part), self._cite(one.total))))
            calculations.append(self._share(part, share))
        amount = calculations[0].result if len(calculations) == 1 else None
        return self._grounded(claims, amount=amount, calculations=calculations)

    def extreme(self) -> Grounded | None:
        """Return the part with the highest or the lowest figure, and the others after it."""
        one, named = self._pick.now, bool(self._pick.names)
        smallest = self._pick.asked.want is Want.SMALLEST
        parts = self._pick.parts if named else _run(one)
        if len(parts) < 2:
            return None
        order = sorted(parts, key=lambda part: part.amount.value, reverse=not smallest)
        first, second = (part.amount.value for part in order[:2])
        beside = [] if named else [p for p in one.parts if p.standing is Standing.BESIDE]
        if first == second or any((p.amount.value < first) is smallest for p in beside):
            return None  # "Other" is ahead of all, and nobody can tell whether it counts.
        word = "lowest" if smallest else "highest"
        text = (
            f"{self._whose()}: {_shown(order[0])} had the {word} {self._measure()}, "
            f"{self._when(one)}: {self._worded(order[0].amount)}. "
        )
        claims = [Claim(text, (self._cite(order[0]),)), *self._list(order[1:])]
        return self._grounded(claims, choice=_shown(order[0]), table=self._table(order))

    def above(self) -> Grounded | None:
        """Return the parts that are more than a share of the whole."""
        one, bound = self._pick.now, self._pick.asked.bound
        if not one.metrics or self._pick.names or one.total.amount.value <= 0:
            return None
        shares = [(part, _percent(part.amount, one.total.amount)) for part in one.parts]
        found = [(p, s) for p, s in shares if s.value > bound and p.standing is Standing.RUN]
        said = (
            f"{'Yes' if found else 'No'}: {len(found)} of {len(shares)} were above "
            f"{bound.normalize():f}% of {self._measure()}, {self._when(one)}. "
        )
        claims, calculations = [Claim(said)], []
        for part, share in found or shares:
            text = (
                f"{self._whose()}: {_shown(part)} {self._worded(share)} "
                f"({self._worded(part.amount)}). "
            )
            claims.append(Claim(text, (self._cite(part), self._cite(one.total))))
            calculations.append(self._share(part, share))
        choice = "yes" if found else "no"
        return self._grounded(claims, choice=choice, calculations=calculations)

    def changed(self) -> Grounded | None:
        """Return one part's figure in two periods and the change from the earlier to the later."""
        one, before = self._pick.now, self._pick.before
        if before is None or len(self._pick.names) != 1:
            return None
        [now], then = self._pick.parts, before.named(self._pick.names[0])
        if then is None or now.amount.unit != then.amount.unit:
            return None
        change = Amount(now.amount.value - then.amount.value, now.amount.unit)
        growth = _growth(now.amount, then.amount)
        rate = f", a change of {self._worded(growth)}" if growth is not None else ""
        text = (
            f"{self._whose()}: {_shown(now)}, {self._measure()}, {self._when(one)}: "
            f"{self._worded(now.amount)}; {self._when(before)}: {self._worded(then.amount)}: "
            f"{'+' if change.value > 0 else ''}{self._worded(change)}{rate}."
        )
        claim = Claim(text, (self._cite(now), self._cite(then)))
        calculations = [self._calculation("current − previous", (now, then), change)]
        if growth is not None:
            calculations.append(self._calculation(_GROWTH, (now, then), growth))
        amount = growth if self._pick.asked.want is Want.GROWTH else None
        return self._grounded([claim], amount=amount, calculations=calculations)

    def growth_of_all(self) -> Grounded | None:
        """Return the part that grew most or least; None if one has no growth to be compared."""
        one, before = self._pick.now, self._pick.before
        if before is None:
            return None
        grown: list[tuple[Amount, Part, Part]] = []
        for part in self._pick.parts if self._pick.names else _run(one):
            then = before.named(part.name)
            growth = _growth(part.amount, then.amount) if then is not None else None
            if growth is None or then is None:
                return None
            grown.append((growth, part, then))
        slowest = self._pick.asked.want is Want.SLOWEST
        grown.sort(key=lambda found: found[0].value, reverse=not slowest)
        if len(grown) < 2 or grown[0][0] == grown[1][0]:
            return None
        first = _shown(grown[0][1])
        text = (
            f"{self._whose()}: {first} grew {'least' if slowest else 'most'} in "
            f"{self._measure()}, {self._when(one)}, compared with {self._when(before)}: "
        )
        claims, calculations = [Claim(text)], []
        for growth, now, then in grown:
            ends = "." if now is grown[-1][1] else "; "
            numbers = (self._cite(now), self._cite(then))
            claims.append(Claim(f"{_shown(now)} {self._worded(growth)}{ends}", numbers))
            calculations.append(self._calculation(_GROWTH, (now, then), growth))
        return self._grounded(claims, choice=first, calculations=calculations)

    def _list(self, parts: Sequence[Part]) -> list[Claim]:
        return [
            Claim(
                f"{_shown(part)} {self._worded(part.amount)}{'.' if part is parts[-1] else '; '}",
                (self._cite(part),),
            )
            for part in parts
        ]

    def _table(self, parts: Sequence[Part]) -> AnswerTable:
        return AnswerTable(
            ("", f"{self._measure()}, {self._when(self._pick.now)}"),
            tuple(
                (
                    TableCell(_shown(part)),
                    TableCell(self._worded(part.amount), part.amount, (self._cite(part),)),
                )
                for part in parts
            ),
        )

    def _cite(self, part: Part) -> int:
        for citation in self._citations:
            if citation.place == part.place and citation.values == (part.amount,):
                return citation.number
        number = len(self._citations) + 1
        where = " | ".join(text for text in (part.row, part.column) if text)
        self._citations.append(
            Citation(
                number=number,
                document=self._entry.id,
                file=self._entry.name,
                place=part.place,
                quote=f"{where}: {worded(part.amount, self._inquiry.language)}",
                values=(part.amount,),
            )
        )
        return number

    def _share(self, part: Part, share: Amount) -> Calculation:
        total = self._pick.now.total
        return self._calculation(f"{_shown(part)} ÷ {_shown(total)} × 100%", (part, total), share)

    def _calculation(self, formula: str, parts: Sequence[Part], result: Amount) -> Calculation:
        operands = tuple(Operand(_shown(p), p.amount, self._cite(p)) for p in parts)
        return Calculation(formula, operands, result)

    def _whose(self) -> str:
        return self._inquiry.companies[0].name

    def _when(self, one: Breakdown) -> str:
        return period_worded(one.period, self._inquiry.language)

    def _measure(self) -> str:
        """Return the words of the figure: those of the question, and where only the sum proves
        what it is of, those that are printed.
        """
        said = self._pick.asked.said or "revenue"
        return said if self._pick.now.metrics else f"{said} (“{self._pick.now.measure}”)"

    def _worded(self, amount: Amount) -> str:
        inquiry = self._inquiry
        return worded(amount, inquiry.language, inquiry.unit, inquiry.decimals)

    def _grounded(
        self,
        claims: Sequence[Claim],
        *,
        amount: Amount | None = None,
        choice: str | None = None,
        calculations: Sequence[Calculation] = (),
        table: AnswerTable | None = None,
    ) -> Grounded:
        return Grounded(
            claims=tuple(claims),
            citations=tuple(self._citations),
            amount=amount,
            choice=choice,
            calculations=tuple(calculations),
            assumptions=self._pick.notes,
            table=table,
        )


def _run(one: Breakdown) -> tuple[Part, ...]:
    """Return the parts that a company runs, without what is left over or set off."""
    return tuple(part for part in one.parts if part.standing is Standing.RUN)


def _shown(part: Part) -> str:
    """Return a part's name in the letters in which it is printed."""
    for printed in (part.row, part.column):
        at = printed.lower().find(part.name) if part.name else -1
        if at >= 0:
            return printed[at : at + len(part.name)]
    sums = [text for text in (part.row, part.column) if "total" in text.lower()]
    return part.name or next(iter(sums), part.row or part.column)


def _percent(part: Amount, whole: Amount) -> Amount:
    return Amount(part.value * 100 / whole.value, "%")


def _growth(now: Amount, then: Amount) -> Amount | None:
    """Return a growth in percent; None from nothing or from a loss."""
    if then.value <= 0:
        return None
    return Amount((now.value - then.value) * 100 / then.value, "%")
