"""The questions to a vendor on the screen: read aloud, answered with one key, typed in place, kept at once."""
from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Static

from crm_workbook.analysis import scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.records import Record, Value
from crm_workbook.records.edits import Change
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, CostLine, Vendor
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.registers import RegisterPage
from crm_workbook.screens.vendors.asking_form import AnswerForm, AnswerPen
from crm_workbook.screens.vendors.question import QuestionSheet, open_question
from crm_workbook.store import Workbook
from tests.screens.desk import Desk, desk, workbook

ALPHA, BETA = Vendor(number=1, name="Alpha CRM"), Vendor(number=2, name="Beta", state="out")
SIZE = (Scale(number=1, users_at_once=30, data_gb=45.0, calls_at_once=4),
        Office(number=1, name="Riga", users=18, down_mbps=12.0, up_kbps=640.0, ping_ms=20.0, calls=4))


def said(question: str, value: str = "", state: str = "answered", number: int = 1, **more: object) -> Answer:
    return Answer(**{"number": number, "vendor": "V1", "question": question, "value": value, "state": state, **more})


@asynccontextmanager
async def opened(path: Path, rows: Iterable[Record] = (ALPHA,), question: str = "", size: tuple[int, int] = (80, 24),
                 who: str = "Anna") -> AsyncIterator[tuple[Desk, QuestionSheet]]:
    """A new workbook with these records, and the sheet of the first vendor at a question."""
    if not path.exists():
        workbook(path, rows)
    async with desk(path, size=size, who=who) as here:
        await here.until(lambda: here.screen.view is not None)
        open_question(here.screen, "V1", question)
        yield here, await on_sheet(here)


async def on_sheet(here: Desk) -> QuestionSheet:
    """The sheet, when it is there."""
    await here.until(lambda: isinstance(here.app.screen, QuestionSheet) and bool(here.app.screen.query(AnswerForm)))
    await here.pilot.pause()
    sheet = here.app.screen
    assert isinstance(sheet, QuestionSheet)
    return sheet


def answer(here: Desk, question: str) -> Answer:
    """What is stored as the answer of the first vendor."""
    return next((row for row in here.book.rows(Answer) if (row.vendor, row.question) == ("V1", question)), Answer())


async def kept(here: Desk, question: str, **values: Value) -> None:
    """Waits until an answer is stored like this."""
    await here.until(lambda: all(answer(here, question).get(name) == value for name, value in values.items()),
                     f"{question} {values}, but {answer(here, question)}")


def outcome(here: Desk) -> str:
    """What follows from the answer, as a line of text."""
    return " ".join(str(here.app.screen.query_one("#outcome", Static).content).split())


# ---- answers with one key ----

async def test_a_digit_answers_and_warns_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-licence-cost") as (here, sheet):
        assert "▸open◂" in outcome(here) and "question 2 of 12" in here.text()
        await here.press("2")
        assert "▸answered◂" in outcome(here) and "! A database bill may come later." in outcome(here)
        assert "Opens a cost: Database. Press c to enter it." in outcome(here)
        await kept(here, "dbms-licence-cost", value="included-now", state="answered", asked_on=here.screen.today())
        await here.until(lambda: "1 of 12 done" in here.text())
        await here.press("9")
        assert "Choose a number from 1 to 5." in outcome(here) and sheet.answer.value == "included-now"


async def test_arrows_and_enter_do_the_same_and_enter_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-licence-cost") as (here, sheet):
        await here.press("down", "down", "enter")
        assert sheet.answer.value == "extra" and sheet.question == "dbms-licence-cost"
        await here.press("enter")
        assert sheet.question == "dbms-load"
        await here.press("left", "left")
        assert sheet.question == "dbms-which"
        await here.press("enter")  # one too many: nothing is noted
        assert "Press the number of the answer" in outcome(here) and sheet.answer.state == ""
        await here.press("d", "enter")
        assert sheet.question == "dbms-licence-cost"
        await kept(here, "dbms-licence-cost", value="extra")


@pytest.mark.parametrize(("key", "state"), [("d", "dont_know"), ("в", "dont_know"), ("x", "not_applicable"), ("l", "later"),
                                            ("s", "unsure")])
async def test_each_state_has_one_key_and_the_same_key_takes_it_back(tmp_path: Path, key: str, state: str) -> None:
    async with opened(tmp_path / "a.crm", question="mail-client") as (here, _sheet):
        await here.press("s")
        assert "Note the answer first" in outcome(here)
        await here.press("1", key)
        await kept(here, "mail-client", value="built-in", state=state)
        await here.press(key)
        await kept(here, "mail-client", value="built-in", state="answered")


async def test_quick_keys_do_not_collide_with_themselves(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="mail-client") as (here, _sheet):
        await here.press("1", "2", "3", "e", "2", "s", "4")
        await kept(here, "mail-client", value="extra", state="unsure", evidence="2")
        assert len(here.book.rows(Answer)) == 1 and not here.book.rows(Unfinished)


async def test_the_answer_is_taken_away_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, said("mail-client", "linked")), "mail-client") as (here, _sheet):
        await here.press("backspace")
        await kept(here, "mail-client", value="", state="")
        await here.press("u")
        await kept(here, "mail-client", value="linked", state="answered")


async def test_a_new_answer_that_is_taken_back_can_be_noted_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="mail-client") as (here, _sheet):
        await here.press("1")
        await kept(here, "mail-client", value="built-in")
        await here.press("u")
        await here.until(lambda: not here.book.rows(Answer) and "Taken back" in outcome(here))
        assert "▸open◂" in outcome(here)
        await here.press("2")
        await kept(here, "mail-client", value="linked", state="answered")


# ---- what is typed ----

async def test_a_number_is_typed_in_place_and_compared(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, *SIZE), "dbms-load") as (here, sheet):
        await here.type("40")
        assert sheet.writing and "40" in here.text()
        await here.press("enter")
        assert not sheet.writing and "1.5 times that is 45." in outcome(here)
        await kept(here, "dbms-load", value="40", state="answered")
        await here.press("enter")
        assert sheet.question == "dbms-real-load-demo"
        await here.press("left", "7")  # typed anew: it takes the place of the old number
        await kept(here, "dbms-load", value="7")


async def test_offices_are_named_with_their_lines(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, *SIZE), "host-bandwidth") as (here, _sheet):
        await here.type("15")
        await here.until(lambda: "Office Riga: 18 people need 27 Mbit/s, measured 12." in outcome(here))


async def test_what_is_no_number_is_kept_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.crm"
    async with opened(path, question="dbms-load") as (here, sheet):
        sheet.form.PAUSE = 0.05
        await here.type("5 or 10")
        await here.until(lambda: "is not a number" in " ".join(here.text().split()))
        await kept(here, "dbms-load", value="5 or 10", state="")
    async with opened(path, question="dbms-load") as (here, sheet):
        assert "“5 or 10” is not one number" in outcome(here) and "▸begun◂" in outcome(here)
        assert sheet.item.state == "begun" and "0 of 12 done" in here.text()
        await here.press("8", "enter")
        await kept(here, "dbms-load", value="8", state="answered")
        await here.press("u", "k")
        await kept(here, "dbms-load", value="", state="", note="5 or 10")
        assert "▸begun◂" in outcome(here)


async def test_a_stored_text_where_a_number_belongs_is_shown_to_be_mended(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, said("dbms-load", "some 50")), "dbms-load") as (here, _sheet):
        assert "some 50" in here.text() and "“some 50” is not one number" in outcome(here)


async def test_words_reference_and_date_are_written(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="mail-client") as (here, sheet):
        await here.press("1", "w")
        await here.type("yes 1")
        await here.press("tab")
        await here.type("Offer p2")
        await here.press("tab")
        await here.type("2026-03-01")
        await here.press("escape", "e", "2")
        assert not sheet.writing
        await kept(here, "mail-client", value="built-in", note="yes 1", reference="Offer p2", evidence_on=date(2026, 3, 1),
                   evidence="2")
        assert "▸Written◂" in outcome(here)
        await here.press("enter")
        assert sheet.question == "mail-client" and "Written, " in outcome(here) and "old." in outcome(here)
        await here.press("escape")
        await here.until(lambda: here.app.screen is here.screen)


async def test_an_answer_in_words_gets_a_mark_from_the_group(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, said("host-model", "cloud")), "host-where") as (here, _sheet):
        assert "Because of the answer" in here.text()
        await here.type("Riga")
        await here.press("enter", "m")
        await kept(here, "host-where", value="Riga", state="answered", mark="good")
        await here.press("right", "escape", "m")
        assert "Only answers in words get a mark" in outcome(here)


async def test_an_open_question_that_is_typed_takes_letters_as_text(tmp_path: Path) -> None:
    rows = (ALPHA, BETA, said("host-model", "cloud"), said("mail-client", "linked", number=2))
    async with opened(tmp_path / "a.crm", rows, "dbms-hardware") as (here, sheet):
        await here.press("escape", "escape")
        open_question(here.screen, "V1", "price-licence")
        sheet = await on_sheet(here)
        await here.hit(*"server-by-us,avduy")
        await kept(here, "price-licence", value="server-by-us,avduy", state="answered")
        assert (sheet.vendor, sheet.beside) == ("V1", False) and answer(here, "mail-client").value == "linked"


async def test_an_empty_answer_lets_one_go_on_and_escape_leads_to_the_keys(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-load") as (here, sheet):
        assert sheet.writing and "Enter done" in here.text()
        await here.press("right", "left")
        assert sheet.question == "dbms-load" and sheet.writing
        await here.press("escape", "d")
        await kept(here, "dbms-load", state="dont_know")


async def test_tab_leads_from_the_answer_to_the_words(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-load") as (here, _sheet):
        await here.press("4", "0", "tab")
        await here.type("1 client")
        await here.press("escape")
        await kept(here, "dbms-load", value="40", note="1 client", state="answered")


async def test_undo_is_about_this_question_or_says_what_it_is_about(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-licence-cost") as (here, sheet):
        await here.press("u")
        assert "Nothing was noted since you came" in outcome(here)
        await here.press("2", "3", "right", "escape", "u")
        assert "What was noted last is another answer" in outcome(here) and "Can the database itself" in outcome(here)
        assert answer(here, "dbms-licence-cost").value == "extra"
        await here.press("left", "u")
        await kept(here, "dbms-licence-cost", value="included-now")
        await here.press("y")
        await kept(here, "dbms-licence-cost", value="extra")
        await here.press("right", "escape", "u", "u")
        await kept(here, "dbms-licence-cost", value="included-now")
        assert sheet.question == "dbms-load"


async def test_digits_answer_how_sure_while_that_is_asked(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="mail-client") as (here, sheet):
        await here.press("1", "e")
        assert "2 Written" in outcome(here) and "1-4" in here.text().splitlines()[-1]
        await here.press("2", "3", "9")
        assert "from 1 to 4" in outcome(here)
        await here.press("enter")
        await kept(here, "mail-client", value="built-in", evidence="3")
        assert sheet.question == "mail-client" and "In the contract" in outcome(here)


@pytest.mark.parametrize("keys", [["escape", "down", "enter"], [*"no", "space", *"limit", "enter"]])
async def test_no_limit_is_an_answer_where_it_can_be_one(tmp_path: Path, keys: list[str]) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, *SIZE), "dbms-size-limit") as (here, sheet):
        assert "no limit" in here.text()
        await here.press(*keys)
        await kept(here, "dbms-size-limit", value=scoring.NO_LIMIT, state="answered")
        assert "(•)" in here.text() and "not one number" not in outcome(here) and "▸answered◂" in outcome(here)
        await here.press("8", "enter")
        await kept(here, "dbms-size-limit", value="8", state="answered")
        assert "(•)" not in here.text() and sheet.answer.value == "8"


async def test_a_share_over_a_hundred_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="func-must-haves") as (here, _sheet):
        await here.type("150")
        await here.press("enter")
        assert "150 cannot be: the answer lies between 0 and 100." in outcome(here)
        await kept(here, "func-must-haves", value="150", state="")


# ---- where it leads ----

async def test_follow_ups_are_announced_and_come_next(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="host-model") as (here, sheet):
        await here.press("1")
        assert "This opens 5 more questions. They come next." in outcome(here)
        await here.until(lambda: "5 more opened" in here.text())
        await here.press("right")
        assert sheet.question == "host-where" and "follow-up question" in here.text()


async def test_the_cost_that_is_opened_is_entered_and_one_comes_back(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, said("dbms-licence-cost", "extra")), "dbms-licence-cost") as (here, _sheet):
        await here.press("c")
        await here.until(lambda: isinstance(here.screen.page, RegisterPage) and here.page.in_form
                         and here.page.current_kind is CostLine)
        row = here.page.form.row
        assert isinstance(row, CostLine)
        assert (row.vendor, row.bucket, row.question) == ("V1", "dbms", "dbms-licence-cost")
        await here.type("Database")
        await here.until(lambda: bool(here.book.rows(CostLine)))
        await here.press("f3", "b")
        await on_sheet(here)
        assert "CL1 has no amount yet: press c." in outcome(here)


async def test_the_first_call_ends_with_what_comes_next(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="price-licence") as (here, sheet):
        await here.press("right")
        assert "End of the first call" in here.text() and "question 12 of 12" not in here.text()
        assert sheet.closing and "This was the first call with Alpha CRM." in here.text()
        assert "more questions follow by section" in " ".join(here.text().split())
        await here.press("enter")
        assert sheet.question == "dbms-size-limit" and not sheet.closing
        await here.press("left", "left")
        assert sheet.question == "func-addons"


async def test_all_vendors_side_by_side_and_over_to_another_one(tmp_path: Path) -> None:
    rows = (ALPHA, BETA, said("mail-client", "built-in"), said("mail-client", "none", number=2, vendor="V2"))
    async with opened(tmp_path / "a.crm", rows, "mail-client") as (here, sheet):
        await here.press("a")
        assert "Beta (out)" in here.text() and "!" in here.text()
        await here.press("down", "enter")
        assert (sheet.vendor, sheet.beside, sheet.answer.value) == ("V2", False, "none")
        await here.press("v")
        assert sheet.vendor == "V1"


async def test_questions_that_are_not_for_this_vendor_are_passed_over(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", (ALPHA, said("host-model", "cloud")), "host-model") as (here, sheet):
        await here.press("right")
        assert sheet.question == "host-where"  # not dbms-hardware: a rented system needs no server of ours
        open_question(here.screen, "V1", "dbms-hardware")
        await here.pilot.pause()
        assert "Comes up when the answer to" in outcome(here)


# ---- two people ----

@pytest.mark.parametrize("key", ["enter", "f4"])
async def test_two_people_in_the_words_of_one_answer(tmp_path: Path, key: str) -> None:
    path = workbook(tmp_path / "a.crm", [ALPHA, said("mail-client", "linked", note="one")])
    with Workbook.open(str(path), who="Boris") as other:
        async with opened(path, question="mail-client") as (here, sheet):
            await here.press("w")
            await here.type("x")
            await kept(here, "mail-client", note="onex")
            other.poll()
            other.apply([Change("VA1", "note", "onex", "Boris was here")])
            await here.type("y")
            await here.until(lambda: "keep mine" in here.text())
            assert "Boris was here" in here.text()
            sheet.form.HOLD = 0.0  # the moment in which no key decides is over
            await here.press(key)
            await here.until(lambda: not here.book.rows(Unfinished))
            await kept(here, "mail-client", note="onexy" if key == "enter" else "Boris was here")


async def test_somebody_elses_answer_is_shown_and_the_cursor_stays(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [ALPHA, said("mail-client", "linked")])
    with Workbook.open(str(path), who="Boris") as other:
        async with opened(path, question="mail-client") as (here, sheet):
            await here.press("down", "down")
            place = sheet.lines.index
            other.apply([Change("VA1", "value", "linked", "none")])
            await here.until(lambda: sheet.answer.value == "none")
            await here.pilot.pause()
            assert sheet.lines.index == place == 3 and "!" in outcome(here)


async def test_of_two_keys_at_once_the_other_answer_stands_and_that_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [ALPHA, said("mail-client", "linked")])
    with Workbook.open(str(path), who="Boris") as other:
        async with opened(path, question="mail-client") as (here, sheet):
            other.apply([Change("VA1", "value", "linked", "none")])
            await kept(here, "mail-client", value="none")
            pen = sheet.form.pen
            assert isinstance(pen, AnswerPen)
            sheet.keyed.typed("value", "built-in")
            pen.put("value", "built-in", "linked")  # pressed before the other answer came
            await here.until(lambda: "Somebody else has noted another answer" in outcome(here))
            await here.until(lambda: not here.book.rows(Unfinished))
            assert sheet.answer.value == "none"
            await here.press("1")
            await kept(here, "mail-client", value="built-in")


async def test_help_names_the_keys_and_the_sheet_starts_at_the_question(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-licence-cost") as (here, sheet):
        assert "Can the database itself ever cost us money" in here.text()
        await here.press("?")
        await here.until(lambda: "Questions to a vendor" in here.text())
        await here.press("enter", "e")
        assert "Note the answer first, then how sure" in outcome(here) and not here.book.rows(Answer)
        await here.press("n")
        assert sheet.question == "dbms-load"


# ---- the board, and ways that lead here ----

async def board(here: Desk) -> None:
    """Goes to the board."""
    await here.press("5")
    await here.until(lambda: isinstance(here.screen.page, RegisterPage) and here.page.ready)
    here.page.show_view("questions")
    await here.pilot.pause()


async def test_the_board_shows_states_and_counts_and_leads_to_the_sheet(tmp_path: Path) -> None:
    rows = (ALPHA, BETA, said("dbms-which", "open"), said("dbms-licence-cost", "", "later", 2),
            said("mail-client", "none", number=3, vendor="V2"))
    async with desk(workbook(tmp_path / "a.crm", rows), size=(120, 40)) as here:
        await here.until(lambda: here.screen.view is not None)
        await board(here)
        text = here.text()
        assert "First call" in text and "1/12" in text and "later" in text and "Beta (out)" in text
        assert here.page.lines.key == "dbms-licence-cost"  # the first that is open
        await here.press("enter")
        sheet = await on_sheet(here)
        assert sheet.question == "dbms-licence-cost"
        await here.press("right", "escape", "v", "escape", "escape")
        await here.until(lambda: here.app.screen is here.screen)
        assert here.page.lines.key == "dbms-load"  # where one was last, with the vendor one was with
        assert "Vendor: Beta" in here.text()
        await here.press("home", "enter", "home", "enter")
        await here.until(lambda: "Vendor: " in here.text())


async def test_without_a_vendor_the_board_offers_the_first_one(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm")) as here:
        await here.until(lambda: here.screen.view is not None)
        await board(here)
        assert "No vendor has been written down yet." in " ".join(here.text().split())
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Vendor)


async def test_a_gap_in_an_answer_leads_to_the_sheet_and_back(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", (ALPHA, said("mail-client", "linked")))) as here:
        await here.until(lambda: here.screen.view is not None)
        gap, back = Gap("VA1", "evidence"), list[str]()
        assert here.screen.titles is not None
        assert gap_text(here.book, here.screen.titles, gap).startswith("Open the question to Alpha CRM: ")
        open_gap(here.screen, gap, "Say how sure you are.", again=lambda: back.append("again"))
        sheet = await on_sheet(here)
        assert sheet.question == "mail-client" and "Say how sure you are." in here.text()
        await here.press("escape")
        await here.until(lambda: back == ["again"])
        open_gap(here.screen, Gap(given=(("vendor", "V1"), ("question", "dbms-load")), kind=Answer))
        assert (await on_sheet(here)).question == "dbms-load"


async def test_own_questions_of_a_company_are_asked_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.crm", [ALPHA])
    (tmp_path / "a.catalogue.toml").write_text("""[overlay]
of = "crm.core"
needs = ">=1.0,<2"
[[question_section]]
id = "acme.vans"
order = 13
name = "Vans"
intro = "Our drivers work on the road."
[[question]]
id = "acme.van-screen"
section = "acme.vans"
text = "Does it run on the screen in a van?"
why = "Drivers have nothing else."
answer_type = "yes_no"
importance = 4
knockout = false
core = true
scored = true
answered_by = "vendor"
good = "Yes, shown in one."
worrying = "In theory."
hidden_cost = false
""", encoding="utf-8")
    async with opened(path, question="acme.van-screen") as (here, _sheet):
        assert "question 13 of 13 · Vans" in here.text()
        await here.press("1")
        await kept(here, "acme.van-screen", value="yes", state="answered")


async def test_hostile_words_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] " + "long " * 60
    rows = (ALPHA.with_value("name", nasty), said("mail-client", nasty, note=nasty, reference=nasty))
    async with opened(tmp_path / "a.crm", rows, "mail-client", size=(60, 20)) as (here, _sheet):
        assert "[/b]" in here.text()
        await here.press("a", "a", "w", "escape", "right")
        assert isinstance(here.app.screen, QuestionSheet)


async def test_keys_that_come_all_at_once_mean_what_they_would_one_by_one(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.crm", question="dbms-licence-cost") as (here, sheet):
        for key in ("3", "right", "1", "2", "enter", "enter", "1", "right", "down", "enter", "left", "d"):
            here.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await here.until(lambda: sheet.question == "dbms-real-load-demo" and sheet.answer.state == "dont_know")
        await kept(here, "dbms-licence-cost", value="extra", state="answered")
        await kept(here, "dbms-load", value="12", state="answered")
        await kept(here, "mail-client", value="linked", state="answered")
        await kept(here, "dbms-real-load-demo", value="yes", state="dont_know")
