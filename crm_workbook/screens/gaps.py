"""From what is missing to the place where it is written: a gap in words, and the way to it and back."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.analysis.progress import FIRST, reachable
from crm_workbook.i18n import _
from crm_workbook.records import split_code
from crm_workbook.screens.actions import register_page
from crm_workbook.screens.trail import Again, lead_back, remember

if TYPE_CHECKING:
    from crm_workbook.analysis.finders import Gap
    from crm_workbook.records import Record
    from crm_workbook.records.book import Book
    from crm_workbook.records.vendors import Vendor
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen


def kind_of(gap: Gap) -> type[Record]:
    """The kind of the record that the gap asks to open or to add."""
    if gap.code:
        return split_code(gap.code)[0]
    assert gap.kind is not None, "a gap without a record names the kind of the new one"
    return gap.kind


def first_of(book: Book, gap: Gap) -> Gap:
    """The gap as it can be closed at once: what it needs comes first."""
    return reachable(book, gap, kind_of(gap))


def gap_text(book: Book, titles: Titles, gap: Gap) -> str:
    """What `open_gap` does, in words: 'Open C7 Fewer complaints: Serves the company goals'."""
    gap = first_of(book, gap)
    if (asked := _asked(book, gap)) is not None:
        question = titles.known("question").get(asked[1], asked[1])
        return _("Open the question to {vendor}: {question}").format(vendor=titles.label(asked[0]), question=question)
    kind = kind_of(gap)
    declared = kind.declared
    if gap.code or declared.single:
        what = titles.named(gap.code) if gap.code else _(declared.title)
        field = declared.fields[gap.field] if gap.field else None
        return _("Open {record}").format(record=what) + (f": {_(field.title)}" if field is not None else "")
    given = [f"{_(declared.fields[name].title)}: {titles.shown(declared.fields[name], value)}" for name, value in gap.given]
    text = _("Add to the list “{list}”").format(list=_(declared.title))
    return f"{text} ({', '.join(given)})" if given else text


def open_gap(screen: WorkbookScreen, gap: Gap, said: str = "", again: Again | None = None, *, linger: bool = False) -> None:
    """Leads to the field that is missing, or to a new record with what is known of it. What is missing in an answer is asked
    for on the sheet of its question; Esc leads back from there.

    `said`: what stands above the key line while somebody writes there. `again`: opens the dialog that leads there; whoever
    leaves the form is back in it. `linger`: not at once, but with the key of `back`, as from a board.
    """
    assert screen.book is not None
    if gap.code and screen.book.get(gap.code) is None:
        screen.say(_("{code} has been deleted meanwhile.").format(code=gap.code))
        return
    wanted, gap = kind_of(gap), first_of(screen.book, gap)
    kind = kind_of(gap)
    if open_sheet_of(screen, gap, said, again):
        return
    remember(screen, again)
    screen.open_kind(kind, gap.code or "", gap.field or "" if gap.code or kind.declared.single else "")
    page = register_page(screen)
    if page is not None and gap.code and not gap.field:
        page.when_ready(page.edit)
    elif page is not None and not gap.code and not kind.declared.single:
        page.when_ready(lambda: page.add(dict(gap.given)))
    lead_back(screen, straight=again is not None and not linger)
    if kind is not wanted and kind in FIRST:
        said = f"{said} {_(FIRST[kind])}".lstrip()
    screen.say(said)


def open_sheet_of(screen: WorkbookScreen, gap: Gap, said: str = "", again: Again | None = None) -> bool:
    """Shows the question sheet at the answer that a gap names, or asks for. False: the gap is about something else."""
    asked = _asked(screen.book, gap) if screen.book is not None and screen.view is not None else None
    if asked is None:
        return False
    from crm_workbook.screens.vendors.question import open_question

    open_question(screen, asked[0].code, asked[1], said=said, after=again)
    return True


def _asked(book: Book, gap: Gap) -> tuple[Vendor, str] | None:
    """The vendor and the question that a gap is about; None when it is about no answer, or one of the two is not known."""
    from crm_workbook.records.vendors import Answer, Vendor

    if kind_of(gap) is not Answer:
        return None
    row = book.find(Answer, gap.code) if gap.code else Answer(**dict(gap.given))
    vendor = book.find(Vendor, row.vendor) if row is not None else None
    return (vendor, row.question) if row is not None and vendor is not None and row.question else None
