"""What a model thinks is parted from what it answers, however its stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.serving.thoughts import ThoughtFilter

CASES = [
    ("<think>\n看表。\n</think>\n<answer>\n收入 12 元。\n</answer>", "看表。", "收入 12 元。"),
    ("<think>\n\n</think>\n<answer>\n是。\n</answer>", "", "是。"),
    ("<think>hm</think>\n\nIt was 5.", "hm", "It was 5."),
    ("plain answer\nwith lines\n", "", "plain answer\nwith lines\n"),
    ("  indented", "", "  indented"),
    ("we write <think> later</think>", "", "we write <think> later</think>"),
    ("<thinking is hard", "", "<thinking is hard"),
    ("<think>never closes", "never closes", ""),
    ("<think>a</think>b</think>", "a", "b</think>"),
    ("<think></think>\n\nb", "", "b"),
    ("<answer>\nb\n</answer>\n", "", "b"),
    ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "thought", "answer"), CASES)
@given(data=st.data())
def test_thought_and_answer_part_wherever_the_stream_is_cut(
    data: st.DataObject, said: str, thought: str, answer: str
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(said)))))
    parts = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    sieve = ThoughtFilter()
    got = "".join(sieve.feed(part) for part in parts) + sieve.end()
    assert got == answer
    assert sieve.thought.strip("\n") == thought
