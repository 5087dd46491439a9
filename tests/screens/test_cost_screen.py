"""Costs on the screen: nothing that is open looks like a zero, and everything that is open leads to where it is written."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from rich._wrap import divide_line
from textual.geometry import Size
from textual.widgets import Static

from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Delete
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import Choice, CostLine, DatabaseTier, Fit, Payment, Vendor
from crm_workbook.screens.registers import RegisterPage
from crm_workbook.screens.vendors.compare_sheet import CompareSheet
from crm_workbook.screens.vendors.cost_rows import MODES, CostRow, in_mode, rows_of, together
from crm_workbook.screens.vendors.cost_sheet import BarRow, CostSheet
from crm_workbook.screens.vendors.costing import whole
from crm_workbook.screens.vendors.database_sheet import DatabaseSheet, stepped
from crm_workbook.screens.vendors.payment_sheet import PaymentSheet
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.widgets.bars import SPACE
from crm_workbook.widgets.lines import LineList
from tests.screens.desk import Desk, desk, workbook

S = TypeVar("S", bound=Sheet)


def records() -> list[Record]:
    """A vendor for rent and one for purchase: users 10, 13, 16 in the three years that are counted."""
    return [Project(number=1, currency="EUR"),
            Scale(number=1, users_total=10, users_at_once=8, data_gb=30.0, users_growth=25.0),
            Vendor(number=1, name="Alpha"), Vendor(number=2, name="Borealis"),
            CostLine(number=1, vendor="V1", bucket="licence", title="Rent", kind="recurring", basis="user", likely=Decimal(300),
                     growth=0.0),
            CostLine(number=2, vendor="V1", bucket="dbms", title="Database", kind="recurring"),
            CostLine(number=3, vendor="V1", bucket="training", title="Lessons", kind="one_off", basis="fixed",
                     low=Decimal(800), likely=Decimal(1000), high=Decimal(2000)),
            CostLine(number=4, vendor="V1", bucket="training", title="More lessons", kind="one_off", basis="fixed",
                     likely=Decimal(500), late=True),
            CostLine(number=5, vendor="V1", bucket="exit", title="Export", kind="one_off", basis="fixed", likely=Decimal(900)),
            CostLine(number=6, vendor="V2", bucket="licence", title="Licences", kind="one_off", basis="fixed",
                     likely=Decimal(8000)),
            CostLine(number=7, vendor="V2", bucket="support", title="Support", kind="recurring", basis="fixed",
                     likely=Decimal(100))]


async def show(here: Desk, made: S) -> S:
    """Opens a sheet."""
    open_sheet(made)
    await here.until(lambda: made.is_mounted and bool(made.query(".sheet-keys")), "sheet opened")
    await here.pilot.pause()
    return made


async def costs_of(here: Desk, vendor: str = "V1", at: str = "") -> CostSheet:
    """The cost sheet, opened from its board."""
    await here.until(lambda: here.screen.view is not None, "facts")
    await here.open("5", "cost_sheet")
    return await show(here, CostSheet(here.screen, vendor, at))


def said(here: Desk, name: str) -> str:
    """What stands in a part of the sheet."""
    part = here.app.screen.query_one(f".sheet-{name}" + (" Static" if name == "detail" else ""), Static)
    return str(part.content).replace(SPACE, " ")


def line(here: Desk, words: str) -> str:
    """The line of the screen with these words."""
    return next((" ".join(found.replace(SPACE, " ").split()) for found in here.text().split("\n") if words in found), "")


def opened(tmp_path: Path, rows: Iterable[Record], size: tuple[int, int] = (100, 40)) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen."""
    return desk(workbook(tmp_path / "a.crm", rows), size=size)


async def test_the_board_says_at_least_and_how_much_is_open(tmp_path: Path) -> None:
    async with opened(tmp_path, records(), (80, 24)) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "cost_sheet")
        assert "Vendor (EUR)" in here.text()
        assert "4 500" in line(here, "> Alpha") and "≥" in line(here, "> Alpha")
        assert "Alpha: likely at least" in here.text() and "priced:" in here.text() and "Hidden" in here.text()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, CostSheet))
        await here.press("escape", "end", "enter")
        await here.until(lambda: isinstance(here.app.screen, DatabaseSheet))
        await here.press("escape", "up", "enter")
        await here.until(lambda: isinstance(here.app.screen, CompareSheet))


async def test_without_vendors_the_board_leads_to_the_first_one(tmp_path: Path) -> None:
    async with opened(tmp_path, []) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "cost_sheet")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Vendor)


async def test_lines_ghosts_and_sums_year_by_year(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here)
        assert line(here, "Licences: Rent") == "> Licences: Rent 11 700 3 000 3 900 4 800"
        assert line(here, "Database: Database").endswith("? ? ? ?")  # open, not zero
        assert "1 500 1 500 0" in line(here, "Training ") and "500 500 0" in line(here, "late: More lessons")
        assert "4 500" in line(here, "At least, without leaving") and "900 900" in line(here, "Apart: Leaving: Export")
        assert "nobody has asked" in line(here, "Support: ")
        assert made.found.open_amounts and f"{made.found.open_amounts} open" in said(here, "head")
        assert "priced: 13 000 to 14 200" in said(here, "head")


async def test_the_rows_add_up_to_the_total(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here)
        rows = list(rows_of(made.view, made.found))
        single = [row for row in rows if row.kind in ("line", "sizes") and row.bucket != "exit" and row.amounts is not None]
        total = next(row for row in rows if row.kind == "total")
        assert total.amounts == tuple(sum(year) for year in zip(*(row.amounts or () for row in single), strict=True))
        assert sum(total.amounts) == made.found.total
        assert len({row.key for row in rows}) == len(rows)


def test_the_ways_to_show_amounts() -> None:
    amounts = (Decimal(100), Decimal(110), Decimal(121))
    shown = {mode: ([float(amount) for amount in in_mode(amounts, mode, 10)], float(together(amounts, mode, 10)))
             for mode in MODES}
    assert shown == {"year": ([100, 110, 121], 331), "added": ([100, 210, 331], 331), "worth": ([100, 100, 100], 300)}


async def test_added_up_at_todays_worth_and_as_a_chart(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here)
        await here.press("y")
        assert "added up" in said(here, "head") and "3 000 6 900" in line(here, "Licences: Rent")
        await here.press("y")
        assert "at today's worth (10 % a year)" in said(here, "head") and "3 000 3 545" in line(here, "Licences: Rent")
        await here.press("y", "b")
        assert "LLLLTTT" not in line(here, "Year 2") and "LLLL" in line(here, "> Year 1") and "T" in line(here, "> Year 1")[10:]
        assert "Year 1: L Licences 3 000, T Training 1 500." in said(here, "detail")
        assert "open and not in the bars" in said(here, "detail") and isinstance(made.row, BarRow)
        await here.press("b")
        assert isinstance(made.row, CostRow)


@pytest.mark.parametrize(("at", "kind"), [("CL1", "line"), ("CL2", "ghost")])
async def test_enter_opens_the_line_and_back_leads_here(tmp_path: Path, at: str, kind: str) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here, at=at)
        assert made.row.kind == kind
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == at)
        assert at != "CL2" or here.page.form.field.name == "likely"
        await here.press("f3")
        await here.until(lambda: isinstance(here.app.screen, CostSheet) and here.app.screen.lines.key == at)


async def test_a_kind_of_cost_nobody_asked_about_becomes_a_line(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        await costs_of(here, at="bucket security")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CostLine)
        await here.type("Second factor")
        await here.press("f3")
        await here.until(lambda: len(here.book.rows(CostLine)) == 8)
        made = here.book.rows(CostLine)[-1]
        assert (made.vendor, made.bucket, made.title) == ("V1", "security", "Second factor")


async def test_nothing_to_pay_settles_a_ghost_and_says_when(tmp_path: Path) -> None:
    rows = [*records(), Requirement(number=1, title="Signature", priority="must", state="accepted"),
            Fit(number=1, vendor="V1", requirement="R1", mark="extra"),
            DatabaseTier(number=1, vendor="V2", title="Small", users=100)]
    async with opened(tmp_path, rows) as here:
        made = await costs_of(here, at="CL2")
        await here.press("0")
        await here.until(lambda: here.book.rows(CostLine)[1].likely == 0)
        assert f"said on {here.screen.today()}" in here.book.rows(CostLine)[1].note
        await here.until(lambda: made.row.kind == "line")
        assert made.lines.go_to("extra R1")
        await here.press("0")
        await here.until(lambda: len(here.book.rows(CostLine)) == 8)
        extra = here.book.rows(CostLine)[-1]
        assert extra.likely == 0 and (extra.requirement, extra.bucket, extra.title) == ("R1", "addons", "Signature")
        await here.until(lambda: all(ghost.kind != "extra" for ghost in made.found.ghosts))
        assert made.lines.go_to("bucket security")
        await here.press("0")
        await here.until(lambda: len(here.book.rows(CostLine)) == 9 and "security" not in made.found.unasked)
        await here.press("u")
        await here.until(lambda: len(here.book.rows(CostLine)) == 8 and "security" in made.found.unasked)
        assert made.lines.go_to("CL1")
        await here.pilot.pause()
        await here.press("0")
        assert "0 is for lines with a question mark" in said(here, "detail")


async def test_what_was_written_is_not_set_to_zero(tmp_path: Path) -> None:
    rows = [*records(), CostLine(number=8, vendor="V1", bucket="support", title="Calls", kind="recurring", basis="hour",
                                 likely=Decimal(50))]
    async with opened(tmp_path, rows) as here:
        await costs_of(here, at="CL8")
        assert "It has an amount, but not how often or how many" in said(here, "detail")
        await here.press("0")
        assert "press Enter and write down what is missing" in said(here, "detail")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.form.field.name == "units")
        assert here.book.rows(CostLine)[7].likely == 50


async def test_how_prices_grow_is_an_answer(tmp_path: Path) -> None:
    rows = [*records(), CostLine(number=8, vendor="V1", bucket="licence", title="More rent", kind="recurring",
                                 likely=Decimal(9))]
    async with opened(tmp_path, rows) as here:
        await costs_of(here, at="answer price-increase")
        assert "Enter opens the answer." in said(here, "detail")
        await here.press("0")
        assert not any(row.question for row in here.book.rows(CostLine))
        await here.press("enter")
        await here.until(lambda: not isinstance(here.app.screen, CostSheet) and "the price can go up in a year" in here.text())


async def test_the_sums_in_words(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        await costs_of(here, at="total")
        text = said(here, "detail")
        assert "Came up after the contract: 500. Leaving, apart: 900." in text and "For one active user: not measured." in text
        assert "Hidden share" in text and "Own working time: ?" in text


async def test_more_years_than_fit_are_a_window(tmp_path: Path) -> None:
    rows = [*records(), Choice(number=1, vendor="V1", on=date(2026, 1, 1), period=7)]
    async with opened(tmp_path, rows, (80, 24)) as here:
        made = await costs_of(here)
        assert made.found.years == 7 and "Year 3 ›" in here.text() and "Year 4" not in here.text()
        await here.press(*["right"] * 5)
        assert "Year 7" in here.text() and "‹ Year" in here.text() and "Year 1 " not in here.text()
        await here.press(*["left"] * 9)
        assert "‹" not in here.text()


async def test_rent_overtakes_purchase(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here)
        await here.press("c")
        await here.until(lambda: isinstance(here.app.screen, CompareSheet))
        await here.pilot.pause()
        assert "Alpha (rent) against Borealis (purchase)" in said(here, "head")
        # 4,500 and 8,400 against 8,100 and 8,200
        assert "From year 2 on Alpha has cost more than Borealis. Open amounts can turn this." in said(here, "head")
        assert line(here, "2 ◂").startswith("2 ◂ 8 400 8 200 +200") and "-3 600" in line(here, "> 1")
        await here.press("w")
        assert "at today's worth" in said(here, "head")
        assert "From year 3 on" in said(here, "head")  # 8,045 against 8,191 after two years
        before = len(here.app.screen.query_one(LineList).rows)
        await here.press("right", "right", "left")
        assert len(here.app.screen.query_one(LineList).rows) == before + 1
        await here.press("escape")
        assert here.app.screen is made


async def test_a_vendor_beside_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path, [Vendor(number=1, name="Alpha")]) as here:
        await here.until(lambda: here.screen.view is not None)
        await show(here, CompareSheet(here.screen))
        assert "A second vendor is needed" in here.text()
        await here.press("a")
        assert "no other vendor" in said(here, "detail")
        await here.press("enter")
        await here.until(lambda: isinstance(here.screen.page, RegisterPage) and here.page.in_form)
        assert here.page.current_kind is Vendor


async def test_the_payment_plan_says_what_is_paid_before_an_acceptance(tmp_path: Path) -> None:
    rows = [*records(), Phase(number=1, title="One"),
            Payment(number=1, vendor="V1", title="Signing", amount=Decimal(600), due=date(2026, 1, 5), paid_on=date(2026, 1, 5),
                    needs_acceptance=False),
            Payment(number=2, vendor="V1", title="Phase one", phase="PH1", amount=Decimal(400), due=date(2090, 1, 5),
                    needs_acceptance=True)]
    async with opened(tmp_path, rows) as here:
        await costs_of(here)
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, PaymentSheet))
        await here.pilot.pause()
        assert "all payments 1 000 paid 600" in " ".join(said(here, "head").split())
        assert "paid before any acceptance" in line(here, "> 2026-01-05") and "after acceptance" in line(here, "2090-01-05")
        assert "Paid before the first acceptance: 600 EUR (60 %)." in said(here, "detail")
        await here.press("down", "enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "PM2")
        await here.press("f3")
        await here.until(lambda: isinstance(here.app.screen, PaymentSheet))


TIERS = (DatabaseTier(number=1, vendor="V1", title="Small", users=10, gb=50.0, price=Decimal(0)),
         DatabaseTier(number=2, vendor="V1", title="Large", users=100, gb=500.0, price=Decimal(4000), once=Decimal(900)))


async def test_the_slider_shows_the_size_and_the_year(tmp_path: Path) -> None:
    async with opened(tmp_path, [*records(), *TIERS]) as here:
        await here.until(lambda: here.screen.view is not None)
        made = await show(here, DatabaseSheet(here.screen))
        assert "◂ 8 ▸" in line(here, "Users at once") and line(here, "Alpha").startswith("Alpha Small 0 year 3 4 000")
        await here.press("right", "right", "right")
        assert "◂ 11 ▸" in here.text() and line(here, "Alpha").startswith("Alpha Large 4 000 year 11 ?")
        assert "nothing is written down" in said(here, "head") and here.book.only(Scale).users_at_once == 8
        await here.press("down", *["right"] * 5)
        assert "◂ 55 ▸" in line(here, "GB after 3 years") and made.value("gb") == 55
        await here.press("down")  # a vendor: left and right go on with the data
        assert "too small from year 11 on. There will be more users than it takes." in said(here, "detail")
        assert "▸ DT2 Large: up to 100 users, up to 500 GB, 4 000" in said(here, "detail")
        await here.press("left", "o")
        assert "◂ 30 ▸" in here.text() and "With the figures of the chapter Team." in said(here, "head")
        await here.press("down")
        assert "database sizes and their prices are not written down" in said(here, "detail")
        assert line(here, "> Borealis").startswith("> Borealis ? ? ?")


@pytest.mark.parametrize(("row", "kind", "code"), [
    ("V1", DatabaseTier, "DT1"), ("V2", DatabaseTier, ""), ("users", Scale, "SZ1")])
async def test_enter_on_the_slider_opens_what_it_rests_on(tmp_path: Path, row: str, kind: type[Record], code: str) -> None:
    async with opened(tmp_path, [*records(), *TIERS]) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "cost_sheet")
        await show(here, DatabaseSheet(here.screen, row))
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is kind)
        assert here.page.current_code == code
        await here.press("f3")
        await here.until(lambda: isinstance(here.app.screen, DatabaseSheet))


def test_the_steps_of_the_slider_go_the_same_way_back() -> None:
    value, up = 1, [1]
    while (value := stepped(value, 1)) != up[-1]:
        up.append(value)
    assert up[:3] == [1, 2, 3] and {20, 25, 100, 110, 200, 250, 1000, 1100, 2000} < set(up) and up[-1] == 100_000
    assert [stepped(value, -1) for value in up[1:]] == up[:-1] and stepped(1, -1) == 1
    assert stepped(None, 1) == stepped(None, -1) == 10 and stepped(33.5, 1) == 35 and stepped(33.5, -1) == 30


async def test_somebody_elses_change_shows_and_the_cursor_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, records()) as here:
        made = await costs_of(here, at="CL4")
        assert here.screen.session is not None
        here.screen.session.submit([Change("CL3", "likely", Decimal(1000), Decimal(1700))])
        await here.until(lambda: "1 700" in here.text().replace(SPACE, " "))
        assert made.lines.key == "CL4"
        here.screen.session.submit([Delete("V1")])
        await here.until(lambda: not isinstance(here.app.screen, CostSheet))


async def test_hostile_words_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J " + "long " * 40
    rows = [Vendor(number=1, name=nasty), Vendor(number=2, name=nasty), Project(number=1, currency="[/b]"),
            CostLine(number=1, vendor="V1", bucket="licence", title=nasty, kind="one_off", likely=Decimal(10), note=nasty),
            CostLine(number=2, vendor="V1", bucket="dbms", title=nasty, note=nasty),
            CostLine(number=3, vendor="V2", bucket="dbms", title=nasty, kind="one_off", likely=Decimal(10)),
            Payment(number=1, vendor="V1", title=nasty), DatabaseTier(number=1, vendor="V1", title=nasty, users=3)]
    async with opened(tmp_path, rows, (60, 20)) as here:
        made = await costs_of(here, at="CL2")
        assert "[/b]" in here.text() and "\x1b" not in here.text()
        for key in ("b", "b", "p"):
            await here.press(key)
        assert "[/b]" in here.text()
        await here.press("escape", "c")
        assert "[/b]" in here.text() and made.is_mounted
        await here.press("escape", "escape")
        await show(here, DatabaseSheet(here.screen, "V1"))
        assert "[/b]" in here.text() and "\x1b" not in here.text()


@pytest.mark.parametrize(("text", "breaks"), [("Alpha 182\u00a0400", [6]), ("182\u00a0400 EUR", [8]), ("  Alpha 1", [])])
def test_no_line_is_broken_within_an_amount(text: str, breaks: list[int]) -> None:
    assert divide_line(text, 9) == breaks


def test_the_words_of_a_board_end_where_a_sentence_ends() -> None:
    sentences = ["Alpha: likely 900.", "Hidden 10\u00a0%: much.", "Late: 5."]
    assert whole(sentences, Size(20, 2)) == "Alpha: likely 900. Hidden 10\u00a0%: much."
    assert whole(sentences, Size(20, 1)) == "Alpha: likely 900." and whole(sentences, Size(99, 1)).endswith("Late: 5.")
