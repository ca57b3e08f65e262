"""A model's precisions are compared as statistics says, and questions have the answers given."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from yanku.adapters.gauge.compare import paired, perplexity, row, table, wilson
from yanku.adapters.gauge.measure import Measured, Order, Speed, measure
from yanku.adapters.gauge.quiz import Item, joined, made, passages, read
from yanku.errors import ModelUnavailable, SettingsError

ITEMS = [Item(("[1] a 12.50",), "?", "12.50"), Item(("[1] b 1,234",), "?", "1,234")]


def measured(
    rates: tuple[float, ...], answers: tuple[str, ...], losses: tuple[tuple[float, int], ...]
) -> Measured:
    speeds = tuple(Speed(n, rate / 48, rate, rate * 10) for n, rate in enumerate(rates, 1))
    return Measured(2.0, 1.0, 900.0, 1000.0, speeds, answers, losses)


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = wilson(8, 10)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.8, 0.490, 0.943)
    assert wilson(10, 10).high == pytest.approx(1)
    assert wilson(0, 0).low == 0
    assert wilson(0, 0).high == 1


def test_a_mean_of_equal_differences_is_sure_and_others_are_not() -> None:
    assert paired([0] * 20).low == paired([0] * 20).high == 0
    found = paired([1] * 5 + [0] * 45)
    assert found.low < found.value == 0.1 < found.high
    assert found.low >= 0


def test_perplexity_is_that_of_all_tokens_and_not_a_mean_of_passages() -> None:
    assert perplexity([(10 * math.log(7), 10)] * 6).value == pytest.approx(7)
    uneven = perplexity([(90 * math.log(2), 90), (10 * math.log(32), 10)])
    assert uneven.value == pytest.approx(2 ** (0.9 + 0.5))


def test_short_texts_are_measured_together_and_lose_nothing() -> None:
    texts = ["净利润增长。" * 40, "short", "brief", "营业收入。" * 60, "last"]
    found = joined(texts)
    assert [len(passage) >= 200 for passage in found] == [True, True]
    assert "\n\n".join(found) == "\n\n".join(texts)


@pytest.mark.parametrize("texts", [[], [""], ["Net profit fell."] * 5, [" \n" * 400]])
def test_perplexity_on_hardly_any_text_is_refused(texts: list[str]) -> None:
    with pytest.raises(SettingsError, match="200 characters"):
        joined(texts)


def test_a_row_compares_with_the_first_precision() -> None:
    base = measured((10, 20), ("12.5 元? 12.50", "1234"), ((10 * math.log(4), 10),) * 3)
    fast = measured((40, 20), ("12.50", "1,235"), ((10 * math.log(5), 10),) * 3)
    first = row("fp32", 100, base, base, ITEMS)
    second = row("int8", 25, fast, base, ITEMS)
    assert (first.speed_up, first.loss.value, first.perplexity_up.value) == (1, 0, 0)
    assert second.speed_up == pytest.approx(2)  # the geometric mean of 4 and 1
    assert (second.right.value, second.loss.value) == (0.5, 0.5)
    assert second.perplexity_up.value == pytest.approx(0.25)
    assert second.perplexity_up.low == pytest.approx(0.25)
    assert second.load_s == 3


def test_every_line_of_the_table_has_as_many_cells() -> None:
    found = measured((10, 20), ("", ""), ((1.0, 1),))
    one = row("fp32", 100, found, found, ITEMS)
    lines = table([one, one], (1, 8)).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert "1 / 8" in lines[0]
    assert lines[2].startswith("| FP32 |")


def test_an_answer_is_right_by_its_digits_alone() -> None:
    item = Item((), "", "1,234.50")
    assert item.right("营业收入为1234.50万元。")
    assert item.right("It was 1,234.50.")
    assert not item.right("11,234.50")
    assert not item.right("1234.5")
    assert not item.right("没有。")


def test_questions_are_the_same_for_a_seed_and_their_figures_stand_in_the_material() -> None:
    items = made(60, 5)
    assert items == made(60, 5)
    assert items != made(60, 6)
    for item in items:
        assert any(item.right(line) for line in item.material), item
        year = re.findall(r"20\d\d", item.question)
        lines = [line for line in item.material if item.right(line)]
        assert any(found in line for line in lines for found in year)
    assert sum(bool(re.search(r"[\u4e00-\u9fff]", item.question)) for item in items) == 40
    assert all(item.figure in text for item, text in zip(items, passages(items), strict=True))


def test_questions_of_ones_own_are_read_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    good = {"material": ["a 7"], "question": "a?", "figure": 7}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(good) + "\n", "utf-8")
    assert read(path) == [Item(("a 7",), "a?", "7")]
    path.write_text(json.dumps(good) + '\n{"question": "b?"}\n', "utf-8")
    with pytest.raises(SettingsError, match="line 2"):
        read(path)


def test_a_folder_without_a_model_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=re.escape(str(tmp_path))):
        measure(Order(str(tmp_path), [], []))
