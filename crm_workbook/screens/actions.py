"""What the commands do, and what the screen does about each event of the store."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from crm_workbook.i18n import _, ngettext
from crm_workbook.screens.frame import AlertBar

if TYPE_CHECKING:
    from datetime import date

    from crm_workbook.analysis.doubts import Doubts
    from crm_workbook.analysis.progress import StepState
    from crm_workbook.catalogue import Catalogue
    from crm_workbook.records.edits import Entry
    from crm_workbook.screens.registers import RegisterPage
    from crm_workbook.screens.workbook import WorkbookScreen
    from crm_workbook.store import Workbook
    from crm_workbook.store.events import Conflicted, Event


def stored(screen: WorkbookScreen, event: Event) -> None:
    """One event of the store thread."""
    from crm_workbook.store import events as store

    match event:
        case store.Opened(book):
            first = screen.book is None
            screen.show_book(book, book.tables)
            if first:
                _tell_left_over(screen)
        case store.Advanced(book, entries):
            from crm_workbook.records import split_code

            screen.deleted = {entry.code: entry.who for entry in entries if entry.op == "delete"}
            screen.leaving -= screen.deleted.keys()
            screen.show_book(book, {split_code(entry.code)[0] for entry in entries})
        case store.Created(token, code):
            page = register_page(screen)
            if page is not None:
                page.created(token, code)
        case store.Written(ticket, entries):
            _written(screen, ticket, entries)
        case store.Declined(_ticket, refused):
            from crm_workbook.screens import dialogs
            from crm_workbook.screens.declining import declined

            screen.leaving.clear()
            screen.say(declined(refused))
            dialogs.turned_down(screen)
        case store.Conflicted():
            _conflicted(screen, event)
        case store.Stalled(reason):
            screen.query_one(AlertBar).reason = reason
        case store.Resumed():
            screen.query_one(AlertBar).reason = ""
            screen.say(_("Everything is saved again."))
        case store.Answered("export", result):
            screen.say(str(result))
        case store.Answered(ticket, result) if ticket.startswith("thread "):
            from crm_workbook.screens import thread

            thread.arrived(screen, ticket.removeprefix("thread "), cast("Doubts", result))
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
        if page is not None:
            page.gone(event.ref, who)
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
    from crm_workbook.screens.history import MOST

    screen.session.ask(lambda workbook: workbook.history(code, limit=MOST), ticket=f"history {code}")


def register_page(screen: WorkbookScreen) -> RegisterPage | None:
    """The open page if it is one of lists and forms."""
    from crm_workbook.screens.registers import RegisterPage

    return screen.page if isinstance(screen.page, RegisterPage) else None


def _tell_left_over(screen: WorkbookScreen) -> None:
    """Texts that an earlier session could not store lie in files; say so once."""
    from crm_workbook.store.rescue import left_over

    if found := left_over():
        screen.say(ngettext("A text that could not be stored last time lies in {path}.",
                            "Texts that could not be stored last time lie in {n} files, the youngest is {path}.",
                            len(found)).format(path=found[-1], n=len(found)))


def _written(screen: WorkbookScreen, ticket: str, entries: Sequence[Entry]) -> None:
    code = entries[0].code if entries else ""
    if ticket == "copy" and code:
        screen.go_to(code, remember=False)
        screen.say(_("{code} is the copy. Press Enter and change what is different.").format(code=code))
    elif ticket == "keep" and code:
        screen.say(_("This state is kept as {code}. From now on the Radar shows what has changed since.").format(code=code))
    elif ticket.startswith("reply taken "):
        screen.say(ticket.removeprefix("reply taken "))
    elif ticket in ("undo", "redo") and not entries:
        screen.say(_("There is nothing to take back.") if ticket == "undo" else _("There is nothing to do again."))
    elif ticket in ("undo", "redo"):
        _tell_taken_back(screen, ticket, entries)
    elif ticket.startswith("delete "):
        touched = len({entry.code for entry in entries if entry.op in ("unlink", "change")})
        links = ngettext("The link to it in {n} record went with it.", "The links to it in {n} records went with it.",
                         touched).format(n=touched) if touched else ""
        more = sum(entry.op == "delete" for entry in entries) - 1
        words = _("{record} was deleted.") if not more else ngettext(
            "{record} and {n} record that belongs to it were deleted.",
            "{record} and {n} records that belong to it were deleted.", more)
        screen.say(" ".join(filter(None, (words.format(record=ticket.removeprefix("delete "), n=more), links,
                                          _("Press u to bring it back.")))))


def _tell_taken_back(screen: WorkbookScreen, ticket: str, entries: Sequence[Entry]) -> None:
    from crm_workbook.screens.history import sentence

    assert screen.titles is not None
    back = [entry.code for entry in entries if entry.op == "create"]
    if not back:
        said = _("Taken back:") if ticket == "undo" else _("Done again:")
        records = len({entry.code for entry in entries})
        more = " " + ngettext("and {n} record more.", "and {n} records more.", records - 1).format(
            n=records - 1) if records > 1 else ""
        screen.say(f"{said} {sentence(entries[-1], screen.titles)}{more}")
        return
    words = ngettext("{record} is back, and {n} record that belongs to it.",
                     "{record} is back, and {n} records that belong to it.", len(back) - 1) if len(back) > 1 else _(
        "{record} is back.")
    screen.say(words.format(record=screen.titles.named(back[0]), n=len(back) - 1))
    page = register_page(screen)
    if page is not None and not page.in_form:
        page.lines.go_to(back[0])


# ---- commands ----

def do_help(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.help import HelpModal

    screen.app.push_screen(HelpModal(screen.page.chapter if screen.page else None, screen.current_kind))


def do_next(screen: WorkbookScreen) -> None:
    from crm_workbook.analysis.progress import next_step

    assert screen.book is not None
    if (step := next_step(screen.book)) is None:
        screen.say(_("Nothing is missing. Look at the Radar now and then."))
    else:
        follow(screen, step)


def open_form(screen: WorkbookScreen, code: str) -> None:
    """Leads to a record and opens it."""
    from crm_workbook.screens.trail import lead_back

    screen.go_to(code)
    if (page := register_page(screen)) is not None:
        page.when_ready(page.edit)
    lead_back(screen)


def follow(screen: WorkbookScreen, state: StepState) -> None:
    """Leads to what a step asks for, and says it: a field of a record, a new record, or the list when it is done."""
    from crm_workbook.screens.gaps import open_sheet_of
    from crm_workbook.screens.guide import words_of

    if state.gap is not None and open_sheet_of(screen, replace(state.gap, kind=state.kind), state.sentence):
        screen.show_chapter(state.kind.declared.chapter)
        return
    screen.open_kind(state.kind, state.code or "", state.field or "")
    page = register_page(screen)
    if not state.done and not state.code and page is not None:
        page.when_ready(lambda: page.add(state.given))
    screen.say(words_of(state) if state.done else state.sentence)


def do_quit(screen: WorkbookScreen) -> None:
    screen.app.exit(0)


def do_theme(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.themes import NAMES, theme_after

    screen.app.theme = theme_after(screen.app.theme, no_color=screen.app.no_color)
    screen.say(_("Colours: {name}. Press t for the next ones.").format(name=_(NAMES[screen.app.theme])))


def do_undo(screen: WorkbookScreen) -> None:
    assert screen.session is not None
    screen.session.undo()


def do_redo(screen: WorkbookScreen) -> None:
    assert screen.session is not None
    screen.session.redo()


def do_back(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.trail import back

    back(screen)


def do_export(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.ask import AskModal

    answers = [("summary", _("Summary: what the group hands round")), ("full", _("Everything: it can be imported again"))]

    def write(what: str | None) -> None:
        if what and screen.session is not None:
            stem = Path(screen.target).stem if "://" not in screen.target else "workbook"
            path = free(Path.cwd() / f"{stem}-{what}-{today:%Y-%m-%d}.toml")
            screen.session.ask(lambda workbook: _export(workbook, catalogue, what, path, today), ticket="export")

    assert screen.titles is not None
    catalogue, today = screen.titles.catalogue, screen.today()
    screen.app.push_screen(AskModal(_("What shall be written?"), answers, [str(Path.cwd())]), write)


def free(path: Path) -> Path:
    """The path, or the next one with a number that does not exist yet."""
    names = (path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000)))
    return next((name for name in names if not name.exists()), path)


def _export(workbook: Workbook, catalogue: Catalogue, what: str, path: Path, today: date) -> str:
    """In the store thread: writes the file, reads it back, notes it among the copies; a sentence that says so, or why not."""
    from crm_workbook.exchange.files import FileRefused, write_atomic
    from crm_workbook.exchange.full import write_full
    from crm_workbook.exchange.summary import write_summary
    from crm_workbook.records.edits import Create
    from crm_workbook.records.minutes import Handout

    text = write_full(workbook.book, catalogue) if what == "full" else write_summary(workbook.book, catalogue, today)
    try:
        write_atomic(path, text)
    except FileRefused as problem:
        return str(problem)
    workbook.apply([Create(Handout, {"title": str(path), "kind": what, "on": today})])
    return _("Written and read back: {path}").format(path=path)


def do_vendor_file(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.vendors.reply_dialog import open_vendor_file

    open_vendor_file(screen)


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
    if row.declared.unique:
        screen.say(_("There is one of these for each case. Press a to add another one."))
        return
    screen.session.submit([Create(type(row), row.values())], ticket="copy")


def do_delete(screen: WorkbookScreen) -> None:
    from crm_workbook.records.edits import Delete
    from crm_workbook.screens.ask import AskModal

    assert screen.book is not None and screen.titles is not None
    code, book, titles = screen.current_code, screen.book, screen.titles
    named = titles.named(code)
    owned = [row for row, name in book.referrers(code) if row.declared.fields[name].owner]

    def delete(answer: str | None) -> None:
        if answer == "yes" and screen.session is not None:
            screen.leaving.add(code)
            screen.session.submit([Delete(code)], ticket=f"delete {named}")

    if not owned:
        delete("yes")
        return
    question = ngettext("Delete {record} and {n} record that belongs to it?",
                        "Delete {record} and {n} records that belong to it?", len(owned)).format(record=named, n=len(owned))
    details = [titles.named(row.code) for row in owned[:6]] + (["..."] if len(owned) > 6 else [])
    answers = [("no", _("No, keep it")), ("yes", _("Yes, delete it; u brings it back"))]
    screen.app.push_screen(AskModal(question, answers, details), delete)


def do_links(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.find import linked

    linked(screen, screen.current_code)


def do_thread(screen: WorkbookScreen) -> None:
    from crm_workbook.screens import thread

    thread.show(screen, screen.current_code)


def do_keep(screen: WorkbookScreen) -> None:
    from crm_workbook.screens.radar import keep_state

    keep_state(screen)


def do_history(screen: WorkbookScreen) -> None:
    ask_history(screen, screen.current_code)
