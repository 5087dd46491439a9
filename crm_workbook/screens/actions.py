"""What the commands do, and what the screen does about each event of the store."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from crm_workbook.i18n import _, ngettext
from crm_workbook.screens.frame import AlertBar

if TYPE_CHECKING:
    from crm_workbook.analysis.progress import StepState
    from crm_workbook.records.edits import Entry, Refused
    from crm_workbook.screens.registers import RegisterPage
    from crm_workbook.screens.workbook import WorkbookScreen
    from crm_workbook.store.events import Conflicted, Event


def stored(screen: WorkbookScreen, event: Event) -> None:
    """One event of the store thread."""
    from crm_workbook.store import events as store

    match event:
        case store.Opened(book):
            screen.show_book(book, book.tables)
        case store.Advanced(book, entries):
            from crm_workbook.records import split_code

            screen.show_book(book, {split_code(entry.code)[0] for entry in entries})
        case store.Created(token, code):
            page = register_page(screen)
            if page is not None:
                page.created(token, code)
        case store.Written(ticket, entries):
            _written(screen, ticket, entries[0].code if entries else "")
        case store.Declined(_ticket, refused):
            screen.say(declined(screen, refused))
        case store.Conflicted():
            _conflicted(screen, event)
        case store.Stalled(reason):
            screen.query_one(AlertBar).reason = reason
        case store.Resumed():
            screen.query_one(AlertBar).reason = ""
            screen.say(_("Everything is saved again."))
        case store.Answered(ticket, result):
            _history_arrived(screen, ticket.removeprefix("history "), cast("list[Entry]", result))
        case store.Failed(sentence, opening):
            if opening:
                screen.app.exit(1, return_code=2, message=sentence)
            else:
                screen.say(sentence)


def _conflicted(screen: WorkbookScreen, event: Conflicted) -> None:
    page, who = register_page(screen), event.who or _("Somebody")
    if event.gone:
        screen.say(_("{who} has deleted {code} meanwhile. What you typed is kept under Minutes, Unfinished entries.").format(
            who=who, code=event.ref))
    elif page is None or not page.conflicted(event):
        screen.say(_("{who} has changed {code} meanwhile. Your text is kept under Minutes, Unfinished entries.").format(
            who=who, code=event.ref))


def _history_arrived(screen: WorkbookScreen, code: str, entries: list[Entry]) -> None:
    if code:
        from crm_workbook.screens.history import HistoryModal

        if screen.titles is not None:
            screen.app.push_screen(HistoryModal(code, entries, screen.titles))
        return
    page = register_page(screen)
    if page is not None:
        page.show_journal(entries)


def ask_history(screen: WorkbookScreen, code: str = "") -> None:
    """Asks the store for the history of a record, or the youngest entries of all; it comes as an event."""
    assert screen.session is not None
    screen.session.ask(lambda workbook: workbook.history(code, limit=2_000), ticket=f"history {code}")


def register_page(screen: WorkbookScreen) -> RegisterPage | None:
    """The open page if it is one of lists and forms."""
    from crm_workbook.screens.registers import RegisterPage

    return screen.page if isinstance(screen.page, RegisterPage) else None


def _written(screen: WorkbookScreen, ticket: str, code: str) -> None:
    if ticket == "copy" and code:
        screen.go_to(code, remember=False)
    elif ticket in ("undo", "redo"):
        said = _("Taken back.") if ticket == "undo" else _("Done again.")
        screen.say(f"{said} {screen.titles.named(code)}" if screen.titles and code else said)
    elif ticket.startswith("delete "):
        screen.say(_("{record} was deleted. Press u to bring it back.").format(record=ticket.removeprefix("delete ")))


def declined(screen: WorkbookScreen, refused: Refused) -> str:
    """Why an edit was not written, in a sentence."""
    if refused.problems:
        return " ".join(refused.problems)
    conflict = refused.conflicts[0]
    who = conflict.who or _("Somebody")
    if conflict.gone:
        return _("{who} has deleted this record meanwhile. Nothing was changed.").format(who=who)
    return _("{who} has changed the same meanwhile. Nothing was changed; look at it first.").format(who=who)


# ---- commands ----

def do_help(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.help import HelpModal

    screen.app.push_screen(HelpModal(screen.page.chapter if screen.page else None, screen.current_kind))


def do_next(screen: WorkbookScreen) -> None:
    from crm_workbook.analysis.progress import Gap, StepState, next_step

    assert screen.book is not None
    step = next_step(screen.book)
    if step is None:
        screen.say(_("Nothing is missing. Look at the Radar now and then."))
        return
    follow(screen, StepState(step.step, 0, 1, Gap(step.code, step.field, tuple(step.given.items()))))


def follow(screen: WorkbookScreen, state: StepState) -> None:
    """Leads to what a step asks for, and says it: a field of a record, a new record, or the list when it is done."""
    from crm_workbook.records import split_code

    screen.say(_(state.step.sentence))
    gap = state.gap
    if gap is None or not gap.code:
        screen.open_kind(state.step.kind)
    else:
        screen.open_kind(split_code(gap.code)[0], gap.code, gap.field or "")
    page = register_page(screen)
    if gap is not None and not gap.code and page is not None:
        page.when_ready(lambda: page.add(dict(gap.given)))


def do_quit(screen: WorkbookScreen) -> None:
    screen.app.exit(0)


def do_theme(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.themes import theme_after

    screen.app.theme = theme_after(screen.app.theme)
    screen.say(_("Colours: {name}. Press t for the next ones.").format(name=screen.app.theme))


def do_undo(screen: WorkbookScreen) -> None:
    assert screen.session is not None
    screen.session.undo()


def do_redo(screen: WorkbookScreen) -> None:
    assert screen.session is not None
    screen.session.redo()


def do_back(screen: WorkbookScreen) -> None:
    if not screen.trail:
        screen.say(_("This is where you came in."))
        return
    chapter, code = screen.trail.pop()
    if code:
        screen.go_to(code, remember=False)
    else:
        screen.show_chapter(chapter)


def do_export(screen: WorkbookScreen) -> None:
    from crm_workbook.widgets.pick import PickModal

    stem = Path(screen.target).stem if "://" not in screen.target else "workbook"
    choices = [("summary", _("Summary: what the group hands round")), ("full", _("Everything: can be imported again"))]

    def write(chosen: tuple[str, ...] | None) -> None:
        if not chosen:
            return
        from crm_workbook.catalogue import load
        from crm_workbook.exchange.files import FileRefused, write_atomic
        from crm_workbook.exchange.full import write_full
        from crm_workbook.exchange.summary import write_summary
        from crm_workbook.records.edits import Create
        from crm_workbook.records.minutes import Handout
        from crm_workbook.screens.lists import today

        assert screen.book is not None
        path = Path.cwd() / f"{stem}-{chosen[0]}.toml"
        catalogue = load()
        text = write_full(screen.book, catalogue) if chosen[0] == "full" else write_summary(screen.book, catalogue)
        try:
            write_atomic(path, text)
        except FileRefused as problem:
            screen.say(str(problem))
            return
        screen.say(_("Written and read back: {path}").format(path=path))
        if screen.session is not None:
            screen.session.submit([Create(Handout, {"title": str(path), "kind": chosen[0], "on": today()})])

    screen.app.push_screen(PickModal(_("What shall be written?"), choices), write)


def do_palette(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.find import everything

    everything(screen)


def _page(screen: WorkbookScreen) -> RegisterPage:
    page = register_page(screen)
    assert page is not None, "only offered where there is a list"
    return page


def do_add(screen: WorkbookScreen) -> None:
    _page(screen).add()


def do_edit(screen: WorkbookScreen) -> None:
    _page(screen).edit()


def do_filter(screen: WorkbookScreen) -> None:
    _page(screen).start_filter()


def do_sort(screen: WorkbookScreen) -> None:
    _page(screen).sort_next()


def do_previous_list(screen: WorkbookScreen) -> None:
    _page(screen).step(-1)


def do_next_list(screen: WorkbookScreen) -> None:
    _page(screen).step(1)


def do_copy(screen: WorkbookScreen) -> None:
    from crm_workbook.records.edits import Create

    assert screen.book is not None and screen.session is not None
    row = screen.book.get(screen.current_code)
    if row is None:
        return
    if row.declared.single:
        screen.say(_("There is only one of these."))
        return
    screen.session.submit([Create(type(row), row.values())], ticket="copy")


def do_delete(screen: WorkbookScreen) -> None:
    from crm_workbook.records.edits import Delete

    assert screen.book is not None and screen.titles is not None
    code, book = screen.current_code, screen.book
    named = screen.titles.named(code)
    owned = sum(1 for row, name in book.referrers(code) if row.declared.fields[name].owner)

    def delete(chosen: tuple[str, ...] | None) -> None:
        if chosen == ("yes",) and screen.session is not None:
            screen.session.submit([Delete(code)], ticket=f"delete {named}")

    if not owned:
        delete(("yes",))
        return
    from crm_workbook.widgets.pick import PickModal

    question = ngettext("Delete {record} and {n} record that belongs to it?",
                        "Delete {record} and {n} records that belong to it?", owned).format(record=named, n=owned)
    screen.app.push_screen(PickModal(question, [("no", _("No, keep it")), ("yes", _("Yes, delete it; undo brings it back"))]),
                           delete)


def do_links(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.find import linked

    linked(screen, screen.current_code)


def do_history(screen: WorkbookScreen) -> None:
    ask_history(screen, screen.current_code)
