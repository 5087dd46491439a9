"""The radar on the screen: what fires, the way from a finding to its record and back, what the group says to it."""
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from crm_workbook.analysis import radar as radar_analysis
from crm_workbook.analysis.facts import View
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import Radar, look
from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Create
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.minutes import Workshop
from crm_workbook.records.processes import Process
from crm_workbook.records.radar import FindingResponse, Snapshot
from crm_workbook.records.team import Assignment, Person
from crm_workbook.screens.days import today
from crm_workbook.screens.finding import FindingModal, open_finding
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.help import HelpModal
from crm_workbook.screens.radar import Line
from crm_workbook.screens.trail import Place
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

ALONE = "fp-unlinked-goals"
WORK = Process(number=1, name="Offers")  # whoever writes this down has gone beyond the first steps, and may be warned
GOAL = CompanyGoal(number=1, title="Sell more")
ROWS: tuple[Record, ...] = (Person(number=1, name="Anna"), GOAL,
                            CrmGoal(number=1, title="Offers within a day", behaviour="We write offers in the CRM"), WORK)
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
        await here.until(lambda: here.page.view == "warnings" and here.app.screen is here.screen)
        assert ALONE not in keys(here) and here.said == "Goals that do not connect: it has gone out."


async def test_back_leads_into_the_finding_while_something_is_left(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", (*ROWS, CrmGoal(number=2, title="Fewer calls")))) as here:
        await radar(here)
        modal = await show(here)
        assert "To mend" in said(modal) and "✗ CRM goals without a company goal: 2" in said(modal)
        assert said(modal).index("→ C1 Offers") < said(modal).index("→ C2 Fewer calls")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "C1")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter", "f3", "b")
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
        await here.until(lambda: "> → Open C2 Fewer calls: " in here.text(), "what is left")
        assert here.screen.session is not None
        here.screen.session.submit([Change("C2", "company_goals", (), ("G1",))])  # somebody else mends the rest meanwhile
        await here.until(lambda: here.app.screen is here.screen)
        assert "it has gone out" in here.said and here.page.view == "warnings"


async def test_back_leads_to_the_overview_and_into_its_finding(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", (GOAL, WORK))) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.pilot.pause()
        for _ in range(2):
            await here.press("enter")
            await here.until(lambda: isinstance(here.app.screen, FindingModal))
            assert "No written goals" in here.text()
            await here.press("enter")
            await here.until(lambda: here.page.in_form and here.page.current_kind is CrmGoal)
            await here.press("f3", "b")
            await here.until(lambda: isinstance(here.app.screen, FindingModal))
            await here.press("escape")
            assert here.screen.page is not None and here.screen.page.chapter.id == "overview"


async def test_the_facts_are_signed_and_each_has_its_records_below_it(tmp_path: Path) -> None:
    many = [CrmGoal(number=number, title=f"Goal {number}") for number in range(2, 14)]
    rows = (*ROWS, *many)
    async with desk(workbook(tmp_path / "w.crm", rows), size=(120, 40)) as here:
        await radar(here)
        modal = await show(here)
        texts = [row.text for row in modal.lines.rows]
        first = next(index for index, text in enumerate(texts) if text.startswith("✗ CRM goals without a company goal: 13"))
        assert [text[:6] for text in texts[first + 1:first + 11]] == [f"  → C{number}"[:6] for number in range(1, 11)]
        assert texts[first + 11].strip() == "... and 3 more"
        modal.lines.go_to(modal.lines.rows[first + 3].key)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "C3")
        assert here.page.form.field.name == "company_goals"


OWN = """
[overlay]
of = "crm.core"
needs = ">=1.0,<2"
[[pattern]]
id = "acme.own"
name = "Goals alone, and no sponsor"
stage = "goals"
severity = "serious"
active_from = "goals"
fires_when = "crm_goals_unlinked > 0 {joined} not sponsor_named"
message = "Both are so."
advice = "Look at them."
minutes = 10
triggers = [{{ crm_goals_unlinked = 1, sponsor_named = false }}]
"""


@pytest.mark.parametrize(("joined", "heading"), [("and", "One of these is enough"), ("or", "To mend, one after the other")])
async def test_a_heading_says_how_much_of_it_is_needed(tmp_path: Path, joined: str, heading: str) -> None:
    (tmp_path / "w.catalogue.toml").write_text(OWN.format(joined=joined))
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        modal = await show(here, "acme.own")
        texts = [row.text for row in modal.lines.rows]
        assert texts[0] == heading and modal.lines.index == 1
        assert [text.startswith("→ ") for text in texts[1:5]].count(True) == 2


@pytest.mark.parametrize(("key", "response"), [("в", "act"), ("d", "act"), ("ф", "accept"), ("ч", "dismiss"), ("x", "dismiss")])
async def test_the_keys_of_a_finding_work_on_both_layouts(tmp_path: Path, key: str, response: str) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        await show(here)
        await here.press(key)
        await here.until(lambda: here.page.in_form and here.page.current_kind is FindingResponse)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter")
        await here.until(lambda: bool(here.book.rows(FindingResponse)))
        row = here.book.rows(FindingResponse)[0]
        assert (row.response, row.pattern, row.severity, row.person) == (response, ALONE, "serious", "M1")


async def test_the_dialogs_explain_their_signs_and_keys(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS), size=(100, 60)) as here:
        await radar(here)
        await show(here)
        await here.press("?")
        await here.until(lambda: isinstance(here.app.screen, HelpModal))
        text = here.text()
        assert "!!  blocker: holds the project up" in text and "x  It does not apply to us" in text
        assert "worse   it has become graver" in text and "k  says that a link still fits" in text
        await here.press("escape")
        assert isinstance(here.app.screen, FindingModal)


async def test_the_digit_and_keeping_a_state_lead_to_the_warnings(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here, "gates")
        await here.press("8")
        assert here.page.view == "warnings"
        await here.press("right", "right", "1")
        await here.until(lambda: here.page.chapter.id == "goals")
        await here.press("8")
        assert here.page.view == "warnings"
        await here.press("right", "m")
        assert here.page.view == "warnings"


async def test_a_fault_in_a_fact_is_noted_and_the_rest_works_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                caplog: pytest.LogCaptureFixture) -> None:
    well = radar_analysis.look

    def look_(view: View) -> Radar:
        if any(row.title == "nonsense" for row in view.rows(CompanyGoal)):
            raise ZeroDivisionError
        return well(view)

    monkeypatch.setattr(radar_analysis, "look", look_)
    async with desk(workbook(tmp_path / "w.crm", ROWS)) as here:
        await radar(here)
        await show(here)
        assert here.screen.session is not None
        here.screen.session.submit([Change("G1", "title", "Sell more", "nonsense")])
        await here.until(lambda: here.screen.view is None)
        assert here.said.startswith("The Radar cannot be worked out just now; the fault is noted in")
        await here.until(lambda: here.app.screen is here.screen)  # the finding has closed
        assert "cannot be worked out just now" in " ".join(here.text().split()) and "ZeroDivisionError" in caplog.text
        here.screen.session.submit([Change("C1", "title", "Offers within a day", "Offers")])
        await here.until(lambda: here.book.rows(CrmGoal)[0].title == "Offers")
        assert caplog.text.count("The facts cannot be worked out") == 1
        here.screen.session.submit([Change("G1", "title", "nonsense", "sense")])
        await here.until(lambda: ALONE in keys(here))


async def test_midnight_is_noticed(tmp_path: Path) -> None:
    days = [date(2026, 5, 31)]
    soon = FindingResponse(number=1, pattern=ALONE, response="accept", until=days[0], person="M1", reason="Settled in May")
    async with desk(workbook(tmp_path / "w.crm", (*ROWS, soon)), today=lambda: days[0]) as here:
        await radar(here)
        assert "#accepted" in keys(here)
        here.screen._another_day()
        assert "#accepted" in keys(here)
        days[0] = date(2026, 6, 1)
        here.screen._another_day()
        await here.pilot.pause()
        assert "overdue" in line(here, ALONE).cells and "#accepted" not in keys(here)


@pytest.mark.parametrize("answer", [{"until": today() + timedelta(500)}, {"until": today(), "severity": "warn"},
                                    {"until": today(), "person": "M2"}])
async def test_an_answer_without_effect_says_why(tmp_path: Path, answer: dict[str, Any]) -> None:
    values = {"person": "M1", "reason": "Settled in May"} | answer
    rows = (*ROWS, Person(number=2, name="Boris", side="vendor"),
            FindingResponse(number=1, pattern=ALONE, response="accept", **values))
    async with desk(workbook(tmp_path / "w.crm", rows)) as here:
        await radar(here)
        modal = await show(here)
        assert "Settled in May. (It does not count" in " ".join(said(modal).split())


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
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
        await here.press("escape")
        assert here.page.view == "warnings"
        assert keys(here).index(ALONE) > keys(here).index("#accepted")
        assert str(today() + timedelta(30)) in line(here, ALONE).cells
        here.page.lines.go_to(ALONE)
        await here.pilot.pause()
        assert "Anna accepts the risk" in here.text() and "Settled in May." in " ".join(here.text().split())


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
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
        await here.press("escape")
        assert here.page.view == "warnings" and here.page.lines.key == ALONE
        assert len(here.book.rows(FindingResponse)) == 1


async def test_what_cannot_be_judged_says_what_is_missing_and_leads_there(tmp_path: Path) -> None:
    rows = (WORK, Person(number=1, name="Anna"), Assignment(number=1, role="r-sponsor", person="M1"))
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
        assert line(here, ALONE).cells[1] == "new"
        assert keys(here).index("fp-no-goals") > keys(here).index("#gone")
        await here.press("ь")  # m on a Russian layout
        await here.until(lambda: len(here.book.rows(Snapshot)) == 2 and "SN2" in here.said)
        kept = here.book.rows(Snapshot)[1]
        assert (kept.title, kept.on, kept.meeting) == (f"Meeting of {today()}", today(), "WS1")
        assert ALONE in kept.findings
        assert "crm_goals_unlinked = 1" in kept.figures
        assert line(here, ALONE).cells[1] == ""
        assert "#gone" not in keys(here)
        await here.press("m")
        assert "kept already" in here.said
        assert here.screen.session is not None
        here.screen.session.submit([Create(CrmGoal, {"title": "Another one"})])
        await here.until(lambda: line(here, ALONE).cells[1] == "worse")
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
    rows = (WORK, Person(number=1, name=NASTY), CompanyGoal(number=1, title=NASTY),
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


@pytest.mark.parametrize(("rows", "words"), [((), "Nothing has begun yet."), ((GOAL,), "You have just begun."),
                                             ((GOAL, WORK), "")])
async def test_a_new_group_is_not_warned(tmp_path: Path, rows: tuple[Record, ...], words: str) -> None:
    async with desk(workbook(tmp_path / "w.crm", rows)) as here:
        for board in ("warnings", "unknown"):
            await radar(here, board)
            assert words in " ".join(here.text().split()) and bool(words) is not bool(keys(here))
        if words:
            await here.press("enter")  # there is nothing to open
            assert here.page.view == "unknown"


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
        assert here.screen.trail == [Place("overview")]


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
        await radar(here)
        assert keys(here)[-3:] == ["#silenced", ALONE, "#keep"]
        here.page.lines.go_to(ALONE)
        await here.pilot.pause()
        assert "Left out by the company" in here.text() and "One goal is enough." in here.text()
        await here.press("enter", "right")  # there is nothing to open
        assert here.page.view == "unknown" and ALONE not in keys(here)


async def test_the_digit_leads_to_the_warnings_from_everywhere(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", ROWS)) as here:
        await here.open("8", "gates")
        await here.press("0", "8")
        await here.until(lambda: here.screen.page is not None and here.page.view == "warnings")
        assert "[Warnings" in here.text() and "Ready now" not in here.text()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
