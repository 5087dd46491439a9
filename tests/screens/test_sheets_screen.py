"""What all sheets have in common: keys that come in one packet take effect in their order, on the sheet and behind it; what
somebody else does meanwhile costs nobody a word."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from crm_workbook.exchange.vendor_reply import read_reply
from crm_workbook.records import Record
from crm_workbook.records.edits import Delete
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import (
    Answer,
    Commitment,
    ContractPoint,
    CostLine,
    DatabaseTier,
    Fit,
    Payment,
    Vendor,
    WeightVote,
)
from crm_workbook.screens.registers import RegisterPage
from crm_workbook.screens.vendors import weightings
from crm_workbook.screens.vendors.asking_form import AnswerForm
from crm_workbook.screens.vendors.contract_sheet import ContractSheet
from crm_workbook.screens.vendors.cost_sheet import CostSheet
from crm_workbook.screens.vendors.database_sheet import DatabaseSheet
from crm_workbook.screens.vendors.fit_sheet import FitSheet
from crm_workbook.screens.vendors.payment_sheet import PaymentSheet
from crm_workbook.screens.vendors.promise_sheet import PromiseSheet
from crm_workbook.screens.vendors.question import open_question
from crm_workbook.screens.vendors.reply_sheet import ReplySheet
from crm_workbook.screens.vendors.sensitivity_sheet import SensitivitySheet
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.vendors.weight_ballot import BallotSheet
from crm_workbook.screens.vendors.weight_sheet import WeightSheet
from crm_workbook.screens.workbook import WorkbookScreen
from crm_workbook.store import Workbook
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal
from tests.exchange import vendor_files
from tests.screens import test_fit_screen, test_weights_screen
from tests.screens.desk import Desk, desk, workbook

TODAY = date(2026, 10, 2)
VENDORS = (Vendor(number=1, name="Alpha"), Vendor(number=2, name="Beta"))
PROMISED = [Commitment(number=number, vendor="V1", title=f"Promise {number}", clause="c", test="t", due=date(2026, 9, number))
            for number in range(1, 6)]


def ballot(frame: WorkbookScreen) -> Sheet:
    below = WeightSheet(frame, "WE1")
    open_sheet(below)
    return BallotSheet(below, "WE1", "M1")


async def shown(here: Desk, make: Callable[[WorkbookScreen], Sheet]) -> Sheet:
    """The sheet, when it stands."""
    await here.until(lambda: here.screen.view is not None, "facts")
    made = make(here.screen)
    open_sheet(made)
    await here.until(lambda: here.app.screen is made and bool(made.query(".sheet-keys")))
    await here.pilot.pause()
    return made


Held = Callable[[Desk], object]
BURSTS: dict[str, tuple[Sequence[Record], Callable[[WorkbookScreen], Sheet], str, Held, object]] = {
    "contract": (VENDORS, lambda frame: ContractSheet(frame, "V1"), "1 down 2 down 1 down 2 down down 1",
                 lambda here: [row.state for row in sorted(here.book.rows(ContractPoint), key=_place(here))],
                 ["agreed", "not_needed", "agreed", "not_needed", "agreed"]),
    "promises": ((*VENDORS, *PROMISED), lambda frame: PromiseSheet(frame, "V1"), "1 down 2 down 1",
                 lambda here: [row.outcome for row in here.book.rows(Commitment)], ["kept", "broken", "kept", "", ""]),
    "fit": (test_fit_screen.records(4, 1), lambda frame: FitSheet(frame, "V1", "R1"), "1 2 up 3 down 5",
            lambda here: [(row.requirement, row.mark) for row in here.book.rows(Fit)], None),
    "ballot": ((*test_weights_screen.PEOPLE, *VENDORS, test_weights_screen.OPEN), ballot, "1 0 0 enter 5 0 down 2 5 up 7",
               lambda here: sorted(row.points or 0 for row in here.book.rows(WeightVote)), None),
    "cost": (VENDORS, lambda frame: CostSheet(frame, "V1"), "down 0 0 0",
             lambda here: len(here.book.rows(CostLine)), 1)}


def _place(here: Desk) -> Callable[[ContractPoint], int]:
    ids = list(here.screen.view.catalogue.contract_items) if here.screen.view is not None else []
    return lambda row: ids.index(row.item)


@pytest.mark.parametrize("name", BURSTS)
async def test_keys_in_one_packet_mean_what_they_mean_one_by_one(tmp_path: Path, name: str) -> None:
    rows, make, keys, held, expected = BURSTS[name]
    if expected is None:
        async with desk(workbook(tmp_path / "slow.crm", rows), today=lambda: TODAY) as here:
            await shown(here, make)
            for key in keys.split():
                await here.press(key)
            await settled(here)
            expected = held(here)
    async with desk(workbook(tmp_path / "quick.crm", rows), today=lambda: TODAY) as here:
        await shown(here, make)
        await here.hit(*keys.split())
        await here.until(lambda: held(here) == expected, name)
        await settled(here)
        assert held(here) == expected


async def settled(here: Desk) -> None:
    """All that was handed over is in the Book."""
    assert here.screen.session is not None
    here.screen.session.ask(lambda workbook: "all done", ticket="export")
    await here.until(lambda: here.said == "all done", "the store has done all of it")
    await here.pilot.pause()


async def test_a_reply_is_marked_in_one_packet(tmp_path: Path) -> None:
    rows = (Project(number=1, company="Brevik", currency="EUR"), Vendor(number=1, name="Alpha"))
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        await here.until(lambda: here.screen.view is not None)
        view = here.screen.view
        assert view is not None
        filled = vendor_files.Sheet(view)
        for id_ in filled.rows:
            if view.catalogue.questions[id_].answer_type == "yes_no":
                filled.put(id_, "Yes")
        reply = read_reply(filled.save(tmp_path / "r.xlsx"), view)
        made = await shown(here, lambda frame: ReplySheet(frame, reply))
        assert isinstance(made, ReplySheet)
        ids = [row.question for row in made.rows() if not isinstance(row, str)]
        await here.hit("1", "2", "down", "1", "up", "up", "2", "enter")
        assert list(made.taken) == ids[:1] and made.kept == set(ids[1:4])


LEADS: dict[str, tuple[Callable[[WorkbookScreen], Sheet], type[Record], str]] = {
    "promises": (lambda frame: PromiseSheet(frame, "V1"), Commitment, "title"),
    "cost": (lambda frame: CostSheet(frame, "V1"), CostLine, "title"),
    "payments": (lambda frame: PaymentSheet(frame, "V1"), Payment, "title"),
    "sizes": (lambda frame: DatabaseSheet(frame, "V1"), DatabaseTier, "title")}


@pytest.mark.parametrize("board", ["", "cost_sheet"])
@pytest.mark.parametrize("name", LEADS)
async def test_what_is_typed_after_a_key_that_leads_to_a_form_stands_in_the_form(tmp_path: Path, name: str, board: str) -> None:
    make, kind, field = LEADS[name]
    async with desk(workbook(tmp_path / "a.crm", VENDORS), today=lambda: TODAY) as here:
        if board:
            await here.open("5", board)
        await shown(here, make)
        if name == "sizes":
            await here.press("end")
        await here.hit("a", *"quick-vendor")
        await here.until(lambda: any(row.get(field) == "quick-vendor" for row in here.book.rows(kind)), name)
        assert isinstance(here.screen.page, RegisterPage) and here.app.screen is here.screen


async def test_what_comes_after_the_key_of_a_question_answers_it(tmp_path: Path) -> None:
    async with desk(workbook(tmp_path / "a.crm", VENDORS), today=lambda: TODAY) as here:
        made = await shown(here, lambda frame: ContractSheet(frame, "V1"))
        await here.hit("v", *"beta", "enter", "1")
        await here.until(lambda: [row.vendor for row in here.book.rows(ContractPoint)] == ["V2"], "the other vendor's")
        assert here.app.screen is made


@pytest.mark.parametrize("who", ["Boris", "Anna"])
async def test_words_go_on_when_their_answer_is_deleted(tmp_path: Path, who: str) -> None:
    rows = (*VENDORS, Answer(number=1, vendor="V1", question="func-language", state="answered", value="yes", note="They said"))
    async with desk(workbook(tmp_path / "a.crm", rows)) as here:
        await here.until(lambda: here.screen.view is not None)
        open_question(here.screen, "V1", "func-language")
        await here.until(lambda: bool(here.app.screen.query(AnswerForm)), "asked")
        await here.pilot.pause()
        await here.press("w")
        await here.type(" data")
        await here.until(lambda: here.book.rows(Answer)[0].note == "They said data", "kept")
        with Workbook.open(str(here.path), who=who) as other:
            other.apply([Delete("VA1")])
        await here.until(lambda: "eleted" in here.text(), "said")
        await here.type(" dull 12")
        await here.until(lambda: any(row.note.endswith("dull 12") for row in here.book.rows(Answer)), "goes on")
        row = here.book.rows(Answer)[0]
        assert row.note.strip() == ("They said data dull 12" if who == "Boris" else "dull 12")
        assert (row.value, row.state, row.evidence) == ("", "", "")  # no letter was a key
        await here.press("escape", "1")
        await here.until(lambda: here.book.rows(Answer)[0].state == "answered", "keys again")


async def test_the_program_goes_on_when_shares_cannot_be_worked_out(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_asked: object) -> object:
        raise ValueError("out of order")

    monkeypatch.setattr(weightings, "refine", broken)
    rows = (*VENDORS, *test_weights_screen.ANSWERS)
    with caplog.at_level(logging.CRITICAL):
        async with desk(workbook(tmp_path / "a.crm", rows)) as here:
            await shown(here, SensitivitySheet)
            await here.until(lambda: "cannot be worked out" in here.text(), "said")
            await here.press("escape")
            assert here.app.screen is here.screen


async def test_a_board_is_found_from_a_sheet(tmp_path: Path) -> None:
    """ctrl+p closes the sheet and looks for what is typed; none of the letters is a key of the sheet."""
    async with desk(workbook(tmp_path / "a.crm", [Vendor(number=1, name="Alpha CRM")])) as here:
        await here.until(lambda: here.screen.view is not None, "facts")
        before = here.book.count()
        open_sheet(PromiseSheet(here.screen, "V1"))
        await here.until(lambda: isinstance(here.app.screen, PromiseSheet) and bool(here.app.screen.query(LineList)))
        await here.press("ctrl+p")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        assert here.book.count() == before
