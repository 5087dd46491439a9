"""The radar on the screen: what fires, the way from a finding to its record and back, what the group says to it."""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import Key

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import look
from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Create
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.minutes import Workshop
from crm_workbook.records.radar import FindingResponse, Snapshot
from crm_workbook.records.team import Assignment, Person
from crm_workbook.screens.days import today
from crm_workbook.screens.finding import FindingModal, open_finding
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.radar import Line
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

ALONE = "fp-unlinked-goals"
ROWS: tuple[Record, ...] = (Person(number=1, name="Anna"), CompanyGoal(number=1, title="Sell more"),
                            CrmGoal(number=1, title="Offers within a day", behaviour="We write offers in the CRM"))
NASTY = "[/b] [@click=app.quit]x[/] \x1b[2J\u202eabc Łódź Привет"


def accepted(until: int, **more: str) -> FindingResponse:
    """Anna accepts the goal that stands alone, for so many days from today."""
    values = {"person": "M1", "reason": "Settled in May"} | more
    return FindingResponse(number=1, pattern=ALONE, response="accept", until=today() + timedelta(until), **values)


async def radar(here: Desk, board: str = "warnings") -> None:
    """Goes to a board of the Radar and waits for the facts."""
    await here.open("8", board)
    await here.until(lambda: here.screen.view is not None and "figures ..." not in here.text(), "facts")


def keys(here: Desk) -> list[str]:
    """What stands on the board, by key."""
    return [line.key for line in here.page.lines.rows]


def line(here: Desk, key: str) -> Line:
    """A line of the board."""
    found = next(line for line in here.page.lines.rows if line.key == key)
    assert isinstance(found, Line)
    return found


def fires(here: Desk) -> bool:
    """Is the goal that stands alone among the warnings?"""
    assert here.screen.view is not None
    return ALONE in [finding.pattern.id for finding in look(here.screen.view).findings]


async def show(here: Desk, key: str = ALONE) -> FindingModal:
    """Opens the finding with Enter."""
    assert here.page.lines.go_to(key)
    await here.press("enter")
    await here.until(lambda: isinstance(here.app.screen, FindingModal))
    await here.pilot.pause()
    assert isinstance(here.app.screen, FindingModal)
    return here.app.screen


def said(modal: FindingModal) -> str:
    """All of the dialog, also what must be scrolled to."""
    return "\n".join(row.text for row in modal.query_one(LineList).rows)


async def test_a_finding_leads_to_its_record_and_is_gone_when_that_is_mended(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        assert f"Warnings {len(keys(here)) - 1}" in here.text()  # the last line is about keeping the state
        modal = await show(here)
        assert "! Goals that do not connect" in here.text()
        assert "> → Open C1 Offers within a day: " in here.text()
        assert "CRM goals without a company goal: 1" in said(modal)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "C1")
        assert here.page.form.field.name == "company_goals"
        assert "Link it" in here.said
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter", "f3")
        await here.until(lambda: here.book.rows(CrmGoal)[0].company_goals == ("G1",))
        await here.press("b")
        await here.until(lambda: here.page.view == "warnings")
        assert ALONE not in keys(here)


async def test_a_finding_goes_while_one_looks_at_the_board(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        below = keys(here)[keys(here).index(ALONE) + 1]
        here.page.lines.go_to(ALONE)
        assert here.screen.session is not None
        here.screen.session.submit([Change("C1", "company_goals", (), ("G1",))])
        await here.until(lambda: ALONE not in keys(here))
        assert here.page.lines.key == below


async def test_accepting_needs_a_name_a_day_and_a_reason(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        await show(here)
        await here.press("ф")  # a on a Russian layout
        await here.until(lambda: here.page.in_form and here.page.current_kind is FindingResponse)
        assert "a name, a day and a reason" in here.said
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter", "tab")
        await here.type(str(today() + timedelta(30)))
        await here.press("tab")
        await here.until(lambda: bool(here.book.rows(FindingResponse)))
        assert fires(here)  # there is no reason yet
        await here.type("Settled in May")
        await here.press("f3")
        await here.until(lambda: bool(here.book.rows(FindingResponse)[0].reason))
        await here.press("b")
        await here.until(lambda: here.page.view == "warnings")
        assert keys(here).index(ALONE) > keys(here).index("#accepted")
        assert str(today() + timedelta(30)) in line(here, ALONE).cells
        here.page.lines.go_to(ALONE)
        await here.pilot.pause()
        assert "Anna accepts the risk" in here.text()


@pytest.mark.parametrize(("until", "quiet"), [(0, True), (-1, False)])
async def test_an_acceptance_that_has_run_out_fires_again(tmp_path: Path, until: int, quiet: bool) -> None:
    async with desk(workbook(tmp_path / "w.crm", (*ROWS, accepted(until)))) as here:
        await radar(here)
        assert ("#accepted" in keys(here)) is quiet
        assert ("overdue" in line(here, ALONE).cells) is not quiet
        modal = await show(here)
        assert ("That day has passed" in " ".join(said(modal).split())) is not quiet


async def test_an_answer_that_holds_is_opened_instead_of_a_second_one(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", (*ROWS, accepted(3, reason="")))) as here:
        await radar(here)
        modal = await show(here)
        assert "FR1 is not complete" in said(modal)
        await here.press("d")
        await here.until(lambda: here.page.in_form and here.page.current_code == "FR1")
        assert "an answer already" in here.said
        await here.press("escape", "b")
        await here.until(lambda: here.page.view == "warnings" and here.page.lines.key == ALONE)
        assert len(here.book.rows(FindingResponse)) == 1


async def test_what_cannot_be_judged_says_what_is_missing_and_leads_there(tmp_path: Path) -> None:
    rows = (Person(number=1, name="Anna"), Assignment(number=1, role="r-sponsor", person="M1"))
    async with desk(workbook(tmp_path / "w.crm", rows)) as here:
        await radar(here, "unknown")
        here.page.lines.go_to("fp-weak-sponsor")
        await here.pilot.pause()
        assert "Ask the sponsor to confirm money" in here.text()
        finding = line(here, "fp-weak-sponsor").finding
        assert finding is not None and not finding.fires
        open_finding(here.screen, finding)
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
        await here.pilot.pause()
        assert isinstance(here.app.screen, FindingModal)
        assert "What is missing" in said(here.app.screen)
        await here.press("d")  # there is nothing to say to it yet
        assert isinstance(here.app.screen, FindingModal)
        await here.press("escape", "enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "A1")
        assert "Ask the sponsor to confirm money" in here.said


async def test_a_state_is_kept_and_the_next_look_compares_with_it(tmp_path: Path) -> None:
    before = Snapshot(number=1, title="May", on=today() - timedelta(9), findings=("fp-no-goals",))
    async with desk(workbook(tmp_path / "w.crm", (*ROWS, before, Workshop(number=1, title="Today", on=today())))) as here:
        await radar(here)
        assert line(here, ALONE).cells[1] == "+"
        assert keys(here).index("fp-no-goals") > keys(here).index("#gone")
        await here.press("ь")  # m on a Russian layout
        await here.until(lambda: len(here.book.rows(Snapshot)) == 2 and "SN2" in here.said)
        kept = here.book.rows(Snapshot)[1]
        assert (kept.title, kept.on, kept.meeting) == (f"Meeting of {today()}", today(), "WS1")
        assert ALONE in kept.findings
        assert "crm_goals_unlinked = 1" in kept.figures
        assert line(here, ALONE).cells[1] == "="
        assert "#gone" not in keys(here)
        await here.press("m")
        assert "kept already" in here.said
        assert here.screen.session is not None
        here.screen.session.submit([Create(CrmGoal, {"title": "Another one"})])
        await here.until(lambda: line(here, ALONE).cells[1] == "↑")
        modal = await show(here)
        assert "worse" in said(modal)


async def test_the_letters_of_a_list_stay_its_own(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await here.open("1", "crm_goal")
        await here.press("m")
        assert "chapter Radar" in here.said
        await radar(here)
        await here.press("j")
        assert here.page.lines.index == 1
        await here.press("k")
        assert here.page.lines.index == 0
        assert here.book.rows(Snapshot) == ()


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_what_people_wrote_is_only_text(tmp_path: Path, size: tuple[int, int]) -> None:
    rows = (Person(number=1, name=NASTY), CompanyGoal(number=1, title=NASTY),
            CrmGoal(number=1, title=f"{NASTY} {'long ' * 60}"), accepted(-3, reason=NASTY))
    async with desk(workbook(tmp_path / "w.crm", rows), size=size) as here:
        await radar(here)
        here.page.lines.go_to(ALONE)
        await here.pilot.pause()
        modal = await show(here)
        assert "[@click=app.quit]x[/]" in here.text()
        assert "\x1b" not in here.text() and "\u202e" not in here.text()
        assert said(modal).count("long") >= 120  # nothing is cut: as an action, and among the records
        lines = modal.query_one(LineList)
        assert max(len(row.text) for row in lines.rows) <= lines.size.width
        await here.press("end")
        assert "does not apply" in here.text()
        await here.press("escape")
        assert here.page.view == "warnings"


async def test_an_empty_group_reads_what_the_radar_does(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm")) as here:
        await radar(here)
        assert "It finds nothing" in " ".join(here.text().split())
        await here.press("enter")  # there is nothing to open
        assert here.page.view == "warnings"


async def test_what_a_gap_needs_comes_first(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS[2:])) as here:
        assert here.screen.titles is not None
        gap = Gap("C1", "company_goals")
        assert gap_text(here.book, here.screen.titles, gap) == "Add to the list “Company goals”"
        open_gap(here.screen, gap, "Link it")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CompanyGoal)
        assert "company goal first" in here.said
        await here.press("escape", "b")
        await here.until(lambda: here.screen.page is not None and here.screen.page.chapter.id == "overview")


async def test_a_gap_of_a_record_that_has_gone_says_so(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm")) as here:
        open_gap(here.screen, Gap("C9", "company_goals"))
        assert "C9 has been deleted" in here.said
        open_gap(here.screen, Gap(kind=FindingResponse, given=(("pattern", ALONE), ("response", "act"))))
        await here.until(lambda: here.page.in_form)
        await here.type("x")
        assert here.screen.trail == [("overview", "")]


async def test_keys_that_come_all_at_once_go_where_they_belong(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        here.page.lines.go_to(ALONE)
        for key in ("enter", "enter", "enter", "enter", "f3"):
            here.app.post_message(Key(key, None))
        await here.until(lambda: here.book.rows(CrmGoal)[0].company_goals == ("G1",))
        await here.until(lambda: not here.page.in_form)


async def test_what_the_company_does_without_stands_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "w.catalogue.toml").write_text(
        f'[overlay]\nof = "crm.core"\nneeds = ">=1.0,<2"\n[[silence]]\npattern = "{ALONE}"\nreason = "One goal is enough."\n')
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here, "unknown")
        assert keys(here)[-2:] == ["#silenced", ALONE]
        here.page.lines.go_to(ALONE)
        await here.pilot.pause()
        assert "One goal is enough." in here.text()
        await here.press("left")
        assert here.page.view == "warnings" and ALONE not in keys(here)
