"""Judges predictions against an evaluation set; knows nothing of how they were made."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from yanku.errors import InvalidRequest

_SCALES = {
    "元": 1,
    "千元": 1000,
    "万": 10**4,
    "万元": 10**4,
    "百万": 10**6,
    "百万元": 10**6,
    "亿": 10**8,
    "亿元": 10**8,
}
_CNY = {"CNY", "RMB", "人民币", "", *_SCALES}
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question went; at most one of right, wrong, declined is true."""

    id: str
    type: str
    right: bool
    wrong: bool
    declined: bool
    cited: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of one type of question, as fractions; ``cited`` is of the right answers.

    ``low`` and ``high`` bound the accuracy with 95 % confidence (percentile bootstrap).
    """

    questions: int
    accuracy: float
    low: float
    high: float
    wrong: float
    declined: float
    cited: float
    invented: float


@dataclass(frozen=True, slots=True)
class Question:
    """One line of questions.jsonl; ``evidence`` holds (file, page, row label)."""

    id: str
    text: str
    type: str
    answer: Mapping[str, Any]
    evidence: tuple[tuple[str, int, str], ...]


def load_questions(folder: Path) -> list[Question]:
    """Read a set's questions.jsonl; raise InvalidRequest naming the line that is wrong."""
    path = folder / "questions.jsonl"
    if not path.is_file():
        raise InvalidRequest(f"{folder} has no questions.jsonl; an evaluation set needs one")
    questions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line, parse_float=Decimal)))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidRequest(f"{path}, line {number}: {error!r}; see the format") from error
    return questions


def _question(raw: Mapping[str, Any]) -> Question:
    evidence = tuple(
        (str(item["file"]), int(item.get("page") or 0), str(item.get("row") or ""))
        for item in raw.get("evidence", ())
    )
    return Question(str(raw["id"]), raw["question"], raw["type"], raw["answer"], evidence)


def normal(text: object) -> str:
    """Return a text as it is compared: NFKC, without white space, lower case."""
    plain = unicodedata.normalize("NFKC", str(text or ""))
    return re.sub(r"\s+", "", plain).lower()


def is_right(answer: Mapping[str, Any], prediction: Mapping[str, Any]) -> bool:
    """Tell whether a prediction gives the answer: value within tolerance after units, or choice."""
    declined = bool(prediction.get("declined"))
    kind = answer["kind"]
    if kind == "none" or declined:
        return declined and kind == "none"
    text = normal(prediction.get("text"))
    match kind:
        case "number":
            return _number_is_right(answer, prediction.get("amount"))
        case "choice":
            return _choice_is_right(answer, normal(prediction.get("choice")))
        case "boolean":
            value = normal(answer["value"])
            said = normal(prediction.get("choice")) or text[:8]
            return said in {value, {"true": "是", "false": "否"}.get(value)}
        case "names":
            return all(normal(name) in text for name in answer["value"])
        case _:
            return all(normal(point) in text for point in answer.get("points", ()))


def _number_is_right(answer: Mapping[str, Any], amount: Mapping[str, Any] | None) -> bool:
    value = decimal_of(amount)
    if amount is None or value is None:
        return False
    unit, wanted = str(amount.get("unit") or ""), Decimal(str(answer["value"]))
    value *= _SCALES.get(unit, 1)
    if answer.get("unit") == "%" and unit not in {"%", "percent", "pct"}:
        return False
    if answer.get("unit") == "CNY" and unit not in _CNY:
        return False
    if "absolute_tolerance" in answer:
        return abs(value - wanted) <= Decimal(str(answer["absolute_tolerance"]))
    return abs(value - wanted) <= abs(wanted) * Decimal(str(answer.get("tolerance", "0.005")))


def decimal_of(amount: Mapping[str, Any] | None) -> Decimal | None:
    """Return the value of a predicted amount, or None if there is none that can be read."""
    try:
        return Decimal(str(amount["value"])) if amount else None
    except (KeyError, InvalidOperation):
        return None


def _choice_is_right(answer: Mapping[str, Any], said: str) -> bool:
    value = normal(answer["value"])
    others = [normal(option) for option in answer["options"] if normal(option) != value]
    return said == value or (value in said and not any(other in said for other in others))


def judge(question: Question, prediction: Mapping[str, Any], *, on_page: bool) -> Verdict:
    """Return how one question went.

    ``on_page`` tells whether the predicted value stands on a page that was cited; for a right
    answer it must stand there with the evidence's row label to count as cited.
    """
    right = is_right(question.answer, prediction)
    declined = bool(prediction.get("declined")) and not right
    wrong = not right and not declined
    wanted = {(normal(file), page) for file, page, _ in question.evidence}
    given = {
        (normal(citation.get("file")), int(citation.get("page") or 0))
        for citation in prediction.get("citations") or ()
    }
    cited = right and (not wanted or bool(wanted & given) or on_page)
    invented = wrong and prediction.get("amount") is not None and not on_page
    return Verdict(question.id, question.type, right, wrong, declined, cited, invented)


def scores(verdicts: Iterable[Verdict]) -> dict[str, Score]:
    """Return the scores per type, and over everything under ``ALL``."""
    by_type: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_type[verdict.type].append(verdict)
        by_type["ALL"].append(verdict)
    names = sorted(by_type, key=lambda name: (name == "ALL", name))
    return {name: _score(by_type[name]) for name in names}


def _score(verdicts: Sequence[Verdict]) -> Score:
    n = len(verdicts)
    right = sum(verdict.right for verdict in verdicts)
    low, high = interval([verdict.right for verdict in verdicts])
    return Score(
        questions=n,
        accuracy=right / n,
        low=low,
        high=high,
        wrong=sum(verdict.wrong for verdict in verdicts) / n,
        declined=sum(verdict.declined for verdict in verdicts) / n,
        cited=sum(verdict.cited for verdict in verdicts) / right if right else 0.0,
        invented=sum(verdict.invented for verdict in verdicts) / n,
    )


def interval(right: Sequence[bool]) -> tuple[float, float]:
    """Return between which shares the true one lies with 95 % confidence (percentile bootstrap)."""
    # Seeded: the same predictions give the same interval.
    chance = random.Random(20260101)  # noqa: S311 - statistics, not a secret
    n = len(right)
    means = sorted(sum(chance.choices(right, k=n)) / n for _ in range(_RESAMPLES))
    return means[int(_RESAMPLES * 0.025)], means[int(_RESAMPLES * 0.975) - 1]
