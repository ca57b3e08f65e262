"""What must be worked out is worked out, or declined: the figures it is made of do not answer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.houses import add_text, open_test_house

from yanku.model.amount import Amount
from yanku.model.answer import Answer, Declined, Grounded
from yanku.testing.model import FakeModel

QUESTION = "What was the percentage change in kiln income between 2030 and 2031?"
PAGE = (
    "<html><body><p>Kiln results (in thousands):</p><table>"
    "<tr><th></th><th>2031</th><th>{before}</th></tr>"
    "<tr><td>Kiln income</td><td>1,250</td><td>1,000</td></tr></table>{after}</body></html>"
)


async def told(database_url: str, folder: Path, before: str, after: str = "") -> Answer:
    model = FakeModel("Kiln income was 1,250[1].")
    async with open_test_house(database_url, folder, model=model) as house:
        who = await house.accounts.local()
        await add_text(house, folder, "kilns.html", PAGE.format(before=before, after=after), who)
        return (await house.ask.answer(QUESTION, principal=who)).answer


async def test_a_change_is_worked_out_of_its_two_figures(database_url: str, tmp_path: Path) -> None:
    answer = await told(database_url, tmp_path, "2030")
    assert isinstance(answer, Grounded)
    assert answer.amount is not None
    assert answer.amount == Amount(Decimal(25), "%")


async def test_without_one_of_them_the_other_is_not_given_instead(
    database_url: str, tmp_path: Path
) -> None:
    answer = await told(database_url, tmp_path, "2029")
    assert isinstance(answer, Declined), answer


async def test_a_sentence_that_states_the_change_may_answer(
    database_url: str, tmp_path: Path
) -> None:
    stated = "<p>Kiln income changed by 25% between 2030 and 2031.</p>"
    answer = await told(database_url, tmp_path, "2029", stated)
    assert isinstance(answer, Grounded)
    assert "25%" in answer.text


async def test_whether_there_were_changes_is_answered_by_who_says_there_were_none(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path, model=FakeModel("Nothing.")) as house:
        who = await house.accounts.local()
        said = "<h1>Kiln Works plc</h1><p>There were no changes in kiln policies in 2031.</p>"
        await add_text(house, tmp_path, "kilns.html", f"<html><body>{said}</body></html>", who)
        question = "Were there changes in Kiln Works' kiln policies in 2031?"
        answer = (await house.ask.answer(question, principal=who)).answer
    assert isinstance(answer, Grounded), answer
    assert answer.text.startswith("No.")
