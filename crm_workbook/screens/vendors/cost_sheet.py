"""The cost sheet of a vendor: what is priced, year by year, and in the same list what nobody has priced."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from textual import events
from textual.content import Content

from crm_workbook.analysis import cashflow, costs
from crm_workbook.analysis.costs import Costs
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.vendors import COST_BASES, CostLine, DatabaseTier, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.cost_rows import (
    MODES,
    CostRow,
    Mode,
    bucket_name,
    gap_of,
    in_mode,
    rows_of,
    settled,
    together,
)
from crm_workbook.screens.vendors.costing import at_least, currency, percent, spread, unasked_words
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.vendors.vendor_of import VendorSheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.bars import SPACE, money, stacked
from crm_workbook.widgets.columns import GAP, Column
from crm_workbook.widgets.lines import MARK, Cell
from crm_workbook.widgets.plain import flat

NAME, AMOUNT = 24, 9
"""Cells of a line's words at least, and of an amount."""


@dataclass(frozen=True, slots=True)
class BarRow:
    """A year as a bar."""

    year: int

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return str(self.year)


class CostSheet(VendorSheet):
    """The costs of one vendor. `bars`: as a chart, a line for each year."""

    ABOUT = N_("What this vendor costs over the years. A question mark is an amount that nobody has named: it is "
               "never counted as zero, so every total with one means at least. Enter on such a line leads to where "
               "the amount is written. 0 says that there is nothing to pay.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("a", "add", N_("add"), N_("adds a cost line")),
        DialogKey("y", "mode", N_("years"), N_("year by year, added up, or at today's worth")),
        DialogKey("b", "bars", N_("chart"), N_("shows each year as a bar, or the lines again")),
        DialogKey("c", "compare", N_("compare"), N_("shows this vendor beside another one, year by year")),
        DialogKey("p", "payments", N_("payments"), N_("shows the payment plan")),
        VendorSheet.OTHER,
        DialogKey("u", "undo", N_("undo"), N_("takes the last change back")))

    mode: Mode = "year"
    bars = False
    first = 0  # of the years that can be seen

    # ---- what stands in it ----

    @property
    def found(self) -> Costs:
        """The costs as they are now."""
        return costs.costs(self.view, self.vendor)

    @cached_property
    def rate(self) -> float:
        """How much less money is worth a year later, in %."""
        return self.view.param("p_discount_percent")

    def head(self) -> Content:
        found, view = self.found, self.view
        row = view.find(Vendor, self.vendor)
        name = row.name if row is not None else self.vendor
        years = ngettext("{n} year", "{n} years", found.years).format(n=found.years)
        mode = _("at today's worth ({rate:g} % a year)").format(rate=self.rate) if self.mode == "worth" else _(
            MODES[self.mode])
        lines = [f"{name}   " + _("costs over {years}, in {currency}, {mode}").format(
            years=years, currency=currency(view), mode=mode)]
        said = [at_least(found)]
        if found.buckets:
            worth = cashflow.npv(found, self.rate) if self.mode == "worth" else None
            said = [_("likely {amount}").format(amount=at_least(found, currency(view), worth)),
                    spread(found) if worth is None else ""]
        lines.append("   ".join(filter(None, said)))
        return Content("\n".join(flat(line) for line in lines))

    def years(self) -> range:
        """The years that can be seen; left and right show the others."""
        count = self.found.years
        room = (self.app.size.width - 1 - MARK - NAME) // (AMOUNT + GAP) - 1
        self.first = max(min(self.first, count - room), 0)
        return range(self.first, min(self.first + max(room, 1), count))

    def columns(self) -> Sequence[Column]:
        if self.bars:
            return (Column(_("Year"), min=6), Column(_("Amount"), min=AMOUNT + 1, align="right"), Column("", min=20, weight=1))
        shown = self.years()

        def title(year: int) -> str:
            text = _("Year {n}").format(n=year + 1)
            text = f"‹ {text}" if year == shown[0] and shown[0] else text
            return f"{text} ›" if year == shown[-1] and shown[-1] + 1 < self.found.years else text
        return (Column(_("Cost"), min=NAME, weight=1), Column(_("Together"), min=AMOUNT, align="right"),
                *(Column(title(year), min=AMOUNT, align="right") for year in shown))

    def rows(self) -> Sequence[CostRow | BarRow]:
        if self.bars:
            return [BarRow(year) for year in range(self.found.years)]
        return list(rows_of(self.view, self.found))

    def style_of(self, row: CostRow | BarRow) -> str:
        return "-warn" if isinstance(row, CostRow) and row.kind == "ghost" else ""

    def cells(self, row: CostRow | BarRow) -> Sequence[Cell]:
        if isinstance(row, BarRow):
            return self._bar(row.year)
        strong = row.kind in ("bucket", "total")
        words: list[str] = [row.title]
        if row.amounts is None:
            words += ["?"] * (len(self.years()) + 1)
        else:
            shown = in_mode(row.amounts, self.mode, self.rate)
            words += [money(together(row.amounts, self.mode, self.rate)), *(money(shown[year]) for year in self.years())]
        return [Content.styled(flat(word), "bold") if strong else word for word in words]

    # ---- the chart ----

    def _yearly(self) -> Mapping[str, tuple[Decimal, ...]]:
        """The amounts of each kind of cost in the way they are shown."""
        return {bucket: in_mode(amounts, self.mode, self.rate) for bucket, amounts in self.found.buckets.items()
                if any(amounts)}

    def letters(self) -> Mapping[str, str]:
        """A letter for each kind of cost: the first one of its name that is free."""
        given = dict[str, str]()
        for bucket in self._yearly():
            name = [*bucket_name(self.view, bucket).upper(), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
            given[bucket] = next((sign for sign in name if sign.isalpha() and sign not in given.values()), "#")
        return given

    def _bar(self, year: int) -> Sequence[Cell]:
        yearly, letters = self._yearly(), self.letters()
        sums = [sum(amounts, costs.ZERO) for amounts in zip(*yearly.values(), strict=True)] or [costs.ZERO] * self.found.years
        width = self.app.size.width - 1 - MARK - 6 - AMOUNT - 1 - 2 * GAP
        parts = [(letters[bucket], amounts[year]) for bucket, amounts in yearly.items()]
        return _("Year {n}").format(n=year + 1), money(sums[year]), stacked(parts, max(sums), width)

    # ---- words about a line ----

    def detail(self) -> Content:
        row = self.row
        if isinstance(row, BarRow):
            yearly, letters = self._yearly(), self.letters()
            legend = [f"{letters[bucket]} {bucket_name(self.view, bucket)} {money(amounts[row.year])}"
                      for bucket, amounts in yearly.items() if amounts[row.year]]
            said = [_("Year {n}: {parts}.").format(n=row.year + 1, parts=", ".join(legend)) if legend else _(
                "Nothing is priced in this year.")]
            if self.found.open_amounts:
                said.append(ngettext("{n} amount is open and not in the bars.", "{n} amounts are open and not in the bars.",
                                     self.found.open_amounts).format(n=self.found.open_amounts))
            return Content("\n".join(flat(line) for line in said))
        if not isinstance(row, CostRow):
            return Content("")
        first, *rest = self._words(row)
        return Content("").join([Content.styled(flat(first), "bold"), *(Content(f"\n{flat(line)}") for line in rest if line)])

    def _words(self, row: CostRow) -> Iterator[str]:
        """What is known about a line, what is missing, and what Enter does."""
        about = self.view.catalogue.cost_buckets.get(row.bucket)
        if row.kind == "total":
            yield from self._sums()
        elif row.ghost is not None:
            yield from self._ghost(row)
        elif row.kind == "bucket":
            yield row.title
            yield about.about if about is not None else ""
            yield _("Enter adds a line of this kind.")
        elif row.kind == "sizes":
            yield row.title.strip()
            yield _("Worked out from the database sizes and from what you expect. Enter shows them.")
        else:
            yield from self._line(row)

    def _line(self, row: CostRow) -> Iterator[str]:
        line = self.view.find(CostLine, row.ref)
        if line is None:
            return
        yield f"{line.code} {line.title} ({bucket_name(self.view, line.bucket)})"
        units, price = costs.units_of(self.view, line, self.found.years), costs.price_of(self.view, line)
        counted = _(COST_BASES[line.basis]) if line.basis and line.basis != "fixed" else ""
        each = _("once") if line.kind == "one_off" else _("every year")
        if units is not None and price is not None:
            least, most = f"{float(min(units)):g}", f"{float(max(units)):g}"
            count = least if least == most else _("{least} to {most}").format(least=least, most=most)
            each_one = f"{money(price)}{SPACE}{currency(self.view)}"
            formula = f"{count} x {each_one} {counted}".strip() if counted or units[0] != 1 else each_one
            grows = _(", {rate:g} % more each year").format(rate=line.growth) if line.growth else ""
            yield f"{formula}, {each}{grows}."
        if line.low is not None or line.high is not None:
            yield _("Lowest {low}, highest {high} for one.").format(low=money(line.low), high=money(line.high)) + (
                " " + _("They are out of order, so only the likely amount counts.") if line.code in self.found.muddled else "")
        wanted = self.view.find(Requirement, line.requirement) if line.requirement else None
        said = [_("It came up after the contract.") if line.late else "",
                full_stop(f"{wanted.code} {wanted.title}") if wanted is not None else "", line.note]
        yield " ".join(filter(None, said))

    def _ghost(self, row: CostRow) -> Iterator[str]:
        ghost, titles = row.ghost, self.titles
        assert ghost is not None
        question = self.view.catalogue.questions.get(ghost.ref) if ghost.kind == "answer" else None
        if ghost.kind == "line":
            yield titles.named(ghost.ref)
            line = self.view.find(CostLine, ghost.ref)
            priced = line is not None and costs.price_of(self.view, line) is not None
            yield _("It has an amount, but not how often or how many, so it cannot be added up.") if priced else _(
                "Nobody has written down an amount. It is not zero; it is open.")
            yield line.note if line is not None else ""
        elif ghost.kind == "tier":
            yield titles.named(ghost.ref)
            yield _("This database size will be needed, and what it costs is not known.")
        elif ghost.kind == "extra":
            yield titles.named(ghost.ref)
            yield _("It works only with a paid extra, and no cost line says what that costs.")
        elif question is not None:
            yield question.text
            yield _("What is known of the answer opens a cost, and nobody has written it down.")
            yield question.cost.basis if question.cost is not None else ""
        else:
            about = self.view.catalogue.cost_buckets.get(ghost.ref)
            yield row.title
            yield about.about if about is not None else ""
        if ghost.ref == costs.GROWTH:
            yield _("Enter opens the answer.")
        else:
            yield _("Enter writes it down. 0: nothing is to be paid here.")

    def _sums(self) -> Iterator[str]:
        """What stands behind the totals."""
        found, view = self.found, self.view
        yield _("Over {years}, likely: {amount}. At today's worth: {worth}.").format(
            worth=money(cashflow.npv(found, self.rate)),
            years=ngettext("{n} year", "{n} years", found.years).format(n=found.years), amount=at_least(found, currency(view)))
        yield _("Hidden share (all but licences and the offered introduction): {share}.").format(
            share=percent(found.hidden_share))
        yield _("Came up after the contract: {late}. Leaving, apart: {leaving}.").format(
            late=money(found.late), leaving=money(found.leaving))
        yield _("For one user a year: {each}. For one active user: {active}.").format(
            each=money(cashflow.per_user(view, found)),
            active=money(cashflow.per_active_user(view, found), _("not measured")))
        hours = found.of("internal_time")
        yield " ".join(filter(None, (
            _("Own working time: {amount}.").format(amount=money(hours)), unasked_words(len(found.unasked)))))

    def keys(self) -> Sequence[tuple[str, str]]:
        row = self.row
        ghost = isinstance(row, CostRow) and row.ghost is not None
        enter = () if self.bars else (("Enter", _("open")),)
        return (*enter, *((("0", _("nothing to pay")),) if ghost else ()), *((key.key, _(key.label)) for key in self.KEYS))

    # ---- what can be done ----

    def on_key(self, event: events.Key) -> None:
        """Digits and arrows that the list leaves alone."""
        if event.key == "0":
            event.stop()
            self.settle()
        elif event.key in ("left", "right") and not self.bars:
            event.stop()
            self.first += 1 if event.key == "right" else -1
            self.show()

    def _lead(self, gap: Gap, said: str = "") -> None:
        """To the place where it is written, and back to this line."""
        frame, vendor, here = self.frame, self.vendor, self.lines.key
        self.leave_for(lambda: open_gap(frame, gap, said, again=lambda: open_sheet(CostSheet(frame, vendor, here))))

    def follow(self) -> None:
        row = self.row
        if self.over or not isinstance(row, CostRow):
            return
        if row.ghost is not None:
            self._lead(gap_of(self.view, self.vendor, row.ghost))
        elif row.kind == "line":
            self._lead(Gap(row.ref))
        elif row.kind == "sizes":
            sizes = self.view.where(DatabaseTier, "vendor", self.vendor)
            self._lead(Gap(sizes[0].code) if sizes else Gap(kind=DatabaseTier, given=(("vendor", self.vendor),)))
        else:
            self.action_add()

    def settle(self) -> None:
        """Nothing is to be paid here."""
        row = self.row
        if not isinstance(row, CostRow) or row.ghost is None:
            self.say(_("0 is for lines with a question mark: it says that nothing is to be paid there."))
            return
        note = _("Nothing to pay, said on {day}.").format(day=self.frame.today())
        edits = settled(self.view, self.vendor, row.ghost, note)
        if edits:
            if not self.waits(row.key):
                self.write(*edits)
            self.say(_("Written down: nothing to pay. u takes it back."))
        else:
            self.say(_("Here 0 says nothing: press Enter and write down what is missing."))

    def action_add(self) -> None:
        """A new cost line, of the kind under the cursor."""
        row = self.row
        bucket = row.bucket if isinstance(row, CostRow) else ""
        given = (("vendor", self.vendor), *((("bucket", bucket),) if bucket else ()))
        self._lead(Gap(kind=CostLine, given=given))

    def action_mode(self) -> None:
        """The next way to show the amounts."""
        modes = list(MODES)
        self.mode = modes[(modes.index(self.mode) + 1) % len(modes)]
        self.said = ""
        self.show()

    def action_bars(self) -> None:
        """The chart, or the lines again."""
        self.bars = not self.bars
        self.said = ""
        self.show()

    def action_compare(self) -> None:
        """This vendor beside another one."""
        from crm_workbook.screens.vendors.compare_sheet import CompareSheet

        sheet = CompareSheet(self.frame, self.vendor)
        self.app.push_screen(sheet, lambda act: self.leave_for(act) if act is not None else None)

    def action_payments(self) -> None:
        """The payment plan."""
        from crm_workbook.screens.vendors.payment_sheet import PaymentSheet

        sheet = PaymentSheet(self.frame, self.vendor)
        self.app.push_screen(sheet, lambda act: self.leave_for(act) if act is not None else None)

    def action_undo(self) -> None:
        """Takes the last change back."""
        if self.frame.session is not None:
            self.frame.session.undo()
            self.said = ""
