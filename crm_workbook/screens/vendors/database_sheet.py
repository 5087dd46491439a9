"""The database slider: users and data against each vendor's database sizes, and the year in which growth brings a new bill."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events
from textual.content import Content

from crm_workbook.analysis import database, fitting, growth
from crm_workbook.analysis.database import Slide
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import DatabaseTier, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.costing import currency
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.widgets.bars import bar, money
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell
from crm_workbook.widgets.plain import flat

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

Wheel = Literal["users", "gb"]
WHEELS: dict[Wheel, str] = {"users": N_("Users at once"), "gb": N_("GB after {n} years")}
"""What can be changed."""
BAR = 10
"""Cells of the bar that says how full a size is."""
MOST = 100_000
"""Neither users nor GB go beyond this."""
STEPS = ((20, 1), (100, 5), (200, 10), (1000, 50), (2000, 100), (10_000, 500), (float("inf"), 5000))
"""Below what value one goes on by how much."""


@dataclass(frozen=True, slots=True)
class SlideRow:
    """One of the two lines that are changed, or a vendor."""

    wheel: Wheel | None = None
    vendor: Vendor | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return self.vendor.code if self.vendor is not None else str(self.wheel)


def stepped(value: float | None, direction: int) -> int:
    """The next round number up or down: `STEPS`, never below 1. Without a value one begins at 10."""
    if value is None:
        return 10
    base = value if direction > 0 else value - 1
    step = next(step for below, step in STEPS if base < below)
    found = (int(value) // step + 1) * step if direction > 0 else (-(-int(value) // step) - 1) * step
    return max(1, min(found, MOST))


class DatabaseSheet(Sheet):
    """Two lines to change with left and right, and below them what that means for each vendor."""

    ABOUT = N_("What does growth cost? Change the users or the data with the left and right arrows. Each line shows "
               "which size of its database a vendor would need then, what it costs, and the year in which the next "
               "one is due.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("o", "own", N_("our figures"), N_("goes back to the figures of the chapter Team")),
        DialogKey("a", "add", N_("add a size"), N_("adds a database size of the vendor")))
    DETAIL = 8

    def __init__(self, frame: WorkbookScreen, at: str = "") -> None:
        super().__init__(frame)
        self.at = at
        self.wheel: Wheel = "users"
        self.values: dict[Wheel, float | None] = {"users": None, "gb": None}  # None: as the chapter Team says

    # ---- what stands in it ----

    def value(self, wheel: Wheel) -> float | None:
        """What is looked at now; None while nobody knows."""
        scale = self.view.only(Scale)
        own = scale.users_at_once if wheel == "users" else scale.data_gb
        return own if self.values[wheel] is None else self.values[wheel]

    def slide(self, vendor: str) -> Slide:
        """The database of a vendor at these figures."""
        users = self.values["users"]
        return database.slide(self.view, vendor, None if users is None else int(users), self.values["gb"])

    def head(self) -> Content:
        changed = any(value is not None for value in self.values.values())
        said = _("Tried out with these figures; nothing is written down.") if changed else _(
            "With the figures of the chapter Team.")
        return Content(_("Database sizes   prices for one year, in {currency}").format(currency=currency(self.view))
                       + "\n" + said)

    def columns(self) -> Sequence[Column]:
        return (Column("", min=16, weight=2), Column(_("Needed now"), min=12, weight=2),
                Column(_("A year"), min=7, align="right"), Column(_("Too small"), min=9),
                Column(_("Then a year"), min=11, align="right"), Column(_("How full"), min=BAR))

    def rows(self) -> Sequence[SlideRow]:
        vendors = fitting.candidates(self.view)
        return [*(SlideRow(wheel) for wheel in WHEELS), *(SlideRow(vendor=row) for row in vendors)] if vendors else ()

    def style_of(self, row: SlideRow) -> str:
        return "-dim" if row.vendor is not None and row.vendor.state == "out" else ""

    def cells(self, row: SlideRow) -> Sequence[Cell]:
        if row.wheel is not None:
            value = self.value(row.wheel)
            shown = "?" if value is None else f"{value:g}"
            mine = row.wheel == self.wheel
            return _(WHEELS[row.wheel]).format(n=growth.DATA_YEARS), f"◂ {shown} ▸" if mine else f"  {shown}"
        assert row.vendor is not None
        found = self.slide(row.vendor.code)
        now = found.now.title if found.now is not None else _("none so large") if found.tiers else "?"
        year = _("today") if found.year == 1 else _("year {n}").format(n=found.year) if found.year else (
            "?" if found.missing and not found.tiers else "-")
        then = found.then.price if found.then is not None else None
        after = "-" if not found.year and found.tiers else money(then)
        return row.vendor.name, now, money(found.price), year, after, self._full(found)

    def _full(self, found: Slide) -> str:
        """How full the present size is, by what fills it more."""
        shares = [amount / limit for amount, limit in ((found.users, found.limit_users), (growth.data(self.view, 1, found.gb),
                                                                                        found.limit_gb))
                  if amount is not None and limit]
        return bar(max(shares), 1, BAR) if shares else "?" if not found.tiers else ""

    def detail(self) -> Content:
        row = self.row
        if not isinstance(row, SlideRow):
            return Content("")
        first, *rest = self._about(row.vendor) if row.vendor is not None else self._how(row)
        return Content("").join([Content.styled(flat(first), "bold"), *(Content(f"\n{flat(line)}") for line in rest if line)])

    def _how(self, row: SlideRow) -> Iterator[str]:
        scale = self.view.only(Scale)
        own = scale.users_at_once if row.wheel == "users" else scale.data_gb
        yield _(WHEELS[row.wheel or "users"]).format(n=growth.DATA_YEARS)
        yield _("Left and right change it. Enter opens the figure of the chapter Team: {own}.").format(
            own="?" if own is None else f"{own:g}")
        if row.wheel == "users":
            yield _("Nobody has written down how the number of users grows.") if scale.users_growth is None else _(
                "Once all have started, {growth:g} % more users come each year.").format(growth=scale.users_growth)

    def _about(self, vendor: Vendor) -> Iterator[str]:
        """What is known about the database of a vendor, and what is not."""
        found = self.slide(vendor.code)
        if found.year == 1:
            yield _("{vendor}: no size is large enough today.").format(vendor=vendor.name)
        elif found.year is not None:
            why = _("There will be more users than it takes.") if found.reason == database.USERS else _(
                "There will be more data than it takes.")
            yield _("{vendor}: too small from year {n} on.").format(vendor=vendor.name, n=found.year) + f" {why}"
        elif found.tiers:
            yield _("{vendor}: large enough for {n} years.").format(vendor=vendor.name, n=database.HORIZON)
        else:
            yield _("{vendor}: not known").format(vendor=vendor.name)
        if found.jump is not None or found.once is not None:
            once = _(", and {amount} once").format(amount=money(found.once)) if found.once else ""
            yield _("Then a year costs {jump} {currency} more{once}.").format(
                jump=money(found.jump), currency=currency(self.view), once=once)
        for tier in found.tiers:
            sign = "▸" if tier is found.now else " "
            yield f"{sign} {tier.code} {tier.title}: {self._limits(tier)}, {money(tier.price)}"
        yield from (_(database.MISSING[name]) for name in found.missing)

    def _limits(self, tier: DatabaseTier) -> str:
        users = _("any number of users") if tier.users is None else _("up to {n} users").format(n=tier.users)
        data = _("any amount of data") if tier.gb is None else _("up to {n:g} GB").format(n=tier.gb)
        return f"{users}, {data}"

    def keys(self) -> Sequence[tuple[str, str]]:
        wheel = _("users") if self.wheel == "users" else _("data")
        return (("← →", wheel), ("Enter", _("open")), *((key.key, _(key.label)) for key in self.KEYS)) if self.rows() else (
            ("Enter", _("add a vendor")),)

    def show(self) -> None:
        self.lines.empty = _("Here you see what growth costs with each vendor's database.\n\n"
                             "No vendor has been written down yet. Press Enter to add the first one.")
        super().show()
        if self.at:
            self.lines.go_to(self.at)
            self.at = ""

    def show_detail(self) -> None:
        row = self.row
        if isinstance(row, SlideRow) and row.wheel is not None and row.wheel != self.wheel:
            self.wheel = row.wheel
            self.lines.refresh_rows(list(WHEELS))
        super().show_detail()

    # ---- what can be done ----

    def on_key(self, event: events.Key) -> None:
        """Left and right: less or more."""
        if event.key in ("left", "right") and self.rows():
            event.stop()
            self.values[self.wheel] = stepped(self.value(self.wheel), 1 if event.key == "right" else -1)
            self.show()

    def action_own(self) -> None:
        """Back to the figures that are written down."""
        self.values = {"users": None, "gb": None}
        self.show()

    def action_add(self) -> None:
        """A new size of the vendor under the cursor."""
        row = self.row
        if isinstance(row, SlideRow) and row.vendor is not None:
            self._lead(Gap(kind=DatabaseTier, given=(("vendor", row.vendor.code),)))
        else:
            self.say(_("Go to a vendor first: the size is added there."))

    def _lead(self, gap: Gap) -> None:
        frame, here = self.frame, self.lines.key
        self.leave_for(lambda: open_gap(frame, gap, again=lambda: open_sheet(DatabaseSheet(frame, here))))

    def follow(self) -> None:
        row = self.row
        if self.over:
            return
        if not isinstance(row, SlideRow):
            self._lead(Gap(kind=Vendor))
        elif row.vendor is None:
            scale = self.view.only(Scale)
            field = "users_at_once" if row.wheel == "users" else "data_gb"
            self._lead(Gap(scale.code, field) if scale.number else Gap(kind=Scale, field=field))
        else:
            self._lead(self._tier(row.vendor.code))

    def _tier(self, vendor: str) -> Gap:
        """What to open of a vendor: a size without a price, the one needed now, or a new one."""
        found = self.slide(vendor)
        open_ = next((tier for tier in (found.now, found.then) if tier is not None and tier.price is None), None)
        if open_ is not None:
            return Gap(open_.code, "price")
        here = found.now or next(iter(found.tiers), None)
        return Gap(here.code) if here is not None else Gap(kind=DatabaseTier, given=(("vendor", vendor),))
