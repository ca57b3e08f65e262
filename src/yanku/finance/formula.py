"""Evaluates a ratio's formula in exact decimals, and writes it in the reader's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import Decimal, localcontext

from yanku.model.amount import Amount

_DIGITS = 34
"""Digits kept in a division: far beyond what any figure carries, and never a binary fraction."""


DAYS = "days"
"""In a formula: the days of the period."""


def operands_of(formula: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return a formula's metrics in order, and those in ``average(…)`` or ``change(…)``.

    Both are of the opening and the closing balance. Raises ValueError for anything but + - * /
    brackets, whole numbers, ``days``, average(x) and change(x).
    """
    names: dict[str, None] = {}
    averaged = set()
    for node in ast.walk(ast.parse(formula, mode="eval")):
        match node:
            case ast.Call(
                func=ast.Name(id="average" | "change"), args=[ast.Name(id=name)], keywords=[]
            ):
                averaged.add(name)
            case ast.Name(id=name):
                names[name] = None
            case ast.Constant(value=int(number)) if number is not True and number is not False:
                pass
            case ast.Expression() | ast.BinOp() | ast.operator() | ast.expr_context():
                pass
            case _:
                raise ValueError(f"only + - * / and average(x) may stand in a formula: {formula}")
    for word in ("average", "change", DAYS):
        names.pop(word, None)
    if not names:
        raise ValueError(f"a formula needs a metric: {formula}")
    return tuple(sorted(names, key=formula.index)), frozenset(averaged)


def evaluate(formula: str, values: Mapping[str, Decimal]) -> Decimal | None:
    """Return the formula's value; None where it would divide by zero.

    ``average(x)`` and ``change(x)`` are looked up under that spelling. KeyError names an operand
    that is lacking.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        return _value(ast.parse(formula, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Decimal | None:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int(number)):
            return Decimal(number)
        case ast.Call(func=ast.Name(id="average" | "change" as what), args=[ast.Name(id=name)]):
            return values[f"{what}({name})"]
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _value(left, values), _value(right, values)
            return None if a is None or b is None else _combined(a, operator, b)
    raise ValueError(f"not a formula: {ast.dump(node)}")


def _combined(a: Decimal, operator: ast.operator, b: Decimal) -> Decimal | None:
    match operator:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b if b else None
    raise ValueError(f"not an operator of a formula: {operator}")


def divided(a: Decimal, b: Decimal) -> Decimal:
    """Return a ÷ b to 34 digits; the caller sees that b is not zero."""
    with localcontext() as context:
        context.prec = _DIGITS
        return a / b


def in_words(formula: str, names: Mapping[str, str], language: str) -> str:
    """Return the formula with names for identifiers and the signs of print: ÷ × −."""
    text = re.sub(
        r"average\((\w+)\)",
        lambda m: f"average {names[m[1]]}" if language == "en" else f"平均{names[m[1]]}",
        formula,
    )
    text = re.sub(
        r"change\((\w+)\)",
        lambda m: f"change in {names[m[1]]}" if language == "en" else f"{names[m[1]]}变动",
        text,
    )
    text = re.sub(r"[a-z][a-z0-9_]+", lambda m: names.get(m[0], m[0]), text)
    return text.replace("*", "×").replace("/", "÷").replace(" - ", " − ")


def pseudo(formula: str) -> set[str]:
    """Return what a formula needs beside metrics."""
    return {DAYS} if re.search(rf"\b{DAYS}\b", formula) else set()


def change_in_words(amount: Amount, now: str, then: str) -> str:
    """Return how a change is worked out of two figures, by their names."""
    if amount.unit == "%":
        return f"({now} − {then}) ÷ |{then}| × 100%"
    return f"{now} − {then}"
