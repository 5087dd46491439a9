"""An open workbook on a screen, for tests: real file, real store thread, no waiting for fixed times."""
from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from crm_workbook.app import WorkbookApp
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Create
from crm_workbook.screens.days import today
from crm_workbook.screens.registers import RegisterPage
from crm_workbook.screens.workbook import WorkbookScreen
from crm_workbook.store import Workbook


class Desk:
    """What a person does and sees."""

    def __init__(self, app: WorkbookApp, pilot: Pilot[int], path: Path) -> None:
        self.app, self.pilot, self.path = app, pilot, path

    @property
    def screen(self) -> WorkbookScreen:
        return self.app.main_screen

    @property
    def book(self) -> Book:
        assert self.screen.book is not None
        return self.screen.book

    @property
    def page(self) -> RegisterPage:
        assert isinstance(self.screen.page, RegisterPage)
        return self.screen.page

    @property
    def said(self) -> str:
        """The notice above the key line."""
        from crm_workbook.screens.frame import HintBar

        return self.screen.query_one(HintBar).sentence

    async def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Lets the program work until the condition holds."""
        for _ in range(400):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"did not happen: {what or holds}\n{self.text()}")

    async def press(self, *keys: str) -> None:
        """Presses keys, each when the one before is done."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def hit(self, *keys: str) -> None:
        """Presses keys as quickly as somebody who types ahead: none waits for the one before."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Types a text."""
        await self.press(*("space" if char == " " else char for char in text))

    async def open(self, chapter: str, table: str) -> None:
        """Goes to a list with the keys."""
        await self.press(chapter)
        await self.until(lambda: isinstance(self.screen.page, RegisterPage) and self.page.ready)
        for _ in range(len(self.page.shelf.views)):
            if self.page.view == table:
                break
            await self.press("right")
        assert self.page.view == table
        await self.pilot.pause()

    def text(self) -> str:
        """The screen as lines of text."""
        height = self.app.size.height
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines[:height])


def workbook(path: Path, rows: Iterable[Record] = ()) -> Path:
    """A new workbook with these records."""
    with Workbook.new(str(path), who="test") as made:
        edits = [Create(type(row), row.values(), row.number) for row in rows]
        if edits:
            made.apply(edits)
    return path


@asynccontextmanager
async def desk(path: Path, *, who: str = "Anna", size: tuple[int, int] = (80, 24),
               today: Callable[[], date] = today) -> AsyncIterator[Desk]:
    """Opens the workbook; closes it so that everything typed is on disk."""
    app = WorkbookApp(str(path), who, today=today)
    async with app.run_test(size=size) as pilot:
        found = Desk(app, pilot, path)
        await found.until(lambda: found.screen.book is not None and found.screen.page is not None, "opened")
        await pilot.pause()
        yield found
        assert app.main_screen.close_session() is True
