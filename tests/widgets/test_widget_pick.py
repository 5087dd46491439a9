from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import pytest

from crm_workbook.records.text import visible
from crm_workbook.widgets.pick import PickModal
from tests.widgets.widget_apps import NASTY, SIZES, OneWidget

OPTIONS = [(f"G{n}", f"Answer within {n} hours" if n % 2 else f"Больше продаж {n}") for n in range(1, 41)]


class Answer:
    """What the modal ended with."""

    def __init__(self) -> None:
        self.given: list[tuple[str, ...] | None] = []

    def __call__(self, answer: tuple[str, ...] | None) -> None:
        self.given.append(answer)


async def ask(modal: PickModal, *keys: str, size: tuple[int, int] = (80, 24)) -> tuple[list[tuple[str, ...] | None], str]:
    app, answer = OneWidget(), Answer()
    async with app.run_test(size=size) as pilot:
        app.push_screen(modal, answer)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return answer.given, app.shown


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_and_one_is_chosen(size: tuple[int, int]) -> None:
    given, shown = await ask(PickModal("Which goal [/b]?", OPTIONS, codes=True), size=size)
    assert not given
    assert "Which goal [/b]?" in shown and "Type to search" in shown and "> G1 " in shown
    assert "[ Enter: choose ] [ Esc: cancel ]" in shown
    given, _shown = await ask(PickModal("Which?", OPTIONS), "down", "down", "enter", size=size)
    assert given == [("G3",)]


async def test_words_in_any_order_any_case_and_codes_find() -> None:
    async def first(*keys: str) -> list[tuple[str, ...] | None]:
        return (await ask(PickModal("Which?", OPTIONS, codes=True), *keys, "enter"))[0]

    assert await first(*"HOURS") == [("G1",)]
    assert await first(*"hours", "space", *"13") == [("G13",)]
    assert await first(*"13", "space", *"with") == [("G13",)]
    assert await first(*"ПРОД") == [("G2",)]
    assert await first(*"g4") == [("G4",)]
    assert await first(*"g40") == [("G40",)]
    assert await first(*"nothing") == []


async def test_cancel_nothing_and_what_is_chosen_already() -> None:
    assert (await ask(PickModal("Which?", OPTIONS), "escape"))[0] == [None]
    assert (await ask(PickModal("Which?", OPTIONS), "f3"))[0] == [None]
    modal = PickModal("Which?", OPTIONS, chosen=("G7",), nothing="(nothing)")
    _given, shown = await ask(modal)
    assert "> Answer within 7 hours" in shown
    assert (await ask(PickModal("Which?", OPTIONS, chosen=("G7",), nothing="(nothing)"), "enter"))[0] == [("G7",)]
    assert (await ask(PickModal("Which?", OPTIONS, chosen=("G7",), nothing="(nothing)"), *["up"] * 9, "enter"))[0] == [()]


async def test_several_with_ticks() -> None:
    def modal() -> PickModal:
        return PickModal("Which?", OPTIONS, chosen=("G2", "G99"), many=True, codes=True)

    assert (await ask(modal(), "enter"))[0] == [("G2", "G99")]
    _given, shown = await ask(modal(), "space", "down", "space")
    assert "[ ]  G2" in shown and "[x]  G3" in shown
    assert (await ask(modal(), "space", "down", "space", "enter"))[0] == [("G3", "G99")]
    assert (await ask(modal(), *"hours", "space", *"15", "enter"))[0] == [("G2", "G15", "G99")]  # found, and Enter: meant
    two = await ask(modal(), *"g15", "down", "up", "space", *"g17", "down", "space", "enter")
    assert two[0] == [("G2", "G15", "G17", "G99")]
    assert (await ask(modal(), *"g15", "down", "space", *"nowhere", "enter"))[0] == [("G2", "G15", "G99")]
    assert (await ask(modal(), "space", "escape"))[0] == [None]


async def test_the_mouse() -> None:
    app, answer = OneWidget(), Answer()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PickModal("Which?", OPTIONS, codes=True), answer)
        await pilot.pause()
        await pilot.click("LineList", offset=(5, 3), times=2)
        assert answer.given == [("G4",)]
        app.push_screen(PickModal("Which?", OPTIONS, codes=True), answer)
        await pilot.pause()
        await pilot.click("Choices", offset=(22, 0))
        assert answer.given[-1] is None
        app.push_screen(PickModal("Which?", OPTIONS, codes=True, many=True), answer)
        await pilot.pause()
        await pilot.click("LineList", offset=(3, 2))
        await pilot.click("Choices", offset=(2, 0))
        assert answer.given[-1] == ("G3",)
        app.push_screen(PickModal("Which?", OPTIONS), answer)
        await pilot.pause()
        await pilot.click(offset=(0, 0))
        assert len(answer.given) == 4 and answer.given[-1] is None


@pytest.mark.parametrize("text", NASTY)
async def test_texts_of_people_are_shown_as_they_are(text: str) -> None:
    _given, shown = await ask(PickModal(text, [("1", text), ("2", "other")], many=True))
    flat = visible(text).replace("\n", " ").replace("\t", " ")
    assert shown.count(" ".join(flat.split())) >= 1 and f"[ ]  {flat}" in shown


async def test_ten_thousand_entries() -> None:
    options = [(f"R{n}", f"requirement {n} of department {n % 7}") for n in range(10_000)]
    assert (await ask(PickModal("Which?", options, codes=True), *"department 3 9998"[:10], "enter"))[0] == [("R0",)]
    assert (await ask(PickModal("Which?", options, codes=True), *"r9999", "enter"))[0] == [("R9999",)]


class Slow(Sequence[tuple[str, str]]):
    """Ten thousand entries that note which of them were asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __len__(self) -> int:
        return 10_000

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, str]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, str] | list[tuple[str, str]]:
        assert isinstance(index, int)
        if index >= len(self):
            raise IndexError
        self.asked += 1
        return f"R{index}", f"requirement {index}"


async def test_entries_are_asked_for_when_they_are_drawn() -> None:
    slow, app = Slow(), OneWidget()
    modal = PickModal("Which?", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        modal._prepare = lambda: None  # type: ignore[method-assign]  # what waits for an idle moment
        app.push_screen(modal)
        await pilot.pause()
        assert "> requirement 0" in app.shown and slow.asked < 100


async def test_a_longer_search_looks_among_those_found_and_a_shorter_one_does_not() -> None:
    app = OneWidget()
    modal = PickModal("Which?", OPTIONS, codes=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(modal)
        await pilot.pause()
        await pilot.press(*"g1")
        wide = len(modal.lines.rows)
        texts = modal._folded
        modal._folded = [text if index in modal._found else "g1 g11" for index, text in enumerate(texts)]
        await pilot.press("1")
        assert modal.lines.key == "G11" and len(modal.lines.rows) == 1 < wide  # the others were not looked at
        modal._folded = texts
        await pilot.press("backspace")
        assert len(modal.lines.rows) == wide and modal.lines.key == "G1"  # the best one is on top, and the cursor on it
        await pilot.press("backspace", "backspace")
        assert len(modal.lines.rows) == len(OPTIONS)
        await pilot.press(*"hours", "space", "7")
        assert modal.lines.key == "G7"
