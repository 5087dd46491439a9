"""Bars made of characters, for charts that a terminal without colours shows as well; and amounts of money as people read them.

A bar never stands alone: the figure it draws is written beside it.
"""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

FULL, EMPTY = "▰", "▱"
SPACE = "\u00a0"
"""Between thousands: a space at which no line is broken."""
Amount = Decimal | float


def money(amount: Amount | None, unknown: str = "?") -> str:
    """An amount in whole units, with a space between thousands: '182 400'. None: `unknown`; it is never a zero."""
    if amount is None:
        return unknown
    text = f"{amount:,.0f}".replace(",", SPACE)
    return "0" if text == "-0" else text


def bar(value: Amount | None, largest: Amount, width: int, full: str = FULL, empty: str = EMPTY) -> str:
    """`value / largest` of `width` cells, rounded to whole ones; whatever is more than nothing has one at least. None and what
    is below nothing have none."""
    if width <= 0:
        return ""
    count = _cells(value, largest, width)
    return full * count + empty * (width - count)


def stacked(parts: Sequence[tuple[str, Amount]], largest: Amount, width: int, empty: str = "·") -> str:
    """One bar of several parts, each drawn with its own sign (one cell wide), on the scale on which `largest` fills `width`.

    The borders are rounded, not the parts, so the whole bar is as long as `bar` of the sum; a part too small for a cell of its
    own is not seen. Parts below nothing are left out.
    """
    if width <= 0 or largest <= 0:
        return empty * max(width, 0)
    text, total = "", Decimal(0)
    for sign, amount in parts:
        total += max(Decimal(amount), Decimal(0))
        text += sign * (_cells(total, largest, width) - len(text))
    return text + empty * (width - len(text))


def _cells(value: Amount | None, largest: Amount, width: int) -> int:
    if value is None or value <= 0 or largest <= 0:
        return 0
    share = Decimal(value) / Decimal(largest)
    return min(max(int(share * width + Decimal("0.5")), 1), width)
