"""The product's own scores: right, wrong, declined, cited, invented."""

import json
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yanku.errors import InvalidRequest
from yanku.flows.scoring import Question, is_right, judge, load_questions, scores

SHARED = Path(__file__).parents[3] / "shared" / "data"
NUMBER = {"kind": "number", "value": Decimal("1000000"), "unit": "CNY", "tolerance": "0.005"}


def amount(value: str, unit: str = "CNY") -> dict[str, Any]:
    return {"declined": False, "amount": {"value": value, "unit": unit}, "text": ""}


@pytest.mark.parametrize(
    ("prediction", "right"),
    [
        (amount("1000000"), True),
        (amount("1004999"), True),
        (amount("1005001"), False),
        (amount("100", "万元"), True),
        (amount("1000000", "%"), False),
        (amount("-1000000"), False),
        ({"declined": True}, False),
        ({"declined": False, "amount": None, "text": "1000000"}, False),
        (amount("ten"), False),
    ],
)
def test_a_number_is_right_within_tolerance_and_in_its_unit(
    prediction: dict[str, Any], right: bool
) -> None:
    assert is_right(NUMBER, prediction) is right


def test_declining_is_right_only_where_there_is_no_answer() -> None:
    assert is_right({"kind": "none"}, {"declined": True})
    assert not is_right({"kind": "none"}, amount("1"))


def test_naming_every_option_is_not_a_choice() -> None:
    answer = {"kind": "choice", "value": "甲公司", "options": ["甲公司", "乙公司"]}
    assert is_right(answer, {"choice": "甲公司"})
    assert not is_right(answer, {"choice": "甲公司和乙公司"})


def test_a_wrong_value_on_no_cited_page_is_invented() -> None:
    question = Question("1", "?", "lookup", NUMBER, (("a.pdf", 3, "营业收入"),))
    prediction = amount("7") | {"citations": [{"file": "a.pdf", "page": 3}]}
    assert judge(question, prediction, on_page=False).invented
    assert not judge(question, prediction, on_page=True).invented


def test_a_right_answer_is_cited_when_the_page_is_or_the_row_stands_there() -> None:
    question = Question("1", "?", "lookup", NUMBER, (("a.pdf", 3, "营业收入"),))
    elsewhere = amount("1000000") | {"citations": [{"file": "b.pdf", "page": 9}]}
    assert not judge(question, elsewhere, on_page=False).cited
    assert judge(question, elsewhere, on_page=True).cited
    there = amount("1000000") | {"citations": [{"file": "A.PDF", "page": 3}]}
    assert judge(question, there, on_page=False).cited


def test_a_broken_line_of_questions_is_named(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(InvalidRequest, match="line 1"):
        load_questions(tmp_path)


@pytest.mark.data
@pytest.mark.parametrize("name", ["filings", "scans", "cfr-numqa"])
def test_our_scores_agree_with_the_outside_scorer(name: str, tmp_path: Path) -> None:
    if not (SHARED / "score.py").exists():
        pytest.skip("../shared/data is not here")
    questions = load_questions(SHARED / name)
    chance = random.Random(7)
    predictions = [_random_prediction(question, chance) for question in questions]
    path = tmp_path / "predictions.jsonl"
    path.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in predictions))
    command = [sys.executable, str(SHARED / "score.py"), str(SHARED / name), str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    theirs = json.loads(printed.splitlines()[-1])
    verdicts = [judge(q, p, on_page=False) for q, p in zip(questions, predictions, strict=True)]
    ours = scores(verdicts)["ALL"]
    assert theirs["n"] == ours.questions
    for key in ("accuracy", "wrong", "declined", "cited"):
        assert theirs[key] == pytest.approx(getattr(ours, key), abs=1e-4), key


def _random_prediction(question: Question, chance: random.Random) -> dict[str, Any]:
    """Sometimes right, sometimes near, sometimes nonsense, in every form there is."""
    answer = question.answer
    value = Decimal(str(answer.get("value"))) if answer["kind"] == "number" else Decimal(1)
    near = value * Decimal(str(chance.choice([1, 1, 1.001, 1.01, -1])))
    options = answer.get("options", ["甲"])
    citations = [{"file": file, "page": page} for file, page, _ in question.evidence]
    return {
        "id": question.id,
        "text": chance.choice(["", "是", str(value)]),
        "declined": chance.random() < 0.2,
        "amount": chance.choice(
            [None, {"value": f"{near:f}", "unit": chance.choice([answer.get("unit"), "", "元"])}]
            + [{"value": f"{near:f}", "unit": answer.get("unit")}] * 4
        ),
        "choice": chance.choice([None, *options, "".join(options)]),
        "citations": chance.choice([[], citations, citations[:1]]),
    }
