"""The vendor's file on the screen: written beside the workbook, read again, looked at, taken over as one step."""
from __future__ import annotations

import os
import tomllib
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from threading import Event

import pytest
import tomli_w
from textual.widgets import Input

from crm_workbook.exchange import vendor_reply, vendor_sheet
from crm_workbook.records import Record
from crm_workbook.records.edits import Change, Delete, Refused
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.declining import declined
from crm_workbook.screens.vendors.reply_path import PathModal, files_in, folder_of, path_of
from crm_workbook.screens.vendors.reply_sheet import ReplySheet
from crm_workbook.store import Workbook
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

TODAY = date(2026, 10, 2)
ROWS: tuple[Record, ...] = (
    Project(number=1, company="Brevik"), Vendor(number=1, name="Meridel"),
    Answer(number=1, vendor="V1", question="sup-response", state="answered", value="4", evidence="1"),
    Answer(number=2, vendor="V1", question="func-language", state="answered", value="yes", evidence="1"))
FILLED = {"sup-response": "8", "func-language": "Yes", "dbms-load": 120, "price-increase": "about 5-10"}


def opened(tmp_path: Path, *rows: Record) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen."""
    return desk(workbook(tmp_path / "a.crm", rows or ROWS), today=lambda: TODAY)


async def ask(here: Desk) -> None:
    """Opens the question what to do with the file of Meridel."""
    await here.open("5", "vendor")
    await here.press("v")
    await here.until(lambda: isinstance(here.app.screen, AskModal), "asked")


async def written(here: Desk, end: str, noted: str = "enter") -> Path:
    """Writes the file, and its path."""
    await ask(here)
    await here.press(*(["down"] if end == "toml" else []), "enter")
    await here.until(lambda: isinstance(here.app.screen, AskModal) and "Shall" in here.app.screen.question, "asked again")
    await here.press(noted, *([] if noted == "enter" else ["enter"]))
    await here.until(lambda: "Written" in here.said, "written")
    return max(here.path.parent.glob(f"*.{end}"), key=lambda path: (path.stat().st_mtime_ns, path.name))


def fill(path: Path) -> None:
    """What the vendor does with it."""
    found = tomllib.loads(path.read_text("utf-8"))
    for question, answer in FILLED.items():
        found["answers"][question]["answer"] = answer
    path.write_text(tomli_w.dumps(found), "utf-8")


async def read(here: Desk, path: str = "") -> None:
    """Reads the file that is proposed, or this one."""
    await ask(here)
    await here.press("end", "enter")
    await here.until(lambda: isinstance(here.app.screen, PathModal) and here.app.focused is not None, "path asked")
    if path:
        here.app.screen.query_one(Input).value = path
    await here.press("enter")


async def reply(here: Desk) -> ReplySheet:
    await here.until(lambda: isinstance(here.app.screen, ReplySheet) and here.app.screen.is_mounted, "reply shown")
    await here.pilot.pause()
    assert isinstance(here.app.screen, ReplySheet)
    return here.app.screen


def value(here: Desk, question: str) -> str | None:
    """What is noted."""
    return next((row.value for row in here.book.rows(Answer) if row.question == question), None)


@pytest.mark.parametrize("end", ["toml", "xlsx"])
async def test_the_file_is_written_beside_the_workbook_and_never_over_another(tmp_path: Path, end: str) -> None:
    async with opened(tmp_path) as here:
        first = await written(here, end)
        assert first == tmp_path / f"a-V1-Meridel.{end}" and str(first.name) in "".join(here.said.split())
        before = first.read_bytes()
        second = await written(here, end, "down")
        assert second.name == f"a-V1-Meridel-2.{end}" and first.read_bytes() == before


async def test_a_filled_file_is_looked_at_and_taken_over_in_one_step(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        fill(await written(here, "toml"))
        await read(here)  # the file that was written is proposed
        sheet = await reply(here)
        kinds = {row.question: row.kind for row in sheet.rows() if not isinstance(row, str)}
        assert {id_: kinds[id_] for id_ in FILLED} == {
            "sup-response": "differs", "func-language": "same", "dbms-load": "new", "price-increase": "refused"}
        assert "1 refused, 1 different, 1 new, 1 confirmed" in " ".join(here.text().split())
        assert "about 5-10" in here.text()  # what cannot be taken stands first, with its place
        await here.press("w")
        assert "Nothing is marked" in here.text()
        await here.press("a")
        assert set(sheet.taken) == {"dbms-load", "func-language"} and value(here, "dbms-load") is None
        sheet.lines.go_to(next(sheet.key(row) for row in sheet.rows() if getattr(row, "kind", "") == "differs"))
        await here.pilot.pause()
        await here.press("1", "w")
        await here.until(lambda: isinstance(here.app.screen, AskModal), "asked")
        await here.press("enter")  # the harmless answer
        await here.until(lambda: here.app.screen is sheet, "looks on")
        assert value(here, "sup-response") == "4"
        await here.press("w")
        await here.until(lambda: isinstance(here.app.screen, AskModal), "asked")
        await here.press("down", "enter")
        await here.until(lambda: value(here, "dbms-load") == "120" and value(here, "sup-response") == "8", "taken over")
        await here.until(lambda: "1 new, 1 mended, 1 confirmed" in " ".join(here.said.split()), "said")
        assert here.app.screen is here.screen
        await here.press("u")
        await here.until(lambda: value(here, "dbms-load") is None and value(here, "sup-response") == "4", "all taken back")


async def test_somebody_elses_note_meanwhile_turns_new_into_differs(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        fill(await written(here, "toml"))
        await read(here)
        sheet = await reply(here)
        await here.press("a")
        with Workbook.open(str(here.path), who="Boris") as other:
            other.apply([Change("VA2", "value", "yes", "no")])
        await here.until(lambda: any(getattr(row, "question", "") == "func-language" and getattr(row, "kind", "") == "differs"
                                     for row in sheet.lines.rows), "drawn")
        assert set(sheet.taken) == {"dbms-load"}  # the other was marked as a confirmation, and is none any more
        assert "changed 1 marked answer meanwhile" in here.text()


@pytest.mark.parametrize(("text", "words"), [("nowhere.xlsx", "There is no file"), ("a.crm", "is no question sheet")])
async def test_a_file_that_cannot_be_read_is_named_and_the_line_stays(tmp_path: Path, text: str, words: str) -> None:
    async with opened(tmp_path) as here:
        await read(here, text)
        await here.until(lambda: words in " ".join(here.text().split()), "said")
        assert isinstance(here.app.screen, PathModal)
        await here.press("escape")
        await here.until(lambda: here.app.screen is here.screen, "closed")


async def test_the_files_beside_the_workbook_are_offered_the_youngest_first(tmp_path: Path) -> None:
    for age, name in enumerate(("old.xlsx", "filled.toml", "older.XLSX", "~$filled.xlsx", "notes.txt")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_800_000_000 - age, 1_800_000_000 - age))
    async with opened(tmp_path) as here:
        await ask(here)
        await here.press("end", "enter")
        await here.until(lambda: isinstance(here.app.screen, PathModal) and here.app.focused is not None, "asked")
        line = here.app.screen.query_one(Input)
        assert [file.name for file in files_in(tmp_path)] == ["old.xlsx", "filled.toml", "older.XLSX"]
        assert line.value == str(tmp_path / "old.xlsx") and "filled.toml" in here.text() and "notes.txt" not in here.text()
        await here.press("down")
        assert line.value == str(tmp_path / "filled.toml")
        await here.press("ctrl+u", "enter")
        assert "Choose a file with the arrows" in here.text() and isinstance(here.app.screen, PathModal)
        await here.press("up", "enter")
        await here.until(lambda: here.text().count("old.xlsx") > 2 and "Reading" not in here.text(), "said")


async def test_a_fault_while_reading_or_writing_is_said_and_nothing_hangs(tmp_path: Path,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("no such thing")
    async with opened(tmp_path) as here:
        path = await written(here, "toml")
        monkeypatch.setattr(vendor_reply, "read_reply", broken)
        await read(here)
        await here.until(lambda: "cannot be read (RuntimeError)" in " ".join(here.text().split()), "said")
        monkeypatch.undo()
        await here.press("enter")  # the line is still there
        await reply(here)
        await here.press("escape")
        path.unlink()
        monkeypatch.setattr(vendor_sheet, "write_toml", broken)
        await ask(here)
        await here.press("down", "enter")
        await here.press("enter")
        await here.until(lambda: "could not be written" in here.said, "said")


async def test_files_are_read_and_written_while_the_store_is_busy(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        free = Event()
        assert here.screen.session is not None
        here.screen.session.ask(lambda _workbook: free.wait(8) and "", ticket="export")
        try:
            await written(here, "toml")
            await read(here)
            await reply(here)
        finally:
            free.set()


async def test_a_file_that_belongs_elsewhere_is_read_when_a_person_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        path = await written(here, "toml")
        fill(path)
        path.write_text(path.read_text("utf-8").replace('vendor_name = "Meridel"', 'vendor_name = "Meridel Ltd"'), "utf-8")
        await read(here)
        await here.until(lambda: isinstance(here.app.screen, AskModal) and "all the same" in here.app.screen.question, "asked")
        await here.press("enter")  # the harmless answer
        await here.until(lambda: isinstance(here.app.screen, PathModal), "back")
        assert "made for V1 Meridel Ltd" in " ".join(here.text().split())
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, AskModal), "asked again")
        await here.press("down", "enter")
        assert (await reply(here)).reply.vendor == "V1"


@pytest.mark.parametrize("asked", [False, True])
async def test_the_sheet_closes_when_its_vendor_is_deleted(tmp_path: Path, asked: bool) -> None:
    async with opened(tmp_path) as here:
        fill(await written(here, "toml"))
        await read(here)
        await reply(here)
        await here.press("a", *(["w"] if asked else []))
        with Workbook.open(str(here.path), who="Boris") as other:
            other.apply([Delete("V1")])
        await here.until(lambda: here.book.find(Vendor, "V1") is None, "gone")
        if asked:
            await here.press("down", "enter")
        await here.until(lambda: here.app.screen is here.screen and "V1 has been deleted" in here.said, "closed")
        assert not here.book.rows(Answer)


def test_each_reason_is_said_once_and_in_plain_words() -> None:
    many = Refused(tuple(f"WV{number}, Weighing: there is no WE1." for number in range(1, 9)))
    assert declined(many) == "Weighing WE1 has been deleted meanwhile. Nothing was changed."
    assert declined(Refused(("One.", "Two.", "One."))) == "One. Two."


async def test_enter_without_a_path_says_what_to_do(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await read(here)
        await here.until(lambda: "Type the path of the file" in here.text(), "said")


async def test_the_vendor_is_asked_for_where_the_place_does_not_say_it(tmp_path: Path) -> None:
    async with opened(tmp_path, *ROWS, Vendor(number=2, name="Oakpath")) as here:
        await here.open("5", "questions")
        await here.press("v")
        await here.until(lambda: isinstance(here.app.screen, PickModal), "asked")
        await here.type("oak")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, AskModal) and "Oakpath" in here.app.screen.question, "what")


async def test_the_command_says_where_it_belongs(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.open("1", "company_goal")
        await here.press("v")
        assert here.said == "This is for the chapter Vendors. Press 5 to go there."


def test_where_files_lie(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.xlsx").touch()
    assert folder_of("sub/a.crm") == tmp_path / "sub"
    assert folder_of("postgresql://host/db") == folder_of("/tmp/crm-workbook-demo-1-x/example.crm") == tmp_path
    assert path_of("~/b.xlsx", "sub/a.crm") == own_home / "b.xlsx"
    assert path_of("b.xlsx", "sub/a.crm") == tmp_path / "sub" / "b.xlsx"  # only there
    assert path_of("sub/b.xlsx", "sub/a.crm") == Path("sub/b.xlsx")
    assert path_of("~nobody-here/b.xlsx", "a.crm") == Path("~nobody-here/b.xlsx")
