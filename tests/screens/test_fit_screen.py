"""The marks of the requirements on the screen: one key for each cell, and none is lost however fast they come."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Static

from crm_workbook.records import Record
from crm_workbook.records.edits import Create, Delete
from crm_workbook.records.goals import CrmGoal
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Department
from crm_workbook.records.vendors import CostLine, Fit, Vendor
from crm_workbook.screens.vendors.fit_sheet import FitSheet
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.widgets.lines import Cell
from tests.screens.desk import Desk, desk, workbook

MARKS = ("works", "extra", "partly", "promised", "no")


def wanted(count: int, priority: str = "must", first: int = 1) -> list[Requirement]:
    """Accepted requirements."""
    return [Requirement(number=number, title=f"Wish {number}", priority=priority, state="accepted", department="D1",
                        goals=("C1",)) for number in range(first, first + count)]


def records(requirements: int = 3, vendors: int = 2) -> list[Record]:
    """So many requirements and vendors, and what they link to."""
    return [Department(number=1, name="Sales"), CrmGoal(number=1, title="One card"), *wanted(requirements),
            *(Vendor(number=number, name=f"Vendor {number}") for number in range(1, vendors + 1))]


def marks(here: Desk) -> dict[tuple[str, str], str]:
    """What stands in the Book."""
    return {(row.requirement, row.vendor): row.mark for row in here.book.rows(Fit)}


async def sheet(here: Desk, vendor: str = "", requirement: str = "") -> FitSheet:
    """Opens the sheet."""
    await here.until(lambda: here.screen.view is not None, "facts")
    made = FitSheet(here.screen, vendor, requirement)
    open_sheet(made)
    await here.until(lambda: made.is_mounted and bool(made.query(".sheet-keys")), "sheet opened")
    await here.pilot.pause()
    return made


def part(made: FitSheet, name: str) -> str:
    """What stands in a part of the sheet."""
    return str(made.query_one(f".sheet-{name}" + (" Static" if name == "detail" else ""), Static).content)


def typed(here: Desk, keys: Iterable[str]) -> None:
    """Keys that come all at once."""
    for key in keys:
        here.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_the_board_names_the_gaps_and_leads_to_the_cell(tmp_path: Path) -> None:
    rows = [*records(), Fit(number=1, vendor="V1", requirement="R1", mark="works"),
            Fit(number=2, vendor="V1", requirement="R2", mark="partly", note="Only by hand"),
            Fit(number=3, vendor="V2", requirement="R3", mark="extra")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "fit_sheet")
        text = here.text()
        assert "Vendor 1" in text and "0.75" in text and "R2 Wish 2" in text and "partly" in text
        await here.press("down")
        assert "Vendor 1: R2 Wish 2. Works in part. Only by hand." in here.text()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, FitSheet))
        assert isinstance(here.app.screen, FitSheet)
        await here.until(lambda: here.app.screen.cell == ("R2", "V1"))  # type: ignore[attr-defined]  # it is a FitSheet
        await here.press("escape")
        assert here.page.view == "fit_sheet"


async def test_a_mark_is_written_and_the_cursor_goes_on(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records())) as here:
        made = await sheet(here)
        assert made.cell == ("R1", "V1")
        await here.press("1")
        assert made.cell == ("R2", "V1")
        await here.press("5", "r", "4")  # from now on to the right
        assert made.cell == ("R3", "V2")
        await here.until(lambda: marks(here) == {("R1", "V1"): "works", ("R2", "V1"): "no", ("R3", "V1"): "promised"})
        await here.until(lambda: "0.37" in part(made, "head"))  # (1 + 0 + 0.1) / 3
        assert not made.given and not made.tokens


async def test_fifty_keys_at_once_land_in_their_cells(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records(25))) as here:
        made = await sheet(here)
        keys = [str(number * 7 % 5 + 1) for number in range(50)]
        typed(here, keys)
        await here.until(lambda: len(here.book.rows(Fit)) == 50, "all written")
        cells = [(f"R{number}", vendor) for vendor in ("V1", "V2") for number in range(1, 26)]
        assert marks(here) == {cell: MARKS[int(key) - 1] for cell, key in zip(cells, keys, strict=True)}
        await here.until(lambda: not made.given and not made.tokens)
        assert made.cell == ("R25", "V2")


async def test_keys_typed_before_the_sheet_is_there_are_for_the_sheet(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records(6))) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "fit_sheet")
        typed(here, ["enter", "1", "5", "down", "3"])
        await here.until(lambda: len(here.book.rows(Fit)) == 3)
        assert marks(here) == {("R1", "V1"): "works", ("R2", "V1"): "no", ("R4", "V1"): "partly"}


async def test_keys_after_the_one_that_closes_the_sheet_mark_nothing(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records())) as here:
        await here.open("5", "fit_sheet")
        await sheet(here)
        typed(here, ["1", "escape", "4"])
        await here.until(lambda: here.screen.page is not None and here.screen.page.chapter.id == "requirements")
        await here.until(lambda: marks(here) == {("R1", "V1"): "works"})


async def test_a_cell_marked_again_and_again_holds_one_mark(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records())) as here:
        made = await sheet(here)
        typed(here, ["1", "up", "2", "up", "0", "5", "up", "3", "up", "backspace", "4"])
        await here.until(lambda: marks(here) == {("R1", "V1"): "promised"} and not made.given)
        assert len(here.book.rows(Fit)) == 1
        await here.press("up", "0")
        await here.until(lambda: not here.book.rows(Fit))
        await here.press("2")
        await here.until(lambda: marks(here) == {("R1", "V1"): "extra"})


async def test_a_note_outlives_its_mark(tmp_path: Path) -> None:
    rows = [*records(), Fit(number=1, vendor="V1", requirement="R1", mark="no", note="Asked twice")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        made = await sheet(here, "V1", "R1")
        assert "Vendor 1: does not work. Asked twice" in part(made, "detail")
        await here.press("0")
        await here.until(lambda: here.book.rows(Fit)[0].mark == "")
        assert here.book.rows(Fit)[0].note == "Asked twice"
        await here.press("1")
        await here.until(lambda: marks(here) == {("R1", "V1"): "works"})
        assert here.book.rows(Fit)[0].note == "Asked twice"


@pytest.mark.parametrize("key", ["u", "г", "ctrl+z"])
async def test_undo_takes_back_one_mark(tmp_path: Path, key: str) -> None:
    async with desk(workbook(tmp_path / "a.crm", records())) as here:
        await sheet(here)
        await here.press("1", "1")
        await here.until(lambda: len(here.book.rows(Fit)) == 2)
        await here.press(key)
        await here.until(lambda: marks(here) == {("R1", "V1"): "works"})
        await here.press("up", "5")  # the record of that cell has gone; a new one is made
        await here.until(lambda: marks(here) == {("R1", "V1"): "works", ("R2", "V1"): "no"})


async def test_a_paid_extra_leads_to_its_cost_and_back(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records())) as here:
        await here.open("5", "fit_sheet")
        made = await sheet(here)
        await here.press("c")
        assert "Only a paid extra opens a cost." in here.text()
        await here.press("2")
        assert "R1 works with a paid extra: that opens a cost. Press c" in part(made, "detail").replace("\n", " ")
        await here.press("c")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CostLine)
        await here.press("enter", "enter")  # how often: once
        await here.until(lambda: bool(here.book.rows(CostLine)))
        line = here.book.rows(CostLine)[0]
        assert (line.vendor, line.bucket, line.requirement, line.title) == ("V1", "addons", "R1", "Wish 1")
        await here.press("f3")
        await here.until(lambda: isinstance(here.app.screen, FitSheet) and "Its cost: CL1 Wish 1." in here.text())
        assert here.page.view == "fit_sheet"


async def test_enter_opens_the_note_and_what_is_typed_after_it_goes_there(tmp_path: Path) -> None:
    rows = [*records(), Fit(number=1, vendor="V1", requirement="R1", mark="partly")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        await here.open("5", "fit_sheet")
        await sheet(here, "V1", "R1")
        typed(here, ["enter", "2", "5"])
        await here.until(lambda: here.page.in_form and here.page.current_code == "FI1")
        await here.until(lambda: here.book.rows(Fit)[0].note == "25")
        assert marks(here) == {("R1", "V1"): "partly"}


async def test_the_next_cell_without_a_mark(tmp_path: Path) -> None:
    rows = [*records(3), *(Fit(number=number, vendor="V1", requirement=f"R{number}", mark="works") for number in (1, 2, 3)),
            Fit(number=4, vendor="V2", requirement="R1", mark="works")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        made = await sheet(here, "V1", "R1")
        await here.press("n")
        assert made.cell == ("R2", "V2")
        await here.press("1", "1", "n")
        assert "Everything is marked." in here.text()


async def test_musts_come_first_and_only_what_is_accepted(tmp_path: Path) -> None:
    rows = [Department(number=1, name="Sales"), CrmGoal(number=1, title="One card"), *wanted(1, "gadget"),
            *wanted(1, "later", 2), *wanted(1, "", 3), *wanted(1, "must", 4), *wanted(1, "should", 5),
            Requirement(number=6, title="Open"), Vendor(number=1, name="Old", state="out"), Vendor(number=2, name="New")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        made = await sheet(here)
        assert [row.code for row in made.rows()] == ["R4", "R5", "R2", "R1", "R3"]
        assert [row.code for row in made.vendors] == ["V2", "V1"]
        assert made.cell == ("R4", "V2")
        await here.press("end")
        assert "It has no priority" in part(made, "detail")


async def test_more_vendors_than_fit_are_a_window(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records(3, 9))) as here:
        made = await sheet(here)
        assert "Vendor 3 ›" in here.text() and "vendors 1 to 3 of 9" in here.text()
        await here.press(*["right"] * 4)
        assert made.vendor == "V5" and "‹ Vendor 3" in here.text() and "▸Vendor" in here.text()
        await here.press("r", "1", "1", "1", "1", "1")
        await here.until(lambda: len(here.book.rows(Fit)) == 5)
        assert made.cell == ("R2", "V1") and "‹" not in here.text()


async def test_others_marks_show_and_do_not_move_the_cursor(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", records(5))) as here:
        made = await sheet(here, "V2", "R4")
        assert here.screen.session is not None
        here.screen.session.submit([Create(Fit, {"vendor": "V2", "requirement": "R4", "mark": "partly"})])
        await here.until(lambda: "▸partly◂" in here.text())
        here.screen.session.submit([Delete("R2")])
        await here.until(lambda: "Wish 2" not in here.text())
        assert made.cell == ("R4", "V2")
        here.screen.session.submit([Delete("V2")])
        await here.until(lambda: made.vendor == "V1")
        assert made.lines.key == "R4"


async def test_nothing_to_mark_leads_to_what_is_lacking(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", [Requirement(number=1, title="Wish", state="proposed")])) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "fit_sheet")
        assert "No requirement has been accepted yet." in here.text()
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "R1")
        assert here.page.form.field.name == "state"


async def test_a_thousand_requirements_draw_what_can_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(workbook(tmp_path / "a.crm", records(1000, 3))) as here:
        made = await sheet(here)
        drawn, plain = list[str](), made.cells

        def counting(row: Requirement) -> Sequence[Cell]:
            drawn.append(row.code)
            return plain(row)
        monkeypatch.setattr(made, "cells", counting)
        await here.press("end", "3")
        assert made.lines.index == 0 and made.vendor == "V2" and 0 < len(set(drawn)) < 100
        await here.until(lambda: marks(here) == {("R1000", "V1"): "partly"})


async def test_hostile_words_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J " + "long " * 40
    rows = [Department(number=1, name=nasty), CrmGoal(number=1, title=nasty), Vendor(number=1, name=nasty),
            Requirement(number=1, title=nasty, priority="must", state="accepted", department="D1", goals=("C1",), why=nasty),
            Fit(number=1, vendor="V1", requirement="R1", mark="no", note=nasty)]
    async with desk(workbook(tmp_path / "a.crm", rows), size=(60, 20)) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "fit_sheet")
        assert "[/b]" in here.text()
        await sheet(here)
        assert "[/b]" in here.text() and "\x1b" not in here.text()


async def test_leaving_the_form_leads_back_to_the_cell_and_the_next_key_is_for_it(tmp_path: Path) -> None:
    rows = [*records(), Fit(number=1, vendor="V1", requirement="R2", mark="partly")]
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        await here.open("5", "fit_sheet")
        await sheet(here, "V1", "R2")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and "F3 back to the sheet" in here.text())
        await here.hit("escape", "5")
        await here.until(lambda: marks(here) == {("R2", "V1"): "no"})
        assert isinstance(here.app.screen, FitSheet) and here.page.view == "fit_sheet"
        assert not here.screen.trail


async def test_a_form_that_was_opened_otherwise_stays_in_its_list(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", [Requirement(number=1, title="Wish", state="proposed")])) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "fit_sheet")
        await here.press("enter")  # from a board: to the first requirement
        await here.until(lambda: here.page.in_form and "F3 back to the list" in here.text())
        await here.press("escape")
        assert here.page.current_kind is Requirement and here.said == "b leads back to Vendors › Fit."
        await here.press("enter", "escape")  # a form of this list
        assert here.page.current_kind is Requirement and not here.said
        await here.press("b")
        assert here.page.view == "fit_sheet"
