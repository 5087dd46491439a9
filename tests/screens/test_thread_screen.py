"""The red thread on the screen: read, followed to what is missing, and confirmed where words have changed."""
from __future__ import annotations

from pathlib import Path

import pytest

from crm_workbook.records import Record
from crm_workbook.records.edits import Change
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import Phase
from crm_workbook.records.radar import LinkCheck
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Department, Person
from crm_workbook.records.vendors import Fit, Vendor
from crm_workbook.screens.thread import ThreadModal
from crm_workbook.store import Workbook
from tests.screens.desk import Desk, desk, workbook

ROWS: tuple[Record, ...] = (
    Department(number=1, name="Sales"), CompanyGoal(number=1, title="Answer faster"), CompanyGoal(number=2, title="Sell more"),
    CrmGoal(number=1, title="One in charge", company_goals=("G1",), indicator="Hours", unit="h", baseline=19.0, target=4.0),
    Vendor(number=1, name="Alpha"), Phase(number=1, title="First"),
    Requirement(number=1, title="See who", state="accepted", goals=("C1",)),
    Fit(number=1, vendor="V1", requirement="R1", mark="works"))


async def opened(here: Desk, key: str = "r") -> ThreadModal:
    """The thread of the record under the cursor."""
    await here.press(key)
    await here.until(lambda: isinstance(here.app.screen, ThreadModal))
    await here.until(lambda: "The red thread of" in seen(here))
    assert isinstance(here.app.screen, ThreadModal)
    return here.app.screen


def seen(here: Desk) -> str:
    """All that is on the screen, words with one space between them."""
    return " ".join(here.text().replace("│", " ").split())


def changed(path: Path, code: str, old: str, new: str) -> None:
    with Workbook.open(str(path), who="Uwe") as other:
        other.apply([Change(code, "title", old, new)])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_thread_shows_where_it_breaks_and_leads_there(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS), size=size) as here:
        await here.open("1", "company_goal")
        modal = await opened(here)
        assert "✓      Hours: 19 → 4 h" in here.text()
        shown = seen(here)
        assert "✓ G1 Answer faster company goal" in shown and "✓ Hours: 19 → 4 h measure" in shown
        assert "✗ It is planned for no phase yet. phase" in shown
        assert "✗ Nobody is named who will test it. test" in shown
        assert "Enter leads to G1. Esc closes." in shown
        await here.press("end", "up")
        assert modal.node is not None and "Enter: Open R1" in seen(here) and "Planned for phase." in seen(here)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "R1")
        assert here.page.form.field.name == "phase"
        assert here.said == "It is planned for no phase yet."


async def test_where_nothing_can_be_chosen_that_is_written_first(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS)) as here:
        await here.open("4", "requirement")
        modal = await opened(here)
        assert modal.node is not None and modal.node.code == "R1"
        await here.press("end")
        assert "Nobody is named who will test it." in seen(here) and "Enter: Add to the list “People”" in seen(here)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Person)
        assert here.said == "Nobody is named who will test it. Write down the people first."


async def test_a_new_record_begins_with_what_is_known(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS)) as here:
        await here.open("1", "company_goal")
        await here.press("down")
        await opened(here)
        await here.press("down")
        assert "✗ No CRM goal serves this goal yet." in seen(here) and "Enter: Add to the list “CRM goals”" in seen(here)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CrmGoal)
        assert here.said == "No CRM goal serves this goal yet."
        await here.type("Sell")
        await here.press("f3")
        await here.until(lambda: [row.title for row in here.book.rows(CrmGoal)][1:] == ["Sell"], "written")
        assert here.book.rows(CrmGoal)[1].values() == {"title": "Sell", "company_goals": ("G2",)}
        await here.press("b")
        await here.until(lambda: here.screen.current_code == "G2")


@pytest.mark.parametrize(("key", "confirm"), [("r", "k"), ("к", "л")])
async def test_a_suspect_link_is_confirmed(tmp_path: Path, key: str, confirm: str) -> None:
    path = workbook(tmp_path / "a.crm", ROWS)
    changed(path, "C1", "One in charge", "Two in charge")
    async with desk(path) as here:
        await here.open("1", "company_goal")
        modal = await opened(here, key)
        await here.until(lambda: "~ R1 See who" in seen(here))
        await here.press(confirm)
        assert "sign ~" in seen(here) and modal.lines.index == 0
        await here.press("down", "down", "down", "down")
        assert modal.node is not None and modal.node.state == "suspect"
        assert "Before it said: One in charge" in seen(here)
        await here.press(confirm)
        await here.until(lambda: len(here.book.rows(LinkCheck)) == 1)
        assert "~" not in seen(here) and "✓ R1 See who" in seen(here)
        await here.press("й")
        await here.until(lambda: here.app.screen is here.screen)
        assert "R1 still fits C1" in here.said
        check, = here.book.rows(LinkCheck)
        assert (check.source, check.target, check.on is not None) == ("R1", "C1", True)
        await opened(here, key)
        await here.pilot.pause(0.1)
        assert "~" not in seen(here)
        await here.press("escape", "u")
        await here.until(lambda: not here.book.rows(LinkCheck))


async def test_after_a_confirmation_the_cursor_is_on_the_next_suspect_line(tmp_path: Path) -> None:
    more = [Requirement(number=number, title="more", state="accepted", goals=("C1",)) for number in range(2, 5)]
    path = workbook(tmp_path / "a.crm", [*ROWS, *more])
    changed(path, "C1", "One in charge", "Two in charge")
    async with desk(path) as here:
        await here.open("1", "company_goal")
        modal = await opened(here)
        await here.until(lambda: "~ R1" in seen(here))
        while modal.node is not None and not modal.node.doubts:
            await here.press("down")
        await here.press("k", "k", "k")
        await here.until(lambda: len(here.book.rows(LinkCheck)) == 3)
        assert modal.node is not None and modal.node.doubts
        await here.press("k")
        await here.until(lambda: len(here.book.rows(LinkCheck)) == 4)
        assert {check.source for check in here.book.rows(LinkCheck)} == {"R1", "R2", "R3", "R4"}


async def test_the_rest_of_many_lines_is_shown_on_demand(tmp_path: Path) -> None:
    more = [Requirement(number=number, title="more", goals=("C1",)) for number in range(2, 40)]
    async with desk(workbook(tmp_path / "a.crm", [*ROWS, *more])) as here:
        await here.open("1", "company_goal")
        modal = await opened(here)
        await here.press("end")
        assert "... and 27 more" in seen(here) and "Enter shows all of them." in seen(here)
        await here.press("enter")
        assert sum(node.level == "requirement" for node in modal.lines.rows) == 39
        assert here.app.screen is modal


async def test_a_record_without_a_thread_says_what_has_one(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS)) as here:
        await here.open("2", "department")
        await here.press("r")
        assert "goals, processes, requirements" in here.said and here.app.screen is here.screen


async def test_a_record_that_somebody_has_deleted_closes_its_thread(tmp_path: Path) -> None:
    from crm_workbook.records.edits import Delete

    path = workbook(tmp_path / "a.crm", ROWS)
    async with desk(path) as here:
        await here.open("1", "company_goal")
        await here.press("down")
        modal = await opened(here)
        with Workbook.open(str(path), who="Uwe") as other:
            other.apply([Delete("G2")])
        await here.until(lambda: here.book.get("G2") is None)
        modal.take({})
        await here.until(lambda: here.app.screen is here.screen)


async def test_the_board_shows_each_goal_what_is_covered_and_what_stands_alone(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS)) as here:
        await here.open("8", "coverage")
        text = here.text()
        assert "✗" in text and "G1" in text and "How much is covered" in text
        assert "Company goals that no CRM goal" in text and "G2" in text
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, ThreadModal))
        await here.press("escape")
        await here.until(lambda: here.app.screen is here.screen)
        here.page.lines.go_to("goals_unserved G2")
        await here.press("enter")
        await here.until(lambda: here.screen.current_code == "G2" and here.page.view == "company_goal")
        await here.press("b")
        await here.until(lambda: here.page.view == "coverage")
