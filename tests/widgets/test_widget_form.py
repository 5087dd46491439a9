from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from rich.cells import cell_len
from textual import events

from crm_workbook.records import TEXT_LIMIT, Record
from crm_workbook.records.declare import line
from crm_workbook.records.text import one_line, visible
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.pick import PickModal
from tests.widgets.widget_apps import NASTY, SIZES, TODAY, FakePen, OneWidget, Sample, new_form

FULL = Sample(number=3, name="Answer fast", note="First line.\nSecond line.", people=7, price=Decimal("1200.50"),
              due=date(2026, 3, 31), done=True, agreed=False, way="up", motive="motive-2", goal="G3", goals=("G1", "G2"))


def directions(app: OneWidget) -> list[int]:
    return [message.direction for message in app.told if isinstance(message, RecordForm.Left)]


def value_line(app: OneWidget, title: str) -> str:
    """What stands right of a title on the screen."""
    return next(line for line in app.shown.split("\n") if title in line[2:]).split(title, 1)[1].strip()


@pytest.mark.parametrize("size", SIZES)
async def test_a_record_is_shown_field_by_field(size: tuple[int, int]) -> None:
    form, _pen = new_form(FULL)
    app = OneWidget(form)
    async with app.run_test(size=size):
        screen = app.shown
        for shown in ("Answer fast", "Second line.", "7 people", "1200.50", "2026-03-31", "[x]", "should rise",
                      "G3 Title of G3", "title of motive-2"):
            assert shown in screen
        assert value_line(app, "Agreed") == "no" and "When" in screen
        assert all(cell_len(line) <= size[0] for line in screen.split("\n"))
        assert len(screen.split("\n")) == size[1]


async def test_needed_and_empty_is_said_in_words() -> None:
    form, _pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        assert " ! Name" in app.shown and value_line(app, "Name") == value_line(app, "Due") == "needed"
        assert value_line(app, "Price") == "..."
        form.focus()
        await pilot.press("A")
        assert ">  Name" in app.shown
        await pilot.press("backspace")
        assert ">! Name" in app.shown


async def test_every_key_goes_to_the_pen_with_what_was_seen() -> None:
    form, pen = new_form(FULL)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("!", "backspace", "home", "T", "o", "delete")
        name = "Answer fast"
        assert pen.calls == [("typed", "name", text, name) for text in (
            "Answer fast!", name, "TAnswer fast", "ToAnswer fast", "Tonswer fast")]
        await pilot.press("enter")
        assert pen.calls[-1] == ("left", "name") and form.field.name == "note"
        assert value_line(app, "Name") == "Tonswer fast"


async def test_keys_that_arrive_together_keep_their_order() -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.pause()
        for key in ("a", "b", "backspace", "c", "tab", "x", "enter", "y", "up", "up", "d", "tab", "tab", "5", "tab", "7",
                    "tab", "t", "o", "d", "a", "y", "tab", "space", "tab", "y", "tab", "right", "tab", "right", "tab", "G", "3",
                    "enter", "tab", "g", "7", "enter", "tab", "shift+tab", "escape"):
            app.post_message(events.Key(key, key if len(key) == 1 else " " if key == "space" else None))
        for _turn in range(6):
            await pilot.pause()
        row = form.row
        assert (row.get("name"), row.get("note"), row.get("people"), row.get("price")) == ("acd", "x\ny", 5, Decimal("7.00"))
        assert (row.get("due"), row.get("done"), row.get("agreed")) == (TODAY, True, True)
        assert (row.get("way"), row.get("motive"), row.get("goal"), row.get("goals")) == ("up", "motive-1", "G3", ("G7",))
        assert directions(app) == [0] and ("left", "goals") in pen.calls


async def test_moving_between_fields_and_out() -> None:
    form, pen = new_form(FULL)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("shift+tab")
        assert directions(app) == [-1]
        form.focus()
        visited = []
        for _field in form.fields:
            visited.append(form.field.name)
            await pilot.press("tab")
        assert visited == [field.name for field in form.fields]
        assert directions(app) == [-1, 1]
        assert not pen.written and pen.calls.count(("left", "due")) == 1
        form.focus()
        await pilot.press("f3")
        form.focus()
        await pilot.press("escape")
        assert directions(app) == [-1, 1, 0, 0]
        form.go_to("price")
        await pilot.press("up", "down", "down")
        assert form.field.name == "due"
        await pilot.press("ctrl+home", "up")
        assert form.field.name == "name"
        await pilot.press("ctrl+end", "down")
        assert form.field.name == "tags"
        await pilot.press("pageup", "pageup")
        assert form.field.name == "name"


async def test_a_long_text_grows_wraps_and_is_left_at_its_edges() -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("note")
        await pilot.pause()
        below = next(y for y, line in enumerate(app.shown.split("\n")) if "How many" in line)
        await pilot.press(*"one", "enter", *"two", "enter", *"three four five ")
        for _n in range(4):
            await pilot.press(*"wrapped ")
        await pilot.pause()
        text = "one\ntwo\nthree four five " + "wrapped " * 4
        assert pen.calls[-1] == ("typed", "note", text, "")
        screen = app.shown.split("\n")
        assert next(y for y, line in enumerate(screen) if "How many" in line) > below + 2
        assert "one" in screen[1] and "two" in screen[2] and "three" in screen[3]
        await pilot.press("up", "up", "up")
        assert form.field.name == "note"
        await pilot.press("up", "up", "up")
        assert form.field.name == "name"
        await pilot.press("down", "down")
        assert form.field.name == "people"
        await pilot.pause()
        assert "three four five wrapped" in app.shown
        form.go_to("note")
        await pilot.press("home", "X", "ctrl+z")
        assert pen.written[-1] == ("typed", "note", text, "")


async def test_a_text_that_is_no_value_yet() -> None:
    form, pen = new_form(FULL)
    form.PAUSE = 60.0
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("due")
        await pilot.press("ctrl+u", *"31.1")
        assert pen.written[-1] == ("unfinished", "due", "31.1")
        assert ("typed", "due", None, date(2026, 3, 31)) in pen.calls
        assert "! Due" not in app.shown  # not while it is being typed
        form.hand.show_problem()  # the pause
        await pilot.pause()
        assert "! Due: '31.1' is not a day." in app.shown
        await pilot.press(*"2.2026")
        await pilot.pause()
        assert pen.written[-1] == ("typed", "due", date(2026, 12, 31), date(2026, 3, 31))
        assert "is not a day" not in app.shown
        await pilot.press("backspace", "backspace", "backspace", "tab")
        await pilot.pause()
        assert pen.written[-1] == ("unfinished", "due", "31.12.2")
        assert "! Due: '31.12.2' is not a day." in app.shown and value_line(app, "Due") == "31.12.2"
        await pilot.press("shift+tab", "ctrl+u", *"+7", "tab")
        assert pen.written[-1] == ("typed", "due", date(2026, 4, 6), date(2026, 3, 31))
        form.go_to("people")
        await pilot.press("ctrl+u", *"99", "tab")
        await pilot.pause()
        assert "too large; the most is 50" in app.shown


async def test_typing_has_paused() -> None:
    form, _pen = new_form()
    form.PAUSE = 0.01
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("people")
        await pilot.press("x")
        await pilot.pause(0.1)
        assert "is not a number" in app.shown


async def test_unfinished_texts_of_an_earlier_session() -> None:
    form, pen = new_form(FULL, unfinished={"due": "in May", "name": "Answer faster", "gone": "x"})
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        assert value_line(app, "Due") == "in May" and "! Due: 'in May' is not a day." in " ".join(app.shown.split())
        assert "not stored yet" in " ".join(app.shown.split())
        form.focus()
        await pilot.press("enter")
        assert pen.written == [("typed", "name", "Answer faster", "Answer fast")]
        form.go_to("due")
        assert form.line.value == "in May"
        await pilot.press("ctrl+u", *"today")
        assert pen.written[-1] == ("typed", "due", TODAY, date(2026, 3, 31))


async def test_ticks_yes_no_and_choices() -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("done")
        await pilot.press("space", "enter", "space")
        assert [call[2] for call in pen.written] == [True, False, True]
        await pilot.press("tab", "space", "space", "space", "y", "n", "д", "н", "backspace", "left", "right")
        assert [call[2] for call in pen.written[3:]] == [True, False, None, True, False, True, False, None, False, None]
        await pilot.press("x", "q", "1")  # nothing, and no command either
        await pilot.press("tab", "right", "space", "space", "left", "delete")
        assert [call[2] for call in pen.written[13:]] == ["up", "down", "", "down", ""]
        assert value_line(app, "Done") == "[x]"


async def test_choosing_from_a_list() -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to("goal")
        await pilot.press("П", "р", "space", "4", "enter")
        assert pen.written == [("typed", "goal", "G4", "")]
        assert not isinstance(app.screen, PickModal) and value_line(app, "Goal") == "G4 Title of G4"
        await pilot.press("enter", "escape", "backspace")
        assert pen.written[-1] == ("typed", "goal", "", "")
        await pilot.press("down", "enter", "down", "space", "up", "space", "enter")
        assert pen.written[-1] == ("typed", "goals", ("G1", "G2"), ())
        assert value_line(app, "Serves") == "G1 Title of G1; G2 Title of G2"
        form.go_to("way")
        await pilot.press("enter", "enter")  # the cursor begins on the first choice, below "nothing"
        assert pen.written[-1] == ("typed", "way", "up", "")


async def test_the_book_changes_while_somebody_types() -> None:
    form, pen = new_form(FULL)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("1", "2")
        form.show(FULL.with_value("name", "Answer fast1").with_value("people", 9))  # ours, half way, and somebody's
        await pilot.pause()
        assert form.line.value == "Answer fast12" and value_line(app, "How many") == "9 people"
        await pilot.press("3")
        assert pen.calls[-1] == ("typed", "name", "Answer fast123", "Answer fast1")
        form.show(FULL.with_value("name", "Anna's"))
        await pilot.press("4")
        assert form.line.value == "Answer fast1234"
        assert pen.calls[-1] == ("typed", "name", "Answer fast1234", "Answer fast1")  # still what was seen
        form.go_to("price")
        form.show(FULL.with_value("price", Decimal(5)).with_value("name", "Anna's"))
        await pilot.pause()
        assert form.line.value == "5"  # nothing typed in it: the new value
        assert value_line(app, "Name") == "Answer fast1234"


async def test_a_conflict_shows_both_and_loses_nothing() -> None:
    form, pen = new_form(FULL)
    form.HOLD = 0.0
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press("!")
        form.conflict("name", "Answer fast!", "Answer [/b] slowly", "Anna")
        await pilot.pause()
        assert form.line.value == "Answer fast!" and "Answer [/b] slowly" in app.shown and "Anna has written here" in app.shown
        await pilot.press("?")
        assert pen.calls[-1] == ("unfinished", "name", "Answer fast!?")
        await pilot.press("enter")
        await pilot.pause()
        assert pen.calls[-1] == ("typed", "name", "Answer fast!?", "Answer [/b] slowly")
        assert "Anna" not in app.shown and form.field.name == "name"
        form.conflict("name", "Answer fast!?", "theirs", "")
        await pilot.press("f4")
        await pilot.pause()
        assert pen.calls[-1] == ("unfinished", "name", "") and form.line.value == "theirs"
        form.conflict("price", Decimal(1), Decimal(2), "Pjotr")  # while one is in another field
        await pilot.pause()
        assert "Pjotr has written here" in app.shown
        form.go_to("price")
        await pilot.pause()
        y = next(y for y, line in enumerate(app.shown.split("\n")) if "F4: take" in line)
        await pilot.click(offset=(40, y))
        assert pen.calls[-1] == ("unfinished", "price", "") and form.line.value == "2"


async def test_a_new_record_and_another_record_in_the_same_form() -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        await pilot.press(*"New")
        form.show(Sample(number=8, name="Ne"))
        await pilot.press("!")
        assert pen.calls[-1] == ("typed", "name", "New!", "Ne")
        other = FakePen()
        form.load(Sample, FULL, pen=other)
        await pilot.pause()
        assert pen.calls[-1] == ("left", "name") and form.line.value == "Answer fast" and "G3 Title" in app.shown
        await pilot.press("?")
        assert other.calls == [("typed", "name", "Answer fast?", "Answer fast")]


@pytest.mark.parametrize("name", ["name", "note"])
async def test_pastes_are_whole_or_refused(name: str) -> None:
    form, pen = new_form()
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.go_to(name)
        await pilot.pause()
        editor = app.focused
        assert editor is not None
        editor.post_message(events.Paste("x" * 1_000_000))
        await pilot.pause()
        assert not pen.written and "Nothing was pasted" in app.shown and "1,000,000" in app.shown
        editor.post_message(events.Paste("a\x1b[2Jb\r\nc\x00"))
        await pilot.pause()
        text = "a␛[2Jb\nc␀" if name == "note" else "a␛[2Jb c␀"
        assert pen.written == [("typed", name, text, "")]
        await pilot.press("ctrl+u")
        editor.post_message(events.Paste("y" * (TEXT_LIMIT + (0 if name == "name" else -len("a␛[2Jb\n")))))
        await pilot.pause()
        held = len(str(form.row.get(name)))
        assert TEXT_LIMIT - 20 <= held <= TEXT_LIMIT
        editor.post_message(events.Paste("z" * (TEXT_LIMIT - held)))
        await pilot.press("z")
        assert len(str(form.row.get(name))) == TEXT_LIMIT and "they are all used" in " ".join(app.shown.split())


@pytest.mark.parametrize("text", NASTY)
async def test_texts_of_people_are_shown_as_they_are(text: str) -> None:
    form, pen = new_form(Sample(name=one_line(text), note=text), unfinished={"due": text})
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = visible(text)
        for _state in range(2):
            assert value_line(app, "Name").split() == shown.split() and value_line(app, "Due").split()[:1] == shown.split()[:1]
            assert value_line(app, "Notes").split() == shown.split("\n")[0].split()
            form.focus()
            await pilot.pause()
        assert value_line(app, "Name").split() == shown.split()
        form.go_to("note")
        await pilot.pause()
        assert value_line(app, "Notes").split() == shown.split("\n")[0].split()
        form.conflict("note", "mine", text, text)
        await pilot.pause()
        assert one_line(shown).split()[0] in app.shown and not pen.written


async def test_the_mouse() -> None:
    form, pen = new_form(FULL)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        def row_of(title: str) -> int:
            return next(y for y, line in enumerate(app.shown.split("\n")) if title in line)

        await pilot.click(offset=(34, row_of("Done")))
        assert pen.written == [("typed", "done", False, True)] and form.field.name == "done"
        await pilot.click(offset=(34, row_of("Price")))
        await pilot.press("end", "backspace")
        assert form.field.name == "price" and form.line.value == "1200.5"
        await pilot.click(offset=(34, row_of("Goal ")))
        assert form.field.name == "goal" and not isinstance(app.screen, PickModal)
        await pilot.click(offset=(34, row_of("Goal ")))
        await pilot.pause()
        assert isinstance(app.screen, PickModal)


async def test_a_long_form_scrolls_with_the_cursor() -> None:
    annotations = {f"f{n}": str for n in range(120)}
    fields = {name: line(f"Field {name}", "Help.") for name in annotations}
    big = type("Big", (Record,), {"__annotations__": annotations, **fields}, prefix="ZB", table="zz_big", chapter="goals",
               title="Big", one="big")
    form, pen = new_form(big(), kind=big)
    app = OneWidget(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus()
        for _n in range(50):
            await pilot.press("down")
        await pilot.press("x")
        await pilot.pause()
        assert ">  Field f50" in app.shown and value_line(app, "Field f50") == "x"
        await pilot.press("ctrl+end", "y")
        await pilot.pause()
        assert ">  Field f119" in app.shown and pen.calls[-1] == ("typed", "f119", "y", "")
        await pilot.press("ctrl+home")
        await pilot.pause()
        assert ">  Field f0" in app.shown
        await pilot.resize_terminal(50, 12)
        await pilot.press("end", "z")
        await pilot.pause()
        assert value_line(app, "Field f0") == "z"
