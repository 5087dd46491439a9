"""The frame and its pages, as a person uses them: keys in, records and screens out."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.events import Key

from crm_workbook.app import WorkbookApp
from crm_workbook.records import KINDS, TEXTUAL, Record
from crm_workbook.records.edits import Change, Create, Delete
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Department
from crm_workbook.records.values import check
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.chapters import CHAPTERS
from crm_workbook.screens.frame import AlertBar
from crm_workbook.screens.guide import GuideText
from crm_workbook.store import Workbook, events
from tests.screens.desk import Desk, desk, workbook

NASTY = ("[/b] [@click=app.quit]x[/] \x1b[2J\x00 \u202eabc\ud800 e\u0301 Łódź \U0001f600 Привет [red]",
         "=1+1 \x9b31m \u2066 \r\n two lines \ufeff" + "long " * 60)


def stored(path: Path) -> dict[str, Record]:
    """What is on disk."""
    with Workbook.open(str(path), who="reader", read_only=True) as opened:
        return {row.code: row for kind in KINDS for row in opened.book.rows(kind)}


async def test_the_next_step_leads_an_empty_group_to_its_first_goal(tmp_path: Path) -> None:
    path = workbook(tmp_path / "new.crm")
    async with desk(path) as here:
        await here.press("n")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Project)
        assert "name of your company" in here.said
        await here.type("Acme")
        await here.press("tab")
        await here.type("2026-03-02")
        await here.press("f3", "n")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Department)
        await here.type("Sales")
        await here.press("f3")
        await here.until(lambda: bool(here.book.rows(Department)))
        await here.press("n")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CompanyGoal)
        await here.type("Answer faster")
        await here.press("f3")
        await here.until(lambda: bool(here.book.rows(CompanyGoal)))
    rows = stored(path)
    assert (rows["PRJ1"].get("company"), rows["D1"].get("name"), rows["G1"].get("title")) == ("Acme", "Sales", "Answer faster")


async def test_the_line_below_the_list_says_what_was_typed(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "new.crm")) as here:
        await here.open("1", "company_goal")
        await here.press("a")
        await here.until(lambda: here.page.in_form)
        await here.type("Answer faster")
        await here.press("f3")
        await here.until(lambda: here.book.rows(CompanyGoal)[0].title == "Answer faster")
        await here.until(lambda: here.page.query_one(GuideText).text == "G1 Answer faster")


@pytest.mark.parametrize(("width", "note"), [(80, "example of 2 October 2026, nothing is kept · Anna"),
                                             (50, "example, nothing is kept · Anna")])
async def test_the_example_says_its_day_where_there_is_room(tmp_path: Path, width: int, note: str) -> None:
    app = WorkbookApp("example", "Anna", opener=lambda show: Workbook.new(str(tmp_path / "a.crm"), who="Anna"),
                      today=lambda: date(2026, 10, 2))
    async with app.run_test(size=(width, 24)) as pilot:
        here = Desk(app, pilot, tmp_path)
        await here.until(lambda: here.screen.page is not None and here.screen.page.ready)
        await pilot.pause()
        assert note in here.text().splitlines()[0] and here.screen.today() == date(2026, 10, 2)
        assert app.main_screen.close_session() is True


async def test_letters_work_on_a_russian_layout(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "new.crm")) as here:
        await here.press("т")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Project)


async def test_delete_and_undo_and_redo(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="one"), CompanyGoal(number=2, title="two"),
                                         CrmGoal(number=1, title="crm", company_goals=("G1", "G2"))])
    async with desk(path) as here:
        await here.open("1", "company_goal")
        await here.press("d")
        await here.until(lambda: here.book.get("G1") is None)
        assert here.book.rows(CrmGoal)[0].company_goals == ("G2",)
        assert "Press u to bring it back" in here.said
        await here.press("u")
        await here.until(lambda: here.book.get("G1") is not None)
        assert here.book.rows(CrmGoal)[0].company_goals == ("G1", "G2")
        await here.press("y")
        await here.until(lambda: here.book.get("G1") is None)


async def test_deleting_what_others_belong_to_asks_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [Vendor(number=1, name="Alpha"), Answer(number=1, vendor="V1", question="dbms-which")])
    async with desk(path) as here:
        await here.open("5", "vendor")
        await here.press("d")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.until(lambda: "VA1" in here.text())
        await here.press("u", "y", "enter")  # letters choose nothing, and the first answer keeps it
        await here.until(lambda: here.app.screen is here.screen)
        assert here.book.get("V1") is not None
        await here.press("d")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.press("down", "enter")
        await here.until(lambda: here.book.get("V1") is None)
        assert here.book.count() == 0


async def test_enter_right_behind_delete_answers_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, dismiss = list[str](), AskModal.dismiss

    def counted(modal: AskModal, answer: str) -> object:
        given.append(answer)
        return dismiss(modal, answer)

    monkeypatch.setattr(AskModal, "dismiss", counted)
    path = workbook(tmp_path / "a.crm", [Vendor(number=1, name="Alpha"), Answer(number=1, vendor="V1", question="dbms-which")])
    async with desk(path) as here:
        await here.open("5", "vendor")
        for key in ("d", "enter", "d", "enter"):
            here.app.post_message(Key(key, key if len(key) == 1 else None))
        await here.until(lambda: given == ["no", "no"] and here.app.screen is here.screen)
        assert here.book.get("V1") is not None and not here.page.in_form


async def test_filter_and_the_way_to_a_code(tmp_path: Path) -> None:
    rows = [Requirement(number=n, title=f"wish {n} of {'sales' if n % 2 else 'finance'}") for n in range(1, 31)]
    async with desk(workbook(tmp_path / "a.crm", [*rows, Vendor(number=3, name="Gamma")])) as here:
        await here.open("4", "requirement")
        await here.press("/")
        await here.type("FINANCE")
        assert len(here.page.lines.rows) == 15
        await here.press("enter")
        await here.until(lambda: here.app.focused is here.page.lines)
        await here.press("escape")
        assert len(here.page.lines.rows) == 30
        await here.press("/")
        await here.type("v3")
        await here.press("enter")
        await here.until(lambda: here.screen.page is not None and here.screen.page.current_code == "V3")
        await here.press("b")
        await here.until(lambda: here.screen.page is not None and here.screen.page.chapter.id == "requirements")


async def test_what_another_writes_appears_and_the_form_keeps_what_is_typed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="one"), CompanyGoal(number=2, title="two")])
    with Workbook.open(str(path), who="Boris") as other:
        async with desk(path) as here:
            await here.open("1", "company_goal")
            other.apply([Change("G2", "title", "two", "zwei")])
            await here.until(lambda: "zwei" in here.text())
            await here.press("enter")
            await here.until(lambda: here.page.in_form)
            await here.type("!")
            other.apply([Change("G1", "user_benefit", "", "from Boris")])  # another field of the same record
            await here.until(lambda: "from Boris" in here.text())
            assert "one!" in here.text()
        rows = stored(path)
        assert (rows["G1"].get("title"), rows["G1"].get("user_benefit")) == ("one!", "from Boris")


@pytest.mark.parametrize("key", ["enter", "f4"])
async def test_two_people_in_one_field_choose_between_both_texts(tmp_path: Path, key: str) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="one")])
    with Workbook.open(str(path), who="Boris") as other:
        async with desk(path) as here:
            await here.open("1", "company_goal")
            await here.press("enter")
            await here.until(lambda: here.page.in_form)
            await here.type("x")
            await here.until(lambda: here.book.rows(CompanyGoal)[0].title == "onex")
            other.poll()
            other.apply([Change("G1", "title", "onex", "Boris was here")])
            await here.type("y")
            await here.until(lambda: "Boris has written here" in here.text())
            assert "Boris was here" in here.text() and "onexy" in here.text()
            here.page.form.HOLD = 0.0  # the moment in which no key decides is over
            await here.press(key)
            await here.until(lambda: not here.book.rows(Unfinished))
            await here.press("f3")
        assert stored(path)["G1"].get("title") == ("onexy" if key == "enter" else "Boris was here")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_record_deleted_while_it_is_written_in_takes_no_key_elsewhere(tmp_path: Path, size: tuple[int, int]) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=n, title=f"goal{n}") for n in (1, 2, 3)])
    with Workbook.open(str(path), who="Boris") as other:
        async with desk(path, size=size) as here:
            await here.open("1", "company_goal")
            await here.press("enter")
            await here.until(lambda: here.page.in_form)
            other.apply([Delete("G1")])
            await here.until(lambda: here.book.get("G1") is None)
            await here.until(lambda: "Boris" in here.text())
            await here.type("dada duu")
            await here.press("f3")
            await here.until(lambda: not here.page.in_form)
        rows = stored(path)
        assert {code: rows[code].get("title") for code in rows if code.startswith("G")} == {"G2": "goal2", "G3": "goal3"}


async def test_taking_back_a_new_record_while_writing_in_it_writes_nowhere_else(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="goal1")])
    async with desk(path) as here:
        await here.open("1", "company_goal")
        await here.press("a")
        await here.type("new")
        await here.until(lambda: here.book.get("G2") is not None)
        for _ in range(2):  # what was typed since, and the record
            await here.press("ctrl+z")
            await here.until(lambda: "Taken back" in here.said)
            if here.book.get("G2") is None:
                break
            here.screen.say("")
        await here.until(lambda: here.book.get("G2") is None)
        await here.type("more")
        await here.press("f3")
    assert stored(path)["G1"].get("title") == "goal1"


async def test_keys_that_come_all_at_once_mean_what_they_would_one_by_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="goal1")])
    async with desk(path) as here:
        for key in ("1", "right", "right", "a", *"quick goal", "f3", "end", "d", "u"):
            here.app.post_message(Key("space" if key == " " else key, key if len(key) == 1 else None))
        await here.until(lambda: "is back" in here.said)
        assert [row.title for row in here.book.rows(CompanyGoal)] == ["goal1", "quick goal"]


async def test_the_next_step_takes_what_was_typed_at_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm")
    async with desk(path) as here:
        for key in ("n", *"Acme", "tab", *"today", "f3"):
            here.app.post_message(Key(key, key if len(key) == 1 else None))
        await here.until(lambda: bool(here.book.rows(Project)) and not here.page.in_form)
    assert stored(path)["PRJ1"].get("company") == "Acme"


async def test_nothing_is_being_saved_is_said_and_taken_back(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm")) as here:
        bar = here.screen.query_one(AlertBar)
        here.screen._post(events.Stalled("The disk is full."))
        await here.until(lambda: "Nothing is being saved: The disk is full." in here.text())
        here.screen._post(events.Resumed())
        await here.until(lambda: not bar.display)


def nasty_row(kind: type[Record]) -> Record:
    """A record with nasty text wherever text fits."""
    values = {name: check(field, NASTY[index % 2]) for index, (name, field) in enumerate(kind.declared.fields.items())
              if field.type in TEXTUAL}
    return kind(number=1, **values)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("digits", ["0123", "456", "789"])
async def test_text_of_people_is_shown_and_never_obeyed(tmp_path: Path, digits: str, size: tuple[int, int]) -> None:
    path = workbook(tmp_path / "a.crm", map(nasty_row, KINDS))
    async with desk(path, size=size) as here:
        for digit in digits:
            await here.press(digit)
            if digit == "0":
                continue
            await here.until(lambda: here.page.ready)
            for view in here.page.shelf.views:
                here.page.show_view(view)
                await here.pilot.pause()
                text = here.text()
                assert not set(text) & set("\x1b\x00\x9b\u202e\u2066\ufeff"), (view, text)
                if here.page.current_kind is not None and here.page.current_kind.declared.label[0] in (
                        "name", "title") and not here.page.current_kind.declared.single:
                    assert "[/b]" in text or "=1+1" in text, (view, text)
            assert here.screen.page is not None and here.screen.page.chapter is CHAPTERS[int(digit)]


async def test_history_help_links_and_palette_open_and_lead_on(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="one"), CrmGoal(number=1, title="crm",
                                                                                      company_goals=("G1",))])
    async with desk(path) as here:
        await here.open("1", "company_goal")
        for key, word in (("h", "was added"), ("?", "Keys everywhere else")):
            await here.press(key)
            await here.until(lambda: here.app.screen is not here.screen)
            await here.until(lambda word=word: word in here.text() or word == "Keys everywhere else")  # type: ignore[misc]  # bound
            await here.press("escape")
            await here.until(lambda: here.app.screen is here.screen)
        await here.press("l")
        await here.until(lambda: here.app.screen is not here.screen)
        await here.press("enter")
        await here.until(lambda: here.page.current_code == "C1")
        await here.press("ctrl+p")
        await here.until(lambda: here.app.screen is not here.screen)
        await here.type("g1")
        await here.press("enter")
        await here.until(lambda: here.page.current_code == "G1")


async def test_two_people_who_begin_the_same_single_record_choose_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm")
    with Workbook.open(str(path), who="Boris") as other:
        async with desk(path) as here:
            await here.press("n")
            await here.until(lambda: here.page.in_form)
            other.apply([Create(Project, {"company": "Beta"})])
            await here.type("Alpha")
            await here.until(lambda: "Boris has written here" in here.text())
            assert "Beta" in here.text() and "Alpha" in here.text()
            here.page.form.HOLD = 0.0  # the moment in which no key decides is over
            await here.press("f4", "f3")
            await here.until(lambda: not here.book.rows(Unfinished))
        assert stored(path)["PRJ1"].get("company") == "Beta"


async def test_a_number_that_is_none_is_kept_and_shown_again(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [CompanyGoal(number=1, title="one")])
    async with desk(path) as here:
        await here.open("1", "company_goal")
        await here.press("enter")
        await here.until(lambda: here.page.in_form)
        here.page.form.go_to("weight")
        await here.pilot.pause()
        await here.type("about 4")
        await here.press("f3")
        await here.until(lambda: bool(here.book.rows(Unfinished)))
    async with desk(path) as here:
        await here.open("1", "company_goal")
        await here.press("enter")
        await here.until(lambda: here.page.in_form)
        assert "about 4" in here.text()


async def test_themes_change_and_stay(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm")
    async with desk(path) as here:
        first = here.app.theme
        await here.press("t")
        second = here.app.theme
        assert second != first
    async with desk(path) as here:
        assert here.app.theme == second




@pytest.mark.parametrize(("word", "chapter", "view"), [("comparis", "vendors", "comparison"), ("gates", "radar", "gates")])
async def test_boards_are_found_by_their_titles(tmp_path: Path, word: str, chapter: str, view: str) -> None:
    async with desk(workbook(tmp_path / "a.crm")) as here:
        await here.open("1", "company_goal")
        await here.press("ctrl+p")
        await here.type(word)
        await here.press("enter")
        await here.until(lambda: here.page.chapter.id == chapter and here.page.view == view)
        await here.press("b")
        await here.until(lambda: here.page.chapter.id == "goals")


async def test_a_step_that_is_done_says_so_and_asks_for_nothing(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", [Vendor(number=1, name="A"), Vendor(number=2, name="B")])) as here:
        await here.press("5")
        await here.press("home")
        shown = here.screen.query_one(GuideText).text
        assert shown == "This step is done: Vendors, 2 of 2. Press Enter to look at it."
        await here.press("enter")
        await here.until(lambda: here.page.view == "vendor")
        assert here.said == shown
