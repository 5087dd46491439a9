from __future__ import annotations

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
