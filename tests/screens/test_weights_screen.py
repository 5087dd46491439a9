"""Weighing on the screen: each member alone, hidden until shown to all, then talked about and sealed; everything is kept."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from crm_workbook.analysis.comparison import seal_strip
from crm_workbook.analysis.weights import criteria, group, sealed, weights
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Delete
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import Answer, Vendor, WeightRound, WeightVote
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.days import today
from crm_workbook.screens.vendors.explanation import Explanation
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.vendors.weight_ballot import BallotSheet
from crm_workbook.screens.vendors.weight_sheet import WeightSheet
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

SECTIONS = tuple(sorted(load().question_sections.values(), key=lambda row: row.order))
IDS = tuple(section.id for section in SECTIONS)
PEOPLE = (Person(number=1, name="Anna", in_group=True), Person(number=2, name="Boris", in_group=True),
          Person(number=3, name="Vera", side="vendor"))
VENDORS = (Vendor(number=1, name="Alpha CRM"), Vendor(number=2, name="Borealis"))
OPEN = WeightRound(number=1, title="Before the demos", method="swing", members=("M1", "M2"), opened_on=date(2026, 3, 1))
SHOWN = WeightRound(number=1, title="Before the demos", method="points", members=("M1", "M2"), opened_on=date(2026, 3, 1),
                    revealed_on=date(2026, 3, 2))


def votes(person: str, points: Sequence[float], first: int, round_: str = "WE1") -> list[WeightVote]:
    """Numbers of a member for all groups of questions; the last one goes on."""
    given = [*points, *([points[-1]] * len(IDS))]
    return [WeightVote(number=first + place, round=round_, person=person, criterion=id_, points=float(given[place]))
            for place, id_ in enumerate(IDS)]


ANNA, BORIS = votes("M1", [100, 10], 1), votes("M2", [10, 100, 10], 21)


def answers(vendor: str, section: str, good: bool, first: int) -> list[Answer]:
    """The best or the worst answer to every scored question of a section that is no knock-out."""
    found = list[Answer]()
    for place, one in enumerate(load().questions.values()):
        options = sorted(one.options, key=lambda option: option.value)
        value = {"yes_no": "yes" if good else "no", "number": str(one.best if good else one.worst), "single_choice":
                 options[-1 if good else 0].id if options else ""}.get(one.answer_type)
        if one.section == section and one.scored and not one.knockout and value:
            found.append(Answer(number=first + place, vendor=vendor, question=one.id, state="answered", value=value))
    return found


ANSWERS = (*answers("V1", IDS[0], True, 1), *answers("V2", IDS[0], False, 101), *answers("V1", IDS[1], False, 201),
           *answers("V2", IDS[1], True, 301))


def opened(tmp_path: Path, *rows: Iterable[Record], size: tuple[int, int] = (80, 24),
           who: str = "Anna") -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen."""
    return desk(workbook(tmp_path / "a.crm", [row for part in rows for row in part]), size=size, who=who)


async def show(here: Desk, code: str = "WE1", at: str = "") -> WeightSheet:
    """Opens a weighing."""
    await here.until(lambda: here.screen.view is not None, "facts")
    sheet = WeightSheet(here.screen, code, at=at)
    open_sheet(sheet)
    await here.until(lambda: here.app.screen is sheet and bool(sheet.query(LineList)), "sheet")
    await here.pilot.pause()
    return sheet


async def sit(here: Desk, sheet: WeightSheet, person: str, *, sure: bool = False) -> BallotSheet:
    """Lets a member sit down."""
    assert sheet.lines.go_to(person)
    await here.press("enter")
    if sure:
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.press("down", "enter")
    await here.until(lambda: isinstance(here.app.screen, BallotSheet) and bool(here.app.screen.query(LineList)), "ballot")
    await here.pilot.pause()
    ballot = here.app.screen
    assert isinstance(ballot, BallotSheet)
    return ballot


def given(here: Desk, person: str) -> dict[str, float | None]:
    """What is written of a member's numbers."""
    return {row.criterion: row.points for row in here.book.rows(WeightVote) if row.person == person}


def head(here: Desk) -> str:
    """The heading of the open sheet."""
    return str(here.app.screen.query_one(".sheet-head", Static).content)


def detail(here: Desk) -> str:
    """The words below the lines of the open sheet."""
    return str(here.app.screen.query_one(".sheet-detail Static", Static).content)


async def test_a_weighing_is_begun_from_the_board(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "weights")
        assert "Begin a weighing" in here.text() and SECTIONS[0].name in here.text()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.press("enter")  # swing stands first
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        assert "Vera" not in here.text()  # the vendor's people do not weigh
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, WeightSheet) and bool(here.book.rows(WeightRound)))
        row = here.book.rows(WeightRound)[0]
        assert (row.method, row.members, row.opened_on, row.revealed_on) == ("swing", ("M1", "M2"), today(), None)
        await here.until(lambda: "0 of 2 have finished" in head(here))
        assert "Whoever opens the file or the history can read them" in detail(here).replace("\n", " ")
        await here.press("escape")
        await here.until(lambda: "0 of 2 in" in here.text())


async def test_without_people_the_board_leads_to_their_list(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("5", "weights")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Person)
        assert "people of the working group" in here.said


async def test_swing_is_asked_aloud_and_each_digit_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, ANSWERS, [OPEN]) as here:
        sheet = await show(here)
        await sit(here, sheet, "M2")
        assert "Boris weighs alone" in head(here) and "at its worst everywhere" in head(here).replace("\n", " ")
        assert "0 Borealis" in here.text() and "Worst here: Borealis" in detail(here) and "Best here: Alpha CRM" in detail(here)
        await here.press("1", "0", "0", "enter", "4", "0")
        assert "2 of 12 have a number" in head(here)
        await here.until(lambda: given(here, "M2") == {IDS[0]: 100.0, IDS[1]: 40.0})
        await here.press("backspace")
        await here.until(lambda: given(here, "M2")[IDS[1]] == 4.0)
        await here.press("backspace")
        await here.until(lambda: given(here, "M2")[IDS[1]] is None)
        assert "1 of 12 have a number" in head(here)
        assert len(here.book.rows(WeightVote)) == 2


async def test_a_number_that_is_too_large_leaves_the_one_before(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, [OPEN], BORIS[:1]) as here:
        ballot = await sit(here, await show(here), "M2", sure=True)
        await here.press("1", "5", "0", "0")  # neither 15 nor 0 is left of it
        assert "A number goes from 0 to 100. 10 stays. Press Backspace to type again." in detail(here)
        await here.until(lambda: given(here, "M2") == {IDS[0]: 10.0} and ballot.given() == {IDS[0]: 10.0})
        await here.press("backspace", "7", "0")
        await here.until(lambda: given(here, "M2") == {IDS[0]: 70.0})
        ballot.lines.go_to(IDS[1])
        await here.press("4", "0", "1")
        assert "Nothing was taken." in detail(here)
        await here.press("enter", "3")  # Enter begins again, too
        await here.until(lambda: sorted(row.points or 0 for row in here.book.rows(WeightVote)) in ([0, 3, 70], [3, 70]))


async def test_the_numbers_of_the_others_are_hidden_until_they_are_shown(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, [OPEN], ANNA) as here:
        sheet = await show(here)
        assert "1 of 2 have finished" in head(here) and "57" not in here.text() and "%" not in here.text()
        ballot = await sit(here, sheet, "M2")
        assert "✓" not in here.text()
        await here.hit(*["5", "enter"] * len(IDS))
        await here.until(lambda: here.app.screen is sheet)
        assert ballot.over
        await here.until(lambda: len(given(here, "M2")) == len(IDS) and "2 of 2 have finished" in head(here))
        assert "Thank you, Boris. Press v" in here.text()
        await sit(here, sheet, "M1", sure=True)  # Anna looks at her own again
        assert "12 of 12 have a number" in head(here)
        await here.press("escape", "v")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.press("enter")  # the first answer is no
        assert here.book.rows(WeightRound)[0].revealed_on is None
        await here.press("v", "down", "enter")
        await here.until(lambda: here.book.rows(WeightRound)[0].revealed_on == today())
        await here.until(lambda: "Agreement on order: " in head(here))
        found = group(sheet.view, "WE1")
        assert found is not None and found.complete
        assert f"{found.mean[IDS[0]] * 100:.0f}" in here.text() and weights(sheet.view).round is not None


async def test_who_has_not_finished_is_not_counted(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, [OPEN], ANNA, BORIS[:3]) as here:
        await show(here)
        assert "3 of 12" in here.text()
        await here.press("v")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        assert "Not finished, so not counted: Boris." in here.text()
        await here.press("down", "enter")
        await here.until(lambda: "Not finished, so not counted: Boris." in detail(here))
        assert "there is nothing to compare yet" in head(here)


async def test_nobody_has_finished(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, [OPEN]) as here:
        await show(here)
        await here.press("v", "s", "o")
        assert "This weighing is still open." in here.text()
        await here.press("v")
        assert "Nobody has finished yet." in here.text() and here.book.rows(WeightRound)[0].revealed_on is None


@pytest.mark.parametrize(("method", "typed", "share"), [("points", "2", 1 / 12), ("ranks", "1", 1 / 12)])
async def test_points_and_places(tmp_path: Path, method: str, typed: str, share: float) -> None:
    round_ = WeightRound(number=1, title="T", method=method, members=("M1",), opened_on=date(2026, 3, 1))
    async with opened(tmp_path, PEOPLE, [round_]) as here:
        sheet = await show(here)
        ballot = await sit(here, sheet, "M1")
        if method == "ranks":
            await here.press("1", "3")
            assert "Places go from 1 to 12." in here.text()
        for id_ in IDS:
            ballot.lines.go_to(id_)
            await here.hit("backspace", typed)
        assert ("76 left of 100" in head(here)) is (method == "points")
        shares = ballot.shares(ballot.given())
        assert shares is not None and shares[IDS[3]] == pytest.approx(share)
        await here.until(lambda: len(given(here, "M1")) == len(IDS))


async def test_what_to_talk_about_comes_first(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, ANSWERS, [SHOWN], ANNA, BORIS) as here:
        sheet = await show(here)
        first = sheet.lines.rows[0]
        assert first.talk == 1 and first.key in IDS[:2] and "Talk about this first" in head(here)
        assert "another vendor would come first" in detail(here).replace("\n", " ")
        await here.press("=")
        await here.until(lambda: isinstance(here.app.screen, Explanation))
        assert "Mean:" in here.text() and "Anna" in here.text()
        await here.press("escape")
        assert here.app.screen is sheet


async def test_the_seal_shows_what_was_changed_later(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, ANSWERS, [SHOWN], ANNA, BORIS[:1]) as here:
        sheet = await show(here)
        await here.press("s")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        words = " ".join(here.text().replace("│", " ").split())
        assert "1 of 2 members signs: Anna." in words and "A seal is not taken off." in words
        await here.press("enter")  # the first answer is no
        assert not here.book.rows(WeightRound)[0].seal
        await here.press("s", "enter", "down", "enter")
        await here.until(lambda: here.book.rows(WeightRound)[0].sealed_on == today())
        found = sealed(sheet.view)
        assert found is not None and found.intact and found.round.sealed_by == ("M1",)
        assert found.shares == pytest.approx(weights(sheet.view).shares)
        await here.until(lambda: "sealed on" in head(here))
        await here.press("s")
        assert "already" in here.text()
        await here.press("o")  # a new round; the old one stays
        await here.until(lambda: len(here.book.rows(WeightRound)) == 2 and isinstance(here.app.screen, WeightSheet)
                         and here.app.screen is not sheet)
        assert here.book.rows(WeightRound)[1].members == ("M1", "M2") and len(here.book.rows(WeightVote)) == len(ANNA) + 1
        assert here.screen.session is not None
        session = here.screen.session
        session.submit([Change("WE2", "members", ("M1", "M2"), ("M2",))])
        await here.until(lambda: here.book.rows(WeightRound)[1].members == ("M2",))
        await here.pilot.pause()
        newer = here.app.screen
        assert isinstance(newer, WeightSheet)
        await sit(here, newer, "M2")
        await here.hit("1", "enter", *"100", *["enter", "1"] * len(IDS[2:]), "enter")
        await here.until(lambda: here.app.screen is newer)
        await here.press("v", "down", "enter")
        await here.until(lambda: "not sealed" in head(here))
        strip = seal_strip(newer.view)
        assert strip is not None and strip.turned and strip.intact
        assert "Alpha wins, by those of today Borealis." in head(here).replace("\n", " ")
        session.submit([Change("WE1", "sealed_by", ("M1",), ("M2",))])
        await here.until(lambda: "The seal of “Before the demos” is broken" in head(here))
        session.submit([Change("WE1", "weights", here.book.rows(WeightRound)[0].weights, "")])  # they are gone
        await here.until(lambda: "wins" not in head(here) and "is broken" in head(here))


async def test_last_time_is_shown_and_taken_over(tmp_path: Path) -> None:
    again = WeightRound(number=2, title="Again", method="points", members=("M1",), opened_on=date(2026, 3, 5))
    async with opened(tmp_path, PEOPLE, VENDORS, [SHOWN, again], ANNA) as here:
        sheet = await show(here, "WE2")
        ballot = await sit(here, sheet, "M1")
        assert "Before" in here.text()
        await here.press("7", "t")
        assert "11 numbers taken over." in here.text()
        assert ballot.given() == {IDS[0]: 7.0, **{id_: 10.0 for id_ in IDS[1:]}}


async def test_members_are_changed_while_it_is_open(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, [OPEN]) as here:
        await show(here)
        await here.press("m")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("space", "enter")
        await here.until(lambda: here.book.rows(WeightRound)[0].members == ("M2",))
        await here.until(lambda: "0 of 1 have finished" in head(here))


async def test_many_members_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J"
    people = [Person(number=number, name=f"{nasty} {number}", in_group=True) for number in range(1, 10)]
    round_ = SHOWN.with_value("members", tuple(person.code for person in people))
    given_ = [vote for number in range(1, 10) for vote in votes(f"M{number}", [number * 10, 10], number * 20)]
    async with opened(tmp_path, people, VENDORS, [round_], given_, size=(60, 20)) as here:
        sheet = await show(here)
        assert "more members" in here.text() and "\x1b" not in here.text()
        before = sheet.first
        await here.press("right")
        assert sheet.first == before + 1


async def test_somebody_else_writes_meanwhile(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, VENDORS, [OPEN], ANNA) as here:
        sheet = await show(here)
        ballot = await sit(here, sheet, "M2")
        assert here.screen.session is not None
        ballot.lines.go_to(IDS[4])
        here.screen.session.submit([Change("V2", "name", "Borealis", "Boreas")])
        await here.until(lambda: any(row.name == "Boreas" for row in here.book.rows(Vendor)))
        await here.pilot.pause()
        assert here.app.screen is ballot and ballot.lines.key == IDS[4]
        here.screen.session.submit([Delete("WE1")])
        await here.until(lambda: not isinstance(here.app.screen, BallotSheet | WeightSheet))


def test_the_groups_of_questions_are_those_of_the_catalogue() -> None:
    from crm_workbook.analysis.facts.view import View
    from crm_workbook.records.book import Book

    assert criteria(View(Book(), load(), date(2026, 3, 1))) == IDS
