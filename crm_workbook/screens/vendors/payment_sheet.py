"""The payment plan of a vendor: what is paid when, and whether something was accepted before."""
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from crm_workbook.analysis import cashflow
from crm_workbook.analysis.cashflow import PaymentPlan
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import Payment
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.costing import currency
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.vendors.vendor_of import VendorSheet
from crm_workbook.widgets.bars import money
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell
from crm_workbook.widgets.plain import flat


class PaymentSheet(VendorSheet):
    """The payments by day."""

    ABOUT = N_("When what is paid. A stage should be paid after it was accepted, and both sides sign that it was.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("a", "add", N_("add"), N_("adds a payment")), VendorSheet.OTHER)

    @property
    def plan(self) -> PaymentPlan:
        """The plan as it is now."""
        return cashflow.payment_plan(self.view, self.vendor)

    def nothing(self) -> str:
        return _("Here stands what is paid when. Each stage is paid after it was accepted.\n\n"
                 "Press a to add the first payment.")

    def head(self) -> Content:
        plan = self.plan
        total = _("at least {amount}").format(amount=money(plan.total)) if plan.open else money(plan.total)
        said = [_("all payments {amount}").format(amount=total), _("paid {amount}").format(amount=money(plan.paid)),
                _("offered for the introduction {amount}").format(amount=money(plan.quoted))]
        if plan.difference:
            said.append(_("{amount} more than offered").format(amount=money(plan.difference)) if plan.difference > 0 else _(
                "{amount} less than offered").format(amount=money(-plan.difference)))
        first = _("{vendor}   payment plan, in {currency}").format(vendor=self.vendor_name, currency=currency(self.view))
        return Content("\n".join(flat(line) for line in (first, "   ".join(said))))

    def columns(self) -> Sequence[Column]:
        return (Column(_("Due"), min=10), Column(_("Stage"), min=20, weight=1), Column(_("Amount"), min=9, align="right"),
                Column(_("State"), min=27))

    def rows(self) -> Sequence[Payment]:
        return self.plan.rows

    def key(self, row: Payment) -> str:
        return row.code

    def style_of(self, row: Payment) -> str:
        return "-dim" if row.paid_on else "-warn" if row.code in self.plan.overdue or row in self.plan.early else ""

    def cells(self, row: Payment) -> Sequence[Cell]:
        return str(row.due or "?"), row.title, money(row.amount), self.state(row)

    def state(self, row: Payment) -> str:
        """How a payment stands, in words."""
        plan = self.plan
        if row.paid_on:
            return _("paid before any acceptance") if row in plan.early else _("paid on {day}").format(day=row.paid_on)
        if row.code in plan.overdue:
            return _("overdue")
        if row.code in plan.waiting:
            return _("waits for the acceptance")
        if row in plan.early:
            return _("due before any acceptance")
        return _("after acceptance") if row.needs_acceptance else _("not due yet")

    def detail(self) -> Content:
        row, plan = self.row, self.plan
        if not isinstance(row, Payment):
            return Content("")
        lines = [f"{row.code} {row.title}: {self.state(row)}."]
        if row.phase:
            lines.append(self.titles.named(row.phase))
        if row.amount is None:
            lines.append(_("The amount is not known, so the sum is “at least”."))
        if plan.prepaid:
            share = f" ({plan.prepaid / plan.total * 100:.0f} %)" if plan.total and not plan.open else ""
            lines.append(_("Paid before the first acceptance: {amount} {currency}{share}.").format(
                amount=money(plan.prepaid), share=share, currency=currency(self.view)))
        if plan.doubtful:
            n = len(plan.doubtful)
            lines.append(ngettext("{n} payment has no day, or nobody said whether it needs an acceptance.",
                                  "{n} payments have no day, or nobody said whether they need an acceptance.", n).format(n=n))
        first, *rest = lines
        return Content("").join([Content.styled(flat(first), "bold"), *(Content(f"\n{flat(line)}") for line in rest)])

    def keys(self) -> Sequence[tuple[str, str]]:
        return (*((("Enter", _("open")),) if self.rows() else ()), *super().keys())

    def _lead(self, gap: Gap) -> None:
        frame, vendor = self.frame, self.vendor
        self.leave_for(lambda: open_gap(frame, gap, again=lambda: open_sheet(PaymentSheet(frame, vendor))))

    def follow(self) -> None:
        if self.over:
            return
        if isinstance(self.row, Payment):
            self._lead(Gap(self.row.code))
        else:
            self.action_add()

    def action_add(self) -> None:
        """A new payment."""
        self._lead(Gap(kind=Payment, given=(("vendor", self.vendor),)))
