"""Fit on the screen: how far each vendor meets what was accepted, and its gaps by name."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_workbook.analysis import fitting, scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.vendors import FIT_MARKS, Fit, Vendor
from crm_workbook.screens.boards import Board
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.bars import bar
from crm_workbook.widgets.lines import Column

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.listing import ListPage

BAR = 8
"""Cells of the bar beside a fit."""
WORDS = {"works": N_("works"), "extra": N_("extra"), "partly": N_("partly"), "promised": N_("promised"), "no": N_("no")}
"""The marks in a cell."""


@dataclass(frozen=True, slots=True)
class FitRow:
    """A vendor, or below it a must that it does not meet."""

    vendor: Vendor
    requirement: Requirement | None = None
    fit: Fit | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return self.vendor.code if self.requirement is None else f"{self.vendor.code} {self.requirement.code}"


def rows_of(view: View) -> Iterator[FitRow]:
    """Each vendor with its gaps."""
    for vendor in fitting.candidates(view):
        yield FitRow(vendor)
        yield from (FitRow(vendor, requirement, fit) for requirement, fit in fitting.gaps(view, vendor.code))


def lacking(view: View) -> Gap | None:
    """What has to be there before anything can be marked."""
    if not fitting.wanted(view):
        first = next((row for row in view.rows(Requirement) if row.state in ("", "proposed")), None)
        return Gap(kind=Requirement) if first is None else Gap(first.code, "state")
    return None if fitting.candidates(view) else Gap(kind=Vendor)


def nothing(view: View) -> str:
    """What is said while that is lacking."""
    if not fitting.wanted(view):
        return _("Here you mark for each accepted requirement how far each vendor meets it.\n\n"
                 "No requirement has been accepted yet. Press Enter to go there.")
    return _("Here you mark for each accepted requirement how far each vendor meets it.\n\n"
             "No vendor has been written down yet. Press Enter to add the first one.")


class FitBoard(Board):
    """One line a vendor: fit, musts that are not met, requirements without a mark; below it the gaps by name."""

    id = "fit_sheet"

    @property
    def title(self) -> str:
        return _("Fit")

    def draw(self, page: ListPage) -> None:
        lines, view = page.lines, page.frame.view
        rows = tuple(rows_of(view)) if view is not None and lacking(view) is None else ()
        lines.empty = nothing(view) if view is not None else _("The marks are shown in a moment.")
        lines.style_of = _style
        lines.set_columns((Column(_("Vendor, and its gaps"), min=20, weight=1), Column(_("Fit"), min=5 + BAR),
                           Column(_("Gaps"), min=4, align="right"), Column(_("Open"), min=4, align="right")))
        lines.set_rows(rows, lambda row: _cells(view, row) if view is not None else (), key=lambda row: row.key)
        page.show_detail()  # the board before had lines of the same vendors

    def detail(self, page: ListPage) -> str:
        row, view, titles = _row(page), page.frame.view, page.frame.titles
        if view is None or titles is None:
            return ""
        if row is None:
            return ""
        if row.requirement is not None and row.fit is not None:
            mark = _(FIT_MARKS[row.fit.mark])
            said = f"{row.vendor.name}: {row.requirement.code} {full_stop(row.requirement.title)} {mark[:1].upper()}{mark[1:]}."
            return f"{said} {full_stop(row.fit.note)}" if row.fit.note else said
        gaps, open_ = len(fitting.gaps(view, row.vendor.code)), len(fitting.unmarked(view, row.vendor.code))
        parts = [ngettext("{n} must is not met.", "{n} musts are not met.", gaps).format(n=gaps) if gaps
                 else _("No must is known to be a gap."),
                 ngettext("{n} requirement has no mark yet.", "{n} requirements have no mark yet.", open_).format(n=open_)
                 if open_ else _("Everything is marked.")]
        return f"{full_stop(row.vendor.name)} {' '.join(parts)} " + _("Press Enter to mark.")

    def enter(self, page: ListPage) -> None:
        from crm_workbook.screens.vendors.fit_sheet import FitSheet

        frame, row = page.frame, _row(page)
        if frame.view is None:
            return
        gap = lacking(frame.view)
        if gap is not None:
            open_gap(frame, gap)
        elif row is not None:
            open_sheet(FitSheet(frame, row.vendor.code, row.requirement.code if row.requirement is not None else ""))


def _row(page: ListPage) -> FitRow | None:
    lines = page.lines
    row = lines.rows[lines.index] if lines.rows else None
    return row if isinstance(row, FitRow) else None


def _style(row: FitRow) -> str:
    return "-dim" if row.vendor.state == "out" else "-warn" if row.requirement is not None else ""


def _cells(view: View, row: FitRow) -> tuple[str, ...]:
    if row.requirement is not None and row.fit is not None:
        return f"  {row.requirement.code} {row.requirement.title}", _(WORDS[row.fit.mark]), "", ""
    vendor = row.vendor
    found, open_ = scoring.fit(view, vendor.code), len(fitting.unmarked(view, vendor.code))
    name = _("{name} (out)").format(name=vendor.name) if vendor.state == "out" else vendor.name
    fit = "?" if found.value is None else f"{found.value:.2f} {bar(found.value, 1, BAR)}"
    return name, fit, str(len(found.must_gaps)), str(open_)
