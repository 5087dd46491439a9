"""Finding: everything by a few letters (ctrl+p), and what a record is linked with."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.i18n import _
from crm_workbook.records import KINDS, FieldType
from crm_workbook.records.vendors import WeightVote
from crm_workbook.screens.chapters import CHAPTERS, chapter
from crm_workbook.screens.commands import COMMANDS
from crm_workbook.screens.listing import ListPage
from crm_workbook.screens.trail import remember
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_workbook.screens.workbook import WorkbookScreen


def everything(screen: WorkbookScreen) -> None:
    """Every command, board, list and record in one searchable list."""
    assert screen.book is not None and screen.titles is not None
    items = [*_boards(screen)]  # first: a word that names one stands in what is said of its chapter as well
    items += [(f"!{command.id}", f"{_(command.label)} ({command.key}): {_(command.help)}") for command in COMMANDS]
    items += [(f"#{kind.declared.table}", f"{chapter(kind.declared.chapter).title} › {_(kind.declared.title)}")
              for kind in KINDS if kind is not WeightVote]
    items += [(row.code, f"{row.code} {screen.titles.label(row)}") for kind in KINDS if kind is not WeightVote
              for row in screen.book.rows(kind)]  # what a member gave stays on the sheet of the weighing

    def go(chosen: tuple[str, ...] | None) -> None:
        if not chosen:
            return
        id_ = chosen[0]
        if id_.startswith("!"):
            screen.run_command(id_[1:])
        elif id_.startswith("@"):
            open_board(screen, *id_[1:].split("/"))
        elif id_.startswith("#"):
            screen.open_kind(next(kind for kind in KINDS if kind.declared.table == id_[1:]))
        else:
            screen.go_to(id_)

    screen.app.push_screen(PickModal(_("Find anything: a code, a word, a command"), items), go)


def _boards(screen: WorkbookScreen) -> Iterator[tuple[str, str]]:
    """The boards of all chapters."""
    for found in CHAPTERS:
        shelf = screen.shelf_of(found.id)
        if shelf is not None:
            yield from ((f"@{found.id}/{board.id}", f"{found.title} › {board.title}") for board in shelf.boards.values())


def open_board(screen: WorkbookScreen, chapter_id: str, board: str) -> None:
    """Shows a board; `back` leads back."""
    remember(screen)
    page = screen.show_chapter(chapter_id)
    if isinstance(page, ListPage):
        page.when_ready(lambda: page.show_view(board))


def linked(screen: WorkbookScreen, code: str) -> None:
    """What the record points at and what points at it; choosing one leads there."""
    assert screen.book is not None and screen.titles is not None
    row = screen.book.get(code)
    if row is None:
        return
    items: dict[str, str] = {}
    for field in row.declared.link_fields():
        held = row.get(field.name)
        for target in held if isinstance(held, tuple) else (str(held),) if held and field.type is FieldType.LINK else ():
            items[target] = f"{_(field.title)}: {screen.titles.named(target)}"
    for other, name in screen.book.referrers(code):
        items.setdefault(other.code, f"{_(other.declared.title)}, {_(other.declared.fields[name].title)}: "
                                     f"{screen.titles.named(other.code)}")
    if not items:
        screen.say(_("{record} is not linked with anything yet. Open it and choose something in a field of links.").format(
            record=screen.titles.named(code)))
        return
    screen.app.push_screen(PickModal(_("Linked with {record}").format(record=screen.titles.named(code)), list(items.items())),
                           lambda chosen: screen.go_to(chosen[0]) if chosen else None)
