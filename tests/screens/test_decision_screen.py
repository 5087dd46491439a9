"""The decision on the screen: made with the figures of the day, and read later beside today's."""
from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

import pytest

from crm_workbook.analysis.decision import Kept, figures_of, read_figures
from crm_workbook.analysis.facts import View
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change
from crm_workbook.records.goals import Motive
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Interest, Person
from crm_workbook.records.vendors import Answer, Choice, Fit, Vendor
from crm_workbook.screens.vendors.decision_sheet import DecisionSheet, show_decision
from crm_workbook.store import Workbook
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

THEN, TODAY = date(2026, 7, 15), date(2026, 10, 2)
BEFORE: tuple[Record, ...] = (
    Person(number=1, name="Tomasz", decider=True), Person(number=2, name="Rasa", decider=True),
    Interest(number=1, person="M1", has_interest=True, title="A brother sells Kupolis"),
    Motive(number=1, motive="mo-control", words="I want to see who visits whom", said_by="M1"),
    Vendor(number=1, name="Meridel"), Vendor(number=2, name="Oakpath"), Vendor(number=3, name="Kupolis", state="out"),
    Requirement(number=1, title="Find a client", priority="must", state="accepted"),
    Fit(number=1, vendor="V1", requirement="R1", mark="works"), Fit(number=2, vendor="V2", requirement="R1", mark="no"),
    Answer(number=1, vendor="V1", question="sup-response", state="answered", value="4", evidence="2"))
WORDS = {"vendor": "V1", "on": THEN, "reason": "R1 works today, R9 not yet.", "requirements": ("R1",), "deciders": ("M1", "M2"),
         "rejected": "Oakpath: R1 missing", "review_on": date(2027, 1, 15)}
MADE = Choice(number=1, **WORDS, figures=figures_of(View(Book.of(BEFORE), load(), THEN), Choice(number=1, **WORDS)))


def opened(tmp_path: Path, *rows: Record, size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen, on the day of `TODAY`."""
    return desk(workbook(tmp_path / "a.crm", rows), size=size, today=lambda: TODAY)


async def show(here: Desk, at: str = "") -> DecisionSheet:
    """The sheet, open."""
    await here.until(lambda: here.screen.view is not None, "facts")
    show_decision(here.screen, at)
    return await shown(here)


async def shown(here: Desk) -> DecisionSheet:
    await here.until(lambda: isinstance(here.app.screen, DecisionSheet) and here.app.screen.is_mounted, "sheet opened")
    await here.pilot.pause()
    assert isinstance(here.app.screen, DecisionSheet)
    return here.app.screen


def line(sheet: DecisionSheet, key: str) -> tuple[str, str]:
    """Sign and text of a line."""
    return next((row.sign, row.text) for row in sheet.lines.rows if row.key == key)


async def test_the_reasons_stand_with_what_they_rest_on(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, MADE, size=(120, 40)) as here:
        sheet = await show(here)
        assert line(sheet, "drift") == ("", "As on that day: no figure is different.")
        assert line(sheet, "R1") == ("✓", "R1 works today: Find a client")
        assert line(sheet, "missing R9")[0] == "!"
        assert line(sheet, "M1 DI1") == ("!", "Tomasz: A brother sells Kupolis")  # nobody has said how it was settled
        assert line(sheet, "M2 ") == ("!", "Rasa: has declared nothing yet")
        assert line(sheet, "MO1")[1] == "Tomasz: I want to see who visits whom"
        assert "Score" in line(sheet, "figures V1")[1] and line(sheet, "figures V3")[1].startswith("Kupolis: ruled out")


async def test_what_has_changed_since_shows_while_the_sheet_is_open(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, MADE) as here:
        sheet = await show(here, "R1")
        assert sheet.lines.key == "R1"
        with Workbook.open(str(here.path), who="Boris") as other:
            other.apply([Change("FI1", "mark", "works", "promised")])
        await here.until(lambda: any(row.key == "drift V1 fit" for row in sheet.lines.rows), "drawn")
        assert line(sheet, "drift V1 fit") == ("≠", "Meridel, Fit: 100 % → 10 %")
        assert line(sheet, "R1")[0] == "!" and sheet.lines.key == "R1"
        await here.press("home")
        assert "on that day" in here.text()


@pytest.mark.parametrize(("key", "field"), [("reason", "reason"), ("dissent", "dissent"), ("review_on", "review_on")])
async def test_each_text_opens_where_it_is_written(tmp_path: Path, key: str, field: str) -> None:
    async with opened(tmp_path, *BEFORE, MADE) as here:
        await show(here, key)
        await here.press("enter")
        await here.until(lambda: here.page.has_class("-form") and here.page.form.field.name == field, "field")
        assert here.page.writing_in == "DR1"
        await here.press("f3")
        assert (await shown(here)).lines.key == key


async def test_a_decider_who_declared_nothing_leads_to_the_declaration(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, MADE) as here:
        await show(here, "M2 ")
        await here.press("enter")
        await here.until(lambda: here.page.has_class("-form"), "form")
        assert here.page.form.kind is Interest and here.page.form.drafts.value("person") == "M2"


async def test_a_line_of_figures_opens_nothing_and_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, MADE) as here:
        await show(here, "figures V1")
        await here.press("enter")
        assert "Nothing to open here" in here.text() and isinstance(here.app.screen, DecisionSheet)


async def test_the_decision_is_made_with_the_figures_of_the_day(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE) as here:
        sheet = await show(here)
        assert "nothing is decided yet" in here.text()
        assert {"figures V1", "figures V2", "MO1", "M1 DI1", "M2 "} <= {row.key for row in sheet.lines.rows}
        await here.press("d")
        await here.until(lambda: isinstance(here.app.screen, PickModal), "asked")
        await here.type("meri")
        await here.press("enter")
        await here.until(lambda: here.page.has_class("-form") and here.page.form.field.name == "reason", "form")
        await here.type("R1 works")
        await here.until(lambda: any(row.reason == "R1 works" for row in here.book.rows(Choice)), "written")
        made = here.book.rows(Choice)[0]
        assert (made.vendor, made.on) == ("V1", TODAY)
        assert read_figures(made.figures).of["V1"]["fit"] == 1.0
        await here.press("f3")
        assert line(await shown(here), "drift")[1].startswith("As on that day")


async def test_a_decision_written_in_its_form_keeps_the_figures_and_the_answers_it_names(tmp_path: Path) -> None:
    def kept() -> Kept:
        return read_figures(here.book.rows(Choice)[0].figures)

    async with opened(tmp_path, *BEFORE) as here:
        await here.until(lambda: here.screen.view is not None, "facts")
        here.screen.open_kind(Choice)
        await here.until(lambda: here.page.ready and here.page.view == "decision", "list")
        here.page.add({"vendor": "V1", "on": TODAY})
        await here.until(lambda: here.page.has_class("-form") and here.page.form.field.name == "reason", "form")
        await here.type("R1")
        await here.press("f3")
        await here.until(lambda: bool(here.book.rows(Choice)) and kept().of.get("V1", {}).get("fit") == 1.0, "kept")
        assert "VA1" not in kept().of
        session, before = here.screen.session, here.book.rows(Choice)[0].figures
        assert session is not None
        here.page.edit("answers")
        await here.until(lambda: here.page.writing_in == "DR1", "form again")
        session.typed("DR1", "answers", ("VA1",), ())
        session.typed("DR1", "period", 7, None)
        await here.press("f3")
        await here.until(lambda: kept().of.get("VA1", {}).get("answer") == "4" and kept().whole["years"] == 7, "kept")
        await here.press("u")
        await here.until(lambda: here.book.rows(Choice)[0].figures == before, "taken back")
        await here.press("u")  # figures that were taken back do not come again: undo goes on
        await here.until(lambda: here.book.rows(Choice)[0].period is None, "the step before")


async def test_figures_that_are_missing_are_kept_when_the_sheet_opens_on_the_day(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, Choice(number=1, vendor="V1", on=TODAY, answers=("VA1",))) as here:
        sheet = await show(here)
        await here.until(lambda: "VA1" in read_figures(here.book.rows(Choice)[0].figures).of, "kept")
        await here.until(lambda: line(sheet, "drift")[1].startswith("As on that day"), "shown")
        await here.press("f")
        assert "are kept already" in here.text()


async def test_without_candidates_the_first_step_is_to_write_them_down(tmp_path: Path) -> None:
    async with opened(tmp_path, Person(number=1, name="Anna")) as here:
        await show(here)
        await here.press("enter")
        assert "Press d when you have decided" in here.text()
        await here.press("d")
        await here.until(lambda: here.page.has_class("-form") and here.page.form.kind is Vendor, "form of a vendor")


async def test_a_decision_without_kept_figures_says_that_nothing_can_be_compared(tmp_path: Path) -> None:
    async with opened(tmp_path, *BEFORE, Choice(number=1, vendor="V1", on=THEN)) as here:
        sheet = await show(here)
        assert line(sheet, "drift")[1] == "No figures were kept on that day."
        assert line(sheet, "reason")[0] == line(sheet, "requirements")[0] == line(sheet, "deciders")[0] == "!"
        assert not here.book.rows(Choice)[0].figures
        await here.press("f")
        await here.until(lambda: read_figures(here.book.rows(Choice)[0].figures).on == TODAY, "kept")
        await here.until(lambda: "As on 2026-10-02, when the figures" in line(sheet, "drift")[1], "shown")
        assert "not those of 2026-07-15" in " ".join(here.text().split())
