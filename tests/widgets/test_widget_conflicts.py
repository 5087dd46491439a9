"""Other people in the same record: what they write while one types, chooses or thinks is never overwritten unasked."""
from __future__ import annotations

from datetime import date

import pytest
from textual import events

from crm_workbook.records import Record
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.pick import PickModal
from tests.widgets.widget_apps import TODAY, FakePen, FakeTitles, OneWidget, Sample, new_form

ROW = Sample(number=3, name="Answer fast", goal="G3", goals=("G1", "G2"))


class Clock:
    """What the form takes for the time."""

    def __init__(self, form: RecordForm) -> None:
        self.now = 100.0
        form.clock = lambda: self.now


def with_goals(*goals: str) -> Record:
    return ROW.with_value("goals", goals)


# ---- the picker ----

async def test_one_link_is_chosen_against_what_was_seen_when_the_list_opened() -> None:
    form, pen = new_form(ROW)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("goal")
        await pilot.press("enter")
        form.show(ROW.with_value("goal", "G9"))  # somebody else, meanwhile
        await pilot.press(*"g5", "enter")
        assert pen.written == [("typed", "goal", "G5", "G3")]
        form.show(ROW.with_value("goal", "G9").with_value("note", "x"))
        await pilot.press("enter", *"g6", "enter")
        assert pen.written[-1] == ("typed", "goal", "G6", "G3")  # the store has not asked yet
        form.conflict("goal", "G6", "G9", "Anna")
        await pilot.pause()
        assert "G9 Title of G9" in app.shown


async def test_a_list_that_was_only_looked_at_writes_nothing() -> None:
    form, pen = new_form(ROW)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        for name, now in (("goal", ROW.with_value("goal", "G9")), ("goals", with_goals("G1", "G2", "G7"))):
            form.go_to(name)
            await pilot.press("enter")
            form.show(now)
            await pilot.press("enter")
            assert not isinstance(app.screen, PickModal) and not pen.written
            assert form.row.get(name) == now.get(name)


async def test_of_several_links_only_those_ticked_or_unticked_are_mine() -> None:
    form, pen = new_form(ROW)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("goals")
        await pilot.press("enter")
        form.show(with_goals("G1", "G2", "G7"))  # somebody else adds G7
        await pilot.press("space", "down", "down", "space", "enter")  # without G1, with G3
        assert pen.written == [("typed", "goals", ("G2", "G3"), ("G1", "G2"))]
        assert form.row.get("goals") == ("G2", "G3", "G7")
        form.show(with_goals("G2", "G3", "G7"))  # as the store has merged it
        await pilot.press("enter", *"g4", "enter")
        assert pen.written[-1] == ("typed", "goals", ("G2", "G3", "G4", "G7"), ("G2", "G3", "G7"))
        form.show(with_goals("G2", "G3", "G7", "G8"))  # somebody else again, before mine is stored
        assert form.row.get("goals") == ("G2", "G3", "G4", "G7", "G8")
        await pilot.press("enter", *"g4", "down", "up", "space", "enter")  # G4 not, after all
        assert pen.written[-1] == ("typed", "goals", ("G2", "G3", "G7", "G8"), ("G2", "G3", "G4", "G7", "G8"))


async def test_what_was_ticked_and_stored_while_the_list_was_open_can_be_unticked() -> None:
    form, pen = new_form(with_goals())
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("goals")
        await pilot.press("enter", "space", "enter")
        assert pen.written == [("typed", "goals", ("G1",), ())]
        await pilot.press("enter")
        form.show(with_goals("G1"))
        await pilot.press("space", "enter")
        assert pen.written[-1] == ("typed", "goals", (), ("G1",)) and form.row.get("goals") == ()
        form.show(with_goals("G5"))
        assert form.row.get("goals") == ("G5",)


# ---- conflicts ----

async def test_the_other_text_is_kept_up_to_date_and_taking_it_writes_nothing() -> None:
    form, pen = new_form(ROW)
    clock, app = Clock(form), OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("!")
        form.conflict("name", "Answer fast!", "Anna", "Anna")
        form.show(ROW.with_value("name", "Anna"))
        form.show(ROW.with_value("name", "Anna and more"))
        await pilot.pause()
        assert "Anna and more" in app.shown and form.line.value == "Answer fast!"
        clock.now += 1
        pen.calls.clear()
        await pilot.press("f4")
        assert pen.calls == [("unfinished", "name", "")] and form.line.value == "Anna and more"
        form.show(ROW.with_value("name", "Anna and much more"))
        assert form.line.value == "Anna and much more"
        await pilot.press("?")
        assert pen.calls[-1] == ("typed", "name", "Anna and much more?", "Anna and much more")


async def test_keeping_mine_says_what_was_seen_last() -> None:
    form, pen = new_form(ROW)
    clock, app = Clock(form), OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("!")
        form.show(ROW.with_value("name", "Anna"))
        form.conflict("name", "Answer fast!", "Anna", "Anna")
        form.show(ROW.with_value("name", "Anna 2"))
        form.conflict("name", "Answer fast!", "Boris", "Boris")
        await pilot.pause()
        assert "Boris has written here" in app.shown
        form.show(ROW.with_value("name", "Anna 3"))
        clock.now += 1
        await pilot.press("enter")
        assert pen.calls[-1] == ("typed", "name", "Answer fast!", "Anna 3") and "F4" not in app.shown
        form.show(ROW.with_value("name", "Answer fast!"))
        await pilot.press("?")
        assert pen.calls[-1] == ("typed", "name", "Answer fast!?", "Answer fast!")


@pytest.mark.parametrize("key", ["enter", "f4"])
async def test_a_key_on_its_way_does_not_decide(key: str) -> None:
    form, pen = new_form(ROW)
    clock, app = Clock(form), OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("!")
        form.conflict("name", "Answer fast!", "Anna", "Anna")
        before = list(pen.calls)
        clock.now += 0.4
        await pilot.press(key)
        form.show(ROW.with_value("name", "Anna 2"))  # has changed: the half second begins again
        clock.now += 0.4
        await pilot.press(key)
        assert pen.calls == before and "F4: take" in app.shown and form.field.name == "name"
        clock.now += 0.2
        await pilot.press("tab")
        await pilot.press("shift+tab", key)  # has come into sight again
        assert "F4: take" in app.shown and pen.written == [call for call in before if call[0] != "left"]
        y = next(y for y, line in enumerate(app.shown.split("\n")) if "Enter: keep mine" in line)
        await pilot.click(offset=(40, y))
        assert "F4: take" in app.shown
        clock.now += 0.5
        await pilot.press(key)
        await pilot.pause()
        assert "F4: take" not in app.shown
        assert pen.calls[-1] == (("typed", "name", "Answer fast!", "Anna 2") if key == "enter" else ("unfinished", "name", ""))


async def test_what_is_chosen_during_a_conflict_waits_for_its_end() -> None:
    form, pen = new_form(ROW.with_value("way", "up"))
    clock, app = Clock(form), OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("way")
        await pilot.press("right")
        form.conflict("way", "down", "", "Anna")
        form.show(ROW)
        pen.calls.clear()
        await pilot.press("left")
        assert pen.calls == [("unfinished", "way", "up")]
        clock.now += 1
        await pilot.press("enter")
        assert pen.calls[-1] == ("typed", "way", "up", "")


# ---- a record that was deleted ----

async def test_a_record_that_is_gone_takes_nothing_more() -> None:
    form, pen = new_form(ROW)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        sentence = "Anna has deleted this record. F3 leads back to the list; undo brings it back."
        for name in ("name", "note", "way", "goals", "done"):
            form.load(Sample, ROW)
            form.go_to(name)
            await pilot.pause()
            before = app.shown.split("\n")[:-2]
            assert not form.is_gone
            pen.calls.clear()
            form.gone("Anna")
            await pilot.press(*"x?=", "space", "enter", "backspace", "delete", "tab", "up", "ctrl+u", "left", "f4", "ctrl+v")
            assert app.focused is not None
            app.focused.post_message(events.Paste("pasted"))
            await pilot.click(offset=(34, next(y for y, line in enumerate(before) if "Done" in line)))
            form.conflict("name", "a", "b", "c")
            await pilot.pause()
            assert form.is_gone and not pen.calls and app.shown.split("\n")[:-2] == before
            assert sentence in " ".join(app.shown.split()) and form.field.name == name
        app.told.clear()
        await pilot.press("escape")
        assert [message.direction for message in app.told if isinstance(message, RecordForm.Left)] == [0]
        assert not form.is_gone and not pen.written


async def test_a_record_that_goes_while_a_list_is_open() -> None:
    form, pen = new_form(ROW)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("goal")
        await pilot.press("enter")
        form.gone("")
        await pilot.press(*"g5", "enter")
        await pilot.pause()
        assert not pen.written and "Somebody else has deleted this record." in app.shown
        form.load(Sample, ROW.with_value("name", "Another"))
        await pilot.press("?")
        assert pen.written == [("typed", "name", "Another?", "Another")] and "deleted" not in app.shown


# ---- the day ----

async def test_today_is_the_day_on_which_it_is_typed() -> None:
    days, pen = [TODAY], FakePen()
    form = RecordForm(Sample, ROW, titles=FakeTitles(), today=lambda: days[-1], pen=pen)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("due")
        await pilot.press(*"today")
        days.append(date(2026, 3, 31))
        await pilot.press("ctrl+u", *"today")
        assert [call[2] for call in pen.written if call[0] == "typed" and call[2]] == [TODAY, date(2026, 3, 31)]
