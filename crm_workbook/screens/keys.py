"""The way of a key on a page: in the order in which keys came, however fast they came.

Textual hands keys on to the widget that has the focus when they arrive. When several arrive at once (a slow line), the
second one is on its way to the list while the first one has just asked for a form. So the list asks the screen first
(`WorkbookScreen.steer`), and the screen knows where the key belongs by then.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from crm_workbook.screens.commands import COMMANDS, PLAIN_KEYS
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

LIST_COMMANDS = {key: command for command in COMMANDS for key in PLAIN_KEYS[command.id]}


class PageList(LineList):
    """A list on a page."""

    async def _on_key(self, event: events.Key) -> None:
        from crm_workbook.screens.workbook import WorkbookScreen

        if isinstance(self.screen, WorkbookScreen) and await steer(self.screen, event):
            event.stop()
            event.prevent_default()


async def steer(screen: WorkbookScreen, event: events.Key) -> bool:
    """Does with the key what it means by now. False: it is for the list itself."""
    page = screen.page
    if page is None:
        return False
    if screen.app.screen is not screen:  # a question has come up: the key answers it
        screen.app.post_message(events.Key(event.key, event.character))
        return True
    if not page.ready:
        screen.ahead.append(event)  # the page is being made; `steer_ahead` goes on when it is there
        return True
    if page.in_form:
        return await page.feed(event)
    if event.key == "enter":
        page.enter()
        return True
    command = LIST_COMMANDS.get(event.key)
    if command is None:
        return False
    screen.run_command(command.id)
    return True


async def steer_ahead(screen: WorkbookScreen) -> None:
    """The page is there: the keys that came in the meantime, in order."""
    while screen.ahead and screen.page is not None and screen.page.ready:
        await steer(screen, screen.ahead.pop(0))
