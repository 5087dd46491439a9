"""The contract list on the screen: what belongs in the contract with a vendor, and what stands there."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.ledger import Clause, contract, marked, still_open
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import ContractPoint
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.vendors.vendor_of import VendorSheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SIGNS: dict[str, str] = {"agreed": "✓", "open": "·", "not_needed": "~"}
"""How a point stands, in one character; its word stands beside it."""
STATES = ContractPoint.declared.fields["state"].options or {}


class ContractSheet(VendorSheet):
    """Every point of the list in the order of the catalogue; a digit says how it stands, Enter opens the clause."""

    ABOUT = N_("What belongs in the contract. A digit says how a point stands, Enter leads to the number of the "
               "clause.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (VendorSheet.OTHER,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"mark('{state}')", show=False) for key, state in (("1", "agreed"), ("2", "not_needed"), ("3", "open"))]

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Enter", _("clause")), ("1", _("it stands there")), ("2", _("not needed")), ("3", _("open")),
                ("v", _("other vendor")))

    def head(self) -> Content:
        return Content(f"{_('Contract')}   {self.vendor_name}   {in_short(contract(self.view, self.vendor))}")

    def columns(self) -> Sequence[Column]:
        return (Column("", min=1), Column(_("State"), min=15), Column(_("What belongs in the contract"), min=30, weight=1),
                Column(_("Clause"), min=8))

    def rows(self) -> Sequence[Clause]:
        return contract(self.view, self.vendor)

    def key(self, row: Clause) -> str:
        return row.item.id

    def cells(self, row: Clause) -> Sequence[Cell]:
        return SIGNS[row.state], _(STATES[row.state]), row.item.text, row.point.where if row.point is not None else ""

    def style_of(self, row: Clause) -> str:
        return "" if row.state == "open" else "-dim"

    def nothing(self) -> str:
        return _("The catalogue of your company holds no points for a contract.")

    def detail(self) -> Content:
        row: Clause | None = self.row
        return Content("") if row is None else Content("\n").join(
            [Content.styled(row.item.text, "bold"), *map(Content, self._about(row))])

    def _about(self, row: Clause) -> Iterator[str]:
        if row.state == "open":
            yield _("Open. Ask the vendor for the clause; press 1 when it stands in the contract.")
        elif row.state == "agreed":
            where = row.point.where if row.point is not None else ""
            yield _("It stands in the contract: {clause}.").format(clause=where) if where else _(
                "It stands in the contract. Nobody has noted where; Enter opens it.")
        else:
            yield _("The group said that it is not needed.")
        if row.point is not None and row.point.note:
            yield full_stop(row.point.note)

    def follow(self) -> None:
        row, frame, vendor = self.row, self.frame, self.vendor
        if row is not None:
            gap = Gap(row.point.code) if row.point is not None else Gap(
                kind=ContractPoint, given=(("vendor", vendor), ("item", row.item.id)))
            again = partial(show_contract, frame, vendor, row.item.id)
            self.leave_for(lambda: open_gap(frame, gap, row.item.text, again=again))

    def action_mark(self, state: str) -> None:
        """Notes how the point under the cursor stands."""
        row: Clause | None = self.row
        if row is not None:
            edits = marked(row, self.vendor, state)
            if edits:
                self.write(*edits)
            self.say("" if edits else _("It stands so already."))


def show_contract(frame: WorkbookScreen, vendor: str, item: str = "") -> None:
    """Opens the contract list of a vendor, on one of its points."""
    open_sheet(ContractSheet(frame, vendor, item))


def in_short(clauses: Sequence[Clause]) -> str:
    """'10 in the contract, 4 open', for a heading and the board."""
    open_, agreed = len(list(still_open(clauses))), sum(clause.state == "agreed" for clause in clauses)
    if open_ == len(clauses):
        return ngettext("{n} open", "all {n} open", open_).format(n=open_)
    parts = [ngettext("{n} in the contract", "{n} in the contract", agreed).format(n=agreed)]
    if open_:
        parts.append(ngettext("{n} open", "{n} open", open_).format(n=open_))
    return ", ".join(parts)
