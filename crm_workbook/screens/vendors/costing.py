"""Costs on the screen: what each vendor costs over the years, and how much of it nobody has priced."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crm_workbook.analysis import costs, fitting
from crm_workbook.analysis.costs import Costs
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.boards import Board
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.guide import GuideText
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.bars import SPACE, money
from crm_workbook.widgets.lines import Column
from crm_workbook.widgets.plain import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from textual.geometry import Size

    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.workbook import WorkbookScreen

Other = Literal["compare", "database"]
MORE: dict[Other, tuple[str, str]] = {
    "compare": (N_("» Two vendors"),
                N_("Rent against purchase: what two vendors have cost by the end of each year, and from when on the "
                   "cheaper one is the dearer one.")),
    "database": (N_("» Database sizes"),
                 N_("Change the number of users and the amount of data: which size does each vendor's database need then?"))}
"""The lines below the vendors: what they are called, and what they show."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A vendor, or something that all of them share."""

    key: str
    vendor: Vendor | None = None


def currency(view: View) -> str:
    """The currency of all amounts; "?" while nobody has said it."""
    return view.only(Project).currency or "?"


def at_least(found: Costs, unit: str = "", total: Decimal | None = None) -> str:
    """The likely total, or another one: 'at least 182 400 EUR, 3 open'; '?' while nothing is priced."""
    if not found.buckets:
        return "?"
    text = f"{money(found.total if total is None else total)}{SPACE}{unit}".rstrip()
    if not found.open_amounts:
        return text
    return _("at least {amount}, {n} open").format(amount=text, n=found.open_amounts)


def spread(found: Costs) -> str:
    """Between what the priced lines lie, which says nothing of the open ones; "" where nobody gave two amounts."""
    if found.low == found.high:
        return ""
    low, high = money(found.low), money(found.high)
    return (_("priced: {low} to {high}") if found.open_amounts else _("between {low} and {high}")).format(
        low=low, high=high)


def percent(share: object) -> str:
    """A share as '41 %'; '?' when it is not known."""
    return "?" if share is None else f"{float(str(share)) * 100:.0f}{SPACE}%"


def whole(sentences: Iterable[str], room: Size) -> str:
    """As many of the sentences as can be read in full; the first one in any case."""
    first, *rest = sentences
    for sentence in rest:
        if room.width and len(wrap(f"{first} {sentence}", room.width)) > room.height:
            break
        first = f"{first} {sentence}"
    return first


def unasked_words(count: int) -> str:
    """'Nobody has asked about 3 kinds of cost.'"""
    return ngettext("Nobody has asked about {n} kind of cost.", "Nobody has asked about {n} kinds of cost.", count).format(
        n=count) if count else ""


class CostBoard(Board):
    """One line a vendor, with "at least" wherever something is open."""

    id = "cost_sheet"

    @property
    def title(self) -> str:
        return _("Cost sheet")

    def draw(self, page: ListPage) -> None:
        lines, view = page.lines, page.frame.view
        vendors = fitting.candidates(view) if view is not None else ()
        rows = [BoardRow(vendor.code, vendor) for vendor in vendors]
        rows += [BoardRow(key) for key in MORE] if rows else []
        lines.empty = _("The costs are shown in a moment.") if view is None else _(
            "Here stands what each vendor costs over the years, and what nobody has priced yet.\n\n"
            "No vendor has been written down yet. Press Enter to add the first one.")
        lines.style_of = lambda row: "-dim" if row.vendor is not None and row.vendor.state == "out" else ""
        years, unit = (costs.period(view), currency(view)) if view is not None else (1, "?")
        total = ngettext("{n} year", "{n} years", years).format(n=years)
        lines.set_columns((Column(f"{_('Vendor')} ({unit})", min=15, weight=1),
                           Column(_("Year 1"), min=9, align="right"), Column(total, min=10, align="right"),
                           Column(_("Open"), min=4, align="right"), Column(_("Hidden"), min=6, align="right"),
                           Column(_("Lowest"), min=9, align="right"), Column(_("Highest"), min=9, align="right"),
                           Column(_("Late"), min=8, align="right")))
        lines.set_rows(rows, lambda row: _cells(view, row) if view is not None else (), key=lambda row: row.key)
        page.show_detail()  # the board before had lines of the same vendors

    def detail(self, page: ListPage) -> str:
        row, view = _row(page), page.frame.view
        if row is None or view is None:
            return ""
        if row.vendor is None:
            return _(MORE[row.key][1])  # type: ignore[index]  # a row without a vendor is one of MORE
        found = costs.costs(view, row.vendor.code)
        if not found.buckets:
            return f"{full_stop(row.vendor.name)} " + _("Nothing is priced yet. Press Enter to see what belongs there.")
        parts = (_("likely {amount}").format(amount=at_least(found, currency(view))), spread(found))
        said = [f"{row.vendor.name}: {'; '.join(filter(None, parts))}."]
        if found.hidden_share:
            said.append(_("Hidden {share}: all but licences and the offered introduction.").format(
                share=percent(found.hidden_share)))
        if found.late:
            said.append(_("Late: {amount}.").format(amount=money(found.late)))
        return whole(filter(None, (*said, unasked_words(len(found.unasked)))), page.query_one(GuideText).size)

    def enter(self, page: ListPage) -> None:
        frame, row = page.frame, _row(page)
        if row is None and frame.view is not None:
            open_gap(frame, Gap(kind=Vendor))
        elif row is not None and frame.view is not None:
            open_sheet(_sheet(frame, row))


def _sheet(frame: WorkbookScreen, row: BoardRow) -> Sheet:
    from crm_workbook.screens.vendors.compare_sheet import CompareSheet
    from crm_workbook.screens.vendors.cost_sheet import CostSheet
    from crm_workbook.screens.vendors.database_sheet import DatabaseSheet

    if row.vendor is not None:
        return CostSheet(frame, row.vendor.code)
    return CompareSheet(frame) if row.key == "compare" else DatabaseSheet(frame)


def _row(page: ListPage) -> BoardRow | None:
    lines = page.lines
    row = lines.rows[lines.index] if lines.rows else None
    return row if isinstance(row, BoardRow) else None


def _cells(view: View, row: BoardRow) -> tuple[str, ...]:
    if row.vendor is None:
        return (_(MORE[row.key][0]),)  # type: ignore[index]  # a row without a vendor is one of MORE
    found = costs.costs(view, row.vendor.code)
    name = _("{name} (out)").format(name=row.vendor.name) if row.vendor.state == "out" else row.vendor.name
    if not found.buckets:
        return name, "?", "?", str(found.open_amounts), "?", "?", "?", ""
    least, open_ = ("≥", str(found.open_amounts)) if found.open_amounts else ("", "-")
    return (name, f"{least}{money(found.first_year)}", f"{least}{money(found.total)}", open_,
            percent(found.hidden_share), money(found.low), money(found.high), money(found.late) if found.late else "-")
