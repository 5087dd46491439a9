"""Promises and contract on the screen: taken over, tested, ticked off, all with one key each; others are seen at once."""
from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

import pytest

from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Delete
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import Answer, Choice, Commitment, ContractPoint, Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.vendors.contract_sheet import ContractSheet, show_contract
from crm_workbook.screens.vendors.promise_sheet import PromiseSheet, show_promises
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.store import Workbook
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

TODAY = date(2026, 10, 2)
ROWS: tuple[Record, ...] = (
    Person(number=1, name="Marek"), Vendor(number=1, name="Meridel"), Vendor(number=2, name="Oakpath"),
    Vendor(number=3, name="Kupolis", state="out"),
    Answer(number=1, vendor="V1", question="sup-response", state="answered", value="4", evidence="1"),
    Choice(number=1, vendor="V1", on=date(2026, 7, 15), reason="R1", answers=("VA1",)),
    Commitment(number=1, vendor="V1", title="Mails on the card", clause="Mails stand on the card.", test="Ten mails",
               tester="M1", due=date(2026, 9, 18)))


def opened(tmp_path: Path, *rows: Record, size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen, on the day of `TODAY`."""
    return desk(workbook(tmp_path / "a.crm", rows or ROWS), size=size, today=lambda: TODAY)


async def sheet_of(here: Desk, kind: type[Sheet]) -> Sheet:
    """The sheet that is open."""
    await here.until(lambda: isinstance(here.app.screen, kind) and here.app.screen.is_mounted, f"{kind.__name__} opened")
    await here.pilot.pause()
    sheet = here.app.screen
    assert isinstance(sheet, Sheet)
    return sheet


async def promises(here: Desk, vendor: str = "V1") -> Sheet:
    await here.until(lambda: here.screen.view is not None, "facts")
    show_promises(here.screen, vendor)
    return await sheet_of(here, PromiseSheet)


def entry(here: Desk, code: str) -> Commitment:
    """An entry as it is now."""
    row = here.book.find(Commitment, code)
    assert row is not None
    return row


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_board_leads_to_the_sheets(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path, size=size) as here:
        await here.open("5", "promises")
        await here.until(lambda: len(here.page.lines.rows) == 5, "board drawn")
        text = here.text()
        assert "1 overdue" in text and "Kupolis" not in text
        await here.press("down", "enter")
        await sheet_of(here, PromiseSheet)
        await here.press("escape", "down", "enter")
        await sheet_of(here, ContractSheet)
        await here.press("escape")
        assert here.app.screen is here.screen


async def test_a_promise_is_kept_or_broken_with_one_key_and_the_day(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        sheet = await promises(here)
        assert "Overdue since 2026-09-18" in here.text() and "u undo" in " ".join(here.text().split())
        await here.press("1")
        await here.until(lambda: entry(here, "PL1").outcome == "kept", "kept")
        assert entry(here, "PL1").tested_on == TODAY
        assert sheet.lines.key == "PL1"  # the cursor stays on the promise although it has gone down
        await here.press("u")
        await here.until(lambda: entry(here, "PL1").outcome == "" and entry(here, "PL1").tested_on is None, "taken back")
        await here.until(lambda: "Taken back" in here.text(), "said in the sheet")
        assert here.app.screen is sheet


async def test_what_is_noted_of_a_test_changes_only_after_a_question(tmp_path: Path) -> None:
    tested = date(2026, 9, 20)
    rows = [row for row in ROWS if not isinstance(row, Commitment)]
    noted = Commitment(number=1, vendor="V1", title="Mails", outcome="broken", tested_on=tested)
    async with opened(tmp_path, *rows, noted) as here:
        sheet = await promises(here)
        for keys in (("enter",), ("escape",)):
            await here.press("1")
            await here.until(lambda: isinstance(here.app.screen, AskModal), "asked")
            assert "PL1 is noted as broken, tested on 2026-09-20" in " ".join(here.text().split())
            await here.press(*keys)
            await here.until(lambda: here.app.screen is sheet, "left as it is")
        assert (entry(here, "PL1").outcome, entry(here, "PL1").tested_on) == ("broken", tested)
        await here.press("1")
        await here.until(lambda: isinstance(here.app.screen, AskModal), "asked")
        await here.press("down", "enter")
        await here.until(lambda: (entry(here, "PL1").outcome, entry(here, "PL1").tested_on) == ("kept", TODAY), "kept")
        await here.press("u")
        await here.until(lambda: (entry(here, "PL1").outcome, entry(here, "PL1").tested_on) == ("broken", tested), "as before")


async def test_an_answer_becomes_a_promise_and_its_form_asks_for_what_is_missing(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await promises(here)
        await here.press("t")
        assert "is a promise already" in here.text()
        await here.press("end")
        assert "The decision rests on this answer" in here.text()
        await here.press("1")
        assert "press t" in here.text() and not here.book.find(Commitment, "PL2")
        await here.hit("t", "t")  # twice is once
        await here.until(lambda: here.book.find(Commitment, "PL2") is not None, "taken over")
        made = entry(here, "PL2")
        assert made.answer == "VA1" and "4 hours" in made.clause and not made.test and made.due is None
        assert made.title.startswith("4 hours: ") and not here.book.find(Commitment, "PL3")
        await here.until(lambda: here.page.writing_in == "PL2" and here.page.form.field.name == "test", "form")
        await here.press("f3")
        sheet = await sheet_of(here, PromiseSheet)
        assert [row.key for row in sheet.lines.rows] == ["PL1", "PL2"] and sheet.lines.key == "PL2"


async def test_enter_leads_to_the_form_and_back_leads_here(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await promises(here)
        await here.press("enter")
        await here.until(lambda: here.page.has_class("-form") and here.page.writing_in == "PL1", "form")
        await here.press("f3")
        assert (await sheet_of(here, PromiseSheet)).lines.key == "PL1"


async def test_a_vendor_without_promises_is_told_what_belongs_here(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await promises(here, "V2")
        assert "Press a to write down the first promise" in " ".join(here.text().split())
        await here.press("t")
        assert "Nothing to take over" in here.text()
        await here.press("1", "a")
        await here.until(lambda: here.page.has_class("-form"), "form")
        await here.type("Six meetings")
        await here.until(lambda: any(row.title == "Six meetings" and row.vendor == "V2" for row in here.book.rows(Commitment)))


async def test_another_vendor_is_chosen_and_those_that_are_out_are_not_offered(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        sheet = await promises(here)
        await here.press("v")
        await here.until(lambda: isinstance(here.app.screen, PickModal), "asked")
        assert [name for _code, name in here.app.screen.options] == ["Meridel", "Oakpath"]  # type: ignore[attr-defined]
        await here.type("oak")
        await here.press("enter")
        await here.until(lambda: here.app.screen is sheet, "chosen")
        await here.until(lambda: "Oakpath" in here.text().splitlines()[0], "drawn")


async def test_what_others_write_shows_and_the_cursor_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        sheet = await promises(here)
        await here.press("end")
        with Workbook.open(str(here.path), who="Boris") as other:
            other.apply([Change("PL1", "outcome", "", "kept")])
        await here.until(lambda: entry(here, "PL1").outcome == "kept", "seen")
        assert sheet.lines.key == "VA1" and "kept" in here.text()


async def test_the_contract_is_ticked_off_with_digits(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.until(lambda: here.screen.view is not None, "facts")
        show_contract(here.screen, "V1", "c-dbms")
        sheet = await sheet_of(here, ContractSheet)
        assert sheet.lines.key == "c-dbms" and "all 14 open" in here.text()
        await here.press("1")
        await here.until(lambda: [(row.item, row.state) for row in here.book.rows(ContractPoint)] == [("c-dbms", "agreed")])
        await here.press("2")
        await here.until(lambda: here.book.rows(ContractPoint)[0].state == "not_needed", "not needed")
        assert sheet.lines.key == "c-dbms"
        await here.press("2")
        assert "It stands so already" in here.text()
        await here.press("3", "enter")
        await here.until(lambda: here.page.has_class("-form") and here.page.writing_in == "CP1", "form of the clause")
        await here.press("f3")
        assert (await sheet_of(here, ContractSheet)).lines.key == "c-dbms"


async def test_a_point_nobody_wrote_about_opens_an_empty_form_for_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.until(lambda: here.screen.view is not None, "facts")
        show_contract(here.screen, "V2")
        await sheet_of(here, ContractSheet)
        await here.press("enter")
        await here.until(lambda: here.page.has_class("-form"), "form")
        assert here.page.form.drafts.value("item") == "c-stages" and here.page.form.drafts.value("vendor") == "V2"


async def test_a_deleted_vendor_closes_the_sheet(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await promises(here, "V2")
        with Workbook.open(str(here.path), who="Boris") as other:
            other.apply([Delete("V2")])
        await here.until(lambda: here.app.screen is here.screen, "closed")
