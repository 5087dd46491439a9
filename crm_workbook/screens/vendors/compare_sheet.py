"""Two vendors beside each other: what each has cost by the end of each year, and when the cheaper one becomes the dearer."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.content import Content

from crm_workbook.analysis import cashflow, costs, fitting
from crm_workbook.analysis.costs import Costs
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import CostLine, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.cost_rows import in_mode
from crm_workbook.screens.vendors.costing import at_least, currency
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.screens.vendors.vendor_of import ask_vendor
from crm_workbook.widgets.bars import bar, money
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import MARK, Cell
from crm_workbook.widgets.plain import fit, flat

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.workbook import WorkbookScreen

LOOK = 10
"""Years that are looked at in the beginning, when the vendors are compared over fewer: a crossing often comes later."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year, counted from 1."""

    year: int

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return str(self.year)


class Pair(NamedTuple):
    """What two vendors have cost by the end of each year."""

    one: Sequence[Decimal]
    other: Sequence[Decimal]


def paid_how(view: View, vendor: str) -> str:
    """'rent', 'purchase' or "" by how the licences are paid."""
    kinds = {line.kind for line in view.where(CostLine, "vendor", vendor) if line.bucket == costs.LICENCE and line.kind}
    return {"recurring": _("rent"), "one_off": _("purchase")}.get(*kinds) if len(kinds) == 1 else ""


class CompareSheet(Sheet):
    """Years down, two vendors across. `one`, `other`: their codes; without them, the first two that are not out."""

    ABOUT = N_("Two vendors year by year: what each has cost by then, and in which year the one overtakes the other. "
               "Rent is often cheaper first and dearer later.")
    MOVES: ClassVar[tuple[tuple[str, str], ...]] = (("← →", N_("fewer or more years")),)
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("a", "one", N_("first vendor"), N_("chooses the first vendor")),
        DialogKey("b", "other", N_("second vendor"), N_("chooses the second vendor")),
        DialogKey("w", "worth", N_("today's worth"), N_("counts later money for less, or as it is")))

    def __init__(self, frame: WorkbookScreen, one: str = "", other: str = "") -> None:
        super().__init__(frame)
        codes = [row.code for row in fitting.candidates(self.view)]
        self.one = one or next(iter(codes), "")
        self.other = other or next((code for code in codes if code != self.one), "")
        self.count = max(costs.period(self.view), LOOK)
        self.worth = False

    @property
    def rate(self) -> float:
        """How much less money is worth a year later, in %."""
        return self.view.param("p_discount_percent")

    def called(self, vendor: str) -> str:
        """What a vendor is called."""
        row = self.view.find(Vendor, vendor)
        return row.name if row is not None else "?"

    def costs(self, vendor: str) -> Costs:
        """The costs of a vendor over the years shown."""
        return costs.costs(self.view, vendor, self.count)

    def flow(self, vendor: str) -> Sequence[Decimal]:
        """What it costs in each year, as it is or at today's worth."""
        return in_mode(cashflow.by_year(self.costs(vendor)), "worth" if self.worth else "year", self.rate)

    @property
    def pair(self) -> Pair:
        """Both, added up."""
        return Pair(cashflow.cumulated(self.flow(self.one)), cashflow.cumulated(self.flow(self.other)))

    def head(self) -> Content:
        if not self.other:
            return Content(_("Two vendors year by year"))
        names = []
        for vendor in (self.one, self.other):
            how = paid_how(self.view, vendor)
            names.append(f"{self.called(vendor)} ({how})" if how else self.called(vendor))
        what = _("added up, at today's worth ({rate:g} % a year)").format(rate=self.rate) if self.worth else _(
            "added up")
        lines = [_("{one} against {other}").format(one=names[0], other=names[1]),
                 _("What was spent by the end of each year, in {currency}, {what}").format(
                     currency=currency(self.view), what=what), self.crossing()]
        return Content("\n".join(flat(line) for line in lines))

    def crossing(self) -> str:
        """Which one costs less, and from when on the other."""
        pair, both = self.pair, (self.costs(self.one), self.costs(self.other))
        if not all(found.buckets for found in both):
            return _("One of them has no priced line yet, so there is nothing to compare.")
        year = cashflow.crossing(self.flow(self.one), self.flow(self.other))
        dearer, cheaper = (self.one, self.other) if pair.one[-1] > pair.other[-1] else (self.other, self.one)
        if year is not None:
            said = _("From year {n} on {dearer} has cost more than {cheaper}.").format(
                n=year, dearer=self.called(dearer), cheaper=self.called(cheaper))
        elif pair.one[-1] == pair.other[-1]:
            said = _("Both cost the same.")
        else:
            said = ngettext("{cheaper} costs less, over {n} year.", "{cheaper} costs less all the time, over {n} years.",
                            self.count).format(cheaper=self.called(cheaper), n=self.count)
        if any(found.open_amounts for found in both):
            said += " " + _("Open amounts can turn this.")
        return said

    def columns(self) -> Sequence[Column]:
        width = max(9, min(14, (self.app.size.width - 40) // 4))
        return (Column(_("Year"), min=4), Column(f"a {self.called(self.one)}", min=width, align="right"),
                Column(f"b {self.called(self.other)}", min=width, align="right"), Column(_("a minus b"), min=10, align="right"),
                Column("", min=12, weight=1))

    def rows(self) -> Sequence[YearRow]:
        return [YearRow(year) for year in range(1, self.count + 1)] if self.other else ()

    def cells(self, row: YearRow) -> Sequence[Cell]:
        pair = self.pair
        one, other = pair.one[row.year - 1], pair.other[row.year - 1]
        width = max(self.app.size.width - 1 - MARK - sum(column.min + 2 for column in self.lines.columns[:4]), 8)
        largest, half = max(pair.one[-1], pair.other[-1], Decimal(1)), (width - 1) // 2
        bars = f"{bar(one, largest, half, 'a', '·')} {bar(other, largest, half, 'b', '·')}"
        turn = cashflow.crossing(self.flow(self.one), self.flow(self.other)) == row.year
        return f"{row.year} ◂" if turn else str(row.year), money(one), money(other), _signed(one - other), bars

    def detail(self) -> Content:
        row = self.row
        if row is None:
            return Content("")
        lines = [f"{sign} {fit(self.called(vendor), 24).rstrip()}: {at_least(self.costs(vendor), currency(self.view))}"
                 for sign, vendor in (("a", self.one), ("b", self.other))]
        flows = [self.flow(vendor)[row.year - 1] for vendor in (self.one, self.other)]
        lines.append(_("In year {n} alone: a {one} {currency}, b {other}.").format(
            n=row.year, one=money(flows[0]), other=money(flows[1]), currency=currency(self.view)))
        return Content("\n".join(flat(line) for line in lines))

    def show(self) -> None:
        there = {row.code for row in self.view.rows(Vendor)}
        if not {self.one, self.other} - {""} <= there:
            self.dismiss(None)
            return
        self.lines.empty = _("Here stand two vendors beside each other, year by year.\n\n"
                             "A second vendor is needed for that. Press Enter to add one.")
        super().show()

    def follow(self) -> None:
        if not self.over and not self.rows():
            self.leave_for(lambda: open_gap(self.frame, Gap(kind=Vendor)))

    def on_key(self, event: events.Key) -> None:
        """Fewer or more years."""
        if event.key in ("left", "right") and self.rows():
            event.stop()
            low, high = costs.YEARS
            self.count = max(low, min(high, self.count + (1 if event.key == "right" else -1)))
            self.show()

    def action_worth(self) -> None:
        """Later money counts for less, or as it is."""
        self.worth = not self.worth
        self.show()

    def action_one(self) -> None:
        """Chooses the first vendor."""
        self._ask(_("The first vendor?"), self.other, "one")

    def action_other(self) -> None:
        """Chooses the second vendor."""
        self._ask(_("The second vendor?"), self.one, "other")

    def _ask(self, question: str, without: str, name: str) -> None:
        vendors = [row for row in fitting.candidates(self.view) if row.code != without]

        def take(code: str) -> None:
            setattr(self, name, code)
            self.show()
        if len(vendors) < 2:
            self.say(_("There is no other vendor to choose. Vendors are added in their list."))
        else:
            ask_vendor(self.frame, question, vendors, self.titles, take, chosen=getattr(self, name))


def _signed(amount: Decimal) -> str:
    return f"+{money(amount)}" if amount > 0 else money(amount)
