"""Decision, promises and contract on the screen: one line for each, with how it stands; Enter opens the sheet."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_workbook.analysis import ledger, scoring
from crm_workbook.analysis.facts import View
from crm_workbook.i18n import _, ngettext
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.boards import Board
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import Column

if TYPE_CHECKING:
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen


@dataclass(frozen=True, slots=True)
class Line:
    """One sheet: what it is about, how it stands, and what opens it. `asks`: something in it asks for a hand."""

    key: str
    what: str
    vendor: str
    stands: str
    detail: str
    open: Callable[[WorkbookScreen], None]
    asks: bool = False


class LedgerBoard(Board):
    """The decision, then for each vendor in question its promises and its contract; the chosen one first."""

    id = "promises"

    @property
    def title(self) -> str:
        return _("Decision and promises")

    def draw(self, page: ListPage) -> None:
        view, titles, lines = page.frame.view, page.frame.titles, page.lines
        assert titles is not None
        rows = tuple(_lines(view, titles)) if view is not None else ()
        lines.style_of = None
        lines.empty = _("The figures are shown in a moment.")
        lines.set_columns((Column("", 1), Column(_("What"), 8), Column(_("Vendor"), 15, 1), Column(_("How it stands"), 23, 2)))
        lines.set_rows(rows, lambda row: ("!" if row.asks else "", row.what, row.vendor, row.stands), key=lambda row: row.key)

    def detail(self, page: ListPage) -> str:
        row = page.lines.rows[page.lines.index] if page.lines.rows else None
        return row.detail if isinstance(row, Line) else ""

    def enter(self, page: ListPage) -> None:
        row = page.lines.rows[page.lines.index] if page.lines.rows else None
        if isinstance(row, Line):
            row.open(page.frame)


def _lines(view: View, titles: Titles) -> Iterator[Line]:
    from crm_workbook.screens.vendors.decision_sheet import show_decision
    from crm_workbook.screens.vendors.vendor_of import in_question

    yield Line("decision", _("Decision"), *_decided(view, titles), show_decision, asks=_due(view))
    for vendor in in_question(view):
        yield from _of_vendor(view, vendor, titles.label(vendor))


def _due(view: View) -> bool:
    made = scoring.decision(view)
    return made is not None and made.review_on is not None and made.review_on <= view.today


def _decided(view: View, titles: Titles) -> tuple[str, str, str]:
    """The vendor, how the decision stands, and what the sheet is for."""
    from crm_workbook.analysis.decision import drift

    made = scoring.decision(view)
    if made is None:
        return "", _("open"), _("Nothing is decided yet. Enter shows what to look at before, and leads to the decision.")
    row = view.find(Vendor, made.vendor)
    moved = len(drift(view, made))
    said = ngettext("{n} figure is another one with today's evidence.", "{n} figures are others with today's evidence.",
                    moved).format(n=moved) if moved else ""
    review = "" if made.review_on is None else (_("To be looked at again since {day}.") if _due(view) else _(
        "To be looked at again on {day}.")).format(day=made.review_on)
    detail = " ".join(filter(None, (said, review, _("Enter shows the reasons and the figures of that day."))))
    return titles.label(row) if row is not None else made.vendor, str(made.on or "?"), detail


def _of_vendor(view: View, vendor: Vendor, name: str) -> Iterator[Line]:
    from crm_workbook.screens.vendors import contract_sheet, promise_sheet

    found, proposed = ledger.tally(view, vendor.code), len(ledger.proposals(view, vendor.code))
    asks: dict[ledger.State, int] = {"broken": found["broken"], "overdue": found["overdue"]}
    said = [promise_sheet.in_words(found) or _("Nothing is written down yet."), ngettext(
        "{n} answer ought to become a promise.", "{n} answers ought to become promises.", proposed).format(
            n=proposed) if proposed else ""]
    yield Line(f"promises {vendor.code}", _("Promises"), name,
               promise_sheet.in_words(asks) or promise_sheet.in_short(sum(found.values()), proposed),
               " ".join(filter(None, map(full_stop, said))),
               lambda frame: promise_sheet.show_promises(frame, vendor.code), any(asks.values()))
    clauses = ledger.contract(view, vendor.code)
    first = next(ledger.still_open(clauses), None)
    words = _("Everything stands in the contract, or is not needed.") if first is None else _(
        "First open point: {item}").format(item=first.item.text)
    yield Line(f"contract {vendor.code}", _("Contract"), name, contract_sheet.in_short(clauses), words,
               lambda frame: contract_sheet.show_contract(frame, vendor.code))
