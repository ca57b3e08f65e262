"""Laws of printed amounts: what is printed in any style is read back."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from yanku.model.amount import Amount, find_amounts, read_amount, read_unit

_WIDE = str.maketrans("0123456789,.()-%", "０１２３４５６７８９，．（）－％")
_UNITS = st.sampled_from(
    ["元", "千元", "万元", "百万元", "亿元", "万亿元", "美元", "万美元", "港元", "%", "个百分点",
     "元/股", "倍", "股", "万股", "亿股", "人"]
)  # fmt: skip


@st.composite
def _numbers(draw: st.DrawFn) -> Decimal:
    digits = draw(st.integers(0, 10**14))
    return Decimal(digits).scaleb(-draw(st.integers(0, 4)))


def _print(value: Decimal, *, grouped: bool) -> str:
    return f"{value:,f}" if grouped else f"{value:f}"


@given(_numbers(), _UNITS, st.sampled_from(["", "-", "−", "–", "△", "("]), st.booleans())
def test_an_amount_printed_in_any_style_is_read_back(
    value: Decimal, unit: str, sign: str, wide: bool
) -> None:
    printed = _print(value, grouped=True) + unit
    text = f"({printed})" if sign == "(" else sign + printed
    meaning = read_unit(unit)
    assert meaning is not None
    signed = -value if sign else value
    shown = text.translate(_WIDE) if wide else text
    assert read_amount(shown) == Amount(signed * meaning.scale, meaning.code)


@given(_numbers(), _UNITS, st.sampled_from(["千元", "%", ""]))
def test_the_printed_unit_wins_over_the_one_around_it(
    value: Decimal, unit: str, around: str
) -> None:
    printed = _print(value, grouped=False) + unit
    assert read_amount(printed, around) == read_amount(printed)


@given(_numbers(), _UNITS)
def test_the_unit_around_a_number_is_as_good_as_its_own(value: Decimal, unit: str) -> None:
    grouped = _print(value + 3000, grouped=True)
    assert read_amount(grouped, unit) == read_amount(grouped + unit)


@given(
    _numbers(), _UNITS, st.booleans(), st.sampled_from(["营业收入为", "Revenue was ", "同比增长"])
)
def test_what_is_printed_amid_text_is_found(
    value: Decimal, unit: str, negative: bool, before: str
) -> None:
    printed = ("-" if negative else "") + _print(value, grouped=True) + unit
    text = f"2023年第3季度，{before}{printed}，见附注12[3]。"
    found = find_amounts(text)
    assert [p.amount for p in found] == [read_amount(printed)]
    assert found[0].text == printed
    assert found[0].half_step > 0


@given(st.text())
@example("1" + "0" * 28)
@example("999999999999999999999999万亿元")
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_unit(text)
    read_amount(text, text)
    for printed in find_amounts(text):
        assert text[printed.start : printed.end] == printed.text


@given(st.lists(_numbers(), min_size=1, max_size=5))
def test_every_amount_of_a_list_is_found_in_order(values: list[Decimal]) -> None:
    text = "分别为" + "、".join(_print(v, grouped=True) + "万元" for v in values) + "。"
    assert [p.amount.value for p in find_amounts(text)] == [v * 10000 for v in values]
