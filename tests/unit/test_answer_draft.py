"""A model's sentences against evidence: what is released, and with which source."""

import pytest

from yanku.answer.draft import Draft
from yanku.answer.evidence import lines_of
from yanku.answer.sentences import Sentences
from yanku.model.answer import Declined, Grounded, Reason
from yanku.model.finance import Profile
from yanku.model.inquiry import Inquiry, Task
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.place import Box, OnPage
from yanku.model.search import Channel, Hit

ASKED = Inquiry("研发人员多少？", Task.TEXT)


def words(text: str) -> tuple[str, ...]:
    return tuple(text)


def hit(name: str, *lines: str, context: str = "") -> Hit:
    places = tuple(OnPage(3, Box(0, 10 * i, 100, 10 * i + 9)) for i in range(len(lines)))
    chunk = Chunk(
        ChunkId(name), DocumentId("d" + name), 0, context, "\n".join(lines), OnPage(3), places
    )
    return Hit(chunk, f"{name}.pdf", Profile(), 1.0, {Channel.WORDS: 1})


def draft(*hits: Hit) -> Draft:
    return Draft(ASKED.question, lines_of(hits), words)


def test_a_sentence_is_bound_to_the_line_that_holds_its_number() -> None:
    made = draft(hit("a", "销售人员 300人", "研发人员 210人"))
    claim = made.offer("研发人员为210人。")
    assert claim is not None
    assert made.citations[0].quote == "研发人员 210人"
    assert made.citations[0].place == OnPage(3, Box(0, 10, 100, 19))


def test_a_number_in_no_line_is_withheld_and_counted() -> None:
    made = draft(hit("a", "研发人员 210人"))
    assert made.offer("研发人员为211人。") is None
    answer = made.answer(ASKED)
    assert isinstance(answer, Declined)
    assert answer.reason is Reason.UNSUPPORTED
    assert answer.nearest[0].quote == "研发人员 210人"


def test_the_models_own_mark_does_not_make_a_number_true() -> None:
    made = draft(hit("a", "研发人员 210人"), hit("b", "生产人员 999人"))
    assert made.offer("研发人员为888人[1]。") is None


def test_a_good_sentence_survives_beside_a_bad_one() -> None:
    made = draft(hit("a", "研发人员 210人"))
    made.offer("研发人员为210人。")
    made.offer("其中博士77人。")
    answer = made.answer(ASKED)
    assert isinstance(answer, Grounded)
    assert answer.withheld == 1
    assert answer.text == "研发人员为210人。[1]"
    assert answer.amount is not None
    assert answer.amount.unit == "people"


def test_a_refusal_ends_the_answer() -> None:
    made = draft(hit("a", "研发人员 210人"))
    assert made.offer("资料未提及。") is None
    assert made.offer("研发人员为210人。") is None
    answer = made.answer(ASKED)
    assert isinstance(answer, Declined)
    assert answer.reason is Reason.NOT_FOUND


def test_words_that_no_line_shares_are_withheld() -> None:
    made = draft(hit("a", "公司主要从事医疗器械的研发与销售"))
    assert made.offer("今天天气晴朗适合出游") is None
    assert made.offer("公司从事医疗器械研发与销售。") is not None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_cut_the_same_however_the_stream_is_cut(size: int) -> None:
    text = "营收12.5亿元[1]。同比增长3.2%。[2] Revenue was 1.5 million. It grew.\n完"
    cutter, found = Sentences(), []
    for start in range(0, len(text), size):
        found += cutter.add(text[start : start + size])
    found += cutter.rest()
    assert "".join(found) == text
    assert [sentence.strip() for sentence in found] == [
        "营收12.5亿元[1]。",
        "同比增长3.2%。[2]",
        "Revenue was 1.5 million.",
        "It grew.",
        "完",
    ]


def test_the_amount_is_absent_where_a_sentence_has_two() -> None:
    made = draft(hit("a", "研发人员 210人 销售人员 300人"))
    made.offer("研发人员210人，销售人员300人。")
    answer = made.answer(ASKED)
    assert isinstance(answer, Grounded)
    assert answer.amount is None


@pytest.mark.parametrize(
    ("said", "released"),
    [
        ("公司于2021年投产。", True),
        ("公司于2022年投产。", False),
        ("投产后共有6条产线。", True),
        ("投产后共有9条产线。", False),
    ],
)
def test_a_date_or_a_count_nobody_wrote_is_withheld(said: str, released: bool) -> None:
    made = draft(hit("a", "公司于2021年投产，投产后共有6条产线"))
    assert (made.offer(said) is not None) is released
