"""What is asked of a segment is answered from the report's own table, to those who may read it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.houses import add_person, add_text, open_test_house

from yanku.model.answer import Answer, Declined, Grounded
from yanku.model.people import Principal
from yanku.wiring import House

PAGE = """<html><body>
<h1>Towen Materials, Inc.</h1><p>Annual report on Form 10-K for the fiscal year ended
December 31, 2023</p>
<h2>Consolidated Statements of Income</h2><p>(in millions)</p>
<table><tr><td>Year ended December 31,</td><td>2023</td><td>2022</td></tr>
<tr><td>Net sales</td><td>1,000</td><td>900</td></tr>
<tr><td>Cost of sales</td><td>600</td><td>560</td></tr>
<tr><td>Operating income</td><td>150</td><td>120</td></tr></table>
<h2>Segments</h2><p>Net sales by segment (in millions):</p>
<table><tr><td></td><td>2023</td><td>2022</td></tr>
<tr><td>Pumps</td><td>620</td><td>500</td></tr>
<tr><td>Valves</td><td>380</td><td>400</td></tr>
<tr><td>Total</td><td>1,000</td><td>900</td></tr></table>
</body></html>"""
QUESTION = "What share of Towen Materials' 2023 net sales came from Pumps?"


async def answered(house: House, who: Principal, question: str = QUESTION) -> Answer:
    return (await house.ask.answer(question, principal=who)).answer


async def test_a_segments_share_is_told_with_both_its_figures_cited(
    database_url: str, tmp_path: Path
) -> None:
    async with open_test_house(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        entry = await add_text(house, tmp_path, "towen.html", PAGE, owner)
        told = await answered(house, owner)
        assert isinstance(told, Grounded)
        assert told.amount is not None
        assert (told.amount.value, told.amount.unit) == (Decimal(62), "%")
        assert [c.document for c in told.citations] == [entry.id, entry.id]
        assert isinstance(await answered(house, await add_person(house, "mei")), Declined)
