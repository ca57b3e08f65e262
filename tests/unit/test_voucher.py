"""Receipts and invoices say who sold, when, and for how much; unclear ones say nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yanku.finance.voucher import voucher_of
from yanku.model.amount import Amount
from yanku.model.document import Digest, Document, Origin, Page, Paragraph
from yanku.model.place import Box, OnPage


def _document(*lines: str) -> Document:
    blocks = tuple(
        Paragraph(line, OnPage(1, Box(10, 10 * i, 100, 10 * i + 8))) for i, line in enumerate(lines)
    )
    page = Page(1, 200, 600, Origin.OCR)
    return Document(Digest(""), "a.jpg", "image/jpeg", (page,), blocks)


def test_a_till_receipt_says_seller_day_and_what_was_due_after_rounding() -> None:
    found = voucher_of(
        _document(
            "GREEN LEAF STATIONERY",
            "TAX INVOICE",
            "Date: 14/03/2021 Cashier: 02",
            "Subtotal 20.02",
            "GST 6% 1.20",
            "Total RM 21.22",
            "Rounding adj. -RM 0.02",
            "Rounded total RM 21.20",
            "Cash RM 50.00 Change RM 28.80",
        )
    )
    assert found is not None
    assert (found.merchant, found.day) == ("GREEN LEAF STATIONERY", date(2021, 3, 14))
    assert found.total == Amount(Decimal("21.20"), "MYR")
    assert found.place == OnPage(1, Box(10, 70, 100, 78))
    assert found.title == "GREEN LEAF STATIONERY 2021-03-14 21.20 MYR"


def test_a_chinese_invoice_is_read_by_its_total_with_tax_and_its_seller() -> None:
    found = voucher_of(
        _document(
            "增值税电子普通发票 发票代码：011002000311",
            "开票日期：2024年05月06日",
            "购买方 名称：丙公司",
            "合计 ¥1,000.00 税额 ¥60.00",
            "价税合计（大写）壹仟零陆拾圆整 （小写）¥1,060.00",
            "销售方 名称：甲乙科技有限公司",
        )
    )
    assert found is not None
    assert (found.merchant, found.day) == ("甲乙科技有限公司", date(2024, 5, 6))
    assert found.total == Amount(Decimal("1060.00"), "CNY")


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        (("Total 12.00", "Total 13.00"), None),
        (("Total qty 3.00", "Total GST 0.85", "Total 15.00"), Decimal("15.00")),
        (("Sub-total 9.00",), None),
        (("Total 112.46", "Cash 112.45", "Change 0.00"), Decimal("112.45")),
        (("Grand total 8.80", "Total 8.00"), Decimal("8.80")),
        (("T otal Q ty: 1.00",), None),
        (("Total 9.00", "Cash 50.00", "Change 1.00"), None),
        (("Total excl. of VAT 7.00", "Total (inclusive of 8% VAT) 7.56"), Decimal("7.56")),
        (("Total amount rounded 21.20", "Payment: 50.00", "Change due 28.80"), Decimal("21.20")),
        (("Total DAI75527.55",), None),
        (("Total DAI75527.55", "Tax summary", "Total 26.00 1.56"), None),
        (("TOTAL15.90",), Decimal("15.90")),
    ],
)
def test_a_total_is_given_only_where_one_sum_is_left(
    lines: tuple[str, ...], total: Decimal | None
) -> None:
    found = voucher_of(_document("Corner shop", "Receipt no. 7", "Cashier 1", *lines))
    assert found is not None
    assert (found.total.value if found.total else None) == total


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("31/12/19", date(2019, 12, 31)),
        ("12/28/2017", date(2017, 12, 28)),
        ("5 Jan 2020", date(2020, 1, 5)),
        ("31/02/2020", None),
    ],
)
def test_the_day_is_read_in_the_usual_forms_and_never_invented(
    printed: str, day: date | None
) -> None:
    found = voucher_of(_document("Corner shop", "Receipt", f"Cashier 1 {printed} 10:20"))
    assert found is not None
    assert found.day == day


def test_a_report_is_no_voucher() -> None:
    assert voucher_of(_document("Annual report 2024", "Total assets 1,000.00")) is None


def test_a_total_whose_label_is_unreadable_is_proved_by_subtotal_and_tax() -> None:
    lines = ("TAX INVOICE", "Sub Total 40.50", "Service 0.00", "VAT 8% 3.24", "T0;' : 43.74")
    found = voucher_of(_document(*lines))
    assert found is not None
    assert found.total == Amount(Decimal("43.74"), "")
    assert found.place == OnPage(1, Box(10, 40, 100, 48))


def test_a_total_whose_label_is_unreadable_is_proved_by_subtotal_and_cash_less_change() -> None:
    lines = ("RECEIPT", "SUB-(OTAL (VAT) 12.30", "ROUNDING 0.00", "CASH 12.30", "CHANGE 0.00")
    found = voucher_of(_document(*lines))
    assert found is not None
    assert found.total == Amount(Decimal("12.30"), "")


@pytest.mark.parametrize(
    "lines",
    [
        ("TAX INVOICE", "Sub Total 40.50", "VAT 8% 3.24", "T0;' : 48.74"),
        ("TAX INVOICE", "Sub Total 40.50", "VAT 8% 3.24", "T0;' : 43.74", "Cash 60.00 Change 6.26"),
        ("TAX INVOICE", "Sub Total 40.50", "Discount 4.05", "T0;' : 36.45", "VAT 0.00"),
        ("TAX INVOICE", "43.74 bread", "Sub Total 40.50", "VAT 8% 3.24"),
    ],
)
def test_no_total_is_given_that_subtotal_tax_and_cash_do_not_prove(lines: tuple[str, ...]) -> None:
    found = voucher_of(_document(*lines))
    assert found is not None
    assert found.total is None


def test_of_two_sums_a_few_coins_apart_neither_is_the_total_unless_the_rounding_is_read() -> None:
    found = voucher_of(_document("TAX INVOICE", "GST 0.00", "Total 65.56", "GRAND :OT;L 65.55"))
    assert found is not None
    assert found.total is None
    lines = ("TAX INVOICE", "GST 0.00", "Total 65.56", "Rounding -0.01", "GRAND :OT;L 65.55")
    found = voucher_of(_document(*lines))
    assert found is not None
    assert found.total == Amount(Decimal("65.55"), "")


def test_a_subtotal_whose_label_is_damaged_is_not_the_total() -> None:
    found = voucher_of(_document("TAX INVOICE", "Su, Total 66.75", "VAT 4.00", "GRAN( TOT,: 70.75"))
    assert found is not None
    assert found.total is None


STAMPED = (
    "TAX INVOICE",
    "Subtotal 26.00",
    "Total tax 1.56",
    "Rounding -0.01",
    "TOTAL DA175527.55",
    "GST summary",
    "Total 26.00",
)


def _total_of(*lines: str) -> Amount | None:
    found = voucher_of(_document(*lines))
    assert found is not None
    return found.total


def test_a_total_that_a_stamp_runs_into_is_proved_by_subtotal_tax_and_rounding() -> None:
    assert _total_of(*STAMPED) == Amount(Decimal("27.55"), "")
    assert _total_of(*(s.replace("527.55", "527.65") for s in STAMPED)) is None
    assert _total_of(*(s for s in STAMPED if "tax 1" not in s)) is None


def test_a_point_that_is_gone_is_read_where_the_sum_is_printed_again_with_its_point() -> None:
    lines = ("TAX INVOICE", "GST no. 12", "Total RM 86 00", "Visa RM 86.00")
    assert _total_of(*lines) == Amount(Decimal("86.00"), "MYR")
    assert _total_of(*lines[:-1], "Visa RM 85.00") is None
