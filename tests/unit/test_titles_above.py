"""What stands above a table: its title and its unit, past lines that are neither."""

from __future__ import annotations

import pytest

from yanku.model.document import Heading, Paragraph
from yanku.model.place import OnPage
from yanku.parse.table import title_above

TITLE = Heading("CONSOLIDATED STATEMENTS OF OPERATIONS", 3, OnPage(1))
UNIT = Paragraph("(In millions, except per share amounts)", OnPage(1))


@pytest.mark.parametrize(
    "over", ["Years ended", "Fiscal years ended", "Three months ended", "For the 52 weeks ended:"]
)
def test_a_stretch_over_the_columns_is_no_title_and_hides_no_unit(over: str) -> None:
    alone = title_above([TITLE, UNIT])
    assert alone[0] == TITLE.text
    assert "millions" in alone[1]
    assert title_above([TITLE, UNIT, Heading(over, 3, OnPage(1))]) == alone
    assert title_above([TITLE, UNIT, Paragraph(over, OnPage(1))]) == alone
