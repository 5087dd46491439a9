"""The comparison on a whole screen: the table, how firmly the first place stands, and the ways on to what it rests on."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.comparison import compare
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.weights import weights
from crm_workbook.i18n import N_, _
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors import comparison_lines as parts
from crm_workbook.screens.vendors import tables
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.screens.vendors.standing_words import source
from crm_workbook.screens.vendors.tables import Line
from crm_workbook.screens.vendors.weightings import Kept, Weighted, question

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SURE = DialogKey("h", "sure", N_("how sure"), N_("shows how far each weight can move, and how often each vendor comes first"))
WEIGHTS = DialogKey("w", "weights", N_("weights"), N_("opens the weighing whose weights count"))
DECIDE = DialogKey("d", "decide", N_("decision"), N_("opens the decision"))


class ComparisonSheet(Weighted):
    """All vendors. `at`: the line to begin on."""

    ABOUT = N_("The vendors side by side. First come those that are not out and miss the fewest musts, then fit, "
               "then cost. The score counts the answers to the questions; the figure in brackets counts only what is "
               "proven. There is no grand total: it would hide what matters.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "explain", show=False)]
    KEYS = (SURE, WEIGHTS, DECIDE)
    MOVES = (("Enter", N_("open")), ("=", N_("explain")))
    HEADER = False
    DETAIL = 4

    def __init__(self, frame: WorkbookScreen, at: str = "", kept: Kept | None = None) -> None:
        super().__init__(frame, kept)
        self.at = at

    def on_mount(self) -> None:
        super().on_mount()
        rows = self.lines.rows
        if not (self.at and self.lines.go_to(self.at)) and len(rows) > 1:
            self.lines.go_to(rows[1].key)
        self.call_after_refresh(self.show)  # the width is known now

    # ---- what stands in it ----

    def head(self) -> Content:
        return Content(f"{_('Comparison')} · {source(weights(self.view))}")

    def rows(self) -> Sequence[Line]:
        shares = self.ask(question(self.view))
        return list(parts.lines_of(self.view, self.titles, self.width, shares))

    def detail(self) -> Content:
        row = tables.here(self.lines)
        return Content(parts.about(self.view, self.titles, row.name)) if row is not None else Content("")

    def keys(self) -> Sequence[tuple[str, str]]:
        return (*((key, _(label)) for key, label in self.MOVES), *((key.key, _(key.label)) for key in self.KEYS))

    # ---- where it leads ----

    def follow(self) -> None:
        row, frame = tables.here(self.lines), self.frame
        if row is None:
            return
        found = compare(self.view)
        if row.name == parts.LACKING:
            self.leave_for(lambda: lead(frame))
        elif found.of(row.name) is not None:
            self._stand(row.name)
        elif row.name == parts.PROOF and found.winner is not None:
            self._stand(found.winner)
        elif row.name == parts.UNASKED and found.unasked:
            vendor = found.unasked[0].vendor.code
            self.leave_for(lambda: ask(frame, vendor))
        elif row.name == parts.SEALED:
            self.action_weights()
        elif row.name in (parts.STABLE, parts.SHARE):
            self.action_sure()
        else:
            self.action_explain()

    def _stand(self, vendor: str) -> None:
        from crm_workbook.screens.vendors.standing_sheet import StandingSheet

        self._over(StandingSheet(self.frame, vendor))

    def _over(self, sheet: Sheet) -> None:
        """Shows another sheet over this one; when that leads somewhere else, this one goes too."""
        self.app.push_screen(sheet, lambda act: self.leave_for(act) if act is not None else None)

    def action_sure(self) -> None:
        """How firmly the first place stands."""
        from crm_workbook.screens.vendors.sensitivity_sheet import SensitivitySheet

        if question(self.view) is None:
            self.say(parts.lacking_words(self.titles, compare(self.view)))
            return
        self._over(SensitivitySheet(self.frame, self.kept))

    def action_weights(self) -> None:
        """The weighing whose weights count; the way to one when there is none."""
        from crm_workbook.screens.vendors.weighing import begin
        from crm_workbook.screens.vendors.weight_sheet import WeightSheet, current

        frame, code = self.frame, current(self.frame)
        if code:
            self._over(WeightSheet(frame, code))
        else:
            self.leave_for(lambda: begin(frame))

    def action_decide(self) -> None:
        """The decision."""
        from crm_workbook.screens.vendors.decision_sheet import show_decision

        frame = self.frame
        self.leave_for(lambda: show_decision(frame))

    def action_explain(self) -> None:
        """How the figures of the line are worked out."""
        from crm_workbook.screens.vendors import explanation

        row, found = tables.here(self.lines), compare(self.view)
        one = found.of(row.name) if row is not None else None
        one = one or found.of(found.winner or "")
        if row is not None and row.name == parts.SECOND:
            self.app.push_screen(explanation.Explanation(*explanation.explain_second(self.titles, found)))
        elif one is not None:
            self.app.push_screen(explanation.Explanation(*explanation.explain_standing(self.view, self.titles, found, one)))


def ask(frame: WorkbookScreen, vendor: str) -> None:
    """To the first open question to a vendor."""
    from crm_workbook.screens.vendors.question import open_question

    open_question(frame, vendor)


def lead(frame: WorkbookScreen) -> None:
    """To what has to be there before anything can be compared: a second vendor, or the questions."""
    from crm_workbook.screens.actions import register_page

    if frame.view is None:
        return
    if len(compare(frame.view).inside) < 2:
        open_gap(frame, Gap(kind=Vendor), _("It takes two vendors to compare. Write down the next one."))
        return
    found = compare(frame.view)
    if len(found.asked) == 1 and found.unasked:
        ask(frame, found.unasked[0].vendor.code)
        return
    page = register_page(frame)
    if page is not None:
        page.show_view("questions")
        frame.say(_("Ask the vendors these questions and note what they answer. Enter opens the first one."))
