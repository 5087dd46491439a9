from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.content import Content
from textual.strip import Strip

from crm_workbook.records.text import visible
from crm_workbook.widgets.columns import Column, share
from crm_workbook.widgets.lines import Cell, LineList
from tests.widgets.widget_apps import NASTY, SIZES, OneWidget

COLUMNS = (Column("Code", 5), Column("Title", 12, 3), Column("Owner", 10, 1), Column("Score", 5, 0, "right"))


def cells(key: str) -> tuple[Cell, ...]:
    return key, f"title of {key}", "Anna", Content.styled("12", "$text-warning")


def codes(count: int) -> list[str]:
    return [f"R{n}" for n in range(1, count + 1)]


def keys_told(app: OneWidget, kind: type = LineList.Highlighted) -> list[str]:
    return [message.key for message in app.told if isinstance(message, (LineList.Highlighted, LineList.Selected))
            and isinstance(message, kind)]


def test_columns_share_the_width_by_weight_and_drop_from_the_right() -> None:
    assert [(place.index, place.width) for place in share(COLUMNS, 70)] == [(0, 5), (1, 36), (2, 18), (3, 5)]
    assert [place.index for place in share(COLUMNS, 37)] == [0, 1, 2]
    assert [place.index for place in share(COLUMNS, 3)] == [0]
    for width in range(1, 150):
        places = share(COLUMNS, width)
        assert sum(place.width for place in places) + 2 * (len(places) - 1) <= max(width, 5)


@pytest.mark.parametrize("size", SIZES)
async def test_it_draws_header_rows_and_the_cursor_line(size: tuple[int, int]) -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=size) as pilot:
        lines.set_rows(codes(100), cells)
        lines.sort = (1, True)
        lines.focus()
        await pilot.pause()
        screen = app.shown.split("\n")
        assert screen[0].split()[:3] == ["Code", "Title", "▼"]
        assert screen[1].startswith("> R1     title of R1")
        assert screen[2].startswith("  R2     title of R2")
        assert len(screen) == size[1]
        assert all(cell_len(line) <= size[0] for line in screen)
        cursor = lines.render_line(1)
        assert cursor.cell_length == lines.scrollable_content_region.width
        assert all(segment.style is not None and segment.style.reverse for segment in cursor)


async def test_keys_move_and_tell_once() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(100), cells)
        lines.focus()
        await pilot.press("down", "j", "k", "end", "G", "home", "g", "pagedown", "pageup", "enter", "о", "л", "up")
        assert keys_told(app) == ["R1", "R2", "R3", "R2", "R100", "R1", "R23", "R1", "R2", "R1"]
        assert keys_told(app, LineList.Selected) == ["R1"]


async def test_a_line_is_asked_for_when_it_is_drawn() -> None:
    asked: set[str] = set()

    def count(key: str) -> tuple[str, ...]:
        asked.add(key)
        return key, "title"

    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(100_000), count)
        lines.focus()
        await pilot.press("end")
        await pilot.pause()
        assert "> R100…" in app.shown and lines.key == "R100000"
        assert len(asked) <= 60


async def test_the_cursor_stays_on_its_record() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(50), cells)
        lines.focus()
        await pilot.press(*["down"] * 30)
        assert lines.key == "R31"
        lines.set_rows([key for key in codes(60) if key not in ("R2", "R7")], cells)
        await pilot.pause()
        assert (lines.key, lines.index) == ("R31", 28)
        assert "> R31" in app.shown
        told = len(app.told)
        lines.set_rows(list(reversed(codes(60))), cells)
        await pilot.pause()
        assert lines.key == "R31" and "> R31" in app.shown and len(app.told) == told
        lines.set_rows([key for key in codes(60) if key != "R31"], cells)
        await pilot.pause()
        assert lines.index == 29 and keys_told(app)[-1] == lines.key == "R30"
        assert lines.go_to("R5") and not lines.go_to("R31")
        assert lines.key == "R5"
        lines.set_rows((), cells)
        await pilot.pause()
        assert lines.key == "" and keys_told(app)[-1] == ""


async def test_only_lines_that_look_different_are_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {key: f"title of {key}" for key in codes(30)}
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        rows = list(names)
        lines.set_rows(rows, lambda key: (key, names[key]))
        await pilot.pause()
        drawn: list[int] = []
        original = lines.render_line

        def noting(y: int) -> Strip:
            drawn.append(y)
            return original(y)

        monkeypatch.setattr(lines, "render_line", noting)
        names["R5"] = "something else"
        lines.set_rows(rows, lambda key: (key, names[key]))
        await pilot.pause()
        assert "something else" in app.shown and drawn == [5]
        drawn.clear()
        lines.focus()
        await pilot.pause()
        drawn.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(drawn) == [1, 2]
        drawn.clear()
        names["R9"], names["R30"] = "nine", "out of sight"
        lines.refresh_rows({"R9", "R30"})
        await pilot.pause()
        assert drawn == [9] and "nine" in app.shown


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_list_says_what_belongs_in_it(size: tuple[int, int]) -> None:
    lines = LineList(COLUMNS, empty="What the whole company wants to reach [/b]. Press a to add the first goal.")
    app = OneWidget(lines)
    async with app.run_test(size=size) as pilot:
        lines.focus()
        await pilot.press("down", "enter", "end", "pageup")
        words = " ".join(app.shown.split())
        assert words == lines.empty
        assert not keys_told(app, LineList.Selected)
        lines.set_rows(["G1"], cells)
        await pilot.pause()
        assert "> G1" in app.shown


async def test_the_mouse() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(100), cells)
        await pilot.click(lines, offset=(10, 4))
        assert lines.key == "R4" and keys_told(app, LineList.Selected) == []
        await pilot.click(lines, offset=(10, 6), times=2)
        assert keys_told(app, LineList.Selected) == ["R6"]
        await pilot.click(lines, offset=(10, 0))
        last = app.told[-1]
        assert isinstance(last, LineList.HeaderClicked) and last.column == 1
        lines.post_message(events.MouseScrollDown(lines, 5, 5, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert lines.scroll_offset.y == 3 and lines.key == "R6"


async def test_rows_can_be_marked_and_cells_styled() -> None:
    lines = LineList((Column("A", 6), Column("B", 20, 1), Column("C", 8)),
                     style_of=lambda row: "-warn" if row == "R2" else "-dim" if row == "R3" else "")
    app = OneWidget(lines)
    async with app.run_test(size=(60, 20)) as pilot:
        lines.set_rows(["R1", "R2", "R3"], lambda row: (row, Content("[b]plain[/b] " * 9), Text("![/b]", "bold")))
        await pilot.pause()
        strip = lines.render_line(2)
        assert strip.text.startswith("  R2      [b]plain[/b] [b]plain[/b]") and "…" in strip.text and "![/b]" in strip.text
        assert strip.cell_length == 59  # and the scroll bar
        plain, warn, dim = (lines.render_line(y)._segments[0].style for y in (2, 2, 3))
        lines.set_rows(["R1", "R4"], lambda row: (row, "x", "y"))
        await pilot.pause()
        assert warn != lines.render_line(2)._segments[0].style and plain == warn != dim


@pytest.mark.parametrize("text", NASTY)
async def test_texts_of_people_are_shown_as_they_are(text: str) -> None:
    lines = LineList((Column("A", 6), Column("B", 20, 1)), empty=text)
    app = OneWidget(lines)
    async with app.run_test(size=(60, 20)) as pilot:
        shown = visible(text).replace("\n", " ").replace("\t", " ")
        assert " ".join(shown.split()) in " ".join(app.shown.split())
        lines.set_rows([1, 2, 3], lambda row: (str(row), text if row < 3 else Content(text)), key=str)
        await pilot.pause()
        for line in app.shown.split("\n")[1:4]:
            assert line[10:].rstrip() == shown.rstrip()


async def test_wide_and_long_cells_are_cut_by_cells() -> None:
    lines = LineList((Column("A", 6), Column("B", 10, 1), Column("C", 3)))
    app = OneWidget(lines)
    async with app.run_test(size=(40, 10)) as pilot:
        lines.set_rows(range(3), lambda row: (str(row), "日本語" * 20 if row else "x" * 500, "end"), key=str)
        await pilot.pause()
        for line in app.shown.split("\n")[1:4]:
            assert "…" in line and line.endswith("end") and cell_len(line) == 39  # and the scroll bar


async def test_resizing_keeps_the_cursor_in_sight_and_drops_columns() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(120, 40)) as pilot:
        lines.set_rows(codes(100), cells)
        lines.focus()
        await pilot.press(*["down"] * 37)
        assert "Score" in app.shown
        await pilot.resize_terminal(33, 10)
        await pilot.pause()
        assert "> R38" in app.shown and "Score" not in app.shown and "Owner" not in app.shown
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert "Score" in app.shown and "> R38" in app.shown


async def test_the_cursor_of_one_list_means_nothing_in_another_one() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(50), cells)
        lines.focus()
        await pilot.press(*["down"] * 30)
        lines.set_columns((Column("Code", 5), Column("Title", 12, 3)))
        lines.set_rows([f"C{n}" for n in range(1, 60)], cells)
        await pilot.pause()
        assert (lines.key, lines.index) == ("C1", 0) and "> C1 " in app.shown and keys_told(app)[-1] == "C1"
        await pilot.press("down", "down")
        lines.set_rows([f"C{n}" for n in range(1, 60) if n != 3], cells)
        assert lines.key == "C4"  # the same list: the neighbour
        lines.set_columns(COLUMNS)
        lines.set_rows([f"C{n}" for n in range(2, 60)], cells)
        assert lines.key == "C4" and lines.go_to("C9")  # other columns, and the record is there
        lines.set_columns(COLUMNS)
        lines.set_rows(codes(50), cells)
        assert lines.go_to("R7") and lines.key == "R7"


async def test_rows_can_start_at_the_top() -> None:
    lines = LineList(COLUMNS)
    app = OneWidget(lines)
    async with app.run_test(size=(80, 24)) as pilot:
        lines.set_rows(codes(50), cells)
        await pilot.pause()
        lines.set_rows(list(reversed(codes(50))), cells, stay=False)
        await pilot.pause()
        assert lines.key == "R50" and "> R50" in app.shown
