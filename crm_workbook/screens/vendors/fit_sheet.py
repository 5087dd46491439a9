"""The sheet of the marks: requirements down, vendors across, and one key for each cell.

Where the cursor is does not wait for anything, so however fast keys come, each lands in the cell it was meant for. A mark is
shown from the moment its key was pressed until the Book says what stands there.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import VerticalScroll
from textual.content import Content

from crm_workbook.analysis import fitting, scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.fitting import Cell
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.edits import Delete
from crm_workbook.records.requirements import PRIORITIES, Requirement
from crm_workbook.records.vendors import FIT_MARKS, CostLine, Fit, Vendor
from crm_workbook.screens.dialogs import DialogKey, DialogLines
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.fit_keys import ACROSS, ACTIONS, AWAY, CLEAR, KEYS, MARK_KEYS, SAID, UP_AND_DOWN
from crm_workbook.screens.vendors.fitting import WORDS, lacking, nothing
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import GAP, Column, share
from crm_workbook.widgets.lines import MARK, LineList
from crm_workbook.widgets.lines import Cell as Shown
from crm_workbook.widgets.plain import fit, flat

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

TITLE, LEAST, MOST = 18, 10, 16
"""Cells of a requirement's words at least, and of a vendor at least and at most."""


class FitLines(DialogLines):
    """The lines of the sheet. They never have the focus: every key comes to the sheet, one after the other."""

    can_focus = False

    async def _on_click(self, event: events.Click) -> None:
        assert isinstance(self._dialog, FitSheet)
        column = self._column_at(event.x)
        if column is not None:
            self._dialog.choose(column)


class FitSheet(Sheet):
    """Marks. `vendor` and `requirement`: the cell the cursor starts in; without a requirement, the first open one."""

    ABOUT = N_("For each requirement and vendor: does it work today? Ask the vendor to show it. A digit marks the "
               "cell between the arrows, and the cursor goes on to the next one. What works only with a paid extra "
               "opens a cost. A must that is not met is a gap.")
    AUTO_FOCUS = ""
    KEYS: ClassVar[tuple[DialogKey, ...]] = KEYS
    DETAIL = 6

    def __init__(self, frame: WorkbookScreen, vendor: str = "", requirement: str = "") -> None:
        super().__init__(frame)
        self.vendor, self._start = vendor, requirement
        self.first = 0  # of the vendors that can be seen
        self.rightwards = False
        self.news = ""  # what the last key did
        self.costing: Cell | None = None  # the paid extra that was marked just now
        self.given: dict[Cell, tuple[str, Fit | None]] = {}  # marks the Book does not have yet, and what it had before
        self.tokens: dict[Cell, str] = {}  # the records that are being made for them

    def make_lines(self) -> DialogLines:
        lines = FitLines(self, self.columns(), self.style_of)
        lines.header, lines.always_active = 1, True
        return lines

    def on_mount(self) -> None:
        if self.frame.session is not None:
            self.frame.session.warm()
        self.show()
        open_ = (row.code for row in self.rows() if not self.mark((row.code, self.vendor)))
        self.lines.go_to(self._start or next(open_, ""))

    # ---- what stands in it ----

    @property
    def vendors(self) -> Sequence[Vendor]:
        """All vendors, in the order of the columns."""
        return fitting.candidates(self.view)

    @property
    def at(self) -> int:
        """Which vendor the cursor is on."""
        return next((index for index, row in enumerate(self.vendors) if row.code == self.vendor), 0)

    @property
    def cell(self) -> Cell:
        """Where the cursor is."""
        return self.lines.key, self.vendor

    def mark(self, cell: Cell) -> str:
        """What stands in a cell; "" for nothing."""
        row = fitting.mark_of(self.view, cell)
        given = self.given.get(cell)
        if given is not None and given[1] is row:
            return given[0]
        return row.mark if row is not None else ""

    def window(self) -> Sequence[Vendor]:
        """The vendors that fit beside the requirements, the current one among them."""
        vendors, at = self.vendors, self.at
        count = max((self.app.size.width - 1 - MARK - self._left - TITLE) // (LEAST + GAP), 1)
        self.first = max(min(self.first, at, len(vendors) - count), at - count + 1, 0)
        return vendors[self.first:self.first + count]

    @property
    def _left(self) -> int:
        """Cells of code and priority, with their gaps."""
        return self._code + 6 + 2 * GAP

    @property
    def _code(self) -> int:
        return max((len(row.code) for row in self.rows()[-1:]), default=2) + 1

    def columns(self) -> Sequence[Column]:
        shown = self.window()
        room = self.app.size.width - 1 - MARK - self._left - 2 * TITLE
        width = max(LEAST, min(MOST, room // max(len(shown), 1) - GAP))
        more = self.first + len(shown) < len(self.vendors)

        def head(index: int, vendor: Vendor) -> str:
            name = f"▸{vendor.name}" if vendor.code == self.vendor else vendor.name
            name = f"‹ {name}" if index == 0 and self.first else name
            return f"{fit(flat(name), width - 2).rstrip()} ›" if more and index == len(shown) - 1 else name
        return (Column("", min=self._code), Column("", min=6), Column(_("Requirement"), min=TITLE, weight=1),
                *(Column(head(index, vendor), min=width) for index, vendor in enumerate(shown)))

    def rows(self) -> Sequence[Requirement]:
        return fitting.wanted(self.view) if self.vendors else ()

    def key(self, row: Requirement) -> str:
        return row.code

    def cells(self, row: Requirement) -> Sequence[Shown]:
        here = bool(self.lines.rows) and self.lines.rows[self.lines.index] is row
        return (row.code, _(PRIORITIES.get(row.priority, "?")), row.title,
                *(self._shown(row, vendor, here) for vendor in self.window()))

    def _shown(self, row: Requirement, vendor: Vendor, here: bool) -> Shown:
        mark = self.mark((row.code, vendor.code))
        word = _(WORDS[mark]) if mark else "?"
        if here and vendor.code == self.vendor:
            return f"▸{word}◂"
        gap = row.priority == "must" and mark and scoring.MARKS[mark] < scoring.MET
        return Content.styled(f" {word}", "bold $text-warning") if gap else f" {word}"

    def head(self) -> Content:
        shown, count = self.window(), len(self.rows())
        if not count or not shown:
            return Content(_("Fit"))
        said = [_("Fit"), ngettext("{n} accepted requirement", "{n} accepted requirements", count).format(n=count)]
        if len(shown) < len(self.vendors):
            said.append(_("vendors {first} to {last} of {all}").format(
                first=self.first + 1, last=self.first + len(shown), all=len(self.vendors)))
        fits = [scoring.fit(self.view, vendor.code) for vendor in shown]
        rows = ((_("fit, 0 to 1"), ["?" if found.value is None else f"{found.value:.2f}" for found in fits]),
                (_("musts not met"), [str(len(found.must_gaps)) for found in fits]),
                (_("without a mark"), [str(len(fitting.unmarked(self.view, vendor.code))) for vendor in shown]))
        return Content("\n").join([Content("   ".join(said)), *(Content(self._aligned(*row)) for row in rows)])

    def _aligned(self, title: str, figures: Sequence[str]) -> str:
        """A line of the heading with its figures above their columns."""
        places = share(self.lines.columns, self.app.size.width - 1 - MARK)
        left = MARK - 1 + sum(place.width + GAP for place in places[:3])
        return fit(title, left - GAP, "right") + " " * GAP + (" " * GAP).join(
            fit(f" {text}", place.width) for text, place in zip(figures, places[3:], strict=False))

    def detail(self) -> Content:
        row = self.row
        if row is None:
            return Content("")
        parts = [Content.styled(f"{self.news}\n", "bold")] if self.news else []
        parts.append(Content.styled(f"{row.code} {row.title}", "bold"))
        parts += [Content(f"\n{flat(text)}") for text in self._words(row)]
        return Content("").join(parts)

    def _words(self, row: Requirement) -> Iterator[str]:
        """What is known about the cell and its requirement."""
        cell, titles = self.cell, self.titles
        mark, noted = self.mark(cell), fitting.mark_of(self.view, cell)
        vendor = self.vendors[self.at]
        said = _("{vendor}: {mark}.").format(vendor=vendor.name, mark=_(FIT_MARKS[mark]) if mark else _("not marked yet"))
        yield f"{said} {noted.note}" if noted is not None and noted.note else said
        if mark == fitting.EXTRA:
            line = fitting.extras(self.view, vendor.code).get(row.code)
            yield _("Its cost: {line}.").format(line=titles.named(line.code)) if line is not None else _(
                "A paid extra opens a cost, and nobody has written it down yet. Press c.")
        department = self.view.get(row.department) if row.department else None
        goals = "; ".join(titles.named(code) for code in row.goals)
        yield " ".join(filter(None, (
            full_stop(titles.label(department)) if department is not None else "",
            full_stop(_("For {goals}").format(goals=goals)) if goals else "",
            "" if row.priority else _("It has no priority, so it does not count yet."))))
        if row.why:
            yield _("Why: {reason}").format(reason=row.why)

    def keys(self) -> Sequence[tuple[str, str]]:
        if not self.rows():
            return (("Enter", _("go there")),)
        labels = {"r": _("then down") if self.rightwards else _("then right")}
        return (*((key, _(SAID[mark])) for key, mark in MARK_KEYS.items()), ("0", _("clear")), ("Enter", _("note")),
                *((key.key, labels.get(key.key, _(key.label))) for key in self.KEYS))

    def show(self) -> None:
        vendors = self.vendors
        if vendors and not any(row.code == self.vendor for row in vendors):
            self.vendor = vendors[min(self.first, len(vendors) - 1)].code
        for cell, (_mark, before) in list(self.given.items()):
            now = fitting.mark_of(self.view, cell)
            if now is not before:
                del self.given[cell]
                if now is not None:
                    self.tokens.pop(cell, None)
        if not self.rows():
            self.lines.empty = nothing(self.view)
        super().show()

    def turned_down(self) -> None:
        self.given.clear()
        super().turned_down()

    # ---- the cursor ----

    def on_key(self, event: events.Key) -> None:
        """Every key of the sheet, in order; none waits for the app to look up what is bound to it."""
        if self.over:  # the keys after the one that led away are for the place it leads to
            self.app.post_message(events.Key(event.key, event.character))
        elif event.key == "enter":
            self.follow()
        elif event.key in AWAY:
            self.end(None)
        elif event.key == "tab":
            detail = self.query_one(VerticalScroll)
            detail.scroll_to(y=0 if detail.is_vertical_scroll_end else detail.scroll_offset.y + 2, animate=False)
        elif event.key in ACTIONS:
            getattr(self, f"action_{ACTIONS[event.key]}")()
        elif not (self.lines.rows and self.take(event.key)):
            return
        event.stop()
        event.prevent_default()  # of the classes above, too

    def take(self, key: str) -> bool:
        """Does what a key of the cells means; False: it is none of them."""
        if not (key in MARK_KEYS or key in CLEAR or key in ACROSS or key in UP_AND_DOWN):
            return False
        self.news, self.costing = "", None
        if key in UP_AND_DOWN:
            UP_AND_DOWN[key](self.lines)
            self.show_detail()
        elif key in ACROSS:
            self.go_across(ACROSS[key])
        elif key in CLEAR:
            self.put("")
            self.show_detail()
        else:
            cell, mark = self.cell, MARK_KEYS[key]
            self.put(mark)
            self.go_on()
            if mark == fitting.EXTRA and cell[0] not in fitting.extras(self.view, cell[1]):
                self.costing = cell
                self.news = _("{code} works with a paid extra: that opens a cost. Press c to write it down.").format(
                    code=cell[0])
            self.show_detail()
        return True

    def go_across(self, by: int) -> None:
        """To the vendor beside this one."""
        self._go_to_vendor(max(0, min(self.at + by, len(self.vendors) - 1)))

    def _go_to_vendor(self, index: int) -> None:
        if self.vendors[index].code != self.vendor:
            self.vendor = self.vendors[index].code
            self.show()

    def go_on(self) -> None:
        """To the next cell: down, and from the last requirement to the next vendor; or right, and from the last vendor to the
        next requirement. From the last cell of all it goes nowhere."""
        lines, at, last = self.lines, self.at, len(self.vendors) - 1
        if self.rightwards and at < last:
            self._go_to_vendor(at + 1)
        elif lines.index < len(lines.rows) - 1:
            lines.action_move(1)
            self._go_to_vendor(0 if self.rightwards else at)
        elif at < last and not self.rightwards:
            lines.action_first()
            self._go_to_vendor(at + 1)
            self.news = _("Now {vendor}.").format(vendor=self.vendors[at + 1].name)
        else:
            self.news = _("That was the last one.")

    def choose(self, column: int) -> None:
        """The vendor in a column, by a click."""
        if 3 <= column < 3 + len(self.window()):
            self._go_to_vendor(self.first + column - 3)

    @on(LineList.HeaderClicked)
    def _head_clicked(self, message: LineList.HeaderClicked) -> None:
        message.stop()
        self.choose(message.column)

    # ---- writing ----

    def put(self, mark: str) -> None:
        """Writes a mark into the cell under the cursor; "" clears it."""
        session, cell = self.frame.session, self.cell
        assert session is not None
        row, shown = fitting.mark_of(self.view, cell), self.mark(cell)
        if mark == shown:
            return
        requirement, vendor = cell
        gone = cell in self.given and not shown and not (row is not None and row.note)  # it is being deleted
        ref = self.tokens.get(cell) or (row.code if row is not None and not gone else "")
        if not mark and not (row is not None and row.note):
            others = [other.code for other in self.view.where(Fit, "requirement", requirement) if other.vendor == vendor]
            token = self.tokens.pop(cell, "")
            session.submit([Delete(code) for code in ([token] if token else others)])
        else:
            if not ref:
                ref = self.tokens[cell] = session.draft(Fit, vendor=vendor, requirement=requirement)
            session.typed(ref, "mark", mark, row.mark if row is not None and ref == row.code else "")
            session.settled(ref)
        self.given[cell] = mark, row
        self.lines.refresh_rows({requirement})

    def action_undo(self) -> None:
        """Takes the last mark back."""
        if self.frame.session is not None:
            self.news, self.costing = "", None
            self.frame.session.undo()

    def action_turn(self) -> None:
        """Where the cursor goes after a mark."""
        self.rightwards = not self.rightwards
        self.news = _("After a mark the cursor goes to the next vendor.") if self.rightwards else _(
            "After a mark the cursor goes to the next requirement.")
        self.show_detail()

    def action_next_open(self) -> None:
        """To the next cell without a mark: down this vendor, then the vendors after it, then from the first one."""
        rows, vendors = self.rows(), self.vendors
        if not rows:
            return
        here, count = self.at * len(rows) + self.lines.index, len(rows) * len(vendors)
        for step in range(1, count + 1):
            column, line = divmod((here + step) % count, len(rows))
            if not self.mark((rows[line].code, vendors[column].code)):
                self.lines.go_to(rows[line].code)
                self._go_to_vendor(column)
                self.news = ""
                break
        else:
            self.news = _("Everything is marked.")
        self.show_detail()

    # ---- ways out ----

    def _again(self, cell: Cell) -> None:
        open_sheet(FitSheet(self.frame, cell[1], cell[0]))

    def follow(self) -> None:
        if self.over:
            return
        gap, cell = lacking(self.view), self.cell
        if gap is not None:
            self.leave_for(lambda: open_gap(self.frame, gap))
            return
        row = fitting.mark_of(self.view, cell)
        if row is None and cell in self.tokens:
            self.news = _("The mark is just being written. Press Enter again.")
            self.show_detail()
            return
        to = Gap(row.code, "note") if row is not None else Gap(
            kind=Fit, given=(("vendor", cell[1]), ("requirement", cell[0])))
        self.leave_for(lambda: open_gap(self.frame, to, again=lambda: self._again(cell)))

    def action_cost(self) -> None:
        """To the cost line of a paid extra, or to a new one."""
        cell = self.costing or self.cell
        if not self.lines.rows or self.over:
            return
        if self.mark(cell) != fitting.EXTRA:
            self.news = _("Only a paid extra opens a cost. Mark it with 2 first.")
            self.show_detail()
            return
        line = fitting.extras(self.view, cell[1]).get(cell[0])
        wanted = self.view.find(Requirement, cell[0])
        given = (("vendor", cell[1]), ("bucket", fitting.ADDONS), ("title", wanted.title if wanted is not None else ""),
                 ("requirement", cell[0]))
        to = Gap(line.code, "likely") if line is not None else Gap(kind=CostLine, given=given)
        self.leave_for(lambda: open_gap(self.frame, to, again=lambda: self._again(cell)))
