"""The vendor's file on the screen: written for the vendor to fill in, or read again when it comes back. Files are written and
read in a thread of their own, so that neither a key nor the store waits for them."""
from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import _, ngettext
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.reply_path import PathModal, folder_of, name_of
from crm_workbook.screens.vendors.vendor_of import ask_vendor, vendor_here

if TYPE_CHECKING:
    from datetime import date

    from crm_workbook.catalogue import Catalogue
    from crm_workbook.records.book import Book
    from crm_workbook.screens.workbook import WorkbookScreen


# ---- which vendor, and what ----

def open_vendor_file(frame: WorkbookScreen) -> None:
    """Asks for the vendor where the place does not say it, and then what to do."""
    assert frame.book is not None and frame.titles is not None
    vendors = [row for row in frame.book.rows(Vendor) if row.name or row.product]
    here = vendor_here(frame)
    if here:
        _ask_what(frame, here)
    elif len(vendors) > 1:
        ask_vendor(frame, _("Whose file?"), vendors, frame.titles, partial(_ask_what, frame))
    elif vendors:
        _ask_what(frame, vendors[0].code)
    else:
        open_gap(frame, Gap(kind=Vendor), _("Write down the vendor first."))


def _ask_what(frame: WorkbookScreen, vendor: str) -> None:
    assert frame.titles is not None
    answers = [("xlsx", _("Write the questions as a spreadsheet (.xlsx)")), ("toml", _("Write them as plain text (.toml)")),
               ("read", _("Read a file that came back filled in"))]
    name = frame.titles.named(vendor)

    def then(what: str | None) -> None:
        if what == "read":
            frame.app.push_screen(PathModal(frame, vendor))
        elif what:
            _ask_noted(frame, vendor, what)

    frame.app.push_screen(AskModal(_("The file of {vendor}").format(vendor=name), answers,
                                   [_("Files are written into {folder}").format(folder=folder_of(frame.target))]), then)


def _ask_noted(frame: WorkbookScreen, vendor: str, what: str) -> None:
    """With the answers that were noted already, or empty; not asked while nothing was noted."""
    assert frame.book is not None
    noted = sum(bool(row.value) for row in frame.book.where(Answer, "vendor", vendor))
    if not noted:
        _write(frame, vendor, what, noted=False)
        return
    answers = [("no", _("No, the vendor answers all questions afresh")),
               ("yes", _("Yes, the vendor confirms or mends them in writing"))]
    question = ngettext("Shall the {n} answer that you have noted stand in it?",
                        "Shall the {n} answers that you have noted stand in it?", noted).format(n=noted)
    frame.app.push_screen(AskModal(question, answers), lambda found: _write(
        frame, vendor, what, noted=found == "yes") if found else None)


# ---- out ----

def _write(frame: WorkbookScreen, vendor: str, what: str, *, noted: bool) -> None:
    assert frame.book is not None and frame.titles is not None
    book, catalogue, today = frame.book, frame.titles.catalogue, frame.today()
    path = folder_of(frame.target) / f"{name_of(frame.target, book.find(Vendor, vendor), vendor)}.{what}"

    async def write() -> None:
        frame.say(await asyncio.to_thread(_written, book, catalogue, vendor, path, today, noted))

    frame.run_worker(write(), group="vendor file", exit_on_error=False)


def _written(book: Book, catalogue: Catalogue, vendor: str, path: Path, today: date, noted: bool) -> str:
    """In a thread: writes the file under a name that is free; a sentence that says so, or why not. Never raises."""
    from crm_workbook.analysis.facts import View
    from crm_workbook.exchange.files import FileRefused, write_atomic
    from crm_workbook.screens.actions import free

    try:
        view, path = View(book, catalogue, today), free(path)
        if view.find(Vendor, vendor) is None:
            return _("{code} has been deleted meanwhile.").format(code=vendor)
        if path.suffix == ".xlsx":
            from crm_workbook.exchange.vendor_xlsx import write_xlsx

            write_xlsx(view, vendor, path, noted=noted)
        else:
            from crm_workbook.exchange.vendor_sheet import write_toml

            write_atomic(path, write_toml(view, vendor, noted=noted))
    except FileRefused as problem:
        return str(problem)
    except Exception as error:  # whatever it is, a person waits for a word
        logging.exception("The file of a vendor cannot be written")
        return _("{path} could not be written ({fault}). The log has the details.").format(
            path=path, fault=type(error).__name__)
    return _("Written: {path}. Mail it to the vendor; v reads it when it comes back.").format(path=path)
