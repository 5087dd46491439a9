"""Bars and amounts of money as text."""
from __future__ import annotations

from decimal import Decimal

import pytest

from crm_workbook.widgets.bars import EMPTY, FULL, SPACE, bar, money, stacked


@pytest.mark.parametrize(("amount", "text"), [
    (Decimal("182400"), f"182{SPACE}400"), (Decimal("1234567.50"), f"1{SPACE}234{SPACE}568"), (Decimal(0), "0"), (999.4, "999"),
    (Decimal("-0.3"), "0"), (Decimal("-4100"), f"-4{SPACE}100"), (None, "?")])
def test_money_has_spaces_between_thousands_and_the_unknown_is_no_zero(amount: Decimal | float | None, text: str) -> None:
    assert money(amount) == text


@pytest.mark.parametrize(("value", "full"), [
    (0, 0), (None, 0), (-3, 0), (0.001, 1), (50, 5), (54, 5), (55, 6), (100, 10), (300, 10)])
def test_a_bar_is_as_long_as_its_value(value: float | None, full: int) -> None:
    assert bar(value, 100, 10) == FULL * full + EMPTY * (10 - full)


def test_a_bar_without_room_or_scale_is_empty() -> None:
    assert bar(5, 10, 0) == "" and bar(5, 0, 4) == EMPTY * 4 and stacked([("a", 1)], 0, 3) == "···"


def test_the_parts_together_are_as_long_as_the_sum() -> None:
    parts = [("L", Decimal(14)), ("H", Decimal(14)), ("S", Decimal(2)), ("T", Decimal(30))]
    text = stacked(parts, Decimal(100), 10)
    assert text == "LHHTTT····" and text.count("·") == bar(60, 100, 10).count(EMPTY)
    assert stacked([("L", Decimal(-5)), ("H", Decimal(100))], Decimal(100), 4) == "HHHH"
